"""The publisher that goes on, on a publication that is still where it belongs."""

from collections.abc import Callable
from time import monotonic

from feedsvc.publication.store import Store
from feedsvc.publishing.publisher import Publisher
from feedsvc.publishing.timings import Timings
from feedsvc.settings import Settings

CHECK_SHARE = 0.01  # of the time may go into looking for damage of the publication


class Opening:
    """Opens the publication, and again when it was replaced or a publish failed."""

    def __init__(self, settings: Settings, timings: Timings, beat: Callable[[], None]) -> None:
        self._beat = beat
        self._settings = settings
        self._timings = timings
        self._store: Store | None = None
        self._publisher: Publisher | None = None
        self._is_warm = False
        self._next_check = 0.0  # monotonic

    def publisher(self) -> Publisher:
        """The publisher. StoreError when the publication cannot be opened."""
        if self._store is None:
            self._store = Store(self._settings.publication, patience=self._timings.writer)
        elif self._publisher is None or not self._store.is_in_place():
            self._publisher = None
            self._store.reopen()
        if self._publisher is None:
            self._publisher = Publisher(self._settings, self._store, self._timings, self._beat)
            self._is_warm = False
        return self._publisher

    def rest(self) -> None:
        """Use the time after a publish to make the next one quick."""
        if self._store is not None:
            self._store.settle()
        if self._publisher is not None and not self._is_warm:
            self._publisher.warm_up()
            self._is_warm = True

    def start_over(self) -> None:
        """Start the next publish from what is stored."""
        self._publisher = None

    def check_soon(self) -> None:
        """Look for damage at the next chance."""
        self._next_check = 0.0

    def check(self) -> None:
        """StoreError when the publication was damaged behind our back, if it is time to look for that."""
        began = monotonic()
        if self._store is None or began < self._next_check:
            return
        try:
            self._store.check()
        finally:
            ended = monotonic()
            self._next_check = ended + (ended - began) / CHECK_SHARE

    def close(self) -> None:
        """Let go of everything."""
        if self._store is not None:
            self._store.close()
        self._store = self._publisher = None
