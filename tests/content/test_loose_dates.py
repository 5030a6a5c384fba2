"""Dates as people write them: read where they mean one thing, named with every meaning where they mean several."""

# ruff: noqa: E501  # a message is compared as a whole

import re
from datetime import UTC, datetime, time
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feedsvc.content.dates import read_instant
from feedsvc.errors import BadValueError

ZONE = ZoneInfo("America/Los_Angeles")
NINE = time(9)
READ = """
2027-05-04 6:30 PM             = 2027-05-04 18:30
2027-05-04, 18:30              = 2027-05-04 18:30
2027-05-04 18.30               = 2027-05-04 18:30
2027-05-04 at 6:30pm           = 2027-05-04 18:30
2027-05-04 5 PM                = 2027-05-04 17:00
2027-05-04 5 p.m.              = 2027-05-04 17:00
2027-05-04 12 AM               = 2027-05-04 00:00
2027-05-04 12:15 PM            = 2027-05-04 12:15
2027-05-04 noon                = 2027-05-04 12:00
12:00 noon, 2027-05-04         = 2027-05-04 12:00
2027-05-04 18h30               = 2027-05-04 18:30
2027-05-04 18 hrs              = 2027-05-04 18:00
2027-5-4                       = 2027-05-04 09:00
2027/05/04 9:05                = 2027-05-04 09:05
20270504                       = 2027-05-04 09:00
5/25/2027 6:30 PM              = 2027-05-25 18:30
05/25/27                       = 2027-05-25 09:00
25.5.2027, 18:30               = 2027-05-25 18:30
5/5/2027                       = 2027-05-05 09:00
May 4, 2027 at 6:30 pm         = 2027-05-04 18:30
May 4 2027                     = 2027-05-04 09:00
May 4, '27                     = 2027-05-04 09:00
May the 4th, 2027              = 2027-05-04 09:00
Sept. 3, 2026                  = 2026-09-03 09:00
4 May 2027                     = 2027-05-04 09:00
4th of May 2027, 8 AM          = 2027-05-04 08:00
4-May-2027                     = 2027-05-04 09:00
2027 May 4, 8:00               = 2027-05-04 08:00
6:30 PM on May 4, 2027         = 2027-05-04 18:30
Tuesday, May 4, 2027           = 2027-05-04 09:00
Tues 5/4/2027 9am              = 2027-05-04 09:00
2027-05-04 (Tue)               = 2027-05-04 09:00
4 de mayo de 2027              = 2027-05-04 09:00
martes, 4 de mayo de 2027 a las 6:30 p. m. = 2027-05-04 18:30
el 4 de mayo del 2027, 18:30   = 2027-05-04 18:30
2027-05-04 18:30 PDT           = 2027-05-04 18:30
2027-05-04 18:30 PT            = 2027-05-04 18:30
2027-05-04 18:30 EDT           = 2027-05-04 15:30
2027-05-04 18:30 ET            = 2027-05-04 15:30
2027-05-04 18:30 GMT           = 2027-05-04 11:30
2027-05-04 18:30 UTC-4         = 2027-05-04 15:30
2027-05-04 18:30-0400          = 2027-05-04 15:30
2027-05-04T18:30:00.000Z       = 2027-05-04 11:30
2027-05-04T18:30:00.123+02:00  = 2027-05-04 09:30
"""
NAMED = """
5/4/2027 6:30 PM = '5/4/2027 6:30 PM' can mean May 4, 2027 18:30 or April 5, 2027 18:30; write 2027-05-04 18:30 or 2027-04-05 18:30
05/04/27 = '05/04/27' can mean May 4, 2027 or April 5, 2027; write 2027-05-04 or 2027-04-05
27-05-04 = '27-05-04' can mean May 27, 2004 or May 4, 2027; write 2004-05-27 or 2027-05-04
2027-05-04 13:30 AM = '2027-05-04 13:30 AM' can mean May 4, 2027 13:30 or May 4, 2027 01:30; write 2027-05-04 13:30 or 2027-05-04 01:30
2027-05-04 midnight = '2027-05-04 midnight' can mean May 4, 2027 00:00 or May 4, 2027 23:59; write 2027-05-04 00:00 or 2027-05-04 23:59
Monday, May 4, 2027 6:30 PM = May 4, 2027 18:30 is a Tuesday, not a Monday; write 2027-05-04 18:30 or 2027-05-03 18:30
2027-05-04 18:30 PST = '2027-05-04 18:30 PST' says PST, but clocks show PDT on that day; write 2027-05-04 18:30-07:00 for PDT, or 2027-05-04 18:30-08:00 for PST
2027-12-04 18:30 EDT = '2027-12-04 18:30 EDT' says EDT, but clocks show EST on that day; write 2027-12-04 18:30-05:00 for EST, or 2027-12-04 18:30-04:00 for EDT
2027-05-04 18:30 tentatively = 'tentatively' is no part of a date; write 2027-05-04 18:30
2027-05-04 morning = 'morning' is no part of a date; write 2027-05-04, and behind it the time of day if it matters
2027-05-04 9 = '9' is no part of a date; write one date and one time of day, with hours and minutes such as 09:00
2027-05-04 6:30-8:00 PM = '8:00 pm' is no part of a date; write one date and one time of day, with hours and minutes such as 09:00
May 4 = 'May 4' does not say the year; write the year behind it
5/4 = '5/4' does not say the year; write the year behind it
May 2027 = 'May 2027' is not a date; write year-month-day and the time if it matters: nine in the morning of March 1, 2026 is 2026-03-01 09:00
tomorrow 9am = 'tomorrow 9am' is not a date; write year-month-day and the time if it matters: nine in the morning of March 1, 2026 is 2026-03-01 09:00
Feb 30, 2027 = Feb 30, 2027 does not exist: February 2027 has 28 days; write a day from 2027-02-01 to 2027-02-28
May 4, 2027 25:00 = May 4, 2027 25:00 does not exist: no clock shows that time; write a time from 00:00 to 23:59
March 8, 2026 2:30 AM = 2026-03-08 02:30 does not exist in America/Los_Angeles: clocks go forward then; write 2026-03-08 03:30
November 1, 2026 1:30 AM Sunday = 2026-11-01 01:30 happens twice in America/Los_Angeles: clocks go back then; write 2026-11-01 01:30-07:00 or 2026-11-01 01:30-08:00
"""
FORMATS = (
    *("%Y-%m-%d %I:%M %p", "%Y-%m-%d, %H:%M", "%B %d, %Y at %I:%M%p", "%d %b %Y %H.%M", "%A, %B %d, %Y, %I:%M %p"),
    *("%m/%d/%Y %I:%M %p", "%d.%m.%Y %H:%M", "%m/%d/%y %H:%M", "%a %m-%d-%Y %H:%M", "%H:%M %d-%b-%Y", "%Y %B %d %H:%M"),
    *("%Y-%m-%dT%H:%M:%S.000", "%A %m/%d/%Y %H:%M", "%y-%m-%d %H:%M", "%Y-%m-%d %H:%M %p"),
)


def rows(table: str) -> list[list[str]]:
    return [re.split(r"\s+= ", line) for line in table.strip().splitlines()]


@pytest.mark.parametrize(("text", "local"), rows(READ))
def test_what_means_one_thing_is_read(text: str, local: str) -> None:
    expected = datetime.fromisoformat(local).replace(tzinfo=ZONE).astimezone(UTC)
    assert read_instant(text, ZONE, NINE) == expected


@pytest.mark.parametrize(("text", "message"), rows(NAMED))
def test_what_does_not_is_named(text: str, message: str) -> None:
    with pytest.raises(BadValueError) as caught:
        read_instant(text, ZONE, NINE)
    assert str(caught.value) == message


@settings(max_examples=200)
@given(st.datetimes(min_value=datetime(2001, 1, 1), max_value=datetime(2099, 1, 1)), st.sampled_from(FORMATS))  # noqa: DTZ001  # local times
def test_a_date_is_read_as_it_was_written_or_suggested_so(local: datetime, pattern: str) -> None:
    """In any order of its parts: what is read is the instant, and what is not has it among its suggestions."""
    local = local.replace(second=0, microsecond=0)
    expected = local.replace(tzinfo=ZONE).astimezone(UTC)
    try:
        found = [read_instant(local.strftime(pattern), ZONE, NINE)]
    except BadValueError as fault:
        texts = re.findall(r"[0-9]{4}-[0-9]{2}-[0-9]{2}(?: [0-9]{2}:[0-9]{2}(?:[+-][0-9]{2}:[0-9]{2})?)?", fault.fix)
        assert texts
        found = [read_instant(text, ZONE, NINE) for text in texts if _is_read(text)]
    assert expected in found


def _is_read(text: str) -> bool:
    """A suggestion is accepted; only one of an hour that happens twice says so in its turn."""
    try:
        read_instant(text, ZONE, NINE)
    except BadValueError as fault:
        assert "happens twice" in fault.what or "does not exist" in fault.what  # noqa: PT017  # a fault is allowed
        return False
    return True
