"""The sheet for a break room: what to scan, what to expect, the next dates, and strips to tear off."""

from collections.abc import Sequence
from datetime import datetime

from markupsafe import Markup

from feedsvc import urls
from feedsvc.model import Entry, Site
from feedsvc.pages.assets import POSTER_STYLE, asset_href
from feedsvc.pages.content import list_entry
from feedsvc.pages.frame import frame_site, local_href, render
from feedsvc.pages.qr import draw_code
from feedsvc.places import Place

STRIPS = 9
DATES = 4  # for which there is room, of one update or of several


def poster_page(site: Site, place: Place, coming: Sequence[Entry], as_of: datetime) -> bytes:
    """The sheet of a place, one page of A4 or Letter, with the updates that announce what is ``coming``."""
    frame = frame_site(site)
    parts = frame.parts_of(place)
    url = urls.absolute(site.base_url, urls.subscribe_path(place.path))
    return render(
        "poster.html",
        frame,
        place=parts,
        heading=frame.words.poster.heading.format(title=parts.title),
        coming=[list_entry(frame, entry, as_of) for entry in coming],
        most=DATES // max(1, len(coming)),
        address=Markup("/<wbr>").join(url.partition("://")[2].split("/")),
        code=draw_code(url, frame.words.following.code_alt),
        strips=range(STRIPS),
        style=asset_href(site, POSTER_STYLE),
        icon=local_href(site, site.favicon_url),
    )
