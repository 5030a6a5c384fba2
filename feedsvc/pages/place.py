"""The page of a place: its updates, and its feeds."""

from collections.abc import Sequence

from feedsvc import urls
from feedsvc.model import Entry, Site
from feedsvc.pages.content import list_entry, list_news
from feedsvc.pages.dates import NOTHING, Present
from feedsvc.pages.frame import describe_place, discovery, frame_site, render
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
    """The page of a place of some categories: its updates, newest first, and the ``years`` of older ones."""
    frame = frame_site(site)
    parts = frame.places.get(place) or describe_place(site, place)
    return render(
        "place.html",
        frame,
        versions,
        site=site,
        place=parts,
        news=list_news(frame, entries, present),
        coming=[list_entry(frame, entry, present.as_of) for entry in present.coming],
        urgent=[list_entry(frame, entry, present.as_of) for entry in present.urgent],
        ended=[entry.summary for entry in present.ended],
        years=year_links(site, place, years),
        discovery=discovery(parts.addresses, frame.everything.addresses),
        anchor=urls.SUBSCRIBE_ANCHOR,
    )
