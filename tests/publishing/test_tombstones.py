"""What was withdrawn and has left the feed: Atom says so, to readers that would else keep it for good."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import feedparser
import pytest
from lxml import etree

from tests.harness.folder import write_update
from tests.publishing.test_publisher import House

DAY = timedelta(days=1)
WITHDRAWN = datetime(2026, 3, 5, 17, tzinfo=UTC)
ID = "tag:news.example.org,2026:entry/2026-02-01-update-3"
LANG = "{http://www.w3.org/XML/1998/namespace}lang"
FEEDS = ("/atom.xml", "/covid/atom.xml")
PATHS = (*FEEDS, "/2026/atom.xml", "/covid/2026/atom.xml")  # a client of archives may have read these alone


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    """One update is withdrawn after it reminded of its deadline."""
    house = House(tmp_path)
    more = "deadline: 2026-03-06\nremind: 3 days\nwithdrawn: 2026-03-05 09:00\nreason: The vote is <off>.\nlang: es\n"
    write_update(house.root, 3, more=more)
    house.publish(WITHDRAWN)
    yield house
    house.store.close()


def tombstones(house: House, path: str) -> list[tuple[str, ...]]:
    """Id, date, language and reason of each, as any XML parser reads them."""
    root = etree.fromstring(house.documents()[path])
    names = {"at": "http://purl.org/atompub/tombstones/1.0"}
    return [
        (stone.get("ref", ""), stone.get("when", ""), comment.get(LANG, ""), comment.text or "")
        for stone in root.findall("at:deleted-entry", names)
        for comment in stone.findall("at:comment", names)
    ]


@pytest.mark.parametrize("path", PATHS)
def test_a_feed_says_for_a_year_what_was_withdrawn_and_has_left_it(house: House, path: str, tmp_path: Path) -> None:
    last = WITHDRAWN + 30 * DAY
    house.publish(last - timedelta(seconds=1))
    assert ID in {entry.id for entry in feedparser.parse(house.documents()[path]).entries}
    assert tombstones(house, path) == []
    house.publish(last)
    said = ("2026-03-05T09:00:00-08:00", "es", "The vote is <off>.")
    assert tombstones(house, path) == [(ID, *said), (f"{ID}#reminder-2026-03-06", *said)]
    parsed = feedparser.parse(house.documents()[path])
    assert (parsed.bozo, ID in {entry.id for entry in parsed.entries}) == (False, False)
    assert house.documents() == house.fresh(tmp_path, last)
    house.publish(last + 366 * DAY)
    assert tombstones(house, path) == []


def test_other_places_and_formats_are_as_they_were(house: House) -> None:
    house.publish(WITHDRAWN + 30 * DAY)
    documents = house.documents()
    assert tombstones(house, "/pay/atom.xml") == []
    assert not any(b"deleted-entry" in body for path, body in documents.items() if path not in PATHS)
