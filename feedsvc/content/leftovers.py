"""Words of the file that ``feedsvc new`` wrote, in an update that is no draft any more: nobody means them to stay."""

from collections.abc import Iterator

from feedsvc.content.new_update import LEFTOVERS
from feedsvc.content.written import Fields, Items, Node, Text, Written
from feedsvc.errors import Problem

_WHAT, _FIX = "this is what the file said before you wrote it", "write your own words, or delete it"


def leftover_problems(written: Written) -> Iterator[Problem]:
    """A problem for each field that still says what the template says."""
    text = written.source_text
    for name, words in LEFTOVERS.items():
        top, _, below = name.partition(".")
        if top not in written.fields.nodes or words not in text.text:
            continue
        for node in _nodes(written.fields.nodes[top], below):
            if name == "body":
                lines = [line.strip() for line in node.plain.split("\n")]
                if words in lines:
                    yield written.problem_in_body(lines.index(words) + 1, 1, _WHAT, _FIX)
            elif " ".join(node.plain.split()) == words:
                yield text.problem(text.mark(node.start), name, _WHAT, _FIX)


def _nodes(node: Node | None, below: str) -> Iterator[Text]:
    """The texts of a field, or of one inside it or inside its items."""
    if isinstance(node, Items):
        for item in node.nodes:
            yield from _nodes(item, below)
    elif isinstance(node, Fields):
        yield from _nodes(node.nodes.get(below), "")
    elif isinstance(node, Text):
        yield node
