"""The tables of the publication, in both directions: what is written there is read by the same module.

Of sources and of the publisher's own state the tables hold texts that only the publisher understands.
"""

import json
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Generic, NamedTuple, TypeVar

from feedsvc.errors import Problem
from feedsvc.kinds import BY_NAME, Kind
from feedsvc.model import Document
from feedsvc.publication.coding import Variants, decode
from feedsvc.publication.database import FOREIGN, StoreError

FORMAT = 4  # of the tables; a file of another format was written by another release, and is rebuilt
SCHEMA = """
CREATE TABLE IF NOT EXISTS state (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS generation (one INTEGER PRIMARY KEY CHECK (one = 1), number INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS document (
    path TEXT PRIMARY KEY, body INTEGER NOT NULL, key TEXT NOT NULL, kind TEXT NOT NULL, media_type TEXT NOT NULL,
    etag TEXT NOT NULL, tags TEXT NOT NULL, links TEXT NOT NULL, page_path TEXT, policy TEXT, expires INTEGER,
    modified INTEGER NOT NULL
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS body (id INTEGER PRIMARY KEY, identity BLOB, gzip BLOB, br BLOB);
CREATE TABLE IF NOT EXISTS source (
    name TEXT PRIMARY KEY, stamp TEXT NOT NULL, listed TEXT, problems TEXT, since INTEGER
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS entry (name TEXT PRIMARY KEY, loaded TEXT NOT NULL);
INSERT OR IGNORE INTO generation VALUES (1, 0);
"""
# see ``unpack``
HEAD = "path, kind, media_type, modified, etag, tags, links, page_path, policy, expires"
STORED = f"{HEAD}, identity, gzip, br"
KIND, ETAG = 1, 3  # their places among the columns of a finished document
Said = TypeVar("Said", bound=Problem)
Kept = TypeVar("Kept")
Codings = tuple[bytes | None, bytes | None, bytes | None]  # identity, gzip and brotli, each where it is stored


class Finished(NamedTuple):
    """A rendered document as the tables hold it, for it may have been made in another process.

    ``columns`` are those of ``document`` besides path, body and modified. ``codings`` are those of ``body``: identity,
    gzip and brotli, without the first where the second holds it.
    """

    path: str
    columns: tuple[str | int | None, ...]
    codings: Codings


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
    policy: str | None
    expires: int | None
    variants: Variants


class SourceRow(NamedTuple, Generic[Kept]):
    """What is known of a source file: its stamp when last read, the good version in force, and why it is held back.

    ``listed`` is the publisher's line of that version, here its text, of which ``Line`` is what operators are told.
    ``since`` is when the file began to be held back, in seconds since 1970.
    """

    stamp: str
    listed: Kept | None
    problems: tuple[Problem, ...] = ()
    since: int | None = None


class Line(NamedTuple):
    """An update as operators are told of it; ``published`` is in seconds since 1970."""

    source: str
    title: str
    published: int
    is_draft: bool


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
        document.policy,
        document.expires,
    )
    identity = variants.identity if variants.gzip is None else None
    return Finished(document.path, columns, (identity, variants.gzip, variants.br))


def unpack(row: Sequence[Any]) -> Stored:
    """A row of ``STORED``. StoreError when it is damaged, or of a kind that only another release knows."""
    path, kind, media_type, modified, etag, tags, links, page_path, policy, expires, identity, gzip, br = row
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
        policy=policy,
        expires=expires,
        variants=Variants(identity, gzip, br),
    )


def pack_source(row: SourceRow[str]) -> tuple[str | int | None, ...]:
    """The columns of ``source`` after its name."""
    return row.stamp, row.listed, dump_problems(row.problems) if row.problems else None, row.since


def unpack_source(columns: Sequence[Any]) -> SourceRow[str]:
    """The columns of ``source`` after its name; ValueError when they make no sense."""
    stamp, listed, problems, since = columns
    found = load_problems(Problem, problems) if problems else ()
    return SourceRow(stamp=stamp, listed=listed, problems=found, since=since)


def unpack_line(listed: str) -> Line:
    """What operators are told of an update; ValueError when that makes no sense."""
    try:
        line = json.loads(listed)
        return Line(line["source"], line["title"], line["published"], line["draft"])
    except (LookupError, TypeError) as fault:
        raise ValueError(str(fault)) from fault


def dump_problems(problems: Iterable[Problem]) -> str:
    """Problems or notes as text."""
    return json.dumps([asdict(problem) for problem in problems])


def load_problems(kind: type[Said], text: str) -> tuple[Said, ...]:
    """What ``dump_problems`` wrote of problems of that kind; ValueError when it makes no sense."""
    try:
        return tuple(kind(**problem) for problem in json.loads(text))
    except TypeError as fault:
        raise ValueError(str(fault)) from fault
