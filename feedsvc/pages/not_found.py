"""What is shown where there is nothing."""

from collections.abc import Sequence

from feedsvc import urls
from feedsvc.model import Site
from feedsvc.pages.frame import FeedFile, discovery, frame_site, render


def not_found_page(site: Site, formats: Sequence[FeedFile]) -> bytes:
    """What an unknown address shows: every category and its feeds. Its links work at any depth."""
    frame = frame_site(site, tuple(formats))
    return render(
        "not_found.html",
        frame,
        site=site,
        places=(frame.everything, *frame.places.values()),
        discovery=discovery(frame.everything.addresses, ()),
        anchor=urls.SUBSCRIBE_ANCHOR,
    )
