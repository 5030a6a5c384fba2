"""The dates of an update: its deadline and its events, from the record to the noun."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from feedsvc.content.dates import end_day
from feedsvc.content.markup import filter_xml_text
from feedsvc.content.schema import EntryRecord, EventRecord
from feedsvc.model import Event

DEADLINE = "deadline"  # the key of the deadline, which no event may have
USUAL_LENGTH = timedelta(hours=1)  # of an event that does not say when it ends


def events_of(record: EntryRecord, zone: ZoneInfo) -> tuple[Event, ...]:
    """Every date of the update, in the order of their starts."""
    events = [_event(each, zone) for each in record.event]
    if record.deadline:
        instant, is_whole_day = record.deadline
        end = end_day(instant, zone) if is_whole_day else instant
        events.append(Event(key=DEADLINE, start=instant, end=end, is_whole_day=is_whole_day, is_deadline=True))
    return tuple(sorted(events, key=lambda event: (event.start, event.end, event.key)))


def reminder_of(record: EntryRecord, zone: ZoneInfo, default_time: time) -> datetime | None:
    """When feeds remind of the deadline; never, if that would be before the update or after it was withdrawn.

    Of a whole day, so many days before are at ``default_time``. Half a minute stands in the way of no update, which is
    written for a minute.
    """
    if not record.deadline or not record.remind:
        return None
    instant, is_whole_day = record.deadline
    end, is_by_clock = instant.astimezone(zone), bool(record.remind % timedelta(days=1))
    if is_by_clock:
        end = (end_day(instant, zone) if is_whole_day else instant).astimezone(UTC)
    elif is_whole_day:
        end = datetime.combine(end.date(), default_time, zone)
    moment = (end - record.remind).astimezone(UTC)
    is_withdrawn = record.withdrawn is not None and record.withdrawn <= moment
    return None if moment <= record.published or is_withdrawn else moment.replace(second=30)


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
