"""The serving side of the publication: whole documents of the newest generation.

It imports neither what reads content nor what renders it, so that a worker that serves holds none of that.
"""

import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Self

from feedsvc.errors import Note, Problem
from feedsvc.publication.database import FOREIGN, StoreError, connect
from feedsvc.publication.rows import HEAD, STORED, Line, Said, Stored, load_problems, unpack, unpack_line
from feedsvc.publication.state import NAMES, NOTES, SITE_PROBLEMS, State

_READ = (
    f"SELECT number, {STORED} FROM generation "  # noqa: S608  # of constants
    "LEFT JOIN (document JOIN body ON body.id = document.body) ON path = ?"
)
_EVERY = f"SELECT {STORED} FROM document JOIN body ON body.id = document.body ORDER BY path"  # noqa: S608
_HEADS = f"SELECT {HEAD}, x'', NULL, NULL FROM document ORDER BY path"  # noqa: S608
_STATE = (
    "SELECT number, name, value FROM generation "  # noqa: S608  # of constants
    f"LEFT JOIN state ON name IN ({', '.join('?' * len(NAMES))})"
)


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
        return row[0], None if row[1] is None else unpack(row[1:])

    def generation(self) -> int:
        """The newest generation's number; 0 before the first publish."""
        return int(self._query("SELECT number FROM generation")[0][0])

    def state(self) -> tuple[int, State]:
        """The newest generation's number and what its publish left: one statement, so one generation."""
        rows = self._query(_STATE, *NAMES)
        return rows[0][0], State.from_rows({name: value for _, name, value in rows if name is not None})

    def every(self) -> Iterator[Stored]:
        """Every document of one generation, in order of path."""
        return map(unpack, self._query_lazily(_EVERY))

    def heads(self) -> Iterator[Stored]:
        """Every document of one generation without its body, in order of path."""
        return map(unpack, self._query_lazily(_HEADS))

    def site_problems(self) -> tuple[Problem, ...]:
        """What keeps the site from being followed as it stands."""
        return self._problems(Problem, SITE_PROBLEMS)

    def is_site_held(self) -> bool:
        """Whether there are such problems, whichever release found them."""
        return self._text(SITE_PROBLEMS) != "[]"

    def held_back(self) -> list[tuple[Problem, int]]:
        """Every problem that keeps an update's file from being published as it stands, and since when."""
        rows = self._query("SELECT problems, since FROM source WHERE problems IS NOT NULL ORDER BY name")
        try:
            return [(problem, since) for problems, since in rows for problem in load_problems(Problem, problems)]
        except ValueError as fault:
            raise StoreError(f"{FOREIGN}: {fault}") from fault

    def count_held_back(self) -> tuple[int, float | None]:
        """How many files are not published as they stand, and since when the first of them."""
        count, since = self._query("SELECT count(*), min(since) FROM source WHERE problems IS NOT NULL")[0]
        return count, since

    def listed(self) -> list[Line]:
        """All updates that are known by their file, drafts and what waits among them."""
        rows = self._query("SELECT listed FROM source WHERE listed IS NOT NULL ORDER BY name")
        try:
            return [unpack_line(listed) for (listed,) in rows]
        except ValueError as fault:
            raise StoreError(f"{FOREIGN}: {fault}") from fault

    def notes(self) -> tuple[Note, ...]:
        """What is published, but probably not as it is meant, and which files are passed over; by file and line."""
        return self._problems(Note, NOTES)

    def _problems(self, kind: type[Said], name: str) -> tuple[Said, ...]:
        try:
            return load_problems(kind, self._text(name))
        except ValueError as fault:
            raise StoreError(f"{FOREIGN}: {fault}") from fault

    def _text(self, name: str) -> str:
        rows = self._query("SELECT value FROM state WHERE name = ?", name)
        return str(rows[0][0]) if rows else "[]"

    def _query(self, statement: str, *values: str) -> list[Any]:
        return list(self._query_lazily(statement, *values))

    def _query_lazily(self, statement: str, *values: str) -> Iterator[Any]:
        try:
            yield from self._connection.execute(statement, values)
        except sqlite3.Error as fault:
            raise StoreError(f"cannot read the publication: {fault}") from fault


def read_state(publication: Path) -> tuple[int, State]:
    """The newest generation's number and what its publish left; 0 and nothing where there is none to read."""
    try:
        with Reader(publication) as reader:
            return reader.state()
    except StoreError:
        return 0, State()
