"""A new site is written from five answers: what it publishes is good, and nothing of another folder is touched."""

import json
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import feedparser
import pytest
from click.testing import CliRunner, Result
from lxml import etree

from feedsvc import Settings, cli, load_content
from feedsvc.new_site import package
from feedsvc.new_site.answers import QUESTIONS
from feedsvc.new_site.package import find_package
from feedsvc.new_site.site_file import site_text
from feedsvc.new_site.texts import TEXTS, find_texts
from feedsvc.pictures.artwork import draw_favicon, short_mark
from feedsvc.pictures.cards import font
from feedsvc.wording import WORDINGS
from tests.harness.program import ROOT

LOCALS = {
    "english": ["Local 1199", "en", "America/New_York", "https://updates.local1199.example", "news@local1199.example"],
    "spanish": [
        "Sección 32 de Salud",
        "es-MX",
        "America/Mexico_City",
        "https://seccion32.example/novedades",
        "https://seccion32.example/escribanos",
    ],
    "odd": [
        """'Nurses' & "Aides": <№ 7> {x} %s # 你好 👩\u200d⚕️ \N{RIGHT-TO-LEFT MARK}7 \\n""",
        "en-US",
        "Pacific/Kiritimati",
        "http://127.0.0.1:8000/",
        "mailto:a+b@odd.example",
    ],
}


def begin(folder: Path, answers: list[str], *more: str) -> Result:
    options = [
        f"--{question.field.replace('_', '-')}={text}" for question, text in zip(QUESTIONS, answers, strict=True)
    ]
    return CliRunner().invoke(cli.main, ["init", str(folder), *options, *more], catch_exceptions=False)


@pytest.mark.parametrize("local", LOCALS)
def test_what_the_site_publishes_is_good(local: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """By a feed reader, by the grammar of Atom, and by our own strictest check."""
    site = tmp_path / "site"
    assert begin(site, LOCALS[local]).exit_code == 0
    monkeypatch.chdir(site)
    assert CliRunner().invoke(cli.main, ["check", "--strict"]).output.startswith("All well: 1 updates live")
    assert CliRunner().invoke(cli.main, ["export", "public"], catch_exceptions=False).exit_code == 0
    feed = feedparser.parse((site / "public" / "rss.xml").read_bytes())
    texts, language = find_texts(LOCALS[local][1]), LOCALS[local][1]
    assert not feed.bozo
    assert feed.feed.title == texts.title.format(name=LOCALS[local][0])
    assert feed.entries[0].title == texts.first_title
    assert feed.feed.language == language
    assert len(feed.entries[0].link.split("//")) == 2
    atom = etree.parse(site / "public" / "atom.xml")
    grammar = etree.RelaxNG(etree.parse(ROOT / "tests" / "formats" / "atom.rng"))
    assert grammar.validate(atom), grammar.error_log
    assert f'lang="{language}"' in (site / "public" / "index.html").read_text()


def test_it_writes_all_that_a_host_and_colleagues_need(tmp_path: Path) -> None:
    result = begin(tmp_path, LOCALS["english"])
    assert result.output.startswith(f"Wrote 15 files into {tmp_path}.\n")
    names = {path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*") if path.is_file()}
    assert names >= {"Procfile", "requirements.txt", ".gitignore", ".gitattributes", "README.md", "LEEME.md"}
    assert (tmp_path / "Procfile").read_text() == (ROOT / "Procfile").read_text()
    first = next((tmp_path / "content" / "updates").glob("*.yaml")).name
    began = re.findall(r"^    since: (.*)$", (tmp_path / "content" / "site.yaml").read_text(), re.MULTILINE)
    assert all(day < first[:10] for day in began)  # no feed begins in the future, whatever time of day it is
    assert len(began) == 4
    assert "instance/" in (tmp_path / ".gitignore").read_text().splitlines()
    assert "content/ledger.txt merge=union text eol=lf" in (tmp_path / ".gitattributes").read_text()
    schema = json.loads((tmp_path / "content" / "update.schema.json").read_text())
    assert schema["properties"]["categories"]["anyOf"][0]["enum"] == ["news", "bargaining", "safety", "pay"]
    for name in ("README.md", "LEEME.md"):
        commands = re.findall(r"feedsvc ([a-z]+)", (tmp_path / name).read_text())
        assert set(commands) == {"serve", "new", "check", "correct", "withdraw", "export"}
        assert set(commands) <= cli.HOMES.keys()


def test_a_pull_request_shows_problems_and_notes_at_their_lines(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    begin(tmp_path, LOCALS["english"])
    monkeypatch.chdir(tmp_path)
    (first,) = (tmp_path / "content" / "updates").iterdir()
    first.with_name("2026-03-01-a.yaml").write_text("title: COVID: new\n")
    first.with_name("b.txt").write_text("Masks")
    said = CliRunner().invoke(cli.main, ["check"]).stderr
    matchers = json.loads((tmp_path / ".github" / "problems.json").read_text())["problemMatcher"]
    found = {
        matcher["severity"]: re.findall(matcher["pattern"][0]["regexp"], said, re.MULTILINE) for matcher in matchers
    }
    ((file, line, column, message),) = found["error"]
    assert (file, line, column) == ("content/updates/2026-03-01-a.yaml", "1", "13")
    assert message.startswith("title: a colon")
    ((file, line, _, message),) = found["warning"]
    assert (file, line) == ("content/updates/b.txt", "1")
    assert message.startswith("the file is passed over")
    workflow = (tmp_path / ".github" / "workflows" / "check.yml").read_text()
    assert "pull_request:" in workflow
    assert "::add-matcher::.github/problems.json" in workflow


def test_what_is_not_given_is_asked_until_it_can_be_meant(tmp_path: Path) -> None:
    typed = (
        "",
        "Local 7",
        "xx",
        "es",
        "Nowhere",
        "mexico city",
        "local7",
        "https://local7.example",
        "me",
        "me@local7.example",
    )
    result = CliRunner().invoke(
        cli.main, ["init", str(tmp_path / "site")], input="\n".join([*typed, ""]), catch_exceptions=False
    )
    assert result.exit_code == 0, result.output
    assert "Name of your local, such as Local 1199" in result.output
    assert "pages and feeds have no words in 'xx'" in result.output
    assert "unknown time zone" in result.output
    content = load_content(tmp_path / "site" / "content", Settings(publication=tmp_path / "publication.db"))
    assert content.site is not None
    assert content.site.site.contact_url == "mailto:me@local7.example"
    assert content.site.site.authority == f"local7.example,{datetime.now(UTC).year}"


@pytest.mark.parametrize(
    ("place", "answer", "message"),
    [
        (0, "x" * 200, "--name: the name has 200 characters; write one of at most 80"),
        (0, " \u200f", "--name: a site needs a name; write it such as Local 1199"),
        (0, "Local\x077", "--name: U+0007 in it cannot be seen; write the name without it"),
        (1, "fr", "--language: pages and feeds have no words in 'fr'"),
        (2, "Nev York", "--time-zone: unknown time zone 'Nev York'; write one such as America/New_York"),
        (3, "updates.example.org", "--address: "),
        (4, "ftp://x", "--contact: "),
        (3, "http://[::1]/", "authority: "),
    ],
)
def test_an_answer_that_cannot_be_meant_leaves_nothing(place: int, answer: str, message: str, tmp_path: Path) -> None:
    answers = [answer if number == place else text for number, text in enumerate(LOCALS["english"])]
    result = begin(tmp_path / "site", answers)
    assert result.exit_code == 1
    assert message in result.stderr
    assert not (tmp_path / "site").exists()


def test_what_is_there_stays(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    (tmp_path / "README.md").write_text("ours")
    result = begin(tmp_path, LOCALS["english"])
    assert result.exit_code == 1
    assert result.stderr == f"{tmp_path / 'README.md'} is there already; give another folder\n"
    assert {path.name for path in tmp_path.iterdir()} == {".git", "README.md"}


@pytest.mark.parametrize("name", ["content", ".github/workflows", "content/updates"])
def test_where_a_file_has_the_place_of_a_folder_nothing_is_written(tmp_path: Path, name: str) -> None:
    (tmp_path / name).parent.mkdir(exist_ok=True)
    (tmp_path / name).write_text("ours")
    result = begin(tmp_path, LOCALS["english"])
    assert (result.exit_code, result.stderr) == (1, f"{tmp_path / name} is there already; give another folder\n")
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == [tmp_path / name]


def test_nothing_is_written_through_a_link(tmp_path: Path) -> None:
    site = tmp_path / "site"
    site.mkdir()
    (site / "Procfile").symlink_to(tmp_path / "elsewhere")
    assert begin(site, LOCALS["english"]).exit_code == 1
    assert {path.name for path in tmp_path.rglob("*")} == {"site", "Procfile"}


def test_who_has_no_site_is_told_how_to_begin_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    result = CliRunner().invoke(cli.main, ["check"])
    assert "the folder cannot be read" in result.stderr
    assert result.stderr.count("or begin a new site with: feedsvc init DIRECTORY") == 2


def test_a_host_installs_what_was_installed_here_and_never_a_bare_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    wheel = tmp_path / "feedsvc-1.0.0-py3-none-any.whl"
    wheel.write_bytes(b"PK")
    source = tmp_path / "feedsvc-1.0.0.tar.gz"
    source.write_bytes(b"GZ")

    class Installed:
        said: Any = None

        def read_text(self, name: str) -> str | None:
            assert name == "direct_url.json"
            return json.dumps(self.said) if self.said else None

    monkeypatch.setattr(package, "distribution", lambda _name: Installed())
    lines = {}
    for name, said in {
        "wheel": {"url": wheel.as_uri(), "archive_info": {}},
        "source": {"url": source.as_uri(), "archive_info": {}},
        "drive": {"url": "file:///C:/none/feedsvc.whl", "archive_info": {}},
        "web": {"url": "https://example.org/feedsvc.whl", "archive_info": {}},
        "git": {"url": "https://example.org/f.git", "vcs_info": {"vcs": "git", "commit_id": "abc"}},
        "folder": {"url": "file:///tmp", "dir_info": {}},
        "nothing": None,
    }.items():
        Installed.said = said
        lines[name] = find_package().requirements
    assert lines["wheel"] == f"./{wheel.name}\n"
    assert lines["source"] == f"./{source.name}\n"
    assert lines["web"] == "feedsvc @ https://example.org/feedsvc.whl\n"
    assert lines["git"] == "feedsvc @ git+https://example.org/f.git@abc\n"
    assert lines["folder"] == lines["nothing"] == lines["drive"]
    assert all(line.startswith("#") for line in lines["folder"].splitlines())
    assert begin(tmp_path / "site", LOCALS["english"], "--package", str(wheel)).exit_code == 0
    assert (tmp_path / "site" / wheel.name).read_bytes() == b"PK"


def test_a_required_field_that_nobody_answered_holds_its_example() -> None:
    text = site_text({}, (), datetime(2026, 3, 1, tzinfo=UTC).date())
    assert 'title: "Local 1199 updates"' in text
    assert "# feed_length: 30\n" in text


def test_every_language_has_words_for_a_new_site() -> None:
    assert TEXTS.keys() == WORDINGS.keys()
    assert find_texts("fr") is TEXTS["en"]


@pytest.mark.parametrize(
    ("name", "mark"),
    [("Local 1199", "1199"), ("SEIU 121RN", "S1"), ("United Nurses and Allied Professionals", "UNA"), ("...", "")],
)
def test_the_mark_is_a_number_or_initials(name: str, mark: str) -> None:
    assert short_mark(name) == mark


@pytest.mark.parametrize("name", ["7", "Local 32", "Local 1199", "United Nurses and Aides", "Wide World Workers"])
def test_the_mark_fits_into_the_favicon(name: str) -> None:
    """Measured in a font as wide as those of browsers."""
    text = etree.fromstring(draw_favicon(name, "#a33c12"))[1]
    assert text.text == short_mark(name)
    assert 10 <= font(int(str(text.get("font-size")))).getlength(text.text) <= 52


@pytest.mark.parametrize("name", ["...", "\U0001f419", "医护", "Local 7"])
def test_a_favicon_is_never_blank(name: str) -> None:
    mark = etree.fromstring(draw_favicon(name, "#a33c12"))[1]
    assert mark.text == short_mark(name) if short_mark(name) else mark.tag.endswith("circle")
