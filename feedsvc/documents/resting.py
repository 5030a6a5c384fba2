"""The way from places that a language has not now to what is nearest: who follows one is not turned away.

A language has places for what there are updates of. The last one of a place may go, and another may come: the way is
one for the time being.
"""

from collections.abc import Iterator
from dataclasses import replace

from feedsvc.documents.changed import Changed
from feedsvc.documents.moved import former_of, ways
from feedsvc.documents.plan import Plan
from feedsvc.documents.recipe import Absent, Recipe
from feedsvc.kinds import RESTING
from feedsvc.places import Place, places_of


def recipes(plan: Plan, changed: Changed) -> Iterator[Recipe | Absent]:
    """They depend on which places there are; when that changes, everything is looked at."""
    if not changed.is_whole:
        return
    standing = frozenset(places_of(plan.site))
    own = [place for place in standing if place.language is None]
    for language in (*(edition.edition for edition in plan.site.translations), *plan.site.resting):
        for place in sorted((replace(each, language=language) for each in own), key=lambda place: place.path):
            if place not in standing:
                target = _nearest(plan, place, standing)
                yield from ways(place, target, RESTING)
                for former in former_of(place, plan.site) if not place.is_mix else ():
                    yield from ways(former, target, RESTING)


def _nearest(plan: Plan, place: Place, standing: frozenset[Place]) -> Place:
    """What there is of it in its language, or all of that; where there is nothing, the same in all languages."""
    if place.language in plan.site.resting:
        return replace(place, language=None)
    empty = plan.site_in(place).empty
    left = replace(place, categories=tuple(slug for slug in place.categories if slug not in empty))
    return left if left in standing else replace(place, categories=())
