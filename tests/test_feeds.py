"""Which entries a feed holds, in which order, and how much of each."""

from datetime import timedelta
from html import escape
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feedsvc.feeds import make_feed, order, window
from feedsvc.places import ALL, Place, places_of
from tests.make import FIRST_PUBLISHED, PDF, SINCE, make_category, make_entry, make_image, make_site

SITE = make_site()
COVID = SITE.categories[0]
COVID_PLACE = Place(("covid",))
FULL = "<p>Words.</p>" * 420
LONG = "<p>Words.</p>" * 600


def test_the_newest_comes_first_and_the_id_decides_between_equals() -> None:
    old, new = make_entry(1), make_entry(2)
    twin = make_entry(3, slug="another", published=new.published)
    assert order([old, new, twin]) == order([twin, new, old]) == (twin, new, old)


def test_a_feed_holds_all_that_fit() -> None:
    entries = order([make_entry(n) for n in range(50)])
    assert window(SITE, entries) == (entries, frozenset())


def test_a_feed_is_never_longer_than_the_site_says() -> None:
    entries = order([make_entry(n) for n in range(60)])
    assert window(make_site(feed_length=30), entries)[0] == entries[:30]
    assert window(make_site(feed_length=5), entries)[0] == entries[:5]


def test_an_entry_too_long_to_be_told_in_full_is_told_by_its_summary() -> None:
    entries = order([make_entry(n, content_html=LONG if n in {20, 10, 5} else "<p>.</p>") for n in range(1, 21)])
    held, trimmed = window(SITE, entries)
    assert held == entries
    assert trimmed == {make_entry(n).id for n in (20, 10, 5)}


def test_a_feed_that_would_grow_too_large_leaves_out_its_oldest_without_gaps() -> None:
    entries = order([make_entry(n, content_html=FULL if n > 1 else "<p>.</p>") for n in range(50)])
    held, trimmed = window(SITE, entries)
    assert held == entries[: len(held)]
    assert 20 <= len(held) < 25
    assert trimmed == frozenset()


def test_what_has_more_beside_its_text_than_a_feed_has_room_for_is_told_by_its_summary_alone() -> None:
    """A list of thousands of files would otherwise make the feed too large by itself, or push all others out."""
    crowd = (PDF,) * 3_000
    entries = order([make_entry(n, enclosures=crowd, image=make_image(), link=SITE.base_url) for n in range(30)])
    held, trimmed = window(SITE, entries)
    assert [(entry.id, entry.summary) for entry in held] == [(entry.id, entry.summary) for entry in entries]
    assert trimmed == {entry.id for entry in entries}
    assert all((entry.enclosures, entry.image, entry.link) == ((), None, None) for entry in held)
    assert not {entry.digest for entry in held} & {entry.digest for entry in entries}


def test_files_are_kept_with_a_summary() -> None:
    """A long text with a recording is still a recording to those who listen to the feed."""
    (held,), trimmed = window(SITE, [make_entry(content_html=LONG, enclosures=(PDF,))])
    assert held.enclosures == (PDF,)
    assert trimmed == {held.id}


def test_the_newest_is_held_even_if_nothing_else_fits() -> None:
    categories = tuple(make_category(f"subject-{n}", title="&" * 120) for n in range(400))
    names = tuple(category.slug for category in categories)
    entries = order([make_entry(n, categories=names) for n in range(3)])
    held, _ = window(make_site(categories=categories), entries)
    assert [entry.id for entry in held] == [entries[0].id]


@settings(max_examples=50)
@given(sizes=st.lists(st.integers(1, 30_000), max_size=60), newer=st.lists(st.integers(1, 30_000), max_size=20))
def test_what_comes_changes_nothing_of_what_is_there(sizes: list[int], newer: list[int]) -> None:
    """A reader overwrites what it kept with what it sees: an entry is told as it was, or has left the feed."""
    old = [make_entry(n, content_html="x" * size) for n, size in enumerate(sizes)]
    new = [make_entry(100 + n, content_html="x" * size) for n, size in enumerate(newer)]
    before, trimmed_before = window(SITE, order(old))
    after, trimmed_after = window(SITE, order(old + new))
    assert after == order(old + new)[: len(after)]
    assert len(after) >= min(len(old + new), 20)
    stays = {entry.id for entry in after} & {entry.id for entry in before}
    assert {entry for entry in before if entry.id in stays} <= set(after)
    assert trimmed_before & stays == trimmed_after & stays


def test_a_feed_has_the_words_and_addresses_of_its_place() -> None:
    feed = make_feed(SITE, COVID_PLACE, [make_entry()])
    assert (feed.id, feed.title) == ("tag:news.example.org,2026:feed/covid", "Local 1107: COVID")
    assert (feed.description, feed.home_url) == (COVID.description, "https://news.example.org/covid/")
    assert feed.site == SITE
    every = make_feed(SITE, ALL, [make_entry()])
    assert (every.id, every.title) == ("tag:news.example.org,2026:feed/all", "Local 1107")
    assert (every.description, every.home_url) == (SITE.description, "https://news.example.org/")


def test_no_two_feeds_share_a_title() -> None:
    feeds = [make_feed(SITE, place, ()) for place in places_of(SITE)]
    assert len({feed.title for feed in feeds}) == len(feeds)


def test_a_feed_is_as_new_as_its_newest_change() -> None:
    corrected = make_entry(1, updated=FIRST_PUBLISHED + timedelta(days=30))
    assert make_feed(SITE, COVID_PLACE, [make_entry(2), corrected]).updated == corrected.updated


def test_a_place_without_entries_says_what_will_appear() -> None:
    feed = make_feed(SITE, COVID_PLACE, ())
    (about,) = feed.entries
    assert (about.id, about.title) == ("tag:news.example.org,2026:feed/covid/about", "About this feed: COVID")
    assert (about.published, about.updated, feed.updated) == (SINCE, SINCE, SINCE)
    assert about.summary == "You are subscribed. Updates on COVID will appear here. Updates on COVID for members."
    assert (about.permalink, about.categories) == ("https://news.example.org/covid/", ("covid",))


def test_the_site_itself_without_entries_is_as_old_as_its_oldest_category() -> None:
    old = make_category("pay", since=SINCE - timedelta(days=400))
    (about,) = make_feed(make_site(categories=(COVID, old)), ALL, ()).entries
    assert (about.id, about.published) == ("tag:news.example.org,2026:feed/all/about", old.since)
    assert about.summary.startswith("You are subscribed. All updates of Local 1107 will appear here.")
    assert (about.permalink, about.categories) == ("https://news.example.org/", ("covid", "pay"))


def test_the_standing_entry_escapes_the_words_of_the_site() -> None:
    site = make_site(categories=(make_category(title="Pay & <more>", description="For R&D."),))
    (about,) = make_feed(site, COVID_PLACE, ()).entries
    assert about.content_html == (
        f"<p>You are subscribed. Updates on {escape('Pay & <more>')} will appear here.</p>\n<p>For R&amp;D.</p>"
    )


def test_the_standing_entry_changes_its_digest_with_the_site() -> None:
    renamed = make_site(title="Local 9")
    (before,), (after,) = make_feed(SITE, COVID_PLACE, ()).entries, make_feed(renamed, COVID_PLACE, ()).entries
    (another,) = make_feed(SITE, Place((SITE.categories[1].slug,)), ()).entries
    assert len({before.digest, after.digest, another.digest}) == 3


@pytest.mark.parametrize(("count", "stands"), [(1, True), (19, True), (20, False), (40, False)])
def test_the_standing_entry_stays_as_the_oldest_of_few(count: int, stands: bool) -> None:
    feed = make_feed(SITE, COVID_PLACE, [make_entry(n) for n in range(1, count + 1)])
    assert len(feed.entries) == count + stands
    assert feed.entries[-1].id.endswith("/about") is stands


def test_a_short_feed_is_full_without_the_standing_entry() -> None:
    site = make_site(feed_length=2)
    assert len(make_feed(site, COVID_PLACE, [make_entry(1), make_entry(2)]).entries) == 2


def test_a_feed_is_newest_first_whatever_came_in() -> None:
    feed = make_feed(SITE, COVID_PLACE, [make_entry(n) for n in (3, 1, 2)])
    assert all(newer.published > older.published for newer, older in pairwise(feed.entries))
