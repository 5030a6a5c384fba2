"""A body as detectors look at it: what was written, what is shown of it, and which lines flow together."""

import html
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

from feedsvc.content.comments import BREAK, Prepared, Span, code_spans, is_inside, locate

_CODE_OR_TAG = re.compile(r"<pre>.*?</pre>|<code>.*?</code>|<[^>]*>", re.DOTALL)
_QUOTE = re.compile(r"(?: {0,3}> ?)+")
_ITEM = re.compile(r"(?:[-*+]|[0-9]{1,9}[.)])(?:[ \t]+|$)")
_ALONE = re.compile(r"#{1,6}(?:[ \t]|$)|(?:[-*_][ \t]*){3,}$|\[[^\]]+\]:[ \t]|=+[ \t]*$")
# the line end first, for which a search looks very fast
_FLOW = re.compile(r"\n(?<=\S\n)[ \t>]*(?!(?:[-*+]|[0-9]{1,9}[.)])[ \t]|#{1,6}[ \t]|>)\S")
_UNDERLINE = re.compile(r"(?:-+|=+)[ \t]*$")
_TABLE_RULE = re.compile(r"[ \t]*\|?[ \t]*:?-+:?[ \t]*(?:\|[ \t]*:?-*:?[ \t]*)*$")


class Remark(NamedTuple):
    """What a detector found: where in the text (an index), what readers see, and what to write instead."""

    start: int
    what: str
    fix: str


class Line(NamedTuple):
    """A line of a paragraph without its markers; ``is_broken`` when its author breaks it so that readers see it."""

    start: int
    text: str
    is_broken: bool


@dataclass(slots=True)
class Paragraph:
    """Lines that the renderer joins.

    ``is_table`` when it makes a table of them; ``underline`` where a line of dashes below makes a heading of them.
    """

    lines: list[Line] = field(default_factory=list)
    is_table: bool = False
    underline: int | None = None


class Body:
    """A text and the renderer's HTML of it. What is not asked for costs nothing."""

    def __init__(self, prepared: Prepared, raw: str) -> None:
        self.text = prepared.text
        self.raw = raw
        self.indented: list[int] = []  # where lines begin that are code by their indentation alone
        self._prepared = prepared

    def place(self, index: int) -> tuple[int, int]:
        """Line and column, both from 1, in what was written."""
        return self._prepared.place(*locate(self.text, index))

    @cached_property
    def code(self) -> list[Span]:
        """Where code stands between its signs."""
        return code_spans(self.text)

    @cached_property
    def shown(self) -> str:
        """The text that readers see, without code."""
        return html.unescape(_CODE_OR_TAG.sub("", self.raw))

    @cached_property
    def has_flow(self) -> bool:
        """Whether any two lines of it can flow together."""
        return bool(_FLOW.search(self.text))

    @cached_property
    def paragraphs(self) -> list[Paragraph]:
        """Everything that the renderer joins to paragraphs, with the lines it came from."""
        return list(self._flow())

    def find(self, pattern: re.Pattern[str]) -> Iterator[re.Match[str]]:
        """Where the pattern stands in the text, code aside."""
        return (found for found in pattern.finditer(self.text) if not is_inside(self.code, found.start()))

    def _flow(self) -> Iterator[Paragraph]:
        paragraph, code = Paragraph(), self.code
        index, is_free, is_listed = 0, True, False  # free: behind an empty line, where four spaces make code
        for line in self.text.split("\n"):
            start, index = index, index + len(line) + 1
            if line[:1].isalpha() and not (code and is_inside(code, start)):  # nearly every line
                is_listed = is_listed and bool(paragraph.lines)
                is_free = False
                paragraph.lines.append(Line(start, line.strip(), line.endswith(("  ", "\\", BREAK))))
                continue
            quote = _QUOTE.match(line)
            content = line[quote.end() :] if quote else line
            bare = content.lstrip(" \t")
            begin = start + len(line) - len(bare)
            item = _ITEM.match(bare)
            is_indented = len(content) - len(bare) >= 4 or content.startswith("\t")
            if bare and is_free and is_indented and not is_listed:
                self.indented.append(begin)
                continue
            if bare and not paragraph.lines and not is_indented and not item and content[0] not in " \t":
                is_listed = False
            ends = not bare or item or _ALONE.match(bare) or is_inside(code, start)
            if ends and paragraph.lines:
                if not item and _UNDERLINE.match(bare) and not paragraph.is_table:
                    paragraph.underline = begin
                yield paragraph
                paragraph = Paragraph()
            is_free = not bare
            is_listed = is_listed or bool(item)
            if bare and (not ends or item):
                text = bare[item.end() :] if item else bare
                if len(paragraph.lines) == 1 and _is_rule(paragraph.lines[0].text, text):
                    paragraph.is_table = True
                is_broken = text.endswith(("  ", "\\", BREAK))
                paragraph.lines.append(Line(start + len(line) - len(text), text.strip(), is_broken))
        if paragraph.lines:
            yield paragraph


def seek(
    pattern: re.Pattern[str], what: str, fix: str, *, is_shown: bool = False
) -> Callable[[Body], Iterator[Remark]]:
    """A detector of a pattern, which with ``is_shown`` readers must see; ``what`` and ``fix`` name its groups."""

    def find(body: Body) -> Iterator[Remark]:
        for found in body.find(pattern):
            if not is_shown or found[0] in body.shown:
                groups = (found[0], *found.groups(""))
                yield Remark(found.start(), what.format(*groups), fix.format(*groups))

    return find


def _is_rule(head: str, text: str) -> bool:
    """Whether a line is the rule below a table's head, with as many cells."""
    return "|" in text and bool(_TABLE_RULE.match(text)) and len(_cells(head)) == len(_cells(text))


def _cells(row: str) -> list[str]:
    return row.replace("\\|", "").strip().removeprefix("|").removesuffix("|").split("|")
