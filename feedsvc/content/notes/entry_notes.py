"""The notes of one update, each with its place in the file."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from zoneinfo import ZoneInfo

from feedsvc.content.body import mark_in_body
from feedsvc.content.markup import Rendered
from feedsvc.content.nodes import Fields, Text
from feedsvc.content.notes import LOOKED_AT, look_at_body, look_at_fields
from feedsvc.content.notes.addresses import follow, leads
from feedsvc.content.notes.fields import Update, wrong_weekdays
from feedsvc.content.notes.written import Body
from feedsvc.content.records import field_name, mark_of
from feedsvc.content.schema import EntryRecord
from feedsvc.content.source import Mark
from feedsvc.content.source_text import SourceText
from feedsvc.errors import Note
from feedsvc.model import Site

_QUOTES = ("'", '"')


@dataclass(frozen=True, slots=True)
class _Noter:
    """What all notes of a file need."""

    source_text: SourceText
    fields: Fields

    def at(self, mark: Mark, field: str, what: str, fix: str, unless: str = "") -> Note:
        """A note at a mark."""
        return Note.of(mark.problem(self.source_text.name, field, what, fix), unless)

    def in_body(self, node: Text, place: tuple[int, int], what: str, fix: str, unless: str = "") -> Note:
        """A note at a line and column of the body."""
        return self.at(mark_in_body(self.source_text, node, *place), "body", what, fix, unless)


def note_entry(
    record: EntryRecord, fields: Fields, source_text: SourceText, rendered: Rendered, site: Site
) -> tuple[Note, ...]:
    """Everything that the update will say otherwise than its author probably means."""
    noter = _Noter(source_text, fields)
    node = fields.nodes["body"]
    update = Update(
        record=record,
        shown_pictures=[file.name for file in rendered.shown],
        day=record.published.astimezone(ZoneInfo(site.time_zone)).date(),
        is_quoted=isinstance(node, Text)
        and node.style in _QUOTES
        and "\n" in source_text.text[node.start.index : node.end],
    )
    notes = [
        noter.at(mark_of(fields, source_text, *remark.place), field_name(remark.place), remark.what, remark.fix)
        for remark in look_at_fields(update)
    ]
    if isinstance(node, Text) and rendered.prepared is not None:
        body = Body(rendered.prepared, rendered.raw)
        notes += _of_body(noter, node, body, site.base_url)
        for start, what, fix in islice(wrong_weekdays(body.text, update.day), LOOKED_AT):
            notes.append(noter.in_body(node, body.place(start), what, fix))
    if record.link:
        notes += _of_link(noter, str(fields.plain["link"]).strip(), site.base_url)
    return tuple(sorted(notes))


def _of_body(noter: _Noter, node: Text, body: Body, base_url: str) -> Iterator[Note]:
    for remark in look_at_body(body):
        yield noter.in_body(node, body.place(remark.start), remark.what, remark.fix)
    if '<a href="' in body.raw:
        for lead in islice(leads(body.raw, base_url), LOOKED_AT):
            index = max(0, body.text.find(lead.address))
            yield noter.in_body(node, body.place(index), lead.what, lead.fix, lead.unless)


def _of_link(noter: _Noter, address: str, base_url: str) -> Iterator[Note]:
    """What is wrong with the field ``link``, which leads to no telephone."""
    lead = (
        None
        if address.startswith(("http", "mailto:")) and not address.startswith(base_url)
        else follow(address, base_url)
    )
    if lead:
        fix = (
            f"delete the line, and {lead.fix.replace('write tel:', 'write [call us](tel:')}) into the text"
            if "tel:" in lead.fix
            else lead.fix
        )
        yield noter.at(mark_of(noter.fields, noter.source_text, "link"), "link", lead.what, fix, lead.unless)
