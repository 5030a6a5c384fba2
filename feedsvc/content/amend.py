"""A correction or a withdrawal is written into the file of an update, which keeps every other octet it has."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from feedsvc.content.dates import write_instant
from feedsvc.content.entry import load_entry
from feedsvc.content.files import Files
from feedsvc.content.folder import is_source, read_source
from feedsvc.content.front_matter import MARKDOWN, fields_end
from feedsvc.content.replacing import replace_file
from feedsvc.content.source import LoadedEntry, Source
from feedsvc.content.value_errors import in_quotes, nearest_or
from feedsvc.errors import ContentError, FeedsvcError
from feedsvc.model import Site

_PUBLISHED = re.compile(rb"^published[ \t]*:.*(?:\n|\Z)", re.MULTILINE)
_CHANGES = re.compile(rb"^changes[ \t]*:[ \t]*(?:#.*)?\r?\n(?=(?P<indent> *)-)", re.MULTILINE)


class AmendError(FeedsvcError):
    """That cannot be written into that file; the text says why and what to do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Amendment:
    """What is to be written: the ``text`` (a note, or the reason) and when; ``is_withdrawal`` takes the update back."""

    text: str
    instant: datetime
    is_withdrawal: bool = False


def find_update(entries: Mapping[str, LoadedEntry], wanted: str) -> LoadedEntry:
    """The update of that slug, or of that file."""
    name = Path(wanted).name
    stem = Path(name).stem if is_source(name) else name
    for loaded in entries.values():
        if wanted == loaded.entry.slug or stem == Path(loaded.source).stem:
            return loaded
    slugs = sorted(loaded.entry.slug for loaded in entries.values())
    fix = nearest_or(wanted, slugs, "write the name of its file")
    raise AmendError(f"no update has the slug {wanted!r}; {fix}")


def amend(root: Path, site: Site, loaded: LoadedEntry, amendment: Amendment) -> LoadedEntry:
    """Write it into the file of the update, and read that; nothing is written that could not be read."""
    source = read_source(root, loaded.source)
    end = _fields_end(source)
    changed = Source(source.name, _amended(source.data[:end], site, amendment) + source.data[end:])
    try:
        amended = load_entry(changed, site, Files(root))
    except ContentError as wrong:
        raise AmendError(f"{wrong}\nNothing was written: mend this first, or write it by hand") from None
    if read_source(root, loaded.source).data != source.data:
        raise AmendError(f"somebody else wrote into {loaded.source} just now; look at it, then run this again")
    replace_file(root.parent / source.name, changed.data)
    return amended


def _fields_end(source: Source) -> int:
    """The index of the octet behind the fields."""
    if not source.name.lower().endswith(MARKDOWN):
        return len(source.data)
    text = source.data.decode(errors="surrogateescape")
    mark = text.startswith("\ufeff")
    return len(text[: fields_end(text[mark:]) + mark].encode(errors="surrogateescape"))


def _amended(data: bytes, site: Site, amendment: Amendment) -> bytes:
    """The file with new lines: below the earlier corrections' heading, or below the date of publication."""
    date, words = write_instant(amendment.instant, ZoneInfo(site.time_zone)), in_quotes(amendment.text)
    lines, found = [f"withdrawn: {date}", f"reason: {words}"], _PUBLISHED.search(data)
    if not amendment.is_withdrawal:
        changes = _CHANGES.search(data)
        indent = changes["indent"].decode() if changes else "  "
        lines = [f"{indent}- date: {date}", f"{indent}  note: {words}"]
        if changes:
            found = changes
        else:
            lines.insert(0, "changes:")
    if not found:
        raise AmendError("no line of the file begins with published: write this into it by hand:\n" + "\n".join(lines))
    line_end = b"\r\n" if found[0].endswith(b"\r\n") else b"\n"
    before = data[: found.end()] + (b"" if found[0].endswith(b"\n") else line_end)
    return before + b"".join(line.encode() + line_end for line in lines) + data[found.end() :]
