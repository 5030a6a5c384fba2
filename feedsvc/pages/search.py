"""The page that searches all updates in the browser: what is looked for reaches no server."""

from collections.abc import Sequence

from feedsvc import urls
from feedsvc.model import Site
from feedsvc.pages.assets import SEARCH_SCRIPT, asset_href
from feedsvc.pages.frame import frame_site, render
from feedsvc.pages.versions import ALONE, Versions
from feedsvc.pages.year import year_links


def search_page(site: Site, years: Sequence[int], pieces: Sequence[str], versions: Versions = ALONE) -> bytes:
    """A field for words, and the years for who has no script; ``pieces`` are what is looked through, newest first."""
    frame = frame_site(site)
    return render(
        "search.html",
        frame,
        versions,
        pieces=" ".join(urls.href(site, path) for path in pieces),
        updates=urls.href(site, urls.UPDATES),
        script=asset_href(site, SEARCH_SCRIPT),
        years=year_links(site, frame.everything.place, years),
    )
