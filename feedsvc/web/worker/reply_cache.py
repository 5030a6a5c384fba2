"""What the worker remembers of an epoch: finished replies to the heads it has seen.

Readers repeat themselves octet by octet, so most requests are found under the exact octets of their head. Who sends it
matters in one way alone: a trusted proxy may be refused for what is ignored in others, so there is a cache for each.
They belong to the epoch, so nothing here outlives it.
"""

from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType
from typing import Any

from gunicorn import SERVER

from feedsvc.web.answer import Answer
from feedsvc.web.counts import cell

HEAD_SIZE_AT_MOST = 2048  # octets; a longer head is answered each time as if new
REPLY_WEIGHT = 16 * 1024  # octets that a reply counts beside its body and its head: more than it takes, to have few

Replies = tuple[Mapping[bytes, "Reply"], Mapping[bytes, "Reply"]]  # by head: a stranger's, a trusted proxy's
NOTHING: Replies = (MappingProxyType({}), MappingProxyType({}))  # what is remembered where nothing may be


@lru_cache(maxsize=1024)
def lines_around_date(
    version: str, status: str, headers: tuple[tuple[str, str], ...], *, close: bool
) -> tuple[bytes, bytes]:
    """The head of a response as gunicorn writes it, before and after the value of its Date field."""
    fields = "".join(f"{name}: {value}\r\n" for name, value in headers)
    before = f"HTTP/{version} {status}\r\nServer: {SERVER}\r\nDate: "
    after = f"\r\nConnection: {'close' if close else 'keep-alive'}\r\n{fields}\r\n"
    return before.encode("latin-1"), after.encode("latin-1")


class Reply:
    """A response ready to be sent: ``head`` at its date, ``body`` shared with every other reply that carries it.

    ``logged`` is what an access log wants to know of it, but for the client and the time taken.
    """

    __slots__ = ("_after", "_before", "answer", "body", "cell", "close", "date", "head", "logged", "size")

    def __init__(self, request: Any, answer: Answer, *, close: bool) -> None:
        version = "{}.{}".format(*request.version)
        self._before, self._after = lines_around_date(version, answer.status, answer.headers, close=close)
        self.answer = answer
        self.body = answer.body
        self.cell = cell(answer.kind, answer.status)
        self.close = close
        self.date = b""
        self.head = b""
        self.size = 0
        self.logged: tuple[Any, dict[str, Any], Any] | None = None

    def dated(self, date: bytes) -> None:
        """Write ``date`` into the head."""
        self.date = date
        self.head = self._before + date + self._after
        self.size = len(self.head) + len(self.body)

    def remember(self, head: bytes, *, is_trusted: bool) -> None:
        """Keep this as what is said to ``head`` in the epoch it was made in, if it may be and is worth it."""
        epoch = self.answer.epoch
        if epoch is not None and self.answer.is_small and len(head) <= HEAD_SIZE_AT_MOST:
            epoch.replies[is_trusted].keep(head, self, len(head) + len(self.body) + REPLY_WEIGHT)
