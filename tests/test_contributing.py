"""What people find who want to report something or to help: forms that work, and commands and places that are there."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from feedsvc import cli
from tests.harness.program import ROOT

FOLDER = ROOT / ".github"
FORMS = sorted((FOLDER / "ISSUE_TEMPLATE").glob("o*.yml"))
PAGES = [*sorted(FOLDER.glob("*.md")), ROOT / "feedsvc" / "README.md"]
NEEDED = {"markdown": {"value"}, "input": {"label"}, "textarea": {"label"}, "dropdown": {"label", "options"}}


def named(path: Path) -> str:
    return path.name


@pytest.mark.parametrize("path", FORMS, ids=named)
def test_a_form_asks_questions_that_can_be_answered(path: Path) -> None:
    form: dict[str, Any] = yaml.safe_load(path.read_text())
    assert {"name", "description", "body"} <= form.keys()
    for element in form["body"]:
        assert NEEDED[element["type"]] <= element["attributes"].keys()
        assert element.get("validations", {}).keys() <= {"required"}
    ids = [element["id"] for element in form["body"] if element["type"] != "markdown"]
    assert len(ids) == len(set(ids))
    assert "Everybody can read this." in form["body"][0]["attributes"]["value"]


def test_there_is_a_form_for_those_who_write_and_one_for_those_who_run_it() -> None:
    assert [path.name for path in FORMS] == ["officer.yml", "operator.yml"]


@pytest.mark.parametrize("path", PAGES, ids=str)
def test_links_lead_to_files_that_are_there(path: Path) -> None:
    links = re.findall(r"\]\(((?!https?:)[^)#]+)", path.read_text())
    assert [link for link in links if not (path.parent / link).exists()] == []


def test_commands_that_are_named_are_there() -> None:
    text = "".join(path.read_text() for path in (*PAGES, *FORMS))
    tasks = (ROOT / "pyproject.toml").read_text()
    for task in set(re.findall(r"poe ([a-z-]+)", text)):
        assert f"tool.poe.tasks.{task}]" in tasks
    for command in set(re.findall(r"feedsvc (check|serve|publish|export|new|status)\b", text)):
        assert command in cli.HOMES


def test_nobody_is_named_and_no_address_of_a_person_is_given() -> None:
    for path in FOLDER.rglob("*.*"):
        assert not re.search(r"[\w.]+@[\w-]+\.\w+", path.read_text())
