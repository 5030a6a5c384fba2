"""One generation as another service, or a bucket, takes it over: what a store is told of it, and compared with."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

from feedsvc.publication.database import StoreError, connect
from feedsvc.publication.memory import ClaimRow, memory_path
from feedsvc.publication.reader import Reader
from feedsvc.publication.rows import Codings

REPLICA = "replica"  # a row of the state: which generation of a store of replicas stands here
_ROWS = (
    "SELECT path, key, kind, media_type, etag, tags, links, page_path, policy, expires, modified FROM document "
    "ORDER BY path"
)
_BODY = "SELECT identity, gzip, br FROM document JOIN body ON body.id = document.body WHERE path = ?"
_CLAIMS = "SELECT id, generation, source, slug, written, given FROM claim WHERE generation <= ? ORDER BY 1, 2"


class Snapshot(Reader):
    """One generation, whatever is committed meanwhile; not for long, because the write-ahead log grows by it."""

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self._path = path
        self._connection.execute("BEGIN")

    def rows(self) -> Iterator[tuple[Any, ...]]:
        """Every document but for its body, in order of path."""
        return self._query_lazily(_ROWS)

    def codings(self, path: str) -> Codings:
        """The stored body of a document that is there."""
        ((identity, gzip, br),) = self._query(_BODY, path)
        return identity, gzip, br

    def replica(self) -> str:
        """What whoever took a generation over noted of it, as JSON; an empty list if nobody did."""
        return self._text(REPLICA)

    def claims(self) -> list[ClaimRow]:
        """What the memory knows up to this generation; StoreError when it cannot be read."""
        try:
            with closing(connect(memory_path(self._path), mode="ro")) as connection:
                return connection.execute(_CLAIMS, (self.generation(),)).fetchall()
        except sqlite3.Error as fault:
            raise StoreError(f"cannot read the memory {memory_path(self._path)}: {fault}") from fault
