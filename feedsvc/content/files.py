"""Facts about attachments and pictures below ``content/files``."""

import hashlib
import os
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from feedsvc.content import pixels
from feedsvc.content.faults import Fault, shortened
from feedsvc.content.file_names import is_usable, near_name, same_names, unused_kind
from feedsvc.content.folder import OutsideError, Stamp, UnsettledError, read_inside, stamp_of

FILES = "files"
FILE_LIMIT = 16 * 1024 * 1024  # octets
SVG = "image/svg+xml"  # runs scripts when it is opened by itself, so it is taken as favicon only
MEDIA_TYPES = {
    ".csv": "text/csv",
    ".doc": "application/msword",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".epub": "application/epub+zip",
    ".gif": "image/gif",
    ".ics": "text/calendar",
    ".jpeg": "image/jpeg",
    ".jpg": "image/jpeg",
    ".m4a": "audio/mp4",
    ".mp3": "audio/mpeg",
    ".odt": "application/vnd.oasis.opendocument.text",
    ".ods": "application/vnd.oasis.opendocument.spreadsheet",
    ".pdf": "application/pdf",
    ".png": "image/png",
    ".pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    ".svg": SVG,
    ".txt": "text/plain",
    ".webp": "image/webp",
    ".xls": "application/vnd.ms-excel",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".zip": "application/zip",
}
_PICTURE_ENDINGS = ", ".join(ending for ending, kind in MEDIA_TYPES.items() if kind in pixels.PICTURES)
_FILE_ENDINGS = ", ".join(ending for ending, kind in MEDIA_TYPES.items() if kind != SVG)
_MANY = 5000  # beyond so many names a near one is not looked for


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    """What is known of a file: ``length`` in octets, ``size`` in pixels for a picture, ``digest`` of its bytes."""

    name: str
    media_type: str
    length: int
    digest: str
    size: tuple[int, int] | None


class Files:
    """The files below ``content/files``, each read once until its stamp changes."""

    def __init__(self, root: Path) -> None:
        """``root`` is the content folder."""
        self.folder = root / FILES
        self._prefix = f"{self.folder}/"
        self._known: dict[str, tuple[tuple[int, ...], File]] = {}

    def attachment(self, name: str) -> File:
        """A file to offer; Fault when there is none of that name or it must not be offered."""
        file = self._look(name)
        if file.media_type == SVG:
            raise Fault(f"{shortened(name)} can run scripts in a reader", f"use a file ending in {_FILE_ENDINGS}")
        return file

    def picture(self, name: str) -> File:
        """A picture with its size; Fault when it is none."""
        file = self._look(name, pixels.PICTURES)
        if file.media_type not in pixels.PICTURES:
            raise Fault(f"{shortened(name)} is not a picture", f"use a file ending in {_PICTURE_ENDINGS}")
        if file.size is None:
            what = f"{shortened(name)} does not hold the picture that its ending promises"
            raise Fault(what, "save the picture again with that ending")
        return file

    def favicon(self, name: str) -> File:
        """The favicon; Fault when it is no SVG."""
        file = self._look(name)
        if file.media_type != SVG:
            raise Fault(f"{shortened(name)} is not an SVG picture", "use a file ending in .svg")
        return file

    def facts(self, name: str) -> File:
        """What is known of a file that was found good before; UnsettledError when it no longer is."""
        try:
            return self._look(name)
        except Fault as fault:
            raise UnsettledError(f"{name} changed while it was being published: {fault}") from fault

    def read(self, name: str) -> bytes:
        """The bytes that ``facts`` speaks of; UnsettledError when they are no longer there."""
        try:
            data = read_inside(self.folder, name, FILE_LIMIT)
        except (OSError, OutsideError) as error:
            raise UnsettledError(f"{name} changed while it was being published: {error}") from error
        if isinstance(data, int) or hashlib.sha256(data).hexdigest() != self.facts(name).digest:
            raise UnsettledError(f"{name} changed while it was being published")
        return data

    def stamp(self, name: str) -> Stamp | None:
        """What changes when the file is written to or replaced; None while there is none of that name."""
        try:
            return stamp_of(os.stat(self._prefix + name))  # noqa: PTH116  # pathlib costs more than the asking
        except OSError:
            return None

    def names(self) -> list[str]:
        """Every name that could be meant, relative to ``files/``."""
        found = []
        for folder, folders, names in os.walk(self.folder):
            folders[:] = sorted(inner for inner in folders if not inner.startswith("."))
            below = os.path.relpath(folder, self.folder)
            prefix = "" if below == os.curdir else below.replace(os.sep, "/") + "/"
            found += [prefix + name for name in sorted(names) if not name.startswith(".")]
        return found

    def _look(self, name: str, kinds: frozenset[str] = frozenset(MEDIA_TYPES.values())) -> File:
        """The facts, from memory while the stamp is the same. ``kinds`` are the media types that can be meant."""
        if not is_usable(name) or self.stamp(name) is None:
            name = self._meant(name)
        known = self._known.get(name)
        if known and known[0] == self.stamp(name):
            return known[1]
        media_type = _media_type(name)
        stamp = self.stamp(name)  # before reading: a file that changes meanwhile is read again next time
        file = self._read(name, media_type, kinds)
        self._known[name] = (stamp or (), file)
        return file

    def _meant(self, name: str) -> str:
        """The name of the file that is meant when one differs from it in nothing that people see; else the name."""
        same = same_names(name, self.names())
        if len(same) == 1:
            return same[0]
        if same:
            fix = "write " + " or ".join(shortened(known) for known in same)
            raise Fault(f"several files can be meant by {shortened(name)}", fix)
        return name

    def _read(self, name: str, media_type: str, kinds: frozenset[str]) -> File:
        """The facts from the bytes."""
        try:
            data = read_inside(self.folder, name, FILE_LIMIT)
        except (FileNotFoundError, NotADirectoryError):
            raise self._missing(name, self.names(), kinds) from None
        except OutsideError as error:
            raise Fault(f"{shortened(name)}: {error}", "put the file itself into content/files") from None
        except UnsettledError as error:
            raise Fault(str(error), "load again when it is written") from None
        except OSError as error:
            raise Fault(f"{shortened(name)} cannot be read ({error.strerror})", "make it readable") from None
        if isinstance(data, int):
            what = f"{shortened(name)} has {data} bytes, the limit is {FILE_LIMIT}"
            raise Fault(what, "make it smaller, or link to a place that holds it")
        size = pixels.measure(media_type, data) if media_type in pixels.PICTURES else None
        digest = hashlib.sha256(data).hexdigest()
        return File(name=name, media_type=media_type, length=len(data), digest=digest, size=size)

    def _missing(self, name: str, names: list[str], kinds: frozenset[str]) -> Fault:
        """No such file; the near one of a kind that can be meant, if there is one."""
        bare = name.removeprefix("content/").removeprefix("files/")
        if bare in names:
            fix = f"write {bare}"
        else:
            wanted = _kinds_of(name) & kinds or kinds
            fitting = [known for known in names[:_MANY] if MEDIA_TYPES.get(_ending(known)) in wanted]
            near = near_name(name, fitting)
            fix = f"did you mean {near!r}?" if near else "put the file there, or correct its name"
        return Fault(f"there is no file {shortened(name)} in content/files", fix)


def _kinds_of(name: str) -> frozenset[str]:
    """The media types that a name's ending can stand for: those of pictures, or of everything else."""
    others = frozenset(MEDIA_TYPES.values()) - pixels.PICTURES
    return pixels.PICTURES if MEDIA_TYPES.get(_ending(name)) in pixels.PICTURES else others


def _ending(name: str) -> str:
    return PurePosixPath(name).suffix.lower()


def _media_type(name: str) -> str:
    """The media type from the ending; Fault for a name that leads elsewhere or has no ending we offer."""
    if not is_usable(name):
        raise Fault(f"{shortened(name)} is not a name below content/files", "write a file name such as flyer.pdf")
    media_type = MEDIA_TYPES.get(_ending(name))
    if media_type is None:
        raise unused_kind(name, _FILE_ENDINGS)
    return media_type
