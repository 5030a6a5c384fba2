"""The home page: what is new, every subject, and how to subscribe."""

from collections.abc import Sequence

from feedsvc import urls
from feedsvc.model import Entry, Site
from feedsvc.pages.assets import MIXING, asset_href
from feedsvc.pages.content import list_entry, list_news
from feedsvc.pages.dates import NOTHING, Present
from feedsvc.pages.frame import discovery, frame_site, render
from feedsvc.pages.versions import ALONE, Versions
from feedsvc.pages.year import year_links
from feedsvc.places import Place


def landing_page(
    site: Site,
    latest: Sequence[Entry],
    *,
    present: Present = NOTHING,
    years: Sequence[int] = (),
    versions: Versions = ALONE,
) -> bytes:
    """The home page: the latest updates, the ``years`` with older ones, every category, and how to subscribe."""
    frame = frame_site(site)
    first_of_each = [place.addresses[0] for place in frame.places.values()]
    return render(
        "landing.html",
        frame,
        versions,
        site=site,
        news=list_news(frame, latest, present),
        coming=[list_entry(frame, entry, present.as_of) for entry in present.coming],
        urgent=[list_entry(frame, entry, present.as_of) for entry in present.urgent],
        places=(frame.everything, *frame.places.values()),
        discovery=discovery(frame.everything.addresses, first_of_each),
        mixes=[
            (urls.href(site, mix.path), mix.name, mix.title(site))
            for mix in (Place(slugs, site.edition) for slugs in site.mixes)
        ],
        years=year_links(site, frame.everything.place, years),
        mixing=asset_href(site, MIXING),
        anchor=urls.SUBSCRIBE_ANCHOR,
    )
