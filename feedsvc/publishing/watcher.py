"""Keeps the publication up to date: publishes when content has changed and come to rest, and when something falls due.

Whatever goes wrong, what is published stays; the fault is logged once, and the next attempt heals.
"""

import logging
import threading
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from time import monotonic

from feedsvc.content import UnsettledError
from feedsvc.errors import ContentError, Note, Problem, report
from feedsvc.publication.overview import survey
from feedsvc.publication.reader import StoreError
from feedsvc.publication.status import (
    CONTENT_LOCKED,
    CONTENT_UNSETTLED,
    CONTENT_UNUSABLE,
    OUT_OF_MEMORY,
    PUBLICATION_UNWRITABLE,
    PUBLISHING_FAILS,
    Cause,
)
from feedsvc.publication.store import Store
from feedsvc.publishing.file_changes import EVERYTHING, NOTHING, Change, Watch, find_lock, is_stable
from feedsvc.publishing.publisher import Outcome, Publisher, Request
from feedsvc.publishing.removals import HOLD_SECONDS
from feedsvc.publishing.reporter import Reporter
from feedsvc.settings import Settings

log = logging.getLogger("feedsvc.publication")

LOOK_SECONDS = 15.0  # a look at everything, for what the system did not report (network mounts, restored stamps)
POLL_SECONDS = 1.0  # the same where the system reports nothing
ASK_SECONDS = 1.0  # how often to ask whether this is still wanted
CHECK_SHARE = 0.01  # of the time may go into looking for damage of the publication
SOON_SECONDS = 0.02  # to look again at a tree that was not at rest
RETRY_SECONDS = (1.0, 2.0, 5.0, 10.0, 30.0)  # after a fault, each time longer
PATIENCE_SECONDS = 10.0  # of a start, with content that does not come to rest
RESTLESS_SECONDS = 60.0  # after which what never comes to rest is left out, and everything else published
CONFIRMATION = "confirm-removal"  # a file of this name in the content folder confirms a change that takes much away
HOLD_HINT = f"it is done after {HOLD_SECONDS:.0f} seconds without another change, or at once with a file {CONFIRMATION}"


class Watcher:
    """Publishes again and again until told to stop, or until ``is_wanted`` says no more.

    ``clock`` gives seconds since 1970.
    """

    def __init__(
        self, settings: Settings, clock: Callable[[], float], is_wanted: Callable[[], bool] = lambda: True
    ) -> None:
        self._settings = settings
        self._is_wanted = is_wanted
        self._root = settings.content
        self._clock = clock
        self._watch = Watch(settings.content)
        self._store: Store | None = None
        self._publisher: Publisher | None = None
        self._is_warm = False
        self._interrupt = threading.Event()
        self._is_stopping = False
        self._pending = EVERYTHING
        self._due: int | None = None  # clock time at which the publication next changes by itself
        self._next_look = 0.0  # monotonic, like the next three
        self._not_before = 0.0
        self._next_check = 0.0
        self._unsettled_since: float | None = None  # while content does not come to rest
        self._held = ""  # which removals are held
        self._failures = 0
        self._status = Reporter(settings.publication, clock)
        self._problems: frozenset[Problem] = frozenset()
        self._notes: frozenset[Note] = frozenset()

    def stop(self) -> None:
        """Make ``run`` return soon; safe in a signal handler."""
        self._is_stopping = True
        self._interrupt.set()

    def look_again(self) -> None:
        """Make ``run`` look at everything at once; safe in a signal handler."""
        self._next_look = self._next_check = self._not_before = 0.0
        self._interrupt.set()

    def run(self) -> None:
        """Publish until stopped; what the process before this one has just said is not said again."""
        self._status.start()
        if self._status.is_successor:
            self._status.inherit()
            with suppress(StoreError):
                held = survey(self._settings.publication, self._clock()).held_back
                self._problems = frozenset(problem for problem, _ in held)
        try:
            while not self._is_stopping and self._is_wanted():
                self._step()
        finally:
            self._watch.close()
            self._close()
            self._status.end()

    def run_once(self) -> None:
        """Publish what there is, waiting a little for content that is just being changed; say why when it cannot be."""
        deadline = monotonic() + PATIENCE_SECONDS
        self._status.start()
        try:
            self._publish(EVERYTHING)
            while self._pending != NOTHING and not self._status.is_at_odds and monotonic() < deadline:
                self._interrupt.wait(SOON_SECONDS)
                self._publish(EVERYTHING)
        finally:
            self._close()
            self._status.end()

    def _step(self) -> None:
        told = self._watch.wait(self._patience(), self._interrupt)
        self._status.beat()
        self._interrupt.clear()
        now = monotonic()
        if told != NOTHING:
            self._pending |= told
            self._not_before = 0.0 if self._watch.is_told else self._not_before
        if now >= self._next_look:
            self._pending = EVERYTHING
            self._next_look = now + LOOK_SECONDS
            self._check_publication()
        is_due = self._due is not None and self._clock() >= self._due
        if (self._pending == NOTHING and not is_due) or now < self._not_before or self._is_stopping:
            return
        if lock := find_lock(self._root, self._clock):
            self._not_before = now + SOON_SECONDS
            self._status.wait_for(CONTENT_LOCKED, f"{lock} says that version control is at work")
            return
        self._publish(told)

    def _patience(self) -> float:
        """How long there is nothing to do unless something changes."""
        now = monotonic()
        until = self._next_look if self._watch.is_told else now + POLL_SECONDS
        if self._pending != NOTHING:
            until = self._not_before
        if self._due is not None:
            until = min(until, now + max(self._due - self._clock(), self._not_before - now))
        return min(max(0.001, until - now), ASK_SECONDS)

    def _publish(self, told: Change) -> None:
        self._status.begin()
        pending, self._pending = self._pending, NOTHING
        try:
            self._try(pending, was_told=told != NOTHING and self._watch.is_told)
        except UnsettledError as fault:
            self._pending |= pending
            self._not_before = monotonic() + SOON_SECONDS
            self._unsettled_since = self._unsettled_since or monotonic()
            self._status.wait_for(CONTENT_UNSETTLED, str(fault))
        except ContentError as fault:
            self._fail(CONTENT_UNUSABLE, str(fault))
        except StoreError as fault:
            self._fail(PUBLICATION_UNWRITABLE, str(fault))
        except OSError as fault:
            self._fail(PUBLISHING_FAILS, str(fault))
        except (MemoryError, RecursionError) as fault:  # the cause may be in this process: let a new one try
            self._status.fail(OUT_OF_MEMORY, type(fault).__name__)
            raise SystemExit(1) from None
        except Exception as fault:  # noqa: BLE001  # this program's own, for which no source is at fault
            self._fail(PUBLISHING_FAILS, f"{type(fault).__name__}: {fault}", fault)

    def _try(self, pending: Change, *, was_told: bool) -> None:
        request = Request(
            names=None if pending.names is None else sorted(pending.names),
            may_drop=(self._root / CONFIRMATION).exists(),
            is_settled=lambda: self._is_restless() or self._is_settled(was_told=was_told),
            progress=self._status.go_on,
            is_urgent=self._is_restless(),
        )
        began = monotonic()
        outcome = self._open().publish(datetime.fromtimestamp(self._clock(), UTC), request)
        self._succeed(outcome, monotonic() - began)

    def _is_restless(self) -> bool:
        """Whether content has not come to rest for so long that whatever does is published without the rest."""
        return self._unsettled_since is not None and monotonic() - self._unsettled_since > RESTLESS_SECONDS

    def _is_settled(self, *, was_told: bool) -> bool:
        """Whether the content was left alone while it was read; what was told meanwhile is not forgotten."""
        if not was_told and not is_stable(self._root, self._interrupt):
            return False
        more = self._watch.drain()
        self._pending |= more
        return more == NOTHING and find_lock(self._root, self._clock) is None

    def _open(self) -> Publisher:
        """The publisher, on a publication that is still where it belongs."""
        if self._store is None:
            self._store = Store(self._settings.publication)
        elif self._publisher is None or not self._store.is_in_place():
            self._publisher = None
            self._store.reopen()
        if self._publisher is None:
            self._publisher = Publisher(self._settings, self._store)
            self._is_warm = False
        return self._publisher

    def _check_publication(self) -> None:
        began = monotonic()
        if self._store is None or began < self._next_check:
            return
        try:
            self._store.check()
        except StoreError as fault:
            self._status.say(str(fault))
        ended = monotonic()
        self._next_check = ended + (ended - began) / CHECK_SHARE

    def _close(self) -> None:
        if self._store is not None:
            self._store.close()
        self._store = self._publisher = None

    def _fail(self, cause: Cause, reason: str, bug: Exception | None = None) -> None:
        """Say it once, start from what is stored, and try again a little later each time."""
        self._publisher = None
        self._pending = EVERYTHING
        self._status.fail(cause, reason, bug)
        self._not_before = monotonic() + RETRY_SECONDS[min(self._failures, len(RETRY_SECONDS) - 1)]
        self._failures += 1

    def _succeed(self, outcome: Outcome, seconds: float) -> None:
        self._failures = 0
        self._unsettled_since = None
        self._not_before = 0.0
        self._due = outcome.next_change
        is_new = bool(outcome.written or outcome.removed)
        removal = f"held back: {outcome.held}; {HOLD_HINT} in the content folder" if outcome.held else ""
        if outcome.held not in ("", self._held):
            self._status.count("held")
        self._held = outcome.held
        self._status.succeed("published" if is_new else "unchanged", seconds, report(outcome.problems), removal)
        if is_new:
            log.info(
                "published generation %d: %d updates, %d documents written, %d removed, in %.3f seconds",
                outcome.generation,
                outcome.entries,
                outcome.written,
                outcome.removed,
                seconds,
            )
        if self._publisher is not None and not self._is_warm:
            self._publisher.warm_up()
            self._is_warm = True
        for event in outcome.notes:
            log.warning("note: %s", event)
        problems = frozenset(outcome.problems)
        for problem in sorted(problems - self._problems):
            log.warning("held back: %s", problem)
        for file in sorted({problem.file for problem in self._problems} - {problem.file for problem in problems}):
            log.info("mended: %s", file)
        self._problems = problems
        notes = frozenset(outcome.noted)
        for note in sorted(notes - self._notes):
            log.warning("%s", note)
        self._notes = notes
