"""Keeps the publication at what another service published: takes the place of the watcher where there is no content."""

import threading
from collections.abc import Callable
from contextlib import closing
from time import monotonic

from feedsvc.object_stores import open_store
from feedsvc.publication.reader import read_state
from feedsvc.publishing.companion import announcer
from feedsvc.publishing.reporter import BEAT_SECONDS, Reporter
from feedsvc.replicating.follower import Following
from feedsvc.replicating.rounds import Rounds
from feedsvc.settings import Settings

LOOK = 0.1  # seconds between looks for news
FIRST_LOOK = 5.0  # seconds that a start waits for the store, where there is something to serve already


class Follow:
    """Follows until told to stop, or until ``is_wanted`` says no more; ``clock`` gives seconds since 1970."""

    def __init__(
        self, settings: Settings, clock: Callable[[], float], is_wanted: Callable[[], bool] = lambda: True
    ) -> None:
        self._following = Following(open_store(settings.follow), settings)
        self._publication = settings.publication
        self._is_wanted = is_wanted
        self._status = Reporter(settings.publication, clock)
        self._rounds = Rounds(settings.publication, clock, self._following.step)
        self._announcer = announcer(settings)
        self._stopped = threading.Event()

    def stop(self) -> None:
        """Make ``run`` return soon; safe in a signal handler."""
        self._stopped.set()

    def look_again(self) -> None:
        """Make ``run`` look at the store at once; safe in a signal handler."""
        self._rounds.wake()

    def run(self) -> None:
        """Follow until stopped. What of it is heard outside never waits for the store."""
        self._begin()
        generation, next_beat = 0, 0.0
        self._announcer.wake()
        self._rounds.start()
        try:
            while not self._stopped.wait(LOOK) and self._is_wanted():
                if self._rounds.generation != generation:
                    generation = self._rounds.generation
                    self._announcer.wake()
                if monotonic() >= next_beat:
                    next_beat = monotonic() + BEAT_SECONDS
                    self._status.beat()
                    self._announcer.keep()
        finally:
            self._rounds.stop()
            self._announcer.stop()
            self._status.end()

    def run_once(self) -> None:
        """Take over what stands now; where that cannot be done, say why, and leave what there is.

        A store that does not answer keeps nobody from what there is for long.
        """
        self._begin()
        first = threading.Thread(target=self._look_once, name="replicas", daemon=True)
        first.start()
        first.join(FIRST_LOOK if read_state(self._publication)[0] else None)
        self._status.end()

    def _look_once(self) -> None:
        with closing(self._following):
            self._rounds.look()

    def _begin(self) -> None:
        self._status.start()
        self._status.succeed("unchanged", 0.0, "")  # nothing that was saved here waits to be published
