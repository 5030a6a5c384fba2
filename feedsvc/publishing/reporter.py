"""The publishing process's part of the status beside the publication, and of the log: what it says, it says once."""

import logging
import os
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path
from time import monotonic

from feedsvc.errors import Note, Problem
from feedsvc.publication.condition import IN_TIME
from feedsvc.publication.status import SAID_AT_MOST, Cause, Publishing, read_status, write_status
from feedsvc.publishing.request import Outcome
from feedsvc.publishing.timings import TIMINGS, Timings

log = logging.getLogger("feedsvc.publication")

BEAT_SECONDS = 1.0  # how often the publishing process says that it is there


class Reporter:
    """Keeps what is told of publishing up to date; ``clock`` gives seconds since 1970."""

    def __init__(self, publication: Path, clock: Callable[[], float], timings: Timings = TIMINGS) -> None:
        self._timings = timings
        self._publication = publication
        self._clock = clock
        self._next_beat = 0.0
        self._is_mute = False
        self._said = ""
        self.is_successor = False  # of a process that was heard of a moment ago
        self.record = Publishing()

    @property
    def is_at_odds(self) -> bool:
        """Whether something was said that a success has not taken back yet."""
        return bool(self._said)

    def start(self) -> None:
        """Begin where the last such process left off: what it could not publish is still not published."""
        last, now = read_status(self._publication, Publishing) or Publishing(), self._clock()
        self.is_successor = abs(now - last.beat) < IN_TIME
        self.record = replace(last, pid=os.getpid(), started=now, is_over=False, behind=last.behind or now)
        self._write()

    def inherit(self) -> None:
        """Take what the last process said a moment ago as said, for this one takes its place."""
        self._said = self.record.said if self.record.cause else ""

    def beat(self) -> None:
        """Say that this process is there, if it has not just been said."""
        if monotonic() >= self._next_beat:
            self._write()

    def begin(self) -> float:
        """Something may have been saved; the seconds since that was first so."""
        now = self._clock()
        if self.record.behind is None:
            self.record = replace(self.record, behind=now)
        return now - (self.record.behind or now)

    def go_on(self, *_: object) -> None:
        """Be heard of amid a publish, and say it if that takes long."""
        self.beat()
        if self.begin() > self._timings.slow:
            self.say(f"{Cause.PUBLISHING_SLOW.words}; {Cause.PUBLISHING_SLOW.way_out}")

    def wait_for(self, cause: Cause, reason: str) -> None:
        """Say what a publish waits for, once it has waited for long."""
        if self.begin() > self._timings.told:
            self.degrade(cause, f"not published: {reason}; {cause.way_out}")

    def fail(self, cause: Cause, reason: str, bug: Exception | None = None) -> None:
        """Count a publish that failed, and say why and what to do; of a ``bug`` of ours, with its traceback."""
        self.count("failed")
        self.degrade(cause, f"not published: {reason}; {cause.way_out}", bug)

    def degrade(self, cause: Cause, said: str, bug: Exception | None = None) -> None:
        """Say what keeps this process from publishing."""
        self.say(said, bug)
        since = self.record.since if self.record.cause == cause.label else self._clock()
        if (cause.label, said) != (self.record.cause, self.record.said):
            self.record = replace(self.record, cause=cause.label, since=since, said=said)
            self._write()

    def say(self, reason: str, bug: Exception | None = None) -> None:
        """Say it in the log, if it is not what was said last."""
        if reason[:SAID_AT_MOST] != self._said:
            self._said = reason[:SAID_AT_MOST]
            log.error(reason, exc_info=bug)

    def count(self, outcome: str) -> None:
        """Count a publish by its outcome."""
        counts = {**self.record.counts, outcome: self.record.counts.get(outcome, 0) + 1}
        self.record = replace(self.record, counts=counts)

    def succeed(self, outcome: str, seconds: float, held_back: str, removal: str = "") -> None:
        """All that was saved is published, but for what is ``held_back`` file by file, and a ``removal`` that waits."""
        if removal:
            self.say(removal)
        elif self._said:
            self._said = ""
            log.info("publishing goes on")
        before, cause, said = self.record, Cause.CHANGE_HELD.label if removal else "", removal or held_back
        is_news = before.cause != cause or bool(before.said) != bool(said) or not before.since
        self.count(outcome)
        self.record = replace(
            self.record,
            behind=None,
            cause=cause,
            said=said,
            since=self._clock() if is_news else before.since,
            seconds=seconds if outcome == "published" else before.seconds,
        )
        if is_news or outcome == "published":
            self._write()

    def end(self) -> None:
        """Say that this process publishes no more."""
        self.record = replace(self.record, is_over=True)
        self._write()

    def _write(self) -> None:
        self._next_beat = monotonic() + BEAT_SECONDS
        self.record = replace(self.record, beat=self._clock())
        fault = write_status(self._publication, self.record)
        if fault is not None and not self._is_mute and not self._said:  # else more has been said
            log.error("nobody can hear of this process: %s; %s", fault, Cause.PUBLICATION_UNWRITABLE.way_out)
        self._is_mute = fault is not None


class News:
    """Tells what is new since the last publish."""

    def __init__(self) -> None:
        self._problems: frozenset[Problem] = frozenset()
        self._notes: frozenset[Note] = frozenset()

    def inherit(self, problems: Iterable[Problem]) -> None:
        """Take these as told, by the process before this one."""
        self._problems = frozenset(problems)

    def tell(self, outcome: Outcome, seconds: float) -> None:
        """Say what a publish did, and what is held back or noted since it."""
        if outcome.written or outcome.removed:
            log.info(
                "published generation %d: %d updates, %d documents written, %d removed, in %.3f seconds",
                outcome.generation,
                outcome.entries,
                outcome.written,
                outcome.removed,
                seconds,
            )
        for event in outcome.events:
            log.warning("note: %s", event)
        problems = frozenset(outcome.problems)
        for problem in sorted(problems - self._problems):
            log.warning("held back: %s", problem)
        for file in sorted({problem.file for problem in self._problems} - {problem.file for problem in problems}):
            log.info("mended: %s", file)
        self._problems = problems
        notes = frozenset(outcome.notes)
        for note in sorted(notes - self._notes):
            log.warning("%s", note)
        self._notes = notes
