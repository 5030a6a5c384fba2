"""The answer to a request, complete but for what the connection adds (Date, Server, Connection)."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Answer:
    """A finished response.

    ``status`` is ``"200 OK"``. ``headers`` hold everything but Date, Server and Connection; Content-Length is that of
    the body a GET would carry (RFC 9110 section 8.6) and absent from a 304. ``body`` is empty for HEAD and 304.
    ``generation`` is that of the publication it was made from; while it lasts, equal requests have equal answers.
    ``kind`` is that of the document, for whoever counts answers.
    """

    status: str
    headers: tuple[tuple[str, str], ...]
    body: bytes
    generation: int
    kind: str = "other"
