"""What the search page looks through in the browser: updates with their words, as JSON."""

import html
import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from feedsvc.formats.feed_item import KEPT_ITEMS, FeedItem, feed_item
from feedsvc.formats.json_feed import dump
from feedsvc.model import Entry, Site
from feedsvc.timestamps import local

MEDIA_TYPE = "application/json"
TEXT_OCTETS = 2_000  # of what an update says beside title and summary, each word once, as whole words
SAID = ("language", "translation_of")  # where there is something to say

_TAG = re.compile(r'<(?:[^>"]|"[^"]*")*>')


def render_search_index(site: Site, entries: Iterable[Entry]) -> bytes:
    """The entries, in the order given."""
    return b"[%b]" % b",".join(_item(feed_item(entry, site)) for entry in entries)


@lru_cache(KEPT_ITEMS)
def _item(item: FeedItem) -> bytes:
    """A finished entry: a piece has many, of which few change."""
    site, entry = item.site, item.entry
    described: dict[str, Any] = {
        "slug": entry.slug,
        "title": entry.title,
        "summary": entry.summary,
        "date": local(entry.published, site).date().isoformat(),
        "categories": entry.categories,
        "text": _gather_words(entry),
    }
    described |= {name: value for name in SAID if (value := getattr(entry, name))}
    return dump(described)


def _gather_words(entry: Entry) -> str:
    """What stands in the content, in notes and in titles of files: each word once, as many as there is room for."""
    texts = (
        html.unescape(_TAG.sub(" ", entry.content_html)),
        *(change.note for change in entry.changes),
        *(event.location or "" for event in entry.announced),
        *(file.title for file in entry.enclosures),
    )
    told = set(f"{entry.title} {entry.summary}".lower().split())
    words = {word.lower(): word for text in texts for word in text.split()}
    text = " ".join(word for key, word in words.items() if key not in told)
    if len(text.encode()) <= TEXT_OCTETS:
        return text
    return text.encode()[:TEXT_OCTETS].decode(errors="ignore").rpartition(" ")[0]
