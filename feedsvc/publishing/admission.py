"""Which version of each file is in force, and what id, address and instant it has: whoever was first keeps them.

Of several updates that want one id or address, the one that was published with it first has it; of several that were
written for one instant, each newcomer gets the next free second, for some readers know updates by their date alone.
Only what is to be seen wants anything: a draft, or what waits for its time, takes nothing from anybody. Who was
first is told by the memory, then by the ledger, then by the earlier ``published``, then by the file's name.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import partial

from feedsvc.content.announced import is_moved
from feedsvc.content.ledger import EMPTY, Ledger, Rank
from feedsvc.content.unique_instants import give_instant, kept_instant
from feedsvc.documents.listed import Listed, Reminder
from feedsvc.errors import Problem
from feedsvc.publication.memory import Claim, Memory

Lines = Mapping[str, Listed | None]  # by source; None: nothing of it is in force
REDATED = "published was changed; readers that go by the date may show the update again, or in another place"
MOVED = "a date or place that was announced is another one now, and changes says nothing of it, so no reader is told"
LATE = "published lies before that of an update that is out; readers that go by the date alone may pass over it"
Describe = Callable[[str, str], tuple[Problem, ...]]  # why the first source must yield to the second


@dataclass(slots=True)
class Admitted:
    """What is in force now: the line of each source that was in question, and why some are not as they stand.

    ``claims`` are what the memory does not know yet; ``events`` is what an author may not have meant. ``ids`` are
    those of all lines in question, as they were and as they are.
    """

    lines: dict[str, Listed | None]
    problems: dict[str, tuple[Problem, ...]] = field(default_factory=dict)
    claims: list[Claim] = field(default_factory=list)
    events: list[str] = field(default_factory=list)
    ids: set[str] = field(default_factory=set)


def claim_of(line: Listed) -> Claim:
    """What the memory keeps of an update that is seen."""
    return Claim(line.id, line.source, line.slug, line.written, line.published)


def claims_of(line: Listed, as_of: int) -> Iterator[Claim]:
    """The same, and of what has reminded of its deadline by then."""
    yield claim_of(line)
    for one in line.reminders:
        if one.given <= as_of:
            yield Claim(one.id, line.source, line.slug, one.written, one.given)


class Admission:
    """Every update that is to be seen, by what it wants: an id, an address, an instant."""

    def __init__(self, memory: Memory, lines: Iterable[Listed] = (), as_of: int = 0) -> None:
        self.memory = memory
        self._ledger = EMPTY
        self._instants: frozenset[int] = frozenset()  # of the ledger
        self._as_of = as_of
        self._lines: dict[str, Listed] = {}
        self._ids: dict[str, set[str]] = defaultdict(set)  # what is wanted -> the sources that want it
        self._slugs: dict[str, set[str]] = defaultdict(set)
        for line in lines:
            self._put(line)
        self._given = {line.published: line.id for line in self._lines.values()}  # instant -> id
        for line in self._lines.values():
            self._given |= {one.given: one.id for one in line.reminders if one.given <= as_of}
        self._newest = max((line.published for line in self._lines.values()), default=0)

    def follow(self, ledger: Ledger) -> set[str]:
        """Let this ledger say who was first where the memory does not; what addresses it calls, or called, deleted."""
        told = {line.address for lines in (self._ledger.lines, ledger.lines) for line in lines if line.is_deleted}
        self._ledger = ledger
        self._instants = frozenset(instant for instants in ledger.instants.values() for instant in instants)
        return told

    def gone(self, present: Collection[str], ids: Collection[str], authority: str) -> frozenset[str]:
        """Every address of a site's updates that were public and are no more, neither the file nor, in another, the id.

        ``present`` are the files that there are. Of an update that only the ledger knows, people say it: ``deleted``.
        """
        own = (claim for claim in self.memory.claims() if claim.id.startswith(f"tag:{authority}:"))
        remembered = {
            claim.slug for claim in own if claim.source not in present and claim.id.partition("#")[0] not in ids
        }
        recorded = {line.address for line in self._ledger.lines if line.is_deleted and line.id not in ids}
        return frozenset(remembered | recorded)

    def admit(self, proposed: Lines, before: Lines, as_of: int, describe: Describe) -> Admitted:
        """Settle what becomes of these sources at ``as_of``; ``before`` are their lines that were in force so far."""
        self._as_of = as_of
        admitted = Admitted(dict(proposed))
        for source in proposed:
            self._drop(source)
        for line in proposed.values():
            self._put(line)
        while yielding := self._yielding(filter(None, admitted.lines.values())):
            for source, first in sorted(yielding.items()):
                admitted.problems.setdefault(source, describe(source, first))
                line = self._drop(source)
                earlier = before.get(source)
                admitted.lines[source] = earlier = earlier if earlier != line else None
                self._put(earlier)
        with self.memory.at_hand(len(proposed)):
            self._date(admitted, before)
        return admitted

    def _put(self, line: Listed | None) -> None:
        """Note what an update wants that is to be seen."""
        if line is None or line.draft or line.written > self._as_of:
            return
        self._lines[line.source] = line
        self._ids[line.id].add(line.source)
        self._slugs[line.slug].add(line.source)

    def _drop(self, source: str) -> Listed | None:
        """Forget what a file wants; its line, if it wanted anything."""
        line = self._lines.pop(source, None)
        if line is not None:
            self._ids[line.id].discard(source)
            self._slugs[line.slug].discard(source)
            for claim in claims_of(line, self._as_of):
                if self._given.get(claim.given) == claim.id:
                    del self._given[claim.given]
        return line

    def _yielding(self, lines: Iterable[Listed]) -> dict[str, str]:
        """Of these and all that clash with them: each source that must yield, and the one that it yields to."""
        yielding: dict[str, str] = {}
        for line in lines:
            for wanting, rank in (
                (self._ids[line.id], self._rank_for_id),
                (self._slugs[line.slug], self._rank_for_slug),
            ):
                if len(wanting) > 1:
                    first = min((self._lines[source] for source in wanting), key=rank).source
                    yielding |= dict.fromkeys(wanting - {first}, first)
        return yielding

    def _rank_for_id(self, line: Listed) -> Rank:
        return (not self._is_last(line), *self._ledger.rank_for_id(line.id, line.slug, line.written, line.source))

    def _rank_for_slug(self, line: Listed) -> Rank:
        is_holder = self.memory.holder(line.slug) == line.id
        recorded, *rest = self._ledger.rank_for_address(line.id, line.slug, line.written, line.source)
        return (not is_holder, recorded, not self._is_last(line), *rest)

    def _is_last(self, line: Listed) -> bool:
        """Whether the id was last seen in that file."""
        known = self.memory.claim(line.id)
        return known is not None and known.source == line.source

    def _date(self, admitted: Admitted, before: Lines) -> None:
        """Give every update that is to be seen its instant; those that have one already come first."""
        seen = [self._lines[source] for source in admitted.lines if source in self._lines]
        known = {line.id: self.memory.claim(line.id) for line in seen}
        newest, waiting = self._newest, []
        for line in seen:
            earlier = before.get(line.source)
            if earlier is not None and is_moved([earlier.announced], line.announced):
                admitted.events.append(f"{line.source}: {MOVED}")
            kept = self._kept(line, known[line.id])
            if kept is None or self._given.setdefault(kept, line.id) != line.id:
                waiting.append(line)
            else:
                self._settle(line, kept, known[line.id], admitted)
        following: dict[int, int] = {}  # by written instant, where to look on: many updates may share one
        for line in sorted(waiting, key=lambda line: (line.written, line.source)):
            start = following.get(line.written, line.written)
            given = give_instant(start, partial(self._is_taken, line.id))
            following[line.written] = given + 1
            self._given[given] = line.id
            self._settle(line, given, known[line.id], admitted)
            if known[line.id] is not None:
                admitted.events.append(f"{line.source}: {REDATED}")
            elif before.get(line.source) is None and line.written < newest:
                admitted.events.append(f"{line.source}: {LATE}")
        for line in sorted(seen, key=lambda line: (line.reminders, line.source)):
            if line.deadline is not None:
                self._remind(self._lines[line.source], admitted)

    def _remind(self, line: Listed, admitted: Admitted) -> None:
        """Let what reminds of a deadline have its instant. What was out already stays, wherever the deadline moves."""
        known = {claim.id: claim for claim in self.memory.reminders(line.id)}
        reminders = {one.id: Reminder(one.id, one.written, one.given) for one in known.values()}
        for one in line.reminders:
            if one.id not in known:
                is_due = one.written <= self._as_of
                given = give_instant(one.written, partial(self._is_taken, one.id)) if is_due else one.written
                reminders[one.id] = one._replace(given=given)
        reminded = replace(line, reminders=tuple(sorted(reminders.values())))
        self._lines[line.source] = admitted.lines[line.source] = reminded
        for claim in list(claims_of(reminded, self._as_of))[1:]:
            self._given.setdefault(claim.given, claim.id)
            if claim.id not in known:
                admitted.claims.append(claim)

    def _kept(self, line: Listed, known: Claim | None) -> int | None:
        """The instant that an update was given before, if its author has not written another since."""
        if known is not None:
            return known.given if known.written == line.written else None
        return kept_instant(line.written, self._ledger.instants.get(line.id, ()), self._instants)

    def _settle(self, line: Listed, given: int, known: Claim | None, admitted: Admitted) -> None:
        """Let an update have its instant, and have it remembered from when it is seen."""
        digest = line.digest.partition("+")[0] + (f"+{given - line.written}" if given != line.written else "")
        dated = replace(line, published=given, digest=digest)
        self._lines[line.source] = admitted.lines[line.source] = dated
        self._newest = max(self._newest, given)
        if given <= self._as_of and claim_of(dated) != known:
            admitted.claims.append(claim_of(dated))

    def _is_taken(self, entry_id: str, instant: int) -> bool:
        """Whether another update has, or ever had, that instant."""
        if self._given.get(instant, entry_id) != entry_id or self.memory.is_given(instant, but=entry_id):
            return True
        return instant in self._instants and instant not in self._ledger.instants.get(entry_id, ())
