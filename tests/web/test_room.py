"""What the room's README says is there, is there."""

import re
from pathlib import Path

import feedsvc.web

ROOM = Path(feedsvc.web.__file__).parent
README = (ROOM / "README.md").read_text()


def test_every_module_is_told_and_no_other() -> None:
    table = README.partition("| --- | --- |\n")[2].partition("\n\n")[0]
    told = {name for row in table.splitlines() for name in re.findall(r"`([^`]+\.py)`", row.split("|")[1])}
    assert told == {str(path.relative_to(ROOM)) for path in ROOM.rglob("*.py") if path.name != "__init__.py"}


def test_every_function_on_the_way_of_a_request_is_there() -> None:
    way = README.partition("## The way of a request")[2]
    source = "".join(path.read_text() for path in ROOM.rglob("*.py"))
    for owner, name in re.findall(r"\b([A-Z]\w+)\.(\w+)\b", way):
        if owner != "Reader":
            assert f"class {owner}" in source
            assert re.search(rf"\b(def {name}\(|{name}: )", source), name
