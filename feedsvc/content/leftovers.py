"""Words of the file that ``feedsvc new`` wrote, in an update that is no draft any more: nobody means them to stay."""

from collections.abc import Iterator

from feedsvc.content.body import mark_in_body
from feedsvc.content.new_update import LEFTOVERS
from feedsvc.content.nodes import Fields, Items, Node, Text
from feedsvc.content.source import Mark
from feedsvc.content.source_text import SourceText
from feedsvc.errors import Problem


def leftover_problems(fields: Fields, source_text: SourceText) -> list[Problem]:
    """A problem for each field that still says what the template says."""
    what, fix = "this is what the file said before you wrote it", "write your own words, or delete it"
    return [source_text.problem(mark, name, what, fix) for name, mark in _found(fields, source_text)]


def _found(fields: Fields, source_text: SourceText) -> Iterator[tuple[str, Mark]]:
    for name, words in LEFTOVERS.items():
        top, _, below = name.partition(".")
        if top not in fields.nodes or words not in source_text.text:
            continue
        for node in _nodes(fields.nodes[top], below):
            if name == "body":
                lines = [line.strip() for line in node.plain.split("\n")]
                if words in lines:
                    yield name, mark_in_body(source_text, node, lines.index(words) + 1, 1)
            elif " ".join(node.plain.split()) == words:
                yield name, source_text.mark(node.start)


def _nodes(node: Node | None, below: str) -> Iterator[Text]:
    """The texts of a field, or of one inside it or inside its items."""
    if isinstance(node, Items):
        for item in node.nodes:
            yield from _nodes(item, below)
    elif isinstance(node, Fields):
        yield from _nodes(node.nodes.get(below), "")
    elif isinstance(node, Text):
        yield node
