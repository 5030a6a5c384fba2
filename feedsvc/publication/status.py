"""How publishing goes: what the publishing process and its supervisor say of themselves, in a small file for all.

The file lies beside the publication. It is of a fixed size and is written over in place, so that it can still be
written on a full disk, and in a folder that takes no new files. Where it cannot be written, its silence says enough:
nobody is heard of. Each of the two has a part of the file, with a checksum, for a reader may come amid a write.
"""

import json
import os
import zlib
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from enum import Enum
from pathlib import Path
from struct import Struct
from typing import TypeVar

from feedsvc.system import flags, write_at

SAID_AT_MOST = 1_000  # characters kept of what it said last
PART = 8_192  # octets: more than the longest record takes
TRIES = 5  # to read a part that is just being written
OUTCOMES = ("published", "unchanged", "held", "failed")
_HEAD = Struct("<II")  # checksum and length


class Cause(Enum):
    """A state in which a saved file does not appear in time.

    ``label`` is its name in metrics, ``words`` are for anybody and so never of a file, ``way_out`` is for the log.
    """

    NO_PUBLISHER = (
        "no-publisher",
        "nobody publishes",
        "start the service without FEEDSVC_PUBLISHER=off, or keep feedsvc publish --watch running",
    )
    PUBLISHER_ENDS = (
        "publisher-ends",
        "the publishing process ends again and again",
        "until it stays, no saved file appears; the lines before this one say why it ends",
    )
    CONTENT_UNUSABLE = (
        "content-unusable",
        "the content cannot be used",
        "mend it, put the folder back, or name another one in FEEDSVC_CONTENT",
    )
    PUBLICATION_UNWRITABLE = (
        "publication-unwritable",
        "the publication cannot be written",
        "give the service room and the right to write there, or name another place in FEEDSVC_PUBLICATION",
    )
    CHANGE_HELD = ("change-held", "a change that takes much away waits to be confirmed")
    CONTENT_LOCKED = (
        "content-locked",
        "version control is at work on the content",
        "if no such program runs any more, delete that file",
    )
    CONTENT_UNSETTLED = (
        "content-unsettled",
        "the content does not come to rest",
        "whoever writes there must pause for a second",
    )
    PUBLISHING_FAILS = ("publishing-fails", "publishing fails", "it is tried again and again")
    OUT_OF_MEMORY = (
        "out-of-memory",
        "publishing needs more memory than there is",
        "the publishing process ends and another one starts; give it more memory, or look for an enormous file",
    )
    PUBLISHING_SLOW = (
        "publishing-slow",
        "what was saved is not published yet",
        "there is much to do, and it goes on; give the service more cores where that is often so",
    )
    REPLICAS_UNHEARD = ("replicas-unheard", "the store of replicas is not heard of", "it is tried every second or two")
    REPLICAS_UNUSABLE = (
        "replicas-unusable",
        "what the store of replicas says cannot be used",
        "what is published stays, and it is tried every second or two",
    )
    OTHER_PUBLISHER = ("other-publisher", "another publisher writes to the store of replicas")
    SITE_HELD = ("site-held-back", "the description of the site is not followed")
    FILES_HELD = ("files-held-back", "files are held back")

    def __init__(self, label: str, words: str, way_out: str = "") -> None:
        self.label = label
        self.words = words
        self.way_out = way_out


CAUSES = {cause.label: cause for cause in Cause}


@dataclass(frozen=True, slots=True, kw_only=True)
class Publishing:
    """What the publishing process says of itself; instants are in seconds since 1970.

    ``cause`` is the label of what keeps it from publishing, empty while nothing does, and ``since`` is when that
    began. ``behind`` is since when something saved may not be published. ``counts`` are of all such processes.
    """

    pid: int = 0
    started: float = 0.0
    beat: float = 0.0  # when it was last heard of
    is_over: bool = False
    behind: float | None = None
    cause: str = ""
    since: float = 0.0
    said: str = ""
    seconds: float = 0.0  # that the last publish took
    counts: Mapping[str, int] = field(default_factory=lambda: dict.fromkeys(OUTCOMES, 0))


@dataclass(frozen=True, slots=True, kw_only=True)
class Supervision:
    """What the supervisor says of the processes it started: ``deaths`` in a row, ``since`` the first of them."""

    deaths: int = 0
    since: float = 0.0
    said: str = ""
    total: int = 0  # deaths in all


@dataclass(frozen=True, slots=True, kw_only=True)
class Replication:
    """What the process says of itself that hands generations to a store of replicas, or takes them from there.

    ``agreed`` is when the store last said what stands here, too, or 0 where there is no such store; ``generation`` is
    what stood then. ``cause`` is the label of what was wrong since, empty while nothing was.
    """

    agreed: float = 0.0
    generation: int = 0
    cause: str = ""
    said: str = ""


Record = TypeVar("Record", Publishing, Supervision, Replication)
_PARTS: dict[type, int] = {Publishing: 0, Supervision: PART, Replication: 2 * PART}


def status_path(publication: Path) -> Path:
    """Where a publication's status is kept."""
    return publication.with_name(publication.name + "-status")


def read_status(publication: Path, kind: type[Record]) -> Record | None:
    """What was last said; None when nothing can be read."""
    for _ in range(TRIES):
        try:
            octets = status_path(publication).read_bytes()[_PARTS[kind] :][:PART]
        except OSError:
            return None
        if len(octets) < PART:
            return None
        checksum, length = _HEAD.unpack_from(octets)
        text = octets[_HEAD.size : _HEAD.size + length]
        if length and zlib.crc32(text) == checksum:
            names = {known.name for known in fields(kind)}
            return kind(**{name: value for name, value in json.loads(text).items() if name in names})
    return None


def write_status(publication: Path, record: Publishing | Supervision | Replication) -> OSError | None:
    """Say it, or give what keeps us from it. A folder that is gone does not: whoever publishes makes it again."""
    text = json.dumps(asdict(replace(record, said=record.said[:SAID_AT_MOST])), ensure_ascii=False)
    octets = text.encode(errors="replace")
    part = (_HEAD.pack(zlib.crc32(octets), len(octets)) + octets).ljust(PART, b"\0")
    try:
        descriptor = os.open(status_path(publication), os.O_WRONLY | os.O_CREAT | flags(), 0o644)
        try:
            write_at(descriptor, part, _PARTS[type(record)])
        finally:
            os.close(descriptor)
    except FileNotFoundError:
        return None
    except OSError as fault:
        return fault
    return None
