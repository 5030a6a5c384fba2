"""What the worker remembers of an epoch: finished replies to the heads it has seen.

Readers repeat themselves octet by octet, so most requests are found under the exact octets of their head. Who sends it
matters in one way alone: a trusted proxy may be refused for what is ignored in others, so there is a cache for each.
They belong to the epoch, so nothing here outlives it.
"""

from typing import Any

from gunicorn import SERVER

from feedsvc.web.cache import Cache
from feedsvc.web.counts import cell
from feedsvc.web.following import Replies
from feedsvc.web.responder import Answer

HEAD_SIZE_AT_MOST = 2048  # octets; a longer head is answered each time as if new
REPLY_WEIGHT = 16 * 1024  # octets that a reply counts beside its body and its head: more than it takes, to have few

NOTHING: Replies = (Cache(0), Cache(0))  # what is remembered where nothing may be


class Reply:
    """A response ready to be sent: ``head`` at its date, ``body`` shared with every other reply that carries it.

    ``logged`` is what an access log wants to know of it, but for the client and the time taken.
    """

    __slots__ = ("_after", "_before", "body", "cell", "close", "date", "document", "head", "logged", "size")

    def __init__(self, request: Any, answer: Answer, date: bytes, *, close: bool) -> None:
        fields = "".join(f"{name}: {value}\r\n" for name, value in answer.headers)
        line = "HTTP/{}.{} {}".format(*request.version, answer.status)
        # The head as gunicorn writes it, before and after the value of its Date field.
        self._before = f"{line}\r\nServer: {SERVER}\r\nDate: ".encode("latin-1")
        self._after = f"\r\nConnection: {'close' if close else 'keep-alive'}\r\n{fields}\r\n".encode("latin-1")
        self.body, self.document = answer.body, answer.document
        self.cell = cell(answer.kind, answer.status)
        self.close = close
        self.logged: tuple[Any, dict[str, Any], Any] | None = None
        self.dated(date)

    def dated(self, date: bytes) -> None:
        """Write ``date`` into the head."""
        self.date = date
        self.head = self._before + date + self._after
        self.size = len(self.head) + len(self.body)

    def remember(self, head: bytes, answer: Answer, *, is_trusted: bool) -> None:
        """Keep this as what is said to ``head`` in the epoch of ``answer``, if it may be and is worth it."""
        if answer.replies is not None and answer.is_small and len(head) <= HEAD_SIZE_AT_MOST:
            answer.replies[is_trusted].keep(head, self, len(head) + len(self.body) + REPLY_WEIGHT)
