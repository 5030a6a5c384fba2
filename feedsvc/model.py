"""The nouns, in Atom's words. Frozen, without I/O; what exists is valid: the loader is the only stage that fails.

Instants are aware and UTC. Text is plain unless the name ends in ``_html`` (then it is safe HTML). URLs are absolute
unless the name ends in ``path``. A length is in octets.
"""

from dataclasses import dataclass
from datetime import datetime, time

from feedsvc.kinds import Kind

COLUMN_WIDTH = 600  # pixels that mail programs and readers give to a column


@dataclass(frozen=True, slots=True, kw_only=True)
class Author:
    """Who speaks (RFC 4287 section 3.2). Without an e-mail address: feeds are harvested."""

    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Enclosure:
    """A file offered with an entry (RSS 2.0 enclosure; RFC 4287 section 4.2.7.2)."""

    url: str
    media_type: str
    length: int  # octets; RSS requires it
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Rendition:
    """A picture in one size and format; ``width`` and ``height`` are in pixels."""

    url: str
    media_type: str
    width: int
    height: int

    @property
    def in_column(self) -> tuple[int, int]:
        """Width and height at which it stands in content: mail programs obey both, and have a column to fill."""
        width = min(self.width, COLUMN_WIDTH)
        return width, max(1, round(self.height * width / self.width))


@dataclass(frozen=True, slots=True, kw_only=True)
class Image:
    """A picture in words (``alt``) and in its largest size; JPEG or PNG, which every program shows.

    ``smaller`` are the same in less, smallest first. ``modern`` are those, and the largest, in a format that weighs
    less and that only browsers are sure to show.
    """

    url: str
    alt: str
    media_type: str
    width: int
    height: int
    smaller: tuple[Rendition, ...] = ()
    modern: tuple[Rendition, ...] = ()

    @property
    def largest(self) -> Rendition:
        """The largest size."""
        return Rendition(url=self.url, media_type=self.media_type, width=self.width, height=self.height)

    @property
    def smallest(self) -> Rendition:
        """The size for mail, and for a reader's column."""
        return self.smaller[0] if self.smaller else self.largest


@dataclass(frozen=True, slots=True, kw_only=True)
class Category:
    """A subject of the site with feeds of its own; ``slug`` is Atom's term, ``title`` its label (RFC 4287 4.2.2)."""

    slug: str
    title: str
    description: str
    since: datetime  # when the category began; the date of its standing entry
    aliases: tuple[str, ...] = ()  # the slugs that it had before, the first of them first
    ended: datetime | None = None  # when it ended; the date of its farewell


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """A date that an entry announces: a meeting or a vote, or (``is_deadline``) the last moment to do something.

    ``end`` is never before ``start``. Of a whole day, and of several, both are midnights of the site's zone, and
    ``end`` is the one after the last day. A deadline at a time of day has ``start`` and ``end`` there. ``key`` names
    the event among those of its entry, for good.
    """

    key: str
    start: datetime
    end: datetime
    is_whole_day: bool = False
    is_deadline: bool = False
    location: str | None = None
    url: str | None = None

    def is_over(self, instant: datetime) -> bool:
        """Whether it has ended, or closed, at that instant."""
        return self.end <= instant


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What was changed in an entry, and when readers were told."""

    date: datetime
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Withdrawal:
    """That an entry was taken back, when and why; ``title`` is the one it had."""

    date: datetime
    reason: str
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One update.

    ``id`` is a tag URI (RFC 4151) and never changes. ``categories`` are slugs in the site's order, at least one.
    ``updated`` is never before ``published`` and moves only when the author says so. ``link`` is a page elsewhere
    that the update is about. ``pictures`` are those that the content shows, there in their smallest size. ``related``
    are slugs. ``events`` are in the order of their starts. Two entries with one ``digest`` are equal.
    """

    id: str
    slug: str
    title: str
    published: datetime
    updated: datetime
    categories: tuple[str, ...]
    summary: str
    content_html: str
    permalink: str
    digest: str
    events: tuple[Event, ...] = ()
    reminder: datetime | None = None  # when feeds remind of its deadline, in an entry of its own
    expires: datetime | None = None  # when it leaves feeds and lists; its page stays and says so
    changes: tuple[Change, ...] = ()  # the newest last
    withdrawal: Withdrawal | None = None  # then all else says so already
    aliases: tuple[str, ...] = ()  # the slugs that it had before
    replaces: str | None = None  # the slug of an earlier update
    translation_of: str | None = None  # the slug of the update that says the same in another language
    urgent_until: datetime | None = None  # how long it stands above all others on pages; feeds mark it for good
    author: Author | None = None
    language: str | None = None
    edition: str | None = None  # of the site, in whose places it stands besides those of all languages
    link: str | None = None
    image: Image | None = None
    pictures: tuple[Image, ...] = ()
    enclosures: tuple[Enclosure, ...] = ()
    related: tuple[str, ...] = ()
    draft: bool = False

    @property
    def deadline(self) -> Event | None:
        """Its deadline, if it has one."""
        return next((event for event in self.events if event.is_deadline), None)

    @property
    def announced(self) -> tuple[Event, ...]:
        """The events that are still to be announced: none of an entry that was withdrawn."""
        return () if self.withdrawal else self.events

    @property
    def sequence(self) -> int:
        """How often readers were told of something new in it (RFC 5545 SEQUENCE)."""
        return len(self.changes) + bool(self.withdrawal)


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """What ``site.yaml`` says: everything about the publication but its entries.

    ``base_url`` ends in ``/`` and is the only source of absolute URLs. ``authority`` is the naming authority of the
    site's tag URIs (``example.org,2026``). ``time_zone`` is an IANA name. ``feed_length`` is how many entries a feed
    carries at most. ``mixes`` are categories, by slug in the site's order, that may be followed together. ``embed_on``
    are the origins of sites that may show updates in frames; without any, all may. ``digest`` names the exact content.

    ``translations`` are the same site in its other languages: each an ``edition`` with places of its own below that
    word; ``resting`` are those that have nothing. ``empty`` are slugs of categories that ended or have nothing there.
    """

    title: str
    description: str
    base_url: str
    authority: str
    language: str
    time_zone: str
    author: Author
    contact_url: str
    rights: str
    license_url: str
    icon: Image  # square PNG, at least 144 pixels
    logo: Image  # PNG, twice as wide as high
    favicon_url: str  # SVG
    touch_icon_url: str  # PNG, square, without a hole
    maskable_icon_url: str  # the same with room around it
    default_time: time
    feed_length: int
    categories: tuple[Category, ...]
    digest: str
    mixes: tuple[tuple[str, ...], ...] = ()
    embed_on: tuple[str, ...] = ()
    hubs: tuple[str, ...] = ()  # addresses of WebSub hubs, which are told of changes
    resting: tuple[str, ...] = ()
    translations: "tuple[Site, ...]" = ()
    edition: str | None = None
    empty: tuple[str, ...] = ()
    former_mixes: tuple[tuple[str, ...], ...] = ()  # of which a category ended long ago
    origin: str | None = None  # the language of the site that an edition is of

    @property
    def first_language(self) -> str:
        """The language of updates that name none."""
        return self.origin or self.language

    def in_edition(self, edition: str | None) -> "Site":
        """The site as it speaks in the places of that edition; itself where there is no such one."""
        return next((each for each in self.translations if each.edition == edition), self)

    def edition_of(self, language: str | None) -> str | None:
        """The edition in which updates of a language stand besides the places of all languages, if there is one."""
        own = (language or "").lower().partition("-")[0]
        return next((each.edition for each in self.translations if each.edition == own), None)

    def category(self, slug: str) -> Category:
        """The category of that slug; KeyError when the site has none."""
        return {category.slug: category for category in self.categories}[slug]


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """The way from a feed's document to those with its older and newer entries (RFC 5005 section 4).

    Each is the address of a folder that holds the document in every format. ``current`` is that of the feed which
    readers are subscribed to; None of itself.
    """

    older: str | None = None
    newer: str | None = None
    current: str | None = None

    @property
    def is_closed(self) -> bool:
        """Whether no new entry comes into the document."""
        return self.newer is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """A finished selection of entries, newest first, never empty; ready for any format.

    ``id`` is a tag URI. ``home_url`` is the page people read instead. ``trimmed`` are the ids of entries that are too
    long, and carried by their summary alone. ``hubs`` are the addresses of WebSub hubs that are told when it changes.
    """

    id: str
    title: str
    description: str
    home_url: str
    site: Site
    entries: tuple[Entry, ...]
    trimmed: frozenset[str]
    updated: datetime
    history: History = History()
    hubs: tuple[str, ...] = ()
    deleted: tuple[Entry, ...] = ()  # what it held and holds no more, because it was withdrawn


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """Finished bytes at an address.

    ``path`` begins with ``/`` and is relative to the site's base URL. ``kind`` is what all documents like it
    have in common. ``expires`` is when the first update that it shows expires, in seconds since 1970; None when none
    does. ``tags`` are the purge keys of caches. ``links`` are (rel, absolute URL, media type) for the Link header; the
    type is empty where none is known. ``policy`` is its Content-Security-Policy where that of its kind says not all.
    ``page_path`` is where a person who opens a feed is sent, and where everybody is sent from an address that moved.
    """

    path: str
    kind: Kind
    media_type: str
    body: bytes = b""
    expires: int | None = None
    tags: tuple[str, ...] = ()
    links: tuple[tuple[str, str, str], ...] = ()
    page_path: str | None = None
    policy: str | None = None
