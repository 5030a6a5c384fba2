"""What lies in the content folder, by stamps: what has an equal stamp has not changed since it was read."""

import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from feedsvc.content.folder import look_over, stamp_of
from feedsvc.content.ignored_files import note_ignored
from feedsvc.errors import ContentError, Note, Problem


@dataclass(frozen=True, slots=True, kw_only=True)
class Delta:
    """What differs from what is known: stamps of sources that came or changed, and the names of those that went.

    ``site`` and ``files`` are the stamps of ``site.yaml`` and of everything below ``content/files``, changed or not.
    ``ignored`` is what is to be said of files that are no sources, where all was looked at.
    """

    changed: Mapping[str, str]
    gone: frozenset[str]
    site: str
    files: Mapping[str, str]
    ignored: tuple[Note, ...] | None = None


def scan_all(root: Path, known: Mapping[str, str]) -> Delta:
    """The whole content folder, against the stamps of the sources as they are known."""
    updates = look_over(root)
    found = updates.stamps
    for name in [name for name in found if not name.isascii()]:
        found[legible(name)] = found.pop(name)
    return Delta(
        changed={name: stamp for name, stamp in found.items() if known.get(name) != stamp},
        gone=frozenset(known.keys() - found.keys()),
        site=file_stamp(root / "site.yaml"),
        files=dict(_files(root / "files")),
        ignored=note_ignored(root, updates),
    )


def scan_named(root: Path, known: Mapping[str, str], names: Iterable[str]) -> Delta:
    """Only the sources of those names, for who was told that nothing else changed among them."""
    found = {name: stamp for name in names if (stamp := _source_stamp(root / name.partition("/")[2]))}
    return Delta(
        changed={name: stamp for name, stamp in found.items() if known.get(name) != stamp},
        gone=frozenset(name for name in names if name in known and name not in found),
        site=file_stamp(root / "site.yaml"),
        files=dict(_files(root / "files")),
    )


def legible(name: str) -> str:
    """The name with octets that are no UTF-8 written as escapes: what can be stored, logged and shown."""
    return name.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")


def check_name(root: Path, name: str) -> None:
    """ContentError when a source has this name only because its own is not legible."""
    if "\\x" in name and not os.path.lexists(root / name.partition("/")[2]):
        what = "the file's name is not UTF-8"
        fix = "rename it with lower-case letters, digits and hyphens, such as 2026-03-01-masks-are-back.yaml"
        raise ContentError([Problem(file=name, message=what, fix=fix)])


def _source_stamp(path: Path) -> str:
    """The stamp as ``look_over`` would give it: that of the link where one leads nowhere."""
    try:
        own = path.lstat()
    except OSError:
        return ""
    return file_stamp(path) or stamp_of(own)


def file_stamp(path: Path) -> str:
    """What tells one version of a file from another; empty when there is none."""
    try:
        return stamp_of(path.stat())
    except OSError:
        return ""


def _files(folder: Path) -> Iterator[tuple[str, str]]:
    for parent, folders, names in os.walk(folder):
        folders.sort()
        for name in sorted(names):
            path = Path(parent, name)
            yield legible(path.relative_to(folder).as_posix()), file_stamp(path)
