"""The dates of an update: its deadline and its events, from the record to the noun."""

from collections.abc import Iterator
from datetime import timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from feedsvc.content.dates import end_day
from feedsvc.content.markup import filter_xml_text
from feedsvc.content.schema import EntryRecord, EventRecord
from feedsvc.model import Event

DEADLINE = "deadline"  # the key of the deadline, which no event may have
USUAL_LENGTH = timedelta(hours=1)  # of an event that does not say when it ends


class Slip(NamedTuple):
    """What two fields say against each other: the place, what is wrong and what to write."""

    place: tuple[str | int, ...]
    what: str
    fix: str


def events_of(record: EntryRecord, zone: ZoneInfo) -> tuple[Event, ...]:
    """Every date of the update, in the order of their starts."""
    events = [_event(each, zone) for each in record.event]
    if record.deadline:
        instant, is_whole_day = record.deadline
        end = end_day(instant, zone) if is_whole_day else instant
        events.append(Event(key=DEADLINE, start=instant, end=end, is_whole_day=is_whole_day, is_deadline=True))
    return tuple(sorted(events, key=lambda event: (event.start, event.end, event.key)))


def find_slips(record: EntryRecord) -> Iterator[Slip]:
    """Events that end before they begin, and such as nothing tells apart for good."""
    taken = {DEADLINE}
    for number, event in enumerate(record.event):
        yield from _span_slips(event, number)
        key = event.id or ""
        if key in taken:
            fresh = next(name for name in map("date-{}".format, range(number + 1, number + 99)) if name not in taken)
            place: tuple[str | int, ...] = ("event", number, "id") if event.id else ("event", number)
            what = f"the id {key!r} is taken" if key else "two dates have no id, and calendars cannot tell them apart"
            yield Slip(place, what, f"write id: {fresh}, and leave it so")
        taken.add(key)


def _span_slips(event: EventRecord, number: int) -> Iterator[Slip]:
    start, end = event.start, event.end
    if not end:
        return
    place = ("event", number, "end")
    if start.is_whole_day and not end.is_whole_day:
        yield Slip(
            ("event", number, "start"), "the date has no time of day, and end has one", "write it behind the date"
        )
    elif end.is_whole_day and not start.is_whole_day:
        yield Slip(place, "the date has no time of day, and start has one", "write it behind the date")
    elif end.instant < start.instant or (end.instant == start.instant and not end.is_whole_day):
        yield Slip(place, "it ends before it begins", "write a later end, or delete the line")


def _event(record: EventRecord, zone: ZoneInfo) -> Event:
    start, is_whole_day = record.start
    last = (record.end or record.start).instant
    return Event(
        key=record.id or "",
        start=start,
        end=end_day(last, zone) if is_whole_day else record.end.instant if record.end else start + USUAL_LENGTH,
        is_whole_day=is_whole_day,
        location=filter_xml_text(record.place) if record.place else None,
        url=record.url,
    )
