"""The documents of a publish, each finished once, and by itself where it may end the process that makes it.

A batch goes from step to step, not item by item; see ``reading``.
"""

import traceback
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import NamedTuple

from feedsvc.content.folder import UnsettledError
from feedsvc.documents.recipe import Recipe
from feedsvc.errors import FeedsvcError, Problem
from feedsvc.model import Document
from feedsvc.publication.coding import encode, make_etag
from feedsvc.publication.rows import Finished, pack
from feedsvc.publishing.journal import Journal, Limits
from feedsvc.publishing.parallel import map_in_processes, map_in_threads
from feedsvc.publishing.quarantine import Death, describe, fault_problem

Progress = Callable[[int, int], None]  # documents finished, documents in all


class Choked(NamedTuple):
    """A document that could not be made, and why. ``is_deadly`` when trying again may end the process that tries."""

    path: str
    cause: str
    trace: str = ""
    is_unsettled: bool = False
    is_deadly: bool = False


class ChokedError(FeedsvcError):
    """Documents that cannot be made; nothing is published before it is known whose fault that is."""

    def __init__(self, choked: Sequence[Choked]) -> None:
        self.choked = tuple(choked)
        super().__init__(", ".join(f"{one.path}: {one.cause}" for one in choked[:3]))


class Renderer:
    """Makes documents. ``bring_along`` prepares for children, which must not use the store's connection."""

    def __init__(self, journal: Journal, bring_along: Callable[[], None]) -> None:
        self._journal = journal
        self._bring_along = bring_along

    def render(
        self,
        recipes: Sequence[Recipe],
        may_stay: Callable[[Choked], bool],
        progress: Progress | None,
        *,
        may_fork: bool,
    ) -> Iterator[Finished]:
        """Every document that can be made; in the end ChokedError with the others, unless they may stay as they are."""
        if may_fork or self._journal.suspects:
            self._bring_along()
        work = render_all if may_fork else partial(render_all, limits=self._journal.limits)
        results = map_in_processes(work, recipes, self._journal, name=lambda recipe: recipe.path, forks=may_fork)
        choked = []
        for number, (recipe, found) in enumerate(results, 1):
            if progress is not None:
                progress(number, len(recipes))
            result = Choked(recipe.path, found.cause, is_deadly=True) if isinstance(found, Death) else found
            if isinstance(result, Finished):
                yield result
            elif not may_stay(result):
                choked.append(result)
                if result.is_deadly:  # and so would be others, each in its time
                    break
        if choked:
            raise ChokedError(choked)

    def rehearse(self, recipes: Sequence[Recipe]) -> None:
        """Make documents for nothing."""
        with self._journal.watch(recipe.path for recipe in recipes):
            render_all(recipes)


def choked_problem(file: str, choked: Choked) -> Problem:
    """What is said of a file that keeps a document from being made."""
    return fault_problem(file, f"{choked.path} cannot be made with it ({choked.cause})")


def render_all(recipes: Sequence[Recipe], limits: Limits | None = None) -> list[Finished | Choked]:
    """Some documents, rendered and coded; within ``limits``, further cores code while the next is rendered."""
    if limits is None:
        rendered = [_render(recipe) for recipe in recipes]
        finished = [_code(one) for one in rendered]
        rendered.clear()
    else:
        finished = map_in_threads(_code, map(_render, recipes), limits)
    return [_render_alone(recipe) if one is None else one for recipe, one in zip(recipes, finished, strict=True)]


def _render_alone(recipe: Recipe) -> Finished | Choked:
    try:
        return code(render(recipe))
    except UnsettledError as fault:
        return Choked(recipe.path, str(fault), is_unsettled=True)
    except Exception as fault:  # noqa: BLE001  # it is said of the document, and the log has the rest
        return Choked(recipe.path, describe(fault), traceback.format_exc())


def _render(recipe: Recipe) -> tuple[str, Document] | None:
    try:
        return render(recipe)
    except Exception:  # noqa: BLE001  # it is tried again alone
        return None


def _code(rendered: tuple[str, Document] | None) -> Finished | None:
    try:
        return None if rendered is None else code(rendered)
    except Exception:  # noqa: BLE001  # it is tried again alone
        return None


def render(recipe: Recipe) -> tuple[str, Document]:
    """One document with its key: the work of this interpreter, a page or a feed at a time."""
    return recipe.key, recipe.render()


def code(rendered: tuple[str, Document]) -> Finished:
    """A rendered document in all its codings: the work of libraries, which let other threads run meanwhile."""
    key, document = rendered
    kind = document.kind
    variants = encode(document.body, document.media_type, brotli_level=kind.brotli, gzip_level=kind.gzip)
    return pack(key, document, make_etag(document.body), variants)
