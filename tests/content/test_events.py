"""The dates of an update: what authors write, what it means, and what is named."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from feedsvc.content.new_update import LEFTOVERS
from feedsvc.model import Event
from tests.content.samples import entry_text, load, make_root, messages


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


# what is written, and as what it is read, in New York
MEANT = {
    "deadline: 2026-03-20": Event(
        key="deadline", start=at("2026-03-20T04"), end=at("2026-03-21T04"), is_whole_day=True, is_deadline=True
    ),
    "deadline: Friday, March 20, 2026, 5 pm": Event(
        key="deadline", start=at("2026-03-20T21"), end=at("2026-03-20T21"), is_deadline=True
    ),
    # clocks go forward on that day, which has 23 hours, and back on the next, which has 25
    "deadline: 2026-03-08": Event(
        key="deadline", start=at("2026-03-08T05"), end=at("2026-03-09T04"), is_whole_day=True, is_deadline=True
    ),
    "event: 2026-11-01": Event(key="", start=at("2026-11-01T04"), end=at("2026-11-02T05"), is_whole_day=True),
    "event: 2026-03-04 18:00": Event(key="", start=at("2026-03-04T23"), end=at("2026-03-05T00")),
    "event:\n  start: 2026-03-04 18:00\n  end: 2026-03-04 20:30\n  place: Hall 4\n  url: https://a.example/x": Event(
        key="", start=at("2026-03-04T23"), end=at("2026-03-05T01:30"), location="Hall 4", url="https://a.example/x"
    ),
    "event:\n  start: 2026-10-31\n  end: 2026-11-01": Event(
        key="", start=at("2026-10-31T04"), end=at("2026-11-02T05"), is_whole_day=True
    ),
}


@pytest.mark.parametrize("written", MEANT, ids=lambda text: text.replace("\n", " "))
def test_what_is_written_is_what_is_meant(written: str, tmp_path: Path) -> None:
    assert load(entry_text() + written + "\n", make_root(tmp_path)).entry.events == (MEANT[written],)


def test_a_day_whose_midnight_the_clocks_skip_begins_when_they_go_on(tmp_path: Path) -> None:
    from dataclasses import replace
    from zoneinfo import ZoneInfo

    from feedsvc.content.entry import load_entry
    from feedsvc.content.files import Files
    from feedsvc.content.source import Source
    from tests.content.samples import NAME, SITE

    zone = "America/Sao_Paulo"
    site = replace(SITE, time_zone=zone)
    source = Source(NAME, (entry_text() + "deadline: 2018-11-04\n").encode())
    (event,) = load_entry(source, site, Files(make_root(tmp_path))).entry.events
    assert (event.start.astimezone(ZoneInfo(zone)).hour, (event.end - event.start).total_seconds()) == (1, 23 * 3600)


def test_several_dates_are_told_apart_by_their_ids_and_come_in_the_order_of_their_starts(tmp_path: Path) -> None:
    sessions = """\
deadline: 2026-03-02
event:
  - {start: 2026-03-12 07:30, id: night-shift}
  - {start: 2026-03-04 18:00}
  - {start: 2026-03-03, id: at-home}
"""
    events = load(entry_text() + sessions, make_root(tmp_path)).entry.events
    assert [event.key for event in events] == ["deadline", "at-home", "", "night-shift"]


# when feeds remind; the file is published on March 1, and nine is the usual time
REMINDED = {
    "deadline: 2026-03-20\nremind: 3 days": at("2026-03-17T13:00:30"),
    "deadline: 2026-03-09\nremind: 1 week": at("2026-03-02T14:00:30"),  # clocks go forward between, and it is nine
    "deadline: 2026-03-09 17:00\nremind: 2 Days": at("2026-03-07T22:00:30"),
    "deadline: 2026-03-08 03:30\nremind: 1 day": at("2026-03-07T08:30:30"),
    "deadline: 2026-03-09 02:30\nremind: 1 day": at("2026-03-08T07:30:30"),  # a time that the clocks skip that day
    "deadline: 2026-03-08\nremind: 12 hours": at("2026-03-08T16:00:30"),  # of a day of 23 hours
    "deadline: 2026-03-20 17:00\nremind: 36 hours": at("2026-03-19T09:00:30"),
    "deadline: 2026-03-03\nremind: 2 days": None,
    "deadline: 2026-03-20\nremind: 3 days\nwithdrawn: 2026-03-16\nreason: It is off.": None,
    "deadline: 2026-03-20": None,
}


@pytest.mark.parametrize("written", REMINDED, ids=lambda text: text.replace("\n", " "))
def test_feeds_remind_so_long_before_the_deadline_by_the_clock(written: str, tmp_path: Path) -> None:
    assert load(entry_text() + written + "\n", make_root(tmp_path)).entry.reminder == REMINDED[written]


# what is written, and what an author reads
WRONG = {
    "remind: 3 days": "6:9: remind: there is no deadline; add a line such as deadline: 2026-03-20, or delete the line",
    "deadline: 2026-03-20\nremind: soon": "7:9: remind: 'soon' is not so many hours, days or weeks; write a time such",
    "deadline: 2026-03-20\nremind: 3": "7:9: remind: '3' is not so many hours, days or weeks; write a time such as 3 d",
    "deadline: 2026-03-20\nremind: 99 days": "7:9: remind: '99 days' is not between an hour and 60 days; write a time",
    "deadline: 2026-03-20\nremind: 0 days": "7:9: remind: '0 days' is not between an hour and 60 days; write a time",
    "deadline: soon": "6:11: deadline: 'soon' is not a date; write year-month-day",
    "deadline: 2026-02-30": "6:11: deadline: 2026-02-30 does not exist: February 2026 has 28 days; write a day",
    "deadline: 2026-03-08 02:30": "6:11: deadline: 2026-03-08 02:30 does not exist in America/New_York: clocks go forw",
    "deadline: [2026-03-01, 2026-03-02]": "6:11: deadline: a list where text is expected; write deadline",
    "event:\n  - {}": "7:5: event.start: the field is missing; add a line such as start: 2026-03-04 18:00",
    "event:\n  place: Hall": "7:3: event.start: the field is missing; add a line such as start: 2026-03-04 18:00",
    "event: whenever": "6:8: event.start: 'whenever' is not a date; write year-month-day",
    "event:\n  start: 2026-03-04\n  when: 6 pm": "8:3: event.when: unknown field 'when'; the fields are start, end, p",
    "event:\n  start: 2026-03-04 18:00\n  end: 2026-03-04": "8:8: event.end: the date has no time of day, and start h",
    "event:\n  start: 2026-03-04\n  end: 2026-03-04 20:00": "7:10: event.start: the date has no time of day, and end",
    "event:\n  start: 2026-03-04 18:00\n  end: 2026-03-04 18:00": "8:8: event.end: it ends before it begins; write a",
    "event:\n  start: 2026-03-04\n  end: 2026-03-03": "8:8: event.end: it ends before it begins; write a later end, or",
    "event:\n  start: 2026-03-04\n  url: hall 4": "8:8: event.url: 'hall 4' is not a web address",
    "event:\n  - 2026-03-04\n  - 2026-03-05": "8:5: event: two dates have no id, and calendars cannot tell them",
    "event:\n  - []": "7:5: event: a list where a group of fields is expected; write its fields below it",
    "event:\n  - {start: 2026-03-04}\n  - {start: 2026-03-05}": "8:5: event: two dates have no id, and calendars cann",
    "event:\n  - {start: 2026-03-04, id: a}\n  - {start: 2026-03-05, id: a}": "8:29: event.id: the id 'a' is taken; w",
    "event: {start: 2026-03-04, id: deadline}": "6:32: event.id: the id 'deadline' is taken; write id: date-1, and",
    f"event: [{', '.join(f'{{start: 2026-03-04, id: a-{n}}}' for n in range(11))}]": "6:8: event: the list has 11 da",
    f"event: {{start: 2026-03-04, place: {LEFTOVERS['event.place']}}}": "6:35: event.place: this is what the file sa",
}


@pytest.mark.parametrize("written", WRONG, ids=lambda text: text.replace("\n", " ")[:60])
def test_what_cannot_be_meant_is_named_with_its_place_and_the_fix(written: str, tmp_path: Path) -> None:
    fields = entry_text(body='"Text."') + written + "\n"
    first = messages(fields, make_root(tmp_path))[0]
    assert first.startswith(WRONG[written])
    assert "; " in first


# what is written, and what is noted
NOTED = {
    "deadline: 2026-02-27": "6:11: note: deadline: it lies before the update is published; correct the date",
    "deadline: 2026-03-02\nremind: 3 days": "7:9: note: remind: that is before the update is published, so nobody is",
    "deadline: 2027-04-20": "6:11: note: deadline: it is more than a year after published; correct the year",
    "event: 2026-03-01 08:00": "6:8: note: event.start: it lies before the update is published; correct the date",
    "event: {start: 2026-03-04, place: 'Zoom, passcode 1234'}": "6:35: note: event.place: everybody who sees the cal",
    "event: {start: 2026-03-04, url: 'https://z.example/j/7?pwd=a'}": "6:33: note: event.url: everybody who sees the",
}


@pytest.mark.parametrize("written", NOTED)
def test_what_is_probably_not_meant_is_noted(written: str, tmp_path: Path) -> None:
    (note,) = load(entry_text(body='"Text."') + written + "\n", make_root(tmp_path)).notes
    assert str(note).removeprefix("content/updates/2026-03-01-masks-are-back.yaml:").startswith(NOTED[written])


def test_a_date_of_the_same_day_and_one_of_next_year_are_good(tmp_path: Path) -> None:
    text = entry_text(deadline="2026-03-01", event="2027-03-20 18:00")
    assert load(text, make_root(tmp_path)).notes == ()
