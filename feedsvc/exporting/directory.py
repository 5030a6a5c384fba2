"""An export into a directory that any static host can serve: files, compressed twins, and the fields in a file.

Everything is written beside its place first and then moved into it, so that a full disk leaves the last export whole.
What an earlier export wrote and this one does not is removed; what somebody else put there is never touched, and a
folder that holds other things is not taken for one to export to.
"""

import json
import os
import shutil
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from feedsvc.errors import SAID_AT_MOST, cut, printable
from feedsvc.exporting import apache, nginx
from feedsvc.exporting.host_files import headers_file, redirects_file
from feedsvc.exporting.placing import is_in_the_way, make_folders, move, remove, unplaced
from feedsvc.exporting.record import ExportError
from feedsvc.exporting.rules import Rules, make_rules
from feedsvc.exporting.stand_ins import stand_ins
from feedsvc.exporting.tree import ExportedFile, Redirect, former_cards, read_tree
from feedsvc.kinds import BROTLI_BEST
from feedsvc.publication.coding import encode
from feedsvc.publication.reader import Reader
from feedsvc.system import CAN_LOCK, flags, lock

MANIFEST = ".feedsvc-export.json"
STAGING = ".feedsvc-staging"
HEADERS, REDIRECTS = "_headers", "_redirects"  # in the words of hosts that read them
ENDINGS = {"identity": "", "gzip": ".gz", "br": ".br"}  # of a file and its twins
HOSTS: dict[str, Callable[[Rules], str]] = {  # what hosts read
    HEADERS: headers_file,
    REDIRECTS: redirects_file,
    nginx.NAME: nginx.nginx_file,
    apache.NAME: apache.apache_file,
    ".nojekyll": lambda _rules: "",
}


@dataclass(frozen=True, slots=True)
class Staged:
    """What an export holds: how many documents, the names of all files, and what some hosts would leave out of it."""

    count: int
    names: list[str]
    warnings: list[str]


def export_directory(reader: Reader, target: Path, on_wait: Callable[[], None] = lambda: None) -> Staged:
    """Write every document to ``target``, but for files that are there as they should be.

    One export at a time writes there: ``on_wait`` is called before this one waits for another. ExportError leaves the
    last export as it was.
    """
    try:
        target.mkdir(parents=True, exist_ok=True)
        with _alone(target, on_wait):
            return _export(reader, target)
    except OSError as fault:
        raise _refusal(target, f"{fault.strerror} ({fault.filename})") from fault


@contextmanager
def _alone(target: Path, on_wait: Callable[[], None]) -> Iterator[None]:
    """Hold the folder itself, which leaves no file behind; where folders cannot be locked, go on without."""
    if not CAN_LOCK:
        yield
        return
    folder = os.open(target, flags())
    try:
        with suppress(OSError):
            try:
                lock(folder)
            except BlockingIOError:
                on_wait()
                lock(folder, waits=True)
        yield
    finally:
        os.close(folder)


def _export(reader: Reader, target: Path) -> Staged:
    staging = target / STAGING
    try:
        _check_holds_exports(target)
        _clear(staging)
        staging.mkdir()
        known = _manifest(target)
        staged = _stage(reader, staging, known)
        written = staged.names
        _check_takes_nothing(target, staging, [name for name in written if name not in known])
        _note(target, staging, {*known, *written})  # first, so that nobody takes for theirs what a crash leaves behind
        stale = known - set(written)
        in_the_way = {name for name in stale if is_in_the_way(name, written)}
        remove(target, in_the_way)
        make_folders(target, written)
        move(staging, target, written)
        remove(target, stale - in_the_way)
        _note(target, staging, set(written))
    finally:
        shutil.rmtree(staging, ignore_errors=True)
    return staged


def check_target(target: Path, content: Path) -> None:
    """ExportError when the directory is the content folder, lies in it or holds it, by whatever names they go."""
    try:
        places = [place.resolve() for place in (target, content)]
        inner, outer = ([(place, *place.parents) for place in places], places[::-1])
        related = any(_is_same(above, other) for line, other in zip(inner, outer, strict=True) for above in line)
    except (OSError, RuntimeError) as fault:  # links that lead to each other
        raise _refusal(target, str(fault)) from fault
    if related:
        raise _refusal(target, f"the content folder {content} is there, within or around it; name a folder elsewhere")


def _is_same(one: Path, other: Path) -> bool:
    """Whether two places are one; a link, a mount and capitals can give it two names."""
    try:
        return one == other or one.samefile(other)
    except FileNotFoundError:
        return False


def _check_holds_exports(target: Path) -> None:
    """What is there was put there by exports, or is hidden as what belongs to git and hosts is."""
    manifest = target / MANIFEST
    if not target.is_dir() or (manifest.is_file() and not manifest.is_symlink()):
        return
    other = next((path.name for path in sorted(target.iterdir()) if not path.name.startswith(".")), None)
    if other is not None:
        raise _refusal(target, f"it holds {other!r}, which no export wrote; name a new or an empty folder")


def _check_takes_nothing(target: Path, staging: Path, names: list[str]) -> None:
    """No file that an export did not write stands where one of these belongs, unless it says the same."""
    for name in unplaced(staging, names):
        place = target / name
        is_theirs = place.is_symlink() or (place.is_file() and place.read_bytes() != (staging / name).read_bytes())
        if is_theirs:
            raise _refusal(target, f"{name!r} is there, and no export wrote it; move it away, or name another folder")


def _note(target: Path, staging: Path, names: set[str]) -> None:
    """List what exports wrote into the directory."""
    _write(staging / MANIFEST, json.dumps(sorted(names), indent=0).encode())
    (staging / MANIFEST).replace(target / MANIFEST)


def _refusal(target: Path, why: str) -> ExportError:
    return ExportError(printable(cut(f"cannot export to {target}: {why}", SAID_AT_MOST)))


def _stage(reader: Reader, staging: Path, known: set[str]) -> Staged:
    """Write everything beside its place that is not as it should be there."""
    target = staging.parent
    files: list[ExportedFile] = []
    redirects: list[Redirect] = []
    names: list[str] = []
    for each in read_tree(reader):
        if isinstance(each, Redirect):
            redirects.append(each)
        else:
            files.append(replace(each, body=b""))
            names += _unchanged(each, target, known) or _stage_file(each, staging)
    state = reader.state()[1]
    prefix = state.prefix
    for each in stand_ins(redirects, files, state.site_url, partial(_read, staging)):
        names.append(each.name)
        if not _unchanged(each, target, known):
            _write(staging / each.name, each.body, each.modified)
    redirects += former_cards(redirects, _earlier_paths(target, prefix, known))
    rules = make_rules(prefix, files, redirects)
    for name, write in HOSTS.items():
        data = write(rules).encode()
        if _differs(target / name, data):
            _write(staging / name, data)
    return Staged(len(files), [*names, *HOSTS], [*rules.warnings()])


def _read(staging: Path, name: str) -> bytes:
    """A file of this export, which may be in its place already."""
    written = staging / name
    return (written if written.exists() else staging.parent / name).read_bytes()


def _unchanged(file: ExportedFile, target: Path, known: set[str]) -> list[str]:
    """The names of the file and its twins, where an export wrote all of them as they still are; else none."""
    names = [file.name + ending for ending in ENDINGS.values()]
    there = [name for name in names if name in known or os.path.lexists(target / name)]
    is_whole = known.issuperset(there) and all(_is_of(target / name, file.modified) for name in there)
    return there if is_whole and not _differs(target / file.name, file.body) else []


def _is_of(path: Path, modified: int) -> bool:
    """Whether a regular file of that date is there."""
    try:
        found = path.lstat()
    except OSError:
        return False
    return stat.S_ISREG(found.st_mode) and found.st_mtime == modified


def _differs(path: Path, data: bytes) -> bool:
    """Whether something else is there, or a link, or nothing."""
    try:
        return path.is_symlink() or path.read_bytes() != data
    except OSError:
        return True


def _stage_file(file: ExportedFile, staging: Path) -> Iterator[str]:
    """Write a file and its compressed twins; their names."""
    for coding, body in encode(file.body, file.media_type, brotli_level=BROTLI_BEST).coded().items():
        name = file.name + ENDINGS[coding]
        _write(staging / name, body, file.modified)
        yield name


def _write(path: Path, data: bytes, modified: int | None = None) -> None:
    """Write a new file; ``modified`` is what the host is to give as its Last-Modified, in seconds since 1970."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("xb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    if modified is not None:
        os.utime(path, (modified, modified))


def _clear(staging: Path) -> None:
    """Remove what an export left unfinished; a link of that name is removed, not followed."""
    if staging.is_symlink():
        staging.unlink()
    elif staging.exists():
        shutil.rmtree(staging)


def _manifest(target: Path) -> set[str]:
    """The names that the last export wrote; none when its list cannot be read as one."""
    try:
        names = json.loads((target / MANIFEST).read_bytes())
    except (OSError, ValueError):
        return set()
    listed = names if isinstance(names, list) else []
    return {name for name in listed if isinstance(name, str) and ".." not in Path(name).parts}


def _earlier_paths(target: Path, prefix: str, known: set[str]) -> list[str]:
    """The paths from which the last export led on, and those of its files."""
    paths: list[str] = []
    with suppress(OSError, ValueError):
        lines = (target / REDIRECTS).read_text().splitlines()
        paths += [line.partition(" ")[0].removeprefix(prefix) for line in lines]
    return [*paths, *(f"/{name}" for name in sorted(known))]
