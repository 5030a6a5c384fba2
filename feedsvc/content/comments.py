"""What a text says to its authors alone, and how it breaks lines: both are settled before Markdown is read.

A comment (``<!-- -->``) leaves no trace, and ``<br>`` becomes one character that no source can hold, so that neither
turns the lines around it into raw HTML. What stands in code is left alone.
"""

import re
from bisect import bisect_right
from dataclasses import dataclass
from itertools import accumulate

from feedsvc.content.programs import SOFT_RETURN
from feedsvc.errors import BadValueError, FeedsvcError

BREAK = "\u2028"  # stands for <br>; white space to Markdown, and refused in sources
_SIGN = re.compile(r"<!--|<br\s{0,9}/?>", re.IGNORECASE)
_BLANK_SPACES = "\u00a0\u2002\u2003\u2009\u200b\u202f\u2060\u3000"  # of word processors, on lines that look empty
_EMPTY = re.compile(rf"(?<=\n)[ \t]*[{_BLANK_SPACES}][ \t{_BLANK_SPACES}]*(?=\n)")
_SPACES = re.compile(r"[ \t]*")
_FENCE = re.compile(r"^(?:[ >]|[-*+][ ]|[0-9]{1,9}[.)][ ]){0,99}(`{3,}(?=[^`\n]*$)|~{3,})", re.MULTILINE)
_TICKS = re.compile(r"`+")
_BLANK = re.compile(r"\n[ \t>]*\n")
Span = tuple[int, int]  # from and to, as indices into a text


class UnclosedError(FeedsvcError):
    """A comment without end. ``start`` is the index of its first character."""

    def __init__(self, start: int) -> None:
        self.start = start
        self.fault = BadValueError("a comment begins here and never ends", "write --> where it ends")
        super().__init__(str(self.fault))


@dataclass(frozen=True, slots=True)
class Prepared:
    """A text as Markdown is to read it; ``cuts`` are the places in it from which on it lags behind what was written."""

    text: str
    written: str
    cuts: tuple[tuple[int, int], ...] = ()  # where in ``text``, and by how many characters in all from there on

    def place(self, line: int, column: int) -> tuple[int, int]:
        """Line and column, both from 1, as they are in what was written."""
        if not self.cuts:
            return line, column
        starts = [0, *accumulate(len(one) + 1 for one in self.text.split("\n"))]
        index = starts[line - 1] + column - 1
        number = bisect_right(self.cuts, index, key=lambda cut: cut[0])
        index += self.cuts[number - 1][1] if number else 0
        return locate(self.written, index)


def locate(text: str, index: int) -> tuple[int, int]:
    """Line and column, both from 1, of a character."""
    return text.count("\n", 0, index) + 1, index - (text.rfind("\n", 0, index) + 1) + 1


def prepare(text: str) -> Prepared:
    """The text without comments, and with its breaks as one character each; UnclosedError for a comment without end."""
    text = text.replace(SOFT_RETURN, BREAK)
    if not text.isascii():
        text = _EMPTY.sub(lambda found: " " * len(found[0]), text)
    if "<" not in text or not _SIGN.search(text):
        return Prepared(text, text)
    code = code_spans(text)
    pieces: list[str] = []
    cuts: list[tuple[int, int]] = []
    done = length = 0
    for found in _SIGN.finditer(text):
        start, end = found.span()
        if start < done or is_inside(code, start):
            continue
        filler = BREAK
        if found[0] == "<!--":
            end, filler = text.find("-->", start + 4) + 3, ""
            if end < 3:
                raise UnclosedError(start)
            start, end = _with_space(text, max(start, done), end)
        pieces += text[done:start], filler
        length += start - done + len(filler)
        done = end
        cuts.append((length, end - length))
    return Prepared("".join([*pieces, text[done:]]), text, tuple(cuts))


def code_spans(text: str) -> list[Span]:
    """Where code stands between its signs: blocks between fences, and spans between backticks."""
    if "`" not in text and "~~~" not in text:
        return []
    blocks = _fenced(text)
    blanks = [found.start() for found in _BLANK.finditer(text)]
    ticks = [found.span() for found in _TICKS.finditer(text) if not is_inside(blocks, found.start())]
    closing: dict[tuple[int, int], int] = {}  # of the paragraph and the number of ticks, which tick comes next
    partner = [-1] * len(ticks)
    for number in range(len(ticks) - 1, -1, -1):
        start, end = ticks[number]
        key = bisect_right(blanks, start), end - start
        partner[number] = closing.get(key, -1)
        closing[key] = number
    number = 0
    while number < len(ticks):
        other = partner[number]
        if other >= 0:
            blocks.append((ticks[number][0], ticks[other][1]))
            number = other
        number += 1
    return sorted(blocks)


def is_inside(spans: list[Span], index: int) -> bool:
    """Whether one of the spans, which are in order, holds the index."""
    number = bisect_right(spans, index, key=lambda span: span[0])
    return number > 0 and index < spans[number - 1][1]


def _fenced(text: str) -> list[Span]:
    """Blocks of code between fences; one that is never closed reaches to the end."""
    spans: list[Span] = []
    opened: tuple[int, str] | None = None
    for found in _FENCE.finditer(text):
        sign = found[1]
        if opened is None:
            opened = found.start(1), sign
        elif sign.startswith(opened[1]):
            spans.append((opened[0], found.end()))
            opened = None
    return spans if opened is None else [*spans, (opened[0], len(text))]


def _with_space(text: str, start: int, end: int) -> Span:
    """A comment with the space that would be left of it: its whole line when there is nothing else on it."""
    begins = text.rfind("\n", 0, start) + 1
    is_first = not text[begins:start].strip()
    after = _SPACES.match(text, end)
    end_of_space = after.end() if after else end
    is_last = text[end_of_space : end_of_space + 1] in ("", "\n")
    if is_first and is_last:
        return begins, min(end_of_space + 1, len(text))
    if is_first or text[start - 1] in " \t":
        end = end_of_space
    if is_last:
        start = len(text[:start].rstrip(" \t"))
    return start, end
