"""What is published, but probably not as it is meant: the notes of all updates, and of files that are passed over."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from heapq import nsmallest

from feedsvc import urls
from feedsvc.content.value_errors import nearest
from feedsvc.documents.listed import Listed
from feedsvc.errors import Note

MANY = 10_000  # documents, beyond which no near address is looked for
KEPT_AT_MOST = 500  # of notes that are told; nobody reads more


class Notes:
    """The notes by source; which of them hold depends on the documents that are published."""

    def __init__(
        self, lines: Iterable[Listed] = (), stored: tuple[Note, ...] = (), ask: Callable[[], Iterable[str]] = tuple
    ) -> None:
        """``stored`` are the notes that stand in the publication, whose documents' paths one can ``ask`` for.

        That is done once a note depends on them: there may be hundreds of thousands, and nothing to note.
        """
        self.ignored: tuple[Note, ...] = ()
        self.stored = stored
        self._told: tuple[Note, ...] | None = None  # until something changes
        self._by_source: dict[str, tuple[Note, ...]] = {}
        self._addresses: dict[str, tuple[str, ...]] = {}  # by source: where it is, and what leads there
        self._ask = ask
        self._asked: set[str] | None = None  # and followed since
        self._moved: dict[str, bool] = {}  # what came (or went) since the publication was written
        self._near: dict[str, str | None] = {}
        for line in lines:
            self.put(line.source, line)

    def put(self, source: str, line: Listed | None) -> None:
        """Take over what the version of a file that is in force says; None when there is none."""
        self._told = None
        self._by_source.pop(source, None)
        self._addresses.pop(source, None)
        if line is None:
            return
        if line.notes:
            self._by_source[source] = line.notes
        if not line.draft:
            self._addresses[source] = (line.slug, *line.aliases)

    def ignore(self, notes: tuple[Note, ...]) -> None:
        """Take over what is said of files that are no updates."""
        if notes != self.ignored:
            self.ignored, self._told = notes, None

    def follow(self, written: Iterable[str], removed: Iterable[str]) -> None:
        """Know which documents come and go."""
        self._told = None
        self._moved |= dict.fromkeys(written, True) | dict.fromkeys(removed, False)
        if self._asked is not None:
            self._catch_up(self._asked)

    def keep(self) -> None:
        """Know that the publication is written, and the notes with it."""
        self.stored = self.current()
        self._moved = {}

    def _catch_up(self, paths: set[str]) -> set[str]:
        paths.difference_update(self._moved)
        paths.update(path for path, is_there in self._moved.items() if is_there)
        return paths

    @property
    def _paths(self) -> set[str]:
        """Every document."""
        if self._asked is None:
            self._asked = self._catch_up(set(self._ask()))
        return self._asked

    def current(self) -> tuple[Note, ...]:
        """The notes that hold, by file and line; at most some hundreds."""
        if self._told is None:
            own = (self._advised(note) for notes in self._by_source.values() for note in notes if self._holds(note))
            self._told = tuple(nsmallest(KEPT_AT_MOST, [*self.ignored, *own]))
        return self._told

    def _holds(self, note: Note) -> bool:
        """Whether no document is where there should be one."""
        return not note.unless or not self._is_there(note.unless)

    def _is_there(self, path: str) -> bool:
        """Whether something is there. An update that waits will be; the word that one is gone counts for nothing."""
        if path in self._paths and not urls.is_update_path(path):
            return True
        return any(path == urls.update_path(slug) for slugs in self._addresses.values() for slug in slugs)

    def _pages(self) -> set[str]:
        """What an author may have meant."""
        updates = {urls.update_path(slug) for slugs in self._addresses.values() for slug in slugs}
        pages = (path for path in self._paths if path.endswith("/"))
        return {path for path in pages if path in updates or not urls.is_update_path(path)}

    def _advised(self, note: Note) -> Note:
        """A note on an address with the address that was probably meant; looked for once."""
        path = note.unless
        if not path or len(self._paths) > MANY:
            return note
        if path not in self._near:
            self._near[path] = nearest(path, sorted(self._pages()))
        near = self._near[path]
        return note if near is None else replace(note, fix=f"did you mean {near}?")
