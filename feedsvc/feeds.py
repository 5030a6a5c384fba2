"""Site and entries -> Feed: what a place's feed holds, in which order, and how much of each entry.

Pure: which entries are visible at an instant is decided before, how they are written is decided in ``formats``.
"""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime
from functools import lru_cache
from html import escape
from itertools import islice

from feedsvc import urls
from feedsvc.formats import measure
from feedsvc.formats.feed_item import KEPT_ITEMS, FeedItem, feed_item
from feedsvc.model import Entry, Feed, History, Site
from feedsvc.places import Place
from feedsvc.timestamps import local
from feedsvc.wording import words_around, words_inside

HELD_AT_LEAST = 20  # entries, if there are that many: what embedding sites ask for
ENTRY_OCTETS = 12_000  # up to which a feed carries an entry in full, in the largest format
FRAME_OCTETS = 16_000  # more than a feed takes without its entries, in any format
DOCUMENT_OCTETS = FRAME_OCTETS + HELD_AT_LEAST * ENTRY_OCTETS
ALONE = History()


def order(entries: Sequence[Entry]) -> tuple[Entry, ...]:
    """Newest ``published`` first; entries of one instant by id, so that the order never depends on the input's."""
    return tuple(sorted(sorted(entries, key=lambda entry: entry.id), key=lambda entry: entry.published, reverse=True))


def make_feed(
    site: Site, place: Place, entries: Sequence[Entry], lasting: Collection[str] = (), history: History = ALONE
) -> Feed:
    """The feed of a place.

    ``entries`` are the newest visible ones of that place, at most ``site.feed_length`` of them, and those whose ids
    are ``lasting``, in any order. A place with few also holds its standing entry, so that no feed is ever empty.
    """
    farewells = make_farewells(site, place)
    lasting = frozenset((*lasting, *(entry.id for entry in farewells)))
    few = len(entries) < min(HELD_AT_LEAST, site.feed_length) and not 0 < len(place.categories) <= len(farewells)
    candidates = order([*farewells, *entries, *([make_about(site, place)] if few else [])])
    feed = _of_place(site, place, *window(site, candidates, lasting), history)
    return feed if place.is_mix else replace(feed, hubs=site.hubs)


def make_archive(site: Site, place: Place, entries: Sequence[Entry], history: History) -> Feed:
    """The document of a year, or of a part of it, with all ``entries``, which are at least one and have room in it."""
    items = [cut(entry, site) for entry in order(entries)]
    trimmed = frozenset(item.entry.id for item in items if item.trimmed)
    return _of_place(site, place, tuple(item.entry for item in items), trimmed, history)


def _of_place(site: Site, place: Place, held: tuple[Entry, ...], trimmed: frozenset[str], history: History) -> Feed:
    return Feed(
        id=place.feed_id(site),
        title=place.feed_title(site),
        description=place.description(site),
        home_url=urls.absolute(site.base_url, place.path),
        site=site,
        entries=held,
        trimmed=trimmed,
        updated=max(entry.updated for entry in held),
        history=history,
    )


def make_about(site: Site, place: Place) -> Entry:
    """The standing entry that says to a new subscriber what will appear here; dated from content, never the clock."""
    subject, description, since = place.title(site), place.description(site), place.since(site)
    entry_id = f"{place.feed_id(site)}/about"
    words = words_around(site)
    first = (words.about_subject if place.categories else words.about_site).format(subject=subject)
    return Entry(
        id=entry_id,
        slug=f"about-{place.name}",
        title=words.about_title.format(subject=subject),
        published=since,
        updated=since,
        categories=tuple(category.slug for category in place.subjects(site)),
        summary=f"{first} {description}",
        language=site.edition,
        content_html=f"<p>{escape(first)}</p>\n<p>{escape(description)}</p>",
        permalink=urls.absolute(site.base_url, place.path),
        digest=f"{site.digest}/{entry_id}",
    )


def make_farewells(site: Site, place: Place) -> list[Entry]:
    """What a place's feed says for good of each of its categories that has ended; nothing where it holds them all."""
    return [
        _farewell(site, replace(place, categories=(slug,))) for slug in place.categories if site.category(slug).ended
    ]


def _farewell(site: Site, place: Place) -> Entry:
    """The last entry of a category, the same in every feed that holds the category."""
    (category,), words, home = place.subjects(site), words_around(site), replace(place, categories=())
    ended = category.ended or category.since
    said = words.farewell.format(subject=category.title, when=words.say_date(local(ended, site)))
    way = urls.absolute(site.base_url, home.path)
    return Entry(
        id=f"{place.feed_id(site)}/ended",
        slug=f"ended-{place.name}",
        title=words.farewell_title.format(subject=category.title),
        published=ended,
        updated=ended,
        categories=place.categories,
        summary=said,
        content_html=f'<p>{escape(said)}</p>\n<p><a href="{escape(way)}">{escape(words.all_updates)}</a></p>',
        permalink=way,
        digest=f"{site.digest}/{place.name}/ended",
    )


def make_reminder(site: Site, entry: Entry, reminder_id: str, published: datetime) -> Entry:
    """What reminds of an entry's deadline, beside the entry and with a way to it; of one taken back, that it was."""
    words, _ = words_inside(entry, site)
    return replace(
        entry,
        id=reminder_id,
        title=entry.title if entry.withdrawal else words.reminder.format(title=entry.title),
        published=published,
        updated=max(published, entry.updated),
        content_html=entry.content_html if entry.withdrawal else "",
        permalink=f"{entry.permalink}#{reminder_id.partition('#')[2]}",
        digest=f"{entry.digest} {reminder_id} {published}",
        events=tuple(event for event in entry.events if event.is_deadline),
        expires=entry.deadline.end if entry.deadline and not entry.withdrawal else None,
        replaces=None,
        urgent_until=None,
        link=None,
        image=None,
        pictures=(),
        enclosures=(),
        related=(),
    )


def window(
    site: Site, entries: Sequence[Entry], lasting: Collection[str] = ()
) -> tuple[tuple[Entry, ...], frozenset[str]]:
    """The entries that a feed holds, as it carries them, and the ids of those that it carries by their summary alone.

    ``entries`` are newest first. How much a feed carries of an entry depends on the entry alone: readers overwrite what
    they kept with what they see. A feed that would grow too large leaves out its oldest, and those last whose ids are
    ``lasting``: members would miss that they were corrected or withdrawn, or a deadline.
    """
    length = site.feed_length
    newest = {entry.id for entry in islice((entry for entry in entries if entry.id not in lasting), length)}
    entries = [entry for entry in entries if entry.id in lasting or entry.id in newest]
    held: dict[str, FeedItem] = {}
    room = DOCUMENT_OCTETS - FRAME_OCTETS
    for entry in sorted(entries, key=lambda entry: entry.id not in lasting):
        item = cut(entry, site)
        room -= measure(item)
        if room < 0 and held:
            break
        held[entry.id] = item
    items = [held[entry.id] for entry in entries if entry.id in held]
    return tuple(item.entry for item in items), frozenset(item.entry.id for item in items if item.trimmed)


def cut(entry: Entry, site: Site) -> FeedItem:
    """An entry as feeds carry it: whole, or by its summary.

    What is too large even so has the files, the picture, the link beside it and where its dates are taken away, too.
    """
    return _cut(feed_item(entry, site))


@lru_cache(KEPT_ITEMS)
def _cut(whole: FeedItem) -> FeedItem:
    entry, site = whole.entry, whole.site
    short = feed_item(entry, site, trimmed=True)
    for item in (whole, short) if entry.content_html else (short,):
        if _fits(item):
            return item
    events = tuple(replace(event, location=None, url=None) for event in entry.events)
    bare = replace(entry, link=None, image=None, enclosures=(), events=events, digest=f"{entry.digest}/bare")
    return feed_item(bare, site, trimmed=True)


def _fits(item: FeedItem) -> bool:
    """Whether every format has room for it. Links to related updates do not count: they come and go with those."""
    entry = item.entry
    least = sum(len(file.url) for file in entry.enclosures) + (0 if item.trimmed else len(entry.content_html))
    if least > ENTRY_OCTETS:  # known before it is rendered
        return False
    if measure(item) <= ENTRY_OCTETS:
        return True
    alone = replace(entry, related=(), digest=f"{entry.digest}/alone")
    return bool(entry.related) and measure(feed_item(alone, item.site, trimmed=item.trimmed)) <= ENTRY_OCTETS
