"""What the worker remembers of a generation: finished replies to the heads it has seen.

Readers repeat themselves octet by octet, so most requests are found under the exact octets of their head. Where a proxy
numbers the requests, or two readers differ only in their names, the heads differ in what no answer depends on: some
fields, and the query. Such a head is found under what remains without those. Nothing here outlives its generation.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache
from types import MappingProxyType, SimpleNamespace
from typing import Any

from gunicorn import SERVER

from feedsvc.web.answer import Answer
from feedsvc.web.counts import cell

HEADS_AT_MOST = 4096
HEAD_SIZE_AT_MOST = 2048  # octets; a longer head is answered each time as if new

ROOM = 64 * 1024 * 1024  # octets of replies, a body counted with every reply that carries it
REPLY_WEIGHT = 2048  # octets that a reply takes beside its body and its key
LARGE = 512 * 1024  # octets; a longer body is answered each time as if new

# What an answer or gunicorn's parser may depend on, beside the fields that tell the scheme. Any other field says who
# asks, by which way, under which number and what else they would like; the parser lets it pass once it is well-formed,
# as all that match ``idle_lines`` are.
TELLING_FIELDS = "|".join(
    (
        *("Accept-Encoding", "If-[a-z-]+", "Range", "Sec-Fetch-Dest"),
        *("Host", "Content-[a-z-]+", "Transfer-Encoding", "Trailer", "Expect", "Authorization"),
        *("Connection", "Keep-Alive", "Upgrade", "TE", "HTTP2-[a-z-]+", "Proxy-[a-z-]+"),
    )
)
# the query of a request line in origin form (RFC 9112 section 3.2.1), every character of which is legal
QUERY = re.compile(rb"(?<=\S)\?(?:[\w!$&'()*+,;=:@/?.~-]|%[0-9A-Fa-f]{2})*(?= HTTP/1\.[01]\r\n)", re.ASCII)


def idle_lines(settings: Any) -> re.Pattern[bytes]:
    """What matches the lines of idle fields in a head; nothing at all where the limits of the parser could bite."""
    if 0 < settings.limit_request_field_size < HEAD_SIZE_AT_MOST:
        return re.compile(rb"(?!)")
    telling = "|".join(
        (*map(re.escape, (*settings.secure_scheme_headers, *settings.forwarder_headers)), TELLING_FIELDS)
    )
    return re.compile(rf"\r\n(?!(?:{telling}):)[a-z0-9-]+:[\t -~]*(?=\r\n[^\t ])".encode(), re.IGNORECASE)


@lru_cache(maxsize=1024)
def lines_around_date(
    version: str, status: str, headers: tuple[tuple[str, str], ...], *, close: bool
) -> tuple[bytes, bytes]:
    """The head of a response as gunicorn writes it, before and after the value of its Date field."""
    fields = "".join(f"{name}: {value}\r\n" for name, value in headers)
    before = f"HTTP/{version} {status}\r\nServer: {SERVER}\r\nDate: "
    after = f"\r\nConnection: {'close' if close else 'keep-alive'}\r\n{fields}\r\n"
    return before.encode("latin-1"), after.encode("latin-1")


def omits_body(method: str, status: str) -> bool:
    """Whether a response ends with its head (RFC 9112 section 6.3); a body would be taken for the next response."""
    return method == "HEAD" or status.startswith(("204", "304"))


@dataclass(frozen=True, slots=True)
class LogEntry:
    """What gunicorn's access log wants to know of a request and its response, but for the client and the time taken."""

    request: Any
    environ: dict[str, Any]
    response: SimpleNamespace

    @classmethod
    def of(cls, request: Any, environ: dict[str, Any], answer: Answer) -> "LogEntry":
        """The entry for a request whose ``environ`` was answered with ``answer``."""
        response = SimpleNamespace(status=answer.status, sent=len(answer.body), headers=answer.headers)
        return cls(request, environ, response)

    def write(self, log: Any, client: Any, seconds: float) -> None:
        """Write the line of a request by ``client`` that took ``seconds``."""
        environ = self.environ | {"REMOTE_ADDR": client[0], "REMOTE_PORT": str(client[1])} if client else self.environ
        log.access(self.response, self.request, environ, timedelta(seconds=seconds))


class Reply:
    """A response ready to be sent: ``head`` at its date, ``body`` shared with every other reply that carries it."""

    __slots__ = ("_after", "_before", "body", "cell", "close", "date", "head", "log", "size")

    def __init__(self, request: Any, answer: Answer, *, close: bool) -> None:
        version = "{}.{}".format(*request.version)
        self._before, self._after = lines_around_date(version, answer.status, answer.headers, close=close)
        self.body = b"" if omits_body(request.method, answer.status) else answer.body
        self.cell = cell(answer.kind, answer.status)
        self.close = close
        self.date = b""
        self.head = b""
        self.size = 0
        self.log: LogEntry | None = None

    def dated(self, date: bytes) -> None:
        """Write ``date`` into the head."""
        self.date = date
        self.head = self._before + date + self._after
        self.size = len(self.head) + len(self.body)


NOTHING: Mapping[bytes, Reply] = MappingProxyType({})  # what is remembered where nothing may be


class Memo:
    """The replies of one generation. Full, it starts afresh: cheaper than knowing which head is asked for least.

    ``settings`` are gunicorn's. With ``whole`` heads are told apart by every octet, as an access log demands.
    """

    def __init__(self, settings: Any, *, whole: bool) -> None:
        self._generation = -1
        self._by_head: dict[bytes, Reply] = {}
        self._by_rest: dict[bytes, Reply] = {}  # under heads without their idle lines
        self._idle_lines = re.compile(rb"(?!)") if whole else idle_lines(settings)
        self._query = re.compile(rb"(?!)") if whole else QUERY
        self._lines_at_most = settings.limit_request_fields
        self._weight = 0

    def __len__(self) -> int:
        return len(self._by_head) + len(self._by_rest)

    def replies(self, generation: int) -> Mapping[bytes, Reply]:
        """The replies of ``generation``, which is the present one from now on, by whole heads."""
        if generation != self._generation:
            self._forget()
            self._generation = generation
        return self._by_head

    def recall(self, head: bytes) -> Reply | None:
        """The present reply to ``head``; None when no head that differs from it in idle fields alone was seen."""
        reply = self._by_head.get(head)
        if reply is None and (reply := self._by_rest.get(self._rest(head))) is not None:
            self._put(self._by_head, head, reply)
        return reply

    def remember(self, head: bytes, reply: Reply, generation: int) -> None:
        """Keep ``reply``, which was made from ``generation``, unless another generation is current."""
        is_small = len(head) <= HEAD_SIZE_AT_MOST and len(reply.body) <= LARGE
        if generation == self._generation and is_small:
            self._put(self._by_head, head, reply)
            self._put(self._by_rest, self._rest(head), reply)

    def _put(self, replies: dict[bytes, Reply], key: bytes, reply: Reply) -> None:
        weight = len(key) + len(reply.body) + REPLY_WEIGHT
        if len(replies) >= HEADS_AT_MOST or self._weight + weight > ROOM:
            self._forget()
        self._weight += weight
        replies[key] = reply

    def _forget(self) -> None:
        self._by_head.clear()
        self._by_rest.clear()
        self._weight = 0

    def _rest(self, head: bytes) -> bytes:
        """``head`` without its idle lines; whole where the parser might count its lines, or where it begins oddly."""
        if len(head) > HEAD_SIZE_AT_MOST or head.count(b"\r\n") > self._lines_at_most or head.startswith(b"\r\n"):
            return head
        return self._query.sub(b"", self._idle_lines.sub(b"", head), count=1)
