"""The publication: one SQLite file that holds finished documents and what the next publish needs to know.

It is a cache. Deleting it loses nothing but the time to rebuild it; a file that cannot be read is set aside.
"""

import json
import sqlite3
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

from pydantic import TypeAdapter

from feedsvc.content.source import LoadedEntry
from feedsvc.documents.index import Listed
from feedsvc.errors import FeedsvcError, Problem
from feedsvc.model import Document
from feedsvc.publication.coding import Variants
from feedsvc.publication.generation import SharedNumber
from feedsvc.publication.memory import Claim, Memory
from feedsvc.publication.reader import BUSY_SECONDS, StoreError, connect, number_path
from feedsvc.settings import clock as system_clock

LOG_OCTETS = 4 * 1024 * 1024  # to which the write-ahead log is cut after it has been larger
CACHE_OCTETS = 8 * 1024 * 1024  # of pages that a large publish keeps from being written and read again and again
FORMAT = 3  # of the tables; a file of another format was written by another release, and is rebuilt
SCHEMA = """
CREATE TABLE IF NOT EXISTS state (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS generation (one INTEGER PRIMARY KEY CHECK (one = 1), number INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS document (
    path TEXT PRIMARY KEY, body INTEGER NOT NULL, key TEXT NOT NULL, kind TEXT NOT NULL, media_type TEXT NOT NULL,
    etag TEXT NOT NULL, tags TEXT NOT NULL, links TEXT NOT NULL, page_path TEXT, expires INTEGER,
    modified INTEGER NOT NULL
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS body (id INTEGER PRIMARY KEY, identity BLOB, gzip BLOB, br BLOB);
CREATE TABLE IF NOT EXISTS source (
    name TEXT PRIMARY KEY, stamp TEXT NOT NULL, listed TEXT, problems TEXT, since INTEGER
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS entry (name TEXT PRIMARY KEY, loaded TEXT NOT NULL);
INSERT OR IGNORE INTO generation VALUES (1, 0);
"""
Noun = TypeVar("Noun")
_LOADED = TypeAdapter(LoadedEntry)
_LISTED = TypeAdapter(list[Listed | None])
_PROBLEMS = TypeAdapter(tuple[Problem, ...])


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceState:
    """What is known of a source file: its stamp when last read, the good version in force, and why it is held back.

    ``since`` is when it began to be held back, in seconds since 1970.
    """

    stamp: str
    listed: Listed | None
    problems: tuple[Problem, ...] = ()
    since: int | None = None


class Finished(NamedTuple):
    """A rendered document as the tables hold it, for it may have been made in another process.

    ``columns`` are those of ``document`` beside path, body and modified. ``codings`` are those of ``body``: identity,
    gzip and brotli, without the first where the second holds it.
    """

    path: str
    columns: tuple[str | int | None, ...]
    codings: tuple[bytes | None, bytes | None, bytes | None]


@dataclass(slots=True, kw_only=True)
class Batch:
    """One publish: everything in it becomes visible at once, or nothing does.

    ``base`` is the generation that it was worked out from; None when that does not matter. ``claims`` are what the
    memory is to keep of it.
    """

    base: int | None = None
    documents: Iterable[Finished] = ()
    removals: Iterable[str] = ()
    sources: Mapping[str, SourceState | None] = field(default_factory=dict)
    entries: Mapping[str, str] = field(default_factory=dict)  # source name -> dumped LoadedEntry
    claims: Sequence[Claim] = ()
    state: Mapping[str, str] = field(default_factory=dict)


ETAG = 3  # its place among the columns of a finished document


class OvertakenError(FeedsvcError):
    """Another process published meanwhile; look again at what is stored, and publish on top of that."""


def pack(key: str, document: Document, etag: str, variants: Variants) -> Finished:
    """A rendered document, with the key of what it was made from, ready to be stored."""
    columns = (
        key,
        document.kind.name,
        document.media_type,
        etag,
        " ".join(document.tags),
        json.dumps(document.links),
        document.page_path,
        document.expires,
    )
    identity = variants.identity if variants.gzip is None else None
    return Finished(document.path, columns, (identity, variants.gzip, variants.br))


def dump_entry(loaded: LoadedEntry) -> str:
    """The text that ``Store.loaded`` reads back."""
    return _LOADED.dump_json(loaded).decode()


def parse_entry(text: str) -> LoadedEntry:
    """The loaded update that ``dump_entry`` wrote."""
    return _LOADED.validate_json(text)


def decode(adapter: TypeAdapter[Noun], text: str | None, otherwise: Noun) -> Noun:
    """What the last publish noted; ``otherwise`` when it did not, or in words that make no sense here."""
    try:
        return adapter.validate_json(text) if text is not None else otherwise
    except ValueError:
        return otherwise


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
        self._noted = 0  # the generation that the memory knows of, and the publication not yet
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
        """A usable file; one that is damaged or of another format is set aside first."""
        try:
            connection = connect(self.path, patience=self._patience)
            connection.execute(f"PRAGMA journal_size_limit = {LOG_OCTETS}")
            connection.execute(f"PRAGMA cache_size = -{CACHE_OCTETS // 1024}")
            # asked in this order: who finds it new just before another process fills it must not take it for foreign
            is_new = not connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
            if connection.execute("PRAGMA user_version").fetchone()[0] == FORMAT and _is_sound(connection):
                return connection
            if is_new:
                connection.executescript(f"BEGIN IMMEDIATE; {SCHEMA} PRAGMA user_version = {FORMAT}; COMMIT")
                return connection
            connection.close()
        except sqlite3.OperationalError as fault:
            raise StoreError(f"cannot open the publication {self.path}: {fault}") from fault
        except sqlite3.DatabaseError:
            pass
        self._set_aside()
        return self._open()

    def _set_aside(self) -> None:
        for suffix in ("-wal", "-shm", ""):  # the file itself last: a new one must not meet the old one's log
            part = self.path.with_name(self.path.name + suffix)
            if part.exists():
                part.replace(part.with_name(f"{self.path.name}.damaged{suffix}"))

    def close(self) -> None:
        """Let go of the file."""
        self._connection.close()
        self.memory.close()
        self.number.close()

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
        raise self._damaged()

    def is_in_place(self) -> bool:
        """Whether the files that are open are still those at the publication's path."""
        try:
            return self.path.stat().st_ino == self._inode and self.memory.is_in_place()
        except OSError:
            return False

    def note(self, words: Mapping[str, str]) -> None:
        """Keep these for readers beside what is published."""
        self.commit(Batch(state=words))

    def remember(self, claims: Sequence[Claim]) -> None:
        """Have the memory know of what is published already."""
        generation = self.generation()
        self.memory.write(generation, claims, int(self.state().get("modified", "0")), self._clock())
        self.memory.settle(generation)

    def generation(self) -> int:
        """The number of the newest committed generation; 0 before the first publish."""
        return int(self._ask("SELECT number FROM generation")[0][0])

    def state(self) -> dict[str, str]:
        """What the last publish noted for the next."""
        return dict(self._ask("SELECT name, value FROM state"))

    def sources(self, *, is_ours: bool = True) -> dict[str, SourceState]:
        """Every known source file; none if another release wrote them (not ``is_ours``) in a way of its own."""
        rows = self._ask("SELECT name, stamp, listed, problems, since FROM source")
        try:
            listed = _LISTED.validate_json(f"[{','.join(row[2] or 'null' for row in rows)}]")
            return {
                name: SourceState(
                    stamp=stamp,
                    listed=line,
                    problems=_PROBLEMS.validate_json(problems) if problems else (),
                    since=since,
                )
                for (name, stamp, _, problems, since), line in zip(rows, listed, strict=True)
            }
        except ValueError as fault:
            if not is_ours:
                return {}
            raise self._damaged() from fault

    def loaded(self, source: str) -> LoadedEntry:
        """The good version in force of a source file that has one."""
        try:
            return self._loaded(source)
        except (IndexError, ValueError) as fault:
            raise self._damaged() from fault

    def can_load(self, source: str) -> bool:
        """Whether the good version of a source file can be read, which another release may have written."""
        try:
            return bool(self._loaded(source))
        except (IndexError, ValueError):
            return False

    def _loaded(self, source: str) -> LoadedEntry:
        return parse_entry(self._ask("SELECT loaded FROM entry WHERE name = ?", source)[0][0])

    def keys(self) -> dict[str, str]:
        """Path to key of every document."""
        return dict(self._ask("SELECT path, key FROM document"))

    def keys_of(self, paths: Iterable[str]) -> dict[str, str]:
        """Path to key of those of these documents that exist."""
        rows = [row for path in paths for row in self._ask("SELECT path, key FROM document WHERE path = ?", path)]
        return dict(rows)

    def _ask(self, question: str, *values: str) -> list[Any]:
        try:
            return self._connection.execute(question, values).fetchall()
        except sqlite3.OperationalError as fault:
            raise StoreError(f"cannot read the publication {self.path}: {fault}") from fault
        except sqlite3.DatabaseError as fault:
            raise self._damaged() from fault

    def _damaged(self) -> StoreError:
        """Make way for a new file; what is being served from the old one stays open there."""
        self._connection.close()
        self._set_aside()
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
                raise self._damaged() from fault
            raise

    def _commit(self, batch: Batch) -> tuple[int, int]:
        run = self._connection.execute
        run("BEGIN IMMEDIATE")
        number = self.generation()
        if batch.base not in (None, number):
            raise OvertakenError(f"generation {number} was published while one after {batch.base} was made")
        moved: list[str] = []  # the documents whose bytes are not what they were
        written = removed = 0
        for finished in batch.documents:
            if self._put(finished, is_first=number == 0):
                moved.append(finished.path)
            written += 1
        for path in batch.removals:
            run("DELETE FROM body WHERE id = (SELECT body FROM document WHERE path = ?)", (path,))
            removed += run("DELETE FROM document WHERE path = ?", (path,)).rowcount
        for name, state in batch.sources.items():
            self._note(name, state)
        for name, text in batch.entries.items():
            run("REPLACE INTO entry VALUES (?, ?)", (name, text))
        for name, value in batch.state.items():
            run("REPLACE INTO state VALUES (?, ?)", (name, value))
        if written or removed or batch.claims:
            number = max(number, self.number.read(), self.memory.generation) + 1
            run("UPDATE generation SET number = ?", (number,))
            self._date(number, moved, batch.claims)
        run("COMMIT")
        self._noted = 0
        self.announce(number)
        self.memory.settle(number)
        return written, removed

    def _date(self, number: int, moved: Sequence[str], claims: Sequence[Claim]) -> None:
        """Say when the documents that moved were last modified, and have the memory note it before the commit."""
        now = self._clock()
        modified = self.memory.next_modified(now)
        self._connection.executemany(
            "UPDATE document SET modified = ? WHERE path = ?", ((modified, path) for path in moved)
        )
        self._connection.execute("REPLACE INTO state VALUES ('modified', ?)", (str(modified),))
        self.memory.write(number, claims, modified, now)
        self._noted = number

    def announce(self, number: int) -> None:
        """Tell every worker on the machine which generation is newest."""
        try:
            self.number.refresh()
        finally:
            self.number.advance(number)

    def _roll_back(self) -> None:
        with suppress(sqlite3.Error):  # it is damaged, or was closed because the file was set aside
            if self._connection.in_transaction:
                self._connection.execute("ROLLBACK")
        noted, self._noted = self._noted, 0
        if noted:
            with suppress(StoreError):  # then the next start does it
                self.memory.undo(noted)

    def _put(self, finished: Finished, *, is_first: bool) -> bool:
        """Put a document in the place of the one before; whether its bytes are others."""
        run = self._connection.execute
        path, columns = finished.path, finished.columns
        former, etag, modified = None, "", 0
        if not is_first:
            question = "SELECT body, etag, modified FROM document WHERE path = ?"
            former, etag, modified = run(question, (path,)).fetchone() or (None, "", 0)
            run("DELETE FROM body WHERE id = ?", (former,))
        body = run("INSERT INTO body (identity, gzip, br) VALUES (?, ?, ?)", finished.codings).lastrowid
        run("REPLACE INTO document VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", (path, body, *columns, modified))
        return bool(etag != columns[ETAG])

    def _note(self, name: str, state: SourceState | None) -> None:
        run = self._connection.execute
        if state is None or state.listed is None:
            run("DELETE FROM entry WHERE name = ?", (name,))
        if state is None:
            run("DELETE FROM source WHERE name = ?", (name,))
            return
        listed = None if state.listed is None else _LISTED.dump_json([state.listed])[1:-1].decode()
        problems = _PROBLEMS.dump_json(state.problems).decode() if state.problems else None
        run("REPLACE INTO source VALUES (?, ?, ?, ?, ?)", (name, state.stamp, listed, problems, state.since))


def _is_sound(connection: sqlite3.Connection) -> bool:
    """Whether the tables that a publish starts from are whole; the documents are many, and found out when met."""
    tables = ("state", "generation", "source")
    return all(connection.execute(f"PRAGMA quick_check({name})").fetchone()[0] == "ok" for name in tables)
