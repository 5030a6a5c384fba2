"""Content becomes the next generation of the publication, whatever any one source does.

A file that cannot be published stays as it last was good, or out, and is reported; everything else moves on.
"""

import gc
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial

from feedsvc import documents
from feedsvc.content.folder import UnsettledError
from feedsvc.documents import recipe
from feedsvc.documents.changed import Changed
from feedsvc.documents.recipe import Recipe
from feedsvc.errors import ContentError, Problem
from feedsvc.publication.database import StoreError
from feedsvc.publication.store import OvertakenError, Store
from feedsvc.publishing.attempt import Attempt
from feedsvc.publishing.blame import Blame
from feedsvc.publishing.entries import Entries
from feedsvc.publishing.holding import Holding, StrangersError
from feedsvc.publishing.isolation import isolate
from feedsvc.publishing.journal import Journal
from feedsvc.publishing.known import FORGIVEN_SECONDS, Known, recall
from feedsvc.publishing.rendering import Choked, ChokedError, Renderer
from feedsvc.publishing.request import PLAIN, MovedError, Outcome, Request
from feedsvc.publishing.source_reader import SourceReader
from feedsvc.publishing.standing import StandingFiles
from feedsvc.publishing.timings import EMBEDDED, Timings
from feedsvc.publishing.tools import Tools
from feedsvc.settings import Settings

ATTEMPTS = 3  # when other processes publish at the same time
ROUNDS = 12  # of one publish, each of which holds back what kept the one before from being made
FORESEEN = (ContentError, UnsettledError, StoreError, ChokedError, StrangersError, MovedError)


class Publisher:
    """Publishes one content folder into one store, again and again; remembers what a publish needs of the last.

    ``beat`` is called now and then while a suspect is waited for.
    """

    def __init__(
        self, settings: Settings, store: Store, timings: Timings = EMBEDDED, beat: Callable[[], None] = lambda: None
    ) -> None:
        self._store = store
        self._known: Known | None = None  # while it agrees with the store
        self._last: Attempt | None = None
        files = StandingFiles(settings.content, settings.kept_pictures, defers=True)
        journal, entries = Journal(store.path, timings.limits, beat), Entries(store, timings.limits.remembered)
        holding = Holding(settings.content, timings.hold)
        self._tools = Tools(
            settings=settings,
            store=store,
            files=files,
            entries=entries,
            journal=journal,
            holding=holding,
            reader=SourceReader(settings, files, journal, holding),
            renderer=Renderer(journal, self._bring_along),
            basis=f"{recipe.code_digest()} {settings.base_url or ''} {bool(settings.purge)}",
        )

    def publish(self, as_of: datetime, request: Request = PLAIN) -> Outcome:
        """Bring the publication up to date with the content as it is to be seen at ``as_of``.

        ContentError when ``site.yaml`` is at fault and no earlier good one is known; UnsettledError when the content
        changed while it was read; StoreError when the publication cannot be written. Each leaves it as it was.
        Whatever else goes wrong is a source's fault, which is held back, or this program's.
        """
        self._last, instant = None, int(as_of.timestamp())
        try:
            return self._in_rounds(instant, request)
        except FORESEEN:
            raise
        except Exception:
            if self._last is None or not self._last.in_hand:
                raise
            failed = self._last
        holding, delta = self._tools.holding, self._tools.holding.delta
        return isolate(
            failed.in_hand,
            lambda without: self._in_rounds(instant, replace(request, names=None, without=without)),
            lambda name, fault: holding.condemn_unforeseen(name, fault, delta, failed.known.sources.line(name)),
            FORESEEN,
        )

    def warm_up(self) -> None:
        """Render every place once for nothing, so that the next change finds templates and entries at hand."""
        known = self._known
        if known is not None and known.left.site is not None:
            found = documents.places.recipes(self._tools.plan(known, known.left.site), Changed(is_whole=True))
            stuck = self._tools.holding.stuck
            self._tools.renderer.rehearse([one for one in found if isinstance(one, Recipe) and one.path not in stuck])

    def _in_rounds(self, as_of: int, request: Request) -> Outcome:
        """Publish; each round holds back what the one before could not be published for."""
        veto: tuple[Problem, ...] = ()
        last: Exception | None = None
        overtaken = 0
        for _ in range(ROUNDS):
            try:
                return self._attempt(as_of, request, veto, is_first=last is None)
            except OvertakenError as fault:
                overtaken += 1
                if overtaken == ATTEMPTS:
                    raise StoreError(str(fault)) from fault
            except ChokedError as fault:
                last = fault
                self._find_fault(fault.choked)
            except StrangersError as fault:
                last = fault
                veto = fault.problems
        raise RuntimeError(f"documents choke on one source after another: {last}")

    def _attempt(self, as_of: int, request: Request, veto: tuple[Problem, ...], *, is_first: bool) -> Outcome:
        known, self._known = self._known, None  # after a failure what is stored is the truth
        if known is None or known.generation != self._store.generation():
            known = recall(self._store, self._tools.entries, self._tools.holding, as_of)
            request = replace(request, names=None)
        elif known.as_of - as_of > FORGIVEN_SECONDS:
            known = recall(self._store, self._tools.entries, self._tools.holding, as_of)
        self._last = Attempt(self._tools, known, request, as_of, veto)
        try:
            outcome = self._last.run(is_first=is_first)
        except UnsettledError:
            if self._last.only_reads:
                self._known = known
            raise
        finally:
            gc.enable()
        known.generation = outcome.generation
        self._known = known
        self._tools.journal.clear()
        return outcome

    def _find_fault(self, choked: Sequence[Choked]) -> None:
        """Condemn what documents choke on."""
        failed = self._last
        if failed is not None and failed.known.left.site is not None:  # there was one to make documents of
            if any(one.is_deadly for one in choked):
                self._bring_along()
            plan = partial(self._tools.plan, failed.known, failed.known.left.site)
            blame = Blame(plan, failed.known.index, failed.changed, self._tools.journal)
            self._tools.holding.condemn_choking(choked, blame, is_new_site=failed.is_new_site)

    def _bring_along(self) -> None:
        """Have every entry at hand, for children."""
        if self._last is not None:
            lines = self._last.known.sources.lines()
            self._tools.entries.bring_along(name for name, line in lines.items() if line is not None)
