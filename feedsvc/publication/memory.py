"""What cannot be made again from content: whose an id or an address is, the instant given to an update, the last date.

The publication is a cache; this small SQLite file beside it is not. Every release reads what an earlier one wrote: a
table or a column is never changed, only others are added. A row is never changed either: what becomes of an update is
a further row with the number of the generation that brought it, and the row of the greatest number is in force. So
rows of a generation that was never committed are told from all others, and dropped.

    claim(id, generation, source, slug, written, given)    an update that is or was public; with # what reminded of it
    fact(name, value)       generation  the greatest number ever written here
                            settled     the greatest number of which it is known that it was committed
                            modified    the latest Last-Modified ever given
                            clock       when it was given

Instants are in seconds since 1970. What others are still to be told of stands here, too (``outbox``).
"""

import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from feedsvc.publication import outbox
from feedsvc.publication.database import StoreError, connect, open_usable, set_aside, transaction
from feedsvc.publication.outbox import Owed

SCHEMA = """
CREATE TABLE IF NOT EXISTS claim (
    id TEXT NOT NULL, generation INTEGER NOT NULL, source TEXT NOT NULL, slug TEXT NOT NULL,
    written INTEGER NOT NULL, given INTEGER NOT NULL, PRIMARY KEY (id, generation)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS claim_slug ON claim (slug);
CREATE INDEX IF NOT EXISTS claim_source ON claim (source);
CREATE INDEX IF NOT EXISTS claim_given ON claim (given);
CREATE TABLE IF NOT EXISTS fact (name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;
"""
_AT_LEAST = "INSERT INTO fact VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = max(value, excluded.value)"
MANY = 64  # questions that take longer one by one than a look at everything
_ADDRESSES = """
SELECT slug FROM claim WHERE source IN (SELECT value FROM json_each(?))
UNION SELECT slug FROM claim WHERE id IN (SELECT value FROM json_each(?))
"""
_COUNT = "SELECT count(DISTINCT id) FROM claim WHERE instr(id, '#') = 0"  # that are no reminders
ClaimRow = tuple[str, int, str, str, int, int]  # of ``claim``
_CLAIM = "SELECT id, source, slug, written, given FROM claim"


@dataclass(frozen=True, slots=True)
class Claim:
    """What was published once: the id, the file and the address it had last, its instant as written and as given."""

    id: str
    source: str
    slug: str
    written: int
    given: int


def memory_path(publication: Path) -> Path:
    """Where a publication's memory lies."""
    return publication.with_name(publication.name + "-memory")


def count_remembered(publication: Path) -> int | None:
    """How many updates a publication's memory knows; None when there is none to be read."""
    try:
        with closing(connect(memory_path(publication), mode="ro")) as connection:
            return int(connection.execute(_COUNT).fetchone()[0])
    except sqlite3.Error:
        return None


class Memory:
    """The memory of one publication; one writer at a time, which is whoever holds the publication's lock."""

    def __init__(self, publication: Path) -> None:
        self._publication = publication
        self.path = memory_path(publication)
        self._connection = open_usable(self.path, _prepare, self._doing())
        self._inode = self.path.stat().st_ino
        self._claims: dict[str, Claim] | None = None  # by id, while all are at hand
        self._given: dict[int, set[str]] = {}  # instant -> ids, meanwhile
        self._reminders: dict[str, dict[str, Claim]] = {}  # by update and by id, meanwhile

    def close(self) -> None:
        """Let go of the file."""
        self._connection.close()

    def is_in_place(self) -> bool:
        """Whether the file that is open is still the one at its path."""
        try:
            return self.path.stat().st_ino == self._inode
        except OSError:
            return False

    @property
    def generation(self) -> int:
        """The greatest generation that anything here belongs to."""
        return self._fact("generation")

    @contextmanager
    def at_hand(self, questions: int) -> Iterator[None]:
        """Answer many questions about claims and instants from one look at everything; nothing is written meanwhile."""
        if questions < MANY:
            yield
            return
        rows = [Claim(*row) for row in self._ask(f"{_CLAIM} ORDER BY generation")]
        self._claims = {claim.id: claim for claim in rows}
        for claim in rows:
            self._given.setdefault(claim.given, set()).add(claim.id)
            update, mark, _ = claim.id.partition("#")
            if mark:
                self._reminders.setdefault(update, {})[claim.id] = claim
        try:
            yield
        finally:
            self._claims, self._given, self._reminders = None, {}, {}

    def claim(self, entry_id: str) -> Claim | None:
        """What was last published under that id."""
        if self._claims is not None:
            return self._claims.get(entry_id)
        rows = self._ask(f"{_CLAIM} WHERE id = ? ORDER BY generation DESC LIMIT 1", entry_id)
        return Claim(*rows[0]) if rows else None

    def reminders(self, entry_id: str) -> list[Claim]:
        """What was last published under each id that begins with that one and a number sign."""
        if self._claims is None:
            rows = self._ask(f"{_CLAIM} WHERE id > ? AND id < ? ORDER BY generation", f"{entry_id}#", f"{entry_id}$")
            return list({row[0]: Claim(*row) for row in rows}.values())
        return list(self._reminders.get(entry_id, {}).values())

    def holder(self, slug: str) -> str | None:
        """The id of the update that first had that address."""
        rows = self._ask("SELECT id FROM claim WHERE slug = ? ORDER BY generation, given LIMIT 1", slug)
        holder: str | None = rows[0][0] if rows else None
        return holder

    def claims(self) -> list[Claim]:
        """All that was ever published, with every file and address that it had."""
        return [Claim(*row) for row in self._ask(_CLAIM)]

    def addresses(self, sources: Iterable[str], ids: Iterable[str]) -> set[str]:
        """Every address that an update had in one of these files, or under one of these ids."""
        return {row[0] for row in self._ask(_ADDRESSES, json.dumps(list(sources)), json.dumps(list(ids)))}

    def is_given(self, instant: int, *, but: str) -> bool:
        """Whether an update of another id than ``but`` has, or had, that instant."""
        if self._claims is not None:
            return bool(self._given.get(instant, set()) - {but})
        return bool(self._ask("SELECT 1 FROM claim WHERE given = ? AND id != ? LIMIT 1", instant, but))

    def next_modified(self, now: float) -> int:
        """The Last-Modified of what is committed at ``now``: the next whole second, later than any before.

        Several commits of one second may share it, because it is not told before it has come. A clock that was set back
        says nothing of the order: then it is a second later than the last.
        """
        last, clock = self._fact("modified"), self._fact("clock")
        return max(int(now) + 1, last + 1 if now < clock else last)

    def write(  # noqa: PLR0913  # a row each
        self,
        generation: int,
        claims: Iterable[Claim],
        modified: int,
        now: float,
        *,
        settled: int = 0,
        owed: Iterable[Owed] = (),
        instead: Sequence[ClaimRow] | None = None,
    ) -> None:
        """Note what a generation brings, before it is committed. StoreError when it cannot be noted.

        ``settled`` is the one before it, which was committed. ``owed`` is what others are to be told of it. ``instead``
        are claims to have in place of all that are there.
        """
        rows = [(one.id, generation, one.source, one.slug, one.written, one.given) for one in claims]
        with self._explained(), transaction(self._connection) as run:
            if instead is not None:
                run("DELETE FROM claim")
            for row in (*(instead or ()), *rows):
                run("REPLACE INTO claim VALUES (?, ?, ?, ?, ?, ?)", row)
            outbox.put(run, owed, generation, settled)
            for name, value in (("generation", generation), ("settled", settled), ("modified", modified)):
                if value:
                    run(_AT_LEAST, (name, value))
            run("REPLACE INTO fact VALUES ('clock', ?)", (int(now),))

    def undo(self, generation: int) -> None:
        """Forget what a generation was to bring that was not committed."""
        with self._explained(), transaction(self._connection) as run:
            run("DELETE FROM claim WHERE generation = ?", (generation,))
            outbox.drop(run, generation)

    def settle(self, generation: int) -> None:
        """Bring what was noted to its end: the publication's newest generation is this one.

        The next write would say it, too; so it is done where there is time for it, at a start and at the end.
        A publication that knows none was made anew: whatever is noted here may have been public.
        """
        settled, noted = self._fact("settled"), self.generation
        if settled == noted:
            return
        with self._explained(), transaction(self._connection) as run:
            if 0 < generation < noted:
                last = max(generation, settled)
                run("DELETE FROM claim WHERE generation > ?", (last,))
                outbox.drop(run, last + 1)
            run("REPLACE INTO fact VALUES ('settled', ?)", (noted,))

    def _doing(self) -> str:
        """The words of the publication's own, since whoever cannot write the one cannot write the other."""
        return f"write the publication {self._publication}"

    def _fact(self, name: str) -> int:
        rows = self._ask("SELECT value FROM fact WHERE name = ?", name)
        return int(rows[0][0]) if rows else 0

    def _ask(self, question: str, *values: str | int) -> list[Any]:
        with self._explained():
            return self._connection.execute(question, values).fetchall()

    @contextmanager
    def _explained(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.OperationalError as fault:
            raise StoreError(f"cannot {self._doing()}: {fault}") from fault
        except sqlite3.DatabaseError as fault:
            self._connection.close()
            set_aside(self.path)  # which is noticed before the next publish
            raise StoreError(f"the memory {self.path} is damaged; it was set aside") from fault


def _prepare(connection: sqlite3.Connection) -> bool:
    connection.executescript(SCHEMA + outbox.SCHEMA)
    return bool(connection.execute("PRAGMA quick_check(1)").fetchone()[0] == "ok")
