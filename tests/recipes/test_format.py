"""A format of feeds: a module and its row, and every place has such a feed that every page leads to."""

import json
from pathlib import Path

import pytest

from tests.harness.folder import write_folder
from tests.recipes.following import check, copy_tree, follow, run, run_tests, steps

FORMAT = "a format"
FOLLOWED = "tests/test_every_field.py"
LISTED = "tests/test_readme.py::test_every_kind_of_feed_is_in_the_table"


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return copy_tree(tmp_path_factory.mktemp("format"))


def test_who_follows_the_recipe_has_feeds_that_every_page_leads_to(copy: Path) -> None:
    follow(copy, FORMAT)
    check(copy, FOLLOWED, LISTED)
    write_folder(copy / "site" / "content", updates=2)
    exported = run(copy, "feedsvc", "export", "tree", within="site")
    assert exported.returncode == 0, exported.stderr
    tree = copy / "site" / "tree"
    for place in ("", "covid/"):
        items = [json.loads(line) for line in (tree / f"{place}feed.jsonl").read_text().splitlines() if line]
        assert [item["title"] for item in items][:2] == ["Update number 2", "Update number 1"]
        page = (tree / place / "index.html").read_text()
        assert 'type="application/jsonl"' in page
        assert f'href="/{place}feed.jsonl"' in page
        following = (tree / place / "subscribe" / "index.html").read_text()
        assert "JSON Lines</a></dt><dd>The same updates for apps that ask for this format." in following


def test_the_program_needs_a_module_and_its_row() -> None:
    files = [step.file for step in steps(FORMAT) if step.file.startswith("feedsvc/")]
    assert files == ["feedsvc/formats/json_lines.py", "feedsvc/formats/__init__.py"]


def test_what_the_format_leaves_out_and_where_it_is_to_be_had_must_be_said(copy: Path) -> None:
    follow(copy, FORMAT, but=[FOLLOWED, "README.md"])
    done = run_tests(copy, FOLLOWED, LISTED)
    assert done.returncode == 1, done.stderr
    assert f"FAILED {LISTED}" in done.stdout
    assert "KeyError: 'feed.jsonl'" in done.stdout
