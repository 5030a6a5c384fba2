"""Every date of an update is the same wherever it is said, for programs and in words, and whatever the clocks do."""

import json
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import icalendar
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import html

from feedsvc.formats import FORMATS
from feedsvc.formats.calendar import render_calendar
from feedsvc.formats.json_feed import JSON_FEED
from feedsvc.model import Entry
from feedsvc.pages.update import update_page
from tests.content.samples import SITE, entry_text, load, make_root
from tests.formats.samples import XML_FORMATS, parse
from tests.make import SELF_URL, make_feed

ZONE = ZoneInfo(SITE.time_zone)
MINUTES = 15  # for which calendars show a deadline at a time of day
Span = tuple[str, str]  # first and last moment: instants in UTC, or days

# around both nights on which clocks change, and anywhere else
days = st.sampled_from(
    [date(2026, 3, 7), date(2026, 3, 8), date(2026, 3, 9), date(2026, 10, 31), date(2026, 11, 1)]
) | (st.dates(date(2026, 3, 2), date(2027, 3, 1)))
times = st.builds(time, st.integers(4, 23), st.sampled_from([0, 30, 59]))
moments = st.tuples(days, st.none() | times)
lengths = st.integers(1, 3)


@st.composite
def updates(draw: st.DrawFn) -> tuple[str, Span | None, list[Span]]:
    """What an author writes, and what it means: the deadline, and the events by their starts."""
    text, deadline, spans = "", None, []
    if draw(st.booleans()):
        day, clock = draw(moments)
        text += f"deadline: {_written(day, clock)}\n"
        deadline = (_said(day, clock), _said(day, clock))
    starts = draw(st.lists(moments, min_size=0 if deadline else 1, max_size=3))
    for number, (day, clock) in enumerate(starts):
        length = draw(lengths)
        if clock is None:
            last = day + timedelta(days=length - 1)
            spans.append((str(day), str(last)))
            end = str(last)
        else:
            ending = datetime.combine(day, clock, ZONE).astimezone(UTC) + timedelta(hours=length)
            local = ending.astimezone(ZONE)
            spans.append((_said(day, clock), ending.isoformat()))
            end = f"{local:%Y-%m-%d %H:%M}"
        text += (
            "event:\n" if not number else ""
        ) + f"  - {{id: e{number}, start: {_written(day, clock)}, end: {end}}}\n"
    return text, deadline, spans


def _written(day: date, clock: time | None) -> str:
    return str(day) if clock is None else f"{day} {clock:%H:%M}"


def _said(day: date, clock: time | None) -> str:
    return str(day) if clock is None else datetime.combine(day, clock, ZONE).astimezone(UTC).isoformat()


def _utc(text: str) -> str:
    """The same instant in UTC, or the day."""
    return datetime.fromisoformat(text).astimezone(UTC).isoformat() if "T" in text else text


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_root(tmp_path_factory.mktemp("dates"))


@settings(max_examples=60)
@given(written=updates())
def test_every_date_is_the_same_everywhere(written: tuple[str, Span | None, list[Span]], root: Path) -> None:
    text, deadline, spans = written
    entry = load(entry_text() + text, root).entry
    everything = sorted([*spans, *([deadline] if deadline else [])])
    assert sorted(in_calendar(entry)) == everything
    assert sorted(in_json_ld(entry)) == everything
    in_order = sorted(spans, key=lambda span: (_start(span[0]), _end(span[1])))
    assert in_json(entry) == (deadline, in_order)
    first = in_order[0] if spans else deadline
    for fmt in XML_FORMATS:
        (parsed,) = parse(fmt.render(make_feed(entry), SELF_URL)).entries
        assert (_utc(parsed.ev_startdate), _utc(parsed.ev_enddate)) == first
    words = in_words(entry)
    assert len(set(words)) == 1, "pages and feeds say the same"
    for start, end in everything:
        for said in {start, end}:
            assert _weekday(said) in words[0]


def _start(said: str) -> datetime:
    moment = datetime.fromisoformat(said)
    return moment if moment.tzinfo else moment.replace(tzinfo=ZONE)


def _end(said: str) -> datetime:
    return _start(said) + timedelta(days="T" not in said)


def _weekday(said: str) -> str:
    local = _start(said).astimezone(ZONE)
    return f"{local:%A}, {local:%B} {local.day}, {local.year}"


def in_calendar(entry: Entry) -> list[Span]:
    found = []
    calendar: Any = icalendar.Calendar.from_ical(render_calendar(SITE, "Dates", [entry]))
    for event in calendar.walk("VEVENT"):
        start, end = event["DTSTART"].dt, event["DTEND"].dt
        if not isinstance(start, datetime):
            end -= timedelta(days=1)
        elif str(event["UID"]).endswith("#deadline"):
            end -= timedelta(minutes=MINUTES)
        found.append((_of_calendar(start), _of_calendar(end)))
    return found


def _of_calendar(moment: Any) -> str:
    return moment.astimezone(UTC).isoformat() if isinstance(moment, datetime) else str(moment)


def in_json(entry: Entry) -> tuple[Span | None, list[Span]]:
    (item,) = json.loads(JSON_FEED.render(make_feed(entry), SELF_URL))["items"]
    said = item["_feedsvc"]
    deadline = said.get("deadline")
    return (
        (_utc(deadline), _utc(deadline)) if deadline else None,
        [(_utc(event["start"]), _utc(event["end"])) for event in said.get("events", ())],
    )


def in_json_ld(entry: Entry) -> list[Span]:
    page: Any = html.fromstring(update_page(SITE, entry).decode())
    (described,) = page.xpath("//script[@type='application/ld+json']/text()")
    return [(_utc(one["startDate"]), _utc(one["endDate"])) for one in _of_events(json.loads(described))]


def _of_events(described: Any) -> list[Any]:
    """Every event within, however deep."""
    if not isinstance(described, (dict, list)):
        return []
    parts = described if isinstance(described, list) else described.values()
    is_event = isinstance(described, dict) and described.get("@type") == "Event"
    return [*([described] if is_event else []), *(one for part in parts for one in _of_events(part))]


def in_words(entry: Entry) -> list[str]:
    """The sentences before the text, from the update's page and from each format's content."""
    page: Any = html.fromstring(update_page(SITE, entry).decode())
    said = [" ".join(line.text_content().split()) for line in page.xpath("//p[@class='date']")]
    found = [". ".join(said) + "."]
    for fmt in FORMATS:
        body = fmt.render(make_feed(entry), SELF_URL)
        if fmt is JSON_FEED:
            content = json.loads(body)["items"][0]["content_html"]
        else:
            content = parse(body).entries[0].content[0].value
        parts: Any = html.fragments_fromstring(content)
        leads = [part.text_content() for part in parts[: len(said)]]
        found.append(" ".join(leads))
    return found
