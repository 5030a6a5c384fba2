"""The publication as a directory that any static host can serve: the same bytes, and the fields of the header table.

Everything is written beside its place first and then moved into it, so that a full disk leaves the last export whole.
What an earlier export wrote and this one does not is removed; what somebody else put there is never touched.
"""

import json
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote

from feedsvc import urls
from feedsvc.publication.coding import BROTLI_LEVEL_ASSET, encode
from feedsvc.publication.reader import Reader, Stored
from feedsvc.web import headers

MANIFEST = ".feedsvc-export.json"
STAGING = ".feedsvc-staging"
TWINS = {"gzip": ".gz", "br": ".br"}


class ExportError(Exception):
    """The directory cannot be written; the text says why. The last export stands as it was."""


def export(reader: Reader, target: Path) -> int:
    """Write every document to ``target``; how many documents. ExportError leaves the last export as it was."""
    staging = target / STAGING
    try:
        target.mkdir(parents=True, exist_ok=True)
        _clear(staging)
        documents = list(reader.every())
        written = [name for document in documents for name in _stage(document, staging)]
        written += _stage_extras(documents, reader.state()[1]["prefix"], staging)
        _write(staging / MANIFEST, json.dumps(sorted(written), indent=0).encode())
        stale = _manifest(target) - set(written)
        in_the_way = {name for name in stale if _is_in_the_way(name, written)}
        _remove(target, in_the_way)
        _make_folders(target, written)
        _move(staging, target, written)
        _remove(target, stale - in_the_way)
        (staging / MANIFEST).replace(target / MANIFEST)
    except OSError as fault:
        raise ExportError(f"cannot export to {target}: {fault.strerror} ({fault.filename})") from fault
    finally:
        shutil.rmtree(staging, ignore_errors=True)
    return len(documents)


def file_name(path: str) -> str:
    """Where a document's path lies below the directory: a place is a folder with an ``index.html``."""
    name = unquote(path.removeprefix("/"))
    return f"{name}index.html" if not name or name.endswith("/") else name


def _stage(document: Stored, staging: Path) -> Iterator[str]:
    name = file_name(document.path)
    body = document.variants.identity
    _write(staging / name, body, document.modified)
    yield name
    best = encode(body, document.media_type, brotli_level=BROTLI_LEVEL_ASSET).coded()
    for coding, ending in TWINS.items():
        if coding in best:
            _write(staging / (name + ending), best[coding], document.modified)
            yield name + ending


def _stage_extras(documents: list[Stored], prefix: str, staging: Path) -> Iterator[str]:
    """What hosts read beside the documents: fields by path, redirects, and that no names are special."""
    _write(staging / "_headers", _header_file(documents, prefix).encode())
    _write(staging / "_redirects", _redirect_file(documents, prefix).encode())
    _write(staging / ".nojekyll", b"")
    yield from ("_headers", "_redirects", ".nojekyll")


def _header_file(documents: list[Stored], prefix: str) -> str:
    blocks = []
    for document in documents:
        fields = (*headers.full_headers(document), *headers.kept_headers(document, None))
        lines = [f"  {name}: {value}" for name, value in fields if name not in ("Vary", "Accept-Ranges")]
        blocks.append("\n".join((prefix + document.path, *lines)))
    return "\n".join(blocks) + "\n"


def _redirect_file(documents: list[Stored], prefix: str) -> str:
    known = {document.path for document in documents}
    places = {document.page_path for document in documents if document.page_path}
    lines = [
        f"{prefix}{place}{habit} {prefix}{place}{feed} 301"
        for place in sorted(places)
        for habit, feed in urls.HABITUAL_FEED_NAMES.items()
        if place + feed in known
    ]
    return "\n".join(lines) + "\n"


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


def _make_folders(target: Path, names: list[str]) -> None:
    """Make every folder before the first file is moved: what can fail for want of room fails here."""
    for name in names:
        place = target / name
        _check_inside(place.parent, target)
        place.parent.mkdir(parents=True, exist_ok=True)
        if place.is_dir() and not place.is_symlink():
            raise OSError(0, "a folder is where a file belongs", str(place))


def _move(staging: Path, target: Path, names: list[str]) -> None:
    """Feeds go last: whoever reads one finds the pages that it links to."""
    for name in sorted(names, key=lambda name: (name.endswith((".xml", ".json")), name)):
        (staging / name).replace(target / name)


def _check_inside(folder: Path, target: Path) -> None:
    """A link that somebody put into the directory must not lead the export out of it."""
    if not folder.resolve().is_relative_to(target.resolve()):
        raise OSError(0, "a link leads out of the directory", str(folder))


def _manifest(target: Path) -> set[str]:
    """The names that the last export wrote; none when its list cannot be read as one."""
    try:
        names = json.loads((target / MANIFEST).read_bytes())
    except (OSError, ValueError):
        return set()
    listed = names if isinstance(names, list) else []
    return {name for name in listed if isinstance(name, str) and ".." not in Path(name).parts}


def _is_in_the_way(name: str, written: list[str]) -> bool:
    """Whether a file is where a folder must be, or lies in a folder where a file must be."""
    return any(other.startswith(f"{name}/") or name.startswith(f"{other}/") for other in written)


def _remove(target: Path, names: set[str]) -> None:
    for name in sorted(names, reverse=True):
        place = target / name
        _check_inside(place.parent, target)
        place.unlink(missing_ok=True)
        for folder in place.relative_to(target).parents:
            try:
                (target / folder).rmdir() if folder != Path() else None
            except OSError:
                break
