"""What others are still to be told of what was published: a part of the memory, for it cannot be made again.

    owed(target, address, generation, due, is_again)    an address that a generation changed, and whom to tell when
    told(name, due, tries, since, said, accepted, given_up)    how it goes with one of those who are told

A row of ``owed`` is written before its generation is committed, and counts once it is. Newer news takes the place of
older about the same address. ``due`` of a target is when it may be asked again, ``since`` since when it refuses, 0
while it does not, ``said`` its last answer. Instants are in seconds since 1970.
"""

import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from itertools import accumulate
from pathlib import Path

from feedsvc.publication.database import Run, StoreError, connect, transaction

SCHEMA = """
CREATE TABLE IF NOT EXISTS owed (
    target TEXT NOT NULL, address TEXT NOT NULL, generation INTEGER NOT NULL, due REAL NOT NULL,
    is_again INTEGER NOT NULL, PRIMARY KEY (target, address, generation)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS told (
    name TEXT PRIMARY KEY, due REAL NOT NULL, tries INTEGER NOT NULL, since REAL NOT NULL, said TEXT NOT NULL,
    accepted INTEGER NOT NULL, given_up INTEGER NOT NULL
) WITHOUT ROWID;
"""
OCTETS = 1_000_000  # of the addresses of one request, unless a target takes less
EVERYTHING = "*"  # an address: so much changed that all of it is to be asked for again
_OUTDATED = """
DELETE FROM owed WHERE target = ? AND address = ? AND generation <
(SELECT max(generation) FROM owed WHERE target = ? AND address = ? AND generation <= ?)
"""
_TOLD = "SELECT name, due, tries, since, said, accepted, given_up FROM told"
_DUE = """
SELECT address, max(generation), min(is_again) FROM owed WHERE target = ? AND generation <= ? AND due <= ?
GROUP BY address ORDER BY address NOT IN ('*', '/'), address NOT LIKE '/updates/%', address LIMIT ?
"""
_STATES = """
SELECT name, count(address), told.due, tries, since, said, accepted, given_up FROM told
LEFT JOIN owed ON target = name GROUP BY name ORDER BY name
"""

Owed = tuple[str, str]  # the name of a target, and an address


@dataclass(frozen=True, slots=True)
class Told:
    """How it goes with a target; ``owed`` is how many addresses it is still to be told of."""

    name: str
    owed: int = 0
    due: float = 0.0
    tries: int = 0
    since: float = 0.0
    said: str = ""
    accepted: int = 0
    given_up: int = 0


@dataclass(frozen=True, slots=True)
class Parcel:
    """What one request is to tell: addresses, what is known of each up to a generation, and if it was told before."""

    target: str
    rows: tuple[tuple[str, int, int], ...]

    @property
    def addresses(self) -> tuple[str, ...]:
        """What it tells of; everything alone if that is among it."""
        named = tuple(address for address, _, _ in self.rows)
        return (EVERYTHING,) if EVERYTHING in named else named

    @property
    def generation(self) -> int:
        """The newest of which it tells."""
        return max(generation for _, generation, _ in self.rows)


def put(run: Run, owed: Iterable[Owed], generation: int, settled: int) -> None:
    """Note what a generation makes due, at once; ``settled`` is the newest that is known to be committed."""
    for target, address in owed:
        run(_OUTDATED, (target, address, target, address, settled))
        run("REPLACE INTO owed VALUES (?, ?, ?, 0, 0)", (target, address, generation))
        run("INSERT OR IGNORE INTO told VALUES (?, 0, 0, 0, '', 0, 0)", (target,))


def drop(run: Run, first: int) -> None:
    """Forget what was not committed: this generation and what is after it."""
    run("DELETE FROM owed WHERE generation >= ?", (first,))


def read_outbox(memory: Path) -> tuple[Told, ...]:
    """How it goes with everybody who is told; nothing where there is no memory, or none that knows of this."""
    try:
        with closing(connect(memory, mode="ro")) as connection:
            return tuple(Told(*row) for row in connection.execute(_STATES))
    except sqlite3.Error:
        return ()


class Outbox:
    """The sending side: what is due, and what came of telling it. StoreError on any fault of the memory."""

    def __init__(self, memory: Path) -> None:
        with _explained():
            self._connection = connect(memory)
            self._connection.executescript(SCHEMA)

    def close(self) -> None:
        """Let go of the file."""
        self._connection.close()

    def told(self, target: str) -> Told:
        """How it goes with one target, but for what it is owed."""
        rows = self._run(f"{_TOLD} WHERE name = ?", target).fetchall()
        return Told(target, 0, *rows[0][1:]) if rows else Told(target)

    def keep_only(self, targets: Sequence[str]) -> None:
        """Forget those who are not told any more."""
        self._run("DELETE FROM owed WHERE target NOT IN (SELECT value FROM json_each(?))", json.dumps(targets))
        self._run("DELETE FROM told WHERE name NOT IN (SELECT value FROM json_each(?))", json.dumps(targets))

    def owe(self, targets: Iterable[str], generation: int) -> None:
        """Let these be told of everything, if anything is published."""
        owed = [(name, EVERYTHING) for name in targets if generation]
        with _explained(), transaction(self._connection) as run:
            put(run, owed, generation, generation)

    def due(self, target: str, generation: int, now: float, most: int, octets: int = OCTETS) -> Parcel:
        """What a target is to be told by now of what was published up to a generation.

        There are at most so many addresses, with at most so many ``octets`` in all, but one at least.
        """
        rows = self._run(_DUE, target, generation, now, most).fetchall()
        weights = accumulate(len(row[0].encode()) + 1 for row in rows)
        fitting = sum(weight <= octets for weight in weights)
        return Parcel(target, tuple(rows[: max(1, fitting)]))

    def is_new(self, target: str, generation: int) -> bool:
        """Whether a target is owed anything that it was never told."""
        asked = "SELECT 1 FROM owed WHERE target = ? AND generation <= ? AND NOT is_again LIMIT 1"
        return self._run(asked, target, generation).fetchone() is not None

    def next_due(self, targets: Sequence[str], generation: int) -> float | None:
        """When one of these is next to be told something; None while nothing is."""
        asked = (
            "SELECT min(max(owed.due, told.due)) FROM owed JOIN told ON name = target "
            "WHERE generation <= ? AND target IN (SELECT value FROM json_each(?))"
        )
        found: float | None = self._run(asked, generation, json.dumps(targets)).fetchone()[0]
        return found

    def settle(self, parcel: Parcel, told: Told, again: float | None = None) -> None:
        """Note what came of a parcel that is dealt with, and how it goes with the target now.

        What was told for the first time is told once more at the instant ``again``.
        """
        with _explained(), transaction(self._connection):
            if EVERYTHING in parcel.addresses:
                self._run("DELETE FROM owed WHERE target = ? AND generation <= ?", parcel.target, parcel.generation)
            for address, generation, is_again in parcel.rows:
                key = (parcel.target, address, generation)
                self._run("DELETE FROM owed WHERE target = ? AND address = ? AND generation <= ?", *key)
                if again is not None and not is_again and address in parcel.addresses:
                    self._run("INSERT INTO owed VALUES (?, ?, ?, ?, 1)", *key, again)
            self.note(told)

    def note(self, told: Told) -> None:
        """Note how it goes with a target."""
        row = (told.name, told.due, told.tries, told.since, told.said, told.accepted, told.given_up)
        self._run("REPLACE INTO told VALUES (?, ?, ?, ?, ?, ?, ?)", *row)

    def give_up(self, told: Told, generation: int) -> int:
        """Forget all that a target is owed; how much that was."""
        with _explained(), transaction(self._connection):
            found = self._run("DELETE FROM owed WHERE target = ? AND generation <= ?", told.name, generation)
            self.note(replace(told, given_up=told.given_up + found.rowcount))
        return found.rowcount

    def _run(self, statement: str, *values: str | float) -> sqlite3.Cursor:
        with _explained():
            return self._connection.execute(statement, values)


@contextmanager
def _explained() -> Iterator[None]:
    try:
        yield
    except sqlite3.Error as fault:
        raise StoreError(f"cannot use the memory of what others are to be told: {fault}") from fault
