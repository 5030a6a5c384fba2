"""A kind of document of every place: a row, a module and its name, and no other file of the program."""

from pathlib import Path

import pytest

from tests.harness.folder import write_folder
from tests.recipes.following import check, copy_tree, follow, run, run_tests, steps

KIND = "a kind of document"
RENDERED = "tests/documents/test_documents.py"
NAMING = f"{RENDERED}::test_everything_is_each_document_once_and_of_a_kind_that_is_a_row"
LISTED = "tests/test_readme.py::test_it_says_how_long_each_kind_of_document_is_kept"


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return copy_tree(tmp_path_factory.mktemp("kind"))


def test_who_follows_the_recipe_has_a_document_at_every_place(copy: Path) -> None:
    follow(copy, KIND)
    check(copy, RENDERED, LISTED, "tests/test_kinds.py")
    write_folder(copy / "site" / "content", updates=2)
    exported = run(copy, "feedsvc", "export", "tree", within="site")
    assert exported.returncode == 0, exported.stderr
    tree = copy / "site" / "tree"
    assert [(tree / name).read_text() for name in ("newest.txt", "covid/newest.txt")] == ["Update number 2\n"] * 2
    assert not (tree / "pay" / "newest.txt").exists()
    fields = (tree / "_headers").read_text().partition("\n/*/newest.txt\n")[2].partition("\n/")[0]
    assert "Cache-Control: max-age=300" in fields
    assert "Access-Control-Allow-Origin: *" in fields


def test_the_program_needs_a_row_a_module_and_its_name() -> None:
    files = [step.file for step in steps(KIND)]
    assert files == ["feedsvc/kinds.py", "feedsvc/documents/tickers.py", "feedsvc/documents/__init__.py", "README.md"]


def test_mypy_names_a_forgotten_row(copy: Path) -> None:
    follow(copy, KIND, but=["feedsvc/kinds.py"])
    assert 'Module "feedsvc.kinds" has no attribute "TICKER"' in run(copy, "mypy", "feedsvc").stdout


def test_tests_name_a_kind_without_documents_and_one_that_operators_are_not_told_of(copy: Path) -> None:
    follow(copy, KIND, but=["feedsvc/documents/__init__.py", "README.md"])
    done = run_tests(copy, NAMING, LISTED)
    assert done.returncode == 1, done.stderr
    assert f"FAILED {LISTED}" in done.stdout
    assert f"FAILED {NAMING}" in done.stdout
