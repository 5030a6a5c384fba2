"""Calendars, as the icalendar package and khal's own parser read them."""

import re
from datetime import UTC, date, datetime, timedelta
from typing import Any

import icalendar
from hypothesis import given, settings
from hypothesis import strategies as st

from feedsvc.formats.calendar import render_calendar
from feedsvc.model import Change, Entry, Event, Withdrawal
from tests.formats.samples import WORDS
from tests.formats.test_events import DAYS, DEADLINE, LAST_MINUTE, MEETING
from tests.make import make_category, make_entry, make_site

SITE = make_site(categories=(make_category(title="COVID, masks"), make_category("pay")))


def components(*entries: Entry, title: str = "Local 1107: COVID") -> list[Any]:
    """The events, as a calendar program has them."""
    return icalendar.Calendar.from_ical(render_calendar(SITE, title, entries)).walk("VEVENT")


def test_the_calendar_is_called_as_its_feeds_are_and_says_how_often_to_look() -> None:
    lines = render_calendar(SITE, "Local 7; pay, masks", ()).split(b"\r\n")
    assert lines[0] == b"BEGIN:VCALENDAR"
    assert set(lines[1:-2]) == {
        b"VERSION:2.0",
        b"PRODID:-//feedsvc//feedsvc//EN",
        b"NAME:Local 7\\; pay\\, masks",
        b"X-WR-CALNAME:Local 7\\; pay\\, masks",
        b"REFRESH-INTERVAL;VALUE=DURATION:PT6H",
        b"X-PUBLISHED-TTL:PT6H",
    }


def test_a_meeting_takes_its_time_and_is_known_by_the_entry_s_id() -> None:
    entry = make_entry(events=(MEETING,), summary="Come.", categories=("covid", "pay"))
    (event,) = components(entry)
    assert {name: event.decoded(name) for name in ("DTSTART", "DTEND", "DTSTAMP", "LAST-MODIFIED")} == {
        "DTSTART": MEETING.start,
        "DTEND": MEETING.end,
        "DTSTAMP": entry.updated,
        "LAST-MODIFIED": entry.updated,
    }
    assert {name: str(event[name]) for name in ("UID", "SUMMARY", "DESCRIPTION", "LOCATION", "URL")} == {
        "UID": entry.id,
        "SUMMARY": "Update 1",
        "DESCRIPTION": f"Come.\n{MEETING.url}\n{entry.permalink}",
        "LOCATION": "Hall 4 & <annex>",
        "URL": entry.permalink,
    }
    assert (event["STATUS"], event["TRANSP"], event["SEQUENCE"]) == ("CONFIRMED", "OPAQUE", 0)
    text = render_calendar(SITE, "", (entry,))
    assert b"\r\nDTSTART:20260308T050000Z\r\nDTEND:20260308T073000Z\r\n" in text
    assert b"\r\nCATEGORIES:COVID masks,Pay\r\n" in text
    assert b"VALARM" not in text
    assert b"TZID" not in text


def test_whole_days_and_deadlines_block_nobody_s_time() -> None:
    days, deadline = components(make_entry(events=(DAYS,)), make_entry(2, events=(DEADLINE,)))
    assert (days.decoded("DTSTART"), days.decoded("DTEND")) == (date(2026, 3, 7), date(2026, 3, 9))
    assert (deadline.decoded("DTSTART"), deadline.decoded("DTEND")) == (date(2026, 3, 1), date(2026, 3, 2))
    assert str(deadline["SUMMARY"]) == "Deadline: Update 2"
    assert str(deadline["UID"]).endswith("update-2#deadline")
    assert str(days["UID"]).endswith("update-1#days")
    for event in (days, deadline):
        assert (event["TRANSP"], event["X-MICROSOFT-CDO-BUSYSTATUS"]) == ("TRANSPARENT", "FREE")
    (last_minute,) = components(make_entry(events=(LAST_MINUTE,)))
    assert last_minute.decoded("DTSTART") == LAST_MINUTE.end
    assert last_minute.decoded("DTEND") > LAST_MINUTE.end
    assert last_minute["TRANSP"] == "TRANSPARENT"


def test_a_correction_counts_and_stands_in_the_description() -> None:
    changes = tuple(Change(date=datetime(2026, 3, day, 14, tzinfo=UTC), note=f"Room {day}") for day in (2, 4))
    (event,) = components(make_entry(events=(MEETING,), changes=changes, updated=changes[-1].date))
    assert event["SEQUENCE"] == 2
    assert event.decoded("DTSTAMP") == changes[-1].date
    assert str(event["DESCRIPTION"]).startswith("Corrected March 4, 2026: Room 4.\n")


def test_what_is_withdrawn_is_cancelled_under_its_uid_at_its_time() -> None:
    date = datetime(2026, 3, 4, 15, tzinfo=UTC)
    before = make_entry(events=(MEETING, DEADLINE), changes=(Change(date=date, note="a"),))
    after = make_entry(
        events=(MEETING, DEADLINE),
        changes=(Change(date=date, note="a"),),
        title="Retirado: Update 1",
        summary="Retirado: no.",
        withdrawal=Withdrawal(date=date, reason="no.", title="Update 1"),
        language="es",
    )
    assert [(event["UID"], event.decoded("DTSTART")) for event in components(before)] == [
        (event["UID"], event.decoded("DTSTART")) for event in components(after)
    ]
    for event in components(after):
        assert (event["STATUS"], event["SEQUENCE"], event["TRANSP"]) == ("CANCELLED", 2, "TRANSPARENT")
        assert str(event["SUMMARY"]) == "Cancelado: Update 1"
        assert str(event["DESCRIPTION"]).startswith("Retirado: no.\n")


def test_a_meeting_on_the_web_alone_is_there() -> None:
    event = Event(key="", start=MEETING.start, end=MEETING.end, url="https://meet.example.org/7")
    assert [str(one["LOCATION"]) for one in components(make_entry(events=(event,)))] == ["https://meet.example.org/7"]


def test_the_oldest_are_left_out_of_what_calendars_would_not_read() -> None:
    entries = [make_entry(n, events=(DAYS,), summary="é, " * 90) for n in range(1, 1500)]
    calendar = render_calendar(SITE, "Local 7", entries)
    assert 800_000 < len(calendar) < 1_000_000
    kept = [str(event["UID"]) for event in icalendar.Calendar.from_ical(calendar).walk("VEVENT")]
    assert kept == [f"{entry.id}#days" for entry in entries[-len(kept) :]]


@settings(max_examples=100, deadline=None)
@given(title=WORDS, summary=st.text(max_size=200), place=WORDS, length=st.timedeltas(timedelta(1), timedelta(300)))
def test_any_text_comes_back_on_lines_that_calendars_read(
    title: str, summary: str, place: str, length: timedelta
) -> None:
    event = Event(key="", start=MEETING.start, end=MEETING.start + length, location=place)
    document = render_calendar(SITE, title, (make_entry(title=title, summary=summary, events=(event,)),))
    lines = document.split(b"\r\n")
    assert all(len(line) <= 75 for line in lines)
    assert not re.search("[\0-\x1f\x7f\x85\u2028\u2029\ufeff]", "".join(line.decode() for line in lines))
    (read,) = icalendar.Calendar.from_ical(document).walk("VEVENT")
    assert read.decoded("DTSTART") < read.decoded("DTEND")
    assert [*str(read["SUMMARY"])] == [*title.translate(CLEAN)]


CLEAN = dict.fromkeys((0x7F, 0x85, 0x2028, 0x2029, 0xFEFF, *range(0x20)), " ") | {ord("\n"): "\n"}
