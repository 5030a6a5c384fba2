"""The serving side of the publication: whole documents of the newest generation.

It imports neither what reads content nor what renders it, so that a worker that serves holds none of that.
"""

import json
import sqlite3
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple, Self

from feedsvc.errors import FeedsvcError, Note, Problem
from feedsvc.kinds import BY_NAME, Kind
from feedsvc.publication.coding import Variants, decode

BUSY_SECONDS = 5.0
PAGE_OCTETS = 8192  # two pages for most documents, of which one would be half empty if pages were larger
FOREIGN = "the publication was written by another release"
_READ = """
SELECT number, path, kind, media_type, modified, etag, tags, links, page_path, expires, identity, gzip, br
FROM generation LEFT JOIN (document JOIN body ON body.id = document.body) ON path = ?
"""
_EVERY = """
SELECT path, kind, media_type, modified, etag, tags, links, page_path, expires, identity, gzip, br
FROM document JOIN body ON body.id = document.body ORDER BY path
"""


@dataclass(frozen=True, slots=True, kw_only=True, weakref_slot=True)
class Stored:
    """A document as the publication holds it; ``etag`` is the bare tag of its identity bytes.

    ``modified`` is the first whole second after these bytes were committed, and so up to a second ahead; ``expires`` is
    when the first update that it shows expires. Both are in seconds since 1970.
    """

    path: str
    kind: Kind
    media_type: str
    modified: int
    etag: str
    tags: tuple[str, ...]
    links: tuple[tuple[str, str, str], ...]
    page_path: str | None
    expires: int | None
    variants: Variants


class Line(NamedTuple):
    """An update as operators are told of it; ``published`` is in seconds since 1970."""

    source: str
    title: str
    published: int
    is_draft: bool


class StoreError(FeedsvcError):
    """The publication cannot be written or read now; the text says why. What is published stays as it is."""


def number_path(publication: Path) -> Path:
    """Where the newest generation's number of a publication is shared."""
    return publication.with_name(publication.name + "-generation")


class Reader:
    """The serving side of the publication: reads whole documents of the newest generation, never writes.

    Not shared between threads. Raises StoreError while there is no publication to read.
    """

    def __init__(self, path: Path) -> None:
        try:
            self._connection = connect(path, mode="ro")
        except sqlite3.Error as fault:
            raise StoreError(f"no publication at {path}: {fault}") from fault

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the file."""
        self._connection.close()

    def read(self, path: str) -> tuple[int, Stored | None]:
        """The newest generation's number and its document at ``path``: one statement, so one generation."""
        row = self._query(_READ, path)[0]
        return row[0], None if row[1] is None else _stored(row[1:])

    def state(self) -> tuple[int, dict[str, str]]:
        """The newest generation's number and what its publish noted: one statement, so one generation."""
        rows = self._query("SELECT number, name, value FROM generation LEFT JOIN state")
        return rows[0][0], {name: value for _, name, value in rows if name is not None}

    def every(self) -> Iterator[Stored]:
        """Every document of one generation, in order of path."""
        return (_stored(row) for row in self._query_lazily(_EVERY))

    def held_back(self) -> list[tuple[Problem, int]]:
        """Every problem that keeps a file from being published as it stands, and since when."""
        rows = self._query("SELECT problems, since FROM source WHERE problems IS NOT NULL ORDER BY name")
        try:
            return [(Problem(**problem), since) for problems, since in rows for problem in json.loads(problems)]
        except (TypeError, ValueError) as fault:
            raise StoreError(f"{FOREIGN}: {fault}") from fault

    def count_held_back(self) -> tuple[int, float | None]:
        """How many files are not published as they stand, and since when the first of them."""
        count, since = self._query("SELECT count(*), min(since) FROM source WHERE problems IS NOT NULL")[0]
        return count, since

    def listed(self) -> list[Line]:
        """All updates that are known by their file, drafts and what waits among them."""
        rows = self._query("SELECT listed FROM source WHERE listed IS NOT NULL ORDER BY name")
        try:
            lines = [json.loads(line) for (line,) in rows]
            return [Line(line["source"], line["title"], line["published"], line["draft"]) for line in lines]
        except (LookupError, TypeError, ValueError) as fault:
            raise StoreError(f"{FOREIGN}: {fault}") from fault

    def notes(self) -> list[Note]:
        """What is published, but probably not as it is meant, and which files are passed over; by file and line."""
        return [Note(**note) for note in json.loads(self.state()[1].get("notes", "[]"))]

    def _query(self, statement: str, *values: str) -> list[Any]:
        return list(self._query_lazily(statement, *values))

    def _query_lazily(self, statement: str, *values: str) -> Iterator[Any]:
        try:
            yield from self._connection.execute(statement, values)
        except sqlite3.Error as fault:
            raise StoreError(f"cannot read the publication: {fault}") from fault


def _stored(row: tuple[Any, ...]) -> Stored:
    path, kind, media_type, modified, etag, tags, links, page_path, expires, identity, gzip, br = row
    if identity is None:
        try:
            identity = decode(gzip)
        except zlib.error as fault:
            raise StoreError(f"cannot read {path} in the publication: {fault}") from fault
    if kind not in BY_NAME:
        raise StoreError(f"{FOREIGN}: {path} is of the kind {kind!r}")
    return Stored(
        path=path,
        kind=BY_NAME[kind],
        media_type=media_type,
        modified=modified,
        etag=etag,
        tags=tuple(tags.split()),
        links=tuple((rel, url, media_type) for rel, url, media_type in json.loads(links)),
        page_path=page_path,
        expires=expires,
        variants=Variants(identity, gzip, br),
    )


def connect(path: Path, mode: str = "rwc", patience: float = BUSY_SECONDS) -> sqlite3.Connection:
    """A connection that waits ``patience`` seconds for a lock; ``mode`` is SQLite's (``ro`` or ``rwc``)."""
    connection = sqlite3.connect(
        f"{path.absolute().as_uri()}?mode={mode}", uri=True, isolation_level=None, timeout=patience
    )
    if mode == "rwc":
        connection.execute(f"PRAGMA page_size = {PAGE_OCTETS}")  # of a file that is just being made
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = NORMAL")  # a crash of the machine may lose a publish, never the file
    return connection
