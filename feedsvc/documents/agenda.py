"""What the calendar does to updates: which announce something, which are urgent, and which were corrected lately."""

from bisect import bisect_left, bisect_right
from collections.abc import Callable
from operator import itemgetter
from typing import Any

from feedsvc.documents.listed import BURIED_FOR, KEPT_IN_CALENDARS, Listed, Standing
from feedsvc.places import Place


class Agenda:
    """The lines of updates that have a page, as far as instants in them matter; a part of the index."""

    def __init__(self) -> None:
        self._dated: list[tuple[int, str]] = []  # when the last event of an update ends, and its source
        self._lines: dict[str, Listed] = {}  # of those
        self._shown: set[str] = set()  # sources of those that are in lists
        self._amended: dict[str, Listed] = {}
        self._urgent: dict[str, Listed] = {}
        self._withdrawn: dict[str, Listed] = {}  # and no more in feeds
        self._reminders: dict[str, list[Listed]] = {}  # by source, what feeds remind of

    def enter(self, line: Listed, stands: Standing, as_of: int, put: Callable[[list[Any], Any], None]) -> None:
        """Put in an update that has a page and stands so; ``put`` keeps a list in order, unless it is sorted later."""
        if stands is Standing.SHOWN:
            if line.reminders and (reminders := list(line.reminding(as_of))):
                self._reminders[line.source] = reminders
            if line.told_until is not None and line.told_until > as_of:
                self._amended[line.source] = line
            if line.urgent_until is not None and line.urgent_until > as_of and not line.is_withdrawn:
                self._urgent[line.source] = line
        if stands is Standing.WITHDRAWN and as_of < (line.told_until or 0) + BURIED_FOR:
            self._withdrawn[line.source] = line
        if line.last_end is not None:
            self._lines[line.source] = line
            if stands is Standing.SHOWN and not line.is_withdrawn:
                self._shown.add(line.source)
            put(self._dated, (line.last_end, line.source))

    def leave(self, line: Listed) -> None:
        """Take out an update."""
        for told in (self._amended, self._urgent, self._withdrawn, self._reminders):
            told.pop(line.source, None)
        self._shown.discard(line.source)
        if self._lines.pop(line.source, None) and line.last_end is not None:
            del self._dated[bisect_left(self._dated, (line.last_end, line.source))]

    def sort(self) -> None:
        """Put in order what was put in without."""
        self._dated.sort()

    def amended(self, place: Place) -> list[Listed]:
        """What feeds of a place tell for a correction or a withdrawal of the last days, however old it is."""
        return [line for line in sorted(self._amended.values(), key=lambda line: line.rank) if place.holds(line)]

    def reminders(self, place: Place) -> list[Listed]:
        """What feeds of a place say once more, because its deadline is near."""
        return [line for lines in self._reminders.values() for line in lines if place.holds(line)]

    def withdrawn(self, place: Place) -> list[Listed]:
        """What feeds of a place held and hold no more, because it was withdrawn, the newest first."""
        return [line for line in sorted(self._withdrawn.values(), key=lambda line: line.rank) if place.holds(line)]

    def urgent(self, place: Place) -> list[Listed]:
        """What stands above all others on the pages of a place, newest first."""
        return [line for line in sorted(self._urgent.values(), key=lambda line: line.rank) if place.holds(line)]

    def is_urgent(self, line: Listed) -> bool:
        """Whether it is urgent now."""
        return line.source in self._urgent

    def calendar(self, place: Place, as_of: int) -> list[Listed]:
        """What stands in the calendar of a place: all that has an event of the past year, or one to come."""
        return self._ending_after(place, as_of - KEPT_IN_CALENDARS)

    def coming(self, place: Place, as_of: int) -> list[Listed]:
        """What announces an event that is not over, by the start of the next one."""
        ahead = [line for line in self._ending_after(place, as_of) if line.source in self._shown]
        return sorted(ahead, key=lambda line: (min(date for date in line.dates if date[1] > as_of), line.rank))

    def _ending_after(self, place: Place, instant: int) -> list[Listed]:
        start = bisect_right(self._dated, instant, key=itemgetter(0))
        lines = (self._lines[source] for _, source in self._dated[start:])
        return [line for line in lines if place.holds(line)]
