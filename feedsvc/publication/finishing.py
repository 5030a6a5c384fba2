"""The documents of a publish, each finished once, and by itself where it may end the process that makes it."""

from collections.abc import Callable, Iterator, Sequence
from functools import partial

from feedsvc.documents.recipe import Recipe
from feedsvc.publication.blame import ChokedError
from feedsvc.publication.parallel import spread
from feedsvc.publication.quarantine import Death, Journal, alone
from feedsvc.publication.store import Finished
from feedsvc.publication.work import Choked, finish_all, finish_few

Progress = Callable[[int, int], None]  # documents finished, documents in all


class Finisher:
    """Makes documents. ``bring_along`` prepares for children, which must not use the store's connection."""

    def __init__(self, journal: Journal, bring_along: Callable[[], None]) -> None:
        self._journal = journal
        self._bring_along = bring_along

    def finish(
        self,
        recipes: Sequence[Recipe],
        may_stay: Callable[[Choked], bool],
        progress: Progress | None,
        *,
        may_fork: bool,
    ) -> Iterator[Finished]:
        """Every document that can be made; in the end ChokedError with the others, unless they may stay as they are."""
        if may_fork:
            self._bring_along()
            results = spread(finish_all, recipes, self._journal, name=lambda recipe: recipe.path)
        else:
            results = self._few(recipes)
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
            finish_all(recipes)

    def _few(self, recipes: Sequence[Recipe]) -> Iterator[tuple[Recipe, Finished | Choked | Death]]:
        """Each document with what came of it; those that are suspected are made alone."""
        suspects = [recipe for recipe in recipes if recipe.path in self._journal.suspects]
        if suspects:
            self._bring_along()
        for recipe in suspects:
            done = alone(partial(finish_all, [recipe]))
            yield recipe, done if isinstance(done, Death) else done[0]
        others = [recipe for recipe in recipes if recipe.path not in self._journal.suspects]
        with self._journal.watch(recipe.path for recipe in others):
            results = finish_few(others)
        yield from zip(others, results, strict=True)
