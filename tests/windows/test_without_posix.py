"""Where Python lacks what POSIX has, as on Windows, everything that an author does works; the rest says so in a line.

``poe windows`` runs the tests of content, commands and export in the same way.
"""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.harness.folder import write_folder, write_update
from tests.harness.program import ROOT, Program, free_port

POOR = str(ROOT / "tests" / "windows" / "poor")


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Of a Python like that, before a console of Western Windows, with a small site."""
    folder = tmp_path_factory.mktemp("windows")
    write_folder(folder / "content", 2)
    return {
        "FEEDSVC_CONTENT": str(folder / "content"),
        "FEEDSVC_PUBLICATION": str(folder / "publication.db"),
        "PYTHONPATH": os.pathsep.join((POOR, str(ROOT))),
        "PYTHONIOENCODING": "cp1252",
        "PYTHONUNBUFFERED": "1",
    }


def run(environment: dict[str, str], *command: str) -> "subprocess.CompletedProcess[bytes]":
    given = {name: value for name, value in os.environ.items() if not name.startswith("FEEDSVC_")}
    return subprocess.run(
        [sys.executable, *command], env=given | environment, capture_output=True, check=False, cwd=ROOT
    )


def test_an_author_writes_checks_and_exports(environment: dict[str, str], tmp_path: Path) -> None:
    content = Path(environment["FEEDSVC_CONTENT"])
    assert run(environment, "-m", "feedsvc", "new", "你好 → Masks", "--slug", "masks").returncode == 0
    windows = content / "updates" / "2026-02-01-windows.md"
    text = "\ufeff---\ntitle: Hello\npublished: 2026-02-01\ncategories: [pay]\nsummary: A\n---\n\nB\n"
    windows.write_bytes(text.replace("\n", "\r\n").encode())
    picture = content / "files" / "photo.jpg"
    picture.write_bytes((ROOT / "tests" / "pictures" / "heic" / "turn1.heic").read_bytes())
    write_update(content, 2, more="image:\n  src: photo.jpg\n  alt: A turn\n")
    write_update(content, 3, title="你好: broken")
    checked = run(environment, "-m", "feedsvc", "check", "--record")
    assert checked.returncode == 1
    assert b'write title: "\\u4f60\\u597d: broken"' in checked.stderr
    assert b"Traceback" not in checked.stderr
    exported = run(environment, "-m", "feedsvc", "export", str(tmp_path / "public"))
    assert exported.returncode == 0, exported.stderr
    assert (tmp_path / "public" / "updates" / "windows" / "index.html").is_file()
    assert list((tmp_path / "public" / "pictures").glob("photo-*.jpg"))
    assert "deleted" not in (content / "ledger.txt").read_text()


@pytest.mark.parametrize(("command", "path"), [("preview", "/_preview/"), ("serve", "/rss.xml")])
def test_an_author_looks_at_the_site(environment: dict[str, str], command: str, path: str, tmp_path: Path) -> None:
    port = free_port()
    started = [sys.executable, "-m", "feedsvc", command, "--port", str(port)]
    with Program(started, tmp_path / "log", ("127.0.0.1", port), environment) as program:
        program.wait_for_log("(stop with Ctrl+C)")
        program.wait_until_served("Update number 1", path)
        program.process.send_signal(signal.SIGINT)
        program.process.wait(60)
        assert "Traceback" not in program.log


@pytest.mark.parametrize(
    ("program", "words"),
    [
        (("-m", "feedsvc.server"), b"this system is not POSIX, which gunicorn needs; run: feedsvc serve, or export"),
        (
            ("-c", "from feedsvc.wsgi import app; app.test_client().get('/')"),
            b"nobody can keep a publishing process, so no saved file appears: this system is not POSIX",
        ),
    ],
)
def test_what_needs_posix_says_so_in_a_line(
    environment: dict[str, str], program: tuple[str, ...], words: bytes
) -> None:
    done = run(environment, *program)
    assert words in done.stdout + done.stderr
    assert b"Traceback" not in done.stderr
