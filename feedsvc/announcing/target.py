"""Whom changes are announced to: a target says which documents concern it, and how it is told of them."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field


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


def is_welcome(_answer: Answer) -> bool:
    """Whether an answer of 2xx means what it says; most do."""
    return True


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """A row: who is told, of what, and how.

    ``name`` stands in the memory and the status, so it holds no secret. ``wants`` is asked of a document's path and
    kind (empty for one that is gone), ``ask`` makes the request about some paths, of which there are at most ``most``.
    Requests are ``pause`` seconds apart. What was told is told again after ``again`` seconds, if that is said. After
    ``patience`` seconds of refusal all is given up. One that ``is_cache`` is told before all that are none.
    """

    name: str
    wants: Callable[[str, str], bool]
    ask: Callable[[Sequence[str]], Asking]
    most: int
    patience: float
    pause: float = 0.0
    again: float | None = None
    is_cache: bool = False
    is_accepted: Callable[[Answer], bool] = is_welcome


def json_body(value: object) -> bytes:
    """A value as programs read it."""
    return json.dumps(value, separators=(",", ":")).encode()
