"""Whom changes are announced to: a target says which documents concern it, and how it is told of them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from feedsvc.publication.outbox import OCTETS


@dataclass(frozen=True, slots=True, kw_only=True)
class Asking:
    """A request. ``fields`` may hold a secret, so neither is ever shown."""

    method: str
    url: str
    fields: Mapping[str, str] = field(default_factory=dict, repr=False)
    body: bytes = field(default=b"", repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What came of a request: a status, 0 where there was no answer, and then ``words`` say why.

    ``retry_after`` is what the field of that name says, in seconds.
    """

    status: int
    words: str = ""
    body: bytes = b""
    retry_after: float = 0.0


Errand = Callable[[], Answer]  # what is more than one request
COPIES, CACHES, HUBS = TURNS = range(3)  # who asks a cache must find there what is new, and a cache, too


def is_welcome(_answer: Answer) -> bool:
    """Whether an answer of 2xx means what it says; most do."""
    return True


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """A row: who is told, of what, and how.

    ``name`` stands in the memory and the status, so it holds no secret. ``wants`` is asked of a document's path and
    kind (empty for one that is gone), ``ask`` makes the request about some paths, of which there are at most ``most``,
    with at most ``octets`` in all. Where more than ``named_at_most`` changed, it is told that everything did. Requests
    are ``pause`` seconds apart. What was told is told again after ``again`` seconds, if that is said. After
    ``patience`` seconds of refusal all is given up. One is told once all of an earlier ``turn`` were. A copy is told
    once at each start, too, for what may have happened meanwhile.
    """

    name: str
    wants: Callable[[str, str], bool]
    ask: Callable[[Sequence[str]], Asking | Errand]
    turn: int
    most: int = 1
    octets: int = OCTETS
    named_at_most: int | None = None
    patience: float
    pause: float = 0.0
    again: float | None = None
    is_accepted: Callable[[Answer], bool] = is_welcome
