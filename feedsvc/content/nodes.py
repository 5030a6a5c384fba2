"""YAML events become text with positions, in one pass that also guards.

No implicit typing: every value stays the text it is in the file. Refused are nesting beyond a fixed depth, anchors,
aliases, tags, merge keys, second documents and duplicate keys; named are texts that YAML cuts silently.
"""

import re
from collections.abc import Callable
from functools import partial
from typing import Any, Protocol, cast

import yaml

from feedsvc.content import yaml_mistakes
from feedsvc.content.front_matter import FrontMatter
from feedsvc.content.lines import folded_lines, plain_lines
from feedsvc.content.source_text import INVISIBLE, Position, SourceText, invisible_name
from feedsvc.content.value_errors import in_quotes
from feedsvc.content.written import Fields, Items, Node, Text, Written
from feedsvc.errors import SHOWN_AT_MOST, ContentError, Problem

DEPTH_LIMIT = 16
# fields whose plain text may well hold " #"; elsewhere a comment behind the value is a comment
PROSE = frozenset(
    ["title", "summary", "body", "change_note", "note", "reason", "author", "alt", "place", "description", "rights"]
)
_UNPRINTED = re.compile(INVISIBLE.pattern.removesuffix("]") + "\r]")  # a value has no line ends but \n
_COMMENT = re.compile(r"[ \t]+#")
_TOP: Any = yaml.Mark("", 0, 0, 0, None, 0)
_NO_SPACE = re.compile(r"([A-Za-z_]+):(\S.*)")


class _Event(Protocol):
    """What is used of PyYAML's events; an event that has no such thing is not asked for it."""

    value: str
    style: str | None
    anchor: str | None
    tag: str | None
    start_mark: Position
    end_mark: Position


def compose(source_text: SourceText) -> Written:
    """The file's fields, and what did not keep them from being read; ContentError for all else that is wrong."""
    composer = _Composer(source_text)
    try:
        composer.run()
    except yaml.MarkedYAMLError as error:
        problem = yaml_mistakes.explain(source_text, error)
        if any(problem.line == known.line for known in composer.problems):
            raise ContentError(composer.problems) from None  # the error follows from what is named already
        raise ContentError([*composer.problems, problem]) from None
    root = composer.root.nodes[0] if composer.root.nodes else None
    if not isinstance(root, Fields):
        raise ContentError([*composer.problems, _no_fields(source_text, root)])
    if source_text.front:
        _add_text(root, source_text.front, composer)
    body = root.nodes.get("body")
    if isinstance(body, Text):
        _unfold(source_text, body)
        root.plain["body"] = body.plain
    return Written(source_text, root, tuple(composer.problems))


def _add_text(root: Fields, front: FrontMatter, composer: "_Composer") -> None:
    """Take the text below the fields for the field ``body``, which is not to be there as well."""
    if "body" in root.keys and front.body:
        what, fix = "the text stands below the second line ---", "put its text below that line, and delete the field"
        composer.report(root.keys["body"], "body", what, fix)
    elif "body" not in root.keys:
        root.keys["body"] = front.fence
        root.nodes["body"] = Text(front.body, front.fence, "|", front.fence.index)


def _unfold(source_text: SourceText, body: Text) -> None:
    """Give a body its lines back: who writes a list below ``>`` or behind the colon means a list."""
    written = source_text.text[body.start.index : body.end]
    if body.style == ">":
        body.plain, body.style = folded_lines(written), "|"
    elif not body.style:
        body.plain = plain_lines(written)


def _no_fields(source_text: SourceText, root: Node | None) -> Problem:
    """Why the file's top is not a group of fields."""
    mark, fix = source_text.mark_line(1), "write fields such as title: Masks are back"
    if root is None or (isinstance(root, Text) and not root.plain):
        return source_text.problem(mark, "", "the file is empty", fix)
    mark, what = source_text.mark(root.start), "a space is missing after the colon"
    if glued := _NO_SPACE.fullmatch(mark.excerpt.strip()):
        return source_text.problem(mark, glued[1], what, f"write {glued[1]}: {glued[2]}")
    what = f"the file holds {'a list' if isinstance(root, Items) else 'text'} where fields are expected"
    return source_text.problem(mark, "", what, fix)


class _Composer:
    """The one pass over the events."""

    __slots__ = ("parser", "problems", "root", "seen_document", "source_text", "stack")

    def __init__(self, source_text: SourceText) -> None:
        self.source_text = source_text
        self.parser = yaml.CSafeLoader(source_text.front.fields if source_text.front else source_text.text)
        self.problems: list[Problem] = []
        self.seen_document = False
        # the outermost list stands for the stream; it holds the one document
        self.root = Items(_TOP, "")
        self.stack: list[Items | Fields] = [self.root]

    def run(self) -> None:
        """Take every event until the stream ends."""
        get_event = self.parser.get_event
        handlers = _HANDLERS
        while True:
            event = get_event()
            kind = type(event)
            if kind is yaml.StreamEndEvent:
                return
            handlers[kind](self, event)

    def report(self, position: Position, field: str, what: str, fix: str) -> None:
        """Keep a problem; stop when there are more than anyone would read."""
        self.problems.append(self.source_text.problem(self.source_text.mark(position), field, what, fix))
        if len(self.problems) >= SHOWN_AT_MOST:
            raise ContentError(self.problems)

    def refuse(self, position: Position, field: str, what: str, fix: str) -> ContentError:
        """A problem after which the rest of the file says nothing certain."""
        return ContentError(
            [*self.problems, self.source_text.problem(self.source_text.mark(position), field, what, fix)]
        )

    def path(self) -> str:
        """The field that the next node belongs to, with dots between levels."""
        parent = self.stack[-1]
        if isinstance(parent, Items) or parent.key is None:
            return parent.path
        return f"{parent.path}.{parent.key.plain}" if parent.path else parent.key.plain

    def document(self, event: _Event) -> None:
        """The first document is the file; a second one is refused."""
        if self.seen_document:
            fix = "delete it; in an update, text goes below body: | and is indented by two spaces"
            fields = self.root.nodes[0]
            if isinstance(fields, Fields) and "body" not in fields.keys:
                fix = "write body: | in its place, and indent the text below it by two spaces"
            raise self.refuse(event.start_mark, "", "the line --- begins a second document", fix)
        self.seen_document = True

    def scalar(self, event: _Event) -> None:
        """Text: guarded, then placed."""
        node = Text(event.value, event.start_mark, event.style or "", event.end_mark.index)
        if event.anchor is not None or event.tag is not None:
            self.sign(event.start_mark, "&" if event.anchor is not None else "!")
        if not node.style:
            self.cut(node)
        elif node.style == '"':
            found = _UNPRINTED.search(node.plain)  # written as an escape, because the file itself holds none
            if found:
                what = f"the control character {invisible_name(found.group())} cannot be published"
                self.report(node.start, self.path(), what, "delete its escape")
        self.place(node)

    def cut(self, node: Text) -> None:
        """Name plain text that is lost behind ``#``."""
        text, end = self.source_text.text, node.end
        if text[end : end + 1] not in (" ", "\t") or not _COMMENT.match(text, end):
            return
        parent = self.stack[-1]
        name = parent.key.plain if isinstance(parent, Fields) and parent.key else ""
        if node.plain and name not in PROSE:
            return
        rest = self.source_text.mark_line(node.start.line + 1).excerpt[node.start.column :].strip()
        fix = f"write {name}: {in_quotes(rest)}" if name else f"write {in_quotes(rest)}"
        what = "everything from # on is a comment and would be lost"
        self.report(node.start, self.path(), what, f"{fix}, or put the comment on a line of its own")

    def sign(self, position: Position, sign: str) -> None:
        """Name a value that begins with a sign of YAML's own."""
        what, fix = yaml_mistakes.sign_fault(self.source_text.mark(position).excerpt, sign)
        self.report(position, self.path(), what, fix)

    def alias(self, event: _Event) -> None:
        """An alias is reported; empty text stands in for it."""
        self.sign(event.start_mark, "*")
        self.place(Text("", event.start_mark, "*", 0))

    def open(self, event: _Event, kind: type[Items | Fields]) -> None:
        """Place a list or a group of fields, and descend into it."""
        node, parent = kind(event.start_mark, self.path()), self.stack[-1]
        if isinstance(parent, Fields) and parent.key is None:
            below = yaml_mistakes.unindented(self.source_text, self.source_text.mark(node.start))
            if below:
                raise self.refuse(node.start, *below[1:])
            what = "a list or group stands where a field's name is expected"
            raise self.refuse(node.start, parent.path, what, "write name: value, and put quotes round text with [ or {")
        if len(self.stack) > DEPTH_LIMIT:
            what = f"the value is nested more than {DEPTH_LIMIT} levels deep"
            raise self.refuse(node.start, self.path(), what, "put quotes round text that begins with [ or {")
        if event.anchor is not None or event.tag is not None:
            sign = "&" if event.anchor is not None else "!"
            self.report(node.start, self.path(), f"{sign} has no meaning before a list or group", "delete its word")
        self.place(node)
        self.stack.append(node)

    def close(self, _event: _Event) -> None:
        """A collection ends."""
        self.stack.pop()

    def place(self, node: Node) -> None:
        """Put a node where the events say: into a list, as a field's name or as its value."""
        parent = self.stack[-1]
        if isinstance(parent, Items):
            parent.nodes.append(node)
            parent.plain.append(node.plain)
        elif parent.key is not None:
            name = parent.key.plain
            if name not in parent.nodes:
                parent.nodes[name] = node
                parent.plain[name] = node.plain
            parent.key = None
        else:
            self.name_field(parent, cast("Text", node))  # open() has refused everything else

    def name_field(self, parent: Fields, node: Text) -> None:
        """Take a field's name: no merge key, and each name once."""
        field = f"{parent.path}.{node.plain}" if parent.path else node.plain
        first = parent.keys.setdefault(node.plain, node.start)
        if first is not node.start:
            what = f"the field stands here twice, first on line {first.line + 1}"
            self.report(node.start, field, what, "keep one of them")
        elif node.plain == "<<" and not node.style:
            self.report(node.start, field, "<< would merge other fields in", "write the fields themselves")
        parent.key = node


_HANDLERS: dict[type, Callable[[_Composer, Any], None]] = {
    yaml.StreamStartEvent: lambda _composer, _event: None,
    yaml.DocumentStartEvent: _Composer.document,
    yaml.DocumentEndEvent: lambda _composer, _event: None,
    yaml.ScalarEvent: _Composer.scalar,
    yaml.AliasEvent: _Composer.alias,
    yaml.SequenceStartEvent: partial(_Composer.open, kind=Items),
    yaml.MappingStartEvent: partial(_Composer.open, kind=Fields),
    yaml.SequenceEndEvent: _Composer.close,
    yaml.MappingEndEvent: _Composer.close,
}
