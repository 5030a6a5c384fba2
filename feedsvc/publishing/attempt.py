"""One attempt at a publish: reads what changed, settles what is in force, renders what that touched, commits once."""

import gc
from collections.abc import Collection, Mapping
from dataclasses import replace

from feedsvc.content.conflicts import describe_clash
from feedsvc.content.folder import UnsettledError
from feedsvc.content.source import LoadedSite
from feedsvc.documents.editions import as_it_stands
from feedsvc.documents.listed import Listed
from feedsvc.documents.recipe import Recipe
from feedsvc.errors import ContentError, Problem
from feedsvc.kinds import DAY
from feedsvc.places import ALL
from feedsvc.publication.batch import Batch
from feedsvc.publication.rows import dump_problems
from feedsvc.publication.state import NOTES, SITE_PROBLEMS, State
from feedsvc.publishing.admission import Admitted
from feedsvc.publishing.known import Known
from feedsvc.publishing.reading import ReadSource
from feedsvc.publishing.removals import Withheld
from feedsvc.publishing.rendering import Choked
from feedsvc.publishing.request import Outcome, Request
from feedsvc.publishing.scan import Delta, scan_all, scan_named
from feedsvc.publishing.standing import fall_back, in_edition, may_stay
from feedsvc.publishing.tools import Tools
from feedsvc.urls import base_path


class Attempt:
    """Brings what is ``known`` up to date, as it is to be seen at ``as_of``; ``veto`` says why no new site may be.

    ``in_hand`` are the sources that it takes in, ``changed`` those whose line changes by it. As long as it
    ``only_reads``, what is known is as it was.
    """

    def __init__(
        self, tools: Tools, known: Known, request: Request, as_of: int, veto: tuple[Problem, ...] = ()
    ) -> None:
        self.known = known
        self.in_hand: set[str] = set()
        self.changed: set[str] = set()
        self.is_new_site = False
        self.only_reads = True
        self._tools = tools
        self._request = request
        self._as_of = max(as_of, known.as_of)
        self._veto = veto
        self._is_whole = False

    def run(self, *, is_first: bool) -> Outcome:
        """Publish. Whatever it raises, the publication is as it was."""
        tools, known = self._tools, self.known
        tools.entries.begin()
        delta = self._look()
        tools.holding.begin(delta, known.sources.stamps, tools.basis)
        site, problems = self._site_in_force(delta)
        if not self._request.may_move:
            known.refuse_move(site.site, tools.settings)
        self._is_whole = site != known.left.site or known.basis != tools.basis
        files = {name for name, _ in delta.files.items() ^ known.left.files.items()}
        due = known.next_change
        is_same_site = delta.site == known.left.site_stamp and not self._is_whole
        is_still = is_same_site and not files and (due is None or due > self._as_of)
        if is_still and not (delta.changed or delta.gone):
            return self._stay()
        self._follow_site(site, problems)
        if self._is_whole:
            gc.disable()  # what is made now lives until the end: looking for rubbish takes a tenth of the time
            if is_first:
                tools.holding.stuck.clear()
        readings = self._read(delta, files)
        if not self._request.is_settled():
            raise UnsettledError("the content changed while it was read")
        self.only_reads = False
        was_withheld = tools.holding.withheld
        delta = self._withhold(readings)
        if is_still and tools.holding.withheld == was_withheld and not (delta.changed or delta.gone):
            return self._outcome(0, 0)
        return self._publish(site, delta, files, readings)

    def _look(self) -> Delta:
        """What differs from what is known, where it is to be looked for; what is held is always looked at."""
        root, known, request = self._tools.settings.content, self.known, self._request
        if request.names is None:
            delta = scan_all(root, known.sources.stamps)
            known.notes.ignore(delta.ignored or ())
        else:
            names = {*request.names, *self._tools.holding.withheld.held}
            delta = scan_named(root, known.sources.stamps, names)
        return _reduced(delta, request.without)

    def _site_in_force(self, delta: Delta) -> tuple[LoadedSite, tuple[Problem, ...]]:
        """The site as the file says when it is good, else the last good one and why; ContentError without either."""
        known, left = self.known, self.known.left
        if left.site is not None:
            if self._veto:
                return left.site, self._veto
            is_same = (delta.site, delta.files, self._tools.basis) == (left.site_stamp, left.files, known.basis)
            if is_same and not known.problems:
                return left.site, ()
        try:
            return self._tools.reader.read_site(known.sources), ()
        except ContentError as fault:
            if left.site is None:
                raise
            return left.site, fault.problems

    def _follow_site(self, loaded: LoadedSite, problems: tuple[Problem, ...]) -> None:
        known = self.known
        self.only_reads = not self._is_whole and problems == known.problems
        if not (problems and known.problems):
            known.since = self._as_of
        self.is_new_site = known.left.site is not None and loaded != known.left.site
        known.left.site, known.problems = loaded, problems

    def _stay(self) -> Outcome:
        """Nothing changed, but perhaps what is noted of it."""
        notes = self.known.notes
        if notes.current() != notes.stored:
            self._tools.store.commit(Batch(texts={NOTES: dump_problems(notes.current())}))
            notes.keep()
        return self._outcome(0, 0)

    def _read(self, delta: Delta, files: set[str]) -> dict[str, ReadSource]:
        """Read what came or changed, what uses a changed file, and what another change may mend."""
        known, tools, request = self.known, self._tools, self._request
        if self._is_whole:
            names = {*known.sources.names(), *delta.changed}
        else:
            names = {*delta.changed, *known.sources.held}
            names.update(*(known.index.users(name) for name in files - request.without))
        self.in_hand = {*(names - delta.gone), *delta.gone} - request.without
        present = sorted(names - delta.gone - request.without)
        readings = tools.reader.read(present, self._site().site, known.sources, request)
        for name, reading in readings.items():
            if reading.loaded is not None:
                tools.entries.put(name, reading.loaded)
        return readings

    def _withhold(self, readings: dict[str, ReadSource]) -> Delta:
        """Take out of the change what is held of it; what is left."""
        holding = self._tools.holding
        if self._request.may_drop:
            holding.withheld = Withheld()
        else:
            holding.withhold(readings, self.known, self._site().site, self._as_of)
        held = holding.withheld.held.keys()
        for name in held:
            readings.pop(name, None)
            self._tools.entries.drop(name)
        return _reduced(holding.delta, held)

    def _publish(self, site: LoadedSite, delta: Delta, files: set[str], readings: Mapping[str, ReadSource]) -> Outcome:
        """Take in what was read, render, and commit."""
        tools, known = self._tools, self.known
        events, told = known.follow_ledger(tools.settings.content, site.site.authority)
        with tools.journal.watch(self.in_hand):
            admitted = self._take_in(delta, readings, files)
            self.changed, touched = set(admitted.lines), {*readings, *admitted.lines, *delta.gone}
            before = as_it_stands(site.site, known.index)
            changed = known.index.change(admitted.lines)
            changed.files |= files
            changed.slugs |= told
            if not self._is_whole:
                changed.slugs |= known.admission.memory.addresses(touched, admitted.ids)
            known.index.advance(self._as_of, changed)
        plan = tools.plan(known, site)
        is_everything = self._is_whole or plan.site != before  # then every page leads elsewhere
        recipes, removals = tools.choose(plan, plan.everything() if is_everything else changed)
        known.notes.follow((recipe.path for recipe in recipes), removals)
        known.basis, known.as_of = tools.basis, self._as_of
        known.left.site_stamp, known.left.files = delta.site, delta.files
        known.left.is_told_address = tools.settings.base_url is not None
        written, removed = self._commit(recipes, removals, touched, admitted)
        tools.holding.commit()
        known.notes.keep()
        return replace(self._outcome(written, removed), events=(*events, *admitted.events))

    def _take_in(self, delta: Delta, readings: Mapping[str, ReadSource], files: set[str]) -> Admitted:
        """Settle which version of each file is in force; ``lines`` are those that changed by that."""
        known, sources, entries = self.known, self.known.sources, self._tools.entries

        def describe(name: str, first: str) -> tuple[Problem, ...]:
            return tuple(describe_clash(entries.load(name), entries.load(first)))

        due = {line.source: line for line in known.index.due(self._as_of)}
        before = {name: sources.line(name) for name in (*readings, *delta.gone, *due)}
        proposed: dict[str, Listed | None] = {**due, **dict.fromkeys(delta.gone)}
        for name, reading in readings.items():
            line = reading.chosen(before[name])
            if line is not None and line is not reading.listed:
                line = in_edition(line, self._site().site, entries)
                line = fall_back(line, files, known, entries, self._tools.files)
            proposed[name] = line
        admitted = known.admission.admit(proposed, before, self._as_of, describe)
        for name, line in admitted.lines.items():
            before.setdefault(name, sources.line(name))
            if name in admitted.problems:
                entries.drop(name)
            stamp = None if name in delta.gone else delta.changed.get(name) or sources.stamps.get(name)
            found = readings[name].problems if name in readings else ()
            sources.put(name, stamp, line, admitted.problems.get(name, found), self._as_of)
            known.notes.put(name, line)
        admitted.ids = {line.id for lines in (before, admitted.lines) for line in lines.values() if line is not None}
        admitted.lines = {name: line for name, line in admitted.lines.items() if line != before[name]}
        return admitted

    def _commit(
        self, recipes: list[Recipe], removals: list[str], touched: set[str], admitted: Admitted
    ) -> tuple[int, int]:
        tools, known = self._tools, self.known
        made = tools.renderer.render(recipes, self._may_stay, self._request.progress, may_fork=self._is_whole)
        documents = tools.holding.healed(made)
        if not self._is_whole:
            documents = iter(list(documents))  # few are at hand before the lock is taken
        state, texts = self._left()
        return tools.store.commit(
            Batch(
                base=known.generation,
                documents=documents,
                removals=removals,
                sources=known.sources.rows(sorted(touched)),
                entries=tools.entries.uncommitted(),
                state=state,
                texts=texts,
                claims=admitted.claims,
                watch=tools.journal.watch,
                announce=tools.announce(self._site().site),
            )
        )

    def _may_stay(self, choked: Choked) -> bool:
        """Whether it is known why a document cannot be made, so that it stays as it is stored, or out."""
        return may_stay(choked, self.known) if choked.is_unsettled else choked.path in self._tools.holding.stuck

    def _left(self) -> tuple[State, dict[str, str]]:
        """What is in force from now on, for everybody and for the next publish."""
        known, index, holding, site = self.known, self.known.index, self._tools.holding, self._site().site
        problems = (*known.problems, *holding.stuck.values())
        state = State(
            basis=known.basis,
            prefix=base_path(site.base_url),
            categories=" ".join(category.slug for category in site.categories),
            entries=len(index),
            newest=next((line.published for line in index.newest(ALL, 1)), None),
            as_of=self._as_of,
            next_change=known.next_change,
            next_expiry=index.next_expiry,
            site_since=known.since,
            hubs=" ".join(site.hubs),
            site_url=site.base_url,
            cdn_age=DAY if self._tools.settings.purge else 0,
        )
        left = replace(known.left, stuck=holding.stuck, verdicts=holding.verdicts, withheld=holding.withheld)
        said = {SITE_PROBLEMS: dump_problems(problems), NOTES: dump_problems(known.notes.current())}
        return state, {**left.to_texts(), **said}

    def _outcome(self, written: int, removed: int) -> Outcome:
        tools, known, holding = self._tools, self.known, self._tools.holding
        instants = (known.next_change, holding.due)
        problems = (*known.problems, *holding.stuck.values(), *known.sources.held_back())
        return Outcome(
            generation=tools.store.generation(),
            written=written,
            removed=removed,
            entries=len(known.index),
            problems=tuple(sorted(problems)),
            notes=known.notes.current(),
            next_change=min(filter(None, instants), default=None),
            held=str(holding.withheld),
            deadly=holding.deadly,
        )

    def _site(self) -> LoadedSite:
        """The site in force, which is there from when ``site.yaml`` was looked at."""
        loaded = self.known.left.site
        if loaded is None:
            raise RuntimeError("nothing is in force")
        return loaded


def _reduced(delta: Delta, names: Collection[str]) -> Delta:
    """The change without what it says of these sources."""
    if not names:
        return delta
    changed = {name: stamp for name, stamp in delta.changed.items() if name not in names}
    return replace(delta, changed=changed, gone=delta.gone.difference(names))
