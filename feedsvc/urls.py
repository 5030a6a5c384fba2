"""The only maker of paths, absolute URLs and tag URIs, together with ``places``.

Paths begin with ``/`` and are relative to the site's base URL; what a page links to is ``href``, which keeps the base
URL's own path. Every address works on any static host.
"""

import re
from collections.abc import Iterator, Sequence
from datetime import date
from itertools import islice, permutations
from urllib.parse import quote, urlsplit

from feedsvc.model import Site

HOME = "/"
OPML = "/feeds.opml"
NOT_FOUND = "/404.html"
CALENDAR = "calendar.ics"  # below the page of a place
HEALTH = "/healthz"
EMBED = "/embed/"
CARD = "card.png"  # below the page of a place or an update: the way to the card that it has now
OEMBED_NAME = "oembed.json"
EMBED_SCRIPT = "/embed-1.js"
SUBSCRIBE_ANCHOR = "subscribe"
UPDATES = "/updates/"  # what these addresses begin with
FILES = "/files/"
PICTURES = "/pictures/"
ORDERED_AT_MOST = 4  # categories of a mix, whose other orders lead to it on a host of files


def update_path(slug: str) -> str:
    """The permanent page of an update."""
    return f"{UPDATES}{slug}/"


def is_update_path(path: str) -> bool:
    """Whether that is where an update has its page, if there is one."""
    return path.startswith(UPDATES) and path.endswith("/") and path.count("/") == update_path("slug").count("/")


def event_path(slug: str) -> str:
    """The calendar of the dates of one update."""
    return update_path(slug) + "event.ics"


def subscribe_path(place: str) -> str:
    """The page that says how to follow a place, by the path of its page."""
    return f"{place}subscribe/"


def visit_path(page: str) -> str:
    """Where a person who opens a feed is led, by the path of its page: a year is followed as its place is."""
    return subscribe_path(re.sub(r"(?<=/)\d{4}/$", "", page))


def poster_path(place: str) -> str:
    """The sheet for a break room, by the path of the page of a place."""
    return f"{place}poster/"


def search_path(home: str) -> str:
    """The page that searches all updates, by the path of a home page."""
    return f"{home}search/"


def search_folder(year: int) -> str:
    """What is searched of a year; every edition searches the same."""
    return f"{search_path(HOME)}{year}/"


def opml_path(place: str) -> str:
    """The list of the feeds of a place, and of those inside it, by the path of its page."""
    return place + OPML.removeprefix("/")


def manifest_path(home: str) -> str:
    """What telephones are told of the site, by the path of a home page."""
    return f"{home}manifest.webmanifest"


def builder_path(home: str) -> str:
    """The page that says how to show updates elsewhere, by the path of a home page."""
    return home + EMBED.removeprefix("/")


def embed_path(place: str, *, summaries: bool = False) -> str:
    """The page of a place, by its name, for frames on other sites."""
    return f"{EMBED}{place}/summaries/" if summaries else f"{EMBED}{place}/"


def update_embed_path(slug: str) -> str:
    """The page of an update for frames on other sites."""
    return update_path(slug) + "embed/"


def update_oembed_path(slug: str) -> str:
    """What oEmbed says of an update."""
    return update_path(slug) + OEMBED_NAME


def update_card_path(slug: str) -> str:
    """The way to the card that an update has now."""
    return update_path(slug) + CARD


def card_name(digest: str) -> str:
    """A card, below its page. Chats keep a picture by its address, so another card has another one."""
    return f"card.{digest}.png"


def file_path(name: str) -> str:
    """An attachment below ``content/files``; ``name`` is relative to it, with ``/`` between parts."""
    return FILES + quote(name, safe="/")


def picture_path(name: str) -> str:
    """A picture as it was made of one; ``name`` carries a digest."""
    return PICTURES + name


def asset_path(name: str) -> str:
    """An immutable asset; ``name`` carries the digest of its bytes."""
    return f"/static/{name}"


def absolute(base_url: str, path: str) -> str:
    """The absolute URL of ``path`` on the site at ``base_url`` (which ends in ``/``)."""
    return base_url + path.removeprefix("/")


def base_path(base_url: str) -> str:
    """The path of the base URL without its final slash: empty for a site at the root of its host."""
    return urlsplit(base_url).path.rstrip("/")


def href(site: Site, path: str) -> str:
    """What a page writes to link to ``path``: without scheme and host, so that a copy of the site links to itself."""
    return base_path(site.base_url) + path


def tag_uri(site: Site, specific: str) -> str:
    """``tag:<authority>:<specific>`` (RFC 4151 section 2.1); never depends on host, scheme or title."""
    return f"tag:{site.authority}:{quote(specific, safe='/-._~')}"


def entry_id(site: Site, stem: str) -> str:
    """The id of an update from its file name without ending, or from its explicit ``id``."""
    return tag_uri(site, f"entry/{stem}")


def reminder_id(entry_id: str, day: date) -> str:
    """The id of what reminds of an update's deadline on that day."""
    return f"{entry_id}#reminder-{day}"


HABITUAL_FEED_NAMES = {
    **dict.fromkeys(("feed", "rss", "feed.xml", "index.xml", "index.rss"), "rss.xml"),
    **dict.fromkeys(("atom", "feed.atom"), "atom.xml"),
}

_SLASHES = re.compile("//+")
_CARD_NAME = re.compile(re.escape(card_name("DIGEST")).replace("DIGEST", "[0-9a-f]+"))


def near_misses(path: str, categories: Sequence[str] = ()) -> list[str]:
    """Addresses that were probably meant by one that is not there; who asks must see which of them exist.

    ``categories`` are slugs in the order in which a mix of them stands in an address.
    """
    lower = _SLASHES.sub("/", "/".join(_in_order(part, categories) for part in path.lower().split("/")))
    bare = lower.rstrip("/")
    parent, _, name = bare.rpartition("/")
    candidates = [lower, bare, f"{bare}/"]
    if way := way_to_card(bare):
        candidates.append(way)
    if name in HABITUAL_FEED_NAMES:
        candidates.append(f"{parent}/{HABITUAL_FEED_NAMES[name]}")
    return [candidate for candidate in dict.fromkeys(candidates) if candidate not in ("", path)]


def way_to_card(path: str) -> str | None:
    """Where the card leads that a page has now, from the address of one that it has or had; None from elsewhere."""
    parent, _, name = path.rpartition("/")
    return f"{parent}/{CARD}" if _CARD_NAME.fullmatch(name) else None


def _in_order(part: str, categories: Sequence[str]) -> str:
    """A mix of categories in their own order; anything else as it is."""
    slugs = set(part.split("_"))
    return "_".join(slug for slug in categories if slug in slugs) if slugs.issubset(categories) else part


def other_orders(path: str) -> Iterator[str]:
    """A path with the categories of its mix in every other order, while they are few."""
    first, *rest = path.split("/")[1:]
    slugs = first.split("_")
    if 1 < len(slugs) <= ORDERED_AT_MOST:
        for order in islice(permutations(slugs), 1, None):
            yield "/" + "/".join(("_".join(order), *rest))
