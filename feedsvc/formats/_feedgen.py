"""The only user of feedgen: RSS and Atom have its frame in common, and each says its own through a ``Dialect``.

feedgen writes one feed in both formats; here every document has a generator of its own, because what is set for one
format shows in the other. What it cannot say, or says wrongly, a dialect adds to the element feedgen has written.
An entry's element is finished once and put into every document that holds it.
"""

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from feedgen.entry import FeedEntry
from feedgen.feed import FeedGenerator
from lxml import etree

from feedsvc.formats import history
from feedsvc.formats.feed_item import FeedItem
from feedsvc.formats.vocabularies import NAMESPACES, VOCABULARIES
from feedsvc.languages import marked
from feedsvc.model import Feed
from feedsvc.timestamps import local

# feedgen switches the whole process's locale while it writes an RSS date: two threads at once would leave it switched
_LOCALE = threading.Lock()


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Dialect:
    """What one of the two formats does in its own way.

    ``root`` is the root's name, ``link`` that of Atom's links, ``namespaces`` are those of this format alone.
    ``fill_feed`` and ``fill_entry`` set what feedgen can say, ``extend_feed`` and ``extend_entry`` add the rest to the
    root and to the entry's element. ``summary`` is what the format's element for it holds.
    """

    media_type: str
    root: str
    link: str
    namespaces: Mapping[str, str]
    write_feed: Callable[[FeedGenerator], bytes]
    write_entry: Callable[[FeedEntry], etree._Element]
    summary: Callable[[FeedItem], str]
    fill_feed: Callable[[FeedGenerator, Feed], None]
    fill_entry: Callable[[FeedEntry, FeedItem], None]
    extend_feed: Callable[[etree._Element, Feed], None]
    extend_entry: Callable[[etree._Element, FeedItem], None]

    @property
    def every_namespace(self) -> dict[str, str]:
        """What the root declares."""
        return {**self.namespaces, **NAMESPACES}


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


def write_frame(dialect: Dialect, feed: Feed, self_url: str) -> bytes:
    """The document without its entries: UTF-8, with an XML declaration."""
    generator = FeedGenerator()
    generator.register_extension("own", _Extension, None)
    generator.own.namespaces = dialect.every_namespace
    generator.own.extend = lambda root: _extend_feed(dialect, root, feed, self_url)
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


def _extend_feed(dialect: Dialect, root: etree._Element, feed: Feed, self_url: str) -> None:
    dialect.extend_feed(root, feed)
    parent = root if dialect.link == "link" else root[0]
    for hub in feed.hubs:
        etree.SubElement(parent, dialect.link, rel="hub", href=hub)
    history.extend(parent, feed.history, self_url.rpartition("/")[2], dialect.link, dialect.media_type)


def write_item(dialect: Dialect, item: FeedItem) -> bytes:
    """An entry's finished element on a line of its own, its namespaces declared by the root it will stand in."""
    entry, site = item.entry, item.site
    written = FeedEntry()
    written.id(entry.id)
    written.title(item.title)
    written.published(local(entry.published, site))
    written.updated(local(entry.updated, site))
    for term, label in item.tags:
        written.category(term=term, scheme=site.base_url, label=label)
    if summary := dialect.summary(item):
        written.summary(summary)
    # escaped HTML only: feedgen writes type CDATA into Atom, and parses any XML type
    written.content(item.content_html, type="html")
    dialect.fill_entry(written, item)
    with _LOCALE:
        element = dialect.write_entry(written)
    dialect.extend_entry(element, item)
    for vocabulary in VOCABULARIES:
        vocabulary.extend(element, entry, site)
    root = etree.Element(dialect.root, nsmap=dialect.every_namespace)
    root.append(element)
    finished = etree.tostring(root, encoding="UTF-8")
    return b"\n" + finished[finished.index(b"<" + element.tag.encode()) : finished.rindex(b"</")]
