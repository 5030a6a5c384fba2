"""Feed -> bytes: one module per format, one table of them. Which entries a feed holds is decided in ``feeds``."""

from feedsvc.formats.atom import ATOM
from feedsvc.formats.format import FeedFormat
from feedsvc.formats.json_feed import JSON_FEED
from feedsvc.formats.opml import render_opml
from feedsvc.formats.rss import RSS

FORMATS: tuple[FeedFormat, ...] = (RSS, ATOM, JSON_FEED)

__all__ = ["ATOM", "FORMATS", "JSON_FEED", "RSS", "FeedFormat", "render_opml"]
