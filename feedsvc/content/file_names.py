"""Names of files as people type them, against names as their computers write them; and kinds that cannot be used."""

import re
import unicodedata
from collections.abc import Container, Iterable, Iterator, Sequence
from pathlib import PurePosixPath

from feedsvc.content.value_errors import nearest
from feedsvc.errors import BadValueError, shortened

COPY = "a copy of {}, as programs make them when two people change a file at once"
JOIN = "write into {} what only this copy says, and delete the copy"
RENAME = "rename it with lower-case letters, digits and hyphens, such as 2026-03-01-masks-are-back.yaml"
_SAME = str.maketrans(
    {
        **dict.fromkeys("\u2018\u2019\u201b\u00b4\u02bc", "'"),
        **dict.fromkeys("\u201c\u201d\u201e", '"'),
        **dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2212", "-"),
    }
)
# what sync folders, file managers and telephones add to the name of a second version of a file
_COPY = re.compile(
    r"(?P<original>.+?)"
    r"(?:[ ._-]*\((?:[^()]*(?:conflict|copy|copia|conflicto)[^()]*|[0-9]{1,2})\)|\.sync-conflict-[0-9A-Z-]+"
    r"|[ _-]+(?:copy|copia)(?: ?[0-9]+)?|-(?:DESKTOP|LAPTOP|PC|MacBook)[0-9A-Za-z -]*|_conf\([0-9]+\)| [0-9]{1,2})",
    re.IGNORECASE,
)
_BETWEEN = " ._-\u2013\u2014"  # what stands between a name and what was added to it
_PHOTO = "export it as JPEG, and use the file that comes of it"
_PDF = "save it as PDF, and use the file that comes of it"
# endings, what such a file is, how to save it
_UNUSED = (
    (".tif .tiff .bmp .psd .raw .dng .jxl", "a picture that few programs show", _PHOTO),
    (".jpe .jif", "a JPEG picture under another name", "give it the ending .jpg, in its name and here"),
    (".mov .mp4 .m4v .avi .wmv .mkv .webm .3gp", "a video", "put it where videos are shown, and link to it"),
    (".wav .aac .wma .aif .aiff .ogg .flac", "a recording that few programs play", "save it as MP3, and use that file"),
    (".pages .key .numbers", "a document that only Apple's programs open", _PDF),
    (".rtf .wpd .pub .ppt .odp .vsdx .xps", "a document that few programs open", _PDF),
    (".eml .msg", "a mail", "print it as PDF, and use the file that comes of it"),
    (".html .htm .mhtml .webloc .url", "a page of the web", "link to its address"),
)


def folded(name: str) -> str:
    """What is left of a name when accents in two forms, any spaces, dashes, quotation marks and capitals are one."""
    text = unicodedata.normalize("NFC", name).translate(_SAME).casefold()
    # joiners and marks of direction are there and not seen
    seen = (" " if sign.isspace() else sign for sign in text if unicodedata.category(sign) != "Cf")
    return " ".join("".join(seen).split())


def same_names(name: str, names: Iterable[str]) -> list[str]:
    """The names that differ from ``name`` in nothing that people see."""
    wanted = folded(name)
    return [known for known in names if folded(known) == wanted]


def near_name(name: str, names: Sequence[str]) -> str | None:
    """The name that differs least, and has an ending of the same kind."""
    by_folded = {folded(known): known for known in names}
    near = nearest(folded(name), by_folded)
    return by_folded[near] if near else None


def copied_from(stem: str, others: Container[str]) -> str | None:
    """The name of the file that this one is a second version of by its own name; None if of none.

    All are without their endings. Programs put their word, a number or the name of a computer behind the name of one
    of the ``others``, or in front of it; some of these words are known even where that file is no longer there.
    """
    named = (part for part in _parts(stem) if part in others and not _COPY.fullmatch(part))
    if extended := max(named, key=len, default=None):
        return extended
    original = stem
    while found := _COPY.fullmatch(original):
        original = found["original"].rstrip(_BETWEEN)
    return original if original != stem else None


def _parts(stem: str) -> Iterator[str]:
    """With what a name begins and ends, up to where a word does; not by looking at every file that there is."""
    for at, character in enumerate(stem):
        if at and not character.isalnum():
            yield stem[:at]
        if at + 1 < len(stem) and not character.isalnum():
            yield stem[at + 1 :]


def is_usable(name: str) -> bool:
    """Whether a name leads to a place below its folder, and can be written in an address."""
    parts = name.split("/")
    is_plain = all(character.isprintable() or unicodedata.category(character) == "Zs" for character in name)
    return is_plain and "\\" not in name and not any(part.startswith(".") or not part for part in parts)


def unused_kind(name: str, offered: str) -> BadValueError:
    """Why a file of that ending is not taken, and how to save it."""
    suffix = PurePosixPath(name).suffix.lower()
    for endings, what, fix in _UNUSED:
        if suffix and suffix in endings.split():
            return BadValueError(f"{shortened(name)} is {what}", fix)
    return BadValueError(f"{shortened(name)} has an ending that is not offered", f"use a file ending in {offered}")


def below_files(name: str) -> str:
    """The name without the folders that forms write before it: ``/files/masks.png``."""
    return name.removeprefix("/").removeprefix("content/").removeprefix("files/")
