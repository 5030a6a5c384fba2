"""The page that searches all updates in the browser, and what it looks through: pieces of a year, each with an end.

A piece is filled from the oldest update of its year on, so a new update remakes the last one of its year alone.
"""

from collections.abc import Iterator, Sequence
from functools import partial

from feedsvc import urls
from feedsvc.documents.changed import Changed
from feedsvc.documents.listed import Listed
from feedsvc.documents.plan import Plan
from feedsvc.documents.recipe import Absent, Recipe, make_recipe
from feedsvc.documents.versions import searches_of
from feedsvc.documents.years import span_of, year_of, years_of
from feedsvc.formats.search_index import MEDIA_TYPE, render_search_index
from feedsvc.kinds import SEARCH, SEARCH_INDEX
from feedsvc.pages.search import search_page
from feedsvc.places import ALL, homes_of

PIECE = 200  # updates


def recipes(plan: Plan, changed: Changed) -> Iterator[Recipe | Absent]:
    """The pieces of the years that the change touches, and the page in every edition."""
    if not changed.touches(ALL):
        return
    years = years_of(plan, ALL)
    touched = set(years) if changed.is_whole else {year_of(line, plan.site) for line in changed.lines}
    for year in sorted(touched):
        yield Absent(urls.search_folder(year), below=True)
        lines = span_of(plan, ALL, year).lines[::-1]
        for number, path in enumerate(_paths(year, len(lines))):
            yield _piece(plan, path, lines[number * PIECE : (number + 1) * PIECE])
    paths = [path for year in years for path in reversed(_paths(year, len(span_of(plan, ALL, year).lines)))]
    for home in homes_of(plan.site):
        path, site = urls.search_path(home.path), plan.site_in(home)
        shown = years_of(plan, home)  # the pages of years that an edition has, though it searches all updates
        document = plan.document(path, SEARCH, home)
        make = partial(search_page, site, shown, paths, searches_of(plan))
        yield make_recipe(document, make, plan.site.digest, *map(str, shown), *paths)


def _paths(year: int, count: int) -> list[str]:
    """Where the pieces of a year with so many updates are, the oldest first."""
    return [f"{urls.search_folder(year)}{number}.json" for number in range(1, -(-count // PIECE) + 1)]


def _piece(plan: Plan, path: str, lines: Sequence[Listed]) -> Recipe:
    document = plan.document(path, SEARCH_INDEX, ALL, lines, MEDIA_TYPE)

    def make() -> bytes:
        return render_search_index(plan.site, map(plan.told, reversed(lines)))

    return make_recipe(document, make, plan.site.digest, *map(plan.told_digest, lines))
