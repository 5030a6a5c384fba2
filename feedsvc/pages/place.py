"""The page of a place: its updates, and its feeds; that of everything, the home page, has every subject, too."""

from collections.abc import Sequence
from typing import Any

from feedsvc import urls
from feedsvc.model import Entry, Site
from feedsvc.pages.assets import MIXING, asset_href
from feedsvc.pages.content import list_entry, list_news
from feedsvc.pages.dates import NOTHING, Present
from feedsvc.pages.frame import discovery, frame_site, render
from feedsvc.pages.versions import ALONE, Versions
from feedsvc.pages.year import year_links
from feedsvc.places import Place


def place_page(  # noqa: PLR0913 - what a place is made of
    site: Site,
    place: Place,
    entries: Sequence[Entry],
    *,
    present: Present = NOTHING,
    years: Sequence[int] = (),
    versions: Versions = ALONE,
) -> bytes:
    """The page of a place: its updates, newest first, the ``years`` of older ones, and how to subscribe."""
    frame = frame_site(site)
    given: dict[str, Any] = {
        "news": list_news(frame, entries, present),
        "coming": [list_entry(frame, entry, present.as_of) for entry in present.coming],
        "urgent": [list_entry(frame, entry, present.as_of) for entry in present.urgent],
        "years": year_links(site, place, years),
    }
    if place.categories:
        ended = [entry.summary for entry in present.ended]
        return render("place.html", frame, versions, place=frame.parts_of(place), ended=ended, **given)
    mixes = (Place(slugs, site.edition) for slugs in site.mixes)
    return render(
        "landing.html",
        frame,
        versions,
        places=(frame.everything, *frame.places.values()),
        discovery=discovery(frame.everything.addresses, [each.addresses[0] for each in frame.places.values()]),
        mixes=[(urls.href(site, mix.path), mix.name, mix.title(site)) for mix in mixes],
        mixing=asset_href(site, MIXING),
        **given,
    )
