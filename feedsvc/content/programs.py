"""What other programs did to a file before it came here: each is named by its program, once, with how to save.

A soft return (Shift and Enter in a word processor, a line separator on the web) is no mistake: it is taken for the line
end that its author saw.
"""

import re

Found = tuple[int, str, str]  # where in the text (an index), what, fix
SOFT_RETURN = "\ue00b"  # in a source text; no program writes it otherwise
SOFT_RETURNS = str.maketrans(dict.fromkeys("\x0b\u2028\u2029", SOFT_RETURN))
_PLAIN = "save it as plain text with the encoding UTF-8"
_COPY = "copy its text into a file that is saved as plain text with the encoding UTF-8"
_SIGNATURES = (
    (b"{\\rtf", "the file is rich text (RTF), as TextEdit and WordPad save it", f"make plain text of it, and {_PLAIN}"),
    (b"PK\x03\x04", "the file is a document of Word, Pages or another office program", _COPY),
    (b"\xd0\xcf\x11\xe0", "the file is a document of an old Word", _COPY),
    (b"%PDF", "the file is a PDF", _COPY),
    (b"\xff\xfe", "the file is saved as UTF-16, as Notepad and Excel do under the name Unicode", _PLAIN),
    (b"\xfe\xff", "the file is saved as UTF-16, as Notepad and Excel do under the name Unicode", _PLAIN),
    (b"bplist00", "the file is a web archive or a setting of a Mac", _COPY),
)
_USUAL_SPACES = "\u00a0\u2002\u2003\u2009\u200b\u202f\u2060\u3000"
_SPACES = "\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000\u200b\u2060"
_INDENT = re.compile(rf"^[{_SPACES}][ \t{_SPACES}]*", re.MULTILINE)
_AFTER_COLON = re.compile(rf"^(?P<name>[A-Za-z_]+) ?(?::[{_SPACES}]|\uff1a)[ {_SPACES}]*(?P<value>.*)$", re.MULTILINE)
_CONFLICT = re.compile(r"^(?:<{7}|>{7}) .*$", re.MULTILINE)
_TAG = re.compile(r"\s*<(?:!doctype|html|head|meta|body|div|p)\b", re.IGNORECASE)


def foreign_data(data: bytes) -> tuple[str, str] | None:
    """What and fix for bytes that are no plain text in UTF-8, when it is clear what they are."""
    for signature, what, fix in _SIGNATURES:
        if data.startswith(signature):
            return what, fix
    if data and not data.strip(b"\0"):
        what = "the file holds nothing but zeros, as a crash or a sync folder leaves it"
        return what, "take an earlier version of it"
    head = data[:1000]
    if head.count(0) * 4 >= len(head) > 1:
        return "the file is saved as UTF-16, as Notepad and PowerShell do under the name Unicode", _PLAIN
    return None


def _conflict(text: str) -> Found | None:
    if "<<<<<<< " not in text and ">>>>>>> " not in text:
        return None
    found = _CONFLICT.search(text)
    if found is None:
        return None
    what = "version control could not join two versions of this file, and left both of them in it"
    fix = "keep the lines of one version, and delete the other's and the lines with <<<<<<<, ======= and >>>>>>>"
    return found.start(), what, fix


def _web_page(text: str) -> Found | None:
    if not _TAG.match(text):
        return None
    return 0, "the file is a page of the web (HTML)", "write fields such as title: Masks are back"


def _indent(text: str) -> Found | None:
    if not any(f"\n{space}" in text or text[:1] == space for space in _USUAL_SPACES):
        return None
    lines = list(_INDENT.finditer(text))
    more = f" (and before {len(lines) - 1} more)" if len(lines) > 1 else ""
    what = f"no-break spaces, as web pages and Word have them, stand before this line{more}"
    return lines[0].start(), what, "write plain spaces in their place"


def _colon(text: str) -> Found | None:
    if not any(f":{space}" in text for space in _USUAL_SPACES) and "\uff1a" not in text:
        return None
    found = _AFTER_COLON.search(text)
    if found is None:
        return None
    is_wide = not found[0].removeprefix(found["name"]).lstrip().startswith(":")
    what = "a full-width colon stands behind the name" if is_wide else "a no-break space stands behind the colon"
    return found.start(), what, f"write {found['name']}: {found['value']}"


def foreign_text(text: str, fields_end: int) -> Found | None:
    """The first thing that another program did to the text, and that YAML would stumble over before ``fields_end``."""
    if text.isascii() and text[:1] not in "< " and "<<<<<<< " not in text and ">>>>>>> " not in text:
        return None
    fields = text[:fields_end]
    return _conflict(text) or _web_page(text) or _indent(fields) or _colon(fields)
