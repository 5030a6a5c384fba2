"""What search engines look for: robots.txt, and a sitemap for the places and for each year's updates.

An index leads to the sitemaps, so that what is saved remakes one of them. Only what is to be found stands there: no
mix, nothing withdrawn or expired. A year with many updates is cut into parts, filled from the oldest update on.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial

from feedsvc import urls
from feedsvc.documents.changed import Changed
from feedsvc.documents.listed import Listed
from feedsvc.documents.plan import Plan
from feedsvc.documents.recipe import Absent, Recipe, make_recipe
from feedsvc.documents.span import Span
from feedsvc.documents.years import span_of, year_of, years_of
from feedsvc.formats.sitemap import MEDIA_TYPE as SITEMAP_MEDIA_TYPE
from feedsvc.formats.sitemap import render_index, render_sitemap
from feedsvc.kinds import SITEMAP
from feedsvc.model import Document
from feedsvc.places import ALL, places_of
from feedsvc.timestamps import stamp

ROBOTS = "/robots.txt"
INDEX = "/sitemap.xml"
PLACES = "/sitemap-places.xml"
LISTED = 50  # on the page of a place
PAGES = 1_000  # of updates in a sitemap; the protocol allows fifty times as many, but what is saved remakes one


@dataclass(frozen=True, slots=True)
class Page:
    """The address of a page, and when it last changed, in seconds since 1970."""

    path: str
    changed: int | None


def recipes(plan: Plan, changed: Changed) -> Iterator[Recipe | Absent]:
    """robots.txt, the sitemaps of what the change touches, and their index."""
    if changed.is_whole:
        yield make_recipe(
            Document(path=ROBOTS, kind=SITEMAP, media_type="text/plain"), partial(_robots, plan), plan.site.digest
        )
    if not changed.touches(ALL):
        return
    years = years_of(plan, ALL)
    touched = set(years) if changed.is_whole else {year_of(line, plan.site) for line in changed.lines}
    by_year = {year: span_of(plan, ALL, year).ask(_parts, year) for year in years}
    index = [Page(PLACES, _newest(plan.index.newest(ALL, LISTED)))]
    index += [Page(path, part.ask(_newest)) for year in years for path, part in by_year[year].items()]
    yield _recipe(plan, INDEX, index)
    yield _recipe(plan, PLACES, [*_of_places(plan)])
    for year in sorted(touched):
        parts = by_year.get(year, {})
        for path, part in parts.items():
            pages = [Page(urls.update_path(line.slug), line.updated) for line in part.lines if not line.is_withdrawn]
            is_last = path == _part(year, len(parts))
            yield _recipe(plan, path, [*(_of_year(plan, year) if is_last else ()), *pages])
        for number in range(len(changed.lines) // PAGES + 2):  # so many there may have been more
            yield Absent(_part(year, len(parts) + 1 + number))


def _parts(lines: Sequence[Listed], year: int) -> dict[str, Span]:
    """The updates of a year, newest first, in parts by address; all but the newest part are full, so that they stay."""
    ends = enumerate(range(len(lines), 0, -PAGES), 1)
    return {_part(year, number): Span(lines[max(0, end - PAGES) : end]) for number, end in ends}


def _part(year: int, number: int) -> str:
    return f"/sitemap-{year}-{number}.xml" if number > 1 else f"/sitemap-{year}.xml"


def _of_places(plan: Plan) -> Iterator[Page]:
    """The pages of places in all languages, and of how to follow them."""
    places = [place for place in places_of(plan.site) if not place.is_mix]
    for place in places:
        yield Page(place.path, _newest(plan.index.newest(place, LISTED)))
    yield from (Page(urls.subscribe_path(place.path), None) for place in places)


def _of_year(plan: Plan, year: int) -> Iterator[Page]:
    """The pages of a year, in all languages."""
    for place in places_of(plan.site):
        if not place.is_mix and (held := span_of(plan, place, year)).lines:
            yield Page(replace(place, year=year).path, held.ask(_newest))


def _newest(lines: Sequence[Listed]) -> int | None:
    return max((line.updated for line in lines), default=None)


def _recipe(plan: Plan, path: str, pages: Sequence[Page]) -> Recipe:
    document = plan.document(path, SITEMAP, ALL, (), SITEMAP_MEDIA_TYPE)

    def render() -> bytes:
        listed = [
            (
                urls.absolute(plan.site.base_url, page.path),
                None if page.changed is None else stamp(datetime.fromtimestamp(page.changed, UTC), plan.site),
            )
            for page in pages
        ]
        return render_index(listed) if path == INDEX else render_sitemap(listed)

    return make_recipe(document, render, plan.site.digest, *(f"{page.path} {page.changed}" for page in pages))


def _robots(plan: Plan) -> bytes:
    """Everybody may read everything; what is not to be found says so itself."""
    return f"User-agent: *\nAllow: /\n\nSitemap: {urls.absolute(plan.site.base_url, INDEX)}\n".encode()
