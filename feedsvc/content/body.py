"""An update's body: rendered where it can be, and its faults placed in the file."""

import unicodedata

from feedsvc.content import markup
from feedsvc.content.files import Files
from feedsvc.content.nodes import Text
from feedsvc.content.sheet import Sheet
from feedsvc.content.source import Mark
from feedsvc.errors import Problem


def render_body(
    node: Text, sheet: Sheet, base_url: str, files: Files, permalink: str
) -> tuple[markup.Rendered, list[Problem]]:
    """The HTML and what is wrong with the text."""
    rendered = markup.render(unicodedata.normalize("NFC", node.plain), base_url, files, permalink)
    problems = [
        sheet.problem(mark_in_body(sheet, node, found.line, found.column), "body", found.fault.what, found.fault.fix)
        for found in rendered.findings
    ]
    return rendered, problems


def mark_in_body(sheet: Sheet, node: Text, line: int, column: int) -> Mark:
    """Where a place of the text stands in the file. Only text in quotes does not keep its lines."""
    if node.style not in ("|", ""):
        return sheet.mark(node.start)
    written = node.plain.split("\n")[line - 1]
    mark = sheet.mark_line(node.start.line + line + (node.style == "|"))
    indent = max(0, mark.excerpt.find(written))
    return Mark(mark.line, indent + column, mark.excerpt)
