"""Kinds of files that can be offered or shown, by the ending of their names."""

from pathlib import PurePosixPath

from feedsvc.content.file_names import is_usable, unused_kind
from feedsvc.errors import BadValueError, shortened
from feedsvc.pictures.sniff import BY_ENDING, PICTURES

SVG = "image/svg+xml"  # runs scripts when it is opened by itself, so it is taken as favicon only
PNG = "image/png"
MEDIA_TYPES = BY_ENDING | {
    ".csv": "text/csv",
    ".doc": "application/msword",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".epub": "application/epub+zip",
    ".ics": "text/calendar",
    ".m4a": "audio/mp4",
    ".mp3": "audio/mpeg",
    ".odt": "application/vnd.oasis.opendocument.text",
    ".ods": "application/vnd.oasis.opendocument.spreadsheet",
    ".pdf": "application/pdf",
    ".pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    ".svg": SVG,
    ".txt": "text/plain",
    ".xls": "application/vnd.ms-excel",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".zip": "application/zip",
}
ONLY_SHOWN = frozenset({SVG, "image/heic", "image/avif"})  # that many members could not open, or should not
FILE_ENDINGS = ", ".join(sorted(ending for ending, kind in MEDIA_TYPES.items() if kind not in ONLY_SHOWN))


def ending_of(name: str) -> str:
    """The ending of a name, with its dot, in small letters."""
    return PurePosixPath(name).suffix.lower()


def kinds_of(name: str) -> frozenset[str]:
    """The media types that a name's ending can stand for: those of pictures, or of everything else."""
    others = frozenset(MEDIA_TYPES.values()) - PICTURES
    return PICTURES if MEDIA_TYPES.get(ending_of(name)) in PICTURES else others


def media_type_of(name: str) -> str:
    """The media type from the ending; BadValueError for a name that leads elsewhere or has no ending we offer."""
    if not is_usable(name):
        what = f"{shortened(name)} is not a name below content/files"
        raise BadValueError(what, "write a file name such as flyer.pdf")
    media_type = MEDIA_TYPES.get(ending_of(name))
    if media_type is None:
        raise unused_kind(name, FILE_ENDINGS)
    return media_type
