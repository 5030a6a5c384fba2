"""The only user of feedgen: RSS and Atom have its frame in common, and each says its own through a ``Dialect``.

feedgen writes one feed in both formats; here every document has a generator of its own, for what is set for one
format shows in the other. What it cannot say, or says wrongly, a dialect adds to the element feedgen has written.
An entry's element is finished once and put into every document that holds it.
"""

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from feedgen.entry import FeedEntry
from feedgen.feed import FeedGenerator
from lxml import etree

from feedsvc.formats.content import Telling, tellings
from feedsvc.formats.format import splice
from feedsvc.languages import marked
from feedsvc.model import Feed
from feedsvc.timestamps import local

KEPT_ELEMENTS = 2048

# feedgen switches the whole process's locale while it writes an RSS date: two threads at once would leave it switched
_LOCALE = threading.Lock()


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Dialect:
    """What one of the two formats does in its own way.

    ``root`` is the root's name, ``end`` what follows the last entry. ``fill_feed`` and ``fill_entry`` set what feedgen
    can say, ``extend_feed`` and ``extend_entry`` add the rest to the root and to the entry's element. ``summary``
    is what the format's element for it holds.
    """

    media_type: str
    root: str
    end: bytes
    namespaces: Mapping[str, str]
    write_feed: Callable[[FeedGenerator], bytes]
    write_entry: Callable[[FeedEntry], etree._Element]
    summary: Callable[[Telling], str]
    fill_feed: Callable[[FeedGenerator, Feed], None]
    fill_entry: Callable[[FeedEntry, Telling], None]
    extend_feed: Callable[[etree._Element, Feed], None]
    extend_entry: Callable[[etree._Element, Telling], None]


class _Extension:
    """feedgen's way in at feed level: the namespaces to declare, and the root as feedgen leaves it."""

    def __init__(self) -> None:
        self.namespaces: Mapping[str, str] = {}
        self.extend: Callable[[etree._Element], None]

    def extend_ns(self) -> Mapping[str, str]:
        return self.namespaces

    def extend_rss(self, root: etree._Element) -> None:
        self.extend(root)

    def extend_atom(self, root: etree._Element) -> None:
        self.extend(root)


def render(dialect: Dialect, feed: Feed, self_url: str) -> bytes:
    """The finished document: UTF-8, with an XML declaration, one line for the frame and each entry."""
    elements = (_element(dialect, telling) for telling in tellings(feed))
    return splice(_frame(dialect, feed, self_url), dialect.end, (b"\n" + element for element in elements), b"")


def _frame(dialect: Dialect, feed: Feed, self_url: str) -> bytes:
    """The document without its entries."""
    generator = FeedGenerator()
    generator.register_extension("own", _Extension, None)
    generator.own.namespaces = dialect.namespaces
    generator.own.extend = lambda root: dialect.extend_feed(root, feed)
    site = feed.site
    generator.id(feed.id)
    generator.title(marked(feed.title, site.language))
    generator.subtitle(marked(feed.description, site.language))
    generator.language(site.language)
    generator.rights(site.rights)
    # always: it sets the date in both formats, which would otherwise be the clock's
    generator.updated(local(feed.updated, site))
    generator.link(href=self_url, rel="self", type=dialect.media_type)
    # the alternate last: RSS takes its channel's link from whichever was added last
    generator.link(href=feed.home_url, rel="alternate", type="text/html")
    dialect.fill_feed(generator, feed)
    with _LOCALE:
        return dialect.write_feed(generator)


@lru_cache(maxsize=KEPT_ELEMENTS)
def _element(dialect: Dialect, telling: Telling) -> bytes:
    """An entry's finished element, its namespaces declared by the root it will stand in."""
    entry, site = telling.entry, telling.site
    written = FeedEntry()
    written.id(entry.id)
    written.title(telling.title)
    written.published(local(entry.published, site))
    written.updated(local(entry.updated, site))
    for slug in entry.categories:
        written.category(term=slug, scheme=site.base_url, label=site.category(slug).title)
    if summary := dialect.summary(telling):
        written.summary(summary)
    # escaped HTML only: feedgen writes type CDATA into Atom, and parses any XML type
    written.content(telling.content_html, type="html")
    dialect.fill_entry(written, telling)
    with _LOCALE:
        element = dialect.write_entry(written)
    dialect.extend_entry(element, telling)
    root = etree.Element(dialect.root, nsmap=dict(dialect.namespaces))
    root.append(element)
    finished = etree.tostring(root, encoding="UTF-8")
    return finished[finished.index(b"<" + element.tag.encode()) : finished.rindex(b"</")]
