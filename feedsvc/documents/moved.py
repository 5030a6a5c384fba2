"""The way from every address that an update or a category had before to that where it is now.

Each is one redirect away from a document, however often it moved. Where something stands at an address, that wins.
"""

from collections.abc import Iterator
from dataclasses import replace
from itertools import combinations, islice, product, starmap

from feedsvc import urls
from feedsvc.documents.changed import Changed
from feedsvc.documents.plan import Plan
from feedsvc.documents.recipe import Absent, Recipe, make_recipe
from feedsvc.documents.updates import nothing_at
from feedsvc.formats import FORMATS
from feedsvc.kinds import MOVED
from feedsvc.model import Document, Site
from feedsvc.places import Place, places_of

FORMER_AT_MOST = 100  # names of a mix that lead on: of four categories with twenty former slugs there are 194,480


def recipes(plan: Plan, changed: Changed) -> Iterator[Recipe | Absent]:
    """The former addresses of updates that the change touches, and, of everything, those of categories and mixes."""
    for slug in sorted(changed.aliases | changed.slugs):
        yield from _of_update(plan, changed, slug)
    if changed.is_whole:
        for place in places_of(plan.site):
            for former in former_of(place, plan.site):
                yield from starmap(way, zip(paths_of(former), paths_of(place), strict=True))


def _of_update(plan: Plan, changed: Changed, slug: str) -> Iterator[Recipe | Absent]:
    line = plan.index.by_alias(slug)
    if line is None and (slug in changed.slugs or plan.index.by_slug(slug) is not None):
        return
    for path_of in (urls.update_path, urls.update_embed_path, urls.update_oembed_path, urls.event_path):
        if line is not None and (line.dates or path_of != urls.event_path):
            yield way(path_of(slug), path_of(line.slug))
        elif path_of == urls.update_path:
            yield nothing_at(plan, slug)
        elif slug not in changed.slugs:
            yield Absent(path_of(slug))


def paths_of(place: Place) -> list[str]:
    """Where the documents of a place are."""
    names = ("", *(fmt.file_name for fmt in FORMATS), urls.CALENDAR, urls.OEMBED_NAME)
    return [
        *(place.path + name for name in names),
        urls.subscribe_path(place.path),
        *(urls.embed_path(place.name, summaries=more) for more in (False, True)),
    ]


def way(path: str, target: str) -> Recipe:
    """A redirect."""
    return make_recipe(
        Document(path=path, kind=MOVED, media_type="text/plain", page_path=target), target.encode, target
    )


def former_of(place: Place, site: Site) -> Iterator[Place]:
    """What the place was called while its categories had other slugs; first those that differ in the fewest."""
    return (replace(place, categories=former) for former in islice(_former(place.categories, site), FORMER_AT_MOST))


def _former(slugs: tuple[str, ...], site: Site) -> Iterator[tuple[str, ...]]:
    for number in range(1, len(slugs) + 1):
        for others in combinations(slugs, number):
            yield from product(*(site.category(slug).aliases if slug in others else (slug,) for slug in slugs))
