"""A category ends: its feeds say farewell, and a year later its addresses say that it is gone or lead on."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import feedparser
import icalendar
import pytest

from feedsvc.settings import Settings
from feedsvc.web.app import create_app
from tests.harness.folder import write_update
from tests.publishing.test_publisher import House

YEAR = timedelta(days=365)
ENDED = datetime(2026, 3, 2, 17, 0, 46, tzinfo=UTC)  # of the second category of the site
SAFETY = "  - slug: safety\n    title: Safety\n    description: Equipment.\n    since: 2026-01-07\n"
ID = "tag:news.example.org,2026:feed/pay/ended"
FEEDS = ("/pay/rss.xml", "/pay/atom.xml", "/pay/feed.json")


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    """Of three categories, pay is to end; its feed is longer than a feed can be."""
    house = House(tmp_path)
    site = house.root / "site.yaml"
    text = (
        site.read_text()
        .replace("feed_length", "")
        .replace("since: 2026-01-06", "since: 2026-01-06\n    ended: 2026-03-02")
    )
    site.write_text(text + SAFETY)
    for number in range(4, 36):
        write_update(house.root, number, categories="[pay]")
    write_update(house.root, 4, categories="[pay]", more="image: {src: icon.png, alt: Our badge}\n")
    house.publish(ENDED - timedelta(seconds=1))
    yield house
    house.store.close()


def titles(house: House, feed: str) -> list[str]:
    return [entry.title for entry in feedparser.parse(house.documents()[feed]).entries]


def test_a_feed_says_farewell_when_its_category_ends_and_whatever_else_it_holds(house: House, tmp_path: Path) -> None:
    assert "This feed has ended: Pay" not in titles(house, "/pay/atom.xml")
    outcome = house.publish(ENDED)
    assert outcome.next_change == int((ENDED + YEAR).timestamp())
    for feed in ("/pay/atom.xml", "/covid_pay/atom.xml", "/pay_safety/atom.xml"):
        entry = feedparser.parse(house.documents()[feed]).entries[0]
        assert (entry.title, entry.id, entry.published) == ("This feed has ended: Pay", ID, "2026-03-02T09:00:46-08:00")
        assert 'href="https://news.example.org/"' in entry.content[0].value
    for feed in ("/atom.xml", "/covid/atom.xml", "/covid_safety/atom.xml"):
        assert "This feed has ended: Pay" not in titles(house, feed)
    said = "“Pay” ended on March 2, 2026. Nothing new appears here.".encode()
    assert {path for path, body in house.documents().items() if said in body and path.endswith("/")} == {
        *("/pay/", "/covid_pay/", "/pay_safety/")
    }
    for number in range(36, 70):
        write_update(house.root, number, categories="[pay]", published=f"2026-03-03 10:{number - 10}")
    house.publish(ENDED + timedelta(days=2))
    assert titles(house, "/pay/atom.xml")[-1] == "This feed has ended: Pay"
    assert house.documents() == house.fresh(tmp_path, ENDED + timedelta(days=2))


def test_a_year_later_its_addresses_say_that_it_is_gone_or_lead_on(house: House, tmp_path: Path) -> None:
    last = ENDED + YEAR
    house.publish(last - timedelta(seconds=1))
    client = create_app(Settings(content=house.root, publication=house.path)).test_client()
    assert {client.get(path).status_code for path in ("/pay/", *FEEDS)} == {200}
    house.publish(last)
    for path in ("/pay/", "/pay/calendar.ics", *FEEDS):
        assert (client.get(path).status_code, client.head(path).status_code) == (410, 410), path
    assert "noindex" in client.get("/pay/").text
    for feed in FEEDS:
        parsed = client.get(feed)
        assert "This feed has ended: Pay" in parsed.text
    assert [entry.id for entry in feedparser.parse(client.get("/pay/atom.xml").data).entries] == [ID]
    assert icalendar.Calendar.from_ical(client.get("/pay/calendar.ics").data).events == []
    for path, target in {
        "/covid_pay/rss.xml": "/covid/rss.xml",
        "/pay_safety/": "/safety/",
        "/embed/pay/": "/embed/all/",
        "/pay/oembed.json": "/oembed.json",
        "/pay/2026/": "/2026/",
        "/pay/poster/": "/poster/",
        "/covid_pay/feeds.opml": "/feeds.opml",
    }.items():
        answer = client.get(path)
        assert (answer.status_code, answer.headers["Location"].removeprefix("http://localhost")) == (301, target)
        assert client.get(target).status_code == 200
    update = client.get("/updates/update-4/")
    assert update.status_code == 200
    documents = house.documents()
    cards = {path: body.decode() for path, body in documents.items() if path.endswith("/card.png")}
    assert {path for path, target in cards.items() if target not in documents} == set()
    leading = [path for path, body in house.documents().items() if b'"/pay/' in body or b"/pay/rss.xml" in body]
    assert [path for path in leading if not path.startswith("/pay/")] == []
    assert house.documents() == house.fresh(tmp_path, last)


def test_the_years_of_what_ended_long_ago_follow_each_change(house: House, tmp_path: Path) -> None:
    last = ENDED + YEAR + timedelta(days=1)
    house.publish(last)
    write_update(house.root, 80, categories="[pay]", published="2024-05-06 10:00", id="2024")
    house.publish(last)
    assert "/pay/2024/" in house.documents()
    assert house.documents() == house.fresh(tmp_path, last)
    write_update(house.root, 80, categories="[covid]", published="2024-05-06 10:00", id="2024")
    house.publish(last)
    assert "/pay/2024/" not in house.documents()
    assert house.documents() == house.fresh(tmp_path, last)


def test_a_category_that_goes_on_after_all_has_its_place_again(house: House, tmp_path: Path) -> None:
    house.publish(ENDED + YEAR)
    site = house.root / "site.yaml"
    site.write_text(site.read_text().replace("    ended: 2026-03-02\n", ""))
    house.publish(ENDED + YEAR)
    assert "This feed has ended: Pay" not in titles(house, "/pay/atom.xml")
    assert b"Update number 35" in house.documents()["/pay/"]
    assert house.documents() == house.fresh(tmp_path, ENDED + YEAR)


def test_the_former_address_of_what_has_ended_leads_to_where_that_is_said(house: House) -> None:
    site = house.root / "site.yaml"
    site.write_text(site.read_text().replace("slug: pay\n", "slug: pay\n    aliases: [wages]\n"))
    house.publish(ENDED + YEAR)
    documents = house.documents()
    assert documents["/wages/rss.xml"] == b"/pay/rss.xml"
    assert documents["/wages/2026/"] == b"/2026/"
    assert documents["/wages/card.png"] == documents["/pay/card.png"] == documents["/card.png"]


def test_a_category_cannot_end_before_it_began(house: House) -> None:
    site = house.root / "site.yaml"
    site.write_text(site.read_text().replace("ended: 2026-03-02", "ended: 2026-01-02"))
    (problem,) = house.publish(ENDED).problems
    assert (problem.field, problem.message) == ("categories.ended", "it ended before it began")
