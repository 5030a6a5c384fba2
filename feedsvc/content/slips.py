"""What two fields of an update say against each other."""

from collections.abc import Iterator
from datetime import datetime

from feedsvc.content.events import DEADLINE
from feedsvc.content.schema import EntryRecord, EventRecord
from feedsvc.content.written import FieldPath, Slip


def find_slips(record: EntryRecord, slug: str) -> Iterator[Slip]:
    """Everything of that kind in an update whose own slug is ``slug``."""
    for place, date, is_allowed_then in _dates(record):
        if date and (date < record.published or (date == record.published and not is_allowed_then)):
            later = "the" if is_allowed_then else "a"
            yield Slip(place, "the date lies before published", f"write {later} later date, or delete the line")
    if record.withdrawn and not record.reason:
        yield Slip(("withdrawn",), "nobody is told why", "add a line such as reason: The meeting was cancelled.")
    if record.reason and not record.withdrawn:
        yield Slip(("reason",), "the update is not withdrawn", "add withdrawn: and the date, or delete the line")
    if record.remind and not record.deadline:
        yield Slip(("remind",), "there is no deadline", "add a line such as deadline: 2026-03-20, or delete the line")
    if slug in record.related:
        yield Slip(("related", record.related.index(slug)), f"{slug!r} is this update itself", "delete it")
    if slug in record.aliases:
        yield Slip(("aliases", record.aliases.index(slug)), f"{slug!r} is its address now", "delete it")
    if slug == record.replaces:
        yield Slip(("replaces",), f"{slug!r} is this update itself", "write the slug of the earlier one")
    if slug == record.translation_of:
        yield Slip(("translation_of",), f"{slug!r} is this update itself", "write the slug of the other one")
    yield from _between_events(record)


def _dates(record: EntryRecord) -> Iterator[tuple[FieldPath, datetime | None, bool]]:
    """Each date that cannot be before ``published``, with its place and whether it may be the same."""
    yield ("updated",), record.updated, True
    yield ("withdrawn",), record.withdrawn, True
    yield ("expires",), record.expires, False
    yield ("urgent_until",), record.urgent_until, False
    for number, change in enumerate(record.changes):
        yield ("changes", number, "date"), change.date, True


def _between_events(record: EntryRecord) -> Iterator[Slip]:
    """Events that end before they begin, and events that nothing tells apart for good."""
    taken = {DEADLINE}
    for number, event in enumerate(record.event):
        yield from _span_slips(event, number)
        key = event.id or ""
        if key in taken:
            fresh = next(name for name in map("date-{}".format, range(number + 1, number + 99)) if name not in taken)
            place: FieldPath = ("event", number, "id") if event.id else ("event", number)
            what = f"the id {key!r} is taken" if key else "two dates have no id, and calendars cannot tell them apart"
            yield Slip(place, what, f"write id: {fresh}, and leave it so")
        taken.add(key)


def _span_slips(event: EventRecord, number: int) -> Iterator[Slip]:
    start, end = event.start, event.end
    if not end:
        return
    place = ("event", number, "end")
    if start.is_whole_day and not end.is_whole_day:
        place, what = ("event", number, "start"), "the date has no time of day, and end has one"
        yield Slip(place, what, "write it behind the date")
    elif end.is_whole_day and not start.is_whole_day:
        yield Slip(place, "the date has no time of day, and start has one", "write it behind the date")
    elif end.instant < start.instant or (end.instant == start.instant and not end.is_whole_day):
        yield Slip(place, "it ends before it begins", "write a later end, or delete the line")
