"""What is known of every source file: its stamp when it was last read, the version in force, what holds it back."""

from collections.abc import Callable, Iterable, Mapping

from feedsvc.documents.listed import Listed
from feedsvc.errors import Problem
from feedsvc.publication.rows import SourceRow
from feedsvc.publication.store import Store
from feedsvc.publishing.texts import dump_line, load_lines


class Sources:
    """All sources by name. ``stamps`` are theirs, ``held`` those with problems."""

    def __init__(self, known: Mapping[str, SourceRow[Listed]] | None = None) -> None:
        self._known = dict(known or {})
        self.stamps = {name: row.stamp for name, row in self._known.items()}
        self.held = {name for name, row in self._known.items() if row.problems}

    def names(self) -> Iterable[str]:
        """Every source that is known."""
        return self._known.keys()

    def line(self, name: str) -> Listed | None:
        """The line of the version in force."""
        known = self._known.get(name)
        return None if known is None else known.listed

    def lines(self) -> dict[str, Listed | None]:
        """The line in force of every source."""
        return {name: row.listed for name, row in self._known.items()}

    def problems(self, name: str) -> tuple[Problem, ...]:
        """Why a source is held back; nothing for one that is not."""
        known = self._known.get(name)
        return () if known is None else known.problems

    def held_back(self) -> list[Problem]:
        """Everything that holds a source back."""
        return [problem for name in self.held for problem in self._known[name].problems]

    def put(self, name: str, stamp: str | None, line: Listed | None, problems: tuple[Problem, ...], as_of: int) -> None:
        """Note how a source is now; without a ``stamp`` it is gone."""
        known = self._known.pop(name, None)
        self.held.discard(name)
        self.stamps.pop(name, None)
        if stamp is None or (line is None and not problems):
            return
        since = (known.since if known and known.since else as_of) if problems else None
        self._known[name] = SourceRow(stamp=stamp, listed=line, problems=problems, since=since)
        self.stamps[name] = stamp
        if problems:
            self.held.add(name)

    def rows(self, names: Iterable[str]) -> dict[str, SourceRow[str] | None]:
        """These sources as the publication keeps them; None for what is not known any more."""
        return {name: _row(self._known.get(name)) for name in names}


def _row(row: SourceRow[Listed] | None) -> SourceRow[str] | None:
    if row is None:
        return None
    listed = None if row.listed is None else dump_line(row.listed)
    return SourceRow(stamp=row.stamp, listed=listed, problems=row.problems, since=row.since)


def recall_sources(store: Store, is_legible: Callable[[str], bool], *, is_ours: bool) -> Sources:
    """The sources as the publication keeps them.

    What another release wrote (not ``is_ours``) counts as far as it makes sense here, texts included.
    """
    try:
        rows = store.sources()
        lines = load_lines(row.listed for row in rows.values())
    except ValueError as fault:
        if is_ours:
            raise store.distrust() from fault
        return Sources()
    known = {
        name: SourceRow(row.stamp, line, row.problems, row.since)
        for (name, row), line in zip(rows.items(), lines, strict=True)
    }
    if not is_ours:
        for name, row in known.items():
            if row.listed is not None and not is_legible(name):
                known[name] = row._replace(listed=None)
    return Sources(known)
