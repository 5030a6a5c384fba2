"""Which documents a publish must render, and which it must remove."""

from operator import attrgetter

from feedsvc import documents
from feedsvc.documents.changed import Changed
from feedsvc.documents.plan import Plan
from feedsvc.documents.recipe import Absent, Recipe
from feedsvc.publication.store import Store


def choose(plan: Plan, store: Store, changed: Changed) -> tuple[list[Recipe], list[str]]:
    """The recipes whose documents must be rendered, and the paths that no recipe makes any more."""
    found = list(documents.recipes(plan, changed))
    recipes = [one for one in found if isinstance(one, Recipe)]
    if changed.is_whole:
        recipes.sort(key=attrgetter("path"))  # as the tables are sorted: fewer pages
        keys = store.keys()
        removals = keys.keys() - {recipe.path for recipe in recipes}
    else:
        keys = store.keys_of({one.path for one in found})
        absent = [one for one in found if isinstance(one, Absent)]
        below = {path for one in absent if one.below for path in store.paths_below(one.path)}
        removals = ({one.path for one in absent} & keys.keys() | below) - {recipe.path for recipe in recipes}
    return [recipe for recipe in recipes if keys.get(recipe.path) != recipe.key], sorted(removals)
