"""Documents of every place: its page, its newest updates in each format of feed, and a mix's feed as a list."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from operator import attrgetter

from feedsvc import feeds, urls
from feedsvc.documents.archives import BURIED, Part, feed_recipes, newest_history, with_reminders
from feedsvc.documents.changed import Changed
from feedsvc.documents.listed import Listed
from feedsvc.documents.plan import Plan, purge_tags
from feedsvc.documents.recipe import Absent, Recipe, make_recipe
from feedsvc.documents.site import feed_list
from feedsvc.documents.twins import newest_once, once
from feedsvc.documents.versions import versions_of
from feedsvc.documents.years import years_of
from feedsvc.formats import FORMATS
from feedsvc.kinds import FEED, MIXED_FEED, MIXED_PAGE, PAGE
from feedsvc.model import Feed
from feedsvc.pages.dates import Present
from feedsvc.pages.place import place_page
from feedsvc.places import Place, places_of

PAGE_LENGTH = 50  # entries listed on the page of a place; older ones are reached from update to update
COMING = 20  # updates that announce what is coming
LATEST = 10  # entries listed on the landing page


def recipes(plan: Plan, changed: Changed) -> Iterator[Recipe | Absent]:
    """The page and the feeds of every place that the change touches; each place of a site has them always."""
    for place in places_of(plan.site):
        if changed.touches(place):
            yield from _feeds(plan, place, plan.index.newest(place, plan.site.feed_length))
            yield _page(plan, place, newest_once(plan.index, place, PAGE_LENGTH if place.categories else LATEST))
    if changed.is_whole:
        for place in filter(attrgetter("is_mix"), places_of(plan.site)):
            yield feed_list(plan, place, [place], purge_tags(place))


def _feeds(plan: Plan, place: Place, newest: Sequence[Listed]) -> Iterator[Recipe]:
    lasting = (*plan.index.agenda.amended(place), *plan.index.agenda.reminders(place))
    lines = list(dict.fromkeys((*newest, *lasting)))
    ids = frozenset(line.id for line in lasting)
    deleted = plan.index.agenda.withdrawn(place)[:BURIED]
    digests = [f"{plan.told_digest(line)} {line.id in ids}" for line in lines]
    digests += [line.digest for line in deleted]
    history = newest_history(plan, place)

    def make() -> Feed:
        made = feeds.make_feed(plan.site_in(place), place, [plan.told(line) for line in lines], ids, history)
        return replace(made, deleted=tuple(with_reminders(plan, deleted)))

    kind, part = MIXED_FEED if place.is_mix else FEED, Part(place.path, (*lines, *deleted))
    return feed_recipes(plan, place, part, kind, make, str(history.older), *digests)


def _page(plan: Plan, place: Place, lines: Sequence[Listed]) -> Recipe:
    site, index, years = plan.site_in(place), plan.index, years_of(plan, place)
    versions = versions_of(plan, place)
    urgent = once(index, index.agenda.urgent(place))
    # what stands above with its dates: what is urgent, and the newest
    above = [*urgent, *[line for line in lines if line not in urgent][:1]]
    coming = [line for line in once(index, index.coming(place), by_date=True) if line not in above][:COMING]

    def render() -> bytes:
        entries = plan.fetch_all(lines)
        ended = feeds.make_farewells(site, place)
        near = {"coming": plan.fetch_all(coming), "urgent": plan.fetch_all(urgent), "ended": ended}
        present = Present(as_of=index.as_of, **near)
        return place_page(site, place, entries, present=present, years=years, versions=versions)

    page = plan.document(place.path, MIXED_PAGE if place.is_mix else PAGE, place, (*lines, *coming, *urgent))
    feeds_of = ((urls.absolute(site.base_url, place.path + fmt.file_name), fmt.media_type) for fmt in FORMATS)
    document = replace(page, links=tuple(("alternate", *each) for each in feeds_of))
    shown = [index.state(line) for each in (lines, coming, urgent) for line in each]
    numbers = f"{len(coming)} {len(urgent)} {years} {versions}"
    return make_recipe(document, render, site.digest, numbers, *shown)
