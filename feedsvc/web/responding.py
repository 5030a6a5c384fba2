"""What an application offers that the worker serves from its main loop."""

from collections.abc import MutableSequence
from typing import Any, Protocol, runtime_checkable

from feedsvc.web.answer import Answer


class Responder(Protocol):
    """What an application offers to be served from the loop, where neither call may wait for anyone.

    If one raises, the request goes the stock way, where failing has an answer.
    """

    def answer(self, environ: dict[str, Any], /) -> Answer | None:
        """The answer to a request; None to be asked as a WSGI application instead.

        It may depend on the generation and on the head without its idle fields (see ``memo``), on nothing else.
        """

    def generation(self) -> int:
        """The number of what is being served, read for every request: it must cost next to nothing."""

    def counters(self) -> MutableSequence[int]:
        """What this process counts its answers in: the cell of an answer says of what kind and status (``counts``)."""


@runtime_checkable
class Responding(Protocol):
    """An application with a responder."""

    responder: Responder
