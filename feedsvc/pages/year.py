"""The page of a year of a place: every update by its month, in a line."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from itertools import groupby

from markupsafe import Markup

from feedsvc import urls
from feedsvc.model import Site
from feedsvc.pages.content import say_language, show_language, update_href
from feedsvc.pages.frame import Frame, frame_site, render
from feedsvc.pages.update import Heading
from feedsvc.pages.versions import ALONE, Versions
from feedsvc.places import Place

Dated = tuple[Heading, datetime]  # an update, and when it was published in the site's zone
Around = tuple[int | None, int | None]  # the next newer and the next older year that has updates


def year_page(
    site: Site, place: Place, updates: Sequence[Dated], around: Around = (None, None), versions: Versions = ALONE
) -> bytes:
    """The page of a year of a place with its updates, newest first, and the way to the years ``around`` it."""
    frame = frame_site(site)
    running = replace(place, year=None)
    parts = frame.places.get(running, frame.everything)
    words = frame.words
    newer, older = (year and (urls.href(site, replace(place, year=year).path), year) for year in around)
    return render(
        "year.html",
        frame,
        versions,
        place=parts,
        header=_within(frame.headers[parts.place]),
        heading=words.of_year.format(title=parts.title, year=place.year),
        url=urls.absolute(site.base_url, place.path),
        months=_months(frame, updates),
        newer=newer,
        older=older,
    )


def _within(header: Markup) -> Markup:
    """The header of a page that is not the place's own, and belongs to it."""
    return Markup(str(header).replace('aria-current="page"', 'aria-current="true"'))  # noqa: S704 - it was safe before


def _months(frame: Frame, updates: Sequence[Dated]) -> list[tuple[str, list[tuple[str, ...]]]]:
    """Each month with its updates: address, title, language (as attributes and in sight), and the day twice."""
    return [
        (
            frame.words.months[month - 1],
            [
                (
                    update_href(frame, update.slug),
                    update.title,
                    say_language(update.language, frame.site),
                    show_language(update.language, frame.site),
                    when.date().isoformat(),
                    frame.words.say_date(when),
                )
                for update, when in some
            ],
        )
        for month, some in groupby(updates, key=lambda dated: dated[1].month)
    ]


def year_links(site: Site, place: Place, years: Sequence[int]) -> list[tuple[int, str]]:
    """Each year of a place with the address of its page, as other pages lead there."""
    place = replace(place, categories=()) if place.is_mix else place
    return [(year, urls.href(site, replace(place, year=year).path)) for year in years]
