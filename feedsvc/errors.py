"""What can be wrong with content, and how it is said: file, line, column, field, what, and what to write instead."""

from collections.abc import Iterable
from dataclasses import dataclass

SHOWN_AT_MOST = 100


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Problem:
    """One thing an author can mend.

    ``file`` is relative to the content folder's parent (``content/updates/x.yaml``); ``line`` and ``column`` count
    from 1; ``excerpt`` is the offending source line, or empty when there is none to show.
    """

    file: str
    line: int
    column: int
    field: str
    message: str
    fix: str
    excerpt: str = ""

    def __str__(self) -> str:
        """``file:line:column: field: what is wrong; what to write instead``, without control characters."""
        field = f"{self.field}: " if self.field else ""
        return printable(f"{self.file}:{self.line}:{self.column}: {field}{self.message}; {self.fix}")

    def shown(self) -> str:
        """The message, then the offending line with a caret under its column."""
        if not self.excerpt:
            return str(self)
        start = max(0, self.column - 61)  # a long line is shown around its caret
        line = printable(self.excerpt[start : start + 120])
        return f"{self}\n    {line}\n    {' ' * (self.column - 1 - start)}^"


class ContentError(Exception):
    """All problems of a run, ordered by file and line."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(sorted(set(problems)))
        super().__init__(report(self.problems))


def report(problems: Iterable[Problem]) -> str:
    """Every problem as an author reads it, at most a hundred of them and then their count."""
    ordered = sorted(set(problems))
    lines = [problem.shown() for problem in ordered[:SHOWN_AT_MOST]]
    if len(ordered) > SHOWN_AT_MOST:
        lines.append(f"... and {len(ordered) - SHOWN_AT_MOST} more")
    return "\n".join(lines)


def printable(text: str) -> str:
    """``text`` with control characters, line separators and direction marks written as escapes: safe in a terminal."""
    return "".join(
        character if character.isprintable() else character.encode("unicode_escape").decode() for character in text
    )
