"""What can be wrong with content, and how it is said: file, line, column, field, what, and what to write instead."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields
from itertools import groupby
from operator import attrgetter
from typing import ClassVar

SHOWN_AT_MOST = 100
SAID_AT_MOST = 400  # characters of what an author wrote, or named, within a message
LINE_AT_MOST = 1400  # characters of a message as it is shown, where one may be written as ten
NAME_AT_MOST = 100  # characters of a field's name
EXCERPT_WIDTH = 120  # characters of a line, of which so many as BEFORE_CARET stand before the caret
BEFORE_CARET = 60


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Problem:
    """One thing an author can mend, in bounded words whatever the content holds.

    ``file`` is relative to the content folder's parent (``content/updates/x.yaml``); ``line`` and ``column`` count
    from 1; ``excerpt`` is the offending source line, or empty when there is none to show. What is kept of it is what
    can be shown, and ``caret`` is the column within that.
    """

    file: str
    line: int = 1
    column: int = 1
    field: str = ""
    message: str
    fix: str
    excerpt: str = ""
    caret: int = 0
    label: ClassVar[str] = ""

    def __post_init__(self) -> None:
        """Cut what is too long to be read; the name of the file is bounded by the system."""
        keep = object.__setattr__
        keep(self, "field", cut(self.field, NAME_AT_MOST))
        keep(self, "message", cut(self.message, SAID_AT_MOST))
        keep(self, "fix", cut(self.fix, SAID_AT_MOST))
        if not self.caret:  # a long line is shown around its caret
            start = max(0, self.column - 1 - BEFORE_CARET)
            keep(self, "excerpt", self.excerpt[start : start + EXCERPT_WIDTH])
            keep(self, "caret", self.column - start)

    def __str__(self) -> str:
        """``file:line:column: field: what is wrong; what to write instead``, without control characters."""
        field = f"{self.field}: " if self.field else ""
        where = f"{cut(self.file, SAID_AT_MOST)}:{self.line}:{self.column}"
        return cut(printable(f"{where}: {self.label}{field}{self.message}; {self.fix}"), LINE_AT_MOST)

    def shown(self) -> str:
        """The message, then the offending line with a caret under its column."""
        if not self.excerpt:
            return str(self)
        return f"{self}\n    {printable(self.excerpt)}\n    {' ' * (self.caret - 1)}^"


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Note(Problem):
    """One thing that will be published, but probably not as it is meant; unlike a problem it holds nothing back.

    ``unless`` is a path of the site, or empty: once a document is there, the note is void.
    """

    unless: str = ""
    label: ClassVar[str] = "note: "

    @classmethod
    def of(cls, problem: Problem, unless: str = "") -> "Note":
        """What a problem says, as something that holds nothing back."""
        return cls(**{each.name: getattr(problem, each.name) for each in fields(Problem)}, unless=unless)


class FeedsvcError(Exception):
    """What the program cannot or will not do; the text says why, and where it can, what to do about it.

    Every error of the program's own is one; any other exception that it raises is a bug, or the system's OSError.
    """


class BadValueError(FeedsvcError, ValueError):
    """A value that cannot be meant as it stands: ``what`` is wrong, and what to write instead (``fix``).

    Where it stands is for others to add.
    """

    def __init__(self, what: str, fix: str) -> None:
        self.what = what
        self.fix = fix
        super().__init__(f"{what}; {fix}")


class ContentError(FeedsvcError):
    """All problems of a run, ordered by file and line, and of each file as many as anyone would read."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(_readable(problems))
        super().__init__(report(self.problems))

    def __reduce__(self) -> tuple[type["ContentError"], tuple[tuple[Problem, ...]]]:
        """How it is handed to another process."""
        return ContentError, (self.problems,)


def _readable(problems: Iterable[Problem]) -> Iterator[Problem]:
    """The first problems of each file, and whether there are more."""
    for file, found in groupby(sorted(set(problems)), attrgetter("file")):
        first, rest = (listed := list(found))[:SHOWN_AT_MOST], listed[SHOWN_AT_MOST:]
        yield from first
        if len(rest) > 1:
            what, fix = "more things are wrong from here on", "mend those above first"
            yield Problem(file=file, line=rest[0].line, message=what, fix=fix)
        else:
            yield from rest


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


def cut(text: str, most: int) -> str:
    """The text, or its beginning when it has more than ``most`` characters."""
    return text if len(text) <= most else text[: most - 1] + "…"


def shortened(text: str, most: int = 60) -> str:
    """``text`` in quotes for a message, cut when it is long."""
    return repr(cut(text, most))
