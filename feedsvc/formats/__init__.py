"""Feed -> bytes: one module per format, one table of them. Which entries a feed holds is decided in ``feeds``.

What is in ``calendar`` is imported from there, and late: the library it needs takes a tenth of a second to load.
"""

from functools import lru_cache

from feedsvc.formats.atom import ATOM
from feedsvc.formats.feed_item import KEPT_ITEMS, FeedItem
from feedsvc.formats.format import FeedFormat
from feedsvc.formats.json_feed import JSON_FEED
from feedsvc.formats.rss import RSS

FORMATS: tuple[FeedFormat, ...] = (RSS, ATOM, JSON_FEED)


@lru_cache(KEPT_ITEMS)
def measure(item: FeedItem) -> int:
    """How many octets an entry takes in the format that makes the most of it."""
    return max(len(fmt.item(item)) + len(fmt.separator) for fmt in FORMATS)
