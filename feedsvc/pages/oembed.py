"""What oEmbed 1.0 says of a page: the frame that another site may put in its place."""

import json
from dataclasses import dataclass

from markupsafe import Markup

from feedsvc import urls
from feedsvc.languages import marked, spoken
from feedsvc.model import Entry, Image, Site
from feedsvc.pages.cards import card_of, picture_of
from feedsvc.places import Place

WIDTH = 600
PLACE_HEIGHT = 480
UPDATE_HEIGHT = 280
MEDIA_TYPE = "application/json+oembed"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Framed:
    """A page and the frame that may stand in its place."""

    title: str
    author: str
    url: str
    frame_path: str
    height: int
    picture: Image


def place_oembed(site: Site, place: Place) -> bytes:
    """The frame with the newest updates of a place."""
    framed = _Framed(
        title=place.feed_title(site),
        author=site.author.name,
        url=urls.absolute(site.base_url, place.path),
        frame_path=urls.embed_path(place.name, summaries=True),
        height=PLACE_HEIGHT,
        picture=card_of(site, place).image,
    )
    return _tell(site, framed)


def update_oembed(site: Site, entry: Entry, *, is_new: bool = False) -> bytes:
    """The frame with one update; a new one has a card of its own."""
    framed = _Framed(
        title=marked(entry.title, spoken(entry, site)),
        author=(entry.author or site.author).name,
        url=entry.permalink,
        frame_path=urls.update_embed_path(entry.slug),
        height=UPDATE_HEIGHT,
        picture=picture_of(site, entry, is_new=is_new),
    )
    return _tell(site, framed)


def discover_oembed(url: str, title: str) -> Markup:
    """The link in a page's head to what oEmbed says of it."""
    return Markup('<link rel="alternate" type="{}" title="{}" href="{}{}">').format(
        MEDIA_TYPE, title, url, urls.OEMBED_NAME
    )


def _tell(site: Site, framed: _Framed) -> bytes:
    # WordPress shows the quotation until the frame speaks, and without one it does not listen
    html = Markup(
        '<blockquote><a href="{}">{}</a></blockquote>'
        '<iframe src="{}" title="{}" width="{}" height="{}" frameborder="0"></iframe>'
    ).format(
        framed.url,
        framed.title,
        urls.absolute(site.base_url, framed.frame_path),
        framed.title,
        WIDTH,
        framed.height,
    )
    said = {
        "version": "1.0",
        "type": "rich",
        "title": framed.title,
        "author_name": framed.author,
        "provider_name": site.title,
        "provider_url": site.base_url,
        "html": html,
        "width": WIDTH,
        "height": framed.height,
        "thumbnail_url": framed.picture.url,
        "thumbnail_width": framed.picture.width,
        "thumbnail_height": framed.picture.height,
    }
    return json.dumps(said, ensure_ascii=False, separators=(",", ":")).encode()
