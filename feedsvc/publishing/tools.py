"""What every attempt at a publish works with, and what outlives it."""

from dataclasses import dataclass
from functools import cache, partial

from feedsvc import documents
from feedsvc.announcing import owed, targets
from feedsvc.content.files import Files
from feedsvc.content.source import LoadedSite
from feedsvc.documents.changed import Changed
from feedsvc.documents.editions import as_it_stands
from feedsvc.documents.plan import Plan
from feedsvc.documents.recipe import Absent, Recipe
from feedsvc.kinds import ARCHIVE
from feedsvc.model import Entry, Site
from feedsvc.publication.batch import Announce
from feedsvc.publication.store import Store
from feedsvc.publishing.entries import Entries
from feedsvc.publishing.holding import Holding
from feedsvc.publishing.journal import Journal
from feedsvc.publishing.known import Known
from feedsvc.publishing.rendering import Renderer
from feedsvc.publishing.source_reader import SourceReader
from feedsvc.settings import Settings


@dataclass(frozen=True, slots=True, kw_only=True)
class Tools:
    """What every attempt works with; ``basis`` is what all documents depend on besides the content."""

    settings: Settings
    store: Store
    files: Files
    entries: Entries
    journal: Journal
    holding: Holding
    reader: SourceReader
    renderer: Renderer
    basis: str

    def announce(self, site: Site) -> Announce:
        """Who is to be told of which documents that change."""
        return partial(owed, targets(self.settings, site.hubs, site.base_url))

    def plan(self, known: Known, site: LoadedSite) -> Plan:
        """What the documents of a site are made from."""

        def fetch(name: str) -> Entry:
            return self.entries.fetch(name, known.sources.line(name))

        @cache
        def gone() -> frozenset[str]:
            ids = {line.id for line in known.index.lines()}
            return known.admission.gone(set(known.sources.names()), ids, site.site.authority)

        standing = as_it_stands(site.site, known.index)
        return Plan(standing, site.pictures, known.index, fetch, self.files, gone)

    def choose(self, plan: Plan, changed: Changed) -> tuple[list[Recipe], list[str]]:
        """The recipes whose documents must be rendered, and the paths that no recipe makes any more."""
        found = list(documents.recipes(plan, changed))
        recipes = [one for one in found if isinstance(one, Recipe)]
        if changed.is_whole:
            recipes.sort(key=_in_turn)
            keys = self.store.keys()
            removals = keys.keys() - {recipe.path for recipe in recipes}
        else:
            keys = self.store.keys_of({one.path for one in found})
            absent = [one for one in found if isinstance(one, Absent)]
            below = {path for one in absent if one.below for path in self.store.paths_below(one.path)}
            removals = ({one.path for one in absent} & keys.keys() | below) - {recipe.path for recipe in recipes}
        return [recipe for recipe in recipes if keys.get(recipe.path) != recipe.key], sorted(removals)


def _in_turn(recipe: Recipe) -> tuple[str, str]:
    """Sorts as the tables are sorted, which makes fewer pages of them; but archives of one time stand together.

    They hold the same entries, and what was finished for one place is there for the next.
    """
    document = recipe.document
    if document.kind is not ARCHIVE or document.page_path is None:
        return "", recipe.path
    return document.page_path.split("/")[-2], recipe.path.removeprefix(document.page_path)
