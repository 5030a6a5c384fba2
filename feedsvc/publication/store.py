"""The publication: one SQLite file that holds finished documents and what the next publish needs to know.

It is a cache. Deleting it loses nothing but the time to rebuild it; a file that cannot be read is set aside.
"""

import json
import sqlite3
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

from feedsvc.errors import FeedsvcError
from feedsvc.publication.batch import Batch, Taken, put_document, put_sources
from feedsvc.publication.database import BUSY_SECONDS, StoreError, connect, number_path, open_usable, set_aside
from feedsvc.publication.generation import SharedNumber
from feedsvc.publication.memory import Claim, Memory
from feedsvc.publication.outbox import Owed
from feedsvc.publication.rows import FORMAT, KIND, SCHEMA, SourceRow, unpack_source
from feedsvc.publication.state import State
from feedsvc.settings import clock as system_clock

LOG_OCTETS = 4 * 1024 * 1024  # to which the write-ahead log is cut after it has been larger
CACHE_OCTETS = 8 * 1024 * 1024  # of pages that a large publish keeps from being written and read again and again


class OvertakenError(FeedsvcError):
    """Another process published meanwhile; look again at what is stored, and publish on top of that."""


class Store:
    """The publisher's side of the publication: one writer at a time, by SQLite's own lock.

    ``clock`` gives seconds since 1970: documents are told to be modified when they were committed.
    """

    def __init__(
        self, path: Path, *, patience: float = BUSY_SECONDS, clock: Callable[[], float] = system_clock
    ) -> None:
        self.path = path
        self._patience = patience
        self._clock = clock
        self._is_closed = False
        self._noted = 0  # the generation that the memory knows of, and the publication not yet
        self._texts: dict[str, str] = {}  # rows of the state as this connection wrote them
        self._version = -1  # of the file, as SQLite counts what other connections wrote
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self.number = SharedNumber(number_path(path))
            self._connection = self._open()
            self._inode = path.stat().st_ino
            self.memory = Memory(path)
        except OSError as fault:
            raise self._out_of_place(fault) from fault
        self._catch_up()

    def reopen(self) -> None:
        """Start over with the file at the publication's path, whatever became of the one that was open.

        The shared number stays the one that every worker looks at, even if its file was removed.
        """
        self._connection.close()
        self._texts = {}
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            self._connection = self._open()
            self._inode = self.path.stat().st_ino
            if not self.memory.is_in_place():
                self.memory.close()
                self.memory = Memory(self.path)
        except OSError as fault:
            raise self._out_of_place(fault) from fault
        self._catch_up()

    def _catch_up(self) -> None:
        """Do what whoever committed the newest generation may have died before: tell its number, settle the memory."""
        generation = self.generation()
        self.number.advance(generation)
        self.memory.settle(generation)

    def _out_of_place(self, fault: OSError) -> StoreError:
        return StoreError(f"cannot keep the publication at {self.path}: {fault.strerror}")

    def _open(self) -> sqlite3.Connection:
        return open_usable(self.path, _prepare, f"open the publication {self.path}", self._patience)

    def close(self) -> None:
        """Let go of the file, if that is not done."""
        if self._is_closed:
            return
        self._is_closed = True
        self.settle()
        self._connection.close()
        self.memory.close()
        self.number.close()

    def settle(self) -> None:
        """Have the memory know what was committed, which otherwise it is told with the next commit."""
        with suppress(StoreError):  # then the next start does it
            self.memory.settle(self.generation())

    def check(self) -> None:
        """StoreError when the file was damaged behind our back; it is set aside then."""
        try:
            with closing(connect(self.path, mode="ro", patience=self._patience)) as fresh:  # which has nothing cached
                if _is_sound(fresh):
                    return
        except sqlite3.OperationalError:
            return  # it is locked or not there, which says nothing about damage
        except sqlite3.DatabaseError:
            pass
        raise self.distrust()

    def is_in_place(self) -> bool:
        """Whether the files that are open are still those at the publication's path."""
        try:
            return self.path.stat().st_ino == self._inode and self.memory.is_in_place()
        except OSError:
            return False

    def remember(self, claims: Sequence[Claim]) -> None:
        """Have the memory know of what is published already."""
        generation = self.generation()
        self.memory.write(generation, claims, self.state().modified, self._clock())
        self.memory.settle(generation)

    def generation(self) -> int:
        """The number of the newest committed generation; 0 before the first publish."""
        return int(self._ask("SELECT number FROM generation")[0][0])

    def state(self) -> State:
        """What the last publish left."""
        return State.from_rows(self.texts())

    def texts(self) -> dict[str, str]:
        """The rows of the state as they are."""
        return dict(self._ask("SELECT name, value FROM state"))

    def sources(self) -> dict[str, SourceRow[str]]:
        """Every known source file; ValueError when another release wrote them in a way of its own."""
        rows = self._ask("SELECT name, stamp, listed, problems, since FROM source")
        return {name: unpack_source(columns) for name, *columns in rows}

    def entry(self, source: str) -> str:
        """The text of the good version in force of a source file, as it was given; LookupError when there is none."""
        return str(self._ask("SELECT loaded FROM entry WHERE name = ?", source)[0][0])

    def keys(self) -> dict[str, str]:
        """Path to key of every document."""
        return dict(self._ask("SELECT path, key FROM document"))

    def keys_of(self, paths: Iterable[str]) -> dict[str, str]:
        """Path to key of those of these documents that exist."""
        asked = "SELECT path, key FROM document WHERE path IN (SELECT value FROM json_each(?))"
        return dict(self._ask(asked, json.dumps(list(paths))))

    def paths_below(self, folder: str) -> list[str]:
        """The paths of all documents that begin with that of a folder, which ends with a slash."""
        after = folder[:-1] + chr(ord("/") + 1)
        return [path for (path,) in self._ask("SELECT path FROM document WHERE path >= ? AND path < ?", folder, after)]

    def _ask(self, question: str, *values: str) -> list[Any]:
        try:
            return self._connection.execute(question, values).fetchall()
        except sqlite3.OperationalError as fault:
            raise StoreError(f"cannot read the publication {self.path}: {fault}") from fault
        except sqlite3.DatabaseError as fault:
            raise self.distrust() from fault

    def distrust(self) -> StoreError:
        """Make way for a new file, where this one contradicts itself; what to raise. Whoever serves keeps it open."""
        self._connection.close()
        set_aside(self.path)
        return StoreError(f"the publication {self.path} is damaged; it was set aside and will be built anew")

    def commit(self, batch: Batch) -> tuple[int, int]:
        """Write the batch in one transaction; how many documents were written and removed.

        The generation moves only when a document did. StoreError leaves everything as it was.
        """
        try:
            return self._commit(batch)
        except BaseException as fault:
            self._roll_back()
            if isinstance(fault, sqlite3.OperationalError):
                raise StoreError(f"cannot write the publication {self.path}: {fault}") from fault
            if isinstance(fault, sqlite3.DatabaseError):
                raise self.distrust() from fault
            raise

    def _commit(self, batch: Batch) -> tuple[int, int]:
        run = self._connection.execute
        run("BEGIN IMMEDIATE")
        number = self.generation()
        if batch.base not in (None, number):
            raise OvertakenError(f"generation {number} was published while one after {batch.base} was made")
        moved: dict[str, str] = {}  # the documents whose bytes are not what they were, with their kinds
        gone: dict[str, str] = {}
        written = 0
        for written, finished in enumerate(batch.documents, 1):  # noqa: B007  # how many there are is asked for
            date = batch.taken.dates[finished.path] if batch.taken else None
            if put_document(run, finished, is_first=number == 0, date=date):
                moved[finished.path] = str(finished.columns[KIND])
        for path in batch.removals:
            run("DELETE FROM body WHERE id = (SELECT body FROM document WHERE path = ?)", (path,))
            if run("DELETE FROM document WHERE path = ?", (path,)).rowcount:
                gone[path] = ""
        put_sources(run, batch)
        self._put_texts({**batch.texts, **(batch.state.to_rows() if batch.state else {})})
        if written or gone or batch.claims or batch.taken:
            before, number = number, self._next(batch.taken)
            run("UPDATE generation SET number = ?", (number,))
            owed = batch.announce({**moved, **gone})
            self._date(number, moved, batch, before, owed)
        run("COMMIT")
        self._noted = 0
        self.announce(number)
        return written, len(gone)

    def _next(self, taken: Taken | None) -> int:
        """The number of the next generation: the one that it has elsewhere if that is newer, else one never used."""
        if taken and taken.number > self.generation():
            return taken.number
        return max(self.generation(), self.number.read(), self.memory.generation) + 1

    def _date(self, number: int, moved: Iterable[str], batch: Batch, before: int, owed: Sequence[Owed]) -> None:
        """Say when the documents that moved were last modified, and have the memory note it before the commit."""
        now, taken = self._clock(), batch.taken
        modified = taken.modified if taken else self.memory.next_modified(now)
        if before and not taken:
            rows = ((modified, path) for path in moved)
            self._connection.executemany("UPDATE document SET modified = ? WHERE path = ?", rows)
        elif not taken:  # all of them, at first
            self._connection.execute("UPDATE document SET modified = ?", (modified,))
        self._put_texts({"modified": str(modified)})
        instead = taken.claims if taken else None
        self.memory.write(number, batch.claims, modified, now, settled=before, owed=owed, instead=instead)
        self._noted = number

    def announce(self, number: int) -> None:
        """Tell every worker on the machine which generation is newest."""
        try:
            self.number.refresh()
        finally:
            self.number.advance(number)

    def _roll_back(self) -> None:
        self._texts = {}
        with suppress(sqlite3.Error):  # it is damaged, or was closed because the file was set aside
            if self._connection.in_transaction:
                self._connection.execute("ROLLBACK")
        noted, self._noted = self._noted, 0
        if noted:
            with suppress(StoreError):  # then the next start does it
                self.memory.undo(noted)

    def _put_texts(self, texts: Mapping[str, str]) -> None:
        """Write the rows of the state that are others than this connection wrote last, if no other has since."""
        run = self._connection.execute
        version = run("PRAGMA data_version").fetchone()[0]
        if version != self._version:
            self._version, self._texts = version, {}
        changed = {name: text for name, text in texts.items() if self._texts.get(name) != text}
        for row in changed.items():
            run("REPLACE INTO state VALUES (?, ?)", row)
        self._texts |= changed


def _is_sound(connection: sqlite3.Connection) -> bool:
    """Whether the tables that a publish starts from are whole; the documents are many, and found out when met."""
    tables = ("state", "generation", "source")
    return all(connection.execute(f"PRAGMA quick_check({name})").fetchone()[0] == "ok" for name in tables)


def _prepare(connection: sqlite3.Connection) -> bool:
    """Whether a file is sound and of this format, as a new one is from now on."""
    connection.execute(f"PRAGMA journal_size_limit = {LOG_OCTETS}")
    connection.execute(f"PRAGMA cache_size = -{CACHE_OCTETS // 1024}")
    # asked in this order: who finds it new just before another process fills it must not take it for foreign
    is_new = not connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
    if connection.execute("PRAGMA user_version").fetchone()[0] == FORMAT and _is_sound(connection):
        return True
    if is_new:
        connection.executescript(f"BEGIN IMMEDIATE; {SCHEMA} PRAGMA user_version = {FORMAT}; COMMIT")
    return is_new
