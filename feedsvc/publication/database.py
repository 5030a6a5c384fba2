"""The SQLite files of a publication: how they are opened, set aside when they are damaged, and what is said of them."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from feedsvc.errors import FeedsvcError

BUSY_SECONDS = 5.0
PAGE_OCTETS = 8192  # two pages for most documents, of which one would be half empty if pages were larger
Run = Callable[..., sqlite3.Cursor]  # executes a statement
FOREIGN = "the publication was written by another release"


class StoreError(FeedsvcError):
    """The publication cannot be written or read now; the text says why. What is published stays as it is."""


def number_path(publication: Path) -> Path:
    """Where the newest generation's number of a publication is shared."""
    return publication.with_name(publication.name + "-generation")


def connect(path: Path, mode: str = "rwc", patience: float = BUSY_SECONDS) -> sqlite3.Connection:
    """A connection that waits ``patience`` seconds for a lock; ``mode`` is SQLite's (``ro`` or ``rwc``)."""
    connection = sqlite3.connect(
        f"{path.absolute().as_uri()}?mode={mode}", uri=True, isolation_level=None, timeout=patience
    )
    connection.execute("PRAGMA temp_store = MEMORY")  # where all else is read-only there is no folder for such files
    if mode == "rwc":
        connection.execute(f"PRAGMA page_size = {PAGE_OCTETS}")  # of a file that is just being made
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = NORMAL")  # a crash of the machine may lose a publish, never the file
    return connection


def open_usable(
    path: Path, prepare: Callable[[sqlite3.Connection], bool], doing: str, patience: float = BUSY_SECONDS
) -> sqlite3.Connection:
    """A file that ``prepare`` finds usable; one that is damaged, or that it does not, makes way for a new one first.

    StoreError where it cannot be opened: what was being done is in its words.
    """
    try:
        connection = connect(path, patience=patience)
        if prepare(connection):
            return connection
        connection.close()
    except sqlite3.OperationalError as fault:
        raise StoreError(f"cannot {doing}: {fault}") from fault
    except sqlite3.DatabaseError:
        pass
    set_aside(path)
    return open_usable(path, prepare, doing, patience)


@contextmanager
def transaction(connection: sqlite3.Connection) -> Iterator[Run]:
    """What runs statements: all of those in the block count, or none does."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield connection.execute
        connection.execute("COMMIT")
    except BaseException:
        with suppress(sqlite3.Error):
            connection.execute("ROLLBACK")
        raise


def set_aside(path: Path) -> None:
    """Make way for a new file. The file itself goes last: a new one must not meet the old one's log."""
    for suffix in ("-wal", "-shm", ""):
        part = path.with_name(path.name + suffix)
        if part.exists():
            part.replace(part.with_name(f"{path.name}.damaged{suffix}"))
