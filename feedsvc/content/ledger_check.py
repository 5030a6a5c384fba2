"""What the content says against its past, the ledger: what was public and is gone, moved, or dated anew."""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from functools import partial
from pathlib import Path
from zoneinfo import ZoneInfo

from feedsvc.content.announced import is_moved, say_dates
from feedsvc.content.collisions import Note, find_collisions, second_of
from feedsvc.content.conflicts import explicit_id, other_slug
from feedsvc.content.dates import write_instant
from feedsvc.content.folder import SITE, UnsettledError, read_source, source_name
from feedsvc.content.ledger import LEDGER, Ledger, Line, is_public
from feedsvc.content.nodes import compose
from feedsvc.content.source import LoadedEntry, Mark
from feedsvc.content.source_text import decode_source
from feedsvc.content.unique_instants import LENIENCE, kept_instant
from feedsvc.errors import SHOWN_AT_MOST, ContentError, Problem
from feedsvc.model import Site

MOVED = "a date or place that was announced is another one now, and changes says nothing of it"
MOVED_FIX = 'run: feedsvc correct {slug} "what is new"; if no reader has to know, run: feedsvc check --record'
_ID_LINE = re.compile(rb"""^id[ \t]*:[ \t]*["']?([A-Za-z0-9][A-Za-z0-9._-]*)""", re.MULTILINE)


def check_authority(root: Path, site: Site, ledger: Ledger) -> list[Problem]:
    """That all lines of the ledger belong to another site than this one says it is."""
    if not ledger.lines or ledger.under(site.authority).lines:
        return []
    authority = ledger.lines[0].id.removeprefix("tag:").partition(":")[0]
    name, ours = source_name(root, LEDGER), source_name(root, SITE)
    what = f"all updates in {name} have ids of {authority}"
    fix = f"write authority: {authority}; if this is another site, delete {name}"
    return [_mark(root, ours, "authority").problem(ours, "authority", what, fix)]


class LedgerCheck:
    """The ledger of one site, held against what lies in the content folder.

    ``as_of`` decides what is public; it is None where no time matters.
    """

    def __init__(self, root: Path, site: Site, ledger: Ledger, as_of: datetime | None) -> None:
        self._root = root
        self._zone = ZoneInfo(site.time_zone)
        self._text = partial(write_instant, zone=self._zone)  # what an author writes for an instant
        self._name = source_name(root, LEDGER)
        self._ledger = ledger
        self._as_of = as_of
        self._taken = {line.second for line in ledger.lines}

    def problems(self, entries: Mapping[str, LoadedEntry], unread: Collection[str]) -> list[Problem]:
        """What breaks what subscribers have: updates that are gone, renamed or moved, and ids used again.

        ``entries`` are by source name; ``unread`` are the names of files that could not be loaded.
        """
        gone = self._gone(entries, unread)
        by_second = {second: entry_id for entry_id in sorted(gone) for second in self._ledger.instants[entry_id]}
        problems: list[Problem] = []
        for loaded in sorted(entries.values(), key=lambda loaded: loaded.source):
            if loaded.entry.id in self._ledger.by_id:
                problems += self._moved(loaded)
            elif holder := self._ledger.holders.get(loaded.entry.slug):
                gone.pop(holder, None)  # the file is named for the address: it may be that update, renamed
            else:
                problems += self._renamed(loaded, gone, by_second)
        return [*problems, *map(self._deleted, gone.values())]

    def notes(self, entries: Mapping[str, LoadedEntry]) -> list[Problem]:
        """What is no fault but is better known; ``entries`` are files without problems, by source name."""
        found = sorted(
            [*self._dates(entries.values()), *find_collisions(entries.values(), self._ledger.instants, self._zone)]
        )
        notes = []
        for number, (name, field, what, fix) in enumerate(found):
            mark = _mark(self._root, name, field) if number < SHOWN_AT_MOST else Mark()  # the others are only counted
            notes.append(mark.problem(name, field, what, fix))
        return [*notes, *self._undeleted(entries)]

    def _gone(self, entries: Mapping[str, LoadedEntry], unread: Collection[str]) -> dict[str, Line]:
        """By id, the newest line of every update that no file holds and that nobody wrote off."""
        own, present = self._ledger, {loaded.entry.id for loaded in entries.values()}
        absent = own.by_id.keys() - present - own.deleted
        if absent:
            hidden = self._ids_within(unread)
            absent = {entry_id for entry_id in absent if explicit_id(entry_id) not in hidden}
        return {line.id: line for line in own.lines if line.id in absent}

    def _ids_within(self, names: Collection[str]) -> set[str]:
        """The ids that files which cannot be loaded may have: their names, and what looks like an ``id:`` in them."""
        ids = set()
        for name in names:
            ids.add(Path(name).stem)
            try:
                ids.update(found.decode() for found in _ID_LINE.findall(read_source(self._root, name).data))
            except (ContentError, UnsettledError):
                continue
        return ids

    def _renamed(self, loaded: LoadedEntry, gone: dict[str, Line], by_second: Mapping[int, str]) -> Iterator[Problem]:
        """That a file new to the ledger may be an update that is gone; takes it from ``gone``."""
        second = second_of(loaded.entry.published)
        candidates = (by_second.get(moment, "") for moment in range(second, second + LENIENCE + 1))
        entry_id = next((candidate for candidate in candidates if candidate in gone), None)
        if entry_id is not None:
            line = gone.pop(entry_id)
            what = f"it has the date of {entry_id}, whose file is gone"
            fix = (
                f"write the lines id: {explicit_id(entry_id)} and slug: {line.address} if it is that update under"
                f" another file name; if not, write into {self._name}: {replace(line, is_deleted=True)}"
            )
            yield loaded.id_mark.problem(loaded.source, "id", what, fix)

    def _moved(self, loaded: LoadedEntry) -> Iterator[Problem]:
        """That a published update has another address, or that its id went to another update."""
        own, entry = self._ledger, loaded.entry
        if {entry.slug, *entry.aliases} & set(own.addresses[entry.id]):
            return
        address = own.addresses[entry.id][-1]
        line = Line(entry.published, entry.id, entry.slug)
        meant = f"if the change is meant, write into {self._name}: {line}"
        if self._keeps_date(loaded):
            what = f"the update was published at the address {address!r}"
            fix = f"write slug: {address}, or aliases: [{address}]; {meant}"
            yield loaded.slug_mark.problem(loaded.source, "slug", what, fix)
            return
        date = self._text(own.by_id[entry.id].instant)
        what = f"the id {entry.id} belongs to the update of {date} at the address {address!r}"
        other = other_slug(explicit_id(entry.id))
        fix = f"write id: {other} if this is another update, else slug: {address} and published: {date}; {meant}"
        yield loaded.id_mark.problem(loaded.source, "id", what, fix)

    def _deleted(self, line: Line) -> Problem:
        what = f"no file has the id {line.id} any more"
        fix = f"put its file back; if it is to be gone, write here: {replace(line, is_deleted=True)}"
        return Mark(line.number, 1, str(line)).problem(self._name, "", what, fix)

    def _undeleted(self, entries: Mapping[str, LoadedEntry]) -> Iterator[Problem]:
        """The lines that say deleted of an update that is there."""
        sources = {loaded.entry.id: name for name, loaded in entries.items()}
        for line in self._ledger.lines:
            if line.is_deleted and line.id in sources:
                what = f"{sources[line.id]} has this id, so it is not deleted"
                fix = f"write here: {replace(line, is_deleted=False)}"
                yield Mark(line.number, 1, str(line)).problem(self._name, "", what, fix)

    def _dates(self, entries: Iterable[LoadedEntry]) -> Iterator[Note]:
        """That a published update is taken back or dated anew, or that a new one comes late."""
        newest = self._ledger.lines[-1].instant if self._ledger.lines else None
        for loaded in entries:
            entry, name = loaded.entry, loaded.source
            line = self._ledger.by_id.get(entry.id)
            date = self._text(line.instant) if line else ""
            if line and entry.draft:
                what = f"it was published on {date} and is taken back"
                yield Note(name, "draft", what, "delete the line draft: true if it is not")
            elif line and not self._keeps_date(loaded):
                waits = " and waits again" if self._as_of is not None and entry.published > self._as_of else ""
                fix = f"write published: {date}; if the change is meant, run: feedsvc check --record"
                yield Note(name, "published", f"it was published on {date} and is dated anew{waits}", fix)
            elif line and is_moved(self._ledger.dates.get(entry.id, ()), say_dates(entry)):
                field = "deadline" if entry.deadline and len(entry.events) == 1 else "event"
                yield Note(name, field, MOVED, MOVED_FIX.format(slug=entry.slug))
            elif not line and newest and self._as_of and is_public(loaded, self._as_of) and entry.published < newest:
                what = "it is new, but dated before the newest update, so some readers never announce it"
                minute = self._as_of.replace(second=0, microsecond=0)
                yield Note(name, "published", what, f"write published: {self._text(minute)} if they are to")

    def _keeps_date(self, loaded: LoadedEntry) -> bool:
        written = second_of(loaded.entry.published)
        return kept_instant(written, self._ledger.instants[loaded.entry.id], self._taken) is not None


def _mark(root: Path, name: str, field: str) -> Mark:
    """Where a field's value stands in its file, which was read before and may have changed since."""
    try:
        return compose(decode_source(read_source(root, name))).mark(field)
    except (ContentError, UnsettledError):
        return Mark()
