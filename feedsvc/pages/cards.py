"""The picture that goes with a link where chats and other sites show one: what it says, and where it is."""

import functools
import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass

from feedsvc import urls
from feedsvc.languages import direction, spoken
from feedsvc.model import Entry, Image, Site
from feedsvc.places import Place

DRAWN = 3  # a new number gives every card a new address: raise it when cards are to be drawn otherwise
NIGHT = "#0c2536"
COLOURS = ("#00676f", "#9c1f4a", "#2456a8", "#7a5300", "#6a3d9e", "#2a6a38", "#a43d12", "#4a5b68")  # as in style.css
WIDTH, HEIGHT = 1200, 630
_DIGEST_LENGTH = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """A card: ``said`` is what it is drawn from, and ``path`` carries the digest of that."""

    path: str
    said: bytes
    image: Image


@functools.lru_cache(maxsize=256)
def card_of(site: Site, place: Place) -> Card:
    """The card of a place; of several categories that of the first which the site still has a place for."""
    shown = Place(tuple(slug for slug in place.categories if slug not in site.empty)[:1], site.edition)
    title, text = shown.title(site), shown.description(site)
    said = {"title": title, "text": text, "foot": site.title if shown.categories else site.author.name}
    return _card(site, shown.path, said, shown.categories, site.language, alt=f"{title}. {text}")


def card_of_update(site: Site, entry: Entry) -> Card:
    """The card of an update, which has no picture of its own."""
    text = ", ".join(site.category(slug).title for slug in entry.categories)
    said = {"title": entry.title, "text": text, "foot": site.title}
    return _card(site, urls.update_path(entry.slug), said, entry.categories, spoken(entry, site), alt=entry.title)


def picture_of(site: Site, entry: Entry, *, is_new: bool) -> Image:
    """What stands for an update where others show a link to it; only a new one has a card of its own."""
    if entry.image:
        return entry.image
    card = card_of_update(site, entry) if is_new else card_of(site, Place(entry.categories, site.edition))
    return card.image


def _card(  # noqa: PLR0913, PLR0917 - what it is drawn from
    site: Site, folder: str, texts: dict[str, str], slugs: Sequence[str], language: str, alt: str
) -> Card:
    """A card with these texts in that language, and the colour of the first of these categories."""
    known = [category.slug for category in site.categories]
    colour = COLOURS[known.index(slugs[0]) % len(COLOURS)] if slugs else NIGHT
    said = {**texts, "colour": colour, "is_turned": direction(language) == "rtl", "drawn": DRAWN}
    octets = json.dumps(said, ensure_ascii=False, sort_keys=True).encode()
    digest = hashlib.sha256(octets).hexdigest()[:_DIGEST_LENGTH]
    path = folder + urls.card_name(digest)
    image = Image(
        url=urls.absolute(site.base_url, path),
        alt=alt,
        media_type="image/png",
        width=WIDTH,
        height=HEIGHT,
    )
    return Card(path=path, said=octets, image=image)
