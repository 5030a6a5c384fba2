"""The picture that goes with a link where chats and other sites show one: what it says, and where it is."""

import functools
import hashlib
import json
from dataclasses import dataclass

from feedsvc import urls
from feedsvc.languages import direction
from feedsvc.model import Image, Site
from feedsvc.places import ALL, Place

DRAWN = 1  # a new number gives every card a new address: raise it when cards are to be drawn otherwise
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
    """The card of a place; a mix has that of the first of its categories."""
    shown = Place(place.categories[:1])
    slugs = [category.slug for category in site.categories]
    colour = COLOURS[slugs.index(shown.categories[0]) % len(COLOURS)] if shown.categories else NIGHT
    title, text = shown.title(site), shown.description(site)
    said = {
        "title": title,
        "text": text,
        "foot": site.author.name if shown == ALL else site.title,
        "colour": colour,
        "is_turned": direction(site.language) == "rtl",
        "drawn": DRAWN,
    }
    octets = json.dumps(said, ensure_ascii=False, sort_keys=True).encode()
    digest = hashlib.sha256(octets).hexdigest()[:_DIGEST_LENGTH]
    path = shown.path + urls.card_name(digest)
    image = Image(
        url=urls.absolute(site.base_url, path),
        alt=f"{title}. {text}",
        media_type="image/png",
        width=WIDTH,
        height=HEIGHT,
    )
    return Card(path=path, said=octets, image=image)
