"""From an address to the document there and the updates that it shows, to find out what is wrong with it."""

from feedsvc import urls
from feedsvc.documents import recipes
from feedsvc.documents.changed import Changed
from feedsvc.documents.listed import Listed
from feedsvc.documents.plan import Plan
from feedsvc.documents.recipe import Recipe
from feedsvc.documents.twins import neighbours
from feedsvc.places import ALL, places_of


def recipe_at(plan: Plan, path: str) -> Recipe | None:
    """The recipe of a document as the plan is now; None where there is no such document."""
    found = recipes(plan, _changed_at(plan, path))
    return next((recipe for recipe in found if isinstance(recipe, Recipe) and recipe.path == path), None)


def updates_at(plan: Plan, path: str) -> list[Listed]:
    """The updates that a document shows or might show, those first that are less its own."""
    index = plan.index
    if path.startswith(urls.UPDATES):
        line = index.by_slug(_slug(path))
        if line is None:
            return []
        near = (*map(index.by_slug, line.related), *neighbours(index, line))
        return [*dict.fromkeys(other for other in near if other is not None), line]
    if path.startswith(urls.FILES):
        return [line for line in index.shown() if path in map(urls.file_path, line.files)]
    if path.startswith(urls.PICTURES):
        return [line for line in index.shown() if path in {picture.path for picture in line.pictures}]
    place = next((place for place in [*places_of(plan.site)][::-1] if path.startswith(place.path)), ALL)
    return [*dict.fromkeys((*index.newest(place, len(index)), *index.calendar(place)))]


def _changed_at(plan: Plan, path: str) -> Changed:
    """No more than what makes the document there, among others."""
    if path.startswith(urls.UPDATES):
        return Changed(slugs={_slug(path)})
    if not path.startswith((urls.FILES, urls.PICTURES)):
        return Changed(is_whole=True)
    pictures = {picture.path: picture.file for line in plan.index.shown() for picture in line.pictures}
    pictures |= {picture.path: picture.file for picture in plan.site_pictures}
    named = {urls.file_path(name): name for line in plan.index.shown() for name in line.files}
    named |= {urls.file_path(picture.file): picture.file for picture in plan.site_pictures}
    return Changed(files={name for name in ((pictures | named).get(path),) if name})


def _slug(path: str) -> str:
    return path.removeprefix(urls.UPDATES).partition("/")[0]
