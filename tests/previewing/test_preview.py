"""A preview shows everything, to one person, and leaves nothing behind."""

import json
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from lxml import html
from playwright.sync_api import Browser, expect

from feedsvc.cli.once import publish_once
from feedsvc.publishing.once import check_all
from feedsvc.settings import Settings, now
from tests.harness.folder import write_folder, write_update
from tests.harness.program import Program, free_port

ID = "tag:news.example.org,2026:entry/2026-02-01-update"
PAST = f"2026-02-01T16:01:00Z {ID}-1 former\n2026-02-01T16:02:00Z {ID}-2 update-2\n2026-01-01T00:00:00Z {ID}-9 nine\n"
EVENT = "deadline: 2199-03-09\nevent:\n  start: 2199-03-04 18:00\n  place: Union hall\n"
WRITTEN = {
    1: {},
    2: {"title": "Secret draft", "draft": "true", "body": "word " * 70, "summary": "short"},
    3: {"title": "Secret plan", "published": "2199-03-01 09:00", "updated": "2199-03-02"},
    4: {"title": "Old news", "expires": "2026-02-02", "body": "See you on Friday, February 2."},
    5: {"title": "COVID: broken"},
    6: {},
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("preview")


@pytest.fixture(scope="module")
def preview(folder: Path) -> Iterator[Program]:
    root, port = write_folder(folder / "content"), free_port()
    for number, fields in WRITTEN.items():
        write_update(root, number, **fields, more=EVENT if number == 3 else "")
    (root / "updates" / "note.txt").write_text("Masks")
    (root / "ledger.txt").write_text(PAST)
    (folder / "tmp").mkdir()
    environment = {
        "FEEDSVC_CONTENT": str(root),
        "FEEDSVC_PUBLICATION": str(folder / "publication.db"),
        "FEEDSVC_BASE_URL": "https://public.example/",
        "PYTHONUNBUFFERED": "1",
        "TMPDIR": str(folder / "tmp"),
    }
    command = [sys.executable, "-m", "feedsvc", "preview", "--port", str(port)]
    with Program(command, folder / "log", ("127.0.0.1", port), environment, is_measured=True) as program:
        program.wait_for_log(f"Preview at http://127.0.0.1:{port}/_preview/")
        yield program
    assert list((folder / "tmp").iterdir()) == []
    assert not (folder / "publication.db").exists()
    assert {path.name for path in root.iterdir()} == {"site.yaml", "updates", "files", "ledger.txt"}


def proof(preview: Program, number: int) -> str:
    return preview.get(f"/_preview/2026-02-01-update-{number}.yaml/")[2].decode()


def test_every_update_stands_there_with_how_it_stands_and_what_is_said_of_it(preview: Program) -> None:
    status, fields, body = preview.get("/_preview/")
    page = body.decode()
    assert status == 200
    assert fields["Cache-Control"] == "no-store"
    for state in ("draft", "waiting", "expired", "held back"):
        assert f'<span class="state">{state}</span>' in page
    broken, draft, waiting = (page.index(text) for text in ("a colon in text without", "Secret draft", "Secret plan"))
    assert broken < draft < waiting < page.index("Update number 1")
    assert '<pre class="note">content/updates/2026-02-01-update-4.yaml' in page
    assert "content/updates/note.txt:1:1: note: the file is passed over" in page


def test_what_check_says_stands_there_and_nothing_else(preview: Program, folder: Path) -> None:
    """Also what only files together say, such as what the ledger knows; each once."""
    settings = Settings(content=folder / "content", publication=folder / "publication.db")
    content = check_all(settings, now(), publish_once)
    said = [*content.problems, *content.notes]
    assert {"ledger.txt", "2026-02-01-update-1.yaml", "2026-02-01-update-2.yaml"} <= {
        Path(one.file).name for one in said
    }

    def is_shown() -> bool:
        page: html.HtmlElement = html.document_fromstring(preview.get("/_preview/")[2].decode())
        return sorted(text.text_content() for text in page.xpath("//pre")) == sorted(one.shown() for one in said)

    preview.wait_until("what check says", is_shown)


def test_the_site_shows_what_is_not_out_and_says_so(preview: Program) -> None:
    items = {item["title"]: item for item in json.loads(preview.get("/feed.json")[2])["items"]}
    assert "[DRAFT] Secret draft" in items
    assert "[WAITS UNTIL 2199-03-01 09:00] Secret plan" in items
    assert items["Update number 1"]["url"].startswith(f"http://127.0.0.1:{preview.port}/updates/")
    assert "Old news" not in items
    assert "Old news" in preview.get("/updates/update-4/")[2].decode()


@pytest.mark.parametrize(
    "fields",
    [
        {"Host": "evil.example"},
        {"Host": "localhost:{port}"},
        {"Host": ""},
        {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "no-cors", "Sec-Fetch-Dest": "script"},
        {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "iframe"},
        {"Sec-Fetch-Site": "same-site", "Sec-Fetch-Mode": "cors", "Sec-Fetch-Dest": "empty"},
    ],
)
def test_nobody_else_is_answered(preview: Program, fields: dict[str, str]) -> None:
    given = {name: value.replace("{port}", str(preview.port)) for name, value in fields.items()}
    for path in ("/_preview/", "/feed.json", "/_preview/now"):
        status, said, body = preview.get(path, **given)
        assert status == 403
        assert b"Secret" not in body
        assert "Access-Control-Allow-Origin" not in said


def test_no_script_of_another_site_may_read_an_answer(preview: Program) -> None:
    fields = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document"}
    assert preview.get("/_preview/", **fields)[0] == 200  # a link that the officer follows
    _, said, _ = preview.get("/feed.json", Origin="https://evil.example")
    assert not any(name.lower().startswith("access-control") for name in said)
    assert said["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "frame-ancestors 'self'" in said["Content-Security-Policy"]


def test_the_proof_says_what_members_will_see(preview: Program) -> None:
    page = proof(preview, 3)
    assert "[WAITS" not in page.partition("On a telephone")[0]
    for heading in ("A line in a feed reader", "WordPress&#39;s block", "In mail", "The card where its link is shared"):
        assert heading.replace("&#39;", "'") in page
    assert 'src="/updates/update-3/"' in page
    assert "The text of update 3." in page
    assert "event Union hall" in page
    assert "Mon 2199-03-04 18:00" in page
    assert "deadline" in page
    assert (
        preview.get(page.partition('class="card" src="')[2].partition('"')[0].partition(str(preview.port))[2])[0] == 200
    )


def test_of_a_broken_file_there_is_only_what_is_wrong_and_of_none_nothing(preview: Program) -> None:
    page = proof(preview, 5)
    assert "a colon in text without quotes begins a new field" in page
    assert "On a telephone" not in page
    assert preview.get("/_preview/nothing.yaml/")[0] == 404


def test_a_page_reloads_by_itself_when_a_file_is_saved_and_when_it_is_broken(
    preview: Program, folder: Path, browser: Browser
) -> None:
    page = browser.new_page(viewport={"width": 390, "height": 844})
    failures: list[str] = []
    page.on("pageerror", lambda error: failures.append(str(error)))
    page.goto(f"http://127.0.0.1:{preview.port}/_preview/2026-02-01-update-6.yaml/")
    expect(page.locator("h1")).to_have_text("Update number 6")
    phone = page.frame_locator("iframe >> nth=0")
    expect(phone.locator("h1")).to_have_text("Update number 6")
    expect(phone.get_by_text("Preview.")).to_have_count(0)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    write_update(folder / "content", 6, title="Written just now")
    expect(page.locator("h1")).to_have_text("Written just now")
    site = folder / "content" / "site.yaml"
    before = site.read_text()
    site.write_text(f"{before}colour: red\n")
    write_update(folder / "content", 6, title="[COVID] update")
    expect(page.locator("pre").first).to_contain_text("[ begins a list in YAML")
    page.goto(f"http://127.0.0.1:{preview.port}/_preview/")
    expect(page.locator("pre").get_by_text("unknown field 'colour'")).to_be_visible()
    assert failures == []
    site.write_text(before)  # for other tests
