"""All updates of a place can be had by following links from its feed, whatever there is of them."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from urllib.parse import urljoin

import feedparser
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feedsvc.content.files import Files
from feedsvc.documents import recipes
from feedsvc.documents.changed import Changed
from feedsvc.documents.index import Index
from feedsvc.documents.listed import Listed
from feedsvc.documents.plan import Plan
from feedsvc.documents.recipe import Absent, Recipe
from feedsvc.documents.years import years_of
from feedsvc.feeds import cut
from feedsvc.formats import measure
from feedsvc.model import Document, Entry, Site
from feedsvc.places import ALL, Place
from tests.documents.test_index import make_listed
from tests.make import BASE_URL, make_entry, make_image, make_site

SITE = make_site(time_zone="America/Los_Angeles", favicon_url=BASE_URL + "icon.svg", icon=make_image())
COVID = Place(("covid",))
NOW = int(datetime(2026, 6, 1, tzinfo=UTC).timestamp())
LIMIT = 256_000
FH = "http://purl.org/syndication/history/1.0"


@dataclass
class House:
    """A site in memory: its updates, and what would be stored of it."""

    site: Site = SITE
    entries: dict[str, Entry] = field(default_factory=dict)
    index: Index = field(default_factory=lambda: Index(NOW))
    stored: dict[str, Recipe] = field(default_factory=dict)

    @property
    def plan(self) -> Plan:
        return Plan(self.site, (), self.index, lambda source: self.entries[source], Files(Path(), Path()))

    def publish(self, *entries: Entry, gone: Sequence[str] = ()) -> set[str]:
        """Put entries in, take sources out; which documents changed by that."""
        lines = {f"{entry.slug}.yaml": list_line(entry) for entry in entries}
        self.entries |= {f"{entry.slug}.yaml": entry for entry in entries}
        return self._store(self.index.change({**lines, **dict.fromkeys(gone)}))

    def publish_everything(self) -> set[str]:
        self.stored = {}
        return self._store(self.plan.everything())

    def _store(self, changed: Changed) -> set[str]:
        before = dict(self.stored)
        found = [
            one for one in recipes(self.plan, changed) if one.path.startswith(("/20", "/covid/", "/rss", "/feed.j"))
        ]
        for one in found:
            if isinstance(one, Absent):
                self.stored = {
                    path: recipe
                    for path, recipe in self.stored.items()
                    if path != one.path and not (one.below and path.startswith(one.path))
                }
        self.stored |= {one.path: one for one in found if isinstance(one, Recipe)}
        return {
            path
            for path in before.keys() | self.stored.keys()
            if getattr(before.get(path), "key", None) != getattr(self.stored.get(path), "key", None)
        }

    def keys(self) -> dict[str, str]:
        return {path: recipe.key for path, recipe in self.stored.items()}

    def get(self, url: str) -> Document:
        """What a client is answered; the way from an earlier address is followed."""
        document = self.stored["/" + url.removeprefix(BASE_URL).removeprefix("/")].render()
        return self.get(urljoin(BASE_URL, document.page_path)) if document.kind.status == 301 else document


def list_line(entry: Entry) -> Listed:
    published = int(entry.published.timestamp())
    return make_listed(
        1,
        source=f"{entry.slug}.yaml",
        id=entry.id,
        slug=entry.slug,
        title=entry.title,
        written=published,
        published=published,
        categories=entry.categories,
        digest=entry.digest,
        updated=int(entry.updated.timestamp()),
        octets=measure(cut(entry, SITE)),
    )


def links(parsed: feedparser.FeedParserDict) -> dict[str, str]:
    return {link.rel: link.href for link in parsed.feed.links}


def walk(house: House, start: str) -> list[feedparser.FeedParserDict]:
    """Every document from a feed to the oldest, by the links alone; it ends."""
    found = []
    url: str | None = BASE_URL + start
    while url:
        document = house.get(url)
        assert len(document.body) <= LIMIT
        parsed = feedparser.parse(document.body)
        assert not parsed.bozo
        assert links(parsed)["self"] == url
        found.append(parsed)
        assert len(found) < 1000
        url = links(parsed).get("prev-archive")
    return found


def walk_json(house: House, start: str) -> list[Mapping[str, object]]:
    found = []
    url = BASE_URL + start
    while url:
        found.append(json.loads(house.get(url).body))
        assert found[-1]["feed_url"] == url
        assert found[-1].get("next_url", url) is not None
        url = found[-1].get("next_url", "")
    return found


def make_at(number: int, when: datetime, **overrides: object) -> Entry:
    return make_entry(number, published=when, updated=when, **overrides)


def length(octets: int) -> str:
    return f"<p>{'x' * octets}</p>"


def check(house: House, place: Place) -> None:
    expected = {entry.id for source, entry in house.entries.items() if place.holds(entry)}
    for name in ("rss.xml", "atom.xml") if place == COVID else ("rss.xml",):
        parts = walk(house, place.path[1:] + name)
        assert {entry.id for part in parts for entry in part.entries if "/about" not in entry.id} == expected
        archived = [entry.id for part in parts[1:] for entry in part.entries]
        assert len(archived) == len(set(archived)) == len(expected)
        for newer, older in pairwise(parts[1:]):
            assert links(older)["next-archive"] == links(newer)["self"]
        for part in parts[1:]:
            assert links(part)["current"] == BASE_URL + place.path[1:] + name
            assert part.feed.title == parts[0].feed.title
        assert "next-archive" not in links(parts[0])
        assert "prev-archive" not in links(parts[-1])
    pages = walk_json(house, place.path[1:] + "feed.json")
    items = [item["id"] for page in pages[1:] for item in page["items"]]  # type: ignore[attr-defined]
    assert sorted(items) == sorted(expected)


moments = st.integers(int(datetime(2017, 12, 28, tzinfo=UTC).timestamp()), NOW).map(
    lambda seconds: datetime.fromtimestamp(seconds, UTC)
)
entries = st.lists(
    st.tuples(moments, st.integers(1, 14_000), st.sampled_from([("covid",), ("pay",), ("covid", "pay")])), max_size=40
)


@settings(max_examples=20, deadline=None)
@given(entries, st.lists(st.integers(0, 39), max_size=6))
def test_every_update_is_met_by_following_links_and_changes_leave_what_everything_would(
    given: Sequence[tuple[datetime, int, tuple[str, ...]]], gone: Sequence[int]
) -> None:
    house = House()
    house.publish_everything()
    for number, (when, octets, categories) in enumerate(given):
        house.publish(make_at(number, when, content_html=length(octets), categories=categories))
    for number in {number for number in gone if number < len(given)}:
        house.publish(gone=[f"update-{number}.yaml"])
        del house.entries[f"update-{number}.yaml"]
    step_by_step = house.keys()
    house.publish_everything()
    assert house.keys() == step_by_step
    check(house, ALL)
    check(house, COVID)


def crowd(
    count: int, step: timedelta, octets: int = 3_000, start: datetime = datetime(2024, 3, 5, 18, tzinfo=UTC)
) -> list[Entry]:
    return [make_at(n, start + n * step, content_html=length(octets)) for n in range(count)]


@pytest.mark.parametrize(
    ("given", "years"),
    [
        (crowd(1, timedelta(0)), [2024]),
        (crowd(300, timedelta(seconds=1)), [2024]),
        (crowd(120, timedelta(days=1)), [2024]),
        (crowd(60, timedelta(days=12), 300), [2026, 2025, 2024]),
    ],
    ids=["one", "all in one day", "a large year", "small years"],
)
def test_a_year_is_one_document_or_months_or_numbered_parts(given: list[Entry], years: list[int]) -> None:
    house = House()
    house.publish(*given)
    check(house, COVID)
    assert years_of(house.plan, COVID) == years
    parts = {path for path in house.stored if re.fullmatch(r"/covid/\d{4}/.*rss\.xml", path)}
    if years != [2024]:
        assert parts == {f"/covid/{year}/rss.xml" for year in years}
    elif len(given) > 1:
        assert house.get(BASE_URL + "covid/2024/rss.xml").path == "/covid/2024/03/rss.xml"
        names = {path.split("/")[3] for path in parts}
        assert names >= ({"03", "03-2", "03-3"} if len(given) == 300 else {"03", "04", "05", "06"})


@pytest.mark.parametrize("step", [timedelta(seconds=1), timedelta(days=1), timedelta(days=40)])
def test_a_new_update_changes_no_closed_document(step: timedelta) -> None:
    house = House()
    house.publish(*crowd(250 if step < timedelta(days=40) else 20, step))
    chain = [links(part)["self"] for part in walk(house, "covid/rss.xml")]
    latest = max(entry.published for entry in house.entries.values())
    changed = house.publish(make_at(999, latest + timedelta(minutes=1)))
    assert not changed & {"/" + url.removeprefix(BASE_URL) for url in chain[2:]}
    assert {"/covid/rss.xml", "/" + chain[1].removeprefix(BASE_URL)} <= changed


def test_what_is_closed_says_so_and_what_is_open_does_not() -> None:
    house = House()
    house.publish(*crowd(6, timedelta(days=200)))
    closed = [
        path for path in sorted(house.stored) if path.endswith("atom.xml") and FH.encode() in house.get(path).body
    ]
    assert closed == [f"{place}20{year}/atom.xml" for place in ("/", "/covid/") for year in (24, 25)]


def test_an_update_belongs_to_the_year_of_the_site_s_own_clock() -> None:
    house = House()
    house.publish(make_at(1, datetime(2025, 1, 1, 7, 59, tzinfo=UTC)), make_at(2, datetime(2025, 1, 1, 8, tzinfo=UTC)))
    assert years_of(house.plan, ALL) == [2025, 2024]


def test_a_month_that_begins_twice_loses_no_update_and_repeats_no_document() -> None:
    """In Newfoundland, a minute after the first midnight of November 2009 it was October again for an hour."""
    house = House(replace(SITE, time_zone="America/St_Johns"))
    house.publish(*crowd(100, timedelta(minutes=1), start=datetime(2009, 11, 1, 2, tzinfo=UTC)))
    check(house, COVID)
    page = house.get("covid/2009/").body.decode()
    ids = re.findall(r' id="([^"]+)"', page)
    assert len(ids) == len(set(ids))
    assert all(f"/updates/{entry.slug}/" in page for entry in house.entries.values())


def test_a_year_without_updates_is_gone_with_all_its_parts() -> None:
    house = House()
    house.publish(*crowd(300, timedelta(seconds=1)), make_at(400, datetime(2025, 5, 1, tzinfo=UTC)))
    assert any(path.startswith("/covid/2024/03-2/") for path in house.stored)
    house.publish(gone=[f"update-{n}.yaml" for n in range(300)])
    assert not any("/2024/" in path for path in house.stored)


def test_a_place_leads_to_its_years_and_a_year_to_those_around_it() -> None:
    house = House()
    house.publish(*crowd(6, timedelta(days=200)))
    place, year = house.get("covid/").body.decode(), house.get("covid/2025/").body.decode()
    assert [f'<a href="/covid/{year}/">{year}</a>' in place for year in (2024, 2025, 2026, 2027)] == [True] * 3 + [
        False
    ]
    assert 'rel="next" href="/covid/2026/"' in year
    assert 'rel="prev" href="/covid/2024/"' in year
    assert year.index('<h2 id="month-1">') < year.index('<h2 id="month-2">')
    assert (
        'type="application/rss+xml" title="Local 1107: COVID (RSS)" href="https://news.example.org/covid/rss.xml"'
        in year
    )


def test_a_mix_leads_to_the_years_of_everything() -> None:
    house = House()
    house.publish(make_at(1, datetime(2025, 5, 1, tzinfo=UTC)))
    plan = replace(house.plan, site=replace(SITE, mixes=(("covid", "pay"),)))
    mixed = {one.path: one for one in recipes(plan, plan.everything()) if isinstance(one, Recipe)}
    assert b'<a href="/2025/">2025</a>' in mixed["/covid_pay/"].render().body
    assert b"prev-archive" not in mixed["/covid_pay/rss.xml"].render().body
