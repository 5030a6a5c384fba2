"""Who hands generations on: a process beside the one that publishes, or whoever publishes once."""

import os
from collections.abc import Callable
from time import monotonic, sleep

from feedsvc.object_stores import open_store
from feedsvc.replicating.publisher import Replicator
from feedsvc.replicating.rounds import Rounds
from feedsvc.settings import Settings
from feedsvc.system import hold

TIDY_FIRST, TIDY_AGAIN = 60.0, 3_600.0  # seconds to the first look for what is old, and from one to the next
TRIES, PAUSE = 3, 1.0  # of who publishes once; the next publish does what these did not


class Handing:
    """Hands on what was published, for as long as no other process does."""

    def __init__(
        self, settings: Settings, clock: Callable[[], float], adopted: Callable[[], None] = lambda: None
    ) -> None:
        self._replicator = Replicator(open_store(settings.replicate), settings, clock, adopted=adopted)
        self._lock_path = settings.publication.with_name(f"{settings.publication.name}-replicating")
        self._lock: int | None = None
        self._next_tidy = monotonic() + TIDY_FIRST

    def step(self) -> int | None:
        """Hand on what is to be; the generation that stands in the store, None where another process sees to that."""
        if self._lock is None:
            self._lock = hold(self._lock_path)
        if self._lock is None:
            return None
        generation = self._replicator.step()
        if monotonic() >= self._next_tidy:
            self._next_tidy = monotonic() + TIDY_AGAIN
            self._replicator.tidy()
        return generation

    def close(self) -> None:
        """Leave it to others."""
        if self._lock is not None:
            os.close(self._lock)
        self._lock = None


def hand_on_now(settings: Settings, clock: Callable[[], float]) -> None:
    """Hand on what was published, if that is wanted. What keeps us from it is logged."""
    if not settings.replicate:
        return
    handing = Handing(settings, clock)
    rounds = Rounds(settings.publication, clock, handing.step)
    try:
        for _ in range(TRIES):
            if rounds.look():
                return
            sleep(PAUSE)
    finally:
        handing.close()
