"""The answer to a request, and what an application offers to have the worker ask it from its main loop."""

from collections.abc import MutableSequence
from dataclasses import dataclass
from typing import Any, Protocol, runtime_checkable


@dataclass(frozen=True, slots=True)
class Answer:
    """A finished response.

    ``status`` is ``"200 OK"``. ``headers`` hold everything but Date, Server and Connection; Content-Length is that of
    the body a GET would carry (RFC 9110 section 8.6) and absent from a 304. ``body`` is empty for HEAD and 304; that of
    a 206 is a view, so that a part costs no copy.
    ``generation`` is that of the publication it was made from; while it lasts, equal requests have equal answers.
    ``kind`` is that of the document, for whoever counts answers.
    """

    status: str
    headers: tuple[tuple[str, str], ...]
    body: bytes | memoryview
    generation: int
    kind: str = "other"


class Responder(Protocol):
    """What an application offers to be served from the loop, where neither call may wait for anyone.

    If one raises, the request goes the stock way, where failing has an answer.
    """

    def answer(self, environ: dict[str, Any], /) -> Answer | None:
        """The answer to a request; None to be asked as a WSGI application instead.

        It may depend on the generation and on the octets of the head, on nothing else.
        """

    def generation(self) -> int:
        """The number of what is being served, read for every request: it must cost next to nothing."""

    def counters(self) -> MutableSequence[int]:
        """What this process counts its answers in: the cell of an answer says of what kind and status (``counts``)."""


@runtime_checkable
class Responding(Protocol):
    """An application with a responder."""

    responder: Responder
