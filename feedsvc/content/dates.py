"""Dates as officers write them become instants; what does not exist, or exists twice, is named."""

import re
from datetime import UTC, date, datetime, time, timedelta, timezone
from typing import NamedTuple
from zoneinfo import ZoneInfo

from feedsvc.content.calendar_days import exact_day, offset_text
from feedsvc.content.loose_dates import spell
from feedsvc.errors import BadValueError, shortened

_INSTANT = re.compile(
    r"(?P<year>[0-9]{4})-(?P<month>[0-9]{2})-(?P<day>[0-9]{2})"
    r"(?:(?:[Tt]| +)(?P<hour>[0-9]{2}):(?P<minute>[0-9]{2})(?::(?P<second>[0-9]{2}))?"
    r" ?(?P<offset>[Zz]|[+-][0-9]{2}:[0-9]{2})?)?"
)
_TIME = re.compile(r"([0-9]{1,2}):([0-9]{2})")
_BEFORE = re.compile(r"([0-9]{1,2}) *(hour|day|week)s?")
BEFORE_AT_MOST = timedelta(days=60)


class Moment(NamedTuple):
    """What a date says: an instant in UTC, or (``is_whole_day``) a day, by the instant at which it begins."""

    instant: datetime
    is_whole_day: bool


def read_instant(text: str, zone: ZoneInfo, default_time: time) -> datetime:
    """The instant in UTC; a date alone means ``default_time`` in ``zone``. BadValueError: there is no such instant."""
    return _instant(*_match(text, zone), zone, default_time)


def read_moment(text: str, zone: ZoneInfo) -> Moment:
    """An instant, or a date alone as the day that it is. BadValueError: there is none such."""
    spelt, found = _match(text, zone)
    if found["hour"]:
        return Moment(_instant(spelt, found, zone, time(0)), is_whole_day=False)
    return Moment(begin_day(_day(spelt, found), zone), is_whole_day=True)


def begin_day(day: date, zone: ZoneInfo) -> datetime:
    """The instant at which a day begins, which is its midnight unless the clocks skip that."""
    return datetime(day.year, day.month, day.day, tzinfo=zone).astimezone(UTC)


def end_day(instant: datetime, zone: ZoneInfo) -> datetime:
    """The instant at which the day of ``instant`` ends, and the next begins."""
    return begin_day(instant.astimezone(zone).date() + timedelta(days=1), zone)


def _match(text: str, zone: ZoneInfo) -> tuple[str, re.Match[str]]:
    """The text as it is to be read, and its parts."""
    found = _INSTANT.fullmatch(text)
    if found is None:
        text = spell(text, zone)
        found = _INSTANT.fullmatch(text)
        assert found, text  # noqa: S101  # that is how spell writes
    return text, found


def _day(text: str, found: re.Match[str]) -> date:
    return exact_day(text, int(found["year"]), int(found["month"]), int(found["day"]))


def _instant(text: str, found: re.Match[str], zone: ZoneInfo, default_time: time) -> datetime:
    local = datetime.combine(_day(text, found), time()) + _time_of_day(text, found, default_time)
    if found["offset"]:
        return _with_offset(local, text, found["offset"])
    return _in_zone(local, zone)


def write_instant(instant: datetime, zone: ZoneInfo) -> str:
    """What an author writes for an instant of whole seconds: the local time, with its offset if it happens twice."""
    local = instant.astimezone(zone)
    seconds = f":{local:%S}" if local.second else ""
    is_shown_twice = local.replace(fold=0).utcoffset() != local.replace(fold=1).utcoffset()
    return f"{local:%Y-%m-%d %H:%M}{seconds}{offset_text(local) if is_shown_twice else ''}"


def read_time(text: str) -> time:
    """A time of day such as ``09:00``. Midnight is refused, since it sorts an update behind yesterday's evening."""
    found = _TIME.fullmatch(text)
    if found is None or int(found[1]) > 23 or int(found[2]) > 59:
        raise BadValueError(f"{shortened(text)} is not a time of day", "write hours and minutes such as 09:00")
    moment = time(int(found[1]), int(found[2]))
    if moment == time(0):
        what = "midnight makes an update look older than one of the evening before"
        raise BadValueError(what, "write a time such as 09:00")
    return moment


def read_time_before(text: str) -> timedelta:
    """A time such as ``3 days``, of whole hours, days or weeks."""
    found = _BEFORE.fullmatch(text.lower())
    if found is None:
        raise BadValueError(f"{shortened(text)} is not so many hours, days or weeks", "write a time such as 3 days")
    before = int(found[1]) * timedelta(**{f"{found[2]}s": 1})
    if not timedelta() < before <= BEFORE_AT_MOST:
        what = f"{shortened(text)} is not between an hour and {BEFORE_AT_MOST.days} days"
        raise BadValueError(what, "write a time such as 3 days")
    return before


def _time_of_day(text: str, found: re.Match[str], default_time: time) -> timedelta:
    """The time since midnight; BadValueError when no clock shows it."""
    if found["hour"] is None:
        return timedelta(hours=default_time.hour, minutes=default_time.minute)
    hour, minute, second = int(found["hour"]), int(found["minute"]), int(found["second"] or 0)
    if hour > 23 or minute > 59 or second > 59:
        raise BadValueError(f"{text} does not exist: no clock shows that time", "write a time from 00:00 to 23:59")
    return timedelta(hours=hour, minutes=minute, seconds=second)


def _with_offset(local: datetime, text: str, offset: str) -> datetime:
    """The instant of a time with its own distance from UTC."""
    if offset in "Zz":
        return local.replace(tzinfo=UTC)
    hours, minutes = int(offset[1:3]), int(offset[4:6])
    if hours > 14 or minutes > 59:
        raise BadValueError(f"{text} has an offset that no place uses", "write one such as -05:00, or Z for UTC")
    distance = timedelta(hours=hours, minutes=minutes)
    return local.replace(tzinfo=timezone(-distance if offset[0] == "-" else distance)).astimezone(UTC)


def _in_zone(local: datetime, zone: ZoneInfo) -> datetime:
    """The instant of a local time; BadValueError when the clocks skip it or show it twice."""
    first = local.replace(tzinfo=zone)
    instant = first.astimezone(UTC)
    shown = instant.astimezone(zone).replace(tzinfo=None)
    if shown != local:
        what = f"{local:%Y-%m-%d %H:%M} does not exist in {zone.key}: clocks go forward then"
        raise BadValueError(what, f"write {shown:%Y-%m-%d %H:%M}")
    second = first.replace(fold=1)
    if first.utcoffset() != second.utcoffset():
        what = f"{local:%Y-%m-%d %H:%M} happens twice in {zone.key}: clocks go back then"
        stamps = [f"{local:%Y-%m-%d %H:%M}{offset_text(moment)}" for moment in (first, second)]
        raise BadValueError(what, f"write {stamps[0]} or {stamps[1]}")
    return instant
