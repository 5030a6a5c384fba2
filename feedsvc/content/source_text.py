"""A source as text with positions: strict UTF-8 and visible characters only, or a message that says where."""

import re
from dataclasses import dataclass
from typing import Protocol

from feedsvc.content.comments import locate
from feedsvc.content.front_matter import MARKDOWN, FrontMatter, fields_end, find_missing, split
from feedsvc.content.programs import SOFT_RETURNS, foreign_data, foreign_text
from feedsvc.content.source import Mark, Source
from feedsvc.errors import ContentError, Problem

SOURCE_LIMIT = 1024 * 1024  # octets
# what XML cannot carry or nobody can see: controls but tab and line ends, other line separators, marks inside the text
INVISIBLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]")
_LINE_END = re.compile(r"\r\n|\r|\n")
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_SHOWN = 20  # a binary file would otherwise fill pages
_NAMES = {"\x0c": "the page break of a PDF (U+000C)", "\ufeff": "a byte order mark inside the text (U+FEFF)"}


class Position(Protocol):
    """A place in a text as PyYAML's marks give it; all count from 0, in characters."""

    index: int
    line: int
    column: int


@dataclass(frozen=True, slots=True)
class SourceText:
    """A source's name and its decoded text; ``front`` has the halves of a ``.md`` file."""

    name: str
    text: str
    front: FrontMatter | None = None

    def mark(self, position: Position) -> Mark:
        """The place as messages give it, without looking at any other line."""
        start = position.index - position.column
        end = _LINE_END.search(self.text, start)
        excerpt = self.text[start : end.start() if end else None]
        return Mark(position.line + 1, position.column + 1, excerpt)

    def mark_line(self, line: int, column: int = 1) -> Mark:
        """The place at a line and column that count from 1; a line beyond the end is empty."""
        lines = self.lines()
        return Mark(line, column, lines[line - 1] if line <= len(lines) else "")

    def top(self) -> Mark:
        """The first line, for problems of the file as a whole."""
        end = _LINE_END.search(self.text)
        return Mark(1, 1, self.text[: end.start() if end else None])

    def lines(self) -> list[str]:
        """Every line without its end."""
        return _LINE_END.split(self.text)

    def problem(self, mark: Mark, field: str, what: str, fix: str) -> Problem:
        """A problem at that place."""
        return mark.problem(self.name, field, what, fix)


def decode_source(source: Source) -> SourceText:
    """The source's text; ContentError when it is too large, not UTF-8 or holds invisible characters."""
    if len(source.data) > SOURCE_LIMIT:
        raise ContentError([too_large(source.name, len(source.data))])
    data = source.data.removeprefix(_BYTE_ORDER_MARK)
    foreign = foreign_data(data)
    if foreign:
        raise ContentError([Problem(file=source.name, message=foreign[0], fix=foreign[1])])
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise ContentError([_wrong_encoding(source.name, data, error.start)]) from None
    if INVISIBLE.search(text):
        text = text.translate(SOFT_RETURNS)
        if INVISIBLE.search(text):
            raise ContentError(_invisible(SourceText(source.name, text)))
    is_markdown = source.name.lower().endswith(MARKDOWN)
    source_text = SourceText(source.name, text, split(text) if is_markdown else None)
    found = foreign_text(text, fields_end(text) if is_markdown else len(text))
    if found:
        mark = source_text.mark_line(*locate(text, found[0]))
        raise ContentError([source_text.problem(mark, "", found[1], found[2])])
    if is_markdown and source_text.front is None:
        number, what, fix = find_missing(text)
        raise ContentError([source_text.problem(source_text.mark_line(number), "", what, fix)])
    return source_text


def too_large(name: str, size: int) -> Problem:
    """A source beyond the limit, whatever it holds."""
    what = f"the file has {size} bytes, the limit is {SOURCE_LIMIT}"
    return Problem(file=name, message=what, fix="shorten it, and put long texts into a file below files/")


def invisible_name(character: str) -> str:
    """The code point of a character that cannot be shown."""
    return f"U+{ord(character):04X}"


def _wrong_encoding(name: str, data: bytes, start: int) -> Problem:
    """Where the first byte stands that is not UTF-8."""
    lines = _LINE_END.split(data[:start].decode("utf-8"))
    column = len(lines[-1]) + 1
    rest = data[start : start + 200].decode("utf-8", "replace")
    mark = Mark(len(lines), column, lines[-1] + _LINE_END.split(rest)[0])
    what = f"the file is not saved as UTF-8 (byte 0x{data[start]:02x})"
    return mark.problem(name, "", what, "save it with the encoding UTF-8")


def _invisible(source_text: SourceText) -> list[Problem]:
    """Each invisible character once, where it stands first."""
    counts: dict[str, int] = {}
    marks: dict[str, Mark] = {}
    for number, line in enumerate(source_text.lines(), start=1):
        for found in INVISIBLE.finditer(line):
            counts[found.group()] = counts.get(found.group(), 0) + 1
            marks.setdefault(found.group(), Mark(number, found.start() + 1, line))
    problems = []
    for character, mark in list(marks.items())[:_SHOWN]:
        name = _NAMES.get(character, f"the control character {invisible_name(character)}")
        count = counts[character]
        places = f" (it stands in {count} places)" if count > 1 else ""
        problems.append(source_text.problem(mark, "", f"{name} cannot be published{places}", "delete it"))
    return problems
