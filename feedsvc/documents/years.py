"""The years in which places have updates, by the site's own calendar."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

from feedsvc.documents.listed import Listed
from feedsvc.documents.plan import Plan
from feedsvc.model import Site
from feedsvc.places import Place


def years_of(plan: Plan, place: Place) -> list[int]:
    """The years in which a place has updates, newest first."""
    if place.is_mix:
        parts = (replace(place, categories=(slug,)) for slug in place.categories)
        return sorted({year for part in parts for year in years_of(plan, part)}, reverse=True)
    years: list[int] = []
    newest = plan.index.newest(place, 1)
    while newest:
        years.append(year_of(newest[0], plan.site))
        newest = plan.index.newest(place, 1, before=begin_of(years[-1], plan.site))
    return years


def lines_of(plan: Plan, place: Place, year: int) -> Sequence[Listed]:
    """The updates of a place in a year, newest first."""
    return plan.index.between(place, begin_of(year, plan.site), begin_of(year + 1, plan.site))


def local_of(line: Listed, site: Site) -> datetime:
    """When an update was published, in the site's zone."""
    return datetime.fromtimestamp(line.published, ZoneInfo(site.time_zone))


def year_of(line: Listed, site: Site) -> int:
    """The year in which an update was published, by the site's own calendar."""
    return local_of(line, site).year


def begin_of(year: int, site: Site, month: int = 1) -> int:
    """The first second of a year, or of a month of it, in the site's zone, in seconds since 1970."""
    return int(datetime(year, month, 1, tzinfo=ZoneInfo(site.time_zone)).timestamp())
