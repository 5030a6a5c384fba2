"""Lines that were meant to stay apart, or that became something else than a paragraph."""

import re
from collections.abc import Iterator
from itertools import pairwise

from feedsvc.content.notes.written import Body, Line, Paragraph, Remark
from feedsvc.errors import shortened

# bullets of word processors, and the same from fonts of pictures
_SIGNS = "\u2022\u00b7\u25aa\u2023\u25e6\u25cf\u25cb\u25a0\u25a1\u25ab\u25d8\u2756\u27a2\u27a4\u2219\u2043"
_SYMBOLS = "\uf0b7\uf0a7\uf0d8\uf076\uf0fc"
_BULLET = re.compile(
    rf"(?P<sign>[{_SIGNS}{_SYMBOLS}])[ \t\u00a0]*(?P<rest>.*)|(?P<letter>[o\u00a7\u00d8v\u00fc])\t[ \t]*(?P<tail>.*)"
)
_DASH = re.compile(r"(?P<sign>[-\u2013\u2014*+]|--)[ \t\u00a0]*(?P<rest>[^\W_].*)")
_LETTER = re.compile(
    r"\(?(?P<sign>[A-Za-z]|[ivx]{1,4}|[0-9]{1,2})(?:[).]|\.-| ?[-\u2013] |\u00ba|\u00b0)"
    r"[ \t\u00a0]*(?P<rest>[^\s0-9].*)"
)
_EMOJI = re.compile(
    r"(?P<sign>[\u2190-\u21ff\u2600-\u27bf\u2b00-\u2bff\U0001f300-\U0001faff]\ufe0f?)[ \t]*(?P<rest>.*)"
)
_SENTENCE_END = (".", "!", "?", "…", ":", ";", "。", "”", '"', ")")
_CELL = re.compile(r"[ ]*(?:\t[ \t]*|\|)[ ]*")
_FENCE = re.compile(r"`{3,}|~{3,}")
_GOES_ON = "-\u2013\u2014&/+"  # what begins a line that goes on with the one before
_LABEL = re.compile(r"[^\W\d_]{2,15}: \S")
_CUT = re.compile(r"([^\W\d_]+)[-\u00ad\u2010]$")
_NARROW = 40  # characters: nobody's lines are wrapped at less
_ROOM = 0.75  # of a line's width: what would have fitted there with the next word was broken on purpose


def bullets(body: Body) -> Iterator[Remark]:
    """``• badge`` of a word processor; dashes and pictures when two lines in a row begin with one. Each sign once."""
    seen = set()
    for paragraph in _plain(body):
        for line in paragraph.lines:
            if (found := _BULLET.match(line.text)) and (rest := found["rest"] or found["tail"]):
                sign = found["sign"] or found["letter"]
                if sign not in seen:
                    seen.add(sign)
                    name = "a bullet that members' programs cannot show" if sign in _SYMBOLS else sign
                    yield Remark(line.start, f"lines that begin with {name} make no list", f"write - {rest}")
        if row := _row(paragraph, _DASH) or _row(paragraph, _EMOJI):
            line, match = row
            sign = match["sign"]
            if sign not in seen:
                seen.add(sign)
                rest = match["rest"] if match.re is _DASH else line.text
                what = f"lines that begin with {sign} make no list here and run together"
                yield Remark(line.start, what, f"write - {rest}")


def letters(body: Body) -> Iterator[Remark]:
    """``a) first`` and ``b) second``, which run together."""
    for paragraph in _plain(body):
        if row := _row(paragraph, _LETTER, same_sign=False):
            line, match = row
            mark = line.text[: match.start("rest")].strip()
            what = f"{mark} makes no list, so the lines run together"
            yield Remark(line.start, what, f"write 1. {match['rest']}")


def tabs(body: Body) -> Iterator[Remark]:
    """Cells of a spreadsheet with tabs between them."""
    for paragraph in _plain(body):
        for one, next_one in pairwise(paragraph.lines):
            if "\t" in one.text and "\t" in next_one.text and not _BULLET.match(one.text):
                yield _table(one, "tabs make no table, so the cells run together")
                break


def ruleless(body: Body) -> Iterator[Remark]:
    """Rows of a table without the line that makes it one."""
    for paragraph in _plain(body):
        for one, next_one in pairwise(paragraph.lines):
            if _is_row(one.text) and _is_row(next_one.text):
                yield _table(one, "these rows make no table, so the cells run together")
                break


def _table(line: Line, what: str) -> Remark:
    cells = _CELL.split(line.text.strip("| \t"))
    return Remark(line.start, what, f"write | {' | '.join(cells)} | with |{'---|' * len(cells)} on the line below")


def _is_row(text: str) -> bool:
    return text.count("|") >= 2 and (text.startswith("|") or text.count(" | ") >= 2)


def run_together(body: Body) -> Iterator[Remark]:
    """An address, hours, a signature: short lines that become one."""
    for paragraph in _plain(body):
        lines = paragraph.lines
        if len(lines) < 2:
            continue
        width = max(_NARROW, *(len(line.text) for line in lines))
        for line, after in pairwise(lines):
            if _is_apart(line, after, width) and paragraph.underline is None and not _is_list(paragraph):
                what = f"the lines {shortened(line.text)} and {shortened(after.text)} run together"
                fix = f"write {line.text}\\ with a backslash at its end, to break the line there"
                yield Remark(line.start, what, fix)
                break


def hyphens(body: Body) -> Iterator[Remark]:
    """``mem-`` and ``bers`` of a text that was copied from a PDF."""
    for paragraph in _plain(body):
        for line, after in pairwise(paragraph.lines):
            if (cut := _CUT.search(line.text)) and after.text[:1].islower():
                rest = after.text.split(maxsplit=1)[0]
                what = f"the hyphen at the end of the line stays in the word: {cut[1]}- {rest}"
                yield Remark(line.start + cut.start(), what, f"write {cut[1]}{rest}, or {cut[1]}-{rest}, on one line")


def _is_apart(line: Line, after: Line, width: int) -> bool:
    """Whether a line was ended on purpose: there was room for more, and the next one begins like a line of its own."""
    if line.is_broken or line.text.endswith(_SENTENCE_END) or line.text.startswith(("[!", "<")):
        return False
    if _LABEL.match(after.text) and _LABEL.match(line.text):
        return True
    word = after.text.split(maxsplit=1)[0]
    if len(line.text) + 1 + len(word) > _ROOM * width or "\t" in line.text or "|" in line.text:
        return False
    begins = after.text.lstrip('*_[(\u00bf\u00a1"\u201c')[:1]
    if begins in _GOES_ON:
        return False
    return not begins.islower() or after.text.startswith(("http", "www.", "mailto:")) or "@" in word


def indented(body: Body) -> Iterator[Remark]:
    """A paragraph behind four spaces, which becomes code."""
    if "<pre><code>" not in body.raw:
        return
    _ = body.paragraphs
    last = -1
    for index in body.indented:
        line = body.text[index:].split("\n", 1)[0]
        if body.text.count("\n", max(last, 0), index) > 1 or last < 0:
            fix = f"write {shortened(line)} without spaces before it"
            yield Remark(index, "four spaces or more make code of this line", fix)
        last = index


def fenced(body: Body) -> Iterator[Remark]:
    """A row of tildes for a line across, or backticks that are never closed: all below becomes code."""
    text = body.text
    for start, end in body.code:
        found = _FENCE.match(text, start)
        if not found or text[text.rfind("\n", 0, start) + 1 : start].strip(" >"):
            continue
        sign = found[0]
        what = f"{sign} makes code of everything below it"
        if sign[0] == "~" and len(sign) > 3:
            yield Remark(start, what, "write --- between two empty lines for a line across")
        elif end == len(text) and text.rstrip()[start + 1 :].rpartition("\n")[2].strip(" >") != sign:
            yield Remark(start, what, f"write {sign} where the code ends")


def underlined(body: Body) -> Iterator[Remark]:
    """A paragraph that a line of dashes below it makes a heading."""
    for paragraph in body.paragraphs:
        if paragraph.underline is None:
            continue
        text = " ".join(line.text for line in paragraph.lines)
        if len(paragraph.lines) > 1 or len(text) > 60 or text.endswith((".", ",", ";")):
            what = "the line below makes a heading of the text above it"
            yield Remark(paragraph.underline, what, "leave an empty line above it")


def _plain(body: Body) -> Iterator[Paragraph]:
    return (paragraph for paragraph in body.paragraphs if not paragraph.is_table)


def _is_list(paragraph: Paragraph) -> bool:
    """Whether other detectors have named its lines."""
    if any(_BULLET.match(line.text) for line in paragraph.lines):
        return True
    return bool(_row(paragraph, _LETTER, same_sign=False) or _row(paragraph, _DASH) or _row(paragraph, _EMOJI))


def _row(
    paragraph: Paragraph, pattern: re.Pattern[str], *, same_sign: bool = True
) -> tuple[Line, re.Match[str]] | None:
    """The first of two lines in a row that begin so."""
    before: tuple[Line, re.Match[str]] | None = None
    if len(paragraph.lines) < 2:
        return None
    for line in paragraph.lines:
        match = pattern.match(line.text)
        if match and before and (not same_sign or match["sign"] == before[1]["sign"]):
            return before
        before = (line, match) if match else None
    return None
