"""What is kept at hand as long as there is room for it: documents, answers, replies."""

import threading
from typing import TypeVar
from weakref import WeakValueDictionary

from feedsvc.publication.rows import Stored

ROOM = 16 * 1024 * 1024  # octets of documents that a worker keeps
ROOM_FOR_LARGE = 64 * 1024 * 1024  # octets of attachments and pictures, which many slow readers of one share
LARGE = 512 * 1024  # octets

Key = TypeVar("Key")
Value = TypeVar("Value")


class Cache(dict[Key, Value]):
    """Values that weigh at most ``room`` octets together, as whoever keeps them says; there is always room for one.

    Full, it starts afresh: cheaper than knowing which value is asked for least.
    """

    def __init__(self, room: int) -> None:
        super().__init__()
        self._room = room
        self._used = 0
        self._lock = threading.Lock()

    def keep(self, key: Key, value: Value, weight: int) -> None:
        """Keep a value; all others go when there is no room for it."""
        with self._lock:
            if self._used + weight > self._room:
                self.clear()
                self._used = 0
            self[key] = value
            self._used += weight


class DocumentCache:
    """Documents of a generation by path, each there once: what had to make room is found as long as anybody sends it.

    What is bulky or large has a room of its own, so that no feed must give way to them.
    """

    def __init__(self) -> None:
        self._small: Cache[str, Stored] = Cache(ROOM)
        self._large: Cache[str, Stored] = Cache(ROOM_FOR_LARGE)
        self._alive: WeakValueDictionary[str, Stored] = WeakValueDictionary()

    def get(self, path: str) -> Stored | None:
        """The document at a path, if it is at hand."""
        return self._alive.get(path)

    def put(self, document: Stored) -> None:
        """Keep a document."""
        size = sum(map(len, document.variants.coded().values()))
        room = self._large if size > LARGE or document.kind.is_bulky else self._small
        room.keep(document.path, document, size)
        self._alive[document.path] = document
