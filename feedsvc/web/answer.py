"""A request as far as an answer depends on it, and the answer."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from feedsvc.publication.reader import Stored
from feedsvc.web.cache import LARGE
from feedsvc.web.following import Epoch
from feedsvc.web.headers import Headers


class Asked(NamedTuple):
    """What a request asks for; an answer depends on nothing else of it."""

    method: str
    path: str  # as in a WSGI environ (PEP 3333): octets as Latin-1
    accept_encoding: str | None
    if_none_match: str | None
    if_modified_since: str | None
    range: str | None
    if_range: str | None
    sec_fetch_dest: str | None

    @classmethod
    def of(cls, environ: Mapping[str, Any]) -> "Asked":
        """What a WSGI request asks for."""
        return cls(environ["REQUEST_METHOD"], environ["PATH_INFO"], *map(environ.get, _FIELDS))


_FIELDS = tuple(f"HTTP_{name.upper()}" for name in Asked._fields[2:])


@dataclass(frozen=True, slots=True)
class Answer:
    """A finished response.

    ``status`` is ``"200 OK"``. ``headers`` hold everything but Date, Server and Connection; Content-Length is that of
    the body a GET would carry (RFC 9110 section 8.6) and absent from a 304. ``body`` is empty for HEAD and 304; that of
    a 206 is a view, so that a part costs no copy. ``kind`` is that of the document, for whoever counts answers.

    ``epoch`` is that from which it was made, None where it may not be remembered. ``document`` is there if the body is
    large: as long as anybody holds it, others are answered with the same octets.
    """

    status: str
    headers: Headers
    body: bytes | memoryview
    epoch: Epoch | None = None
    kind: str = "other"
    document: Stored | None = None

    @property
    def is_small(self) -> bool:
        """Whether it is worth remembering; a view would keep all of its document."""
        return len(self.body) < LARGE and isinstance(self.body, bytes)
