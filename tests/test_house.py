"""What feedsvc/README.md says is there, is there: rooms, files and terms."""

import re

from tests.harness.program import ROOT

HOUSE = (ROOT / "feedsvc" / "README.md").read_text()
PAGE = HOUSE.partition("## How to add")[0]  # what a recipe adds is not there yet
SOURCE = "".join(path.read_text() for path in (ROOT / "feedsvc").rglob("*.py"))


def rows(title: str) -> list[list[str]]:
    """The cells of the table below a heading."""
    table = HOUSE.partition(f"## {title}\n")[2].partition("| --- | --- |\n")[2].partition("\n\n")[0]
    return [line.strip("| ").split(" | ") for line in table.splitlines()]


def test_every_room_is_told_and_no_other() -> None:
    told = {name for row in rows("Rooms") for name in re.findall(r"`([a-z_]+(?:\.py|/))`", row[0])}
    there = {
        f"{path.name}/" if path.is_dir() else path.name
        for path in (ROOT / "feedsvc").iterdir()
        if (path / "__init__.py").is_file() or path.suffix == ".py"
    }
    assert told == there - {"__init__.py", "__main__.py"}


def test_every_file_that_is_named_is_there() -> None:
    there = {path.name for path in (ROOT / "feedsvc").rglob("*.py")}
    assert {name for name in re.findall(r"`(?:[a-z_]+/)*([a-z_]+\.py)`", PAGE) if name not in there} == set()


def test_every_term_has_its_class() -> None:
    named = [name for row in rows("Glossary") for name in re.findall(r"`([A-Z]\w+)`", row[1])]
    assert len(named) > 10
    assert [name for name in named if not re.search(rf"^class {name}\b", SOURCE, re.MULTILINE)] == []
