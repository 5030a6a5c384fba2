"""All that a place ever held, year by year: a page, and documents of its feeds that lead from one to the next.

A year that is too large for one document is cut into months, and such a month into parts, filled from the oldest
update on: what comes later changes only the last part.
"""

from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache, partial
from itertools import pairwise
from operator import attrgetter

from feedsvc import feeds, urls
from feedsvc.documents.changed import Changed
from feedsvc.documents.listed import Listed
from feedsvc.documents.moved import former_of, way
from feedsvc.documents.plan import HTML, Plan
from feedsvc.documents.recipe import Absent, Recipe, make_recipe
from feedsvc.documents.twins import once
from feedsvc.documents.versions import versions_of
from feedsvc.documents.years import begin_of, local_of, span_of, year_of, years_of
from feedsvc.formats import FORMATS
from feedsvc.formats.format import FeedFormat
from feedsvc.kinds import ARCHIVE, ARCHIVE_PAGE, FEED, Kind
from feedsvc.model import Entry, Feed, History
from feedsvc.pages.year import year_page
from feedsvc.places import Place, places_of

ROOM = feeds.DOCUMENT_OCTETS - feeds.FRAME_OCTETS
BURIED = 20  # withdrawn updates that a document says it held
_PUBLISHED = attrgetter("published")


@dataclass(frozen=True, slots=True)
class Part:
    """Updates of one document, oldest first, and the folder that holds it in every format."""

    path: str
    lines: tuple[Listed, ...]


def recipes(plan: Plan, changed: Changed) -> Iterator[Recipe | Absent]:
    """Every year of a place that the change touches, and those whose links lead to it. Mixes have no years."""
    for place in places_of(plan.site):
        # pages of a year lead to the same year of other editions
        around = replace(place, language=None) if len(plan.site.translations) > 1 else place
        if place.is_mix or not changed.touches(around):
            continue
        years = years_of(plan, place)
        touched = {year_of(line, plan.site) for line in changed.lines if around.holds(line)}
        for year in sorted(touched - set(years)):
            for each in (place, *former_of(place, plan.site)):
                yield Absent(replace(each, year=year).path, below=True)
        come = {year for year in touched if len(span_of(plan, place, year).lines) <= len(changed.lines)}  # or gone
        parts = partial(_parts, plan, place)  # by year
        for newer, year, older in zip([None, *years], years, [*years[1:], None], strict=False):
            near = partial(_near, newer, older)
            is_touched = changed.is_whole or year in touched
            if is_touched:
                yield Absent(replace(place, year=year).path, below=True)
                yield from _moved(plan, place, year, parts(year)[0])
            if is_touched or any(map(near, come)):
                yield _page(plan, replace(place, year=year), newer, older)
            if is_touched or any(map(near, touched)):
                yield from _of_year(plan, place, (newer, year, older), parts, are_ends=not is_touched)


def _near(newer: int | None, older: int | None, year: int) -> bool:
    """Whether what leads to a newer and to an older year may lead to another because of this one."""
    return (older or 0) <= year <= (newer or year)


def newest_history(plan: Plan, place: Place) -> History:
    """The way on from a place's feed to what it no longer holds."""
    years = () if place.is_mix else years_of(plan, place)
    return History(older=_url(plan, _parts(plan, place, years[0])[-1]) if years else None)


def _of_year(
    plan: Plan,
    place: Place,
    around: tuple[int | None, int, int | None],
    parts: Callable[[int], list[Part]],
    *,
    are_ends: bool,
) -> Iterator[Recipe]:
    """The documents of a year between a newer and an older one, or the ends of them alone."""
    newer, year, older = around
    of_year, own = replace(place, year=year), parts(year)
    current = urls.absolute(plan.site.base_url, place.path)
    for number, part in enumerate(own):
        is_first, is_last = number == 0, part is own[-1]
        if are_ends and not (is_first or is_last):
            continue
        previous = (parts(older)[-1] if older else None) if is_first else own[number - 1]
        following = (parts(newer)[0] if newer else None) if is_last else own[number + 1]
        history = History(older=_url(plan, previous), newer=_url(plan, following), current=current)
        yield from _feeds(plan, of_year, part, history, _buried(plan, of_year) if is_last else ())


def _moved(plan: Plan, place: Place, year: int, first: Part) -> Iterator[Recipe]:
    """The ways on from where a year was: under a former name, and while it was whole, if it begins elsewhere now."""
    own = replace(place, year=year).path
    for former in former_of(place, plan.site):
        path = replace(former, year=year).path
        yield way(path, own)
        yield from (way(path + fmt.file_name, first.path + fmt.file_name) for fmt in FORMATS)
    if first.path != own:
        for fmt in FORMATS:
            yield way(own + fmt.file_name, first.path + fmt.file_name)


def _parts(plan: Plan, place: Place, year: int) -> list[Part]:
    """The documents of a year, oldest first."""
    folder = replace(place, year=year).path
    return span_of(plan, place, year).ask(_cut, folder, year, plan.site.time_zone)


def _cut(newest_first: Sequence[Listed], folder: str, year: int, time_zone: str) -> list[Part]:
    lines = newest_first[::-1]
    if sum(line.octets for line in lines) <= ROOM:
        return [Part(folder, tuple(lines))]
    begins = [bisect_left(lines, begin_of(year, time_zone, month), key=_PUBLISHED) for month in range(1, 13)]
    return [
        Part(f"{folder}{month:02}{f'-{number}' if number > 1 else ''}/", tuple(some))
        for month, (begin, end) in enumerate(pairwise([*begins, len(lines)]), 1)
        for number, some in enumerate(_filled(lines[begin:end]), 1)
    ]


def _filled(lines: Iterable[Listed]) -> Iterator[list[Listed]]:
    """The lines in as many lists as they need room for, each filled before the next is begun."""
    some: list[Listed] = []
    left = ROOM
    for line in lines:
        if some and line.octets > left:
            yield some
            some, left = [], ROOM
        some.append(line)
        left -= line.octets
    if some:
        yield some


def _feeds(plan: Plan, place: Place, part: Part, history: History, buried: Sequence[Listed]) -> Iterator[Recipe]:
    lines = part.lines
    digests = [*map(plan.told_digest, lines), *(f"{line.digest} is gone" for line in buried)]

    def make() -> Feed:
        made = feeds.make_archive(plan.site_in(place), place, [*map(plan.told, lines)], history)
        return replace(made, deleted=tuple(with_reminders(plan, buried)))

    part = replace(part, lines=(*lines, *buried))
    return feed_recipes(plan, place, part, ARCHIVE, make, repr(history), *digests)


def _buried(plan: Plan, of_year: Place) -> list[Listed]:
    """What was withdrawn lately, of those that a year held."""
    lines = plan.index.agenda.withdrawn(replace(of_year, year=None))
    return [line for line in lines if year_of(line, plan.site) == of_year.year][:BURIED]


def with_reminders(plan: Plan, lines: Iterable[Listed]) -> Iterator[Entry]:
    """Each of these updates, and what reminded of it."""
    for line in lines:
        entry = plan.fetch(line.source)
        yield from (replace(entry, id=each) for each in (entry.id, *(one.id for one in line.reminders)))


def feed_recipes(
    plan: Plan, place: Place, part: Part, kind: Kind, make: Callable[[], Feed], *depends: str
) -> Iterator[Recipe]:
    """A feed of a place in every format; it is made once, by ``make``, when the first of them is rendered."""
    feed, known = cache(make), replace(plan.document("", kind, place, part.lines), page_path=place.path)
    hubs = tuple(("hub", url, "") for url in plan.site.hubs if kind is FEED)
    home = ("alternate", urls.absolute(plan.site.base_url, place.path), HTML)
    for fmt in FORMATS:
        path = part.path + fmt.file_name
        self_url = urls.absolute(plan.site.base_url, path)
        links = (*hubs, ("self", self_url, fmt.media_type), home)
        document = replace(known, path=path, media_type=fmt.media_type, links=links)
        yield make_recipe(document, partial(_render, fmt, feed, self_url), plan.site.digest, *depends)


def _render(fmt: FeedFormat, feed: Callable[[], Feed], self_url: str) -> bytes:
    return fmt.render(feed(), self_url)


def _page(plan: Plan, place: Place, newer: int | None, older: int | None) -> Recipe:
    versions = versions_of(plan, place)
    lines = once(plan.index, span_of(plan, replace(place, year=None), place.year or 0).lines)
    document = plan.document(place.path, ARCHIVE_PAGE, place, lines)

    def render() -> bytes:
        dated = [(line, local_of(line, plan.site)) for line in lines]
        return year_page(plan.site_in(place), place, dated, (newer, older), versions)

    return make_recipe(
        document, render, plan.site.digest, f"{newer} {older} {versions}", *(line.digest for line in lines)
    )


def _url(plan: Plan, part: Part | None) -> str | None:
    return None if part is None else urls.absolute(plan.site.base_url, part.path)
