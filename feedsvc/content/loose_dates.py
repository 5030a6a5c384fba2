"""A date and time as people write them, spelt the way of ``dates``; what can mean two things is named with both.

The text is taken apart piece by piece (the date, the time, the zone, the weekday), in whatever order they stand; what
is left over in the end must be filler.
"""

import re
from dataclasses import dataclass, replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

from feedsvc.content.calendar_days import (
    MONTH_NUMBERS,
    MONTHS,
    WEEKDAY_NUMBERS,
    WEEKDAYS,
    YEARS,
    exact_day,
    known_day,
    near_weekday,
    offset_text,
)
from feedsvc.errors import BadValueError, shortened

EXAMPLE = "write year-month-day and the time if it matters: nine in the morning of March 1, 2026 is 2026-03-01 09:00"
_GAP = re.compile(r"(?<=[0-9])[Tt](?=[0-9])")
_YEAR_FIRST = re.compile(r"(?<![0-9])([0-9]{4})[-/.]([0-9]{1,2})[-/.]([0-9]{1,2})(?![0-9])")
_EIGHT = re.compile(r"(?<![0-9])((?:19|20)[0-9]{2})([01][0-9])([0-3][0-9])(?![0-9])")
_TWO = re.compile(r"[0-9]{1,2}[-/.][0-9]{1,2}")
_OPENING_YEAR = re.compile(r"(?<![0-9])([0-9]{4})[ ,.-]+$")
_NUMBERS = re.compile(r"(?<![0-9])([0-9]{1,2})([-/.])([0-9]{1,2})\2([0-9]{4}|[0-9]{2})(?![0-9])")
_NAME = "|".join(sorted(MONTH_NUMBERS, key=len, reverse=True))
_DAY = r"([0-9]{1,2})(?:st|nd|rd|th|º|°|ro)?"
_YEAR = r"(?:[ ,.-]+|[ ,]+(?:de|del|of)[ ]+)('?[0-9]{2}|[0-9]{4})(?![0-9:])"
_MONTH_FIRST = re.compile(rf"\b({_NAME})\b[ .-]*(?:the )?{_DAY}(?![0-9:])(?:{_YEAR})?")
_DAY_FIRST = re.compile(rf"(?<![0-9:]){_DAY}(?:[ .-]+|[ ]+(?:de|of)[ ]+)({_NAME})\b\.?(?:{_YEAR})?")
_HALF = r"(a|p)\.? ?m\.?(?![a-z])"
_TIME = re.compile(
    rf"(?<![0-9])([0-9]{{1,2}}) ?[:.h] ?([0-9]{{2}})(?:[:.]([0-9]{{2}})(?:[.,][0-9]+)?)?(?![0-9]) ?(?:{_HALF})?"
)
_HOUR = re.compile(rf"(?<![0-9:.])([0-9]{{1,2}}) ?(?:{_HALF}|h(?:rs?|s)?\b)")
_NOON = re.compile(r"\b(?:12(?::00)? )?(?:noon|mediod[ií]a)\b")
_MIDNIGHT = re.compile(r"\b(?:12(?::00)? )?(?:midnight|medianoche)\b")
_DISTANCE = re.compile(
    r"(?:\b(?:utc|gmt) ?)?(?<![0-9])([+-])([0-9]{2}):?([0-9]{2})?(?![0-9:])|\b(?:utc|gmt) ?([+-])([0-9]{1,2})\b"
)
_WORD = re.compile(r"[^\W\d_]+")
_FILLER = re.compile(
    r"[\s,.;@|()\u2013\u2014-]|\b(?:at|on|the|of|a|las?|el|de|del|um|o'clock|clock)\b|\bt\b|(?<=[0-9])t"
)
_REGIONS = {
    **dict.fromkeys(("est", "edt", "et"), "America/New_York"),
    **dict.fromkeys(("cst", "cdt", "ct"), "America/Chicago"),
    **dict.fromkeys(("mst", "mdt", "mt"), "America/Denver"),
    **dict.fromkeys(("pst", "pdt", "pt"), "America/Los_Angeles"),
    **dict.fromkeys(("akst", "akdt"), "America/Anchorage"),
    **dict.fromkeys(("cet", "cest"), "Europe/Berlin"),
    "hst": "Pacific/Honolulu",
    "utc": "UTC",
    "gmt": "UTC",
    "z": "UTC",
}


@dataclass(frozen=True, slots=True)
class _Reading:
    """One thing that the text can mean; empty texts stand for what it does not say."""

    day: date
    clock: str = ""
    offset: str = ""

    def __str__(self) -> str:
        clock = f" {self.clock}{self.offset}" if self.clock else ""
        return f"{self.day:%Y-%m-%d}{clock}"


def spell(text: str, zone: ZoneInfo) -> str:
    """The text as ``2027-05-04`` or ``2027-05-04 18:30-07:00``; BadValueError when it is no date, or can be several."""
    rest = " ".join(_GAP.sub(" ", text.casefold()).split())
    days, rest = _take_days(text, rest)
    clocks, rest = _take_clocks(text, rest)
    readings = [_Reading(day, clock) for day in days for clock in clocks]
    readings, rest = _take_zone(text, rest, readings, zone)
    readings, rest = _take_weekday(rest, readings)
    spelt = " or ".join(dict.fromkeys(str(reading) for reading in readings))
    left = " ".join(_FILLER.sub(" ", rest).split())
    if left:
        fix = _without_rest(left, spelt, has_clock=bool(clocks[0]))
        raise BadValueError(f"{shortened(left)} is no part of a date", fix)
    if " or " in spelt:
        meanings = " or ".join(dict.fromkeys(_said(reading) for reading in readings))
        raise BadValueError(f"{shortened(text)} can mean {meanings}", f"write {spelt}")
    return spelt


def _without_rest(left: str, spelt: str, *, has_clock: bool) -> str:
    """What to write in place of a text of which something is left over; no date is offered that loses figures."""
    if any(character.isdecimal() for character in left):
        return "write one date and one time of day, with hours and minutes such as 09:00"
    return f"write {spelt}" + ("" if has_clock else ", and behind it the time of day if it matters")


def _take_days(text: str, rest: str) -> tuple[list[date], str]:
    """Every day that the text can mean, and the text without it."""
    if found := _YEAR_FIRST.search(rest) or _EIGHT.search(rest):
        return [exact_day(text, int(found[1]), int(found[2]), int(found[3]))], _without(rest, found)
    if found := _NUMBERS.search(rest):
        parts = int(found[1]), int(found[3]), int(found[4])
        orders = [(parts[2], parts[0], parts[1]), (parts[2], parts[1], parts[0])]
        if len(found[4]) == 2 and found[2] != "/":
            orders.append((parts[0], parts[1], parts[2]))
        known = (known_day(_century(year), month, day) for year, month, day in orders)
        days = [day for day in known if day and day.year in YEARS]
        if not days:
            raise BadValueError(f"{shortened(text)} is not a date", EXAMPLE)
        return list(dict.fromkeys(days)), _without(rest, found)
    return _take_named_day(text, rest)


def _take_named_day(text: str, rest: str) -> tuple[list[date], str]:
    """The day whose month is a word, and the text without it."""
    month_first = _MONTH_FIRST.search(rest)
    found = month_first or _DAY_FIRST.search(rest)
    if found is None:
        if _TWO.fullmatch(rest):
            raise BadValueError(f"{shortened(text)} does not say the year", "write the year behind it")
        raise BadValueError(f"{shortened(text)} is not a date", EXAMPLE)
    name, number = (found[1], found[2]) if month_first else (found[2], found[1])
    year_first = _OPENING_YEAR.search(rest[: found.start()])
    if not found[3] and not year_first:
        what = f"{shortened(text)} does not say the year"
        raise BadValueError(what, "write the year behind it")
    if year_first and not found[3]:
        year, rest = int(year_first[1]), rest[: year_first.start()] + rest[year_first.end() :]
        return [exact_day(text, year, MONTH_NUMBERS[name], int(number))], rest.replace(found[0], " ", 1)
    year = _century(int(found[3].lstrip("'")))
    return [exact_day(text, year, MONTH_NUMBERS[name], int(number))], _without(rest, found)


def _take_clocks(text: str, rest: str) -> tuple[list[str], str]:
    """Every time of day that the text can mean, an empty one when it says none, and the text without it."""
    if found := _NOON.search(rest):
        return ["12:00"], _without(rest, found)
    if found := _MIDNIGHT.search(rest):
        return ["00:00", "23:59"], _without(rest, found)
    if found := _TIME.search(rest):
        hour, minute, second, half = int(found[1]), int(found[2]), found[3], found[4]
    elif found := _HOUR.search(rest):
        hour, minute, second, half = int(found[1]), 0, None, found[2]
    else:
        return [""], rest
    if hour > 23 or minute > 59 or int(second or 0) > 59:
        raise BadValueError(f"{text} does not exist: no clock shows that time", "write a time from 00:00 to 23:59")
    hours = [hour] if half is None or hour > 12 else [hour % 12 + (12 if half == "p" else 0)]
    if half == "a" and hour > 12:
        hours = [hour, hour - 12]
    tail = f":{second}" if second and int(second) else ""
    return [f"{one:02}:{minute:02}{tail}" for one in hours], _without(rest, found)


def _take_zone(text: str, rest: str, readings: list[_Reading], zone: ZoneInfo) -> tuple[list[_Reading], str]:
    """The readings with their distance from UTC where the text says one, and the text without it."""
    if not readings[0].clock:
        return readings, rest
    if found := _DISTANCE.search(rest):
        sign, hours, minutes = found[1] or found[4], int(found[2] or found[5]), found[3] or "00"
        return [replace(one, offset=f"{sign}{hours:02}:{minutes}") for one in readings], _without(rest, found)
    for found in _WORD.finditer(rest):
        region = _REGIONS.get(found[0])
        if region:
            known = [placed for one in readings for placed in _in_region(text, found[0], one, ZoneInfo(region), zone)]
            return known, _without(rest, found)
    return readings, rest


def _in_region(text: str, name: str, reading: _Reading, region: ZoneInfo, zone: ZoneInfo) -> list[_Reading]:
    """A reading in the zone that people call so; both meanings when its clocks show another name on that day."""
    local = datetime.fromisoformat(str(reading))
    if name in ("utc", "gmt", "z"):
        return [replace(reading, offset="Z")]
    own = local.replace(tzinfo=zone)
    if str(own.tzname()).casefold() == name:
        return [replace(reading, offset=offset_text(own))]
    there = local.replace(tzinfo=region)
    shown = str(there.tzname()).casefold()
    if name in (shown, f"{shown[0]}t"):
        return [replace(reading, offset=offset_text(there))]
    months = (local.replace(month=month, day=1, tzinfo=region) for month in (1, 7))
    named = next(one for one in months if str(one.tzname()).casefold() == name)
    spelt = [str(replace(reading, offset=offset_text(one))) for one in (there, named)]
    what = f"{shortened(text)} says {name.upper()}, but clocks show {shown.upper()} on that day"
    raise BadValueError(what, f"write {spelt[0]} for {shown.upper()}, or {spelt[1]} for {name.upper()}")


def _take_weekday(rest: str, readings: list[_Reading]) -> tuple[list[_Reading], str]:
    """The readings that fall on the weekday, if the text names one, and the text without it."""
    for found in _WORD.finditer(rest):
        number = WEEKDAY_NUMBERS.get(found[0])
        if number is None:
            continue
        fitting = [one for one in readings if one.day.weekday() == number]
        if not fitting:
            first = readings[0]
            what = f"{_said(first)} is a {WEEKDAYS[first.day.weekday()]}, not a {WEEKDAYS[number]}"
            raise BadValueError(what, f"write {first} or {replace(first, day=near_weekday(first.day, number))}")
        return fitting, _without(rest, found)
    return readings, rest


def _century(year: int) -> int:
    return 2000 + year if year < 100 else year


def _said(reading: _Reading) -> str:
    """``May 4, 2027``, with what else the text says."""
    clock = f" {reading.clock}" if reading.clock else ""
    return f"{MONTHS[reading.day.month - 1]} {reading.day.day}, {reading.day.year}{clock}"


def _without(text: str, found: re.Match[str]) -> str:
    return f"{text[: found.start()]} {text[found.end() :]}"
