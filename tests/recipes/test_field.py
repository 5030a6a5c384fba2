"""A field in all formats and on its page: seven files, each of which is missed when it is forgotten."""

from pathlib import Path

import pytest

from tests.harness.folder import write_folder, write_update
from tests.recipes.following import check, copy_tree, follow, run, run_tests, steps

FIELD = "a field"
FOLLOWED = "tests/test_every_field.py"
LISTED = "tests/test_readme.py::test_every_field_is_in_the_table"
SHOWN = "tests/test_packaging.py::test_the_schemas_that_editors_follow_are_those_of_the_loader"
NAMED_BY_MYPY = {
    "feedsvc/model.py": 'Unexpected keyword argument "audience" for "Entry"',
    "feedsvc/content/schema.py": '"EntryRecord" has no attribute "audience"',
}
NAMED_BY_TESTS = [  # what is forgotten together, who names it, and how
    ({"feedsvc/content/entry.py"}, [FOLLOWED], ["it does not reach the entry"]),
    (
        {"feedsvc/formats/vocabularies.py", "feedsvc/pages/templates/update.html"},
        [FOLLOWED],
        ["'rss.xml'", "'atom.xml'", "'feed.json'", "'page'"],
    ),
    ({"README.md", "content/update.schema.json"}, [LISTED, SHOWN], [f"FAILED {LISTED}", f"FAILED {SHOWN}"]),
]


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return copy_tree(tmp_path_factory.mktemp("field"))


def test_the_recipe_names_seven_files_and_each_is_missed_when_it_is_forgotten() -> None:
    missed = [*NAMED_BY_MYPY, *(file for files, _, _ in NAMED_BY_TESTS for file in files)]
    assert sorted(step.file for step in steps(FIELD)) == sorted(missed)
    assert len(missed) == 7


def test_who_follows_the_recipe_has_a_field_that_everybody_can_read(copy: Path) -> None:
    follow(copy, FIELD)
    run_tests(copy, "--update", SHOWN)
    check(copy, FOLLOWED, LISTED, SHOWN)
    write_update(write_folder(copy / "site" / "content"), 1, audience="Night shift")
    exported = run(copy, "feedsvc", "export", "tree", within="site")
    assert exported.returncode == 0, exported.stderr
    for name in ("rss.xml", "atom.xml", "feed.json", "updates/update-1/index.html"):
        assert "Night shift" in (copy / "site" / "tree" / name).read_text()


def test_mypy_names_a_forgotten_noun_and_a_forgotten_record(copy: Path) -> None:
    follow(copy, FIELD, but=NAMED_BY_MYPY)
    said = run(copy, "mypy", "feedsvc").stdout
    assert [sentence for sentence in NAMED_BY_MYPY.values() if sentence not in said] == []


@pytest.mark.parametrize(("files", "promised", "sentences"), NAMED_BY_TESTS)
def test_tests_name_whatever_else_was_forgotten(
    copy: Path, files: set[str], promised: list[str], sentences: list[str]
) -> None:
    follow(copy, FIELD, but=files)
    done = run_tests(copy, *promised, *(["-vv", "-k", "audience"] if promised == [FOLLOWED] else []))
    assert done.returncode == 1, done.stderr
    assert [sentence for sentence in sentences if sentence not in done.stdout] == []
