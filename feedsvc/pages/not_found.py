"""What is shown where there is nothing."""

from feedsvc.model import Entry, Site
from feedsvc.pages.frame import frame_site, render
from feedsvc.wording import words_around


def not_found_page(site: Site) -> bytes:
    """What an unknown address shows: every category and its feeds. Its links work at any depth."""
    words = words_around(site)
    return _page(site, words.not_found_title, words.not_found_text)


def deleted_page(site: Site) -> bytes:
    """What stands where an update was that its author took away, without a word of why."""
    words = words_around(site)
    return _page(site, words.deleted_title, words.deleted_text)


def ended_page(site: Site, farewell: Entry) -> bytes:
    """What stands where a category was that ended long ago."""
    return _page(site, farewell.title, farewell.summary)


def _page(site: Site, title: str, text: str) -> bytes:
    frame = frame_site(site)
    return render(
        "not_found.html",
        frame,
        title=title,
        text=text,
        places=(frame.everything, *frame.places.values()),
    )
