"""An update's body: rendered where it can be, and its faults placed in the file."""

import unicodedata

from feedsvc.content import markup
from feedsvc.content.files import Files
from feedsvc.content.nodes import Text
from feedsvc.content.source import Mark
from feedsvc.content.source_text import SourceText
from feedsvc.errors import Problem


def render_body(
    node: Text, source_text: SourceText, base_url: str, files: Files, permalink: str
) -> tuple[markup.Rendered, list[Problem]]:
    """The HTML and what is wrong with the text."""
    rendered = markup.render(unicodedata.normalize("NFC", node.plain), base_url, files, permalink)
    problems = [
        source_text.problem(
            mark_in_body(source_text, node, found.line, found.column), "body", found.fault.what, found.fault.fix
        )
        for found in rendered.findings
    ]
    return rendered, problems


def mark_in_body(source_text: SourceText, node: Text, line: int, column: int) -> Mark:
    """Where a place of the text stands in the file. Only text in quotes does not keep its lines."""
    if node.style not in ("|", ""):
        return source_text.mark(node.start)
    written = node.plain.split("\n")[line - 1]
    mark = source_text.mark_line(node.start.line + line + (node.style == "|"))
    indent = max(0, mark.excerpt.find(written))
    return Mark(mark.line, indent + column, mark.excerpt)
