"""Atom (RFC 4287): what its entries say beyond RSS, and the links that feedgen would leave bare."""

from functools import lru_cache
from operator import attrgetter, methodcaller
from typing import Any

from lxml import etree

from feedsvc.formats import _feedgen
from feedsvc.formats.feed_item import KEPT_ITEMS, FeedItem
from feedsvc.formats.format import GENERATOR, VERSION, FeedFormat
from feedsvc.model import Feed
from feedsvc.timestamps import stamp

MEDIA_TYPE = "application/atom+xml"
TOMBSTONES = "http://purl.org/atompub/tombstones/1.0"
XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"


def _frame(feed: Feed, self_url: str) -> bytes:
    return _feedgen.write_frame(_DIALECT, feed, self_url)


@lru_cache(KEPT_ITEMS)
def _item(item: FeedItem) -> bytes:
    return _feedgen.write_item(_DIALECT, item)


def _fill_feed(generator: Any, feed: Feed) -> None:
    site = feed.site
    generator.author(name=site.author.name)
    generator.icon(site.icon.url)
    generator.logo(site.logo.url)
    generator.generator(GENERATOR, version=VERSION)


def _fill_entry(written: Any, item: FeedItem) -> None:
    if item.entry.author:
        written.author(name=item.entry.author.name)


def _extend_feed(root: etree._Element, feed: Feed) -> None:
    """The licence (RFC 4946), and what was withdrawn and has left the feed (RFC 6721)."""
    _link(root, "license", feed.site.license_url)
    for entry in feed.deleted:
        if entry.withdrawal:
            said = {"ref": entry.id, "when": stamp(entry.withdrawal.date, feed.site)}
            element = etree.SubElement(root, f"{{{TOMBSTONES}}}deleted-entry", said, nsmap={"at": TOMBSTONES})
            comment = etree.SubElement(element, f"{{{TOMBSTONES}}}comment")
            comment.text = entry.withdrawal.reason
            if entry.language:
                comment.set(XML_LANG, entry.language)


def _extend_entry(element: etree._Element, item: FeedItem) -> None:
    """The language and every link with all its attributes."""
    entry = item.entry
    if entry.language:
        element.set(XML_LANG, entry.language)
    _link(element, "alternate", entry.permalink, type="text/html")
    if entry.link:
        _link(element, "via", entry.link)
    for url in item.related_urls:
        _link(element, "related", url, type="text/html")
    for file in entry.enclosures:
        _link(element, "enclosure", file.url, type=file.media_type, length=str(file.length), title=file.title)


def _link(parent: etree._Element, rel: str, href: str, **attributes: str) -> None:
    etree.SubElement(parent, "link", {"rel": rel, "href": href, **attributes})


_DIALECT = _feedgen.Dialect(
    media_type=MEDIA_TYPE,
    root="feed",
    link="link",
    namespaces={},
    write_feed=methodcaller("atom_str"),
    write_entry=methodcaller("atom_entry"),
    summary=attrgetter("summary"),
    fill_feed=_fill_feed,
    fill_entry=_fill_entry,
    extend_feed=_extend_feed,
    extend_entry=_extend_entry,
)
ATOM = FeedFormat(
    file_name="atom.xml",
    title="Atom",
    media_type=MEDIA_TYPE,
    frame=_frame,
    item=_item,
    separator=b"",
    end=b"</feed>",
)
