"""Content becomes the next generation of the publication: reads what changed, renders what that changed, commits once.

A file that cannot be published stays as it last was good, or out, and is reported; everything else moves on.
"""

import gc
from collections import OrderedDict
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from operator import attrgetter
from urllib.parse import unquote

from pydantic import TypeAdapter

from feedsvc import documents, urls
from feedsvc.content import UnsettledError, note_passed_over
from feedsvc.content.conflicts import describe_clash
from feedsvc.content.ledger import LEDGER, read_ledger
from feedsvc.content.source import LoadedEntry, LoadedSite
from feedsvc.documents import Absent, Changed, Index, Listed, Plan, Recipe, code_digest
from feedsvc.errors import ContentError, FeedsvcError, Note, Problem
from feedsvc.model import Entry, Site
from feedsvc.places import ALL
from feedsvc.publication.reader import StoreError
from feedsvc.publication.store import Batch, OvertakenError, SourceState, Store, decode, dump_entry, parse_entry
from feedsvc.publishing.admission import Admission, Admitted, claim_of
from feedsvc.publishing.blame import Blame, StandingFiles
from feedsvc.publishing.holding import Holding, StrangersError
from feedsvc.publishing.isolation import isolate
from feedsvc.publishing.notes import Notes
from feedsvc.publishing.quarantine import Journal
from feedsvc.publishing.reading import Reading
from feedsvc.publishing.removals import Withheld
from feedsvc.publishing.rendering import Choked, ChokedError, Finisher, Progress
from feedsvc.publishing.scan import Delta, file_stamp, glance, look
from feedsvc.publishing.sources import SourceReader
from feedsvc.settings import Settings

ATTEMPTS = 3  # when other processes publish at the same time
FORGIVEN_SECONDS = 2 * 86_400  # a clock set back by less takes nothing back that was seen
ROUNDS = 12  # of one publish, each of which holds back what kept the one before from being made
REMEMBERED = 2_000  # entries kept decoded between publishes: more than the windows of all places hold
_SITE: TypeAdapter[LoadedSite | None] = TypeAdapter(LoadedSite | None)
_STAMPS: TypeAdapter[Mapping[str, str]] = TypeAdapter(Mapping[str, str])
_PROBLEMS = TypeAdapter(tuple[Problem, ...])


class MovedError(FeedsvcError):
    """Every link would lead to another address, which may not be meant; the text says how to say that it is."""


FORESEEN = (ContentError, UnsettledError, StoreError, OvertakenError, ChokedError, StrangersError, MovedError)


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """How to publish.

    ``names`` are the only sources that may have changed, for a caller who was told; None looks at all.
    ``may_drop`` confirms that many updates may vanish, ``may_move`` that links may change to another base URL.
    ``is_settled`` is asked before the commit whether the content was left alone meanwhile. ``without`` are sources to
    be passed over, as if they had not changed. Once ``is_urgent``, what never comes to rest is held back itself.
    """

    names: Sequence[str] | None = None
    may_drop: bool = False
    may_move: bool = True
    is_settled: Callable[[], bool] = lambda: True
    progress: Progress | None = None
    pictures: Progress | None = None  # the same for those that are made first
    without: frozenset[str] = frozenset()
    is_urgent: bool = False


PLAIN = Request()


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What a publish did. ``next_change`` is when the publication next changes by itself, in seconds since 1970.

    ``held`` says which removals are held, and is empty when none is. ``deadly`` are the sources that end a process
    which reads them. ``noted`` is what stands in the publication, but probably not as it is meant, and which files are
    passed over; ``notes`` are what happened now that an author may not have meant.
    """

    generation: int
    written: int
    removed: int
    entries: int
    problems: tuple[Problem, ...]
    noted: tuple[Note, ...]
    next_change: int | None
    held: str = ""
    deadly: frozenset[str] = frozenset()
    notes: tuple[str, ...] = ()


class Publisher:
    """Publishes one content folder into one store, again and again; remembers what a publish needs of the last."""

    def __init__(self, settings: Settings, store: Store) -> None:
        self._settings = settings
        self._root = settings.content
        self._store = store
        self._files = StandingFiles(settings.content, settings.kept_pictures, defers=True)
        self._journal = Journal(store.path)
        self._holding = Holding(settings.content)
        self._reader = SourceReader(settings, self._files, self._journal, self._holding)
        self._finisher = Finisher(self._journal, self._bring_along)
        self._in_hand: set[str] = set()  # sources that the last publish was to take in
        self._changed: set[str] = set()  # and those whose line changed by it
        self._is_new_site = False
        self._site_veto: tuple[Problem, ...] = ()
        self._generation: int | None = None  # of the store, while this object's memory agrees with it
        self._site: LoadedSite | None = None  # the last good one
        self._is_told_address = False  # whether its base URL was a setting's, not its own
        self._site_stamp = ""
        self._site_problems: tuple[Problem, ...] = ()
        self._site_since = 0  # when those began, in seconds since 1970
        self._file_stamps: Mapping[str, str] = {}
        self._basis = f"{code_digest()} {settings.base_url or ''}"  # what all documents depend on beside the content
        self._stored_basis = ""
        self._sources: dict[str, SourceState] = {}
        self._stamps: dict[str, str] = {}
        self._held: set[str] = set()  # sources with problems
        self._admission = Admission(store.memory)
        self._ledger_stamp = ""
        self._remarks = Notes()
        self._as_of = 0
        self._index = Index(0)
        self._decoded: OrderedDict[str, Entry] = OrderedDict()  # by digest
        self._pending: dict[str, str] = {}  # source -> dumped entry, read but not yet committed

    def publish(self, as_of: datetime, request: Request = PLAIN) -> Outcome:
        """Bring the publication up to date with the content as it is to be seen at ``as_of``.

        ContentError when ``site.yaml`` is at fault and no earlier good one is known; UnsettledError when the content
        changed while it was read; StoreError when the publication cannot be written. Each leaves it as it was.
        Whatever else goes wrong is a source's fault, which is held back, or this program's.
        """
        attempt = 1
        while True:
            try:
                return self._isolate(int(as_of.timestamp()), request)
            except OvertakenError as fault:
                if attempt == ATTEMPTS:
                    raise StoreError(str(fault)) from fault
                attempt += 1

    def warm_up(self) -> None:
        """Render every place once for nothing, so that the next change finds templates and entries at hand."""
        if self._site is not None and self._generation is not None:
            found = documents.places.recipes(self._plan_of(self._site), Changed(is_whole=True))
            stuck = self._holding.stuck
            self._finisher.rehearse([one for one in found if isinstance(one, Recipe) and one.path not in stuck])

    def _isolate(self, as_of: int, request: Request) -> Outcome:
        """Publish; where that fails unforeseen, find the sources that it fails on, and publish the rest."""
        self._in_hand = set()
        try:
            return self._in_rounds(as_of, request)
        except FORESEEN:
            raise
        except Exception:
            if not self._in_hand:
                raise
        delta = self._holding.delta
        return isolate(
            self._in_hand,
            lambda without: self._in_rounds(as_of, replace(request, names=None, without=without)),
            lambda name, fault: self._holding.condemn_unforeseen(name, fault, delta, self._line(name)),
            FORESEEN,
        )

    def _in_rounds(self, as_of: int, request: Request) -> Outcome:
        """Publish; each round holds back what the one before could not be published for."""
        self._site_veto = ()
        last: Exception | None = None
        for number in range(ROUNDS):
            try:
                return self._attempt(as_of, request, is_first=number == 0)
            except ChokedError as fault:
                last = fault
                self._find_fault(fault.choked)
            except StrangersError as fault:
                last = fault
                self._site_veto = fault.problems
        raise RuntimeError(f"documents choke on one source after another: {last}")

    def _attempt(self, as_of: int, request: Request, *, is_first: bool) -> Outcome:
        if self._generation is None or self._generation != self._store.generation():
            self._recall(as_of)
            request = replace(request, names=None)
        elif self._as_of - as_of > FORGIVEN_SECONDS:
            self._recall(as_of)
        base, self._generation = self._generation, None  # after a failure what is stored is the truth
        try:
            outcome = self._publish(max(as_of, self._as_of), request, base, is_first=is_first)
        finally:
            gc.enable()
        self._generation = outcome.generation
        self._journal.clear()
        return outcome

    def _recall(self, as_of: int) -> None:
        """Take everything from the store, as after a restart."""
        generation, state = self._store.generation(), self._store.state()
        self._holding.load(state)
        self._stored_basis = state.get("basis", "")
        is_ours = self._stored_basis.startswith(code_digest())  # else it may mean something else by the same words
        self._site = decode(_SITE, state.get("site"), None)
        self._is_told_address = state.get("is_told_address") == "yes"
        self._site_stamp = state.get("site_stamp", "")
        stuck = self._holding.stuck.values()
        problems = decode(_PROBLEMS, state.get("site_problems"), ())
        self._site_problems = tuple(problem for problem in problems if problem not in stuck)
        self._site_since = int(state.get("site_since") or as_of)
        self._file_stamps = decode(_STAMPS, state.get("files"), {})
        self._sources = self._store.sources(is_ours=is_ours)
        if not is_ours:
            for name, known in self._sources.items():
                if known.listed is not None and not self._store.can_load(name):
                    self._sources[name] = replace(known, listed=None)
        self._stamps = {name: known.stamp for name, known in self._sources.items()}
        self._held = {name for name, known in self._sources.items() if known.problems}
        self._generation = generation
        self._as_of = int(state.get("as_of", as_of))
        if self._as_of - as_of > FORGIVEN_SECONDS:  # the clock was wrong then: nothing shown may be taken for due
            self._as_of, self._stored_basis = as_of, ""
        self._index = Index(self._as_of)
        self._decoded.clear()
        self._index.fill(known.listed for known in self._sources.values() if known.listed is not None)
        self._remarks = Notes(self._index.lines(), self._store.keys(), state.get("notes", ""))
        self._admission = Admission(self._store.memory, self._index.lines(), self._as_of)
        self._ledger_stamp = ""
        if self._store.memory.generation < generation:  # it was lost, or an earlier release wrote none
            self._store.remember([claim_of(line) for line in self._index.shown()])

    def _publish(self, as_of: int, request: Request, base: int | None, *, is_first: bool) -> Outcome:
        self._pending.clear()
        delta = self._look(request)
        if request.names is None:
            self._remarks.pass_over(note_passed_over(self._root))
        self._holding.begin(delta, self._stamps, self._basis)
        site, site_problems = self._site_in_force(delta)
        if not request.may_move:
            self._refuse_move(site.site)
        is_whole = site != self._site or self._stored_basis != self._basis
        files = {name for name, _ in delta.files.items() ^ self._file_stamps.items()}
        due = self._index.next_change
        is_same_site = delta.site == self._site_stamp and not is_whole
        is_still = is_same_site and not files and (due is None or due > as_of)
        if is_still and not (delta.changed or delta.gone):
            if unsaid := self._remarks.unsaid():
                self._store.note(unsaid)
            return self._outcome(0, 0)
        if not (site_problems and self._site_problems):
            self._site_since = as_of
        self._is_new_site = self._site is not None and site != self._site
        self._site, self._site_problems = site, site_problems
        if is_whole:
            gc.disable()  # what is made now lives until the end: looking for rubbish takes a tenth of the time
            if is_first:
                self._holding.stuck.clear()
        names = self._to_read(delta, files - request.without, is_whole=is_whole)
        self._in_hand = {*names, *delta.gone} - request.without
        readings = self._read([name for name in names if name not in request.without], site.site, request)
        was_withheld = self._holding.withheld
        delta = self._withhold(readings, site.site, request, as_of)
        if is_still and self._holding.withheld == was_withheld and not (delta.changed or delta.gone):
            return self._outcome(0, 0)
        notes = self._follow_ledger(site.site.authority)
        admitted = self._take_in(delta, readings, as_of)
        changes = admitted.lines
        self._changed = set(changes)
        changed = self._index.change(changes)
        changed.files |= files
        self._index.advance(as_of, changed)
        if not request.is_settled():
            raise UnsettledError("the content changed while it was read")
        recipes, removals = self._plan(site, changed, is_whole=is_whole)
        self._remarks.follow((recipe.path for recipe in recipes), removals)
        self._site_stamp, self._file_stamps, self._stored_basis = delta.site, delta.files, self._basis
        self._is_told_address = self._settings.base_url is not None
        touched = {*readings, *changes, *delta.gone}
        self._as_of = as_of
        made = self._finisher.finish(recipes, self._may_stay, request.progress, may_fork=is_whole)
        documents = self._holding.healed(made)
        written, removed = self._store.commit(
            Batch(
                base=base,
                documents=documents if is_whole else list(documents),  # few are at hand before the lock is taken
                removals=removals,
                sources={name: self._sources.get(name) for name in sorted(touched)},
                entries=self._pending,
                state=self._notes(site, as_of),
                claims=admitted.claims,
            )
        )
        self._holding.verdicts.commit()
        return replace(self._outcome(written, removed), notes=(*notes, *admitted.notes))

    def _refuse_move(self, site: Site) -> None:
        """MovedError when this would give every link another address, unless ``site.yaml`` alone says so."""
        address = self._site.site.base_url if self._site else site.base_url
        if site.base_url != address and (self._is_told_address or self._settings.base_url):
            raise MovedError(
                f"{self._settings.publication} is published at {address}, and this would change every link in it to "
                f"{site.base_url}; write FEEDSVC_BASE_URL={address} before the command, or FEEDSVC_PUBLICATION= and "
                "another file to try it apart, or add --new-address to move for good"
            )

    def _look(self, request: Request) -> Delta:
        """What differs from what is known, where it is to be looked for; what is held is always looked at."""
        if request.names is None:
            delta = look(self._root, self._stamps)
        else:
            delta = glance(self._root, self._stamps, {*request.names, *self._holding.withheld.held})
        return _reduced(delta, request.without)

    def _site_in_force(self, delta: Delta) -> tuple[LoadedSite, tuple[Problem, ...]]:
        """The site as the file says when it is good, else the last good one and why; ContentError without either."""
        is_known = delta.site == self._site_stamp and delta.files == self._file_stamps
        if self._site is not None:
            if self._site_veto:
                return self._site, self._site_veto
            if is_known and not self._site_problems and self._stored_basis == self._basis:
                return self._site, ()
        try:
            return self._reader.read_site(self._sources), ()
        except ContentError as fault:
            if self._site is None:
                raise
            return self._site, fault.problems

    def _to_read(self, delta: Delta, files: set[str], *, is_whole: bool) -> list[str]:
        """The sources to read: what came or changed, what uses a changed file, and what another change may mend."""
        if is_whole:
            return sorted((self._sources.keys() | delta.changed.keys()) - delta.gone)
        users = set().union(*(self._index.users(name) for name in files))
        return sorted((delta.changed.keys() | users | self._held) - delta.gone)

    def _read(self, names: Sequence[str], site: Site, request: Request) -> dict[str, Reading]:
        readings = self._reader.read(names, site, self._sources, progress=request.pictures, is_urgent=request.is_urgent)
        self._pending |= {name: reading.text for name, reading in readings.items() if reading.text is not None}
        return readings

    def _withhold(self, readings: dict[str, Reading], site: Site, request: Request, as_of: int) -> Delta:
        """Take out of the change what is held of it; what is left."""
        if request.may_drop:
            self._holding.withheld = Withheld()
        else:
            sizes = self._index.sizes()
            self._holding.withhold(readings, self._line, sizes, site, (self._as_of, as_of))
        held = self._holding.withheld.held.keys()
        for name in held:
            readings.pop(name, None)
            self._pending.pop(name, None)
        return _reduced(self._holding.delta, held)

    def _find_fault(self, choked: Sequence[Choked]) -> None:
        """Condemn what documents choke on."""
        if self._site is not None:  # there was one to make documents of
            if any(one.is_deadly for one in choked):
                self._bring_along()
            blame = Blame(partial(self._plan_of, self._site), self._index, self._changed)
            self._holding.condemn_choking(choked, blame, is_new_site=self._is_new_site)

    def _follow_ledger(self, authority: str) -> list[str]:
        """Read what was recorded of ids and addresses, if that has changed; what is wrong with it."""
        found = f"{authority} {file_stamp(self._root / LEDGER)}"
        if found == self._ledger_stamp:
            return []
        ledger = read_ledger(self._root)
        self._admission.follow(ledger.under(authority))
        self._ledger_stamp = found
        return [str(problem) for problem in ledger.problems]

    def _take_in(self, delta: Delta, readings: Mapping[str, Reading], as_of: int) -> Admitted:
        """Settle which version of each file is in force; ``lines`` are those that changed by that."""
        due = {line.source: line for line in self._index.due(as_of)}
        before = {name: self._line(name) for name in (*readings, *delta.gone, *due)}
        proposed: dict[str, Listed | None] = {**due, **dict.fromkeys(delta.gone)}
        proposed |= {name: reading.chosen(before[name]) for name, reading in readings.items()}
        admitted = self._admission.admit(proposed, before, as_of, self._describe_clash)
        for name, line in admitted.lines.items():
            before.setdefault(name, self._line(name))
            if name in admitted.problems:
                self._pending.pop(name, None)
            seen = None if name in delta.gone else delta.changed.get(name) or self._stamps.get(name)
            found = readings[name].problems if name in readings else ()
            self._remember(name, seen, line, admitted.problems.get(name, found), as_of)
        admitted.lines = {name: line for name, line in admitted.lines.items() if line != before[name]}
        return admitted

    def _describe_clash(self, name: str, first: str) -> tuple[Problem, ...]:
        return tuple(describe_clash(self._load(name), self._load(first)))

    def _remember(
        self, name: str, stamp: str | None, line: Listed | None, problems: tuple[Problem, ...], as_of: int
    ) -> None:
        known = self._sources.pop(name, None)
        self._remarks.put(name, line)
        self._held.discard(name)
        self._stamps.pop(name, None)
        if stamp is None or (line is None and not problems):
            return
        since = (known.since if known and known.since else as_of) if problems else None
        self._sources[name] = SourceState(stamp=stamp, listed=line, problems=problems, since=since)
        self._stamps[name] = stamp
        if problems:
            self._held.add(name)

    def _line(self, name: str) -> Listed | None:
        known = self._sources.get(name)
        return None if known is None else known.listed

    def _plan(self, site: LoadedSite, changed: Changed, *, is_whole: bool) -> tuple[list[Recipe], list[str]]:
        """The recipes whose documents must be rendered, and the paths that no recipe makes any more."""
        plan = self._plan_of(site)
        found = list(documents.recipes(plan, plan.everything() if is_whole else changed))
        recipes = [one for one in found if isinstance(one, Recipe)]
        if is_whole:
            recipes.sort(key=attrgetter("path"))  # as the tables are sorted: fewer pages
            keys = self._store.keys()
            removals = keys.keys() - {recipe.path for recipe in recipes}
        else:
            keys = self._store.keys_of({one.path for one in found})
            removals = {one.path for one in found if isinstance(one, Absent)} & keys.keys()
        return [recipe for recipe in recipes if keys.get(recipe.path) != recipe.key], sorted(removals)

    def _plan_of(self, site: LoadedSite) -> Plan:
        return Plan(site.site, site.pictures, self._index, self._fetch, self._files)

    def _may_stay(self, choked: Choked) -> bool:
        """Whether it is known why a document cannot be made, so that it stays as it is stored, or out.

        UnsettledError where a file has changed that was good a moment ago.
        """
        if not choked.is_unsettled:
            return choked.path in self._holding.stuck
        path, site = choked.path, self._site
        name = unquote(path.removeprefix(urls.file_path("")))
        names = {picture.file for line in self._index.shown() for picture in line.pictures if picture.path == path}
        is_of_updates = bool(names) or name != path
        is_of_site = site is None or not is_of_updates or path in {picture.path for picture in site.pictures}
        is_known = all(user in self._held for used in names or {name} for user in self._index.users(used))
        if not is_known or (is_of_site and not self._site_problems):
            raise UnsettledError(choked.cause)
        return True

    def _bring_along(self) -> None:
        """Have every entry at hand: a child has this object's memory but must not use its connection."""
        for name in self._sources.keys() - self._pending.keys():
            if self._line(name) is not None:
                self._pending[name] = dump_entry(self._store.loaded(name))

    def _load(self, name: str) -> LoadedEntry:
        text = self._pending.get(name)
        return self._store.loaded(name) if text is None else parse_entry(text)

    def _fetch(self, name: str) -> Entry:
        line = self._line(name)
        digest = line.digest if line else ""
        entry = self._decoded.get(digest)
        if entry is None:
            entry = self._load(name).entry
            if line is not None and line.published != line.written:
                given = datetime.fromtimestamp(line.published, UTC)
                entry = replace(entry, published=given, updated=max(given, entry.updated), digest=digest)
            self._decoded[digest] = entry
            if len(self._decoded) > REMEMBERED:
                self._decoded.popitem(last=False)
        else:
            self._decoded.move_to_end(digest)
        return entry

    def _notes(self, site: LoadedSite, as_of: int) -> dict[str, str]:
        due, expiry = self._index.next_change, self._index.next_expiry
        return {
            "site": _SITE.dump_json(site).decode(),
            "prefix": urls.base_path(site.site.base_url),
            "is_told_address": "yes" if self._settings.base_url else "no",
            "site_stamp": self._site_stamp,
            "site_since": str(self._site_since),
            "site_problems": _PROBLEMS.dump_json((*self._site_problems, *self._holding.stuck.values())).decode(),
            "files": _STAMPS.dump_json(dict(self._file_stamps)).decode(),
            "basis": self._stored_basis,
            "as_of": str(as_of),
            "next_change": "" if due is None else str(due),
            "next_expiry": "" if expiry is None else str(expiry),
            "entries": str(len(self._index)),
            "newest": "".join(str(line.published) for line in self._index.newest(ALL, 1)),
            **self._holding.notes(),
            **self._remarks.unsaid(),
        }

    def _outcome(self, written: int, removed: int) -> Outcome:
        held = [problem for name in self._held for problem in self._sources[name].problems]
        instants = (self._index.next_change, self._holding.withheld.due)
        return Outcome(
            generation=self._store.generation(),
            written=written,
            removed=removed,
            entries=len(self._index),
            problems=tuple(sorted([*self._site_problems, *self._holding.stuck.values(), *held])),
            noted=self._remarks.current(),
            next_change=min(filter(None, instants), default=None),
            held=str(self._holding.withheld),
            deadly=self._holding.deadly,
        )


def _reduced(delta: Delta, names: Collection[str]) -> Delta:
    """The change without what it says of these sources."""
    if not names:
        return delta
    changed = {name: stamp for name, stamp in delta.changed.items() if name not in names}
    return replace(delta, changed=changed, gone=delta.gone.difference(names))
