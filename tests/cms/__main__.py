"""The real Sveltia and Decap CMS in a real browser: updates are written in their forms, and ``check`` says All well.

Sveltia works on a folder of the browser's own (its "local repository"), which is then written to disk; Decap through
its own server for a folder. Ten updates are also written by ``new`` in both forms, to compare the times it takes.
"""

import base64
import hashlib
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler
from pathlib import Path
from typing import Any

import jsonschema
from playwright.sync_api import Error, Page, sync_playwright

from feedsvc.content.form import EDITORS, Editor
from feedsvc.content.new_update import LEFTOVERS
from tests.conftest import BROWSERS
from tests.harness.http_server import run_server
from tests.harness.judges import find_program
from tests.harness.program import free_port

UPDATES = 10
SERVER = "decap-server@3.11.3"
# The browser has no dialog for folders without a screen; its own private folder has the same interface.
LOCAL = """
window.showDirectoryPicker = async () => {
  const root = await navigator.storage.getDirectory();
  await root.getDirectoryHandle(".git", { create: true });
  return root;
};
for (const name of ["requestPermission", "queryPermission"]) FileSystemHandle.prototype[name] = async () => "granted";
"""
WRITTEN = """async () => {
  const found = {};
  const walk = async (folder, path) => {
    for await (const [name, handle] of folder.entries()) {
      if (handle.kind === "directory") await walk(handle, `${path}${name}/`);
      else found[path + name] = [...new Uint8Array(await (await handle.getFile()).arrayBuffer())];
    }
  };
  await walk(await navigator.storage.getDirectory(), "");
  return found;
}"""


class Quiet(SimpleHTTPRequestHandler):
    """A folder over HTTP, without a word."""

    def log_message(self, *_: object) -> None:
        """Nobody reads it."""


def install(folder: Path, editor: Editor, *more: str) -> Path:
    """The editor as its page names it, from npm; its folder."""
    package = editor.script.partition("unpkg.com/")[2].partition("/dist/")[0]  # with its release
    command = ["npm", "install", "--silent", "--no-audit", "--no-fund", "--prefix", str(folder), package, *more]
    subprocess.run(command, check=True)
    there = folder / "node_modules" / package.rpartition("@")[0]
    script = (there / "dist" / editor.script.rpartition("/")[2]).read_bytes()
    assert f"sha384-{base64.b64encode(hashlib.sha384(script).digest()).decode()}" == editor.digest
    return there


@contextmanager
def browsing() -> Iterator[Page]:
    """A page of Chromium as large as Sveltia wants it, which draws only the fields that are in view."""
    program = find_program(*BROWSERS, package="chromium")
    rights = ["--no-sandbox"] if os.geteuid() == 0 else []
    with sync_playwright() as playwright, playwright.chromium.launch(executable_path=program, args=rights) as browser:
        page = browser.new_page(viewport={"width": 1200, "height": 4000})
        page.set_default_timeout(60_000)
        yield page


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """The folder at an address of this machine."""
    with run_server(partial(Quiet, directory=str(folder))) as port:
        yield f"http://localhost:{port}"


def feedsvc(folder: Path, *arguments: str) -> str:
    """What a command says that goes well."""
    given = {name: value for name, value in os.environ.items() if not name.startswith("FEEDSVC_")}
    command = [sys.executable, "-m", "feedsvc", *arguments]
    done = subprocess.run(command, cwd=folder, env=given, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def write(page: Page, number: int, picture: bytes) -> None:
    """One update as an officer writes it: what is needed, a picture, and a text of two paragraphs."""

    def field(path: str) -> Any:
        return page.locator(f'section[data-key-path="{path}"]').first

    page.get_by_role("button", name="New", exact=False).first.click()
    field("body").locator("[contenteditable=true]").first.wait_for()  # the last thing that is loaded
    field("published").locator("input").first.fill(f"2026-03-01T09:{number:02}")
    field("categories").get_by_text("Safety").click()
    field("summary").locator("textarea").fill("From Monday, masks are required on all wards.")
    text = field("body").locator("[contenteditable=true]").first
    text.click()
    page.keyboard.type("Wear a mask on every ward.")
    page.keyboard.press("Enter")
    page.keyboard.type("Tell a steward if there is none.")
    field("image").get_by_role("checkbox").click()
    field("image.src").get_by_role("button", name="Browse").wait_for()
    field("image.src").locator("input[type=file]").first.set_input_files(
        {"name": f"masks {number}.png", "mimeType": "image/png", "buffer": picture}
    )
    field("image.alt").locator("textarea").fill("A nurse puts on a mask")
    field("image.src").get_by_role("button", name="Replace").first.wait_for()
    title = field("title").locator("input").first
    while title.input_value() != f"Masks: are back, number {number}":  # the form forgets what comes before it is ready
        title.fill(f"Masks: are back, number {number}")
        page.wait_for_timeout(200)
    page.get_by_role("button", name="Save").first.click()
    page.get_by_role("button", name="New", exact=False).first.wait_for()


def fill_forms(address: str, picture: bytes, shots: Path) -> dict[str, bytes]:
    """The files that the editor wrote, by their paths."""
    with browsing() as page:
        page.add_init_script(LOCAL)
        page.goto(f"{address}/admin/")
        page.get_by_role("button", name="Work with Local Repository").click()
        page.get_by_role("button", name="New", exact=False).first.wait_for()
        began = time.monotonic()
        try:
            for number in range(1, UPDATES + 1):
                write(page, number, picture)
        except Error:
            page.screenshot(path=shots / "failure.png")
            print(f"what it looked like: {shots / 'failure.png'}")
            raise
        print(f"{UPDATES} updates with a picture through the form: {time.monotonic() - began:.1f} s")
        page.set_viewport_size({"width": 390, "height": 844})
        page.goto(f"{address}/admin/#/collections/updates/new")
        page.wait_for_timeout(1000)
        page.screenshot(path=shots / "phone.png")
        found: dict[str, list[int]] = page.evaluate(WRITTEN)
    return {name: bytes(octets) for name, octets in found.items()}


def by_sveltia(folder: Path, site: Path, shots: Path) -> None:
    """Ten updates with a picture, by a configuration that its own schema takes."""
    editor = install(folder, EDITORS["sveltia"])
    (site / "editor.js").symlink_to(editor / "dist" / "sveltia-cms.js")
    feedsvc(site, "cms", "admin", "--repository", "local/updates", "--script", "/editor.js")
    config = json.loads((site / "admin" / "config.yml").read_text())
    jsonschema.validate(config, json.loads((editor / "schema" / "sveltia-cms.json").read_text()))
    print("the configuration is one by Sveltia's schema")
    with served(site) as address:
        written = fill_forms(address, (site / "content" / "files" / "icon.png").read_bytes(), shots)
    for name, octets in written.items():
        (site / name).write_bytes(octets)
    updates = sorted(name for name in written if name.endswith(".md"))
    assert len(updates) == UPDATES, updates
    print(written[updates[0]].decode())
    print(feedsvc(site, "check", "--strict"))


def by_decap(folder: Path, site: Path, shots: Path) -> None:
    """An update with a picture and one without."""
    (site / "decap").symlink_to(install(folder, EDITORS["decap"], SERVER) / "dist")
    feedsvc(site, "cms", "write", "--repository=local/updates", "--editor=decap", "--script=/decap/decap-cms.js")
    port, settled = free_port(), site / "write" / "config.yml"
    local = {"local_backend": {"url": f"http://localhost:{port}/api/v1"}}
    settled.write_text(json.dumps(json.loads(settled.read_text()) | local))
    given = os.environ | {"PORT": str(port), "BIND_HOST": "127.0.0.1", "GIT_REPO_DIRECTORY": str(site), "MODE": "fs"}
    command = [str(folder / "node_modules" / ".bin" / "decap-server")]
    with subprocess.Popen(command, cwd=folder, env=given, stdout=subprocess.DEVNULL) as server:
        try:
            for picture in (None, (site / "content" / "files" / "icon.png").read_bytes()):
                with served(site) as address, browsing() as page:  # a new one, which remembers nothing of the other
                    page.goto(f"{address}/write/")
                    page.get_by_role("button", name="Login").click()
                    page.wait_for_url("**/collections/**")
                    page.goto(f"{address}/write/#/collections/updates/new")
                    write_in_decap(page, picture)
                    page.screenshot(path=shots / "decap.png")
        finally:
            server.terminate()
    written = sorted((site / "content" / "updates").glob("*-in-decap*.md"))
    assert ["image:" in path.read_text() for path in written] == [False, True], written
    print(written[1].read_text())
    print(feedsvc(site, "check", "--strict"))


def write_in_decap(page: Page, picture: bytes | None) -> None:
    """One update as an officer writes it in that form."""

    def field(name: str) -> Any:
        return page.locator(f"[id^='{name}-field']").first

    field("title").fill(f"In Decap: {'with a picture' if picture else 'plain'}")
    field("published").fill(f"2026-03-02T09:{10 if picture else 11}")
    field("categories").fill("Safety")
    page.keyboard.press("Enter")
    field("summary").fill("From Monday, masks are required on all wards.")
    page.locator("[data-slate-editor]").first.click()
    page.keyboard.type("Wear a mask on every ward.")
    if picture:
        page.get_by_role("button", name="Choose an image").first.click()
        files = page.locator("input[type=file]").first
        files.set_input_files({"name": "in decap.png", "mimeType": "image/png", "buffer": picture})
        page.get_by_role("button", name="Choose selected").click()
        field("alt").fill("A nurse puts on a mask")
    page.get_by_role("button", name="Publish").first.click()
    page.get_by_text("Publish now", exact=True).click()
    page.wait_for_url("**/entries/**")


def write_file(site: Path, title: str, option: tuple[str, ...]) -> None:
    """One update as an officer writes it in the file that a command made: own words, and no draft any more."""
    path = site / feedsvc(site, "new", title, "--category=safety", *option).removeprefix("Wrote ").partition(". ")[0]
    text = path.read_text(encoding="utf-8").replace("draft: true\n", "")
    text = text.replace(LEFTOVERS["summary"], "From Monday, masks are required.")
    path.write_text(text.replace(LEFTOVERS["body"], "Wear a mask on every ward."), encoding="utf-8")


def main() -> None:
    """Everything, in a folder that is thrown away but for the screenshot."""
    shots = Path(tempfile.mkdtemp(prefix="feedsvc-cms-"))
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        answers = ["--name=Local 7", "--language=en", "--time-zone=UTC", "--address=https://a.example"]
        feedsvc(folder, "init", "site", *answers, "--contact=https://a.example/c")
        site = folder / "site"
        by_sveltia(folder, site, shots)
        by_decap(folder, site, shots)
        for option in ((), ("--markdown",)):
            began = time.monotonic()
            for number in range(UPDATES):
                write_file(site, f"Update {number} {' '.join(option)}", option)
            print(f"{UPDATES} files by feedsvc new {' '.join(option)}, filled in: {time.monotonic() - began:.1f} s")
        print(feedsvc(site, "check"))
    print(f"The form at the size of a telephone: {shots / 'phone.png'}")


if __name__ == "__main__":
    main()
