"""Looks at a store of replicas again and again, in a thread of its own, and says how that goes."""

import logging
import random
import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from feedsvc.errors import FeedsvcError
from feedsvc.object_stores import MissingError, ObjectStoreError, OversizeError
from feedsvc.publication.condition import IN_TIME
from feedsvc.publication.database import StoreError
from feedsvc.publication.status import CAUSES, Cause, Replication, read_status, write_status
from feedsvc.replicating.publisher import AnotherPublisherError

log = logging.getLogger("feedsvc.replicas")

SOONEST, LATEST = 1.0, 2.0  # seconds from one look to the next, by chance: else all replicas would ask at once
GOODBYE = 2.0  # seconds for what is in hand
# what is wrong, by the first kind that a fault is of
CAUSES_OF: tuple[tuple[type[Exception], Cause], ...] = (
    (AnotherPublisherError, Cause.OTHER_PUBLISHER),
    (StoreError, Cause.PUBLICATION_UNWRITABLE),
    (MissingError, Cause.REPLICAS_UNUSABLE),
    (OversizeError, Cause.REPLICAS_UNUSABLE),
    (ObjectStoreError, Cause.REPLICAS_UNHEARD),
    (Exception, Cause.REPLICAS_UNUSABLE),
)


class Rounds:
    """Does the same ``step`` again and again, which gives the generation that store and publication agree on.

    It gives None where another process sees to that. ``clock`` gives seconds since 1970, ``generation`` is the last one
    that was agreed on.
    """

    def __init__(self, publication: Path, clock: Callable[[], float], step: Callable[[], int | None]) -> None:
        self._publication = publication
        self._clock = clock
        self._step = step
        last = read_status(publication, Replication) or Replication()
        self._record = replace(last, agreed=last.agreed or clock(), cause="", said="")
        self._news = threading.Event()
        self._is_stopping = False
        self._thread = threading.Thread(target=self._run, name="replicas", daemon=True)
        self.generation = 0

    def start(self) -> None:
        """Begin to look."""
        self._thread.start()

    def wake(self) -> None:
        """Look at once."""
        self._news.set()

    def stop(self) -> None:
        """Look no more; what is in hand is finished, or left as if it had not begun."""
        self._is_stopping = True
        self.wake()
        self._thread.join(GOODBYE)

    def look(self) -> bool:
        """Look once; whether that went well. What did not is written down, and logged once."""
        try:
            generation = self._step()
        except FeedsvcError as fault:
            self._fail(str(fault), next(cause for kind, cause in CAUSES_OF if isinstance(fault, kind)))
            return False
        except Exception as fault:  # noqa: BLE001  # whatever a store says, what is served stays
            self._fail(f"{type(fault).__name__}: {fault}", Cause.REPLICAS_UNUSABLE, fault)
            return False
        if generation is None:
            return True
        if self._record.cause:
            log.info("the store of replicas can be used again")
        self._record = Replication(agreed=self._clock(), generation=generation)
        write_status(self._publication, self._record)
        self.generation = generation
        return True

    def _fail(self, said: str, cause: Cause, bug: Exception | None = None) -> None:
        is_passing = cause is Cause.REPLICAS_UNHEARD and self._clock() - self._record.agreed <= IN_TIME
        if not is_passing and CAUSES.get(self._record.cause) is not cause:
            way_out = f"; {cause.way_out}" if cause.way_out else ""
            log.error("%s; what is published stays%s", said, way_out, exc_info=bug)
            self._record = replace(self._record, cause=cause.label)
        self._record = replace(self._record, said=said)
        write_status(self._publication, self._record)

    def _run(self) -> None:
        while not self._is_stopping:
            self._news.clear()
            self.look()
            self._news.wait(random.uniform(SOONEST, LATEST))  # noqa: S311  # no secret
