"""Which instant an update is given, so that no two of them share one. Pure; seconds since 1970."""

from collections.abc import Callable, Collection, Container, Iterable, Mapping, Sequence
from functools import lru_cache

LENIENCE = 59  # seconds that a given instant may lie after the written one: a file says minutes


def give_instant(written: int, is_taken: Callable[[int], bool]) -> int:
    """The first instant from ``written`` on that is not taken."""
    while is_taken(written):
        written += 1
    return written


def give_instants(written: Sequence[tuple[str, int]], recorded: Mapping[str, Collection[int]]) -> dict[str, int]:
    """The instant of each update by its id.

    ``written`` are ids with what their files say, in the order of (published, source name). ``recorded`` are all
    instants that ids were given before, also those of updates that are gone: whoever has one that fits what is
    written keeps it, and no other update gets it. If two updates were given one instant, by people who did not know
    of each other, the first by id keeps it.
    """
    taken = {instant for instants in recorded.values() for instant in instants}
    given: dict[str, int] = {}
    held: set[int] = set()
    for kept, entry_id in sorted(_kept(written, recorded, taken)):
        if kept not in held:
            held.add(kept)
            given[entry_id] = kept
    following: dict[int, int] = {}  # by written instant, where to look on: many updates may share one
    for entry_id, second in written:
        if entry_id not in given:
            given[entry_id] = free = give_instant(following.get(second, second), taken.__contains__)
            taken.add(free)
            following[second] = free + 1
    return given


def kept_instant(written: int, recorded: Iterable[int], taken: Container[int]) -> int | None:
    """Of the instants that an update was given, the last one that ``written`` may have become; None if there is none.

    It is the written one, one at most 59 seconds later, or one that only taken instants part from it.
    """
    return _last_fitting(written, recorded, give_instant(written, taken.__contains__))


def _last_fitting(written: int, recorded: Iterable[int], free: int) -> int | None:
    end = max(written + LENIENCE, free)
    return max((instant for instant in recorded if written <= instant <= end), default=None)


def _kept(
    written: Sequence[tuple[str, int]], recorded: Mapping[str, Collection[int]], taken: set[int]
) -> list[tuple[int, str]]:
    """What each update keeps, with its id."""
    first_free = lru_cache(maxsize=None)(
        lambda second: give_instant(second, taken.__contains__)
    )  # taken stands still meanwhile
    found = (
        (_last_fitting(second, recorded[entry_id], first_free(second)), entry_id)
        for entry_id, second in written
        if entry_id in recorded
    )
    return [(kept, entry_id) for kept, entry_id in found if kept is not None]
