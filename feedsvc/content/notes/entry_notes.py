"""The notes of one update, each with its place in the file."""

from collections.abc import Iterator
from datetime import date
from itertools import islice
from zoneinfo import ZoneInfo

from feedsvc.content.markup import Rendered
from feedsvc.content.notes import FIELD_DETECTORS, LOOKED_AT, look_at_body
from feedsvc.content.notes.addresses import follow, leads
from feedsvc.content.notes.fields import Update, wrong_weekdays
from feedsvc.content.notes.written import Body
from feedsvc.content.schema import EntryRecord
from feedsvc.content.written import Slip, Written
from feedsvc.errors import Note
from feedsvc.model import Site

_QUOTES = ("'", '"')


def note_entry(record: EntryRecord, written: Written, rendered: Rendered, site: Site) -> tuple[Note, ...]:
    """Everything that the update will say otherwise than its author probably means."""
    node = written.body
    update = Update(
        record=record,
        shown_pictures=[file.name for file in rendered.shown],
        day=record.published.astimezone(ZoneInfo(site.time_zone)).date(),
        is_quoted=node is not None
        and node.style in _QUOTES
        and "\n" in written.source_text.text[node.start.index : node.end],
    )
    notes = [Note.of(written.problem(slip)) for detect in FIELD_DETECTORS for slip in detect(update)]
    if rendered.prepared is not None:
        notes += _of_body(written, Body(rendered.prepared, rendered.raw), update.day, site.base_url)
    if record.link:
        notes += _of_link(written, str(written.fields.plain["link"]).strip(), site.base_url)
    return tuple(sorted(notes))


def _of_body(written: Written, body: Body, day: date, base_url: str) -> Iterator[Note]:
    def note(start: int, what: str, fix: str, unless: str = "") -> Note:
        return Note.of(written.problem_in_body(*body.place(start), what, fix), unless)

    for remark in look_at_body(body):
        yield note(*remark)
    if '<a href="' in body.raw:
        for lead in islice(leads(body.raw, base_url), LOOKED_AT):
            yield note(max(0, body.text.find(lead.address)), lead.what, lead.fix, lead.unless)
    for wrong in islice(wrong_weekdays(body.text, day), LOOKED_AT):
        yield note(*wrong)


def _of_link(written: Written, address: str, base_url: str) -> Iterator[Note]:
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
        yield Note.of(written.problem(Slip(("link",), lead.what, fix)), lead.unless)
