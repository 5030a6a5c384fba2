"""Small real objects for every test: each factory gives a valid noun; an override changes just what a test is about.

An entry and a site carry a digest of their own fields, as the loader's do, so different objects never share one.
"""

import hashlib
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from typing import Any, TypeVar

from feedsvc import urls
from feedsvc.model import Author, Category, Change, Enclosure, Entry, Feed, Image, Site
from feedsvc.places import Place

Noun = TypeVar("Noun", Entry, Site)

BASE_URL = "https://news.example.org/"
AUTHORITY = "news.example.org,2026"
SELF_URL = BASE_URL + "feed"
SINCE = datetime(2026, 1, 5, 15, 0, tzinfo=UTC)
FIRST_PUBLISHED = datetime(2026, 2, 1, 14, 0, tzinfo=UTC)

PDF = Enclosure(
    url=BASE_URL + "files/tentative-agreement.pdf",
    media_type="application/pdf",
    length=48_213,
    title="Tentative agreement, summary",
)
SPREADSHEET = Enclosure(
    url=BASE_URL + "files/pay-scale.xlsx",
    media_type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    length=1_250_000,
    title="Pay scale from July 2026",
)


def make_image(**overrides: Any) -> Image:
    """A photograph below ``/files/``."""
    given: dict[str, Any] = {
        "url": BASE_URL + "files/picket.jpg",
        "alt": "Members in purple shirts outside the main entrance",
        "media_type": "image/jpeg",
        "width": 1200,
        "height": 800,
    }
    return Image(**given | overrides)


ICON = make_image(url=BASE_URL + "icon.png", alt="The local's badge", media_type="image/png", width=512, height=512)
LOGO = make_image(url=BASE_URL + "logo.png", alt="The local's name", media_type="image/png", width=800, height=400)


def make_category(slug: str = "covid", **overrides: Any) -> Category:
    """A category whose title follows its slug: ``covid`` is COVID, any other is capitalised."""
    title = slug.upper() if slug == "covid" else slug.replace("-", " ").capitalize()
    given: dict[str, Any] = {
        "slug": slug,
        "title": title,
        "description": f"Updates on {title} for members.",
        "since": SINCE,
    }
    return Category(**given | overrides)


def make_site(**overrides: Any) -> Site:
    """A site with the categories covid, bargaining, training and pay."""
    given: dict[str, Any] = {
        "title": "Local 1107",
        "description": "Short news for members of Local 1107, from masks to pay.",
        "base_url": BASE_URL,
        "authority": AUTHORITY,
        "language": "en",
        "time_zone": "America/New_York",
        "author": Author(name="Local 1107"),
        "contact_url": BASE_URL + "contact",
        "rights": "You may republish these updates with a link.",
        "license_url": "https://creativecommons.org/licenses/by/4.0/",
        "icon": ICON,
        "logo": LOGO,
        "favicon_url": BASE_URL + "favicon.svg",
        "touch_icon_url": BASE_URL + "pictures/touch.png",
        "maskable_icon_url": BASE_URL + "pictures/maskable.png",
        "default_time": time(9, 0),
        "feed_length": 50,
        "categories": tuple(make_category(slug) for slug in ("covid", "bargaining", "training", "pay")),
    }
    return _with_digest(Site(**given | {"digest": ""} | overrides))


def make_entry(n: int = 1, **overrides: Any) -> Entry:
    """Entry number ``n``: ids, titles and dates differ by ``n``, a greater one is newer by a day.

    A ``change_note`` is a change at the date of ``updated``.
    """
    note = overrides.pop("change_note", None)
    published = overrides.get("published", FIRST_PUBLISHED + timedelta(days=n - 1))
    slug = overrides.get("slug", f"update-{n}")
    given: dict[str, Any] = {
        "id": f"tag:{AUTHORITY}:entry/{slug}",
        "slug": slug,
        "title": f"Update {n}",
        "published": published,
        "updated": published,
        "categories": ("covid",),
        "summary": f"What update {n} says in short.",
        "content_html": f"<p>What update {n} says at length.</p>",
        "permalink": urls.absolute(BASE_URL, urls.update_path(slug)),
        "changes": (Change(date=overrides.get("updated", published), note=note),) if note else (),
    }
    return _with_digest(Entry(**given | {"digest": ""} | overrides))


def make_feed(*entries: Entry, **overrides: Any) -> Feed:
    """A feed of exactly these entries, of the covid category unless ``place`` says otherwise; one entry if none."""
    site: Site = overrides.get("site") or make_site()
    place: Place = overrides.pop("place", Place((site.categories[0].slug,)))
    held = entries or (make_entry(),)
    given: dict[str, Any] = {
        "id": place.feed_id(site),
        "title": place.feed_title(site),
        "description": place.description(site),
        "home_url": urls.absolute(site.base_url, place.path),
        "site": site,
        "entries": held,
        "trimmed": frozenset(),
        "updated": max(entry.updated for entry in held),
    }
    return Feed(**given | overrides)


def _with_digest(noun: Noun) -> Noun:
    """``noun`` named by its fields, unless a test named it."""
    return noun if noun.digest else replace(noun, digest=hashlib.sha256(repr(noun).encode()).hexdigest())
