"""Facts about attachments and pictures below ``content/files``, and what is published of them."""

import hashlib
import os
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from feedsvc.content.file_names import below_files, is_usable, near_name, same_names
from feedsvc.content.folder import UPDATES, OutsideError, UnsettledError, read_inside, stamp_of, stems
from feedsvc.content.media_types import (
    FILE_ENDINGS,
    MEDIA_TYPES,
    ONLY_SHOWN,
    PNG,
    SVG,
    ending_of,
    kinds_of,
    media_type_of,
)
from feedsvc.content.source import Picture
from feedsvc.errors import BadValueError, shortened
from feedsvc.pictures.cache import PictureCache
from feedsvc.pictures.making import Job, MakingError, PictureMaker, Progress
from feedsvc.pictures.png import plain_png, strip_png
from feedsvc.pictures.sizes import CARD, LARGEST, NO_PICTURE, Made, PictureError
from feedsvc.pictures.sniff import BY_ENDING, PICTURES, sniff, usual_ending
from feedsvc.pictures.svg import clean_svg
from feedsvc.pictures.traces import find_traces

FILES = "files"
FILE_LIMIT = 16 * 1024 * 1024  # octets
SHOWN, ARTWORK, OFFERED, FAVICON = "shown", "artwork", "offered", "favicon"  # what a picture is made for
HOME = "home"  # the site's icon, on home screens
AS_IT_IS = "plain"  # a purpose, too: a drawing that is published as it is, but without metadata
CLEANED = {AS_IT_IS: strip_png, FAVICON: clean_svg}  # what needs no decoder
_PICTURE_ENDINGS = ", ".join(sorted(BY_ENDING))
_MANY = 5000  # beyond so many names a near one is not looked for


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    """What is known of a file: ``length`` in octets, ``digest`` of its bytes.

    ``pictures`` are what is published of it where it is shown. ``plain`` are width, height and octets of a PNG drawing
    that needs no more than to be stripped. ``traces`` are what a document says about a person, and how to remove it.
    """

    name: str
    media_type: str
    length: int
    digest: str
    pictures: tuple[Picture, ...] = ()
    plain: tuple[int, int, int] | None = None
    traces: tuple[str, str] | None = None

    def picture(self, purpose: str, made: Made) -> Picture:
        """What is made of it for that purpose."""
        return Picture(file=self.name, digest=self.digest, purpose=purpose, made=made)


class Files:
    """The files below ``content/files``, each read once until its stamp changes.

    With ``defers``, pictures that are not made yet are refused and put into ``wanted``: whoever reads many files makes
    all pictures at once then, on all cores, and reads again what wanted them.
    """

    def __init__(self, root: Path, kept: Path | None = None, *, defers: bool = False) -> None:
        """``root`` is the content folder, ``kept`` that of made pictures."""
        self.folder = root / FILES
        self.wanted: set[tuple[str, str]] = set()  # name and purpose
        self._defers = defers
        self._maker = PictureMaker(PictureCache(kept))
        self._prefix = f"{self.folder}/"
        self._known: dict[str, tuple[str, File]] = {}

    def stems_of_updates(self) -> frozenset[str]:
        """The names of the updates beside the files, without their endings; none where they cannot be listed."""
        folder = self.folder.parent / UPDATES
        with suppress(OSError):
            return stems(folder, folder.stat().st_mtime_ns)
        return frozenset()

    def attachment(self, name: str) -> File:
        """A file to offer; BadValueError when there is none of that name or it must not be offered."""
        file = self._look(name)
        if file.media_type == SVG:
            what = f"{shortened(name)} can run scripts in a reader"
            raise BadValueError(what, f"use a file ending in {FILE_ENDINGS}")
        if file.media_type in ONLY_SHOWN:
            what = f"{shortened(name)} is a picture that many cannot open, and that tells where it was taken"
            raise BadValueError(what, "show it as a picture, or save it as JPEG and offer that")
        if file.media_type in PICTURES:
            return replace(file, length=self._offered(file)[1])
        return file

    def picture(self, name: str) -> File:
        """A picture with what is published of it; BadValueError when it is none."""
        file = self._look(name, PICTURES)
        if file.media_type not in PICTURES:
            raise BadValueError(f"{shortened(name)} is not a picture", f"use a file ending in {_PICTURE_ENDINGS}")
        return self._with_pictures(file, SHOWN)

    def artwork(self, name: str) -> File:
        """The site's icon or logo; of what is no PNG nothing is made."""
        file = self._look(name, PICTURES)
        return self._with_pictures(file, ARTWORK) if file.media_type == PNG else file

    def favicon(self, name: str) -> File:
        """The favicon; BadValueError when it is no SVG, or one that does more than draw."""
        file = self._look(name)
        if file.media_type != SVG:
            raise BadValueError(f"{shortened(name)} is not an SVG picture", "use a file ending in .svg")
        try:
            clean_svg(self._read_source(file.name, file.digest))
        except PictureError as error:
            raise BadValueError(f"{shortened(name)} {error.what}", error.fix) from None
        made = Made(size=LARGEST.name, media_type=SVG, width=0, height=0)
        return replace(file, pictures=(file.picture(FAVICON, made),))

    def make(self, progress: Progress | None = None) -> None:
        """Make all that was wanted."""
        wanted, self.wanted = sorted(self.wanted), set()
        jobs = [self._job(self.facts(name), purpose) for name, purpose in wanted]
        try:
            self._maker.make(list({(job.key, job.purpose): job for job in jobs}.values()), progress)
        except MakingError as error:
            raise UnsettledError(str(error)) from error

    def octets(self, picture: Picture) -> bytes:
        """A picture as it is published; UnsettledError when its source is no longer there, nor what was made of it."""
        if picture.purpose == HOME:
            return self._home_icon(picture)
        clean, purpose = CLEANED.get(picture.purpose), picture.purpose
        job = Job(
            key=picture.digest,
            purpose=f"{purpose}-{picture.made.size}" if clean else purpose,
            read=partial(self._read_source, picture.file, picture.digest),
        )
        try:
            return self._maker.octets(job, picture.made, clean)
        except (PictureError, MakingError) as error:
            raise UnsettledError(f"{picture.file} changed while it was being published: {error}") from error

    def _home_icon(self, picture: Picture) -> bytes:
        """Drawn here: what is read was made by us, or is known to be sound."""
        from feedsvc.pictures.home_icons import draw_home_icon  # noqa: PLC0415  # who draws none need not load Pillow

        def read() -> bytes:
            icon = self.artwork(picture.file).pictures[-1]
            if icon.digest != picture.digest:
                raise UnsettledError(f"{picture.file} changed while it was being published")
            return self.octets(icon)

        job = Job(key=picture.digest, purpose=f"{HOME}-{picture.made.size}", read=read)
        return self._maker.octets(job, picture.made, partial(draw_home_icon, made=picture.made))

    def card(self, said: bytes) -> bytes:
        """The card that says this (``pictures.cards``), drawn here: it is our own font that is read, and no picture."""
        from feedsvc.pictures.cards import draw_card  # noqa: PLC0415  # who draws none need not load Pillow

        job = Job(key=hashlib.sha256(said).hexdigest(), purpose=CARD.size, read=lambda: said)
        return self._maker.octets(job, CARD, draw_card)

    def facts(self, name: str) -> File:
        """What is known of a file that was found good before; UnsettledError when it no longer is."""
        try:
            return self._look(name)
        except BadValueError as fault:
            raise UnsettledError(f"{name} changed while it was being published: {fault}") from fault

    def read(self, name: str) -> bytes:
        """What is published of a file that is offered; UnsettledError when it is no longer there."""
        file = self.facts(name)
        if file.media_type not in PICTURES:
            return self._read_source(name, file.digest)
        return self.octets(self._offered(file)[0])

    def _read_source(self, name: str, digest: str) -> bytes:
        """The bytes of that digest; UnsettledError when they are no longer there."""
        try:
            data = read_inside(self.folder, name, FILE_LIMIT)
        except (OSError, OutsideError) as error:
            raise UnsettledError(f"{name} changed while it was being published: {error}") from error
        if isinstance(data, int) or hashlib.sha256(data).hexdigest() != digest:
            raise UnsettledError(f"{name} changed while it was being published")
        return data

    def stamp(self, name: str) -> str | None:
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
        media_type = media_type_of(name)
        stamp = self.stamp(name)  # before reading: a file that changes meanwhile is read again next time
        file = self._read(name, media_type, kinds)
        self._known[name] = (stamp or "", file)
        return file

    def _meant(self, name: str) -> str:
        """The name of the file that is meant when one differs from it in nothing that people see; else the name."""
        same = same_names(below_files(name), self.names())
        if len(same) == 1:
            return same[0]
        if same:
            fix = "write " + " or ".join(shortened(known) for known in same)
            raise BadValueError(f"several files can be meant by {shortened(name)}", fix)
        return name

    def _read(self, name: str, media_type: str, kinds: frozenset[str]) -> File:
        """The facts from the bytes."""
        try:
            data = read_inside(self.folder, name, FILE_LIMIT)
        except (FileNotFoundError, NotADirectoryError):
            raise self._missing(name, self.names(), kinds) from None
        except OutsideError as error:
            raise BadValueError(f"{shortened(name)}: {error}", "put the file itself into content/files") from None
        except UnsettledError as error:
            raise BadValueError(str(error), "load again when it is written") from None
        except OSError as error:
            raise BadValueError(f"{shortened(name)} cannot be read ({error.strerror})", "make it readable") from None
        if isinstance(data, int):
            what = f"{shortened(name)} has {data} bytes, the limit is {FILE_LIMIT}"
            raise BadValueError(what, "make it smaller, or link to a place that holds it")
        plain, traces = None, None if media_type in PICTURES else find_traces(media_type, data)
        if media_type in PICTURES:
            found = sniff(data)
            if found is None:
                raise BadValueError(f"{shortened(name)} {NO_PICTURE.what}", NO_PICTURE.fix)
            drawing = plain_png(data) if found == PNG else None
            plain = drawing and (*drawing[:2], len(drawing[2]))
        digest = hashlib.sha256(data).hexdigest()
        return File(name=name, media_type=media_type, length=len(data), digest=digest, plain=plain, traces=traces)

    def _with_pictures(self, file: File, purpose: str) -> File:
        """The file with what is made of it."""
        made = (_plain(file, LARGEST.name),) if file.plain else self._made(file, purpose)
        purpose = AS_IT_IS if file.plain else purpose
        return replace(file, pictures=tuple(file.picture(purpose, one) for one in made))

    def _offered(self, file: File) -> tuple[Picture, int]:
        """A picture without its metadata, as it is offered, and its octets."""
        purpose, made = (AS_IT_IS, _plain(file, OFFERED)) if file.plain else (OFFERED, self._made(file, OFFERED)[0])
        if made.media_type != file.media_type:
            what = f"{shortened(file.name)} holds another kind of picture than its ending says"
            raise BadValueError(what, f"rename it so that it ends in {usual_ending(made.media_type)}")
        picture = file.picture(purpose, made)
        return picture, file.plain[2] if file.plain else len(self.octets(picture))

    def _made(self, file: File, purpose: str) -> tuple[Made, ...]:
        """What is made of a file for that purpose; BadValueError when it is refused, or only wanted so far."""
        job = self._job(file, purpose)
        try:
            if self._defers and self._maker.known(job.key, purpose) is None:
                self.wanted.add((file.name, purpose))
                raise BadValueError(f"{shortened(file.name)} is not made yet", "wait until it is")
            return self._maker.made(job)
        except PictureError as error:
            raise BadValueError(f"{shortened(file.name)} {error.what}", error.fix) from None
        except MakingError as error:
            raise UnsettledError(str(error)) from error

    def _job(self, file: File, purpose: str) -> Job:
        return Job(key=file.digest, purpose=purpose, read=partial(self._read_source, file.name, file.digest))

    def _missing(self, name: str, names: list[str], kinds: frozenset[str]) -> BadValueError:
        """No such file; the near one of a kind that can be meant, if there is one."""
        wanted = kinds_of(name) & kinds or kinds
        fitting = [known for known in names[:_MANY] if MEDIA_TYPES.get(ending_of(known)) in wanted]
        near = near_name(below_files(name), fitting)
        fix = f"did you mean {near!r}?" if near else "put the file there, or correct its name"
        return BadValueError(f"there is no file {shortened(name)} in content/files", fix)


def _plain(file: File, size: str) -> Made:
    width, height, _ = file.plain or (0, 0, 0)
    return Made(size=size, media_type=PNG, width=width, height=height)
