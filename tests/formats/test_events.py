"""The dates of an entry in every format, as a feed parser has them."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from feedsvc.formats import FORMATS
from feedsvc.formats.format import FeedFormat
from feedsvc.formats.json_feed import JSON_FEED
from feedsvc.model import Event
from tests.formats.samples import XML_FORMATS, named, parse, read
from tests.make import SELF_URL, make_entry, make_feed, make_site

MEETING = Event(
    key="",
    start=datetime(2026, 3, 8, 5, tzinfo=UTC),
    end=datetime(2026, 3, 8, 7, 30, tzinfo=UTC),  # while it lasts, clocks go forward in New York
    location="Hall 4 & <annex>",
    url="https://meet.example.org/7?a=1&b=2",
)
DEADLINE = Event(
    key="deadline",
    start=datetime(2026, 3, 1, 5, tzinfo=UTC),
    end=datetime(2026, 3, 2, 5, tzinfo=UTC),
    is_whole_day=True,
    is_deadline=True,
)
DAYS = Event(
    key="days", start=datetime(2026, 3, 7, 5, tzinfo=UTC), end=datetime(2026, 3, 9, 4, tzinfo=UTC), is_whole_day=True
)
LAST_MINUTE = Event(
    key="deadline",
    start=datetime(2026, 3, 1, 22, tzinfo=UTC),
    end=datetime(2026, 3, 1, 22, tzinfo=UTC),
    is_deadline=True,
)
every_format = pytest.mark.parametrize("fmt", FORMATS, ids=named)
# events, what is said in words, and what the event module says
SAID: dict[str, tuple[tuple[Event, ...], str, list[str | None]]] = {
    "meeting": (
        (MEETING,),
        "When: Sunday, March 8, 2026, 12:00 am EST to Sunday, March 8, 2026, 3:30 am EDT. Where: Hall 4 & <annex>.",
        ["2026-03-08T00:00:00-05:00", "2026-03-08T03:30:00-04:00", "Hall 4 & <annex>"],
    ),
    "deadline": ((DEADLINE,), "Deadline: Sunday, March 1, 2026.", ["2026-03-01", "2026-03-01", None]),
    "last minute": (
        (LAST_MINUTE,),
        "Deadline: Sunday, March 1, 2026, 5:00 pm EST.",
        ["2026-03-01T17:00:00-05:00", "2026-03-01T17:00:00-05:00", None],
    ),
    "days": (
        (DAYS,),
        "When: Saturday, March 7, 2026 to Sunday, March 8, 2026.",
        ["2026-03-07", "2026-03-08", None],
    ),
    "deadline and days": (
        (DEADLINE, DAYS),
        "Deadline: Sunday, March 1, 2026. When: Saturday, March 7, 2026 to Sunday, March 8, 2026.",
        ["2026-03-07", "2026-03-08", None],
    ),
}


@every_format
@pytest.mark.parametrize("name", SAID)
def test_dates_are_said_first_in_summary_and_content(fmt: FeedFormat, name: str) -> None:
    events, words, _ = SAID[name]
    (item,) = read(fmt, fmt.render(make_feed(make_entry(events=events, summary="Come.")), SELF_URL)).items
    assert item.summary == f"{words} Come."
    assert item.content_html.startswith("<p><strong>")
    assert item.content_html.index(words.split(". ")[0].partition(": ")[2]) < item.content_html.index("at length")


@pytest.mark.parametrize("fmt", XML_FORMATS, ids=named)
@pytest.mark.parametrize("name", SAID)
def test_the_event_module_holds_the_event_else_the_deadline(fmt: FeedFormat, name: str) -> None:
    events, _, expected = SAID[name]
    (entry,) = parse(fmt.render(make_feed(make_entry(events=events)), SELF_URL)).entries
    assert [entry.get("ev_startdate"), entry.get("ev_enddate"), entry.get("ev_location")] == expected


def extension(**fields: Any) -> Any:
    (item,) = json.loads(JSON_FEED.render(make_feed(make_entry(**fields)), SELF_URL))["items"]
    return item.get("_feedsvc")


def test_the_extension_of_json_feed_holds_every_date() -> None:
    expires = datetime(2026, 3, 10, 3, 59, tzinfo=UTC)
    assert extension(events=(DEADLINE, DAYS, MEETING), expires=expires) == {
        "deadline": "2026-03-01",
        "events": [
            {"start": "2026-03-07", "end": "2026-03-08"},
            {
                "start": "2026-03-08T00:00:00-05:00",
                "end": "2026-03-08T03:30:00-04:00",
                "place": "Hall 4 & <annex>",
                "url": "https://meet.example.org/7?a=1&b=2",
            },
        ],
        "expires": "2026-03-09T23:59:00-04:00",
    }
    assert extension() is None


@every_format
def test_where_to_join_is_a_link_in_the_content(fmt: FeedFormat) -> None:
    (item,) = read(fmt, fmt.render(make_feed(make_entry(events=(MEETING,))), SELF_URL)).items
    assert '<a href="https://meet.example.org/7?a=1&amp;b=2">More at meet.example.org</a>' in item.content_html


@every_format
def test_dates_are_said_in_the_entry_s_language(fmt: FeedFormat) -> None:
    entry = make_entry(events=(LAST_MINUTE, DAYS), language="es", summary="Venga.")
    (item,) = read(fmt, fmt.render(make_feed(entry, site=make_site(time_zone="America/Sao_Paulo")), SELF_URL)).items
    assert item.summary == (
        "Fecha límite: domingo 1 de marzo de 2026, 7:00\N{NO-BREAK SPACE}p.\N{NO-BREAK SPACE}m. UTC-03."
        " Cuándo: sábado 7 de marzo de 2026 a domingo 8 de marzo de 2026. Venga."
    )


@every_format
def test_a_date_stands_in_what_is_told_by_its_summary_alone(fmt: FeedFormat) -> None:
    entry = make_entry(events=(DEADLINE,))
    feed = make_feed(entry, trimmed=frozenset({entry.id}))
    (item,) = read(fmt, fmt.render(feed, SELF_URL)).items
    assert item.content_html.startswith("<p><strong>Deadline:</strong> Sunday, March 1, 2026.</p>")
