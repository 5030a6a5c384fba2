"""Files that look like updates and are none: each is noted with the name it should have."""

import os
import re
from collections.abc import Iterator
from itertools import islice
from pathlib import Path, PurePath

from feedsvc.content.file_names import JOIN
from feedsvc.content.files import FILES
from feedsvc.content.folder import LEFTOVERS, READ_BY_PEOPLE, SITE, UPDATES, Updates, is_source, source_name
from feedsvc.content.media_types import MEDIA_TYPES
from feedsvc.content.new_update import make_slug
from feedsvc.errors import Note

NOTED_AT_MOST = 50  # a folder of something else altogether is not reported file by file
# what programs leave, and what people put beside their files for themselves
_NO_UPDATE = re.compile(
    rf"(?:{'|'.join(READ_BY_PEOPLE)}|thumbs\.db|desktop\.ini|icon\r)(?:\..*)?|.*(?:~|\.(?:swp|tmp|new|bak|orig|rej|part|crdownload|json))",
    re.IGNORECASE | re.DOTALL,
)
_DATED = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}[-_ .](?=.)")
_SUFFIXES = re.compile(r"(?:\.[A-Za-z][A-Za-z0-9]{0,7})+$")
_MARKDOWN = re.compile(r"\.(?:md|mdown|markdown)(?:\.|$)", re.IGNORECASE)
_PLAIN = frozenset({"", ".txt", ".text", ".md", ".mdown", ".markdown", ".yml", ".yaml"})
_PROGRAMS = {
    ".doc": "a Word document",
    ".docx": "a Word document",
    ".odt": "a document of a word processor",
    ".pages": "a document of Pages",
    ".pdf": "a PDF document",
    ".rtf": "a document of TextEdit or Word",
    ".xlsx": "an Excel sheet",
}


def note_ignored(root: Path, updates: Updates) -> tuple[Note, ...]:
    """A note for each file in or beside ``updates/``, as it was looked over, that somebody may take for an update."""
    return tuple(sorted(islice(_notes(root, updates), NOTED_AT_MOST)))


def _notes(root: Path, updates: Updates) -> Iterator[Note]:
    for entry in _listed(root):
        if is_source(entry.name) and entry.name != SITE and not entry.is_dir():
            what = "the file lies beside the folder updates, so it is passed over"
            yield _note(root, entry.name, what, f"move it to {source_name(root, f'{UPDATES}/{_renamed(entry.name)}')}")
    odd = [one for one in updates.others if not one.name.startswith(LEFTOVERS)]
    present = {name.rpartition("/")[2] for name in updates.stamps} - {one.name for one in odd} if odd else set()
    for entry in sorted(odd, key=lambda one: one.name):
        if entry.is_dir():
            yield from _of_folder(root, entry)
        elif not _NO_UPDATE.fullmatch(entry.name):
            yield _of_file(root, entry.name, present)


def _listed(folder: Path) -> list[os.DirEntry[str]]:
    """What lies in a folder but for editors' leftovers; nothing where it cannot be listed."""
    try:
        with os.scandir(folder) as entries:
            return [one for one in entries if not one.name.startswith(LEFTOVERS)]
    except OSError:
        return []  # list_sources says so


def _of_folder(root: Path, folder: os.DirEntry[str]) -> Iterator[Note]:
    """One note for a subfolder, with the first update in it as the example."""
    names = sorted(one.name for one in _listed(Path(folder.path)) if is_source(one.name))
    if names:
        more = f", and the other {len(names) - 1} likewise" if len(names) > 1 else ""
        inside = f"{UPDATES}/{folder.name}/{names[0]}"
        what = "the file lies in a subfolder, so it is passed over"
        yield _note(root, inside, what, f"move it to {source_name(root, f'{UPDATES}/{_renamed(names[0])}')}{more}")


def _of_file(root: Path, name: str, present: set[str]) -> Note:
    """A file in ``updates/`` whose name does not end as an update's does."""
    wanted = _renamed(name)
    passed = "the file is passed over, since its name does not end in .yaml or .md"
    suffix = os.path.splitext(name)[1].lower()  # noqa: PTH122  # the name alone, which need not be a path
    target = source_name(root, f"{UPDATES}/{wanted}")
    if original := _second_of(name, wanted, suffix, present):
        what = f"the file is passed over: beside {original}, it is none or a copy"
        fix = JOIN.format(source_name(root, f"{UPDATES}/{original}"))
    elif suffix in _PLAIN:
        what, fix = passed, f"rename it to {target}"
    elif suffix in _PROGRAMS:
        what = f"{_PROGRAMS[suffix]} is no update, so it is passed over"
        fix = f"save its text as plain text (UTF-8) under the name {target}"
    else:
        what = "the file is no update, so it is passed over"
        fix = f"move it to {source_name(root, FILES)}, or rename it to {target} if it holds the fields of an update"
    if suffix in _PROGRAMS and suffix in MEDIA_TYPES:
        fix += f"; to offer the document itself, put it into {source_name(root, FILES)}"
    return _note(root, f"{UPDATES}/{name}", what, fix)


def _second_of(name: str, wanted: str, suffix: str, present: set[str]) -> str | None:
    """The update whose whole name this one begins with, or that is the same in text of another kind."""
    stem = PurePath(wanted).stem if suffix in (*_PLAIN, *_PROGRAMS) else ""
    same = [one for one in present if name.startswith(one) or PurePath(one).stem == stem]
    return max(same, key=len, default=None)


def _renamed(name: str) -> str:
    """The name that an update of that file's name would have."""
    stem = _SUFFIXES.sub("", name)
    dated = _DATED.match(stem)
    date, rest = (dated[0][:10], stem[dated.end() :]) if dated else ("", stem)
    slug = make_slug(rest) or "update"
    ending = ".md" if _MARKDOWN.search(name) else ".yaml"
    return f"{date}-{slug}{ending}" if date else f"{slug}{ending}"


def _note(root: Path, relative: str, what: str, fix: str) -> Note:
    return Note(file=source_name(root, relative), message=what, fix=fix)
