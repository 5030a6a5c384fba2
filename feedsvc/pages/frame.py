"""What every page of one site shares, made once per site: its places, their feeds, and the parts around the content."""

import functools
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from urllib.parse import quote

from markupsafe import Markup

from feedsvc import urls
from feedsvc.formats import FORMATS
from feedsvc.formats.format import FeedFormat
from feedsvc.model import Image, Site
from feedsvc.pages.assets import SCRIPT, STYLE, asset_href
from feedsvc.pages.cards import COLOURS, card_of
from feedsvc.pages.environment import template
from feedsvc.pages.versions import ALONE, Versions, head_links, switch_links
from feedsvc.places import Place, categories_of, home_of
from feedsvc.wording import words_around
from feedsvc.wording.wording import Wording

DISCOVERED_AT_MOST = 9  # some readers fetch each candidate and give up at ten


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """A feed as a page offers it. ``discovery`` is its ``<link>`` in a head, ``field`` its box with a Copy button."""

    format_title: str
    purpose: str
    url: str
    href: str
    discovery: Markup
    field: Markup


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarParts:
    """How to follow the dates of a place: links for telephones and for Google, and a box with the address to copy."""

    webcal: str
    google: str
    field: Markup


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceParts:
    """What pages say of a place, and its feeds; ``colour`` is a class of the stylesheet.

    ``follow`` is the page that says how to follow it, and ``follow_title`` what that is called.
    """

    place: Place
    title: str
    description: str
    url: str
    href: str
    follow: str
    follow_title: str
    colour: str
    addresses: tuple[Address, ...]
    calendar: CalendarParts
    tag: Markup
    card: Markup


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Frame:
    """The parts that pages of a site share; equal to itself alone, so that it is a cheap key.

    ``places`` are the categories. ``headers`` mark where the reader is: at one of them,
    at the place of everything, at a mix, at the search, or (None) elsewhere; each leads to how to follow what is shown
    there.
    """

    site: Site
    words: Wording
    everything: PlaceParts
    places: dict[Place, PlaceParts]
    head: Markup
    brand: Markup
    headers: dict[Place | str | None, Markup]
    footer: Markup
    opml: str

    def parts_of(self, place: Place) -> PlaceParts:
        """What pages say of a place."""
        return self.places.get(place) or describe_place(self.site, place)


@dataclass(frozen=True, slots=True, kw_only=True)
class Subjects:
    """The parts that updates in the same categories share: feed links, tags, and the box that invites to subscribe."""

    colour: str
    discovery: Markup
    tags: Markup
    box: Markup
    card: Markup


def _part(words: Wording, name: str, given: Mapping[str, object]) -> Markup:
    return Markup(template(words, name).render(given))  # noqa: S704 - rendered with escaping


def render(
    name: str, frame: Frame, versions: Versions = ALONE, *, place: PlaceParts | None = None, **given: object
) -> bytes:
    """A page of a site: a template with what it is given, the frame and the way to other languages among it.

    Unless something else is given, its head names the feeds of the ``place`` and of everything.
    """
    ways = {"hreflang": head_links(frame.site, versions), "languages": switch_links(frame.site, versions)}
    if "discovery" not in given:
        given["discovery"] = discovery(place.addresses if place else (), frame.everything.addresses)
    return template(frame.words, name).render(frame=frame, site=frame.site, place=place, **ways, **given).encode()


@functools.lru_cache(maxsize=1024)
def describe_subjects(frame: Frame, slugs: tuple[str, ...]) -> Subjects:
    """What the pages of updates in exactly these categories share; the first of them lends its colour."""
    wanted = (Place((slug,), frame.site.edition) for slug in slugs)
    places = [frame.places[place] for place in wanted if place in frame.places] or [frame.everything]
    recommended = [place.addresses[0] for place in places]
    return Subjects(
        colour=places[0].colour,
        discovery=discovery(recommended, frame.everything.addresses),
        tags=Markup(" ").join(place.tag for place in places),
        box=_part(frame.words, "_box.html", {"colour": places[0].colour, "followed": places}),
        card=places[0].card,
    )


def discovery(own: Iterable[Address], others: Iterable[Address]) -> Markup:
    """The feed links of a head, each once and the page's own first; as many as readers look at."""
    links = dict.fromkeys(address.discovery for address in (*own, *others))
    return Markup("\n").join(list(links)[:DISCOVERED_AT_MOST])


@functools.lru_cache(maxsize=8)
def frame_site(site: Site) -> Frame:
    """Everything shared by the pages of ``site``."""
    words = words_around(site)
    everything = describe_place(site, home_of(site))
    slugs = [category.slug for category in site.categories]
    places = {
        place: describe_place(site, place, colour=f"category-{slugs.index(place.categories[0]) % len(COLOURS) + 1}")
        for place in categories_of(site)
    }
    mixes = (Place(slugs, site.edition) for slugs in site.mixes)
    opml = urls.href(site, urls.opml_path(everything.place.path))
    shared = _shared(site, everything, tuple(places.values()), opml)

    def header(current: Place | str | None) -> Markup:
        place = current if isinstance(current, Place) else everything.place
        return _part(words, "_header.html", shared | {"current": current, "follow": _follow(site, place)})

    return Frame(
        site=site,
        words=words,
        everything=everything,
        places=places,
        head=_part(words, "_head.html", shared),
        brand=_part(words, "_brand.html", shared),
        headers={current: header(current) for current in (None, "search", everything.place, *places, *mixes)},
        footer=_part(words, "_footer.html", shared),
        opml=opml,
    )


def _shared(site: Site, everything: PlaceParts, places: tuple[PlaceParts, ...], opml: str) -> dict[str, object]:
    """What the parts around every page are rendered with."""
    return {
        "site": site,
        "everything": everything,
        "places": places,
        "opml": opml,
        "search": urls.href(site, urls.search_path(everything.place.path)),
        "embed": urls.href(site, urls.builder_path(everything.place.path)),
        "contact": local_href(site, site.contact_url),
        "favicon": local_href(site, site.favicon_url),
        "icon": local_href(site, site.icon.url),
        "touch_icon": local_href(site, site.touch_icon_url),
        "manifest": urls.href(site, urls.manifest_path(everything.place.path)),
        "style": asset_href(site, STYLE),
        "script": asset_href(site, SCRIPT),
    }


def describe_card(site: Site, image: Image) -> Markup:
    """What a page that is shared elsewhere says of the site, with ``image`` beside it."""
    return _part(words_around(site), "_card.html", {"site": site, "image": image})


def local_href(site: Site, url: str) -> str:
    """``url`` without scheme and host where it is the site's own, so that a copy of the site stays with itself."""
    return urls.href(site, "/" + url.removeprefix(site.base_url)) if url.startswith(site.base_url) else url


@functools.lru_cache(maxsize=256)
def describe_place(site: Site, place: Place, *, colour: str = "category-all") -> PlaceParts:
    """What pages say of a place."""
    words = words_around(site)
    following = words.following
    title = place.title(site) if place.categories else words.all_updates
    href = urls.href(site, place.path)
    return PlaceParts(
        place=place,
        title=title,
        description=place.description(site) if place.categories else words.all_updates_text,
        url=urls.absolute(site.base_url, place.path),
        href=href,
        follow=_follow(site, place),
        follow_title=following.title.format(title=title) if place.categories else following.title_of_all,
        colour=colour,
        addresses=tuple(_describe_address(site, fmt, place, title) for fmt in FORMATS),
        calendar=_describe_calendar(site, place, title),
        tag=Markup('<a class="tag {}" href="{}">{}</a>').format(colour, href, title),
        card=describe_card(site, card_of(site, place).image),
    )


def _follow(site: Site, place: Place) -> str:
    return urls.href(site, urls.subscribe_path(place.path))


def _describe_calendar(site: Site, place: Place, title: str) -> CalendarParts:
    words, path = words_around(site), place.path + urls.CALENDAR
    url = urls.absolute(site.base_url, path)
    webcal = "webcal" + url[url.index(":") :]  # webcals: fails on telephones
    return CalendarParts(
        webcal=webcal,
        google=f"https://calendar.google.com/calendar/render?cid={quote(webcal, safe='')}",
        field=_address_field(words, path, words.calendar_of.format(title=title), url),
    )


def _address_field(words: Wording, path: str, label: str, url: str) -> Markup:
    field = "feed" + path.translate({ord("/"): "-", ord("."): "-"})
    return _part(words, "_address.html", {"field": field, "label": label, "url": url})


def _describe_address(site: Site, fmt: FeedFormat, place: Place, place_title: str) -> Address:
    words = words_around(site)
    path = place.path + fmt.file_name
    url = urls.absolute(site.base_url, path)
    title = f"{place.feed_title(site)} ({fmt.title})"
    return Address(
        format_title=fmt.title,
        purpose=words.format_purposes.get(fmt.file_name, words.format_purpose_unknown),
        url=url,
        href=urls.href(site, path),
        discovery=Markup('<link rel="alternate" type="{}" title="{}" href="{}">').format(fmt.media_type, title, url),
        field=_address_field(words, path, f"{place_title} ({fmt.title})", url),
    )
