"""What the README says is so: its commands, its example, its tables."""

import re
import shlex
import shutil
import subprocess
import textwrap
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree as ET

import feedparser
import pytest
import yaml
from click import Command, Context
from click.testing import CliRunner

from feedsvc import Settings, cli, create_app, load_content, urls
from feedsvc.content.schema import entry_schema
from feedsvc.content.site_schema import site_schema
from feedsvc.formats import FORMATS
from feedsvc.kinds import KINDS
from feedsvc.publication.condition import IN_TIME
from feedsvc.publication.reader import Reader
from feedsvc.publication.status import CAUSES
from feedsvc.settings import NAMES
from feedsvc.web.app import FeedApp
from feedsvc.wording import WORDINGS
from tests.harness.folder import SHIPPED, publish_folder, write_folder
from tests.harness.program import ROOT
from tests.harness.service import DOORS

README = (ROOT / "README.md").read_text()
SET_UP = "python3 -m venv .venv && .venv/bin/pip install --quiet"
BLOCKS = re.findall(r"^```(\w+)\n(.*?)^```$", README, re.DOTALL | re.MULTILINE)
COMMANDS = [body.rstrip("\n") for kind, body in BLOCKS if kind == "sh"]
UPDATE, DATES, CATEGORY = [body for kind, body in BLOCKS if kind == "yaml"]
OPTIONS = sorted(set(re.findall(r"feedsvc (\w+) (--[a-z-]+)", README)))
UPDATE_NAME = "2026-03-01-masks-are-back.yaml"
MEDIA_TYPES = {
    "rss.xml": "application/rss+xml; charset=utf-8",
    "atom.xml": "application/atom+xml; charset=utf-8",
    "feed.json": "application/feed+json; charset=utf-8",
    "/1.json": "application/json",
    ".opml": "text/x-opml; charset=utf-8",
    ".ics": "text/calendar; charset=utf-8",
    ".pdf": "application/pdf",
    "/robots.txt": "text/plain; charset=utf-8",
    "/sitemap.xml": "application/xml",
    ".webmanifest": "application/manifest+json",
    "/": "text/html; charset=utf-8",
}


def table(*head: str) -> list[list[str]]:
    """The rows of the table with that head, as lists of cells."""
    start = README.index(f"| {' | '.join(head)} |\n")
    rows = README[start:].partition("\n\n")[0].splitlines()[2:]
    return [re.split(r"(?<!\\) \| ", row.removeprefix("| ").removesuffix(" |")) for row in rows]


def named(cell: str) -> str:
    """The name that a cell holds in backticks."""
    return cell.strip("`")


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> FeedApp:
    """The service with the content that ships."""
    publication = tmp_path_factory.mktemp("readme") / "publication.db"
    publish_folder(SHIPPED, publication)
    return create_app(Settings(content=SHIPPED, publication=publication, metrics=True))


@pytest.fixture
def content(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A content folder that the command line works on."""
    content = write_folder(tmp_path / "content")
    monkeypatch.setenv("FEEDSVC_CONTENT", str(content))
    monkeypatch.setenv("FEEDSVC_PUBLICATION", str(tmp_path / "publication.db"))
    return content


def find_command(name: str) -> Command:
    found = cli.main.get_command(Context(cli.main), name)
    assert found is not None
    return found


def run(*arguments: str) -> str:
    """What the command line says, if all is well with it."""
    done = CliRunner().invoke(cli.main, arguments, catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return done.output


def test_it_opens_with_two_commands_and_no_other_set_up() -> None:
    assert COMMANDS[:2] == [
        f"{SET_UP} . && .venv/bin/feedsvc serve",
        f"{SET_UP} --editable '.[dev]' && .venv/bin/poe check",
    ]
    assert README.index("## ") > README.index(COMMANDS[1])


def test_ci_runs_the_second_command_as_it_stands() -> None:
    script = (ROOT / ".ci" / "run").read_text().splitlines()
    assert script[0] == "#!/bin/bash"
    assert "set -eo pipefail" in script
    assert "export CI=true" in script
    assert script[-1] == COMMANDS[1]
    assert (ROOT / ".ci" / "run").stat().st_mode & 0o111


def test_the_address_to_look_at_is_the_one_that_serve_listens_on() -> None:
    host, port = (
        next(option for option in find_command("serve").params if option.name == name) for name in ("host", "port")
    )
    assert f"<http://{host.default}:{port.default}/>" in README


def test_every_field_is_in_the_table() -> None:
    schema = entry_schema()
    rows = table("field", "needed", "what it holds")
    assert {named(name): needed == "yes" for name, needed, _ in rows} == {
        name: name in schema["required"] for name in schema["properties"]
    }
    explained = {named(name): text for name, _, text in rows}
    for field, record in (("image", "ImageRecord"), ("attachments", "AttachmentRecord"), ("event", "EventRecord")):
        assert all(f"`{part}`" in explained[field] for part in schema["$defs"][record]["properties"])


def test_the_table_explains_fields_as_editors_do() -> None:
    """What is plain text in the schema stands in the table word for word, but for the backticks."""
    described = {name: field["description"] for name, field in entry_schema()["properties"].items()}
    names = (
        "title published summary id slug aliases expires deadline replaces withdrawn reason urgent_until author lang"
    )
    for name in names.split():
        text = next(row[2] for row in table("field", "needed", "what it holds") if named(row[0]) == name)
        assert text.replace("`", "") == described[name]


def test_every_language_with_words_is_named() -> None:
    section = README.partition("### Languages\n")[2].partition("\n### ")[0]
    note = (SHIPPED / "site.yaml").read_text().partition("\nlanguage:")[0].rpartition("\n\n")[2]
    for code, words in WORDINGS.items():
        assert f"{words.name} (`{code}`" in " ".join(section.split())
        assert re.search(rf"{words.name}\s*\({code}\b", note.replace("\n#", ""))


def test_every_line_of_the_shipped_site_is_a_field_and_the_other_way_round() -> None:
    text = (SHIPPED / "site.yaml").read_text()
    noted = set(re.findall(r"^# (\w+):$", text, re.MULTILINE))  # what a site of its size has no need of
    assert yaml.safe_load(text).keys() | noted == site_schema()["properties"].keys()


def test_the_example_loads(content: Path) -> None:
    assert f"content/updates/{UPDATE_NAME}" in README
    (content / "updates" / UPDATE_NAME).write_text(UPDATE)
    loaded = load_content(content, Settings())
    assert loaded.problems == ()
    (entry,) = (found.entry for found in loaded.entries.values())
    assert entry.title == "COVID: masks are back on all wards"
    assert "<strong>Wear a mask on every ward from Monday, March 2.</strong>" in entry.content_html


def test_the_same_update_loads_as_markdown(content: Path) -> None:
    (text,) = [body for kind, body in BLOCKS if kind == "markdown"]
    (content / "updates" / UPDATE_NAME.replace(".yaml", ".md")).write_text(text)
    (entry,) = (found.entry for found in load_content(content, Settings()).entries.values())
    assert f'title: "{entry.title}"' in UPDATE
    assert "<strong>Wear a mask on every ward from Monday, March 2.</strong>" in entry.content_html


def test_the_dates_load(content: Path) -> None:
    (content / "updates" / UPDATE_NAME).write_text(f"{UPDATE}{DATES}")
    assert "All well" in run("check")


def test_the_mistake_is_told_as_shown(content: Path) -> None:
    message = next(body for kind, body in BLOCKS if kind == "text").rstrip("\n")
    mistaken = re.sub(r'^title: "(.*)"$', r"title: \1", UPDATE, flags=re.MULTILINE)
    (content / "updates" / UPDATE_NAME).write_text(mistaken)
    (problem,) = load_content(content, Settings()).problems
    assert str(problem).splitlines()[0] == message


def test_new_and_check_work_as_shown(content: Path) -> None:
    new, check = COMMANDS[3:5]
    assert new == '.venv/bin/feedsvc new "Masks are back on all wards" --category covid'
    assert "Wrote " in run("new", "Masks are back on all wards", "--category", "covid")
    (path,) = (content / "updates").iterdir()
    assert path.read_text().startswith(UPDATE.partition("\n")[0])
    assert check == ".venv/bin/feedsvc check"
    assert "All well: 0 updates live, 0 scheduled, 1 drafts." in run("check")


def test_a_correction_and_a_withdrawal_are_written_as_shown(content: Path) -> None:
    path = content / "updates" / UPDATE_NAME
    path.write_text(UPDATE)
    run("check", "--record")
    for command in COMMANDS[6].splitlines():
        program, *arguments = shlex.split(command)
        assert program == ".venv/bin/feedsvc"
        assert "Wrote into content/updates/2026-03-01-masks-are-back.yaml." in run(*arguments)
    (loaded,) = load_content(content, Settings()).entries.values()
    assert [change.note for change in loaded.entry.changes] == ["The masks are at the side entrance."]
    assert loaded.entry.title == "Withdrawn: COVID: masks are back on all wards"
    again = CliRunner().invoke(cli.main, ("withdraw", "masks-are-back", "Again."))
    assert (again.exit_code, "Nothing was written" in again.output) == (1, True)
    (content / "site.yaml").write_text("title: [")
    assert CliRunner().invoke(cli.main, ("correct", "masks-are-back", "No site.")).exit_code == 1


def test_an_update_that_is_to_be_gone_gets_the_word(content: Path) -> None:
    path = content / "updates" / UPDATE_NAME
    path.write_text(UPDATE)
    assert run("check", "--record").startswith("Recorded 1 updates in content/ledger.txt.")
    path.unlink()
    assert CliRunner().invoke(cli.main, ("check",)).exit_code == 1
    ledger = content / "ledger.txt"
    ledger.write_text(ledger.read_text().replace("\n", " deleted\n"))
    assert "`deleted`" in README
    assert run("check").startswith("All well: 0 updates live")


def test_git_merges_the_shipped_ledger_by_keeping_the_lines_of_both() -> None:
    command = ["git", "check-attr", "merge", "content/ledger.txt"]
    done = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True)
    assert done.stdout == "content/ledger.txt: merge: union\n"


def test_the_shipped_ledger_holds_the_shipped_updates(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    content = tmp_path / "content"
    shutil.copytree(SHIPPED, content)
    monkeypatch.setenv("FEEDSVC_CONTENT", str(content))
    before = (content / "ledger.txt").read_bytes()
    assert run("check", "--record").startswith("Recorded 0 updates")
    assert (content / "ledger.txt").read_bytes() == before
    assert len(before.splitlines()) == len(list((content / "updates").iterdir()))


def test_a_category_is_one_more_item(content: Path, tmp_path: Path) -> None:
    with (content / "site.yaml").open("a") as site:
        site.write(CATEGORY)
    run("publish")
    client = create_app(Settings(content=content, publication=tmp_path / "publication.db")).test_client()
    for fmt in FORMATS:
        answer = client.get(f"/safety/{fmt.file_name}")
        assert answer.status_code == 200
        assert "About this feed: Safety" in answer.text
    assert 'href="/safety/"' in client.get("/").text
    assert "/safety/rss.xml" in client.get("/feeds.opml").text


def test_every_address_answers(app: FeedApp) -> None:
    for cell, _ in table("address", "what it is"):
        path = named(cell)
        answer = app.test_client().get(path)
        assert answer.status_code == 200, path
        assert answer.content_type == next(kind for end, kind in MEDIA_TYPES.items() if path.endswith(end))
        assert "Set-Cookie" not in answer.headers


def test_every_address_for_other_sites_answers_and_every_kind_of_it_is_there(app: FeedApp) -> None:
    found = Reader(app.settings.publication)
    kinds = {document.path: document.kind.name for document in found.every()}
    found.close()
    listed = [named(cell) for cell, _ in table("address for other sites", "what it is")]
    assert {kinds[path] for path in listed} == {"builder", "embed", "script", "oembed"}
    for path in listed:
        assert app.test_client().get(path).status_code == 200


def test_the_worker_that_may_take_the_place_of_ours_is_the_one_that_all_tests_of_http_run_over() -> None:
    assert re.findall(r"`-k (\w+)`", README) == [DOORS["wsgi"]]


def test_every_kind_of_feed_is_in_the_table() -> None:
    listed = {named(cell) for cell, _ in table("address", "what it is")}
    for place in ("/", "/covid/"):
        assert {place, *(place + fmt.file_name for fmt in FORMATS)} <= listed
    for fmt in FORMATS:
        assert f"as {fmt.title}" in README


def test_addresses_for_operators_answer(app: FeedApp) -> None:
    rules = {rule.rule for rule in app.url_map.iter_rules()} | {urls.HEALTH}
    assert {named(cell) for cell, _ in table("address", "what operators see there")} == rules
    for path in rules:
        assert app.test_client().get(path).status_code == 200
    empty = create_app(Settings(publication=app.settings.publication.with_name("none.db")))
    assert empty.test_client().get("/readyz").status_code == 503


class Links(HTMLParser):
    """The feeds that a page leads readers to, in order."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.feeds: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "link" and given.get("rel") == "alternate":
            self.feeds.append(given["href"] or "")


def test_a_reader_finds_the_feeds_of_a_page(app: FeedApp) -> None:
    client = app.test_client()
    for place in ("/", "/covid/"):
        found = Links(client.get(place).text).feeds
        assert found[0].endswith(f"{place}rss.xml")
        parsed = feedparser.parse(client.get(f"{place}rss.xml").data)
        assert not parsed.bozo


def test_a_person_who_opens_a_feed_is_led_to_its_page(app: FeedApp) -> None:
    answer = app.test_client().get("/covid/rss.xml", headers={"Sec-Fetch-Dest": "document"})
    assert (answer.status_code, answer.headers["Location"]) == (303, "/covid/subscribe/")


def test_the_list_of_feeds_has_them_all(app: FeedApp) -> None:
    slugs = [category["slug"] for category in yaml.safe_load((SHIPPED / "site.yaml").read_text())["categories"]]
    outlines = ET.fromstring(app.test_client().get("/feeds.opml").data).iter("outline")
    addresses = {outline.get("xmlUrl", "") for outline in outlines}
    for slug in slugs:
        assert any(address.endswith(f"/{slug}/rss.xml") for address in addresses)


def test_every_setting_is_in_the_table() -> None:
    rows = {named(name): text for name, text in table("setting", "what it is")}
    assert {name: text for name, text in rows.items() if name in NAMES} == NAMES
    assert rows.keys() - NAMES.keys() == {"PORT", "BIND", "WEB_CONCURRENCY"}


def test_every_command_is_in_the_table() -> None:
    listed = {named(cell).removeprefix("feedsvc ") for cell, _ in table("command", "what it does")}
    assert listed == cli.HOMES.keys()


def test_every_cause_is_in_the_table() -> None:
    rows = {named(cell): words for cell, words in table("`feedsvc_degraded`", "what `/readyz` says then")}
    assert rows == {label: cause.words for label, cause in CAUSES.items()}
    assert f"within {IN_TIME:.0f} seconds" in README


@pytest.mark.parametrize(("command", "option"), OPTIONS)
def test_every_option_exists(command: str, option: str) -> None:
    assert option in {name for parameter in find_command(command).params for name in parameter.opts}


def test_the_line_to_deploy_with_is_that_of_the_procfile() -> None:
    assert f"web: {COMMANDS[7]}\n" == (ROOT / "Procfile").read_text()


def test_every_file_it_names_is_there() -> None:
    for name in ("content/site.yaml", "content/ledger.txt", "feedsvc/README.md", "CHANGELOG.md", "Procfile"):
        assert f"`{name}`" in README
        assert (ROOT / name).is_file()
    assert (ROOT / "content" / "updates").is_dir()


def lasting(seconds: int) -> str:
    """A time as people say it."""
    amounts = ((31_536_000, "year"), (86_400, "day"), (3_600, "hour"), (60, "minute"))
    length, unit = next(amount for amount in amounts if seconds >= amount[0])
    return f"{seconds // length} {unit}{'s' if seconds > length else ''}"


def test_it_says_how_long_each_kind_of_document_is_kept() -> None:
    rows = table("document", "kept by readers", "kept by shared caches", "scripts of other sites may read it")
    assert sorted(rows) == sorted(
        [f"`{kind.name}`", lasting(kind.max_age), lasting(kind.shared_max_age), "yes" if kind.is_open else "no"]
        for kind in KINDS
    )


def test_every_recipe_is_in_the_table() -> None:
    listed = {named(cell) for cell, _ in table("recipe", "what it is for")}
    assert listed == {path.name for path in (ROOT / "feedsvc" / "recipes").iterdir() if path.is_file()}


def test_the_steps_name_files_and_commands_that_there_are() -> None:
    steps = "\n".join(
        textwrap.dedent(block) for block in re.findall(r"^ {3}```sh\n(.*?)^ {3}```$", README, re.DOTALL | re.MULTILINE)
    )
    copied = re.findall(r"feedsvc/recipes/[\w.-]+", steps)
    assert len(copied) == 3
    assert all((ROOT / name).is_file() for name in copied)
    assert set(re.findall(r"bin/feedsvc (\w+)", steps)) <= set(cli.main.list_commands(None))  # type: ignore[arg-type]
    assert subprocess.run(["sh", "-n"], input=steps, text=True, check=False).returncode == 0
