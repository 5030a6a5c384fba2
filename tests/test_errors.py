import ast
import importlib
from collections.abc import Iterator
from dataclasses import asdict

from hypothesis import given
from hypothesis import strategies as st

from feedsvc.errors import ContentError, FeedsvcError, Problem, printable, report
from feedsvc.settings import SettingsError
from tests.harness.program import ROOT


def make_problem(line: int = 1, column: int = 1, excerpt: str = "") -> Problem:
    return Problem(
        file="content/updates/a.yaml",
        line=line,
        column=column,
        field="title",
        message="what is wrong",
        fix="what to write",
        excerpt=excerpt,
    )


def test_a_message_says_where_what_and_what_to_write_instead() -> None:
    problem = make_problem(2, 8, "title: COVID: rules")
    assert str(problem) == "content/updates/a.yaml:2:8: title: what is wrong; what to write"
    assert problem.shown().splitlines()[1:] == ["    title: COVID: rules", "           ^"]


def test_a_problem_without_a_line_to_show_is_one_line() -> None:
    assert make_problem().shown() == str(make_problem())


def test_a_long_line_is_shown_around_its_caret() -> None:
    shown = make_problem(1, 500, "x" * 499 + "!" + "y" * 500).shown().splitlines()
    assert len(shown[1]) < 130
    assert shown[1][len(shown[2]) - 1] == "!"


def test_what_was_stored_is_shown_as_it_was_told() -> None:
    problem = make_problem(1, 5000, "x" * 4999 + "!" + "y" * 5000)
    assert Problem(**asdict(problem)) == problem
    assert len(problem.excerpt) <= 120


@given(st.text(max_size=30), st.integers(1, 10_000), st.integers(1, 10_000))
def test_every_part_of_a_problem_is_bounded(text: str, times: int, column: int) -> None:
    much = text * times
    problem = Problem(file="a.yaml", line=1, column=column, field=much, message=much, fix=much, excerpt=much)
    for said in (problem.field, problem.message, problem.fix, problem.excerpt):
        assert len(said) <= 400
        assert said.removesuffix("…") in much
    assert len(str(problem)) <= 1400


def test_problems_are_ordered_and_said_once() -> None:
    fault = ContentError([make_problem(3), make_problem(1), make_problem(3)])
    assert [problem.line for problem in fault.problems] == [1, 3]
    assert str(fault).count("what is wrong") == 2


def test_a_flood_of_problems_ends_in_a_count() -> None:
    lines = report(make_problem(number) for number in range(1, 151)).splitlines()
    assert len(lines) == 101
    assert lines[-1] == "... and 50 more"


@given(st.text())
def test_nothing_that_is_shown_controls_a_terminal(text: str) -> None:
    assert printable(text).isprintable()
    assert printable("plain text, ñ and 你") == "plain text, ñ and 你"


def test_every_error_of_the_programs_own_has_one_root() -> None:
    named = {
        (module, node.name)
        for module, tree in modules()
        for node in ast.walk(tree)
        if isinstance(node, ast.ClassDef) and node.name.endswith("Error")
    }
    found = {getattr(importlib.import_module(module), name) for module, name in named}
    assert {ContentError, FeedsvcError, SettingsError} < found
    assert {error for error in found if not issubclass(error, FeedsvcError)} == set()


def modules() -> Iterator[tuple[str, ast.Module]]:
    """Every module of the package by name, as it is written."""
    for path in sorted((ROOT / "feedsvc").rglob("*.py")):
        name = ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
        yield name, ast.parse(path.read_text())
