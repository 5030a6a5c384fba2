"""Keeps the publication up to date: publishes when content has changed and come to rest, and when something falls due.

Whatever goes wrong, what is published stays; the fault is logged once, and the next attempt heals.
"""

import threading
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from time import monotonic

from feedsvc.content.folder import UnsettledError
from feedsvc.errors import ContentError, report
from feedsvc.publication.database import StoreError
from feedsvc.publication.overview import survey
from feedsvc.publication.status import Cause, Replication, write_status
from feedsvc.publishing.companion import announcer, replicator
from feedsvc.publishing.file_changes import EVERYTHING, NOTHING, FileChange, Watch, find_lock, is_stable
from feedsvc.publishing.opening import Opening
from feedsvc.publishing.reporter import News, Reporter
from feedsvc.publishing.request import Outcome, Request
from feedsvc.publishing.schedule import Schedule
from feedsvc.publishing.timings import TIMINGS, Timings
from feedsvc.settings import Settings

CONFIRMATION = "confirm-removal"  # a file of this name in the content folder confirms a change that takes much away
HOLD_HINT = "it is done after {} seconds without another change, or at once with a file {} in the content folder"


class Watcher:
    """Publishes again and again until told to stop, or until ``is_wanted`` says no more.

    ``clock`` gives seconds since 1970.
    """

    def __init__(
        self,
        settings: Settings,
        clock: Callable[[], float],
        is_wanted: Callable[[], bool] = lambda: True,
        timings: Timings = TIMINGS,
    ) -> None:
        self._settings = settings
        self._is_wanted = is_wanted
        self._clock = clock
        self._timings = timings
        self._watch = Watch(settings.content)
        self._schedule = Schedule(timings, clock)
        self._status = Reporter(settings.publication, clock, timings)
        self._opening = Opening(settings, timings, self._status.beat)
        self._news = News()
        self._companions = (announcer(settings), replicator(settings))
        self._interrupt = threading.Event()
        self._is_heard = threading.Event()
        self._is_stopping = False
        self._held = ""  # which removals are held

    def start(self) -> None:
        """Run in a thread of this process; the status says from now on that somebody publishes."""
        threading.Thread(target=self.run, daemon=True).start()
        self._is_heard.wait()

    def stop(self) -> None:
        """Make ``run`` return soon; safe in a signal handler."""
        self._is_stopping = True
        self._interrupt.set()

    def look_again(self) -> None:
        """Make ``run`` look at everything at once; safe in a signal handler."""
        self._schedule.look_again()
        self._opening.check_soon()
        self._interrupt.set()

    def run(self) -> None:
        """Publish until stopped; what the process before this one has just said is not said again."""
        try:
            self._status.start()
        finally:
            self._is_heard.set()
        if not self._settings.replicate:
            write_status(self._settings.publication, Replication())  # what an earlier service said of its store is over
        if self._status.is_successor:
            self._status.inherit()
            with suppress(StoreError):
                held = survey(self._settings.publication, self._clock()).held_back
                self._news.inherit(problem for problem, _ in held)
        try:
            for companion in self._companions:
                companion.wake()
            while not self._is_stopping and self._is_wanted():
                self._step()
        finally:
            for companion in self._companions:
                companion.stop()
            self._watch.close()
            self._opening.close()
            self._status.end()

    def run_once(self) -> None:
        """Publish what there is, waiting a little for content that is just being changed; say why when it cannot be."""
        deadline = monotonic() + self._timings.start
        self._status.start()
        try:
            self._publish(EVERYTHING)
            while self._schedule.pending != NOTHING and not self._status.is_at_odds and monotonic() < deadline:
                self._interrupt.wait(self._timings.soon)
                self._publish(EVERYTHING)
        finally:
            self._opening.close()
            self._status.end()

    def _step(self) -> None:
        told = self._watch.wait(self._schedule.patience(is_told=self._watch.is_told), self._interrupt)
        self._status.beat()
        for companion in self._companions:
            companion.keep()
        self._interrupt.clear()
        if self._schedule.hear(told, is_told=self._watch.is_told):
            try:
                self._opening.check()
            except StoreError as fault:
                self._status.say(str(fault))
        if not self._schedule.is_ready() or self._is_stopping:
            return
        if lock := find_lock(self._settings.content, self._clock):
            self._schedule.postpone()
            self._status.wait_for(Cause.CONTENT_LOCKED, f"{lock} says that version control is at work")
            return
        self._publish(told)

    def _publish(self, told: FileChange) -> None:
        self._status.begin()
        pending = self._schedule.take()
        try:
            self._try(pending, was_told=told != NOTHING and self._watch.is_told)
        except UnsettledError as fault:
            self._schedule.unsettle(pending)
            self._status.wait_for(Cause.CONTENT_UNSETTLED, str(fault))
        except ContentError as fault:
            self._fail(Cause.CONTENT_UNUSABLE, str(fault))
        except StoreError as fault:
            self._fail(Cause.PUBLICATION_UNWRITABLE, str(fault))
        except OSError as fault:
            self._fail(Cause.PUBLISHING_FAILS, str(fault))
        except (MemoryError, RecursionError) as fault:  # the cause may be in this process: let a new one try
            self._status.fail(Cause.OUT_OF_MEMORY, type(fault).__name__)
            raise SystemExit(1) from None
        except Exception as fault:  # noqa: BLE001  # this program's own, for which no source is at fault
            self._fail(Cause.PUBLISHING_FAILS, f"{type(fault).__name__}: {fault}", fault)

    def _try(self, pending: FileChange, *, was_told: bool) -> None:
        is_restless = self._schedule.is_restless
        request = Request(
            names=None if pending.names is None else sorted(pending.names),
            may_drop=(self._settings.content / CONFIRMATION).exists(),
            is_settled=lambda: is_restless() or self._is_settled(was_told=was_told),
            progress=self._status.go_on,
            is_urgent=is_restless(),
        )
        began = monotonic()
        outcome = self._opening.publisher().publish(datetime.fromtimestamp(self._clock(), UTC), request)
        self._succeed(outcome, monotonic() - began)

    def _is_settled(self, *, was_told: bool) -> bool:
        """Whether the content was left alone while it was read; what was told meanwhile is not forgotten."""
        if not was_told and not is_stable(self._settings.content, self._interrupt):
            return False
        more = self._watch.drain()
        self._schedule.pending |= more
        return more == NOTHING and find_lock(self._settings.content, self._clock) is None

    def _fail(self, cause: Cause, reason: str, bug: Exception | None = None) -> None:
        """Say it once, start from what is stored, and try again a little later each time."""
        self._opening.start_over()
        self._status.fail(cause, reason, bug)
        self._schedule.fail()

    def _succeed(self, outcome: Outcome, seconds: float) -> None:
        for companion in self._companions:
            companion.wake()
        self._schedule.succeed(outcome.next_change)
        is_new = bool(outcome.written or outcome.removed)
        hint = HOLD_HINT.format(self._timings.hold, CONFIRMATION)
        removal = f"held back: {outcome.held}; {hint}" if outcome.held else ""
        if outcome.held not in ("", self._held):
            self._status.count("held")
        self._held = outcome.held
        self._status.succeed("published" if is_new else "unchanged", seconds, report(outcome.problems), removal)
        self._news.tell(outcome, seconds)
        self._opening.rest()
