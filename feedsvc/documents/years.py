"""The years in which places have updates, by the site's own calendar."""

from datetime import datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

from feedsvc.documents.listed import Listed
from feedsvc.documents.plan import Plan
from feedsvc.documents.span import Span
from feedsvc.model import Site
from feedsvc.places import Place


def years_of(plan: Plan, place: Place) -> list[int]:
    """The years in which a place has updates, newest first."""
    if place not in plan.years:
        plan.years[place] = _find_years(plan, place)
    return plan.years[place]


def _find_years(plan: Plan, place: Place) -> list[int]:
    if place.is_mix:
        parts = (Place((slug,), place.language) for slug in place.categories)
        return sorted({year for part in parts for year in years_of(plan, part)}, reverse=True)
    years: list[int] = []
    newest = plan.index.newest(place, 1)
    while newest:
        years.append(year_of(newest[0], plan.site))
        newest = plan.index.newest(place, 1, before=begin_of(years[-1], plan.site.time_zone))
    return years


def span_of(plan: Plan, place: Place, year: int) -> Span:
    """The updates of a place in a year."""
    zone = plan.site.time_zone
    return plan.index.between(place, begin_of(year, zone), begin_of(year + 1, zone))


def local_of(line: Listed, site: Site) -> datetime:
    """When an update was published, in the site's zone."""
    return datetime.fromtimestamp(line.published, ZoneInfo(site.time_zone))


def year_of(line: Listed, site: Site) -> int:
    """The year in which an update was published, by the site's own calendar."""
    return local_of(line, site).year


@lru_cache(4096)
def begin_of(year: int, time_zone: str, month: int = 1) -> int:
    """The first second of a year, or of a month of it, in the zone of that name, in seconds since 1970."""
    return int(datetime(year, month, 1, tzinfo=ZoneInfo(time_zone)).timestamp())
