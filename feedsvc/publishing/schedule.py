"""When to look at the content, and when to publish: what was told, what falls due, and what is to be tried again."""

from collections.abc import Callable
from time import monotonic

from feedsvc.publishing.file_changes import EVERYTHING, NOTHING, FileChange
from feedsvc.publishing.timings import Timings


class Schedule:
    """What is still to be published, and from when on; ``clock`` gives seconds since 1970."""

    def __init__(self, timings: Timings, clock: Callable[[], float]) -> None:
        self.pending = EVERYTHING
        self._timings = timings
        self._clock = clock
        self._due: int | None = None  # clock time at which the publication next changes by itself
        self._next_look = 0.0  # monotonic, like the next two
        self._not_before = 0.0
        self._unsettled_since: float | None = None  # while content does not come to rest
        self._failures = 0

    def look_again(self) -> None:
        """Look at everything at once."""
        self._next_look = self._not_before = 0.0

    def hear(self, told: FileChange, *, is_told: bool) -> bool:
        """Take over what was told; whether it is time for a look at everything. ``is_told``: the system reports."""
        if told != NOTHING:
            self.pending |= told
            if is_told:
                self._not_before = 0.0
        if monotonic() < self._next_look:
            return False
        self.pending = EVERYTHING
        self._next_look = monotonic() + self._timings.look
        return True

    def is_ready(self) -> bool:
        """Whether there is something to publish now."""
        is_due = self._due is not None and self._clock() >= self._due
        return (self.pending != NOTHING or is_due) and monotonic() >= self._not_before

    def patience(self, *, is_told: bool) -> float:
        """How long there is nothing to do unless something changes."""
        now = monotonic()
        until = self._next_look if is_told else now + self._timings.poll
        if self.pending != NOTHING:
            until = self._not_before
        if self._due is not None:
            until = min(until, now + max(self._due - self._clock(), self._not_before - now))
        return min(max(0.001, until - now), self._timings.ask)

    def take(self) -> FileChange:
        """What is to be published, which is no longer pending."""
        pending, self.pending = self.pending, NOTHING
        return pending

    def postpone(self) -> None:
        """Come back soon."""
        self._not_before = monotonic() + self._timings.soon

    def unsettle(self, change: FileChange) -> None:
        """This was not at rest; it is still pending."""
        self.pending |= change
        self._unsettled_since = self._unsettled_since or monotonic()
        self.postpone()

    def is_restless(self) -> bool:
        """Whether content has not come to rest for so long that whatever does is published without the rest."""
        return self._unsettled_since is not None and monotonic() - self._unsettled_since > self._timings.restless

    def fail(self) -> None:
        """Try everything again, a little later each time."""
        self.pending = EVERYTHING
        retry = self._timings.retry
        self._not_before = monotonic() + retry[min(self._failures, len(retry) - 1)]
        self._failures += 1

    def succeed(self, due: int | None) -> None:
        """All that was pending is published, until it next changes by itself at ``due``."""
        self._failures = 0
        self._unsettled_since = None
        self._not_before = 0.0
        self._due = due
