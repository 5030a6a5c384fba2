"""What is held back beside files with mistakes: what the program fails on, removals, documents that cannot be made."""

import logging
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from feedsvc.documents.listed import Listed
from feedsvc.errors import FeedsvcError, Problem
from feedsvc.model import Site
from feedsvc.publication.rows import Finished
from feedsvc.publishing.blame import Blame
from feedsvc.publishing.left import Left, Verdict
from feedsvc.publishing.quarantine import describe, fault_problem
from feedsvc.publishing.reading import ReadSource
from feedsvc.publishing.removals import Proposal, Withheld, withhold
from feedsvc.publishing.rendering import Choked, choked_problem
from feedsvc.publishing.scan import Delta
from feedsvc.publishing.sites import missing_categories, site_file

if TYPE_CHECKING:  # which begins with what is held
    from feedsvc.publishing.known import Known

log = logging.getLogger("feedsvc.publication")

NO_CHANGE = Delta(changed={}, gone=frozenset(), site="", files={})


class StrangersError(FeedsvcError):
    """A site that cannot be in force yet, for updates that stay are in categories that it lacks."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__(", ".join(map(str, problems)))


class Holding:
    """What one publication holds back; it is stored with it, so that a restart changes nothing.

    ``stuck`` are the documents, by path, that cannot be made for no update's fault. ``delta`` is the change that the
    last publish was to take in. ``verdicts`` are by source: each holds until the source, a file that it uses, or what
    it was condemned under is another one.
    """

    def __init__(self, root: Path, hold: int) -> None:
        self._hold = hold  # seconds, for removals
        self.verdicts: dict[str, Verdict] = {}
        self._found: dict[str, Verdict] = {}  # since the last commit, which are not forgotten when that is started over
        self.withheld = Withheld()
        self.stuck: dict[str, Problem] = {}
        self.delta = NO_CHANGE
        self._root = root
        self._site_file = site_file(root)
        self._stamps: Mapping[str, str] = {}
        self._basis = ""

    def load(self, left: Left) -> None:
        """Take what the last commit left; what was found out since stays."""
        self.stuck = {**left.stuck, **self.stuck}
        self.verdicts = {**left.verdicts, **self._found}
        self.withheld = left.withheld

    def begin(self, delta: Delta, stamps: Mapping[str, str], basis: str) -> None:
        """Look which verdicts still hold: ``stamps`` are those of the last publish, ``basis`` names the program."""
        self.delta, self._stamps, self._basis = delta, stamps, basis
        under = {basis, self._release(delta)}
        self.verdicts = {
            name: verdict
            for name, verdict in self.verdicts.items()
            if verdict.release in under and verdict.version == self._version(name, verdict.files)
        }

    def commit(self) -> None:
        """What was found out is stored now."""
        self._found.clear()

    @property
    def due(self) -> int | None:
        """When the first removal is let go that is held, in seconds since 1970."""
        return None if self.withheld.since is None else self.withheld.since + self._hold

    @property
    def deadly(self) -> frozenset[str]:
        """The sources that end a process which reads them."""
        return frozenset(name for name, verdict in self.verdicts.items() if verdict.release == self._basis)

    def _version(self, name: str, files: Iterable[str], delta: Delta | None = None) -> str:
        """What changes when a source or a file that it uses does; empty once it is gone."""
        now = delta or self.delta
        if name in now.gone:
            return ""
        stamp = now.site if name == self._site_file else now.changed.get(name) or self._stamps.get(name, "")
        return " ".join((stamp, *(now.files.get(file, "") for file in files)))

    def _release(self, delta: Delta) -> str:
        """What documents are made under."""
        return f"{self._basis} {delta.site}"

    def condemn_reading(self, name: str, problem: Problem) -> None:
        """Hold back what ends a process that reads it."""
        self._keep(name, Verdict(version=self._version(name, ()), release=self._basis, problem=problem))

    def condemn_unforeseen(self, name: str, fault: Exception, delta: Delta, before: Listed | None) -> None:
        """Hold back what publishing fails on; if it did not change, neither is the version ``before`` any good."""
        log.error("publishing fails with %s", name, exc_info=fault)
        problem = fault_problem(name, f"the program fails on it ({describe(fault)})")
        self._condemn(name, problem, None if name in delta.changed else before, delta)

    def _condemn(self, name: str, problem: Problem, line: Listed | None, delta: Delta) -> None:
        files, digests = (line.files, (line.digest,)) if line else ((), ())
        version, release = self._version(name, files, delta), self._release(delta)
        self._keep(name, Verdict(version=version, release=release, problem=problem, files=files, digests=digests))

    def _keep(self, name: str, verdict: Verdict) -> None:
        """One that was condemned before and stays as it was cannot fall back to that version, either."""
        earlier = self.verdicts.get(name)
        if earlier is not None and earlier.version == verdict.version:
            verdict = replace(verdict, digests=tuple(dict.fromkeys((*earlier.digests, *verdict.digests))))
        self.verdicts[name] = self._found[name] = verdict

    def condemn_choking(self, choked: Sequence[Choked], blame: Blame, *, is_new_site: bool) -> None:
        """Hold back the updates that documents choke on; for the other documents, the site if it is new."""
        guilty, unexplained = blame.find(choked)
        for name, (line, one) in guilty.items():
            log.error("%s cannot be made for %s\n%s", one.path, name, one.trace or one.cause)
            self._condemn(name, choked_problem(name, one), line, self.delta)
        for one in unexplained:
            log.error("%s cannot be made\n%s", one.path, one.trace or one.cause)
            problem = choked_problem(self._site_file, one)
            if is_new_site:
                self._condemn(self._site_file, problem, None, self.delta)
            else:
                self.stuck[one.path] = problem

    def healed(self, documents: Iterable[Finished]) -> Iterator[Finished]:
        """The same documents, none of which is stuck any more."""
        for finished in documents:
            self.stuck.pop(finished.path, None)
            yield finished

    def withhold(self, readings: Mapping[str, ReadSource], known: "Known", site: Site, now: int) -> None:
        """Settle which removals to hold ``now``, of what is ``known`` to be shown."""
        gone = self.delta.gone
        sound = {name: reading for name, reading in readings.items() if not reading.choked}
        was = {name: known.sources.line(name) for name in (*sound, *gone)}
        after = {name: reading.chosen(was[name]) for name, reading in sound.items()} | dict.fromkeys(gone)
        stamps = {name: self._version(name, ()) for name in sound}
        change = Proposal(before=was, after=after, stamps=stamps, seen_at=known.as_of, hold=self._hold)
        self.withheld = withhold(change, known.index.sizes(), site, self.withheld, now)
        if problems := missing_categories([was[name] for name in self.withheld.held], site, self._root):
            raise StrangersError(problems)
