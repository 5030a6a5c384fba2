"""What the worker remembers of an epoch: finished replies to the heads it has seen.

Readers repeat themselves octet by octet, so most requests are found under the exact octets of their head. Who sends it
matters in one way alone: a trusted proxy may be refused for what is ignored in others, so there is a cache for each.
They belong to the epoch, so nothing here outlives it.
"""

from functools import lru_cache
from typing import Any

from gunicorn import SERVER

from feedsvc.publication.headers import Headers
from feedsvc.web.cache import Cache
from feedsvc.web.counts import cell
from feedsvc.web.following import Replies
from feedsvc.web.responder import Answer

HEAD_SIZE_AT_MOST = 2048  # octets; a longer head is answered each time as if new
REPLY_WEIGHT = 16 * 1024  # octets that a reply counts beside its body and its head: more than it takes, to have few

NOTHING: Replies = (Cache(0), Cache(0))  # what is remembered where nothing may be


@lru_cache(maxsize=1024)
def lines_around_date(line: str, fields: Headers, *, close: bool) -> tuple[bytes, bytes]:
    """The head of a response as gunicorn writes it, before and after the value of its Date field."""
    before = f"{line}\r\nServer: {SERVER}\r\nDate: "
    lines = "".join(f"{name}: {value}\r\n" for name, value in fields)
    after = f"\r\nConnection: {'close' if close else 'keep-alive'}\r\n{lines}\r\n"
    return before.encode("latin-1"), after.encode("latin-1")


class Reply:
    """A response ready to be sent: its head at its date, its body shared with every other reply that carries it.

    ``logged`` is what an access log wants to know of it, but for the client and the time taken.
    """

    __slots__ = ("_after", "_before", "body", "cell", "close", "date", "document", "logged", "parts", "size")

    def __init__(self, request: Any, answer: Answer, date: bytes, *, close: bool) -> None:
        line = "HTTP/{}.{} {}".format(*request.version, answer.status)
        self._before, self._after = lines_around_date(line, answer.headers, close=close)
        self.body, self.document = answer.body, answer.document
        self.cell = cell(answer.kind, answer.status)
        self.close = close
        self.logged: tuple[Any, dict[str, Any], Any] | None = None
        self.dated(date)

    def dated(self, date: bytes) -> None:
        """Write ``date`` into the head."""
        self.date = date
        head = self._before + date + self._after
        self.parts: tuple[bytes | memoryview, ...] = (
            (head, self.body) if self.body else (head,)
        )  # so that no body is copied to stand behind a head
        self.size = len(head) + len(self.body)

    def remember(self, head: bytes, answer: Answer, *, is_trusted: bool) -> None:
        """Keep this as what is said to ``head`` in the epoch of ``answer``, if it may be and is worth it."""
        if answer.replies is not None and answer.is_small and len(head) <= HEAD_SIZE_AT_MOST:
            answer.replies[is_trusted].keep(head, self, len(head) + len(self.body) + REPLY_WEIGHT)
