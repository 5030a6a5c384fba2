"""What a feed format is, and how a document is put together from its frame and its entries."""

from collections.abc import Callable
from dataclasses import dataclass

from feedsvc.formats.feed_item import FeedItem, feed_items
from feedsvc.model import Feed

GENERATOR = "feedsvc"
VERSION = "1.0.0"
TTL_MINUTES = 10  # as long as the Cache-Control of a feed says


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedFormat:
    """One row of ``FORMATS``. All bytes are UTF-8.

    ``frame(feed, self_url)`` gives a document without its entries; ``self_url`` is its own address. ``item`` gives an
    entrys part of it; ``separator`` stands between two, ``end`` follows the last. ``media_type`` is without
    parameters. ``title`` is what people call the format.
    """

    file_name: str
    title: str
    media_type: str
    frame: Callable[[Feed, str], bytes]
    item: Callable[[FeedItem], bytes]
    separator: bytes
    end: bytes

    def render(self, feed: Feed, self_url: str) -> bytes:
        """The finished document: one line for the frame and each entry, which go before the frame's last ``end``."""
        head, tail, rest = self.frame(feed, self_url).rpartition(self.end)
        return b"".join((head, self.separator.join(map(self.item, feed_items(feed))), tail, rest))
