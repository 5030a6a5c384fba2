"""A file as it was written: texts, lists and groups of fields, each with its place."""

from dataclasses import dataclass
from typing import Any, NamedTuple

from feedsvc.content.source import Mark
from feedsvc.content.source_text import Position, SourceText
from feedsvc.errors import Problem

FieldPath = tuple[int | str, ...]  # field names and, inside lists, numbers from 0


class Slip(NamedTuple):
    """What is to be said of a field: its place, what is seen, what to write."""

    place: FieldPath
    what: str
    fix: str


class Text:
    """A scalar: ``plain`` is its text, ``style`` is ``''`` or the sign that opens it (quotes, ``|``, ``>``).

    ``end`` is the index behind it.
    """

    __slots__ = ("end", "plain", "start", "style")

    def __init__(self, plain: str, start: Position, style: str, end: int) -> None:
        self.plain = plain
        self.start = start
        self.style = style
        self.end = end


class Items:
    """A list; ``plain`` is the same without positions."""

    __slots__ = ("nodes", "path", "plain", "start")

    def __init__(self, start: Position, path: str) -> None:
        self.plain: list[Any] = []
        self.nodes: list[Node] = []
        self.start = start
        self.path = path


class Fields:
    """A mapping; ``keys`` says where each field's name stands, ``key`` is the name that waits for its value."""

    __slots__ = ("key", "keys", "nodes", "path", "plain", "start")

    def __init__(self, start: Position, path: str) -> None:
        self.plain: dict[str, Any] = {}
        self.nodes: dict[str, Node] = {}
        self.keys: dict[str, Position] = {}
        self.key: Text | None = None
        self.start = start
        self.path = path


Node = Text | Items | Fields


@dataclass(frozen=True, slots=True)
class Written:
    """A file's fields, and the ``problems`` that did not keep them from being read."""

    source_text: SourceText
    fields: Fields
    problems: tuple[Problem, ...]

    @property
    def body(self) -> Text | None:
        """The text of the field of that name."""
        node = self.fields.nodes.get("body")
        return node if isinstance(node, Text) else None

    def node(self, place: FieldPath) -> Node:
        """The node at a place, or the last one on the way to it."""
        node: Node = self.fields
        for part in place:
            if isinstance(node, Fields) and part in node.nodes:
                node = node.nodes[str(part)]
            elif isinstance(node, Items):
                node = node.nodes[int(part)]
        return node

    def mark(self, *place: int | str) -> Mark:
        """Where a value stands; the nearest value around it when it has no node of its own."""
        return self.source_text.mark(self.node(place).start)

    def problem(self, slip: Slip) -> Problem:
        """A slip as a problem at its place."""
        return self.source_text.problem(self.mark(*slip.place), field_name(slip.place), slip.what, slip.fix)

    def problem_in_body(self, line: int, column: int, what: str, fix: str) -> Problem:
        """A problem at a place of the body's own."""
        return self.source_text.problem(self._mark_in_body(line, column), "body", what, fix)

    def _mark_in_body(self, line: int, column: int) -> Mark:
        """Where that stands in the file. Only text in quotes does not keep its lines."""
        if self.body is None or self.body.style not in ("|", ""):
            return self.mark("body")
        written = self.body.plain.split("\n")[line - 1]
        mark = self.source_text.mark_line(self.body.start.line + line + (self.body.style == "|"))
        indent = max(0, mark.excerpt.find(written))
        return Mark(mark.line, indent + column, mark.excerpt)


def field_name(place: FieldPath) -> str:
    """``image.alt``: the fields on the way, without the numbers of items."""
    return ".".join(part for part in place if isinstance(part, str))
