"""What a publisher remembers of the pointer, in a small file beside the publication: which words there are its own.

It is written before the pointer is moved. So whoever finds it after a crash knows the word that may have arrived.
"""

import json
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from feedsvc.content.replacing import replace_file
from feedsvc.publication.database import StoreError


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """Digests of generations: the one that ``stands`` by this publisher's doing or consent, and one ``proposed``.

    ``generation`` is the number of the one that stands.
    ``gave_way`` is when it last adopted what another publisher wrote, in seconds since 1970. ``is_over`` says that it
    met another one once more, and stopped.
    """

    stands: str = ""
    generation: int = 0
    proposed: str = ""
    gave_way: float = 0.0
    is_over: bool = False


_KINDS: dict[str, type] = {"stands": str, "generation": int, "proposed": str, "gave_way": float, "is_over": bool}


def record_path(publication: Path) -> Path:
    """Where a publication's record lies."""
    return publication.with_name(publication.name + "-replica")


def read_record(publication: Path) -> Record:
    """What was noted; nothing where there is no such file, or another release wrote it."""
    with suppress(OSError, ValueError, TypeError, LookupError):
        found: dict[str, Any] = json.loads(record_path(publication).read_text())
        return Record(**{name: kind(found[name]) for name, kind in _KINDS.items()})
    return Record()


def write_record(publication: Path, record: Record) -> None:
    """Note it, so that it is there after a crash of the machine; StoreError when that cannot be done."""
    path = record_path(publication)
    try:
        replace_file(path, json.dumps(asdict(record)).encode())
    except OSError as fault:
        raise StoreError(f"cannot write {path}: {fault.strerror}") from fault
