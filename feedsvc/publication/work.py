"""The two kinds of work that a publish spreads over the cores: reading sources, and finishing documents.

Both go step by step over a batch, not item by item: what a step needs then stays in the processor's cache, which saves
more than any step costs.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from feedsvc.content import Draft, Files, UnsettledError, complete_entry, draft_entry, read_source
from feedsvc.errors import ContentError, Problem
from feedsvc.model import Document, Site
from feedsvc.publication.catalogue import Listed, list_entry
from feedsvc.publication.coding import BROTLI_LEVEL, BROTLI_LEVEL_ASSET, encode, make_etag
from feedsvc.publication.recipes import Recipe
from feedsvc.publication.store import Finished, dump_entry, pack
from feedsvc.settings import Settings

# update pages are many and each is asked for seldom: brotli would take a sixth of a publish to save 300 octets of each
BROTLI_LEVELS = {"asset": BROTLI_LEVEL_ASSET, "update": None}
DRAFTED_OCTETS = 256 * 1024  # of sources held as drafts, which take a hundred times as much where a source is all signs


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """One source file as read just now: its good version (dumped, and its line), or why it has none."""

    text: str | None = None
    listed: Listed | None = None
    problems: tuple[Problem, ...] = ()
    unsettled: str | None = None


def read_all(settings: Settings, files: Files, site: Site, names: Sequence[str]) -> list[Reading]:
    """Some source files as they are now."""
    readings: list[Reading] = []
    drafts: list[Draft | Reading] = []
    held = 0
    for name in names:
        draft = _draft(settings, files, site, name)
        drafts.append(draft)
        held += len(draft.source.data) if isinstance(draft, Draft) else 0
        if held > DRAFTED_OCTETS:
            readings += [_read(files, site, draft) for draft in drafts]
            drafts, held = [], 0
    return readings + [_read(files, site, draft) for draft in drafts]


def _draft(settings: Settings, files: Files, site: Site, name: str) -> Draft | Reading:
    try:
        return draft_entry(read_source(settings.content, name), site, files)
    except (ContentError, UnsettledError) as fault:
        return _failed(fault)


def _read(files: Files, site: Site, draft: Draft | Reading) -> Reading:
    if isinstance(draft, Reading):
        return draft
    try:
        loaded = complete_entry(draft, site, files)
    except (ContentError, UnsettledError) as fault:
        return _failed(fault)
    return Reading(text=dump_entry(loaded), listed=list_entry(loaded))


def _failed(fault: ContentError | UnsettledError) -> Reading:
    return Reading(problems=fault.problems) if isinstance(fault, ContentError) else Reading(unsettled=str(fault))


def finish_all(recipes: Sequence[Recipe]) -> list[Finished]:
    """Some documents, rendered and coded."""
    rendered = [render(recipe) for recipe in recipes]
    return [code(one) for one in rendered]


def render(recipe: Recipe) -> tuple[str, Document]:
    """One document with its key: the work of this interpreter, a page or a feed at a time."""
    return recipe.key, recipe.render()


def code(rendered: tuple[str, Document]) -> Finished:
    """A rendered document in all its codings: the work of libraries, which let other threads run meanwhile."""
    key, document = rendered
    level = BROTLI_LEVELS.get(document.kind, BROTLI_LEVEL)
    variants = encode(document.body, document.media_type, brotli_level=level)
    return pack(key, document, make_etag(document.body), variants)
