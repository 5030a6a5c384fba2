"""An update as Markdown programs write it: its fields between two lines of ``---``, and its text below them as it is.

Telephones make other dashes of three hyphens; a line of nothing but dashes is meant for ``---`` all the same.
"""

import re
from dataclasses import dataclass

MARKDOWN = ".md"
_LINE_END = re.compile(r"\r\n|\r|\n")
_FENCE = re.compile(  # what is matched is not looked at again, however long a line of dashes is
    r"(?:^|(?<=\r))(?:-{3,}+|(?=[-\u2010\u2011]*+[\u2012-\u2015])[-\u2010-\u2015]++)[ \t]*+(?=\r|\n|\Z)", re.MULTILINE
)
_BLANK_LINES = re.compile(r"(?:[ \t]*(?:\r\n|\r|\n))*")
# what a line may begin with that belongs to the fields
_OF_FIELDS = re.compile(r"[A-Za-z_]+[ ]?:(?=\s|\Z)|[ \t#\]}-]|\Z")


@dataclass(slots=True)
class Place:
    """A place in a text, as PyYAML's marks give it; all count from 0, in characters."""

    index: int
    line: int
    column: int


@dataclass(frozen=True, slots=True)
class FrontMatter:
    """The two halves of a file.

    ``fields`` is YAML in which everything stands where it stands in the file. ``fence`` is where the second line of
    dashes begins, below which is the ``body``, with line ends as YAML has them.
    """

    fields: str
    fence: Place
    body: str


def split(text: str) -> FrontMatter | None:
    """The halves of a file that has both; None where a line of dashes is missing (see ``find_missing``)."""
    opening = _opening(text)
    closing = _FENCE.search(text, opening.end()) if opening else None
    if opening is None or closing is None:
        return None
    fields = " " * opening.end() if opening.start() == 0 else text[: opening.start()] + " " * len(opening[0])
    line = len(_LINE_END.findall(text, 0, closing.start()))
    below = _LINE_END.sub("\n", text[closing.end() :]).removeprefix("\n")
    body = below.rstrip("\n ")
    return FrontMatter(
        fields + text[opening.end() : closing.start()],
        Place(closing.start(), line, 0),
        f"{body}\n" if body else "",
    )


def fields_end(text: str) -> int:
    """The index behind the fields: that of the second line of dashes, or the end of the text."""
    found = split(text)
    return found.fence.index if found else len(text)


def find_missing(text: str) -> tuple[int, str, str]:
    """Of a file that lacks a line of dashes: the number of the line to look at, what is wrong, and the fix."""
    opening, lines = _opening(text), _LINE_END.split(text)
    if not text.strip():
        return 1, "the file is empty", "write a line ---, fields such as title: Masks are back, a line --- and the text"
    first = next(number for number, line in enumerate(lines, 1) if line.strip())
    if opening is None:
        fix = "write --- on a line of its own above the fields, and another one between them and the text"
        return first, "the file does not begin with a line ---", fix
    below = ((number, line) for number, line in enumerate(lines, 1) if number > first)
    text_begins = next((number for number, line in below if not _OF_FIELDS.match(line)), len(lines))
    return text_begins, "no second line --- ends the fields", "write --- on a line of its own between fields and text"


def _opening(text: str) -> re.Match[str] | None:
    blank = _BLANK_LINES.match(text)
    return _FENCE.match(text, blank.end() if blank else 0)
