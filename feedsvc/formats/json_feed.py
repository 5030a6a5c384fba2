"""JSON Feed 1.1: the feed for pages that embed updates without an XML parser."""

import json
from functools import lru_cache
from typing import Any

from feedsvc.formats.feed_item import KEPT_ITEMS, FeedItem
from feedsvc.formats.format import FeedFormat
from feedsvc.formats.history import history_links
from feedsvc.formats.vocabularies import VOCABULARIES
from feedsvc.languages import marked
from feedsvc.model import Author, Entry, Feed, Site
from feedsvc.timestamps import stamp
from feedsvc.wording import words_around

_ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))
MEDIA_TYPE = "application/feed+json"


def _frame(feed: Feed, self_url: str) -> bytes:
    """The document without its items, with its keys in a fixed order."""
    site = feed.site
    older = dict(history_links(feed.history, JSON_FEED.file_name)).get("prev-archive")
    return dump(
        {
            "version": "https://jsonfeed.org/version/1.1",
            "title": marked(feed.title, site.language),
            "home_page_url": feed.home_url,
            "feed_url": self_url,
            **({"next_url": older} if older else {}),
            "description": marked(feed.description, site.language),
            "user_comment": words_around(site).feed_comment.format(url=self_url),
            "language": site.language,
            "icon": site.icon.url,
            "favicon": site.favicon_url,
            "authors": _authors(site.author),
            **({"hubs": [{"type": "WebSub", "url": hub} for hub in feed.hubs]} if feed.hubs else {}),
            "items": [],
        }
    )


@lru_cache(maxsize=KEPT_ITEMS)
def _item(item: FeedItem) -> bytes:
    """A finished item; what an entry does not have is left out."""
    entry, site = item.entry, item.site
    members = {
        "id": entry.id,
        "url": entry.permalink,
        "external_url": entry.link,
        "title": item.title,
        "content_html": item.content_html,
        "summary": item.summary,
        "date_published": stamp(entry.published, site),
        "date_modified": stamp(entry.updated, site),
        "authors": _authors(entry.author),
        "tags": [label for _, label in item.tags],
        "language": entry.language,
        "image": entry.image.smallest.url if entry.image else None,
        "attachments": _attachments(entry),
        "_feedsvc": _extension(entry, site),
    }
    return dump({key: value for key, value in members.items() if value})


def _extension(entry: Entry, site: Site) -> dict[str, Any]:
    """What JSON Feed has no name for, in an object of our own; its name and members stay as they are."""
    described: dict[str, Any] = {}
    for vocabulary in VOCABULARIES:
        described |= vocabulary.describe(entry, site)
    return described


def _authors(author: Author | None) -> list[dict[str, str]]:
    return [{"name": author.name}] if author else []


def _attachments(entry: Entry) -> list[dict[str, Any]]:
    return [
        {"url": file.url, "mime_type": file.media_type, "title": file.title, "size_in_bytes": file.length}
        for file in entry.enclosures
    ]


def dump(value: Any) -> bytes:
    """A value as JSON without spaces, in which letters of every language stand as they are."""
    return _ENCODER.encode(value).encode()


JSON_FEED = FeedFormat(
    file_name="feed.json",
    title="JSON Feed",
    media_type=MEDIA_TYPE,
    frame=_frame,
    item=_item,
    separator=b",\n",
    end=b"]}",
)
