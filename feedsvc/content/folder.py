"""The content folder: what lies in it, and its files read once, whole and unchanged.

Regular files only. Nothing is opened before it is known to be one, so that a named pipe cannot hold a reading for ever,
and nothing outside the folder is read, whatever a link says.
"""

import os
import stat
from contextlib import suppress
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from feedsvc.content.front_matter import MARKDOWN
from feedsvc.content.source import Source
from feedsvc.content.source_text import SOURCE_LIMIT, too_large
from feedsvc.errors import ContentError, FeedsvcError, Problem
from feedsvc.system import flags

SITE = "site.yaml"
UPDATES = "updates"
ENDINGS = (".yaml", ".yml", MARKDOWN)
LEFTOVERS = (".", "#", "~")  # what editors leave beside a file: swap, lock and autosave files
READ_BY_PEOPLE = ("readme", "license")  # names of files that people leave for each other, whatever their endings
_PUT = "put a readable file inside the content folder in its place"
_BEGIN = f"name the folder that holds {SITE} by FEEDSVC_CONTENT, or begin a new site with: feedsvc init DIRECTORY"


class UnsettledError(FeedsvcError):
    """A file changed while it was being read; its writer is not done, so read it again a little later."""


class OutsideError(FeedsvcError):
    """Not a regular file inside its folder; the text says what it is instead."""


class Updates(NamedTuple):
    """What lies in ``updates/``: of sources, by their names as messages show them, the stamps of what they lead to.

    ``others`` are no sources, or folders in the place of one.
    """

    stamps: dict[str, str]
    others: list[os.DirEntry[str]]


def stamp_of(status: os.stat_result) -> str:
    """What changes when a file is written to or replaced: mtime and ctime in ns, size, inode."""
    return f"{status.st_mtime_ns}:{status.st_ctime_ns}:{status.st_size}:{status.st_ino}"


def source_name(root: Path, relative: str) -> str:
    """The name of a file below the content folder as messages show it: ``content/updates/2026-03-01-masks.yaml``."""
    return f"{root.name or root.resolve().name}/{relative}"


def is_source(name: str) -> bool:
    """Whether a file of this name in ``updates/`` is an update."""
    lower = name.lower()
    if not lower.endswith(ENDINGS) or lower.startswith(LEFTOVERS):
        return False
    return not lower.endswith(MARKDOWN) or lower.split(".")[0] not in READ_BY_PEOPLE


def list_sources(root: Path) -> dict[str, str]:
    """The updates by name, in that order, with their stamps; ContentError when the folder cannot be listed.

    Editors' leftovers and other subfolders are passed over. What is no regular file is listed too, a folder in the
    place of an update among them: reading it says why it cannot be used.
    """
    return dict(sorted(look_over(root).stamps.items()))


def look_over(root: Path) -> Updates:
    """All of ``updates/``, in no order, from one pass over it; ContentError when the folder cannot be listed."""
    prefix = f"{source_name(root, UPDATES)}/"
    stamps: dict[str, str] = {}
    others = []
    try:
        with os.scandir(root / UPDATES) as entries:
            for entry in entries:
                if is_source(entry.name):
                    stamps[prefix + entry.name] = _stamp(entry)
                    if not entry.is_dir(follow_symlinks=False):
                        continue
                others.append(entry)
    except OSError as error:
        what = f"the folder cannot be read ({error.strerror})"
        raise ContentError([Problem(file=prefix.rstrip("/"), message=what, fix=_BEGIN)]) from None
    return Updates(stamps, others)


def read_source(root: Path, name: str) -> Source:
    """A source by its listed name (or ``source_name(root, SITE)``).

    ContentError when it cannot be used, UnsettledError when it changed while it was being read.
    """
    relative = name.partition("/")[2]
    try:
        data = read_inside(root, relative, SOURCE_LIMIT)
    except OutsideError as error:
        raise ContentError([Problem(file=name, message=str(error), fix=_PUT)]) from None
    except OSError as error:
        what, fix = f"the file cannot be read ({error.strerror})", _PUT if root.exists() else _BEGIN
        raise ContentError([Problem(file=name, message=what, fix=fix)]) from None
    if isinstance(data, int):
        raise ContentError([too_large(name, data)])
    return Source(name, data)


def read_inside(root: Path, relative: str, limit: int) -> bytes | int:
    """The bytes of a regular file that stays inside ``root``, or its size when that is beyond ``limit``.

    OutsideError, UnsettledError, or OSError as the system says it.
    """
    real, mode = _resolve(root, relative)
    if not stat.S_ISREG(mode):  # asked before opening, for opening a pipe or a device can hang or act
        raise OutsideError("this is not a regular file")
    descriptor = os.open(real, os.O_RDONLY | flags("O_NONBLOCK", "O_NOFOLLOW"))
    try:
        before = os.fstat(descriptor)
        if before.st_size > limit:
            return before.st_size
        data = os.read(descriptor, before.st_size + 1)
        after = os.fstat(descriptor)
    finally:
        os.close(descriptor)
    if stamp_of(before) != stamp_of(after) or len(data) != before.st_size:
        raise UnsettledError(f"{relative} changed while it was being read")
    return data


def _resolve(root: Path, relative: str) -> tuple[str, int]:
    """The path without links, and the mode of what is there; OutsideError when it leads out of ``root``."""
    folder, _, name = relative.rpartition("/")
    top = str(root)
    inside, parent = _real_folders(top, folder, _inode(top), _inode(f"{top}/{folder}"))
    real = f"{parent}/{name}"
    mode = os.lstat(real).st_mode
    is_link = stat.S_ISLNK(mode)
    if is_link:
        real = os.path.realpath(real)
    if not real.startswith(inside + os.sep):
        raise OutsideError("the link leads out of its folder")
    return real, os.lstat(real).st_mode if is_link else mode


@lru_cache(maxsize=64)
def _real_folders(root: str, folder: str, *_inodes: int) -> tuple[str, str]:
    """Both without links; the inodes tell when a folder or link was replaced."""
    inside = os.path.realpath(root)
    return inside, os.path.realpath(os.path.join(inside, folder))  # noqa: PTH118  # pathlib costs more


def _inode(path: str) -> int:
    return os.stat(path).st_ino  # noqa: PTH116  # pathlib costs more


def _stamp(entry: os.DirEntry[str]) -> str:
    """The stamp of what the entry leads to, or of a link that leads nowhere; zeros where the system says none."""
    try:
        found = entry.stat()
        return stamp_of(found) if found.st_ino else stamp_of(os.stat(entry.path))  # noqa: PTH116  # on Windows
    except OSError:
        with suppress(OSError):
            return stamp_of(entry.stat(follow_symlinks=False))
    return "0:0:0:0"


@lru_cache(maxsize=1)  # asked for by every update whose name cannot serve, of which there may be thousands
def stems(folder: Path, _modified: int) -> frozenset[str]:
    """The names of the sources in a folder without their endings, as long as it stays as it was modified."""
    return frozenset(os.path.splitext(name)[0] for name in os.listdir(folder) if is_source(name))  # noqa: PTH122, PTH208
