"""Site and entries -> Feed: what a place's feed holds, in which order, and how much of each entry.

Pure: which entries are visible at an instant is decided before, how they are written is decided in ``formats``.
"""

from collections.abc import Sequence
from functools import lru_cache
from html import escape

from feedsvc import urls
from feedsvc.model import Category, Entry, Feed, Site

HELD_AT_LEAST = 20  # entries, if there are that many: what embedding sites ask for
DOCUMENT_OCTETS = 100_000
FRAME_OCTETS = 3_000  # a feed without its entries, in the most verbose format
ENTRY_OCTETS = 400  # an entry's element names and dates, without its own words
MARK_OCTETS = 130  # the markup of one thing an entry has: a file, a category, a picture's element
KEPT_SIZES = 1024


def order(entries: Sequence[Entry]) -> tuple[Entry, ...]:
    """Newest ``published`` first; entries of one instant by id, so that the order never depends on the input's."""
    return tuple(sorted(sorted(entries, key=lambda entry: entry.id), key=lambda entry: entry.published, reverse=True))


def make_feed(site: Site, category: Category | None, entries: Sequence[Entry]) -> Feed:
    """The feed of all updates (None) or of one category.

    ``entries`` are the newest visible ones of that place, at most ``site.feed_length`` of them, in any order. A place
    with few of them also holds its standing entry, so that no feed is ever empty.
    """
    few = len(entries) < min(HELD_AT_LEAST, site.feed_length)
    candidates = order([*entries, make_about(site, category)] if few else entries)
    held, trimmed = window(site, candidates)
    return Feed(
        id=urls.feed_id(site, category),
        title=title_of(site, category),
        description=category.description if category else site.description,
        home_url=urls.absolute(site.base_url, urls.place_path(category)),
        site=site,
        category=category,
        entries=held,
        trimmed=trimmed,
        updated=max(entry.updated for entry in held),
    )


def title_of(site: Site, category: Category | None) -> str:
    """The feed's title. The bare site title belongs to all updates, so a category's can never equal it."""
    return f"{site.title}: {category.title}" if category else site.title


def make_about(site: Site, category: Category | None) -> Entry:
    """The standing entry that tells a new subscriber what will appear here; dated from content, never the clock."""
    subject = category.title if category else site.title
    description = category.description if category else site.description
    since = category.since if category else min(each.since for each in site.categories)
    entry_id = urls.about_id(site, category)
    first = f"You are subscribed. {'Updates on' if category else 'All updates of'} {subject} will appear here."
    return Entry(
        id=entry_id,
        slug=f"about-{category.slug if category else 'all'}",
        title=f"About this feed: {subject}",
        published=since,
        updated=since,
        categories=(category.slug,) if category else tuple(each.slug for each in site.categories),
        summary=f"{first} {description}",
        content_html=f"<p>{escape(first)}</p>\n<p>{escape(description)}</p>",
        permalink=urls.absolute(site.base_url, urls.place_path(category)),
        digest=f"{site.digest}/{entry_id}",
    )


def window(site: Site, entries: Sequence[Entry]) -> tuple[tuple[Entry, ...], frozenset[str]]:
    """The entries a feed holds, and the ids of those it tells by their summary alone.

    ``entries`` are newest first. The first twenty are always held; room for their summaries is set aside, and the
    whole texts share what is left, the newest first. Any beyond them are held only while they fit whole, so that
    the feed has no gaps and the document stays about a hundred thousand octets.
    """
    sure = [(entry, *_octets(entry)) for entry in entries[: min(HELD_AT_LEAST, site.feed_length)]]
    room = DOCUMENT_OCTETS - FRAME_OCTETS - sum(short for _, short, _ in sure)
    trimmed = set()
    for entry, short, whole in sure:
        if whole - short > room:
            trimmed.add(entry.id)
        else:
            room -= whole - short
    held = [entry for entry, _, _ in sure]
    for entry in entries[len(sure) : site.feed_length]:
        room -= _octets(entry)[1]
        if room < 0:
            break
        held.append(entry)
    return tuple(held), frozenset(trimmed)


@lru_cache(maxsize=KEPT_SIZES)
def _octets(entry: Entry) -> tuple[int, int]:
    """About how many octets an entry takes in the most verbose format, rather more than fewer: trimmed, and whole.

    ``said`` stands in elements of its own and is never trimmed; ``shown`` stands in the content beside the text.
    """
    note, link = entry.change_note or "", entry.link or ""
    said = [
        entry.id,
        entry.title,
        entry.summary,
        entry.permalink,
        entry.author.name if entry.author else "",
        note,
        link,
    ]
    shown = [link, link]
    for file in entry.enclosures:
        said += file.url, file.title, file.media_type
        shown += file.url, file.title, file.media_type
    if entry.image:
        said += entry.image.url, entry.image.url, entry.image.alt
        shown += entry.image.url, entry.image.alt
    beside = len(entry.enclosures) + bool(entry.image)
    marks = beside + bool(entry.image) + len(entry.related) + len(entry.categories)
    always = ENTRY_OCTETS + MARK_OCTETS * marks + _written(escape(" ".join((*said, note))))
    trimmed = always + _written(escape(entry.summary + entry.permalink))
    whole = always + MARK_OCTETS * beside + _written(escape(" ".join(shown))) + _written(entry.content_html)
    return trimmed, whole


def _written(text: str) -> int:
    """Octets of ``text`` once escaped, for XML or for JSON, whichever needs more of each character."""
    escapes = 4 * (text.count("&") + text.count("\r")) + 3 * (text.count("<") + text.count(">"))
    return len(text.encode()) + escapes + sum(map(text.count, '"\\\n\t'))
