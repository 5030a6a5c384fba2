"""An entry as a page shows it: its dates in the site's zone and words, its HTML with the site's own addresses local."""

import functools
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import groupby
from operator import attrgetter
from typing import Any

from markupsafe import Markup, escape

from feedsvc import urls
from feedsvc.formats.feed_item import KEPT_ITEMS, FeedItem, feed_item
from feedsvc.formats.json_feed import dump
from feedsvc.languages import OWN_NAMES, direction, primary, spoken
from feedsvc.model import Entry, Image, Site
from feedsvc.pages.dates import BEGINNING, Present, describe_events, keep_together, show_dates
from feedsvc.pages.environment import template
from feedsvc.pages.frame import Frame, describe_subjects
from feedsvc.pages.images import offer_sizes, show_small
from feedsvc.timestamps import local, stamp
from feedsvc.wording import find_wording, words_around, words_inside
from feedsvc.wording.wording import Wording

_ENDING = str.maketrans({"&": "\\u0026", "<": "\\u003c", ">": "\\u003e"})  # what might end a script
_TABLE = re.compile(r"<table\b")
_ALIGN = re.compile(r'(<t[dh]) align="(left|center|right)"')


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """An entry in a list. ``updated`` is None unless the update changed on a later day.

    ``lang`` are the attributes of what it says, ``language`` is the mark of another language than that of the page.
    ``day`` is the leaf of a calendar, below a heading that is ``month``; ``date`` says all of it. ``dates`` are all
    that the entry announces, ``ahead`` those that are not over. ``told`` is all of it below such a heading, as HTML.
    """

    title: str
    href: str
    lang: Markup
    language: Markup
    colour: str
    tags: Markup
    summary: str
    picture: Markup
    month: str
    day: Markup
    date: Markup
    updated: Markup | None
    change_note: str | None
    dates: list[Markup]
    ahead: list[Markup]
    told: str = ""


def list_entry(frame: Frame, entry: Entry, as_of: datetime) -> Item:
    """The entry as a list shows it; made once for all lists that hold it."""
    return _list_entry(frame, feed_item(entry, frame.site), as_of if entry.announced else BEGINNING)


@functools.lru_cache(KEPT_ITEMS)
def _list_entry(frame: Frame, listed: FeedItem, as_of: datetime) -> Item:
    site, entry, words = frame.site, listed.entry, frame.words
    subjects = describe_subjects(frame, entry.categories)
    published, updated = local(entry.published, site), local(entry.updated, site)
    changed = words.corrected if entry.changes else words.updated
    is_changed = updated.date() > published.date() and not entry.withdrawal  # of which the summary tells when
    dates = show_dates(site, entry, words, mark_language(site, entry), as_of)
    item = Item(
        title=entry.title,
        href=update_href(frame, entry.slug),
        lang=mark_language(site, entry),
        language=show_language(entry.language, site),
        colour=subjects.colour,
        tags=subjects.tags,
        summary=entry.summary,
        picture=show_small(site, entry.image, "thumbnail") if entry.image else Markup(),
        month=words.of_year.format(title=words.months[published.month - 1], year=published.year),
        day=_mark_day(published, words),
        date=say_day(site, words, "{when}", entry.published),
        updated=say_day(site, words, changed, entry.updated) if is_changed else None,
        change_note=entry.changes[-1].note if entry.changes else None,
        dates=dates,
        ahead=[date for date, event in zip(dates, entry.announced, strict=True) if not event.is_over(as_of)],
    )
    parts: Any = template(words, "_parts.html").module
    return replace(item, told=parts.tell(item, "h4", ""))


@dataclass(frozen=True, slots=True)
class News:
    """A list as pages show it: the newest at the head, and what came before it by months."""

    lead: Item | None
    months: list[tuple[str, list[Item]]]


def list_news(frame: Frame, entries: Sequence[Entry], present: Present) -> News:
    """The entries, newest first, as the list of a page; what is urgent stands above it."""
    items = [list_entry(frame, entry, present.as_of) for entry in entries if entry not in present.urgent]
    return News(
        lead=items[0] if items else None,
        months=[(month, list(some)) for month, some in groupby(items[1:], key=attrgetter("month"))],
    )


def update_href(frame: Frame, slug: str) -> str:
    """What a page writes to link to an update's own page."""
    return urls.href(frame.site, urls.update_path(slug))


def mark_language(site: Site, entry: Entry) -> Markup:
    """The attributes of what the entry itself says, none in the site's language: the words around it are the site's."""
    return say_language(entry.language, site)


def mark_words(site: Site, entry: Entry) -> Markup:
    """The attributes of the words that we add to the entry, none where they are in the site's language."""
    words, language = words_inside(entry, site)
    return Markup("") if words is words_around(site) else say_language(language, site)


def say_language(language: str | None, site: Site) -> Markup:
    """The attributes of text in that language (None: that of updates which name none); none in the site's."""
    language = language or site.first_language
    if language == site.language:
        return Markup("")
    way = direction(language)
    turned = "" if way == direction(site.language) else f' dir="{way}"'
    return Markup(f' lang="{escape(language)}"{turned}')  # noqa: S704 - escaped


def show_language(language: str | None, site: Site) -> Markup:
    """What those who read that language call it, as a list shows it; nothing of the language that the page has."""
    language = language or site.first_language
    if primary(language) == primary(site.language):
        return Markup("")
    words = find_wording(language)
    name = words.own_name if words else OWN_NAMES.get(primary(language))
    marks = say_language(language, site) if name else ""
    return Markup('<span class="language"{}>{}</span>').format(marks, name or language)


def say_when(site: Site, words: Wording, sentence: str, instant: datetime) -> Markup:
    """The sentence with the instant in words of the site's zone, in a ``<time>``."""
    shown = local(instant, site)
    return _fill(sentence, when=_mark_time(shown, words.say_instant(shown)))


def say_day(site: Site, words: Wording, sentence: str, instant: datetime) -> Markup:
    """The sentence with the instant's day in the site's zone, in a ``<time>``."""
    shown = local(instant, site)
    return _fill(sentence, when=_mark_time(shown, words.say_date(shown)))


def localize_html(site: Site, entry: Entry) -> Markup:
    """The content with the site's own addresses made host-less, every size of its pictures, and tables that scroll.

    Sanitised HTML has its attributes in double quotes and no bare ``<`` in text, which is what makes this exact.
    """
    base = str(escape(site.base_url))
    html = entry.content_html
    if base in html:
        html = _match_own_address(base).sub(rf"\g<1>{escape(urls.base_path(site.base_url))}/", html)
    if "<table" in html:
        words, language = words_inside(entry, site)
        own = spoken(entry, site)
        ours, theirs = ("", "") if language == own else (f' lang="{escape(language)}"', f' lang="{escape(own)}"')
        region = f'<div class="table" role="group" tabindex="0" aria-label="{escape(words.table)}"{ours}><table{theirs}'
        html = _ALIGN.sub(r'\1 class="\2"', _TABLE.sub(region, html)).replace("</table>", "</table></div>")
    for image in entry.pictures:
        html = offer_sizes(site, html, image)
    return Markup(html)  # noqa: S704 - content_html is safe by the model's contract


def describe_article(site: Site, entry: Entry, image: Image) -> Markup:
    """A schema.org NewsArticle with its ``image``, and its dates, as JSON that is safe inside a ``<script>``."""
    author = {"@type": "Organization", "name": (entry.author or site.author).name}
    article: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "headline": entry.title,
        "description": entry.summary,
        "datePublished": stamp(entry.published, site),
        "dateModified": stamp(entry.updated, site),
        "inLanguage": spoken(entry, site),
        "mainEntityOfPage": entry.permalink,
        "image": image.url,
        "author": author,
        "publisher": {"@type": "Organization", "name": site.author.name, "url": site.base_url},
    }
    if entry.expires:
        article["expires"] = stamp(entry.expires, site)
    events = describe_events(site, entry)
    text = dump([article, *events] if events else article).decode().translate(_ENDING)
    return Markup(text)  # noqa: S704 - the characters that end a script are escaped


@functools.lru_cache(maxsize=8)
def _match_own_address(base: str) -> re.Pattern[str]:
    return re.compile(rf'(<[a-z](?:[^>"]|"[^"]*")*?\s(?:href|src)="){re.escape(base)}')


def _mark_time(shown: datetime, words: str) -> Markup:
    return Markup(f'<time datetime="{shown.isoformat()}">{escape(keep_together(words))}</time>')  # noqa: S704


def _mark_day(day: datetime, words: Wording) -> Markup:
    """The day as the leaf of a calendar."""
    leaf = _fill(
        words.leaf,
        month=f'<span class="month">{escape(words.short_months[day.month - 1])}</span>',
        day=f'<span class="number">{day.day}</span>',
    )
    return Markup(f'<time class="day" datetime="{day.isoformat()}">{leaf}</time>')  # noqa: S704 - escaped


def _fill(sentence: str, **parts: str) -> Markup:
    """The sentence with its marks filled in by HTML; in a list of fifty, ``Markup.format`` took as long as all else."""
    return Markup(str(escape(sentence)).format(**parts))  # noqa: S704 - both are HTML
