"""What one publish writes, and the statements that write it."""

import sqlite3
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager, closing, nullcontext
from dataclasses import dataclass, field
from itertools import islice

from feedsvc.publication.database import Run
from feedsvc.publication.memory import Claim, ClaimRow
from feedsvc.publication.outbox import Owed
from feedsvc.publication.rows import ETAG, SCHEMA, Finished, SourceRow, pack_source
from feedsvc.publication.state import State

WATCHED = 64  # sources that are written at once under one watch

Watch = Callable[[Iterable[str]], AbstractContextManager[None]]  # of the sources that are worked on meanwhile


Announce = Callable[[Mapping[str, str]], Sequence[Owed]]  # paths that changed with their kinds, "" of what is gone


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """What a generation that another service published has besides its documents.

    ``modified`` is the latest Last-Modified, ``dates`` has that of each document of the batch, by its path.
    ``claims`` are the whole memory; None where the one that is there stays.
    """

    number: int
    modified: int
    dates: Mapping[str, int]
    claims: Sequence[ClaimRow] | None = None


@dataclass(slots=True, kw_only=True)
class Batch:
    """One publish: everything in it becomes visible at once, or nothing does.

    ``base`` is the generation that it was worked out from; None when that does not matter. ``entries`` are texts of
    some of the ``sources``. ``texts`` are rows of the state besides ``state`` itself. ``claims`` are what the memory is
    to keep of it, and ``announce`` says who is to be told of which documents.
    While sources are written, ``watch`` holds their names. ``taken`` says which generation of another service it is.
    """

    base: int | None = None
    documents: Iterable[Finished] = ()
    removals: Iterable[str] = ()
    sources: Mapping[str, SourceRow[str] | None] = field(default_factory=dict)
    entries: Mapping[str, str] = field(default_factory=dict)
    claims: Sequence[Claim] = ()
    state: State | None = None
    texts: Mapping[str, str] = field(default_factory=dict)
    watch: Watch = lambda _names: nullcontext()
    taken: Taken | None = None
    announce: Announce = lambda _moved: ()


def put_document(run: Run, finished: Finished, *, is_first: bool, date: int | None = None) -> bool:
    """Put a document in the place of the one before (there is none when it ``is_first``); whether its bytes differ.

    ``date`` is when it was last modified, if that is known already.
    """
    path, columns = finished.path, finished.columns
    former: tuple[int | None, str, int] | None = None
    if not is_first:
        former = run("SELECT body, etag, modified FROM document WHERE path = ?", (path,)).fetchone()
    body, etag, modified = former or (None, "", 0)
    if body is None:
        body = run("INSERT INTO body (identity, gzip, br) VALUES (?, ?, ?)", finished.codings).lastrowid
    else:
        run("UPDATE body SET identity = ?, gzip = ?, br = ? WHERE id = ?", (*finished.codings, body))
    row = (path, body, *columns, modified if date is None else date)
    run("REPLACE INTO document VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", row)
    return bool(etag != columns[ETAG])


def put_sources(run: Run, batch: Batch) -> None:
    """Write what is known of the sources."""
    left = iter(batch.sources.items())
    while part := dict(islice(left, WATCHED)):
        with batch.watch(part):
            for name, row in part.items():
                _put_source(run, name, row, batch.entries.get(name))


def rehearse(name: str, row: SourceRow[str], entry: str) -> None:
    """Write a source into a file in memory, for nothing: for a child that finds out whether that ends it."""
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.executescript(SCHEMA)
        _put_source(connection.execute, name, row, entry)


def _put_source(run: Run, name: str, row: SourceRow[str] | None, entry: str | None) -> None:
    """Write what is known of a source (None: nothing any more), and the text of its good version if that is another."""
    if row is None or row.listed is None:
        run("DELETE FROM entry WHERE name = ?", (name,))
    if row is None:
        run("DELETE FROM source WHERE name = ?", (name,))
    else:
        run("REPLACE INTO source VALUES (?, ?, ?, ?, ?)", (name, *pack_source(row)))
    if entry is not None:
        run("REPLACE INTO entry VALUES (?, ?)", (name, entry))
