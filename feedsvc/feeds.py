"""Site and entries -> Feed: what a place's feed holds, in which order, and how much of each entry.

Pure: which entries are visible at an instant is decided before, how they are written is decided in ``formats``.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache, lru_cache
from html import escape

from feedsvc import urls
from feedsvc.languages import direction
from feedsvc.model import Entry, Feed, Rendition, Site
from feedsvc.places import Place
from feedsvc.wording import Wording, words_around, words_for

HELD_AT_LEAST = 20  # entries, if there are that many: what embedding sites ask for
ENTRY_OCTETS = 12_000  # up to which an entry is told in full, in the largest format
FRAME_OCTETS = 16_000  # more than a feed takes without its entries, in any format
DOCUMENT_OCTETS = FRAME_OCTETS + HELD_AT_LEAST * ENTRY_OCTETS
ELEMENT_OCTETS = 350  # an entry's element names and dates, without its own words and ours
PICTURE_OCTETS = 350  # the markup of a picture, in elements of its own and in the content
LINK_OCTETS = 75  # the markup of a link or a category, and that of a file's line in the content
EVENT_OCTETS = 350  # the elements and the members of one date, and its markup in the content
LONGEST_ZONE = "+00:00"  # where a zone has no letters
TURNED_OCTETS = 36  # what says in one place that a text runs from right to left
RELATED_AT_MOST = 20  # other updates that an entry in a feed leads to
KEPT_SIZES = 1024
FEED_WIDTH = 600  # pixels that mail programs and readers give to a column


def fit(rendition: Rendition) -> tuple[int, int]:
    """Width and height at which a picture stands in content: mail programs obey both, and have a column to fill."""
    width = min(rendition.width, FEED_WIDTH)
    return width, max(1, round(rendition.height * width / rendition.width))


def order(entries: Sequence[Entry]) -> tuple[Entry, ...]:
    """Newest ``published`` first; entries of one instant by id, so that the order never depends on the input's."""
    return tuple(sorted(sorted(entries, key=lambda entry: entry.id), key=lambda entry: entry.published, reverse=True))


def make_feed(site: Site, place: Place, entries: Sequence[Entry]) -> Feed:
    """The feed of a place.

    ``entries`` are the newest visible ones of that place, at most ``site.feed_length`` of them, in any order. A place
    with few of them also holds its standing entry, so that no feed is ever empty.
    """
    few = len(entries) < min(HELD_AT_LEAST, site.feed_length)
    candidates = order([*entries, make_about(site, place)] if few else entries)
    held, trimmed = window(site, candidates)
    return Feed(
        id=place.feed_id(site),
        title=place.feed_title(site),
        description=place.description(site),
        home_url=urls.absolute(site.base_url, place.path),
        site=site,
        entries=held,
        trimmed=trimmed,
        updated=max(entry.updated for entry in held),
    )


def make_about(site: Site, place: Place) -> Entry:
    """The standing entry that tells a new subscriber what will appear here; dated from content, never the clock."""
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
        content_html=f"<p>{escape(first)}</p>\n<p>{escape(description)}</p>",
        permalink=urls.absolute(site.base_url, place.path),
        digest=f"{site.digest}/{entry_id}",
    )


def window(site: Site, entries: Sequence[Entry]) -> tuple[tuple[Entry, ...], frozenset[str]]:
    """The entries a feed holds, as it tells them, and the ids of those it tells by their summary alone.

    ``entries`` are newest first. How much of an entry is told depends on the entry alone, for readers overwrite what
    they kept with what they see. A feed that would grow too large leaves out its oldest.
    """
    held: list[Entry] = []
    trimmed = set()
    room = DOCUMENT_OCTETS - FRAME_OCTETS
    for entry in entries[: site.feed_length]:
        subjects = tuple(site.category(slug).title for slug in entry.categories)
        told, is_trimmed, octets = _cut(entry, site.author.name, site.language, subjects)
        room -= octets
        if room < 0 and held:
            break
        held.append(told)
        if is_trimmed:
            trimmed.add(entry.id)
    return tuple(held), frozenset(trimmed)


def measure(entry: Entry, author: str, language: str, subjects: Sequence[str]) -> tuple[int, int]:
    """How many octets an entry's element takes in the largest format, whole and trimmed: rather more than fewer.

    ``author`` is who speaks in which ``language`` unless the entry says otherwise, ``subjects`` are the titles of its
    categories. Links to related updates are left out, for they come and go with those. Every text is counted where it
    stands with the most escapes: ``said`` in elements of its own, ``shown`` in the content beside the body.
    """
    spoken = entry.language or language
    words, inside = words_for(spoken, language)
    turned = TURNED_OCTETS + len(spoken) if "rtl" in (direction(spoken), direction(language)) else 0
    mark = turned if inside == spoken else TURNED_OCTETS + len(inside)  # what says in which language our words are
    note = f"{_longest_correction(words)} {entry.change_note}" if entry.change_note else ""
    dates, dates_said, dates_shown = _measure_events(entry, words, mark + turned)
    link = entry.link or ""
    said = [entry.id, entry.title, entry.permalink, entry.author.name if entry.author else author]
    said += [entry.language or "", entry.summary, note, link, *dates_said]
    shown = [note, link, *dates_shown, words.say_link(link) if link else ""]
    for slug, title in zip(entry.categories, subjects, strict=True):
        said += slug, title, entry.permalink  # which is longer than the address of the site
    for file in entry.enclosures:
        said += file.url, file.title, file.media_type
        shown += file.url, file.title, words.say_file(file.media_type, file.length)
    if entry.image:
        url = entry.image.smallest.url
        said += url, url, entry.image.alt
        shown += url, entry.image.alt
    files, picture = len(entry.enclosures), PICTURE_OCTETS if entry.image else 0
    always = ELEMENT_OCTETS + LINK_OCTETS * (len(entry.categories) + files) + picture + 4 * turned + _said(said)
    always += dates + (2 * mark if note else 0)
    lead = mark + _said([words.attachments_lead]) if files else 0
    whole = always + lead + (LINK_OCTETS + turned + mark) * files + _said(shown) + _written(entry.content_html)
    whole += mark if link else 0
    return whole, always + mark + _said([note, *dates_shown, entry.summary, entry.permalink, words.read_whole])


def _measure_events(entry: Entry, words: Wording, mark: int) -> tuple[int, list[str], list[str]]:
    """Octets of the markup of the entry's dates, and what is told of them: outside its content, and within."""
    said, shown = [], []
    for event in entry.events:
        label = words.deadline if event.is_deadline else words.event
        told = [label, _longest_period(words), words.location if event.location else "", event.location or ""]
        url = [event.url, words.say_link(event.url)] if event.url else []
        said += [*told, *url, event.location or ""]
        shown += [*told, *url]
    return len(entry.events) * (EVENT_OCTETS + 8 * mark), said, shown


@cache
def _longest_correction(words: Wording) -> str:
    """What a correction begins with, on the day of the year that takes most letters."""
    days = (words.say_date(datetime(2026, month, 28, tzinfo=UTC)) for month in range(1, 13))
    return words.corrected.format(when=max(days, key=len))


@cache
def _longest_period(words: Wording) -> str:
    """From when to when, between the instants of the year that take most letters."""
    days = (datetime(2026, month, day, 22, 28, tzinfo=UTC) for month in range(1, 13) for day in range(22, 29))
    longest = max(map(words.say_instant, days), key=len) + LONGEST_ZONE
    return words.span.format(start=longest, end=longest)


@lru_cache(maxsize=KEPT_SIZES)
def _cut(entry: Entry, author: str, language: str, subjects: tuple[str, ...]) -> tuple[Entry, bool, int]:
    """An entry as feeds tell it, whether that is by its summary, and its octets.

    What is too large even so has the files, the picture and the link beside it taken away, too.
    """
    whole, trimmed = measure(entry, author, language, subjects)
    related = sum(LINK_OCTETS + _said((entry.permalink, slug)) for slug in entry.related[:RELATED_AT_MOST])
    if whole <= ENTRY_OCTETS:
        return entry, False, whole + related
    if trimmed <= ENTRY_OCTETS:
        return entry, True, trimmed + related
    bare = replace(entry, link=None, image=None, enclosures=(), digest=f"{entry.digest}/bare")
    return bare, True, measure(bare, author, language, subjects)[1] + related


def _said(texts: Iterable[str]) -> int:
    """Octets of plain texts where they stand with the most escapes: as HTML in XML, or in an attribute."""
    text = "".join(texts)
    return _written(escape(text)) + 4 * sum(map(text.count, "\r\n\t"))


def _written(text: str) -> int:
    """Octets of ``text`` as the text of an XML element or as a JSON string, whichever is more."""
    xml = 4 * (text.count("&") + text.count("\r")) + 3 * (text.count("<") + text.count(">"))
    json = sum(map(text.count, '"\\\n\t\r'))
    return len(text.encode()) + max(xml, json)
