"""What a feed format is, and how a document is put together from its frame and its entries."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from feedsvc.model import Feed

GENERATOR = "feedsvc"
VERSION = "1.0.0"
TTL_MINUTES = 10  # as long as the Cache-Control of a feed says


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedFormat:
    """One row of ``FORMATS``.

    ``render(feed, self_url)`` gives the document's bytes, in UTF-8; ``self_url`` is its own address. ``media_type`` is
    without parameters. ``title`` is what people call the format.
    """

    file_name: str
    title: str
    media_type: str
    render: Callable[[Feed, str], bytes]


def splice(frame: bytes, end: bytes, entries: Iterable[bytes], separator: bytes) -> bytes:
    """``frame`` with the finished entries put before its last ``end``."""
    head, tail, rest = frame.rpartition(end)
    return b"".join((head, separator.join(entries), tail, rest))
