"""RSS 2.0 with the namespaces its readers know. The home of RSS's spelling."""

import re
from functools import lru_cache
from operator import attrgetter, methodcaller
from typing import Any

from lxml import etree

from feedsvc.formats import _feedgen
from feedsvc.formats.feed_item import KEPT_ITEMS, FeedItem
from feedsvc.formats.format import GENERATOR, TTL_MINUTES, VERSION, FeedFormat
from feedsvc.languages import marked
from feedsvc.model import Feed
from feedsvc.timestamps import stamp

MEDIA_TYPE = "application/rss+xml"
ATOM = "http://www.w3.org/2005/Atom"
CONTENT = "http://purl.org/rss/1.0/modules/content/"
DC = "http://purl.org/dc/elements/1.1/"
_TITLE = re.compile(rb"<title>[^<]*</title>")
IMAGE_WIDTH, IMAGE_HEIGHT = 144, 400  # the greatest that RSS 2.0 allows


def _frame(feed: Feed, self_url: str) -> bytes:
    return _TITLE.sub(_spell_out, _feedgen.write_frame(_DIALECT, feed, self_url))


@lru_cache(KEPT_ITEMS)
def _item(item: FeedItem) -> bytes:
    return _TITLE.sub(_spell_out, _feedgen.write_item(_DIALECT, item))


def _spell_out(title: re.Match[bytes]) -> bytes:
    """``&`` and ``<`` by number: some readers decode a title twice, and the RSS Board's profile advises it."""
    return title[0].replace(b"&amp;", b"&#x26;").replace(b"&lt;", b"&#x3C;")


def _fill_channel(generator: Any, feed: Feed) -> None:
    icon = feed.site.icon
    scale = min(1, IMAGE_WIDTH / icon.width, IMAGE_HEIGHT / icon.height)
    generator.image(
        url=icon.url,
        title=marked(feed.title, feed.site.language),
        link=feed.home_url,
        width=str(max(1, int(icon.width * scale))),
        height=str(max(1, int(icon.height * scale))),
    )
    generator.docs("https://www.rssboard.org/rss-specification")
    generator.generator(f"{GENERATOR} {VERSION}")
    generator.ttl(TTL_MINUTES)


def _fill_item(written: Any, item: FeedItem) -> None:
    entry = item.entry
    written.link(href=entry.permalink)
    # the first alone: more than one enclosure is read in as many ways as there are readers
    for enclosure in entry.enclosures[:1]:
        written.enclosure(enclosure.url, enclosure.length, enclosure.media_type)


def _extend_channel(root: etree._Element, feed: Feed) -> None:
    """The licence, which feedgen leaves out of RSS (RFC 4946)."""
    etree.SubElement(root[0], f"{{{ATOM}}}link", rel="license", href=feed.site.license_url)


def _extend_item(element: etree._Element, item: FeedItem) -> None:
    """A byline without an e-mail address, the language and the date of the last change."""
    entry = item.entry
    _add(element, f"{{{DC}}}creator", (entry.author or item.site.author).name)
    if entry.language:
        _add(element, f"{{{DC}}}language", entry.language)
    _add(element, f"{{{ATOM}}}updated", stamp(entry.updated, item.site))


def _add(parent: etree._Element, tag: str, text: str) -> None:
    etree.SubElement(parent, tag).text = text


_DIALECT = _feedgen.Dialect(
    media_type=MEDIA_TYPE,
    root="rss",
    link=f"{{{ATOM}}}link",
    namespaces={"atom": ATOM, "content": CONTENT, "dc": DC},
    write_feed=methodcaller("rss_str"),
    write_entry=methodcaller("rss_entry"),
    summary=attrgetter("summary_html"),  # which readers take for HTML
    fill_feed=_fill_channel,
    fill_entry=_fill_item,
    extend_feed=_extend_channel,
    extend_entry=_extend_item,
)
RSS = FeedFormat(
    file_name="rss.xml",
    title="RSS",
    media_type=MEDIA_TYPE,
    frame=_frame,
    item=_item,
    separator=b"",
    end=b"</channel>",
)
