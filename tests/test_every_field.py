"""Every field of an update's file, one after the other: it reaches the entry, each format and the page, or is excused.

The file is made from the schema's own examples, so a new field is looked at as soon as it is there.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, get_args, get_origin

import pytest
from pydantic import BaseModel

from feedsvc.content.schema import EntryRecord
from feedsvc.formats import FORMATS
from feedsvc.formats.format import FeedFormat
from feedsvc.model import Entry
from feedsvc.pages.update import update_page
from tests.content.samples import load, make_root, png
from tests.make import SELF_URL, make_feed, make_site

Fields = dict[str, Any]  # an example, or the fields of a group, by name
BESIDE = {"remind": ("deadline",)}  # what a file has in any case
TOGETHER = {"withdrawn": ("reason",), "reason": ("withdrawn",), "change_note": ("updated",)}
PAGE = "page"
UNSAID = {  # by who says what, the fields that it does not say
    "rss.xml": {"expires", "related"},
    "atom.xml": {"expires"},
    "feed.json": {"related"},
    PAGE: {
        "id",
        "related",
        "replaces",
        "translation_of",
        "urgent_until",
    },  # it is handed what it leads to; lists say what is urgent
}
# redirects lead on; nobody is to see it; calendars know it; what reminds is an entry of its own
NOWHERE = {"aliases", "draft", "event.id", "remind"}


def held(record: type[BaseModel], name: str) -> type[BaseModel] | None:
    """The record that a field holds, or a list of, if it does."""
    annotation = record.model_fields[name].annotation
    kinds = [kind for kind in (annotation, *get_args(annotation)) if isinstance(kind, type)]
    return next((kind for kind in kinds if issubclass(kind, BaseModel)), None)


def example(record: type[BaseModel], name: str) -> Any:
    """What stands after the field's name in an author's file: text, fields, or a list with one group of fields."""
    field, group = record.model_fields[name], held(record, name)
    if group is None:
        assert field.examples, f"{name} has no example"
        return field.examples[0]
    return [needed(group)] if get_origin(field.annotation) is list else needed(group)


def needed(record: type[BaseModel]) -> Fields:
    """The fields without which there is no such record."""
    return {name: example(record, name) for name, field in record.model_fields.items() if field.is_required()}


def optional() -> Iterator[tuple[str, Fields, Fields]]:
    """Each optional field by its path, with a file that lacks it and the same file with it."""
    least = needed(EntryRecord)
    for name in EntryRecord.model_fields.keys() - least.keys():
        others = {other: example(EntryRecord, other) for other in TOGETHER.get(name, ())}
        beside = least | {other: example(EntryRecord, other) for other in BESIDE.get(name, ())}
        yield name, beside, beside | others | {name: example(EntryRecord, name)}
        if group := held(EntryRecord, name):
            for part in group.model_fields.keys() - needed(group).keys():
                more = needed(group) | {part: example(group, part)}
                yield f"{name}.{part}", least | {name: [needed(group)]}, least | {name: [more]}


def as_yaml(fields: Fields) -> str:
    """The fields as an author's file."""
    return "".join(f"{name}: {as_value(value)}\n" for name, value in fields.items())


def as_value(value: Any) -> str:
    if isinstance(value, list):
        return "".join("\n  - " + as_yaml(group).rstrip().replace("\n", "\n    ") for group in value)
    if isinstance(value, dict):
        return "\n  " + as_yaml(value).rstrip().replace("\n", "\n  ")
    return f"{value}\n  Wear one." if value == "|" else str(value)


CASES = {path: (without, having) for path, without, having in sorted(optional())}


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A content folder with the files that the examples name."""
    root = make_root(tmp_path_factory.mktemp("fields"))
    (root / "files" / "masks.png").write_bytes(png(40, 30))
    return root


@pytest.mark.parametrize("path", CASES)
def test_every_field_reaches_whoever_is_to_see_it(path: str, root: Path) -> None:
    without, having = (load(as_yaml(fields), root).entry for fields in CASES[path])
    assert replace(having, digest="") != replace(without, digest=""), "it does not reach the entry"
    silent = {kind for kind, say in SAY.items() if say(having) == say(without)}
    assert silent == {kind for kind in SAY if path in NOWHERE | UNSAID[kind]}


def say_page(entry: Entry) -> bytes:
    return update_page(make_site(), entry)


def say_in(fmt: FeedFormat) -> Callable[[Entry], bytes]:
    return lambda entry: fmt.render(make_feed(entry), SELF_URL)


SAY: dict[str, Callable[[Entry], bytes]] = {PAGE: say_page} | {fmt.file_name: say_in(fmt) for fmt in FORMATS}
