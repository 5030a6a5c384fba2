"""How to follow each place. It depends on the description of the site alone, so a changed update makes none anew."""

from collections.abc import Iterator
from functools import partial

from feedsvc import urls
from feedsvc.documents.changed import Changed
from feedsvc.documents.plan import Plan
from feedsvc.documents.recipe import Absent, Recipe, make_recipe
from feedsvc.documents.versions import versions_of
from feedsvc.kinds import SUBSCRIBE
from feedsvc.pages.following import following_page
from feedsvc.places import places_of


def recipes(plan: Plan, changed: Changed) -> Iterator[Recipe | Absent]:
    """A page for every place there is."""
    if changed.is_whole:
        for place in places_of(plan.site):
            document = plan.document(urls.subscribe_path(place.path), SUBSCRIBE, place)
            versions = versions_of(plan, place).map(urls.subscribe_path)
            make = partial(following_page, plan.site_in(place), place, versions)
            yield make_recipe(document, make, plan.site.digest)
