"""The rules for hosts: told by few patterns, and what each way of reading them makes of every document."""

import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from feedsvc.cli import main
from feedsvc.exporting.host_files import headers_file, redirects_file
from feedsvc.exporting.patterns import candidates, decide, expression, is_dynamic
from feedsvc.exporting.rules import BLOCKS_AT_MOST, Rules, make_rules
from feedsvc.exporting.tree import ExportedFile, Redirect, read_tree
from feedsvc.kinds import ATTACHMENT, EMBED, FEED, MIXED_PAGE, UPDATE
from feedsvc.publication.reader import Reader
from tests.exporting.test_directory import run_export
from tests.harness.folder import SHIPPED, publish_folder, write_folder
from tests.web.promises import publish_everything
from tests.web.published import make_feed_document, make_page, publish

PATHS = (
    "/",
    "/covid/",
    "/files/2026/x",
    "/static/style.css",
    "/covid/rss.xml",
    "/updates/a/embed/",
    "/files/2026/a.b.pdf",
    "/embed/",
    "/es/covid/2020/05/",
)


def rules_of(publication: Path) -> tuple[Rules, list[ExportedFile]]:
    """The rules of an export, and its documents."""
    with Reader(publication) as reader:
        tree = list(read_tree(reader))
        prefix = reader.state()[1].prefix
    files = [each for each in tree if isinstance(each, ExportedFile)]
    return make_rules(prefix, files, [each for each in tree if isinstance(each, Redirect)]), files


def blocks(text: str) -> list[tuple[str, list[str]]]:
    """The blocks of a file of headers: a pattern, and its lines."""
    found: list[tuple[str, list[str]]] = []
    for line in text.splitlines():
        if line.startswith("  "):
            found[-1][1].append(line.strip())
        else:
            found.append((line, []))
    return found


def as_joined(text: str, path: str) -> dict[str, str]:
    """What a host says that joins what several blocks say, and lets a block take it back."""
    said: dict[str, str] = {}
    for pattern, lines in blocks(text):
        if re.fullmatch(re.sub(r":[a-z]\b", "[^/]+", re.escape(pattern).replace(r"\*", ".*")), path):
            for line in lines:
                name, _, value = line.partition(": ")
                if name.startswith("! "):
                    said.pop(name.removeprefix("! "), None)
                else:
                    said[name] = f"{said[name]}, {value}" if name in said else value
    return said


def as_last(text: str, path: str) -> dict[str, str]:
    """What a host says to which a slash at the end means nothing, and of several blocks the last is right."""
    said: dict[str, str] = {}
    for pattern, lines in blocks(text):
        parts = [part for part in pattern.split("/") if part]
        marked = ["[^/]+" if part.startswith(":") else re.escape(part).replace(r"\*", ".*") for part in parts]
        if re.fullmatch("/?" + "/".join(marked) + "/?", path.removeprefix("/")):
            said |= dict(line.split(": ", 1) for line in lines if not line.startswith("!"))
    return said


@pytest.mark.parametrize("path", PATHS)
def test_a_pattern_matches_what_it_was_made_of(path: str) -> None:
    assert all(re.fullmatch(expression(pattern), path) for pattern in candidates(path))
    assert [*candidates(path)][-1] == path
    assert not is_dynamic(path)


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("other", PATHS)
def test_who_makes_a_pattern_knows_everything_that_it_matches(path: str, other: str) -> None:
    for pattern in candidates(path):
        assert (pattern in candidates(other)) == bool(re.fullmatch(expression(pattern), other)), pattern


def test_documents_of_a_sort_are_told_by_the_first_pattern_that_matches() -> None:
    sorts = {"/embed/": "b", "/covid/": "p", "/pay/": "p", "/x.txt": "t", "/covid/x.txt": "t", "/files/x.txt": "f"}
    found = decide(sorts)
    for path, sort in sorts.items():
        assert next(told for pattern, told in found.items() if re.fullmatch(expression(pattern), path)) == sort


@pytest.mark.parametrize("prefix", ["", "/news"])
def test_every_host_that_reads_the_file_says_of_each_document_what_its_kind_says(tmp_path: Path, prefix: str) -> None:
    rules, files = rules_of(publish_everything(tmp_path, prefix))
    text = headers_file(rules)
    for file in files:
        if file.status == 200:
            told = dict(file.fields)
            assert as_joined(text, prefix + file.path) == told
            assert as_last(text, prefix + file.path) == told | as_last(text, prefix + file.path)
            assert as_last(text, prefix + file.path)["Content-Security-Policy"] == told["Content-Security-Policy"]


def test_blocks_are_as_many_for_ten_updates_as_for_a_thousand(tmp_path: Path) -> None:
    counts = []
    for number in (10, 1_000):
        publication = tmp_path / f"{number}.db"
        pages = [make_page(f"/updates/update-{each}/", kind=UPDATE) for each in range(number)]
        frames = [make_page(f"/updates/update-{each}/embed/", kind=EMBED) for each in range(number)]
        publish(publication, make_page("/"), make_feed_document(), *pages, *frames)
        counts.append(len(rules_of(publication)[0].rules))
    assert counts[0] == counts[1] < 10


def test_the_shipped_content_needs_few_blocks(tmp_path: Path) -> None:
    publish_folder(SHIPPED, tmp_path / "publication.db")
    rules, _ = rules_of(tmp_path / "publication.db")
    assert len(rules.rules) <= 35
    assert [*rules.warnings()] == []


def test_lines_of_one_path_come_before_patterns(tmp_path: Path) -> None:
    rules, _ = rules_of(publish_everything(tmp_path))
    lines = [line.split()[0] for line in redirects_file(rules).splitlines()]
    assert sorted(lines, key=is_dynamic) == lines
    assert {"/feed", "/updates/former/", "/:a/feed", "/pay_covid/*"} <= set(lines)


def test_a_pattern_that_a_document_lies_at_is_written_out(tmp_path: Path) -> None:
    publication = tmp_path / "publication.db"
    file = make_page("/files/feed.xml", kind=ATTACHMENT, media_type="application/xml")
    publish(publication, make_feed_document(), make_feed_document("/rss.xml", page="/"), file)
    rules, _ = rules_of(publication)
    lines = redirects_file(rules)
    assert "/covid/feed.xml /covid/rss.xml 301\n" in lines
    assert "/:a/feed.xml" not in lines
    assert "/:a/feed /:a/rss.xml 301\n" in lines


def test_a_site_below_a_path_names_its_addresses_in_full(tmp_path: Path) -> None:
    publication = tmp_path / "publication.db"
    documents = (
        make_page("/"),
        make_page("/rss.xml", kind=FEED, page_path="/"),
        make_page("/covid_pay/", kind=MIXED_PAGE),
    )
    publish(publication, *documents, prefix="/news")
    run_export(publication, tmp_path / "public")
    redirects = (tmp_path / "public" / "_redirects").read_text()
    assert "/news/feed /news/rss.xml 301\n" in redirects
    assert "/news/pay_covid/* /news/covid_pay/:splat 301\n" in redirects
    assert all(line.startswith("/news/") for line, _ in blocks((tmp_path / "public" / "_headers").read_text()))
    assert (tmp_path / "public" / "rss.xml").exists()


def test_more_than_hosts_read_is_said(tmp_path: Path) -> None:
    publication = tmp_path / "publication.db"
    odd = [make_page(f"/odd-{each}", media_type=f"x/{each}") for each in range(BLOCKS_AT_MOST)]
    publish(publication, make_page("/"), *odd)
    (warning,) = rules_of(publication)[0].warnings()
    assert warning == f"{BLOCKS_AT_MOST + 2} blocks in _headers, and some hosts read no more than {BLOCKS_AT_MOST}"


def test_the_command_says_what_hosts_leave_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("feedsvc.exporting.rules.PATTERNS_AT_MOST", 1)
    content = write_folder(tmp_path / "content", 1)
    given = {"FEEDSVC_CONTENT": str(content), "FEEDSVC_PUBLICATION": str(tmp_path / "publication.db")}
    result = CliRunner(env=given).invoke(main, ["export", str(tmp_path / "public")])
    assert result.exit_code == 0
    assert "patterns in _redirects, and some hosts read no more than 1" in result.stderr


def test_an_export_of_nothing_has_no_rules() -> None:
    rules = make_rules("", [], [])
    assert (rules.rules, rules.common, redirects_file(rules)) == ((), (), "")
