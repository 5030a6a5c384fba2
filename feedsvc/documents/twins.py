"""The same update in several languages: each names another, or is named by it."""

from collections.abc import Iterator
from typing import Protocol

from feedsvc.documents.listed import Listed


class Known(Protocol):
    """As much of the index as this needs."""

    def by_slug(self, slug: str) -> Listed | None:
        """The update that has a page at that address."""

    def naming(self, slug: str) -> list[Listed]:
        """The updates with a page that name the one at that address."""


def twins_of(index: Known, line: Listed) -> list[Listed]:
    """The update in every language, itself included, in the order of languages; nothing where it is alone.

    Of two in one language the one that was published first counts, and what was withdrawn does not.
    """
    found = group_of(index, line)
    if len(found) == 1:
        return []
    told = sorted((one for one in found if not one.is_withdrawn), key=lambda one: one.rank)
    by_language = {one.language or "": one for one in told}
    twins = [by_language[language] for language in sorted(by_language)]
    return twins if line in twins and len(twins) > 1 else []


def group_of(index: Known, line: Listed) -> list[Listed]:
    """Every update that names it as its translation or is named by it, and so on, itself included."""
    found = {line.source: line}
    left = [line]
    while left:
        fresh = [one for one in _next_to(index, left.pop()) if one.source not in found]
        found |= {one.source: one for one in fresh}
        left += fresh
    return list(found.values())


def _next_to(index: Known, line: Listed) -> Iterator[Listed]:
    named = index.by_slug(line.translation_of) if line.translation_of else None
    if named is not None:
        yield named
    yield from (other for other in index.naming(line.slug) if other.translation_of == line.slug)
