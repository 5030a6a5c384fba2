"""Which sources are held back though they can be read: what a document choked on, and what ended a process.

A verdict holds until its source, a file that the source uses, or what it was condemned under is another one.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace

from feedsvc.errors import Problem
from feedsvc.publishing.reading import ReadSource


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """Why a source is held back, and the ``version`` of it and its ``files`` that this was found out of.

    ``release`` is what it was condemned under: the program, and the site where a document choked. ``digests`` are the
    loaded versions that choked.
    """

    version: str
    release: str
    problem: Problem
    files: tuple[str, ...] = ()
    digests: tuple[str, ...] = ()


Version = Callable[[str, Iterable[str]], str]  # of a source and of the files that it uses, as they are now


class Verdicts:
    """All verdicts, by source; what was found out since the last commit is not forgotten when that is started over."""

    def __init__(self) -> None:
        self._known: dict[str, Verdict] = {}
        self._found: dict[str, Verdict] = {}

    def load(self, known: Mapping[str, Verdict]) -> None:
        """Take those of the last commit."""
        self._known = {**known, **self._found}

    def all(self) -> Mapping[str, Verdict]:
        """Every verdict, to be stored."""
        return self._known

    def commit(self) -> None:
        """What was found out is stored now."""
        self._found.clear()

    def condemn(self, name: str, verdict: Verdict) -> None:
        """Hold a source back. One that was condemned before and stays as it was cannot fall back to that version."""
        earlier = self._known.get(name)
        if earlier is not None and earlier.version == verdict.version:
            digests = tuple(dict.fromkeys((*earlier.digests, *verdict.digests)))
            verdict = replace(verdict, digests=digests)
        self._known[name] = self._found[name] = verdict

    def review(self, version: Version, releases: Iterable[str]) -> None:
        """Drop those that no longer hold."""
        under = set(releases)
        self._known = {
            name: verdict
            for name, verdict in self._known.items()
            if verdict.release in under and verdict.version == version(name, verdict.files)
        }

    def problem(self, name: str) -> Problem | None:
        """Why a source is held back; None for one that is not."""
        verdict = self._known.get(name)
        return None if verdict is None else verdict.problem

    def under(self, release: str) -> frozenset[str]:
        """The sources that were condemned under exactly that."""
        return frozenset(name for name, verdict in self._known.items() if verdict.release == release)

    def reading(self, name: str) -> ReadSource | None:
        """What stands for reading a source that is held back; None for one that is not."""
        verdict = self._known.get(name)
        return None if verdict is None else ReadSource(problems=(verdict.problem,), choked=verdict.digests)
