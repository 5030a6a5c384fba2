"""What a document says about whoever wrote it, where that can be read cheaply: a name, or a folder of their machine."""

import re
import zipfile
import zlib
from html import unescape
from io import BytesIO

OCTETS_AT_MOST = 200_000  # of what is read of one part; the part that names people takes a thousand
PARTS = ("docProps/core.xml", "docProps/app.xml", "meta.xml")  # of Office and of OpenDocument
_PERSON = re.compile(
    r"<(?:dc:creator|cp:lastModifiedBy|meta:initial-creator|Manager|pdf:Author)>\s*(?:<rdf:Seq>\s*<rdf:li[^>]*>)?\s*([^<]*\w[^<]*)"
)
_PDF_PERSON = re.compile(rb"/Author\s*\(((?:[^()\\]|\\.){1,200})\)|/Author\s*<([0-9A-Fa-f\s]{4,800})>")
_FOLDER = re.compile(rb"(?:file:///)?(?:[A-Za-z]:[\\/]Users[\\/]|/Users/|/home/)([A-Za-z0-9._-]{1,60})[\\/]")
_REMOVE = {
    "pdf": "in the program that wrote it, empty the author in the document's properties and export it again",
    "office": "remove it with File, Info, Inspect Document (LibreOffice: File, Properties, Reset) and save it again",
}
PDF = "application/pdf"


def find_traces(media_type: str, data: bytes) -> tuple[str, str] | None:
    """What the document says about a person, and how to remove it; None when nothing was found."""
    kind = "pdf" if media_type == PDF else "office"
    person = _of_pdf(data) if kind == "pdf" else _of_office(data)
    if person:
        return f"it names {person!r} as its author", _REMOVE[kind]
    is_told = kind == "pdf" and (b"Users" in data or b"/home/" in data)  # found many times faster than the pattern
    folder = _FOLDER.search(data) if is_told else None
    if folder:
        return f"it tells of a folder on the machine of {folder[1].decode('ascii')!r}", _REMOVE[kind]
    return None


def _of_pdf(data: bytes) -> str:
    found = _PDF_PERSON.search(data)
    if found:
        said = bytes.fromhex(_even(found[2].decode())) if found[2] else re.sub(rb"\\(.)", rb"\1", found[1])
        text = said[2:].decode("utf-16-be", "replace") if said.startswith(b"\xfe\xff") else said.decode("latin-1")
        return text.strip()
    at = data.find(b"<dc:creator>")
    return _person(data[at : at + 1000].decode("utf-8", "replace")) if at >= 0 else ""


def _even(digits: str) -> str:
    bare = "".join(digits.split())
    return bare + "0" * (len(bare) % 2)


def _of_office(data: bytes) -> str:
    """The first person that a part for that purpose names."""
    try:
        with zipfile.ZipFile(BytesIO(data)) as parts:
            for name in PARTS:
                if name in parts.namelist():
                    with parts.open(name) as part:
                        if person := _person(part.read(OCTETS_AT_MOST).decode("utf-8", "replace")):
                            return person
    except (zipfile.BadZipFile, zlib.error, OSError, EOFError, NotImplementedError, RuntimeError, ValueError):
        return ""
    return ""


def _person(xml: str) -> str:
    found = _PERSON.search(xml)
    return unescape(found[1]).strip()[:100] if found else ""
