"""The updates' full text: what was read but is not committed yet, what is stored, and what was in use lately."""

from collections import OrderedDict
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime

from feedsvc.content.source import LoadedEntry
from feedsvc.documents.listed import Listed
from feedsvc.model import Entry
from feedsvc.publication.store import Store
from feedsvc.publishing.texts import dump_entry, load_entry


class Entries:
    """The good versions of all sources. ``remembered`` are the entries to be kept decoded."""

    def __init__(self, store: Store, remembered: int) -> None:
        self._store = store
        self._remembered = remembered
        self._read: dict[str, LoadedEntry | str] = {}  # by source: read, but not yet committed
        self._at_hand: dict[str, str] = {}  # by source: stored, for children
        self._decoded: OrderedDict[str, Entry] = OrderedDict()  # by digest

    def forget(self) -> None:
        """Start over with what is stored."""
        self.begin()
        self._decoded.clear()

    def begin(self) -> None:
        """Nothing is read yet."""
        self._read.clear()
        self._at_hand.clear()

    def put(self, source: str, loaded: LoadedEntry | str) -> None:
        """Take over what was read of a source, as it is or (in another process) dumped."""
        self._read[source] = loaded

    def drop(self, source: str) -> None:
        """Take back what was read of a source."""
        self._read.pop(source, None)

    def uncommitted(self) -> Mapping[str, str]:
        """What was read, as texts to be stored."""
        return {name: one if isinstance(one, str) else dump_entry(one) for name, one in self._read.items()}

    def load(self, source: str) -> LoadedEntry:
        """The good version of a source that has one. StoreError when the publication should have it, and has not."""
        found = self._read.get(source) or self._at_hand.get(source)
        if isinstance(found, LoadedEntry):
            return found
        try:
            loaded = load_entry(found or self._store.entry(source))
        except (LookupError, ValueError) as fault:
            raise self._store.distrust() from fault
        if source in self._read:
            self._read[source] = loaded
        return loaded

    def is_legible(self, source: str) -> bool:
        """Whether the stored version of a source can be read, which another release may have written."""
        with suppress(LookupError, ValueError):
            return bool(load_entry(self._store.entry(source)))
        return False

    def fetch(self, source: str, line: Listed | None) -> Entry:
        """The update of a source, at the instant that it was given."""
        digest = line.digest if line else ""
        entry = self._decoded.get(digest)
        if entry is not None:
            self._decoded.move_to_end(digest)
            return entry
        entry = self.load(source).entry
        if line is not None and line.published != line.written:
            given = datetime.fromtimestamp(line.published, UTC)
            entry = replace(entry, published=given, updated=max(given, entry.updated), digest=digest)
        self._decoded[digest] = entry
        if len(self._decoded) > self._remembered:
            self._decoded.popitem(last=False)
        return entry

    def bring_along(self, sources: Iterable[str]) -> None:
        """Have these at hand: a child has this object's memory, but must not use the store's connection."""
        for name in sources:
            if name not in self._read and name not in self._at_hand:
                try:
                    self._at_hand[name] = self._store.entry(name)
                except LookupError as fault:
                    raise self._store.distrust() from fault
