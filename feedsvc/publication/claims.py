"""Which file may have which id and address: of several that claim one, the earlier published, drafts last."""

import os
from collections import defaultdict
from collections.abc import Iterable

from feedsvc.publication.catalogue import Listed


class Claims:
    """Every claim to an id or a slug, by all files together."""

    def __init__(self) -> None:
        self._claimants: dict[tuple[str, str], set[str]] = defaultdict(set)
        self._lines: dict[str, Listed] = {}

    def put(self, listed: Listed) -> None:
        """Note what an update claims."""
        self._lines[listed.source] = listed
        for claim in _claims(listed):
            self._claimants[claim].add(listed.source)

    def drop(self, source: str) -> Listed:
        """Forget what a file claims; the line that claimed it."""
        listed = self._lines.pop(source)
        for claim in _claims(listed):
            self._claimants[claim].discard(source)
        return listed

    def losers(self, lines: Iterable[Listed]) -> dict[str, set[str]]:
        """Of these and all that clash with them: each source that must yield, with the sources it clashes with."""
        clashing: dict[str, set[str]] = {}
        for line in lines:
            for claim in _claims(line):
                claimants = self._claimants[claim]
                if len(claimants) > 1:
                    for source in claimants - {min(claimants, key=self._precedence)}:
                        clashing.setdefault(source, set()).update(claimants)
        return clashing

    def _precedence(self, source: str) -> tuple[bool, int, tuple[str, str]]:
        """As ``cross_check`` has it, for it names the others."""
        listed = self._lines[source]
        return listed.draft, listed.published, os.path.splitext(source)  # noqa: PTH122  # both parts


def _claims(listed: Listed) -> tuple[tuple[str, str], ...]:
    return ("id", listed.id), ("slug", listed.slug)
