"""The dates of an update on pages: the words of the feeds, in the page's or the update's language, and schema.org."""

import json
import re
from datetime import UTC, datetime
from typing import Any

import pytest
from playwright.sync_api import Browser

from feedsvc.pages.assets import assets
from feedsvc.pages.dates import Present
from feedsvc.pages.place import place_page
from feedsvc.pages.update import update_page
from feedsvc.places import Place, home_of
from tests.formats.test_events import DAYS, DEADLINE, LAST_MINUTE, MEETING
from tests.make import make_entry, make_site
from tests.pages.samples import read, text

SITE = make_site()
THE_MEETING = "When: Sunday, March 8, 2026, 12:00 am EST to Sunday, March 8, 2026, 3:30 am EDT"
ENTRY = make_entry(events=(DEADLINE, MEETING))


def lines(body: bytes) -> list[str]:
    return [text(line) for line in read(body).xpath("//p[@class='date']")]


def test_an_update_s_page_says_its_dates_in_the_words_of_the_feeds() -> None:
    body = update_page(SITE, ENTRY)
    assert lines(body) == [
        "Deadline: Sunday, March 1, 2026",
        f"{THE_MEETING} Where: Hall 4 & <annex> More at meet.example.org",
    ]
    times = read(body).xpath("//p[@class='date']/time")
    assert [time.get("datetime") for time in times] == ["2026-03-01", "2026-03-08T00:00:00-05:00"]
    assert [time.get("data-end") for time in times] == ["2026-03-02T00:00:00-05:00", "2026-03-08T03:30:00-04:00"]


def test_lists_say_them_too_in_the_page_s_language() -> None:
    entry = make_entry(events=(DEADLINE,), language="es")
    assert lines(place_page(SITE, home_of(SITE), (entry,))) == ["Deadline: Sunday, March 1, 2026"]
    assert lines(place_page(SITE, Place(("covid",)), (entry,))) == ["Deadline: Sunday, March 1, 2026"]
    assert lines(update_page(SITE, entry)) == ["Fecha límite: domingo 1 de marzo de 2026"]


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
            update_page(SITE, entry, as_of=as_of),
            place_page(SITE, home_of(SITE), (entry,), present=Present(as_of=as_of)),
        ):
            said = lines(body)
            assert [said[0].endswith("EST Closed"), said[1].endswith("2026 Over")] == expected


def described(**fields: Any) -> Any:
    (script,) = read(update_page(SITE, make_entry(**fields))).xpath("//script[@type='application/ld+json']")
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


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        ("2026-02-26T04:59:59Z", ["dentro de 4 días", "dentro de 11 días"]),  # still the evening before in New York
        ("2026-02-28T20:00:00Z", ["mañana", "dentro de 8 días"]),
        ("2026-03-02T04:59:59Z", ["hoy", "dentro de 7 días"]),
        ("2026-03-02T05:00:00Z", ["", "dentro de 6 días"]),
        ("2026-03-08T07:29:59Z", ["", "hoy"]),
        ("2026-03-08T07:30:00Z", ["", ""]),
    ],
)
def test_a_script_says_how_far_off_a_date_is(browser: Browser, now: str, expected: list[str]) -> None:
    """Feeds never do: they would be other documents every day."""
    (script,) = (each.body.decode() for each in assets() if each.name_with_digest.startswith("copy."))
    body = update_page(SITE, make_entry(events=(DEADLINE, MEETING), language="es")).decode()
    page = browser.new_page(timezone_id="America/New_York")
    page.clock.set_fixed_time(now)
    page.set_content(re.sub(r"<(script|link)\b.*?>", "", body))
    page.add_script_tag(content=script)
    said = page.locator(".date").all_inner_texts()
    page.close()
    assert [line.partition("(")[2].partition(")")[0] for line in said] == expected
