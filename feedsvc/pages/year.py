"""The page of a year of a place: every update by its month, in a line."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import groupby

from feedsvc import urls
from feedsvc.model import Site
from feedsvc.pages.content import say_language, show_language, update_href
from feedsvc.pages.frame import Frame, discovery, frame_site, render
from feedsvc.pages.update import Heading
from feedsvc.pages.versions import ALONE, Versions
from feedsvc.places import Place


@dataclass(frozen=True, slots=True)
class Dated:
    """An update, and when it was published in the site's zone."""

    update: Heading
    when: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Year:
    """A year of a place: its updates, newest first, and the next ``newer`` and ``older`` year that has any."""

    place: Place
    updates: Sequence[Dated]
    newer: int | None = None
    older: int | None = None


def year_page(site: Site, shown: Year, versions: Versions = ALONE) -> bytes:
    """The page of a year, with the way to the years around it."""
    place = shown.place
    frame = frame_site(site)
    running = replace(place, year=None)
    parts = frame.places.get(running, frame.everything)
    words = frame.words
    newer, older = (
        year and (urls.href(site, replace(place, year=year).path), year) for year in (shown.newer, shown.older)
    )
    return render(
        "year.html",
        frame,
        versions,
        site=site,
        place=parts,
        heading=words.of_year.format(title=parts.title, year=place.year),
        url=urls.absolute(site.base_url, place.path),
        months=_months(site, frame, shown),
        newer=newer,
        older=older,
        discovery=discovery(parts.addresses, frame.everything.addresses),
        anchor=urls.SUBSCRIBE_ANCHOR,
    )


def _months(site: Site, frame: Frame, shown: Year) -> list[tuple[str, list[tuple[str, ...]]]]:
    """Each month with its updates: address, title, language (as attributes and in sight), and the day twice."""
    return [
        (
            frame.words.months[month - 1],
            [
                (
                    update_href(frame, each.update.slug),
                    each.update.title,
                    say_language(each.update.language, site),
                    show_language(each.update.language, site),
                    each.when.date().isoformat(),
                    frame.words.say_date(each.when),
                )
                for each in some
            ],
        )
        for month, some in groupby(shown.updates, key=lambda each: each.when.month)
    ]


def year_links(site: Site, place: Place, years: Sequence[int]) -> list[tuple[int, str]]:
    """Each year of a place with the address of its page, as other pages lead there."""
    place = replace(place, categories=()) if place.is_mix else place
    return [(year, urls.href(site, replace(place, year=year).path)) for year in years]
