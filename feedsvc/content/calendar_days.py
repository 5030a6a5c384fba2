"""The calendar: its words as officers write them, in English and Spanish, and the days that it has."""

import calendar
from contextlib import suppress
from datetime import date, datetime

from feedsvc.errors import BadValueError
from feedsvc.wording.english import ENGLISH
from feedsvc.wording.spanish import SPANISH

YEARS = range(1970, 2200)
MONTHS, WEEKDAYS = ENGLISH.months, ENGLISH.weekdays
_NAMES = [(name.lower(), number) for names in (MONTHS, SPANISH.months) for number, name in enumerate(names, 1)]
MONTH_NUMBERS = {
    **{name[:3]: number for name, number in _NAMES},
    **dict(_NAMES),
    **dict.fromkeys(("sept", "setiembre"), 9),
}
WEEKDAY_NUMBERS = {
    **{name[:3].lower(): number for number, name in enumerate(WEEKDAYS)},
    **{name.lower(): number for number, name in enumerate(WEEKDAYS)},
    **{name: number for number, name in enumerate(SPANISH.weekdays)},
    "tues": 1,
    "weds": 2,
    "thur": 3,
    "thurs": 3,
    "miercoles": 2,
    "sabado": 5,
}


def exact_day(text: str, year: int, month: int, day: int) -> date:
    """That day, which ``text`` says; BadValueError when the calendar does not have it."""
    if year not in YEARS:
        raise BadValueError(f"the year of {text} cannot be meant", f"write a year from {YEARS[0]} to {YEARS[-1]}")
    if not 1 <= month <= 12:
        what = f"{text} does not exist: there is no month {month:02}"
        raise BadValueError(what, "write year-month-day such as 2026-03-01")
    days = calendar.monthrange(year, month)[1]
    if not 1 <= day <= days:
        name = MONTHS[month - 1]
        what = f"{text} does not exist: {name} {year} has {days} days"
        raise BadValueError(what, f"write a day from {year}-{month:02}-01 to {year}-{month:02}-{days}")
    return date(year, month, day)


def known_day(year: int, month: int, day: int) -> date | None:
    """That day, or None when the calendar does not have it."""
    with suppress(ValueError):
        return date(year, month, day)
    return None


def near_weekday(day: date, number: int) -> date:
    """The day with that number among weekdays which is the nearest."""
    return date.fromordinal(day.toordinal() + (number - day.weekday() + 3) % 7 - 3)


def offset_text(moment: datetime) -> str:
    """``-05:00`` for the moment's distance from UTC."""
    plain = f"{moment:%z}"
    return f"{plain[:3]}:{plain[3:5]}"
