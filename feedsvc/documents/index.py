"""Which updates there are and where they appear: the index that makes a publish cost what changed, not what exists.

It holds a line per update, never its text. Times are whole seconds since 1970 (UTC).
"""

from bisect import bisect_left, insort
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from feedsvc.content.source import LoadedEntry, Picture
from feedsvc.errors import Note
from feedsvc.places import ALL, Place, places_holding


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """The line of an update: what places and orders it, and what its documents depend on."""

    source: str
    id: str
    slug: str
    title: str
    written: int  # the instant in its file
    published: int  # the one it was given, which no other update has
    expires: int | None
    categories: tuple[str, ...]
    language: str | None = None
    digest: str
    draft: bool
    files: tuple[str, ...]
    related: tuple[str, ...]
    notes: tuple[Note, ...] = ()
    offered: tuple[str, ...] | None = None  # None: an earlier release wrote the line, and offered every file
    pictures: tuple[Picture, ...] = ()

    @property
    def offers(self) -> tuple[str, ...]:
        """The files that are published as they are, but for what pictures tell."""
        return self.files if self.offered is None else self.offered

    @property
    def rank(self) -> tuple[int, str, str]:
        """Sorts newest first, the id as tie-break; ends in the source name, which is what a shelf is read for."""
        return (-self.published, self.id, self.source)


def list_entry(loaded: LoadedEntry) -> Listed:
    """The line of a loaded update."""
    entry = loaded.entry
    return Listed(
        source=loaded.source,
        id=entry.id,
        slug=entry.slug,
        title=entry.title,
        written=int(entry.published.timestamp()),
        published=int(entry.published.timestamp()),
        expires=int(entry.expires.timestamp()) if entry.expires else None,
        categories=entry.categories,
        language=entry.language,
        digest=entry.digest,
        draft=entry.draft,
        files=loaded.files,
        offered=loaded.offered,
        pictures=loaded.pictures,
        related=entry.related,
        notes=loaded.notes,
    )


@dataclass(slots=True)
class Affected:
    """What a change may have touched: the places, the updates whose pages to look at, and the files they use.

    ``pictures`` are the addresses of what was made of those files.
    """

    places: set[Place] = field(default_factory=set)
    sources: set[str] = field(default_factory=set)
    slugs: set[str] = field(default_factory=set)  # addresses that changed hands or came free
    files: set[str] = field(default_factory=set)
    pictures: set[str] = field(default_factory=set)


class Index:
    """All updates that may be published, on shelves (newest first) while they are to be seen at ``as_of``.

    An update that has expired is on no shelf, but it is still shown: its page stays.
    """

    def __init__(self, as_of: int) -> None:
        self._as_of = as_of
        self._listed: dict[str, Listed] = {}
        self._shelves: dict[Place, list[tuple[int, str, str]]] = defaultdict(list)
        self._waiting: list[tuple[int, str]] = []  # when, and the source that falls due then
        self._expiring: list[tuple[int, str]] = []  # when, and the source that leaves its shelves then
        self._expired: set[str] = set()
        self._shown: dict[str, str] = {}  # slug -> source, of the updates that have a page
        self._mentions: dict[str, set[str]] = defaultdict(set)  # slug -> sources that name it as related
        self._offers: dict[str, set[str]] = defaultdict(set)  # file -> sources with a page that offer it
        self._pictures: dict[str, dict[Picture, set[str]]] = defaultdict(dict)  # file -> made -> sources that show it
        self._addresses: Counter[str] = Counter()  # of pictures, each as often as it is shown

    def __len__(self) -> int:
        """How many updates are on the shelves."""
        return len(self._shelves[ALL])

    def sizes(self) -> dict[Place, int]:
        """How many updates are on each shelf."""
        return {place: len(shelf) for place, shelf in self._shelves.items() if shelf}

    @property
    def next_change(self) -> int | None:
        """When the next waiting update falls due or the next expires, or None."""
        return min((queue[0][0] for queue in (self._waiting, self._expiring) if queue), default=None)

    @property
    def next_expiry(self) -> int | None:
        """When the next update that is to be seen expires, or None."""
        return self._expiring[0][0] if self._expiring else None

    def due(self, as_of: int) -> list[Listed]:
        """What waits for its time and falls due by ``as_of``."""
        return [self._listed[source] for _, source in self._waiting[: bisect_left(self._waiting, (as_of + 1, ""))]]

    def lines(self) -> Iterable[Listed]:
        """The line of every update, seen or not."""
        return self._listed.values()

    def newest(self, place: Place, most: int) -> list[Listed]:
        """The newest updates of a place, at most ``most``."""
        return [self._listed[source] for _, _, source in self._shelves[place][:most]]

    def shown(self) -> Iterator[Listed]:
        """Every update that has a page, newest first."""
        return (
            self._listed[source] for _, _, source in sorted(self._listed[name].rank for name in self._shown.values())
        )

    def find(self, source: str) -> Listed | None:
        """The update of that file if it has a page."""
        listed = self._listed.get(source)
        return listed if listed is not None and self._shown.get(listed.slug) == source else None

    def by_slug(self, slug: str) -> Listed | None:
        """The update that has a page at that address."""
        source = self._shown.get(slug)
        return None if source is None else self._listed[source]

    def is_expired(self, listed: Listed) -> bool:
        """Whether an update that has a page has left its shelves."""
        return listed.source in self._expired

    def neighbours(self, listed: Listed) -> tuple[Listed | None, Listed | None]:
        """The next newer and the next older update on the shelf; neither for one that has left it."""
        if listed.source in self._expired:
            return None, None
        shelf = self._shelves[ALL]
        position = bisect_left(shelf, listed.rank)
        newer = self._listed[shelf[position - 1][2]] if position else None
        older = self._listed[shelf[position + 1][2]] if position + 1 < len(shelf) else None
        return newer, older

    def users(self, file: str) -> set[str]:
        """The sources of all updates, seen or waiting, that use a file."""
        return {source for source, listed in self._listed.items() if file in listed.files}

    def is_offered(self, file: str) -> bool:
        """Whether an update that has a page offers the file."""
        return bool(self._offers.get(file))

    def pictures(self, file: str) -> list[Picture]:
        """What was made of a file and is shown by an update that has a page."""
        return list(self._pictures.get(file, ()))

    def is_shown(self, path: str) -> bool:
        """Whether an update that has a page shows the picture at that address, of whichever file it was made."""
        return self._addresses[path] > 0

    def fill(self, listed: Iterable[Listed]) -> None:
        """Put all of these on empty shelves at once."""
        for line in listed:
            self._enter(line)
            if line.draft:
                continue
            if line.published > self._as_of:
                self._waiting.append((line.published, line.source))
                continue
            self._register(line)
            if line.expires is None or line.expires > self._as_of:
                for place in places_holding(line):
                    self._shelves[place].append(line.rank)
                if line.expires is not None:
                    self._expiring.append((line.expires, line.source))
            else:
                self._expired.add(line.source)
        self._waiting.sort()
        self._expiring.sort()
        for shelf in self._shelves.values():
            shelf.sort()

    def change(self, changes: Mapping[str, Listed | None]) -> Affected:
        """Put in, replace or (None) take out updates; what that touched."""
        affected = Affected()
        for source in changes:
            self._take_out(source, affected)
        for line in changes.values():
            if line is not None:
                self._put_in(line, affected)
        return affected

    def advance(self, as_of: int, affected: Affected) -> None:
        """Let time pass: show what has fallen due, and take from the shelves what has expired."""
        self._as_of = as_of
        while self._waiting and self._waiting[0][0] <= as_of:
            self._show(self._listed[self._waiting.pop(0)[1]], affected)
        while self._expiring and self._expiring[0][0] <= as_of:
            line = self._listed[self._expiring.pop(0)[1]]
            self._touch(line, affected)
            self._unshelve(line)
            self._expired.add(line.source)

    def _put_in(self, line: Listed, affected: Affected) -> None:
        self._enter(line)
        if line.draft:
            return
        if line.published > self._as_of:
            insort(self._waiting, (line.published, line.source))
        else:
            self._show(line, affected)

    def _show(self, line: Listed, affected: Affected) -> None:
        self._register(line)
        if line.expires is not None and line.expires <= self._as_of:
            self._expired.add(line.source)
        else:
            for place in places_holding(line):
                insort(self._shelves[place], line.rank)
            if line.expires is not None:
                insort(self._expiring, (line.expires, line.source))
        self._touch(line, affected)

    def _take_out(self, source: str, affected: Affected) -> None:
        line = self._listed.get(source)
        if line is None:
            return
        for slug in line.related:
            self._mentions[slug].discard(source)
        if self._shown.get(line.slug) == source:
            self._touch(line, affected)
            self._hide(line)
        elif not line.draft:
            del self._waiting[bisect_left(self._waiting, (line.published, source))]
        del self._listed[source]

    def _hide(self, line: Listed) -> None:
        if line.source in self._expired:
            self._expired.discard(line.source)
        else:
            self._unshelve(line)
            if line.expires is not None:
                del self._expiring[bisect_left(self._expiring, (line.expires, line.source))]
        del self._shown[line.slug]
        for file in line.offers:
            self._offers[file].discard(line.source)
        for picture in line.pictures:
            self._addresses[picture.path] -= 1
            showing = self._pictures[picture.file][picture]
            showing.discard(line.source)
            if not showing:
                del self._pictures[picture.file][picture]

    def _unshelve(self, line: Listed) -> None:
        for place in places_holding(line):
            shelf = self._shelves[place]
            del shelf[bisect_left(shelf, line.rank)]

    def _enter(self, line: Listed) -> None:
        self._listed[line.source] = line
        for slug in line.related:
            self._mentions[slug].add(line.source)

    def _register(self, line: Listed) -> None:
        self._shown[line.slug] = line.source
        for file in line.offers:
            self._offers[file].add(line.source)
        for picture in line.pictures:
            self._pictures[picture.file].setdefault(picture, set()).add(line.source)
            self._addresses[picture.path] += 1

    def _touch(self, line: Listed, affected: Affected) -> None:
        """Note what shows this update; called while it is on its shelves, if it ever is."""
        affected.places.update(places_holding(line))
        affected.slugs.add(line.slug)
        affected.files.update(line.files)
        affected.pictures.update(picture.path for picture in line.pictures)
        affected.sources.add(line.source)
        affected.sources.update(near.source for near in self.neighbours(line) if near is not None)
        for source in self._mentions.get(line.slug, ()):
            affected.sources.add(source)
            affected.places.update(places_holding(self._listed[source]))
