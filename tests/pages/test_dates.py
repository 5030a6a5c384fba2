"""The dates of an update on pages: the words of the feeds, in the page's or the update's language, and schema.org."""

import json
from datetime import UTC, datetime
from typing import Any

from feedsvc import pages
from feedsvc.formats import FORMATS
from feedsvc.places import Place
from tests.formats.test_events import DAYS, DEADLINE, LAST_MINUTE, MEETING
from tests.make import make_entry, make_site
from tests.pages.samples import read, text

SITE = make_site()
THE_MEETING = "When: Sunday, March 8, 2026, 12:00 am EST to Sunday, March 8, 2026, 3:30 am EDT"
ENTRY = make_entry(events=(DEADLINE, MEETING))


def lines(body: bytes) -> list[str]:
    return [text(line) for line in read(body).xpath("//p[@class='date']")]


def test_an_update_s_page_says_its_dates_in_the_words_of_the_feeds() -> None:
    body = pages.update_page(SITE, FORMATS, ENTRY)
    assert lines(body) == [
        "Deadline: Sunday, March 1, 2026",
        f"{THE_MEETING} Where: Hall 4 & <annex> More at meet.example.org",
    ]
    times = read(body).xpath("//p[@class='date']/time")
    assert [time.get("datetime") for time in times] == ["2026-03-01", "2026-03-08T00:00:00-05:00"]
    assert [time.get("data-end") for time in times] == ["2026-03-02T00:00:00-05:00", "2026-03-08T03:30:00-04:00"]


def test_lists_say_them_too_in_the_page_s_language() -> None:
    entry = make_entry(events=(DEADLINE,), language="es")
    assert lines(pages.landing_page(SITE, FORMATS, (entry,))) == ["Deadline: Sunday, March 1, 2026"]
    assert lines(pages.place_page(SITE, FORMATS, Place(("covid",)), (entry,))) == ["Deadline: Sunday, March 1, 2026"]
    assert lines(pages.update_page(SITE, FORMATS, entry)) == ["Fecha límite: domingo 1 de marzo de 2026"]


def test_what_is_over_says_so_from_that_second_on() -> None:
    entry = make_entry(events=(LAST_MINUTE, DAYS))
    closing, ending = datetime(2026, 3, 1, 22, tzinfo=UTC), datetime(2026, 3, 9, 4, tzinfo=UTC)
    for as_of, expected in [
        (closing.replace(hour=21, minute=59, second=59), [False, False]),
        (closing, [True, False]),
        (ending.replace(hour=3, minute=59, second=59), [True, False]),
        (ending, [True, True]),
    ]:
        for body in (
            pages.update_page(SITE, FORMATS, entry, as_of=as_of),
            pages.landing_page(SITE, FORMATS, (entry,), present=pages.Present(as_of=as_of)),
        ):
            said = lines(body)
            assert [said[0].endswith("EST Closed"), said[1].endswith("2026 Over")] == expected


def described(**fields: Any) -> Any:
    (script,) = read(pages.update_page(SITE, FORMATS, make_entry(**fields))).xpath(
        "//script[@type='application/ld+json']"
    )
    return json.loads(script.text)


def test_search_engines_are_told_every_date() -> None:
    article, deadline, meeting = described(events=(DEADLINE, MEETING), expires=datetime(2026, 4, 1, 12, tzinfo=UTC))
    assert article["@type"] == "NewsArticle"
    assert article["expires"] == "2026-04-01T08:00:00-04:00"
    assert [deadline[key] for key in ("@type", "name", "startDate", "endDate")] == [
        *("Event", "Deadline: Update 1", "2026-03-01", "2026-03-01"),
    ]
    assert "location" not in deadline
    assert [meeting["startDate"], meeting["endDate"]] == ["2026-03-08T00:00:00-05:00", "2026-03-08T03:30:00-04:00"]
    assert meeting["location"] == [
        {"@type": "Place", "name": "Hall 4 & <annex>", "address": "Hall 4 & <annex>"},
        {"@type": "VirtualLocation", "url": "https://meet.example.org/7?a=1&b=2"},
    ]
    assert described()["@type"] == "NewsArticle"
