"""How many requests were answered, by kind of document and status: counted in memory that all workers share.

Each process counts in a file of its own, so no count is lost to another; who asks adds the files up. A file is taken
over by the next process when its own has died, so that counts only ever grow and files do not pile up.
"""

import mmap
from collections import Counter
from contextlib import suppress
from functools import lru_cache
from pathlib import Path

from feedsvc.kinds import KINDS
from feedsvc.system import lock, write_at

OTHER = "other"  # what is no document
_NAMES = tuple(kind.name for kind in KINDS)
# a place in the file each, which an upgrade keeps: kinds that came later stand behind what is no document
ROWS = (*_NAMES[:8], OTHER, *_NAMES[8:])
# a place in the file each, which an upgrade keeps: 301 has the one of 308, which it replaced
STATUSES = (200, 204, 206, 303, 304, 301, 400, 404, 405, 406, 416, 500, 503)
COLUMNS = (*STATUSES, 0)  # 0: any status that is not in the table
WIDTH = 8  # octets a cell
SIZE = len(ROWS) * len(COLUMNS) * WIDTH
FILES_AT_MOST = 1024


def counts_folder(publication: Path) -> Path:
    """Where the processes of a service keep their counts."""
    return publication.with_name(publication.name + "-counts")


@lru_cache(maxsize=1024)
def cell(kind: str, status: str) -> int:
    """Where answers of that kind and status (``"200 OK"``) are counted."""
    row = ROWS.index(kind)
    code = int(status[:3])
    column = STATUSES.index(code) if code in STATUSES else len(STATUSES)
    return row * len(COLUMNS) + column


def take_counts(folder: Path) -> "memoryview[int]":
    """What this process counts in: ``counts[cell(kind, status)] += 1`` counts an answer.

    It is in a file that no living process counts in; memory of our own where none can be had.
    """
    with suppress(OSError):  # a service that cannot count still serves
        folder.mkdir(exist_ok=True)
        for number in range(FILES_AT_MOST):
            path = folder / str(number)
            path.touch()
            with path.open("r+b", buffering=0) as file, suppress(BlockingIOError):
                lock(file.fileno())  # as long as the map is there, which keeps the file
                # Every octet is written as it is: on a full disk, counting in one that has no room yet would kill.
                write_at(file.fileno(), file.read(SIZE).ljust(SIZE, b"\0"), 0)
                return memoryview(mmap.mmap(file.fileno(), SIZE)).cast("Q")
    return memoryview(mmap.mmap(-1, SIZE)).cast("Q")


def add_up(folder: Path) -> Counter[tuple[str, int]]:
    """What all processes have counted, by kind and status; without what was never met."""
    total: Counter[tuple[str, int]] = Counter()
    for path in sorted(folder.glob("*")):
        for number, count in enumerate(memoryview(path.read_bytes()[:SIZE].ljust(SIZE, b"\0")).cast("Q")):
            if count:
                row, column = divmod(number, len(COLUMNS))
                total[ROWS[row], COLUMNS[column]] += count
    return total
