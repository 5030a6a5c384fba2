"""What the worker remembers of a generation: finished replies to the heads it has seen.

Readers repeat themselves octet by octet, so most requests are found under the exact octets of their head. Who sends it
matters in one way alone: a trusted proxy may be refused for what is ignored in others, so there is a memory for each.
Nothing here outlives its generation.
"""

from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType
from typing import Any

from gunicorn import SERVER

from feedsvc.web.answer import Answer
from feedsvc.web.counts import cell

HEADS_AT_MOST = 4096
HEAD_SIZE_AT_MOST = 2048  # octets; a longer head is answered each time as if new

ROOM = 64 * 1024 * 1024  # octets of replies, a body counted with every reply that carries it
REPLY_WEIGHT = 2048  # octets that a reply takes beside its body and its key
LARGE = 512 * 1024  # octets; a longer body is answered each time as if new


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

    A body would be taken for the next response where none is expected (RFC 9112 section 6.3). ``logged`` is what an
    access log wants to know: request, environ and response, but for the client and the time taken.
    """

    __slots__ = ("_after", "_before", "body", "cell", "close", "date", "head", "logged", "size")

    def __init__(self, request: Any, answer: Answer, *, close: bool) -> None:
        version = "{}.{}".format(*request.version)
        self._before, self._after = lines_around_date(version, answer.status, answer.headers, close=close)
        omits_body = request.method == "HEAD" or answer.status.startswith(("204", "304"))
        self.body: bytes | memoryview = b"" if omits_body else answer.body
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


Replies = tuple[Mapping[bytes, Reply], Mapping[bytes, Reply]]  # by head: a stranger's, a trusted proxy's
NOTHING: Replies = (MappingProxyType({}), MappingProxyType({}))  # what is remembered where nothing may be


class ReplyCache:
    """The replies of one generation. Full, it starts afresh: cheaper than knowing which head is asked for least."""

    def __init__(self) -> None:
        self._generation = -1
        self._replies: tuple[dict[bytes, Reply], dict[bytes, Reply]] = ({}, {})
        self._weight = 0

    def __len__(self) -> int:
        return sum(map(len, self._replies))

    def replies(self, generation: int) -> Replies:
        """The replies of ``generation``, which is the present one from now on."""
        if generation != self._generation:
            self._forget()
            self._generation = generation
        return self._replies

    def remember(self, head: bytes, reply: Reply, generation: int, *, is_trusted: bool) -> None:
        """Keep ``reply``, which was made from ``generation``, unless another generation is current.

        A view would keep all of its document in memory, and is not kept.
        """
        weight = len(head) + len(reply.body) + REPLY_WEIGHT
        is_small = len(head) <= HEAD_SIZE_AT_MOST and len(reply.body) <= LARGE and isinstance(reply.body, bytes)
        if generation == self._generation and is_small:
            if len(self) >= HEADS_AT_MOST or self._weight + weight > ROOM:
                self._forget()
            self._weight += weight
            self._replies[is_trusted][head] = reply

    def _forget(self) -> None:
        for replies in self._replies:
            replies.clear()
        self._weight = 0
