"""What oEmbed 1.0 says of a page: the frame that another site may put in its place."""

from typing import Any

from markupsafe import Markup

from feedsvc import urls
from feedsvc.formats.json_feed import dump
from feedsvc.languages import marked, spoken
from feedsvc.model import Author, Entry, Image, Site
from feedsvc.pages.cards import card_of, picture_of
from feedsvc.places import Place

WIDTH = 600
PLACE_HEIGHT = 480
UPDATE_HEIGHT = 280
MEDIA_TYPE = "application/json+oembed"


def place_oembed(site: Site, place: Place) -> bytes:
    """The frame with the newest updates of a place."""
    title, path = place.feed_title(site), urls.embed_path(place.name, summaries=True)
    frame = _frame(site, path, title, urls.absolute(site.base_url, place.path), PLACE_HEIGHT)
    return _tell(site, frame, site.author, card_of(site, place).image)


def update_oembed(site: Site, entry: Entry, *, is_new: bool = False) -> bytes:
    """The frame with one update; a new one has a card of its own."""
    title, path = marked(entry.title, spoken(entry, site)), urls.update_embed_path(entry.slug)
    frame = _frame(site, path, title, entry.permalink, UPDATE_HEIGHT)
    return _tell(site, frame, entry.author or site.author, picture_of(site, entry, is_new=is_new))


def discover_oembed(url: str, title: str) -> Markup:
    """The link in a page's head to what oEmbed says of it."""
    return Markup('<link rel="alternate" type="{}" title="{}" href="{}{}">').format(
        MEDIA_TYPE, title, url, urls.OEMBED_NAME
    )


def _frame(site: Site, path: str, title: str, url: str, height: int) -> dict[str, Any]:
    """The frame at a path, which may stand in the place of the page at an address."""
    # WordPress shows the quotation until the frame speaks, and without one it does not listen
    html = Markup(
        '<blockquote><a href="{}">{}</a></blockquote>'
        '<iframe src="{}" title="{}" width="{}" height="{}" frameborder="0"></iframe>'
    ).format(url, title, urls.absolute(site.base_url, path), title, WIDTH, height)
    return {"title": title, "html": html, "width": WIDTH, "height": height}


def _tell(site: Site, frame: dict[str, Any], author: Author, picture: Image) -> bytes:
    said = {
        "version": "1.0",
        "type": "rich",
        "title": frame["title"],
        "author_name": author.name,
        "provider_name": site.title,
        "provider_url": site.base_url,
        **frame,
        "thumbnail_url": picture.url,
        "thumbnail_width": picture.width,
        "thumbnail_height": picture.height,
    }
    return dump(said)
