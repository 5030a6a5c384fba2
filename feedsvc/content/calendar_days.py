"""The calendar: its words as officers write them, in English and Spanish, and the days that it has."""

import calendar

from feedsvc.errors import BadValueError

YEARS = range(1970, 2200)
MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MESES = (
    *("enero", "febrero", "marzo", "abril", "mayo", "junio"),
    *("julio", "agosto", "septiembre", "octubre", "noviembre", "diciembre"),
)
_DIAS = ("lunes", "martes", "miércoles", "jueves", "viernes", "sábado", "domingo")
MONTH_NUMBERS = {
    **{name[:3].lower(): number for number, name in enumerate(MONTHS, 1)},
    **{name[:3]: number for number, name in enumerate(_MESES, 1)},
    **{name.lower(): number for number, name in enumerate(MONTHS, 1)},
    **{name: number for number, name in enumerate(_MESES, 1)},
    "sept": 9,
    "setiembre": 9,
}
WEEKDAY_NUMBERS = {
    **{name[:3].lower(): number for number, name in enumerate(WEEKDAYS)},
    **{name.lower(): number for number, name in enumerate(WEEKDAYS)},
    **{name: number for number, name in enumerate(_DIAS)},
    "tues": 1,
    "weds": 2,
    "thur": 3,
    "thurs": 3,
    "miercoles": 2,
    "sabado": 5,
}


def check_date(text: str, year: int, month: int, day: int) -> None:
    """BadValueError unless the calendar has that day, which ``text`` says."""
    if year not in YEARS:
        raise BadValueError(f"the year of {text} cannot be meant", f"write a year from {YEARS[0]} to {YEARS[-1]}")
    if not 1 <= month <= 12:
        raise BadValueError(
            f"{text} does not exist: there is no month {month:02}", "write year-month-day such as 2026-03-01"
        )
    days = calendar.monthrange(year, month)[1]
    if not 1 <= day <= days:
        name = MONTHS[month - 1]
        what = f"{text} does not exist: {name} {year} has {days} days"
        raise BadValueError(what, f"write a day from {year}-{month:02}-01 to {year}-{month:02}-{days}")
