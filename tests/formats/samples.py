"""Entries that use every field, a feed of them, and a reader's view of any format that owes nothing to our code."""

import json
from calendar import timegm
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from html import escape, unescape
from time import struct_time
from typing import Any

import feedparser
from hypothesis import strategies as st

from feedsvc.formats import FORMATS
from feedsvc.formats.format import FeedFormat
from feedsvc.formats.json_feed import JSON_FEED
from feedsvc.formats.rss import RSS
from feedsvc.model import Author, Enclosure, Entry, Event, Feed
from tests.make import BASE_URL, PDF, SPREADSHEET, make_entry, make_feed, make_image

XML_FORMATS = tuple(fmt for fmt in FORMATS if fmt is not JSON_FEED)


LEGAL = st.one_of(
    st.characters(codec="utf-8", exclude_categories=["Cc"], exclude_characters="\ufffe\uffff"),
    st.sampled_from("\t\n\r\x7f\x85\x9f&<>\"'\\"),
)
WORDS = st.text(LEGAL, min_size=1, max_size=30)

FILES = st.tuples(
    st.sampled_from([PDF.url, f"{BASE_URL}files/a%20b.ogg?c=1&d='2'"]),
    st.sampled_from([PDF.media_type, SPREADSHEET.media_type, "audio/ogg"]),
    st.sampled_from([0, 999, 12_345_678, 10**12]),
    WORDS,
)
EVENTS = st.builds(
    Event,
    key=st.just(""),
    start=st.just(datetime(2026, 9, 23, 22, 28, tzinfo=UTC)),
    end=st.sampled_from([datetime(2026, 9, 23, 23, tzinfo=UTC), datetime(2026, 9, 30, 22, 58, tzinfo=UTC)]),
    is_whole_day=st.booleans(),
    is_deadline=st.booleans(),
    location=st.none() | WORDS,
    url=st.sampled_from([None, "https://hall.example.org/?a=1&b='2'"]),
)


@st.composite
def entries_of_any_text(draw: Any, *categories: tuple[str, ...]) -> Entry:
    """Entries with any of their fields and any text in them, in any of these sets of ``categories`` (or in covid)."""
    title, alt, note = draw(WORDS), draw(WORDS), draw(st.none() | WORDS)
    files = tuple(
        Enclosure(url=url, media_type=media_type, length=length, title=text)
        for url, media_type, length, text in draw(st.lists(FILES, max_size=3))
    )
    return make_entry(
        title=title,
        categories=draw(st.sampled_from(categories or (("covid",),))),
        summary=draw(st.text(LEGAL, max_size=30)),
        content_html=f"<p>{escape(draw(WORDS))}</p>",
        change_note=note,
        updated=draw(st.sampled_from([datetime(2026, 2, 3, tzinfo=UTC), datetime(2026, 9, 30, 23, tzinfo=UTC)])),
        author=draw(st.none() | WORDS.map(lambda name: Author(name=name))),
        language=draw(st.sampled_from([None, "es", "ar", "zh-Hant-TW"])),
        link=draw(st.sampled_from([None, "https://health.example.org/?a=1&b='2'", "mailto:a@example.org?subject=b"])),
        image=draw(st.none() | st.just(make_image(alt=alt))),
        enclosures=files,
        related=tuple(f"update-{n}" for n in range(draw(st.integers(2, 4)), 4)),
        events=tuple(draw(st.lists(EVENTS, max_size=2))),
        replaces=draw(st.sampled_from([None, "the-earlier-update-of-a-long-name"])),
        urgent_until=draw(st.sampled_from([None, datetime(2026, 9, 30, 23, tzinfo=UTC)])),
        expires=draw(st.sampled_from([None, datetime(2026, 9, 30, 23, tzinfo=UTC)])),
    )


def named(fmt: FeedFormat) -> str:
    """What a parametrised test calls its case."""
    return fmt.file_name


def full_entry(n: int = 1, **overrides: Any) -> Entry:
    """An entry with every field set."""
    given: dict[str, Any] = {
        "updated": datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC),
        "categories": ("covid", "pay"),
        "title": "Pay & safety: what <changed>",
        "summary": 'Masks "stay" on 4 < 5 units & pay is up.',
        "content_html": "<p>Masks <em>stay</em> &amp; pay is up.</p>",
        "change_note": "The rate is 4 %, not 5 %.",
        "author": Author(name="Bargaining team"),
        "language": "es",
        "link": "https://health.example.org/rules?a=1&b=2",
        "image": make_image(),
        "enclosures": (PDF, SPREADSHEET),
        "related": ("update-7",),
    }
    return make_entry(n, **given | overrides)


def full_feed() -> Feed:
    """A plain entry below a full one."""
    return make_feed(full_entry(2), make_entry(1))


@dataclass(frozen=True, kw_only=True)
class Item:
    """An entry as a reader has it; ``files`` are (address, type, octets)."""

    id: str
    title: str
    url: str
    published: datetime
    updated: datetime
    summary: str
    content_html: str
    author: str
    tags: tuple[str, ...]
    files: tuple[tuple[str, str, int], ...]


@dataclass(frozen=True, kw_only=True)
class Seen:
    """A feed as a reader has it."""

    title: str
    description: str
    home_url: str
    self_url: str
    language: str
    items: tuple[Item, ...]


def read(fmt: FeedFormat, document: bytes) -> Seen:
    """What a reader makes of the document: feedparser for XML, the bare standard for JSON Feed."""
    return _read_json(json.loads(document)) if fmt is JSON_FEED else _read_xml(fmt, document)


def parse(document: bytes) -> Any:
    """The document through feedparser, which must have nothing to complain of."""
    parsed = feedparser.parse(document, sanitize_html=False, resolve_relative_uris=False)
    assert not parsed.bozo, parsed.bozo_exception
    return parsed


def _read_xml(fmt: FeedFormat, document: bytes) -> Seen:
    parsed = parse(document)
    (self_url,) = [link.href for link in parsed.feed.links if link.rel == "self"]
    return Seen(
        title=parsed.feed.title,
        description=parsed.feed.subtitle,
        home_url=parsed.feed.link,
        self_url=self_url,
        language=parsed.feed.language,
        items=tuple(_xml_item(entry, parsed.feed, is_html=fmt is RSS) for entry in parsed.entries),
    )


def _xml_item(entry: Any, feed: Any, *, is_html: bool) -> Item:
    (content,) = entry.content
    return Item(
        id=entry.id,
        title=entry.title,
        url=entry.link,
        published=_instant(entry.published_parsed),
        updated=_instant(entry.updated_parsed),
        summary=unescape(entry.summary) if is_html else entry.summary,
        content_html=content.value,
        author=entry.get("author") or feed.author,
        tags=tuple(tag.label or tag.term for tag in entry.tags),
        files=tuple((file.href, file.type, int(file.length)) for file in entry.enclosures),
    )


def _instant(parsed: struct_time) -> datetime:
    return datetime.fromtimestamp(timegm(parsed), tz=UTC)


def _read_json(document: Mapping[str, Any]) -> Seen:
    return Seen(
        title=document["title"],
        description=document["description"],
        home_url=document["home_page_url"],
        self_url=document["feed_url"],
        language=document["language"],
        items=tuple(_json_item(item, document) for item in document["items"]),
    )


def _json_item(item: Mapping[str, Any], document: Mapping[str, Any]) -> Item:
    return Item(
        id=item["id"],
        title=item["title"],
        url=item["url"],
        published=datetime.fromisoformat(item["date_published"]),
        updated=datetime.fromisoformat(item["date_modified"]),
        summary=item["summary"],
        content_html=item["content_html"],
        author=item.get("authors", document["authors"])[0]["name"],
        tags=tuple(item["tags"]),
        files=tuple((file["url"], file["mime_type"], file["size_in_bytes"]) for file in item.get("attachments", ())),
    )
