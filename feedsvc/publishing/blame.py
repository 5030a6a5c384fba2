"""Which update is at fault when a document cannot be made: found by trying without, until the document can be made."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial

from feedsvc import urls
from feedsvc.documents.index import Index
from feedsvc.documents.listed import Listed
from feedsvc.documents.locating import recipe_at, updates_at
from feedsvc.documents.plan import Plan
from feedsvc.publishing.journal import Journal
from feedsvc.publishing.quarantine import Death, alone
from feedsvc.publishing.rendering import Choked, render_all


class Blame:
    """Tries documents with and without updates; the index is not fit for anything else afterwards.

    ``suspects`` are the sources that changed, which are tried first.
    """

    def __init__(self, plan: Callable[[], Plan], index: Index, suspects: Iterable[str], journal: Journal) -> None:
        self._journal = journal
        self._plan = plan
        self._index = index
        self._suspects = sorted(suspects)

    def find(self, choked: Sequence[Choked]) -> tuple[dict[str, tuple[Listed, Choked]], list[Choked]]:
        """Each source at fault, with its line and a document that chokes on it; the documents that none explains.

        Pages of single updates are tried before places: who is found there need not be found again among many. But
        where something chokes that no update explains, what is there for its updates alone and chokes on the same is
        not their fault.
        """
        guilty: dict[str, tuple[Listed, Choked]] = {}
        passing = {one.path for one in choked if self._passes(one.path)}
        unexplained = [
            one
            for one in choked
            if one.path not in passing and self._fails_without(one, updates_at(self._plan(), one.path))
        ]
        causes = {one.cause for one in unexplained}
        unexplained += [one for one in choked if one.path in passing and one.cause in causes]
        for one in sorted(choked, key=lambda one: (not _is_update(one.path), one.path)):
            # what ended a process is not tried more often than needed
            is_failing = one not in unexplained and (one.is_deadly or self._fails(one))
            while is_failing:
                line = self._culprit(one)
                guilty[line.source] = (line, one)
                self._index.change({line.source: None})
                is_failing = self._fails(one)
        self._acquit(guilty)
        return guilty, unexplained

    def _acquit(self, guilty: dict[str, tuple[Listed, Choked]]) -> None:
        """Take out whose page can be made now: it named one neighbour after the other, and each was at fault."""
        named = [(line, one) for line, one in guilty.values() if _is_update(one.path)]
        for line, one in named if len(named) > 1 else ():
            self._index.change({line.source: line})
            if self._fails(one):
                self._index.change({line.source: None})
            else:
                del guilty[line.source]

    def _passes(self, path: str) -> bool:
        """Whether there is no such document without the updates that it shows."""
        if _is_update(path):
            return True
        with self._without(updates_at(self._plan(), path)):
            return recipe_at(self._plan(), path) is None

    def _culprit(self, choked: Choked) -> Listed:
        """An update without which the document can be made; it is the last of the fewest that do."""
        lines = updates_at(self._plan(), choked.path)
        changed = [] if _is_update(choked.path) else [line for line in lines if line.source in self._suspects]
        candidates = changed if changed and not self._fails_without(choked, changed) else lines
        low, high = 1, len(candidates)
        while low < high:
            middle = (low + high) // 2
            if self._fails_without(choked, candidates[:middle]):
                low = middle + 1
            else:
                high = middle
        return candidates[low - 1]

    def _fails_without(self, choked: Choked, lines: Sequence[Listed]) -> bool:
        with self._without(lines):
            return self._fails(choked)

    @contextmanager
    def _without(self, lines: Sequence[Listed]) -> Iterator[None]:
        self._index.change({line.source: None for line in lines})
        try:
            yield
        finally:
            self._index.change({line.source: line for line in lines})

    def _fails(self, choked: Choked) -> bool:
        recipe = recipe_at(self._plan(), choked.path)
        if recipe is None:
            return False
        work = partial(render_all, [recipe])
        done = alone(work, self._journal) if choked.is_deadly else work()
        return isinstance(done, Death) or isinstance(done[0], Choked)


def _is_update(path: str) -> bool:
    return path.startswith(urls.UPDATES)
