"""Content becomes the next generation of the publication: reads what changed, renders what that changed, commits once.

A file that cannot be published stays as it last was good, or out, and is reported; everything else moves on.
"""

import gc
from collections import OrderedDict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from typing import TypeVar

from pydantic import TypeAdapter

from feedsvc import urls
from feedsvc.content import Files, UnsettledError, load_site
from feedsvc.content.claims import describe_clash
from feedsvc.content.ledger import LEDGER, read_ledger
from feedsvc.content.source import LoadedEntry, LoadedSite
from feedsvc.errors import ContentError, Problem
from feedsvc.model import Entry, Site
from feedsvc.publication.admission import Admission, Admitted, claim_of
from feedsvc.publication.catalogue import Affected, Catalogue, Listed, Place
from feedsvc.publication.parallel import share, spread
from feedsvc.publication.reader import StoreError
from feedsvc.publication.recipes import Kitchen, Recipe, code_digest
from feedsvc.publication.scan import Delta, file_stamp, glance, look
from feedsvc.publication.store import Batch, Finished, OvertakenError, SourceState, Store, dump_entry, parse_entry
from feedsvc.publication.work import Reading, code, finish_all, read_all, render
from feedsvc.settings import Settings

ATTEMPTS = 3  # when other processes publish at the same time
FORGIVEN_SECONDS = 2 * 86_400  # a clock set back by less takes nothing back that was seen
REMEMBERED = 2_000  # entries kept decoded between publishes: more than the windows of all places hold
_SITE: TypeAdapter[LoadedSite | None] = TypeAdapter(LoadedSite | None)
_STAMPS: TypeAdapter[Mapping[str, str]] = TypeAdapter(Mapping[str, str])
_PROBLEMS = TypeAdapter(tuple[Problem, ...])

Noun = TypeVar("Noun")
Progress = Callable[[int, int], None]  # documents finished, documents in all


class HeldChangeError(Exception):
    """So much would vanish that it may be a mishap; the text says what. Confirmed, or stable for long, it is done."""


class MovedError(Exception):
    """Every link would lead to another address, which may not be meant; the text says how to say that it is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """How to publish.

    ``names`` are the only sources that may have changed, for a caller who was told; None looks at all.
    ``may_drop`` confirms that many updates may vanish, ``may_move`` that links may change to another base URL.
    ``is_settled`` is asked before the commit whether the content
    was left alone meanwhile.
    """

    names: Sequence[str] | None = None
    may_drop: bool = False
    may_move: bool = True
    is_settled: Callable[[], bool] = lambda: True
    progress: Progress | None = None


PLAIN = Request()


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What a publish did. ``next_change`` is when the publication next changes by itself, in seconds since 1970."""

    generation: int
    written: int
    removed: int
    entries: int
    problems: tuple[Problem, ...]
    next_change: int | None
    notes: tuple[str, ...] = ()  # what an author may not have meant


class Publisher:
    """Publishes one content folder into one store, again and again; remembers what a publish needs of the last."""

    def __init__(self, settings: Settings, store: Store) -> None:
        self._settings = settings
        self._root = settings.content
        self._store = store
        self._files = Files(settings.content)
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
        self._as_of = 0
        self._catalogue = Catalogue(0)
        self._decoded: OrderedDict[str, Entry] = OrderedDict()  # by digest
        self._pending: dict[str, str] = {}  # source -> dumped entry, read but not yet committed

    def publish(self, as_of: datetime, request: Request = PLAIN) -> Outcome:
        """Bring the publication up to date with the content as it is to be seen at ``as_of``.

        ContentError when ``site.yaml`` is at fault and no earlier good one is known; UnsettledError when the content
        changed while it was read; HeldChangeError when too much would vanish; StoreError when the publication cannot
        be written. Each leaves it as it was.
        """
        attempt = 1
        while True:
            try:
                return self._attempt(int(as_of.timestamp()), request)
            except OvertakenError as fault:
                if attempt == ATTEMPTS:
                    raise StoreError(str(fault)) from fault
                attempt += 1

    def warm_up(self) -> None:
        """Render every place once for nothing, so that the next change finds templates and entries at hand."""
        if self._site is not None and self._generation is not None:
            kitchen = Kitchen(self._site.site, self._site.files, self._catalogue, self._fetch, self._files)
            for recipe in kitchen.affected(Affected(places={None, *self._catalogue.sizes()})):
                recipe.render()

    def _attempt(self, as_of: int, request: Request) -> Outcome:
        if self._generation is None or self._generation != self._store.generation():
            self._recall(as_of)
            request = replace(request, names=None)
        elif self._as_of - as_of > FORGIVEN_SECONDS:
            self._recall(as_of)
        base, self._generation = self._generation, None  # after a failure what is stored is the truth
        try:
            outcome = self._publish(max(as_of, self._as_of), request, base)
        finally:
            gc.enable()
        self._generation = outcome.generation
        return outcome

    def _recall(self, as_of: int) -> None:
        """Take everything from the store, as after a restart."""
        generation, state = self._store.generation(), self._store.state()
        self._stored_basis = state.get("basis", "")
        is_ours = self._stored_basis.startswith(code_digest())  # else it may mean something else by the same words
        self._site = _decode(_SITE, state.get("site"), None)
        self._is_told_address = state.get("is_told_address") == "yes"
        self._site_stamp = state.get("site_stamp", "")
        self._site_problems = _decode(_PROBLEMS, state.get("site_problems"), ())
        self._site_since = int(state.get("site_since") or as_of)
        self._file_stamps = _decode(_STAMPS, state.get("files"), {})
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
        self._catalogue = Catalogue(self._as_of)
        self._decoded.clear()
        self._catalogue.fill(known.listed for known in self._sources.values() if known.listed is not None)
        self._admission = Admission(self._store.memory, self._catalogue.lines(), self._as_of)
        self._ledger_stamp = ""
        if self._store.memory.generation < generation:  # it was lost, or an earlier release wrote none
            self._store.remember([claim_of(line) for line in self._catalogue.shown()])

    def _publish(self, as_of: int, request: Request, base: int | None) -> Outcome:
        self._pending.clear()
        names = request.names
        delta = look(self._root, self._stamps) if names is None else glance(self._root, self._stamps, names)
        site, site_problems = self._site_in_force(delta)
        if not request.may_move:
            self._refuse_move(site.site)
        is_whole = site != self._site or self._stored_basis != self._basis
        files = {name for name, _ in delta.files.items() ^ self._file_stamps.items()}
        due = self._catalogue.next_change
        is_same_site = delta.site == self._site_stamp and not is_whole
        if is_same_site and not (delta.changed or delta.gone or files or (due is not None and due <= as_of)):
            return self._outcome(0, 0)
        if not (site_problems and self._site_problems):
            self._site_since = as_of
        self._site, self._site_problems = site, site_problems
        if is_whole:
            gc.disable()  # what is made now lives until the end: looking for rubbish takes a tenth of the time
        readings = self._read(self._to_read(delta, files, is_whole=is_whole), site.site)
        notes = self._follow_ledger(site.site.authority)
        admitted = self._take_in(delta, readings, as_of)
        changes = admitted.lines
        sizes = self._catalogue.sizes()
        affected = self._catalogue.change(changes)
        affected.files |= files
        if not request.may_drop:
            _refuse_drop(sizes, self._catalogue.sizes(), site.site)
        self._catalogue.advance(as_of, affected)
        if not request.is_settled():
            raise UnsettledError("the content changed while it was read")
        recipes, removals = self._plan(site, affected, is_whole=is_whole)
        self._site_stamp, self._file_stamps, self._stored_basis = delta.site, delta.files, self._basis
        self._is_told_address = self._settings.base_url is not None
        touched = {*readings, *changes, *delta.gone}
        self._as_of = as_of
        documents = self._finished(recipes, request.progress, may_fork=is_whole)
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

    def _site_in_force(self, delta: Delta) -> tuple[LoadedSite, tuple[Problem, ...]]:
        """The site as the file says when it is good, else the last good one and why; ContentError without either."""
        is_known = delta.site == self._site_stamp and delta.files == self._file_stamps
        if self._site is not None and is_known and self._stored_basis == self._basis:
            return self._site, self._site_problems
        try:
            return load_site(self._root, self._settings), ()
        except ContentError as fault:
            if self._site is None:
                raise
            return self._site, fault.problems

    def _to_read(self, delta: Delta, files: set[str], *, is_whole: bool) -> list[str]:
        """The sources to read: what came or changed, what uses a changed file, and what another change may mend."""
        if is_whole:
            return sorted((self._sources.keys() | delta.changed.keys()) - delta.gone)
        users = set().union(*(self._catalogue.users(name) for name in files))
        return sorted((delta.changed.keys() | users | self._held) - delta.gone)

    def _read(self, names: Sequence[str], site: Site) -> dict[str, Reading]:
        readings = dict(spread(partial(read_all, self._settings, self._files, site), names))
        for name, reading in readings.items():
            if reading.unsettled is not None:
                raise UnsettledError(reading.unsettled)
            if reading.text is not None:
                self._pending[name] = reading.text
        return readings

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
        due = {line.source: line for line in self._catalogue.due(as_of)}
        before = {name: self._line(name) for name in (*readings, *delta.gone, *due)}
        proposed: dict[str, Listed | None] = {**due, **dict.fromkeys(delta.gone)}
        proposed |= {name: reading.listed or before[name] for name, reading in readings.items()}
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

    def _plan(self, site: LoadedSite, affected: Affected, *, is_whole: bool) -> tuple[list[Recipe], list[str]]:
        """The recipes whose documents must be rendered, and the paths that no recipe makes any more."""
        kitchen = Kitchen(site.site, site.files, self._catalogue, self._fetch, self._files)
        if is_whole:
            recipes = sorted(kitchen.every(), key=lambda recipe: recipe.path)  # as the tables are sorted: fewer pages
            keys = self._store.keys()
            candidates = set(keys)
        else:
            recipes = list(kitchen.affected(affected))
            candidates = {urls.update_path(slug) for slug in affected.slugs}
            candidates |= {urls.file_path(name) for name in affected.files}
            keys = self._store.keys_of({recipe.path for recipe in recipes} | candidates)
        removals = (candidates & keys.keys()) - {recipe.path for recipe in recipes}
        return [recipe for recipe in recipes if keys.get(recipe.path) != recipe.key], sorted(removals)

    def _finished(self, recipes: Sequence[Recipe], progress: Progress | None, *, may_fork: bool) -> Iterator[Finished]:
        if may_fork:  # a child has this object's memory but must not use its connection
            for name in self._sources.keys() - self._pending.keys():
                if self._line(name) is not None:
                    self._pending[name] = dump_entry(self._store.loaded(name))
            results: Iterator[Finished] = (finished for _, finished in spread(finish_all, recipes))
        else:
            results = iter(share(code, [render(recipe) for recipe in recipes]))
        for number, finished in enumerate(results, 1):
            if progress is not None:
                progress(number, len(recipes))
            yield finished

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
        due, expiry = self._catalogue.next_change, self._catalogue.next_expiry
        return {
            "site": _SITE.dump_json(site).decode(),
            "prefix": urls.base_path(site.site.base_url),
            "is_told_address": "yes" if self._settings.base_url else "no",
            "site_stamp": self._site_stamp,
            "site_since": str(self._site_since),
            "site_problems": _PROBLEMS.dump_json(self._site_problems).decode(),
            "files": _STAMPS.dump_json(dict(self._file_stamps)).decode(),
            "basis": self._stored_basis,
            "as_of": str(as_of),
            "next_change": "" if due is None else str(due),
            "next_expiry": "" if expiry is None else str(expiry),
            "entries": str(len(self._catalogue)),
            "newest": "".join(str(line.published) for line in self._catalogue.shelf(None, 1)),
            "held_change": "",
        }

    def _outcome(self, written: int, removed: int) -> Outcome:
        held = [problem for name in self._held for problem in self._sources[name].problems]
        return Outcome(
            generation=self._store.generation(),
            written=written,
            removed=removed,
            entries=len(self._catalogue),
            problems=tuple(sorted([*self._site_problems, *held])),
            next_change=self._catalogue.next_change,
        )


def _decode(adapter: TypeAdapter[Noun], text: str | None, otherwise: Noun) -> Noun:
    """What the last publish noted; ``otherwise`` when it did not, or in words that make no sense here."""
    try:
        return adapter.validate_json(text) if text is not None else otherwise
    except ValueError:
        return otherwise


def _refuse_drop(before: Mapping[Place, int], after: Mapping[Place, int], site: Site) -> None:
    """HeldChangeError when more than half of all updates would vanish, or all of a category."""
    had, has = before.get(None, 0), after.get(None, 0)
    if 2 * has < had:
        raise HeldChangeError(f"{had - has} of {had} updates would vanish")
    for category in site.categories:
        if before.get(category.slug) and not after.get(category.slug):
            raise HeldChangeError(f"every update in {category.title} would vanish")
