"""Which updates there are and where they appear: the index that makes a publish cost what changed, not what exists.

It holds a line per update, never its text. Times are whole seconds since 1970 (UTC).
"""

from bisect import bisect_left, bisect_right, insort
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from heapq import merge
from itertools import groupby, islice
from operator import itemgetter
from typing import Any

from feedsvc.content.source import Picture
from feedsvc.documents.agenda import Agenda
from feedsvc.documents.changed import Changed
from feedsvc.documents.listed import Listed, Standing, Trait, next_turn, standing
from feedsvc.documents.span import Span
from feedsvc.documents.twins import group_of, reached_from
from feedsvc.places import ALL, Place, lists_of

CARDED = 50  # the newest updates of each place have cards of their own


class Index:
    """All updates that may be published, and where they stand at ``as_of``: in lists, newest first, while shown."""

    def __init__(self, as_of: int) -> None:
        self._as_of = as_of
        self._lines: dict[str, Listed] = {}
        self._held: Counter[Place] = Counter()  # updates with pages, in the places of each edition
        self._standings: dict[str, Standing] = {}
        self._turns: list[tuple[int, str]] = []  # when, and the source that comes to stand otherwise then
        self._next: dict[str, int] = {}  # the same by source
        self._lists: dict[Place, list[tuple[int, str, str]]] = defaultdict(list)
        self._between: dict[tuple[Place, int, int], Span] = {}  # what was asked for and holds still
        self.agenda = Agenda()
        self._pages: dict[str, str] = {}  # slug -> source, of the updates that have a page
        self._mentions: dict[str, set[str]] = defaultdict(set)  # slug -> sources that name it as related
        self._found_by: dict[Trait, set[str]] = defaultdict(set)  # trait -> sources with a page that have it

    @property
    def as_of(self) -> datetime:
        """The instant at which all stands as the index says."""
        return datetime.fromtimestamp(self._as_of, UTC)

    def __len__(self) -> int:
        """How many updates are in the lists."""
        return len(self._lists[ALL])

    def has(self, place: Place) -> bool:
        """Whether an update with a page belongs to that category of an edition, or to that edition."""
        return self._held[place] > 0

    def sizes(self) -> dict[Place, int]:
        """How many updates are in each list."""
        return {place: len(ranks) for place, ranks in self._lists.items() if ranks}

    @property
    def next_change(self) -> int | None:
        """When the next update comes to stand otherwise, or None."""
        return self._turns[0][0] if self._turns else None

    @property
    def next_expiry(self) -> int | None:
        """When the next update that is to be seen expires, or None."""
        return next((turn for turn, source in self._turns if self._standings[source] is Standing.SHOWN), None)

    def due(self, as_of: int) -> list[Listed]:
        """What waits for its time and falls due by ``as_of``, or reminds of its deadline by then."""
        turning = self._turns[: bisect_right(self._turns, as_of, key=itemgetter(0))]
        lines = [self._lines[source] for _, source in turning]
        return [line for line in lines if self._standings[line.source] is Standing.WAITING or line.reminders]

    def lines(self) -> Iterable[Listed]:
        """The line of every update, seen or not."""
        return self._lines.values()

    def newest(self, place: Place, most: int, before: int | None = None) -> list[Listed]:
        """The newest updates of a place, at most ``most``, or the newest that were published ``before`` an instant."""
        if before is not None:
            ranks = self._lists[place]
            first = bisect_left(ranks, (1 - before, "", ""))
            return [self._lines[source] for _, _, source in ranks[first : first + most]]
        return list(islice(self.listed(place), most))

    def listed(self, place: Place) -> Iterator[Listed]:
        """All updates of a place, newest first."""
        return (self._lines[source] for _, _, source in self._ranks(place))

    def is_listed(self, line: Listed) -> bool:
        """Whether an update is in lists now."""
        return self._standings.get(line.source) is Standing.SHOWN

    def _ranks(self, place: Place) -> Iterable[tuple[int, str, str]]:
        """What a place holds, newest first: a mix has no list of its own, but merges those of its categories."""
        if not place.is_mix:
            return self._lists[place]
        parts = (self._lists[Place((slug,), place.language)] for slug in place.categories)
        return (rank for rank, _ in groupby(merge(*parts)))

    def calendar(self, place: Place) -> list[Listed]:
        """What stands in the calendar of a place."""
        return self.agenda.calendar(place, self._as_of)

    def coming(self, place: Place) -> list[Listed]:
        """What announces an event in a place that is not over, the next one first."""
        return self.agenda.coming(place, self._as_of)

    def state(self, line: Listed) -> str:
        """What a page shows of the update: its content, how many of its events are over, and whether it is urgent."""
        over = sum(end <= self._as_of for _, end in line.dates)
        return f"{line.digest} {over} {self.agenda.is_urgent(line)}"

    def naming(self, slug: str) -> list[Listed]:
        """The updates with a page that name the one at that address, newest first."""
        found = [self._lines[source] for source in self._mentions.get(slug, ()) if self._standings[source].has_page]
        return sorted(found, key=lambda line: line.rank)

    def is_alone(self, line: Listed) -> bool:
        """Whether no update with a page says the same in another language."""
        return line.translation_of is None and not self._found_by.get(("translation of", line.slug))

    def first_turn(self, lines: Iterable[Listed]) -> int | None:
        """When the first of these comes to be shown otherwise; None when none does."""
        return min(filter(None, (self._next.get(line.source) for line in lines)), default=None)

    def between(self, place: Place, start: int, end: int) -> Span:
        """The updates of a place from ``start`` to before ``end``; not of a mix, which has no list."""
        held = self._between.get((place, start, end))
        if held is None:
            first, last = (bisect_left(self._lists[place], (1 - instant, "", "")) for instant in (end, start))
            held = Span([self._lines[source] for _, _, source in self._lists[place][first:last]])
            self._between[place, start, end] = held
        return held

    def shown(self) -> Iterator[Listed]:
        """Every update that has a page, newest first."""
        return (self._lines[source] for _, _, source in sorted(self._lines[name].rank for name in self._pages.values()))

    def by_slug(self, slug: str) -> Listed | None:
        """The update that has a page at that address."""
        source = self._pages.get(slug)
        return None if source is None else self._lines[source]

    def by_alias(self, slug: str) -> Listed | None:
        """The update that had that address before, unless one has it; of several, the one that was published first."""
        if slug in self._pages:
            return None
        lines = [self._lines[source] for source in self._found_by.get(("alias", slug), ())]
        return max(lines, key=lambda line: line.rank, default=None)

    def is_expired(self, line: Listed) -> bool:
        """Whether an update that has a page has left its lists."""
        return self._standings.get(line.source) is Standing.EXPIRED

    def is_new(self, line: Listed) -> bool:
        """Whether an update is among the newest of some place, and not withdrawn."""
        is_told = self.is_listed(line) and not line.is_withdrawn
        return is_told and any(bisect_left(self._lists[place], line.rank) < CARDED for place in lists_of(line))

    def around(self, line: Listed, place: Place) -> tuple[Iterator[Listed], Iterator[Listed]]:
        """What a place lists before and behind an update, the nearest first; nothing of one that is in no list."""
        ranks = self._lists[place] if self.is_listed(line) else []
        position = bisect_left(ranks, line.rank)
        newer, older = reversed(range(min(position, len(ranks)))), range(position + 1, len(ranks))
        return (self._lines[ranks[at][2]] for at in newer), (self._lines[ranks[at][2]] for at in older)

    def users(self, file: str) -> set[str]:
        """The sources of all updates, seen or waiting, that use a file."""
        return {source for source, line in self._lines.items() if file in line.files}

    def is_offered(self, file: str) -> bool:
        """Whether an update that has a page offers the file."""
        return bool(self._found_by.get(("offer", file)))

    def pictures(self, file: str) -> list[Picture]:
        """What was made of a file and is shown by an update that has a page."""
        lines = [self._lines[source] for source in self._found_by.get(("picture of", file), ())]
        made = {picture.path: picture for line in lines for picture in line.pictures if picture.file == file}
        return [made[path] for path in sorted(made)]

    def is_shown(self, path: str) -> bool:
        """Whether an update that has a page shows the picture at that address, of whichever file it was made."""
        return bool(self._found_by.get(("picture at", path)))

    def everything(self) -> Changed:
        """All that has a page, as if it had just come."""
        lines = list(self.shown())
        files = {file for line in lines for file in (*line.offers, *(picture.file for picture in line.pictures))}
        aliases = {alias for line in lines for alias in line.aliases}
        return Changed(slugs={line.slug for line in lines}, aliases=aliases, files=files, is_whole=True)

    def fill(self, lines: Iterable[Listed]) -> None:
        """Put all of these into empty lists at once."""
        for line in lines:
            self._enter(line, list.append)
        self._turns.sort()
        for ranks in self._lists.values():
            ranks.sort()
        self.agenda.sort()

    def change(self, changes: Mapping[str, Listed | None]) -> Changed:
        """Put in, replace or (None) take out updates; what that touched."""
        changed = Changed()
        before = [line for source in changes if (line := self._lines.get(source)) is not None]
        self._replace(before, [line for line in changes.values() if line is not None], self._as_of, changed)
        return changed

    def advance(self, as_of: int, changed: Changed) -> None:
        """Let time pass: each update comes to stand as it does then."""
        while self._turns and self._turns[0][0] <= as_of:
            turn = self._turns[0][0]
            turning = self._turns[: bisect_right(self._turns, turn, key=itemgetter(0))]
            lines = [self._lines[source] for _, source in turning]
            self._replace(lines, lines, turn, changed)
        self._as_of = as_of

    def _replace(self, before: Sequence[Listed], after: Sequence[Listed], instant: int, changed: Changed) -> None:
        places = {place for line in (*before, *after) for place in lists_of(line)}
        new = self._newest(places)
        for line in before:
            self._touch(line, changed)
        for line in before:
            self._leave(line)
        self._as_of = instant
        for line in after:
            self._enter(line, insort)
        for line in after:
            self._touch(line, changed)
        for source in (new ^ self._newest(places)) & self._lines.keys():
            changed.slugs.add(self._lines[source].slug)
            changed.aliases.update(self._lines[source].aliases)

    def _newest(self, places: Iterable[Place]) -> set[str]:
        return {source for place in places for _, _, source in self._lists[place][:CARDED]}

    def _enter(self, line: Listed, put: Callable[[list[Any], Any], None]) -> None:
        """Let an update stand where it does; ``put`` keeps a list in order, unless it is sorted later."""
        self._lines[line.source] = line
        self._forget(line)
        stands = self._standings[line.source] = standing(line, self._as_of)
        if (turn := next_turn(line, self._as_of)) is not None:
            put(self._turns, (turn, line.source))
            self._next[line.source] = turn
        for slug in line.mentions:
            self._mentions[slug].add(line.source)
        places, rank = lists_of(line), line.rank
        if stands is Standing.SHOWN:
            for place in places:
                put(self._lists[place], rank)
        if not stands.has_page:
            return
        self.agenda.enter(line, stands, self._as_of, put)
        if line.edition:
            self._held.update(place for place in places if place.language)
        self._pages[line.slug] = line.source
        for trait in line.traits:
            self._found_by[trait].add(line.source)

    def _leave(self, line: Listed) -> None:
        """Take away an update and all that it brought."""
        del self._lines[line.source]
        self._forget(line)
        stands = self._standings.pop(line.source)
        if (turn := self._next.pop(line.source, None)) is not None:
            del self._turns[bisect_left(self._turns, (turn, line.source))]
        for slug in line.mentions:
            self._mentions[slug].discard(line.source)
        if stands is Standing.SHOWN:
            for place in lists_of(line):
                ranks = self._lists[place]
                del ranks[bisect_left(ranks, line.rank)]
        if not stands.has_page:
            return
        self.agenda.leave(line)
        self._held.subtract(place for place in lists_of(line) if place.language)
        self._pages.pop(line.slug, None)
        for trait in line.traits:
            self._found_by[trait].discard(line.source)

    def _forget(self, line: Listed) -> None:
        for asked in [asked for asked in self._between if asked[1] <= line.published < asked[2]]:
            del self._between[asked]

    def _touch(self, line: Listed, changed: Changed) -> None:
        """Note what shows this update, if it has a page; called while it stands where it does."""
        if not self._standings[line.source].has_page:
            return
        mentions = [self._lines[source] for source in self._mentions.get(line.slug, ())]
        twins = group_of(self, line)
        beside = [other for twin in twins for other in reached_from(self, twin)]
        changed.lines += (*twins, *mentions)
        changed.slugs.update(other.slug for other in (*twins, *mentions, *beside))
        changed.aliases.update((line.slug, *line.aliases))
        if line.replaces:
            changed.slugs.add(line.replaces)
        changed.files.update(line.files)
        changed.pictures.update(picture.path for picture in line.pictures)
