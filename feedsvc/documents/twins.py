"""The same update in several languages: each names another, or is named by it. Lists of pages show one of them."""

from collections.abc import Callable, Iterator, Sequence
from itertools import filterfalse, islice
from typing import TYPE_CHECKING

from feedsvc.documents.listed import Listed
from feedsvc.places import Place

if TYPE_CHECKING:  # which needs this to know what a change touches
    from feedsvc.documents.index import Index


def twins_of(index: "Index", line: Listed) -> list[Listed]:
    """The update in every language, itself included, in the order of languages; nothing where it is alone.

    Of two in one language the one that was published first counts, and what was withdrawn does not.
    """
    found = group_of(index, line)
    if len(found) == 1:
        return []
    told = sorted((one for one in found if not one.is_withdrawn), key=lambda one: one.rank)
    by_language = {one.spoken: one for one in told}
    twins = [by_language[language] for language in sorted(by_language)]
    return twins if line in twins and len(twins) > 1 else []


def group_of(index: "Index", line: Listed) -> list[Listed]:
    """Every update that names it as its translation or is named by it, and so on, itself included."""
    if index.is_alone(line):  # nearly always
        return [line]
    found = {line.source: line}
    left = [line]
    while left:
        fresh = [one for one in _next_to(index, left.pop()) if one.source not in found]
        found |= {one.source: one for one in fresh}
        left += fresh
    return list(found.values())


def _next_to(index: "Index", line: Listed) -> Iterator[Listed]:
    named = index.by_slug(line.translation_of) if line.translation_of else None
    if named is not None:
        yield named
    yield from (other for other in index.naming(line.slug) if other.translation_of == line.slug)


def newest_once(index: "Index", place: Place, most: int) -> list[Listed]:
    """The newest updates of a place as its page lists them: of twins the one in the language of the page."""
    return list(islice(filterfalse(_repeats(index, place), index.listed(place)), most))


def neighbours(index: "Index", line: Listed) -> tuple[Listed | None, Listed | None]:
    """The next newer and the next older update in its edition, and no twin; neither for one that is in no list."""
    place = Place(language=line.edition)
    newer, older = (next(filterfalse(_repeats(index, place), some), None) for some in index.around(line, place))
    return newer, older


def reached_from(index: "Index", line: Listed) -> Iterator[Listed]:
    """The updates to which an update might be a neighbour: to the next on each side that is no twin of another."""
    for place in dict.fromkeys((Place(), Place(language=line.edition))):
        is_repeated = _repeats(index, place)
        for some in index.around(line, place):
            for other in some:
                yield other
                if not is_repeated(other):
                    break


def once(index: "Index", lines: Sequence[Listed], *, by_date: bool = False) -> list[Listed]:
    """Of these updates those that say what no other of them says in a language that goes before.

    Where it is ``by_date``, only what announces no date of its own says the same.
    """
    if all(map(index.is_alone, lines)):  # nearly always
        return list(lines)
    sources = {line.source for line in lines}
    return [
        line
        for line in lines
        if not any(
            other.source in sources
            and _goes_before(other, line)
            and not (by_date and set(line.dates) - set(other.dates))
            for other in group_of(index, line)
        )
    ]


def _repeats(index: "Index", place: Place) -> Callable[[Listed], bool]:
    """Whether the list of a place says in another language already what an update says."""

    def is_repeated(line: Listed) -> bool:
        if index.is_alone(line):
            return False
        before = (other for other in group_of(index, line) if _goes_before(other, line))
        return any(index.is_listed(other) and place.holds(other) for other in before)

    return is_repeated


def _goes_before(one: Listed, other: Listed) -> bool:
    """Whether lists show this twin of two: what is in the site's language, or came first; unless it is off."""
    if one.spoken == other.spoken or (one.is_withdrawn and not other.is_withdrawn):
        return False
    return (not one.is_own, one.published) < (not other.is_own, other.published)
