"""What is asked of a publish, and what it says of itself in the end."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from feedsvc.errors import FeedsvcError, Note, Problem
from feedsvc.publishing.rendering import Progress


class MovedError(FeedsvcError):
    """Every link would lead to another address, which may not be meant; the text says how to say that it is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """How to publish.

    ``names`` are the only sources that may have changed, for a caller who was told; None looks at all.
    ``may_drop`` confirms that many updates may vanish, ``may_move`` that links may change to another base URL.
    ``is_settled`` is asked, once the sources are read, whether the content was left alone meanwhile. ``without`` are
    sources to be passed over, as if they had not changed. Once ``is_urgent``, what never comes to rest is held back
    itself.
    """

    names: Sequence[str] | None = None
    may_drop: bool = False
    may_move: bool = True
    is_settled: Callable[[], bool] = lambda: True
    progress: Progress | None = None
    pictures: Progress | None = None  # the same for those that are made first
    without: frozenset[str] = frozenset()
    is_urgent: bool = False


PLAIN = Request()


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What a publish did. ``next_change`` is when the publication next changes by itself, in seconds since 1970.

    ``held`` says which removals are held, and is empty when none is. ``deadly`` are the sources that end a process
    which reads them. ``notes`` are what stands in the publication, but probably not as it is meant, and which files are
    passed over; ``events`` are what happened now that an author may not have meant.
    """

    generation: int
    written: int
    removed: int
    entries: int
    problems: tuple[Problem, ...]
    notes: tuple[Note, ...]
    next_change: int | None
    held: str = ""
    deadly: frozenset[str] = frozenset()
    events: tuple[str, ...] = ()
