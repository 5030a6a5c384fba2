"""Which generation of the publication is in force, for how long what is known of it stands, and its documents."""

import threading
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from feedsvc.errors import FeedsvcError
from feedsvc.publication.database import StoreError, number_path
from feedsvc.publication.generation import SharedNumber
from feedsvc.publication.headers import HORIZON
from feedsvc.publication.reader import Reader
from feedsvc.publication.rows import Stored
from feedsvc.web.cache import Cache, DocumentCache

ROOM = 64 * 1024 * 1024  # octets of answers or replies and of what they are kept by, each counted as if it shared none
LOOK_AGAIN = 10  # seconds until a worker looks for what moves no number: a new schedule, another file
TRY_AGAIN = 1  # seconds, where the publication cannot be read


Replies = tuple[Cache[bytes, Any], Cache[bytes, Any]]  # by head: a stranger's, a trusted proxy's


class OutdatedError(FeedsvcError):
    """Another generation has come into force."""


@dataclass(slots=True, eq=False, kw_only=True)
class Epoch:
    """A generation, as long as the freshness told with it holds: while it lasts, equal requests have equal answers.

    ``generation`` is its number, ``inode`` the file it was read from, ``seen`` the shared number it was last found in
    force at, ``began`` and ``ends`` the clock times between which its answers stand, ``seconds_left`` the time from
    then to the next expiry of an update (None: none is near enough to matter). ``is_dated`` says that every document's
    Last-Modified has come.

    ``cdn_age`` is as in ``State``. What is known of it goes with it: ``documents``, the responder's ``answers`` by what
    was asked, and the worker's ``replies`` by head, to strangers and to trusted proxies.
    """

    inode: int = -1
    generation: int = 0
    seconds_left: int | None = None
    prefix: str = ""
    cdn_age: int = 0
    categories: tuple[str, ...] = ()
    seen: int = -1
    began: float = 0.0
    ends: float = 0.0
    is_dated: bool = True
    documents: DocumentCache = field(default_factory=DocumentCache)
    answers: Cache[Any, Any] = field(default_factory=lambda: Cache(ROOM))
    replies: Replies = field(default_factory=lambda: (Cache(ROOM), Cache(ROOM)))

    def time_left(self, document: Stored) -> int | None:
        """The seconds until the document shows an update that has expired; None when that matters to no cache."""
        if self.seconds_left is None or document.expires is None:
            return None
        return max(0, int(document.expires - self.ends))

    def modified(self, document: Stored) -> int | None:
        """The document's Last-Modified; None while that second has not come (RFC 9110 section 8.8.2.1)."""
        return document.modified if self.is_dated or document.modified <= self.began else None


class Following:
    """Follows one publication. Any number of threads may ask; ``clock`` gives seconds since 1970."""

    def __init__(self, publication: Path, clock: Callable[[], float]) -> None:
        self._publication = publication
        self._clock = clock
        self._shared: SharedNumber | None = None
        self._number: Callable[[], int] = lambda: -1  # reads the shared one, once there is one
        self._local = threading.local()
        self._looking = threading.Lock()
        self._epoch = Epoch()

    def epoch(self) -> Epoch:
        """What is in force now; StoreError while nothing is. Asked for every request, so it costs next to nothing."""
        epoch = self._epoch
        if self._number() != epoch.seen or self._clock() >= epoch.ends:
            return self._look()
        return epoch

    def find(self, epoch: Epoch, path: str) -> Stored | None:
        """The document at a path in that epoch.

        Raises:
            OutdatedError: another epoch is in force.
            StoreError: the publication cannot say what is in force, or the document is damaged.
        """
        document = epoch.documents.get(path)
        if document is None:
            generation, document = self.reader().read(path)
            if generation != epoch.generation:
                if self._look(generation) is not epoch:
                    raise OutdatedError
                raise StoreError("what was read is not what is in force")  # the file is being replaced
            if document is not None:
                epoch.documents.put(document)
        return document

    def reader(self) -> Reader:
        """This thread's connection to the publication as it is now."""
        inode = self._epoch.inode
        held: tuple[int, Reader] | None = getattr(self._local, "reader", None)
        if held is not None and held[0] == inode:
            return held[1]
        reader = Reader(self._publication)
        if held is not None:
            held[1].close()
        self._local.reader = (inode, reader)
        return reader

    def _look(self, met: int = 0) -> Epoch:
        """Open the newest generation, ``met`` or newer; the last one stays in force while there is nothing to read."""
        with self._looking:
            epoch, now = self._epoch, self._clock()
            try:
                shared = self._shared = self._shared or SharedNumber(number_path(self._publication))
                self._number = shared.read
                shared.refresh()
                shared.advance(met)
                if shared.read() != epoch.seen or now >= epoch.ends:
                    self._epoch = self._open_epoch(shared, epoch, now)
            except (StoreError, OSError) as fault:
                if not epoch.generation:
                    raise StoreError(f"nothing is published yet: {fault}") from fault
                epoch.seen, epoch.ends = self._number(), now + TRY_AGAIN
            return self._epoch

    def _open_epoch(self, shared: SharedNumber, last: Epoch, now: float) -> Epoch:
        """The epoch of now, which is the last one when nothing has changed."""
        inode = self._publication.stat().st_ino
        seen = shared.read()
        with closing(Reader(self._publication)) as reader:
            generation, state = reader.state()
        if generation < 1:  # it is being filled: the one in force is better
            raise StoreError("the publication is empty")
        if inode != last.inode and seen == last.seen:  # found by looking, not by being told: others must look, too
            seen += 1
        seen = max(seen, generation)
        shared.advance(seen)  # so that no other worker answers from an older one after this one has not
        ends, seconds_left = _foresee(state.next_expiry, now)
        is_dated = state.modified <= now
        if not is_dated:
            ends = min(ends, state.modified)
        is_same = (last.inode, last.generation) == (inode, generation)
        if is_same and (last.seconds_left, last.is_dated) == (seconds_left, is_dated):
            last.seen, last.ends = seen, ends
            return last
        return Epoch(
            inode=inode,
            generation=generation,
            seconds_left=seconds_left,
            prefix=state.prefix,
            cdn_age=state.cdn_age,
            categories=tuple(state.categories.split()),
            seen=seen,
            began=now,
            ends=ends,
            is_dated=is_dated,
            documents=last.documents if is_same else DocumentCache(),
        )


def _foresee(expiry: int | None, now: float) -> tuple[float, int | None]:
    """Until when to rely on what is known now, and the seconds that are left by then to a near expiry."""
    ends = now + LOOK_AGAIN
    if expiry is None:
        return ends, None
    if now < expiry - HORIZON:
        return min(ends, expiry - HORIZON), None
    ends = now + 1  # say every second anew how long an answer keeps
    return ends, max(0, int(expiry - ends))
