"""What stands where a category was that ended a year ago: its feeds' last entry, a page that says so, and ways on.

Whoever follows several of which one has ended follows the others from then on.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial

from feedsvc import feeds, urls
from feedsvc.documents.changed import Changed
from feedsvc.documents.editions import closed_in
from feedsvc.documents.moved import former_of, way, ways
from feedsvc.documents.plan import HTML, Plan, purge_tags
from feedsvc.documents.recipe import Absent, Recipe, make_recipe
from feedsvc.documents.years import year_of, years_of
from feedsvc.formats import FORMATS
from feedsvc.formats.format import FeedFormat
from feedsvc.kinds import GONE, GONE_FEED, Kind
from feedsvc.model import Document, Site
from feedsvc.pages.not_found import ended_page
from feedsvc.places import Place, home_of, places_of


def recipes(plan: Plan, changed: Changed) -> Iterator[Recipe | Absent]:
    """But for years, they depend on the description of the site alone, which makes everything anew when it changes."""
    for site in (plan.site, *plan.site.translations):
        closed = closed_in(site, plan.index.as_of)
        for place in (Place((slug,), site.edition) for slug in closed):
            if changed.touches(place):
                yield from _years(plan, site, place, changed)
            if changed.is_whole:
                yield from _of_category(site, place)
        for mix in site.former_mixes if changed.is_whole else ():
            left = Place(tuple(slug for slug in mix if slug not in closed), site.edition)
            target = left if left in places_of(plan.site) else home_of(site)
            yield from ways(Place(mix, site.edition), target)


def _years(plan: Plan, site: Site, place: Place, changed: Changed) -> Iterator[Recipe | Absent]:
    """The ways from its years to those of all updates, and nothing at those that a change has left without any."""
    home, years = home_of(site), set(years_of(plan, place))
    left = {year_of(line, site) for line in changed.lines if place.holds(line)} - years
    for each in (place, *former_of(place, site)):
        yield from (way(replace(each, year=year).path, replace(home, year=year).path) for year in sorted(years))
        yield from (Absent(replace(each, year=year).path) for year in sorted(left))


def _of_category(site: Site, place: Place) -> Iterator[Recipe]:
    def gone(name: str, kind: Kind, media_type: str, make: Callable[[], bytes]) -> Recipe:
        document = Document(path=place.path + name, kind=kind, media_type=media_type, tags=purge_tags(place))
        return make_recipe(document, make, site.digest)

    home = home_of(site)
    made = [gone("", GONE, HTML, partial(_page, site, place))]
    made += [gone(urls.CALENDAR, GONE_FEED, "text/calendar", partial(_calendar, site, place))]
    made += [gone(fmt.file_name, GONE_FEED, fmt.media_type, partial(_feed, site, place, fmt)) for fmt in FORMATS]
    yield from made
    paths = {recipe.path for recipe in made}
    yield from (recipe for recipe in ways(place, home) if recipe.path not in paths)
    for each in former_of(place, site):
        yield from ways(each, place)


def _page(site: Site, place: Place) -> bytes:
    return ended_page(site, feeds.make_farewells(site, place)[0])


def _feed(site: Site, place: Place, fmt: FeedFormat) -> bytes:
    return fmt.render(feeds.make_feed(site, place, ()), urls.absolute(site.base_url, place.path + fmt.file_name))


def _calendar(site: Site, place: Place) -> bytes:
    from feedsvc.formats.calendar import render_calendar  # noqa: PLC0415  # few categories end

    return render_calendar(site, place.feed_title(site), ())
