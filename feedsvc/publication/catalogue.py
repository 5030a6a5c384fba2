"""Which updates there are and where they appear: the index that makes a publish cost what changed, not what exists.

It holds a line per update, never its text. Times are whole seconds since 1970 (UTC).
"""

from bisect import bisect_left, insort
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from feedsvc.content.source import LoadedEntry

Place = str | None  # the slug of a category, or None for all updates


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """The line of an update: what places and orders it, and what its documents depend on."""

    source: str
    id: str
    slug: str
    title: str
    published: int
    categories: tuple[str, ...]
    digest: str
    draft: bool
    files: tuple[str, ...]
    related: tuple[str, ...]

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
        published=int(entry.published.timestamp()),
        categories=entry.categories,
        digest=entry.digest,
        draft=entry.draft,
        files=loaded.files,
        related=entry.related,
    )


@dataclass(slots=True)
class Affected:
    """What a change may have touched: the places, the updates whose pages to look at, and the files they offer."""

    places: set[Place] = field(default_factory=set)
    sources: set[str] = field(default_factory=set)
    slugs: set[str] = field(default_factory=set)  # addresses that changed hands or came free
    files: set[str] = field(default_factory=set)


class Catalogue:
    """All updates that may be published, on shelves (newest first) as far as they are due at ``as_of``."""

    def __init__(self, as_of: int) -> None:
        self._as_of = as_of
        self._listed: dict[str, Listed] = {}
        self._shelves: dict[Place, list[tuple[int, str, str]]] = defaultdict(list)
        self._waiting: list[tuple[int, str]] = []
        self._shown: dict[str, str] = {}  # slug -> source, of the updates on a shelf
        self._mentions: dict[str, set[str]] = defaultdict(set)  # slug -> sources that name it as related
        self._offers: dict[str, set[str]] = defaultdict(set)  # file -> sources on a shelf that use it

    def __len__(self) -> int:
        """How many updates are on the shelves."""
        return len(self._shelves[None])

    def sizes(self) -> dict[Place, int]:
        """How many updates are on each shelf."""
        return {place: len(shelf) for place, shelf in self._shelves.items() if shelf}

    @property
    def next_change(self) -> int | None:
        """When the next waiting update falls due, or None."""
        return self._waiting[0][0] if self._waiting else None

    def shelf(self, place: Place, most: int) -> list[Listed]:
        """The newest updates of a place, at most ``most``."""
        return [self._listed[source] for _, _, source in self._shelves[place][:most]]

    def shown(self) -> Iterator[Listed]:
        """Every update on the shelves, newest first."""
        return (self._listed[source] for _, _, source in self._shelves[None])

    def on_shelf(self, source: str) -> Listed | None:
        """The update of that file if it is to be seen."""
        listed = self._listed.get(source)
        return listed if listed is not None and self._shown.get(listed.slug) == source else None

    def by_slug(self, slug: str) -> Listed | None:
        """The update on a shelf that has that address."""
        source = self._shown.get(slug)
        return None if source is None else self._listed[source]

    def neighbours(self, listed: Listed) -> tuple[Listed | None, Listed | None]:
        """The next newer and the next older update than one on the shelf."""
        shelf = self._shelves[None]
        position = bisect_left(shelf, listed.rank)
        newer = self._listed[shelf[position - 1][2]] if position else None
        older = self._listed[shelf[position + 1][2]] if position + 1 < len(shelf) else None
        return newer, older

    def users(self, file: str) -> set[str]:
        """The sources of all updates, seen or waiting, that use a file."""
        return {source for source, listed in self._listed.items() if file in listed.files}

    def is_offered(self, file: str) -> bool:
        """Whether an update on a shelf uses the file."""
        return bool(self._offers.get(file))

    def fill(self, listed: Iterable[Listed]) -> None:
        """Put all of these on empty shelves at once."""
        for line in listed:
            self._listed[line.source] = line
            for slug in line.related:
                self._mentions[slug].add(line.source)
            if line.draft:
                continue
            if line.published > self._as_of:
                self._waiting.append((line.published, line.source))
                continue
            self._register(line)
            for place in (None, *line.categories):
                self._shelves[place].append(line.rank)
        self._waiting.sort()
        for shelf in self._shelves.values():
            shelf.sort()

    def change(self, changes: Mapping[str, Listed | None], as_of: int) -> Affected:
        """Put in, replace or (None) take out updates, and show what has fallen due; what that touched."""
        affected = Affected()
        for source in changes:
            self._take_out(source, affected)
        self._as_of = as_of
        for line in changes.values():
            if line is not None:
                self._put_in(line, affected)
        while self._waiting and self._waiting[0][0] <= as_of:
            self._show(self._listed[self._waiting.pop(0)[1]], affected)
        return affected

    def _put_in(self, line: Listed, affected: Affected) -> None:
        self._listed[line.source] = line
        for slug in line.related:
            self._mentions[slug].add(line.source)
        if line.draft:
            return
        if line.published > self._as_of:
            insort(self._waiting, (line.published, line.source))
        else:
            self._show(line, affected)

    def _show(self, line: Listed, affected: Affected) -> None:
        self._register(line)
        for place in (None, *line.categories):
            insort(self._shelves[place], line.rank)
        self._touch(line, affected)

    def _take_out(self, source: str, affected: Affected) -> None:
        line = self._listed.get(source)
        if line is None:
            return
        for slug in line.related:
            self._mentions[slug].discard(source)
        if self._shown.get(line.slug) == source:
            self._touch(line, affected)
            for place in (None, *line.categories):
                shelf = self._shelves[place]
                del shelf[bisect_left(shelf, line.rank)]
            del self._shown[line.slug]
            for file in line.files:
                self._offers[file].discard(source)
        elif not line.draft:
            del self._waiting[bisect_left(self._waiting, (line.published, source))]
        del self._listed[source]

    def _register(self, line: Listed) -> None:
        self._shown[line.slug] = line.source
        for file in line.files:
            self._offers[file].add(line.source)

    def _touch(self, line: Listed, affected: Affected) -> None:
        """Note what shows this update; called while it is on its shelves."""
        affected.places.update((None, *line.categories))
        affected.slugs.add(line.slug)
        affected.files.update(line.files)
        affected.sources.add(line.source)
        affected.sources.update(near.source for near in self.neighbours(line) if near is not None)
        for source in self._mentions.get(line.slug, ()):
            affected.sources.add(source)
            affected.places.update(self._listed[source].categories)
