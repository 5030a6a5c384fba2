"""The way from every address that an update or a category had before to that where it is now.

Each is one redirect away from a document, however often it moved. Where something stands at an address, that wins.
"""

from collections.abc import Iterator
from dataclasses import replace
from itertools import combinations, islice, product

from feedsvc import urls
from feedsvc.documents.changed import Changed
from feedsvc.documents.plan import Plan
from feedsvc.documents.recipe import Absent, Recipe, make_recipe
from feedsvc.documents.updates import nothing_at
from feedsvc.formats import FORMATS
from feedsvc.kinds import MOVED, Kind
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
                yield from ways(former, place)


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


def _paths_of(place: Place) -> dict[str, str]:
    """Where the documents of a place are, but its years and card; a category has no list of feeds, a mix no sheet."""
    names = ("", *(fmt.file_name for fmt in FORMATS), urls.CALENDAR, urls.OEMBED_NAME)
    paths = {name: place.path + name for name in names}
    paths |= {"subscribe": urls.subscribe_path(place.path), "poster": urls.poster_path(place.path)}
    paths |= {f"embed {more}": urls.embed_path(place.name, summaries=more) for more in (False, True)}
    paths["opml"] = urls.opml_path(place.path)
    if not place.categories:
        paths |= {"search": urls.search_path(place.path), "builder": urls.builder_path(place.path)}
    else:
        del paths["poster" if place.is_mix else "opml"]
    return paths


def ways(place: Place, target: Place, kind: Kind = MOVED) -> Iterator[Recipe]:
    """From each document of a place that is no more to what is nearest to it: of another place, or of everything."""
    nearest = _paths_of(replace(target, categories=())) | _paths_of(target)
    return (way(path, nearest[name], kind) for name, path in _paths_of(place).items())


def way(path: str, target: str, kind: Kind = MOVED) -> Recipe:
    """A redirect."""
    return make_recipe(Document(path=path, kind=kind, media_type="text/plain", page_path=target), target.encode, target)


def former_of(place: Place, site: Site) -> Iterator[Place]:
    """What the place was called while its categories had other slugs; first those that differ in the fewest."""
    return (replace(place, categories=former) for former in islice(_former(place.categories, site), FORMER_AT_MOST))


def _former(slugs: tuple[str, ...], site: Site) -> Iterator[tuple[str, ...]]:
    for number in range(1, len(slugs) + 1):
        for others in combinations(slugs, number):
            yield from product(*(site.category(slug).aliases if slug in others else (slug,) for slug in slugs))
