"""The way from every address that an update or a category had before to that where it is now.

Each is one redirect away from a document, however often it moved. Where something stands at an address, that wins.
"""

from collections.abc import Iterator
from functools import partial
from itertools import product

from feedsvc import urls
from feedsvc.documents.index import Changed
from feedsvc.documents.plan import Plan
from feedsvc.documents.recipe import Absent, Recipe, make_key
from feedsvc.formats import FORMATS
from feedsvc.kinds import MOVED
from feedsvc.model import Document, Site
from feedsvc.places import Place, places_of


def recipes(plan: Plan, changed: Changed) -> Iterator[Recipe | Absent]:
    """The former addresses of updates that the change touches, and, of everything, those of categories and mixes."""
    for slug in sorted(changed.aliases | changed.slugs):
        line = plan.index.by_alias(slug)
        if line is not None:
            yield way(urls.update_path(slug), urls.update_path(line.slug))
        elif slug not in changed.slugs:
            yield Absent(urls.update_path(slug))
        if line is not None and line.dates:
            yield way(urls.event_path(slug), urls.event_path(line.slug))
        elif slug not in changed.slugs:
            yield Absent(urls.event_path(slug))
    if changed.is_whole:
        for place in places_of(plan.site):
            for former in _former(place, plan.site):
                for name in ("", *(fmt.file_name for fmt in FORMATS), urls.CALENDAR):
                    yield way(former.path + name, place.path + name)


def way(path: str, target: str) -> Recipe:
    """A redirect."""
    return Recipe(path, make_key("moved", path, target), partial(_moved, path, target))


def _former(place: Place, site: Site) -> Iterator[Place]:
    """What the place was called while its categories had other slugs."""
    slugs = [(slug, *site.category(slug).aliases) for slug in place.categories]
    for former in product(*slugs):
        if former != place.categories:
            yield Place(former)


def _moved(path: str, target: str) -> Document:
    return Document(path=path, kind=MOVED, media_type="text/plain", body=target.encode(), page_path=target)
