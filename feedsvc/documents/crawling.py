"""What search engines look for: robots.txt, and a sitemap for the places and for each year's updates.

An index leads to the sitemaps, so that what is saved remakes one of them. Only what is to be found stands there: no
mix, nothing withdrawn or expired.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial

from feedsvc import urls
from feedsvc.documents.changed import Changed
from feedsvc.documents.listed import Listed
from feedsvc.documents.plan import Plan, purge_tags
from feedsvc.documents.recipe import Absent, Recipe, make_recipe
from feedsvc.documents.years import lines_of, year_of, years_of
from feedsvc.formats.sitemap import MEDIA_TYPE as SITEMAP_MEDIA_TYPE
from feedsvc.formats.sitemap import render_index, render_sitemap
from feedsvc.kinds import SITEMAP
from feedsvc.model import Document
from feedsvc.places import ALL, Place, categories_of
from feedsvc.timestamps import stamp

ROBOTS = "/robots.txt"
INDEX = "/sitemap.xml"
PLACES = "/sitemap-places.xml"
LISTED = 50  # on the page of a place
PAGES_AT_MOST = 50_000  # that the protocol allows in one


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
    by_year = {year: lines_of(plan, ALL, year) for year in years}
    index = [Page(PLACES, _newest(plan.index.newest(ALL, LISTED)))]
    index += [Page(_of_year(year), _newest(lines)) for year, lines in by_year.items()]
    yield _recipe(plan, INDEX, index)
    places = (ALL, *categories_of(plan.site))
    follow = [Page(urls.subscribe_path(place.path), None) for place in places]
    yield _recipe(plan, PLACES, [*(_place(plan, place) for place in places), *follow])
    for year in sorted(touched):
        if year in by_year:
            yield _recipe(plan, _of_year(year), list(_pages(plan, year, by_year[year]))[:PAGES_AT_MOST])
        else:
            yield Absent(_of_year(year))


def _pages(plan: Plan, year: int, lines: Sequence[Listed]) -> Iterator[Page]:
    """The pages of a year, and of each update in it."""
    for place in (ALL, *categories_of(plan.site)):
        held = [line for line in lines if place.holds(line)]
        if held:
            yield Page(replace(place, year=year).path, _newest(held))
    for line in lines:
        if not line.is_withdrawn:
            yield Page(urls.update_path(line.slug), line.updated)


def _place(plan: Plan, place: Place) -> Page:
    return Page(place.path, _newest(plan.index.newest(place, LISTED)))


def _newest(lines: Sequence[Listed]) -> int | None:
    return max((line.updated for line in lines), default=None)


def _of_year(year: int) -> str:
    return f"/sitemap-{year}.xml"


def _recipe(plan: Plan, path: str, pages: Sequence[Page]) -> Recipe:
    document = Document(path=path, kind=SITEMAP, media_type=SITEMAP_MEDIA_TYPE, tags=purge_tags(ALL))

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
