"""What a publish changed, in the log: each thing once."""

import logging
from collections.abc import Iterable

from feedsvc.errors import Note, Problem
from feedsvc.publishing.request import Outcome

log = logging.getLogger("feedsvc.publication")


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
