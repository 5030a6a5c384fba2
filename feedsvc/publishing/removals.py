"""A change that takes much away may be a mishap: what it would remove stays until that is confirmed or has been stable.

Only that is held. Everything else is published at once, and an edit of something else does not begin the time anew.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from feedsvc.documents.listed import Listed
from feedsvc.model import Site
from feedsvc.places import ALL, Place, categories_of, home_of, lists_of

NAMED = 3  # sources that a reason names


@dataclass(frozen=True, slots=True)
class Held:
    """A source whose removal is held: what its stamp is now (empty when it is gone), and since when, in seconds."""

    stamp: str
    since: int


@dataclass(frozen=True, slots=True)
class Withheld:
    """All removals that are held, by source, and why: what would vanish with them."""

    held: Mapping[str, Held] = field(default_factory=dict)
    reason: str = ""

    @property
    def since(self) -> int | None:
        """Since when the first of them is held, in seconds since 1970."""
        return min((held.since for held in self.held.values()), default=None)

    def __str__(self) -> str:
        """The reason, with the sources that it is about; empty when nothing is held."""
        if not self.held:
            return ""
        names = list(self.held)
        more = f" and {len(names) - NAMED} more" if len(names) > NAMED else ""
        return f"{self.reason} ({', '.join(names[:NAMED])}{more})"


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """What a publish is to take in, by source: the line in force ``before`` and ``after`` (None: there is none).

    ``stamps`` are those of the sources that lie there now. Whether a line is to be seen is asked at the instant
    ``seen_at``, in seconds since 1970. What would vanish is held for ``hold`` seconds.
    """

    before: Mapping[str, Listed | None]
    after: Mapping[str, Listed | None]
    stamps: Mapping[str, str]
    seen_at: int
    hold: int

    def leavers(self) -> list[str]:
        """The sources that are seen in fewer places than before."""
        return [name for name, line in self.before.items() if self._places(line) - self._places(self.after[name])]

    def seen(self, lines: Mapping[str, Listed | None], place: Place) -> set[str]:
        """The sources of those lines that are to be seen in a place."""
        return {name for name, line in lines.items() if place in self._places(line)}

    def claims(self) -> set[str]:
        """The ids and addresses of what comes to be seen."""
        return {claim for line in self.after.values() if line and self._places(line) for claim in (line.id, line.slug)}

    def _places(self, line: Listed | None) -> set[Place]:
        if line is None or line.draft or not line.published <= self.seen_at < (line.expires or self.seen_at + 1):
            return set()
        return set(lists_of(line))


def withhold(change: Proposal, sizes: Mapping[Place, int], site: Site, earlier: Withheld, now: int) -> Withheld:
    """Which to hold: all that leave where more than half of all would vanish, or all of a category or a language.

    ``sizes`` say how many updates each place has; what was held ``earlier`` keeps its time.
    """
    leavers = set(change.leavers())
    if not leavers:
        return Withheld()
    names = {name for name in leavers & earlier.held.keys() if earlier.held[name].stamp == change.stamps.get(name, "")}
    emptied: dict[Place, set[str]] = {}
    editions = (place for edition in site.translations for place in (home_of(edition), *categories_of(edition)))
    for place in (ALL, *categories_of(site), *editions):
        was, is_now = change.seen(change.before, place), change.seen(change.after, place)
        had = sizes.get(place, 0)
        has = had - len(was) + len(is_now)
        if was - is_now and (2 * has < had if place == ALL else has <= 0):
            names |= was - is_now
            emptied[place] = was - is_now
    held = _without_renamed({name: _since(name, change, earlier, now) for name in sorted(names)}, change)
    held = {name: one for name, one in held.items() if now < one.since + change.hold}
    if not held:
        return Withheld()
    counted = [f"{len(held)} of {sizes.get(ALL, 0)} updates would vanish"] if ALL in emptied or not emptied else []
    named = [
        f"every update in {_name(place, site)} would vanish"
        for place, left in emptied.items()
        if place != ALL and left & held.keys()
    ]
    return Withheld(held, ", ".join(counted + named))


def _name(place: Place, site: Site) -> str:
    """What authors call it; whole, where a category of another language may be called alike."""
    return place.feed_title(site.in_edition(place.language)) if place.language else place.title(site)


def _since(name: str, change: Proposal, earlier: Withheld, now: int) -> Held:
    """Since when that is held: from when it was first seen as it is."""
    known, stamp = earlier.held.get(name), change.stamps.get(name, "")
    return known if known is not None and known.stamp == stamp else Held(stamp, now)


def _without_renamed(held: Mapping[str, Held], change: Proposal) -> dict[str, Held]:
    """Those that did not merely go for another file to take their id or address."""
    taken = change.claims()
    lines = {name: change.before[name] for name in held}
    return {
        name: one
        for name, one in held.items()
        if one.stamp or not ((line := lines[name]) and {line.id, line.slug} & taken)
    }
