"""What the YAML parser stumbles over, said in plain language with the line to write instead.

The parser's own words name tokens that no author has heard of. What the author did is guessed from the line it points
to, most certain guess first; the last resort quotes the parser.
"""

import re
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import yaml

from feedsvc.content.source import Mark
from feedsvc.content.source_text import SourceText
from feedsvc.content.value_errors import in_quotes
from feedsvc.errors import Problem, shortened

# "- name: value": the indent with a list's dash, the name, the value
_FIELD = re.compile(r"(?P<indent>[ ]*(?:- +)?)(?P<name>[\w-]+):[ \t]+(?P<value>\S.*)")
_GLUED = re.compile(r"[ ]*(?:- +)?(?P<name>[A-Za-z_]+):(?P<value>[^\s/].*)")
_ITEM = re.compile(r"[ ]*- +(?P<value>\S.*)")
_TOP_FIELD = re.compile(r"[a-z_]+:(?:\s|$)")
_TAB_INDENT = re.compile(r" *\t")
_SIGNS = {
    "&": "begins an anchor",
    "*": "begins an alias",
    "!": "begins a tag",
    "@": "is reserved",
    "`": "is reserved",
    "%": "is reserved",
    "[": "begins a list",
    "]": "ends a list",
    "{": "begins a group of fields",
    "}": "ends a group of fields",
    ",": "separates items of a list",
    "-": "begins a list",
    "?": "begins a field's name",
    "|": "begins a block of text on the next line",
    ">": "begins a block of text on the next line",
}
UNINDENTED = ("this line is not indented, so it does not belong to the text above", "indent it by two spaces")
BELOW = "write body: | and the text on the lines below it, indented by two spaces"
Guess = tuple[Mark, str, str, str]  # where, field, what, fix


def sign_fault(line: str, sign: str) -> tuple[str, str]:
    """What and fix for a value on ``line`` that begins with a sign of YAML's own."""
    what = f"{sign} {_SIGNS[sign]} in YAML"
    found = _FIELD.fullmatch(line.rstrip())
    if found and found["name"] == "body" and sign in "-|>":
        return what, BELOW
    if found and found["value"].startswith(sign):
        return what, f"write {_pasted(found)}"
    item = _ITEM.fullmatch(line.rstrip())
    if item and item["value"].startswith(sign):
        return what, f"write - {in_quotes(item['value'])}"
    return what, f"delete it, or put text that begins with {sign} in quotes"


def quoted_line(line: str) -> str | None:
    """The field on ``line`` with its list or group in quotes, ready to paste; None when it does not end there."""
    found = _FIELD.fullmatch(line.rstrip())
    return _pasted(found) if found and found["value"].endswith(("]", "}")) else None


def explain(source_text: SourceText, error: yaml.MarkedYAMLError) -> Problem:
    """The parser's error as an author can mend it."""
    mark, field, what, fix = next(guess for guess in _guesses(source_text, error) if guess)
    return source_text.problem(mark, field, what, fix)


def _pasted(found: re.Match[str], value: str | None = None) -> str:
    """A matched field with its value in quotes."""
    return f"{found['name']}: {in_quotes(found['value'] if value is None else value)}"


def _guesses(source_text: SourceText, error: yaml.MarkedYAMLError) -> Iterator[Guess | None]:
    """Guesses from the most certain to the last resort, which is never None."""
    problem = error.problem or ""
    problem_mark: Any = error.problem_mark  # always there; the type stubs are not sure
    context_mark: Any = error.context_mark
    at = source_text.mark(problem_mark)
    since = source_text.mark(context_mark) if context_mark else at
    yield _tab(source_text, at, problem)
    yield unindented(source_text, at)
    yield unindented(source_text, since)
    for words, guess in _BY_WORDS:
        if words in problem:
            yield guess(source_text, at, since)
    yield _value_sign(at)
    yield _quote_left_open(source_text, at)
    yield _cut_above(source_text, at)
    yield _odd_indent(source_text, at)
    what = f"this is not valid YAML ({problem})"
    yield at, "", what, "write name: value on one line, and put quotes round text with special signs"


def _tab(_source_text: SourceText, at: Mark, problem: str) -> Guess | None:
    """A tab where indentation needs spaces."""
    tab = _TAB_INDENT.match(at.excerpt)
    if not tab or not ("tab" in problem or "cannot start" in problem):
        return None
    place = Mark(at.line, tab.end(), at.excerpt)
    return place, "", "a tab stands where spaces are expected", "write two spaces in place of each tab"


def unindented(source_text: SourceText, at: Mark) -> Guess | None:
    """A line of the body that stands at the left edge, or that follows one which begins with # there."""
    first, lines = at, source_text.lines()[: at.line]
    for number, text in zip(range(len(lines), 0, -1), reversed(lines), strict=True):
        if text.startswith("body:"):
            is_text = first.line > number and not _TOP_FIELD.match(first.excerpt)
            return (first, "body", *UNINDENTED) if is_text and first.excerpt[:1].strip() else None
        if text[:1].strip():
            if number != at.line and not text.startswith(("#", "- ", "* ")) and _TOP_FIELD.match(text):
                return None
            first = Mark(number, 1, text)
    return None


def _colon(source_text: SourceText, at: Mark, _since: Mark) -> Guess | None:
    """``title: COVID: new rules``, or a line that the parser took for the continuation of the one above."""
    found = _FIELD.fullmatch(at.excerpt.rstrip())
    if found and at.column > found.start("value"):
        what = "a colon in text without quotes begins a new field"
        return at, found["name"], what, f"write {_pasted(found)}"
    above = _line_above(source_text, at)
    glued = _GLUED.fullmatch(above.excerpt.rstrip())
    if glued:
        fix = f"write {glued['name']}: {glued['value']}"
        return above, glued["name"], "a space is missing after the colon", fix
    what = "this line continues the text above, and its colon begins a new field"
    longer = "in quotes" if source_text.front else "below a line such as body: |"
    fix = f"begin a field in the same column as the one above; put a longer text with colons {longer}"
    return Mark(at.line, len(at.excerpt) - len(at.excerpt.lstrip()) + 1, at.excerpt), "", what, fix


def _no_colon(source_text: SourceText, _at: Mark, since: Mark) -> Guess | None:
    """A line of text that belongs to no field."""
    cut = _cut_above(source_text, since)
    if cut:
        return cut
    what = f"the line {shortened(since.excerpt.strip())} belongs to no field"
    return since, "", what, "write name: value, or indent it by two spaces when it continues the text above"


def _open_quote(_source_text: SourceText, at: Mark, since: Mark) -> Guess | None:
    """A quoted text without end."""
    sign = since.excerpt[since.column - 1]
    found = _FIELD.fullmatch(since.excerpt.rstrip())
    field = found["name"] if found else ""
    if found and since.line != at.line:
        fix = f"write {_pasted(found, found['value'].strip(sign))}"
    else:
        fix = f"end the text with {sign}"
    return since, field, f"the text begins with {sign} and never ends", fix


def _backslash(_source_text: SourceText, at: Mark, since: Mark) -> Guess | None:
    """A backslash in double quotes that begins no known escape."""
    found = _FIELD.fullmatch(since.excerpt.rstrip())
    field = found["name"] if found else ""
    what = "in double quotes a backslash begins an escape, and this one is unknown"
    return at, field, what, "write the text in single quotes, or two backslashes for one"


def _unclosed(sign: str, kind: str, _source_text: SourceText, _at: Mark, since: Mark) -> Guess:
    """A list or group that is opened and not closed."""
    found = _FIELD.fullmatch(since.excerpt.rstrip())
    return since, found["name"] if found else "", f"the {kind} has no closing {sign}", f"end it with {sign}"


def _list_indent(_source_text: SourceText, at: Mark, _since: Mark) -> Guess | None:
    """A field of a list's item that does not line up with the item."""
    if at.excerpt[: at.column - 1].strip():
        return None
    what = "this line is neither an item of the list above nor a field of its last item"
    return at, "", what, "begin an item with - and line its other fields up with the first one's name"


def _value_sign(at: Mark) -> Guess | None:
    """A value on the line of the error that begins with a sign of YAML's own."""
    line = at.excerpt.rstrip()
    found = _FIELD.fullmatch(line) or _ITEM.fullmatch(line)
    if not found:
        return None
    value = found["value"]
    sign = value[0]
    place = Mark(at.line, found.start("value") + 1, at.excerpt)
    if sign in "\"'":
        quoted_well = value.find(sign, 1) == len(value) - 1
        return None if quoted_well else _quote_ends_early(place, found, sign)
    if sign not in _SIGNS:
        return None
    what, fix = sign_fault(line, sign)
    return place, found.groupdict().get("name") or "", what, fix


def _quote_ends_early(place: Mark, found: re.Match[str], sign: str) -> Guess | None:
    """``'Don't come'`` and ``"He said "no" again"``."""
    value = found["value"]
    inner = value[1:-1]
    field = found.groupdict().get("name") or ""
    second = value.find(sign, 1)
    if value.endswith(sign):
        text = inner
    elif value[second + 1 : second + 2].isalnum():
        text = value[1:]  # an apostrophe, not the end
    else:
        text = value
    fix = f"write {field}: {in_quotes(text)}" if field else f"write - {in_quotes(text)}"
    return place, field, f"the quoted text ends before the line does, at the second {sign}", fix


def _quote_left_open(source_text: SourceText, at: Mark) -> Guess | None:
    """A quote that swallowed the lines between its field and the error."""
    lines = source_text.lines()
    for number in range(at.line - 1, 0, -1):
        found = _FIELD.fullmatch(lines[number - 1].rstrip())
        if found and found["value"][0] in "\"'" and found["value"].count(found["value"][0]) == 1:
            sign = found["value"][0]
            place = Mark(number, found.start("value") + 1, lines[number - 1])
            fix = f"write {_pasted(found, found['value'][1:])}"
            return place, found["name"], f"the text begins with {sign} and does not end on its line", fix
    return None


def _cut_above(source_text: SourceText, at: Mark) -> Guess | None:
    """``title: Hall #3`` and more text below: the comment ended the text."""
    above = _line_above(source_text, at)
    found = _FIELD.fullmatch(above.excerpt.rstrip())
    if not found or " #" not in found["value"] or found["value"][0] in "\"'|>":
        return None
    place = Mark(above.line, found.start("value") + 1, above.excerpt)
    what = "everything from # on is a comment and would be lost"
    return place, found["name"], what, f"write {_pasted(found)}"


def _odd_indent(source_text: SourceText, at: Mark) -> Guess | None:
    """A line whose indentation fits no line above."""
    rest = at.excerpt[at.column - 1 :]
    if at.excerpt[: at.column - 1].strip() or not rest or rest[0] == ":" or rest[0] in _SIGNS:
        return None
    what = "the indentation of this line fits no line above it"
    text = "put the text below the second line ---" if source_text.front else "indent text below body: | by two spaces"
    return at, "", what, f"begin a field in the first column; {text}"


def _line_above(source_text: SourceText, at: Mark) -> Mark:
    """The nearest line above with something on it; the same place when there is none."""
    lines = source_text.lines()
    for number in range(at.line - 1, 0, -1):
        text = lines[number - 1]
        if text.strip():
            return Mark(number, len(text) - len(text.lstrip()) + 1, text)
    return Mark(at.line, 1, "")


_BY_WORDS: tuple[tuple[str, Callable[[SourceText, Mark, Mark], Guess | None]], ...] = (
    ("mapping values are not allowed", _colon),
    ("could not find expected ':'", _no_colon),
    ("unexpected end of stream", _open_quote),
    ("unexpected document indicator", _open_quote),
    ("escape c", _backslash),
    ("expected ',' or ']'", partial(_unclosed, "]", "list")),
    ("expected ',' or '}'", partial(_unclosed, "}", "group of fields")),
    ("expected '-' indicator", _list_indent),
)
