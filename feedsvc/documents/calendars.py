"""The calendar of every place, and that of each update that announces a date."""

from collections.abc import Iterator, Sequence

from feedsvc import urls
from feedsvc.documents.changed import Changed
from feedsvc.documents.listed import Listed
from feedsvc.documents.plan import HTML, Plan, purge_tags
from feedsvc.documents.recipe import Absent, Recipe, make_recipe
from feedsvc.documents.twins import once
from feedsvc.kinds import CALENDAR
from feedsvc.model import Document
from feedsvc.places import Place, places_of


def recipes(plan: Plan, changed: Changed) -> Iterator[Recipe | Absent]:
    """The calendars of places and updates that the change touches; an update without a date has none."""
    for place in places_of(plan.site):
        if changed.touches(place):
            yield _of_place(plan, place)
    for slug in sorted(changed.slugs):
        line = plan.index.by_slug(slug)
        if line is not None and line.dates:
            yield _of_update(plan, line)
        elif not changed.is_whole:
            moved = plan.index.by_alias(slug)  # to whose calendar a way may lead from there
            if moved is None or not moved.dates:
                yield Absent(urls.event_path(slug))


def _of_place(plan: Plan, place: Place) -> Recipe:
    return _calendar(plan, place, None, once(plan.index, plan.index.calendar(place), by_date=True))


def _of_update(plan: Plan, line: Listed) -> Recipe:
    return _calendar(plan, Place(line.categories, line.edition), line, [line])


def _calendar(plan: Plan, place: Place, update: Listed | None, lines: Sequence[Listed]) -> Recipe:
    site = plan.site_in(place)
    path = urls.event_path(update.slug) if update else place.path + urls.CALENDAR
    title = update.title if update else place.feed_title(site)
    tags = purge_tags(update=update.slug) if update else purge_tags(place)

    page = urls.absolute(site.base_url, path.rpartition("/")[0] + "/")
    document = Document(
        path=path, kind=CALENDAR, media_type="text/calendar", tags=tags, links=(("alternate", page, HTML),)
    )

    def render() -> bytes:
        from feedsvc.formats.calendar import render_calendar  # noqa: PLC0415  # few changes touch a date

        return render_calendar(site, title, plan.fetch_all(lines))

    return make_recipe(document, render, site.digest, title, *(line.digest for line in lines))
