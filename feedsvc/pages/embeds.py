"""Pages for other sites: what they show in a frame, and the page that tells how."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from markupsafe import Markup

from feedsvc import urls
from feedsvc.formats.feed_item import KEPT_ITEMS, FeedItem, feed_item
from feedsvc.languages import marked, spoken
from feedsvc.model import Entry, Site
from feedsvc.pages.assets import BUILDER_SCRIPT, EMBED_SCRIPT, EMBED_STYLE, asset_href
from feedsvc.pages.content import mark_language, say_day, show_language
from feedsvc.pages.environment import template
from feedsvc.pages.frame import Frame, frame_site, render
from feedsvc.pages.images import show_small
from feedsvc.pages.snippets import make_snippets
from feedsvc.pages.versions import ALONE, Versions
from feedsvc.places import Place, home_of
from feedsvc.wording import words_around


@dataclass(frozen=True, slots=True, kw_only=True)
class Embedded:
    """An update in somebody's frame; ``summary`` is empty where only titles are wanted.

    ``lang`` are attributes, ``language`` is the mark of another language than that of the frame.
    """

    title: str
    href: str
    lang: Markup
    language: Markup
    day: Markup
    summary: str
    picture: Markup


def place_embed(site: Site, place: Place, entries: Sequence[Entry], *, summaries: bool) -> bytes:
    """The newest updates of a place, by their titles or with summaries and pictures."""
    frame = frame_site(site)
    return _render(
        "embed.html",
        site,
        title=place.feed_title(site),
        url=urls.absolute(site.base_url, place.path),
        href=urls.href(site, place.path),
        items=[_embed(frame, feed_item(entry, site), summaries=summaries) for entry in entries],
    )


def update_embed(site: Site, entry: Entry) -> bytes:
    """One update as a card that leads to its page."""
    return _render(
        "embed_update.html",
        site,
        title=marked(entry.title, spoken(entry, site)),
        url=entry.permalink,
        home=urls.href(site, home_of(site).path),
        item=_embed(frame_site(site), feed_item(entry, site), summaries=True),
    )


def builder_page(site: Site, newest: Mapping[Place, Sequence[Entry]], versions: Versions = ALONE) -> bytes:
    """How other sites show updates: a line to copy for every way and place, with the ``newest`` updates of each."""
    frame = frame_site(site)
    parts = (frame.everything, *frame.places.values())
    return render(
        "builder.html",
        frame,
        versions,
        url=urls.absolute(site.base_url, urls.builder_path(frame.everything.place.path)),
        snippets=[make_snippets(site, each, newest[each.place]) for each in parts],
        builder=asset_href(site, BUILDER_SCRIPT),
        element=urls.href(site, urls.EMBED_SCRIPT),
    )


@lru_cache(KEPT_ITEMS)
def _embed(frame: Frame, item: FeedItem, *, summaries: bool) -> Embedded:
    site, entry, lang = frame.site, item.entry, mark_language(frame.site, item.entry)
    image = entry.image if summaries else None
    return Embedded(
        title=entry.title,
        href=urls.href(site, urls.update_path(entry.slug)),
        lang=lang,
        language=show_language(entry.language, site),
        day=say_day(site, frame.words, "{when}", entry.published),
        summary=entry.summary if summaries else "",
        picture=show_small(site, image, "picture", image.alt, lang) if image else Markup(),
    )


def _render(name: str, site: Site, **given: object) -> bytes:
    shared = {"style": asset_href(site, EMBED_STYLE), "script": asset_href(site, EMBED_SCRIPT)}
    return template(words_around(site), name).render(site=site, **shared, **given).encode()
