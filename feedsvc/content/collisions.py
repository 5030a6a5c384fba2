"""Updates of one date and time: who is the newcomer, and which minute is free."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from feedsvc.content.dates import write_instant
from feedsvc.content.source import LoadedEntry
from feedsvc.content.unique_instants import give_instants

_MINUTE = timedelta(minutes=1)


class Note(NamedTuple):
    """What is better known of a field of a file, and what to write."""

    source: str
    field: str
    what: str
    fix: str


def find_collisions(
    entries: Iterable[LoadedEntry], recorded: Mapping[str, tuple[int, ...]], zone: ZoneInfo
) -> Iterator[Note]:
    """A note for each update, drafts apart, that comes to a date and time which another one has.

    ``recorded`` are the instants that ids were given before: those were announced, and need nothing.
    """
    shown = [loaded for loaded in entries if not loaded.entry.draft]
    shown.sort(key=lambda loaded: (loaded.entry.published, loaded.source))
    given = give_instants([(each.entry.id, second_of(each.entry.published)) for each in shown], recorded)
    moments: dict[datetime, list[str]] = {}
    for loaded in shown:
        for moment in dict.fromkeys((loaded.entry.published, loaded.entry.updated)):
            moments.setdefault(moment, []).append(loaded.source)
    free, firsts = _FreeMinutes(moments), dict[tuple[datetime, str], str]()
    for loaded in shown:
        entry, instant = loaded.entry, given[loaded.entry.id]
        first = firsts.setdefault((entry.published, entry.title), loaded.source)
        others = [source for source in moments[entry.updated][:2] if source != loaded.source]
        if instant != second_of(entry.published) and instant not in recorded.get(entry.id, ()):
            holders = [source for source in moments[entry.published][:2] if source != loaded.source]
            minute = write_instant(free.after(entry.published), zone)
            is_copy = first != loaded.source
            yield _copy(loaded.source, first, minute) if is_copy else _note(loaded.source, "published", holders, minute)
        elif others and entry.updated != entry.published:
            yield _note(loaded.source, "updated", others, write_instant(free.after(entry.updated), zone))


def second_of(moment: datetime) -> int:
    """Seconds since 1970."""
    return int(moment.timestamp())


def _note(source: str, field: str, others: list[str], free: str) -> Note:
    who = others[0] if others else "an earlier update"
    what = f"{who} has the same date and time, and some readers announce only one of the two"
    return Note(source, field, what, f"write {field}: {free}")


def _copy(source: str, first: str, free: str) -> Note:
    what = f"{first} has the same title, date and time, as a copy has that a program made"
    return Note(source, "published", what, f"delete one of the two, or write published: {free}")


class _FreeMinutes:
    """Minutes that no update has; each is given once."""

    def __init__(self, taken: Iterable[datetime]) -> None:
        self._taken = set(taken)
        self._last: dict[datetime, datetime] = {}  # by the moment asked for: many updates may share one

    def after(self, moment: datetime) -> datetime:
        """The next free moment, whole minutes after this one."""
        free = self._last.get(moment, moment) + _MINUTE
        while free in self._taken:
            free += _MINUTE
        self._taken.add(free)
        self._last[moment] = free
        return free
