"""Documents at hand: the least recently asked for go when the rest needs the room."""

import threading
from collections import OrderedDict

from feedsvc.publication.reader import Stored


class Shelf:
    """Documents by path, at most ``room`` octets of them in all codings; always room for one."""

    def __init__(self, room: int) -> None:
        self._room = room
        self._used = 0
        self._documents: OrderedDict[str, Stored] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, path: str) -> Stored | None:
        """The document, which becomes the last to go."""
        with self._lock:
            document = self._documents.get(path)
            if document is not None:
                self._documents.move_to_end(path)
            return document

    def put(self, document: Stored) -> None:
        """Keep a document; others go until it fits."""
        with self._lock:
            self._used += size(document) - size(self._documents.pop(document.path, None))
            self._documents[document.path] = document
            while self._used > self._room and len(self._documents) > 1:
                self._used -= size(self._documents.popitem(last=False)[1])


def size(document: Stored | None) -> int:
    """Octets that a document takes in all its codings."""
    return sum(map(len, document.variants.coded().values())) if document is not None else 0
