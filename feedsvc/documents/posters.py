"""The sheet for a break room, of everything and of each category; mixes have none."""

from collections.abc import Iterator, Sequence

from feedsvc import urls
from feedsvc.documents.changed import Changed
from feedsvc.documents.listed import Listed
from feedsvc.documents.plan import Plan
from feedsvc.documents.recipe import Absent, Recipe, make_recipe
from feedsvc.documents.twins import once
from feedsvc.kinds import POSTER
from feedsvc.pages.poster import poster_page
from feedsvc.places import Place, places_of

DATES = 3  # the next ones, for which there is room


def recipes(plan: Plan, changed: Changed) -> Iterator[Recipe | Absent]:
    """The sheets of the places that the change touches; only what is coming makes one anew."""
    for place in places_of(plan.site):
        if not place.is_mix and changed.touches(place):
            yield _sheet(plan, place, once(plan.index, plan.index.coming(place), by_date=True)[:DATES])


def _sheet(plan: Plan, place: Place, coming: Sequence[Listed]) -> Recipe:
    document = plan.document(urls.poster_path(place.path), POSTER, place, coming)

    def make() -> bytes:
        return poster_page(plan.site_in(place), place, plan.fetch_all(coming), plan.index.as_of)

    return make_recipe(document, make, plan.site.digest, *map(plan.index.state, coming))
