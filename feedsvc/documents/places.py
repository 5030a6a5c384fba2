"""Documents of every place: its page, its newest updates in each format of feed, and a mix's feed as a list."""

from collections.abc import Callable, Iterator, Sequence
from functools import cache, partial
from operator import attrgetter

from feedsvc import feeds, urls
from feedsvc.documents.archives import newest_history
from feedsvc.documents.changed import Changed
from feedsvc.documents.listed import Listed
from feedsvc.documents.plan import HTML, Plan, purge_tags
from feedsvc.documents.recipe import Absent, Recipe, make_key
from feedsvc.documents.versions import versions_of
from feedsvc.documents.years import years_of
from feedsvc.formats import FORMATS
from feedsvc.formats.format import FeedFormat
from feedsvc.formats.opml import MEDIA_TYPE as OPML_MEDIA_TYPE
from feedsvc.formats.opml import render_opml
from feedsvc.kinds import FEED, MIXED_FEED, MIXED_PAGE, OPML, PAGE
from feedsvc.model import Document, Feed
from feedsvc.pages.dates import Present
from feedsvc.pages.landing import landing_page
from feedsvc.pages.place import place_page
from feedsvc.places import Place, places_of

PAGE_LENGTH = 50  # entries listed on the page of a place; older ones are reached from update to update
COMING = 20  # updates that announce what is coming
LATEST = 10  # entries listed on the landing page


def recipes(plan: Plan, changed: Changed) -> Iterator[Recipe | Absent]:
    """The page and the feeds of every place that the change touches; each place of a site has them always."""
    for place in places_of(plan.site):
        if changed.touches(place):
            newest = plan.index.newest(place, max(PAGE_LENGTH, plan.site.feed_length))
            yield from _feeds(plan, place, newest[: plan.site.feed_length])
            yield _page(plan, place, newest[: PAGE_LENGTH if place.categories else LATEST])
    if changed.is_whole:
        for place in filter(attrgetter("is_mix"), places_of(plan.site)):
            path = urls.opml_path(place.path)
            yield Recipe(path, make_key("opml", path, plan.site.digest), partial(_opml, plan, place, path))


def _feeds(plan: Plan, place: Place, newest: Sequence[Listed]) -> Iterator[Recipe]:
    lasting = (*plan.index.agenda.amended(place), *plan.index.agenda.reminders(place))
    lines = list(dict.fromkeys((*newest, *lasting)))
    ids = frozenset(line.id for line in lasting)
    digests = [f"{plan.told_digest(line)} {line.id in ids}" for line in lines]
    history = newest_history(plan, place)

    @cache
    def feed() -> Feed:
        return feeds.make_feed(plan.site_in(place), place, [plan.told(line) for line in lines], ids, history)

    for fmt in FORMATS:
        path = place.path + fmt.file_name
        yield Recipe(
            path,
            make_key("feed", path, plan.site.digest, str(history.older), *digests),
            partial(_feed, fmt, place, feed, plan.index.first_turn(lines)),
        )


def _feed(fmt: FeedFormat, place: Place, make: Callable[[], Feed], expires: int | None) -> Document:
    feed = make()
    path = place.path + fmt.file_name
    self_url = urls.absolute(feed.site.base_url, path)
    return Document(
        path=path,
        kind=MIXED_FEED if place.is_mix else FEED,
        media_type=fmt.media_type,
        body=fmt.render(feed, self_url),
        expires=expires,
        tags=purge_tags(place),
        links=(("self", self_url, fmt.media_type), ("alternate", feed.home_url, HTML)),
        page_path=place.path,
    )


def _opml(plan: Plan, place: Place, path: str) -> Document:
    """The one feed of a mix, for programs that take nothing but lists."""
    site = plan.site_in(place)
    body = render_opml(site, [feeds.make_feed(site, place, ())])
    return Document(path=path, kind=OPML, media_type=OPML_MEDIA_TYPE, body=body, tags=purge_tags(place))


def _page(plan: Plan, place: Place, lines: Sequence[Listed]) -> Recipe:
    site, index, years = plan.site_in(place), plan.index, years_of(plan, place)
    versions = versions_of(plan, place)
    coming, urgent = index.coming(place)[:COMING], index.agenda.urgent(place)

    def render() -> Document:
        entries = plan.fetch_all(lines)
        present = Present(as_of=index.as_of, coming=plan.fetch_all(coming), urgent=plan.fetch_all(urgent))
        return Document(
            path=place.path,
            kind=MIXED_PAGE if place.is_mix else PAGE,
            media_type=HTML,
            body=(
                place_page(site, place, entries, present=present, years=years, versions=versions)
                if place.categories
                else landing_page(site, entries, present=present, years=years, versions=versions)
            ),
            expires=index.first_turn((*lines, *coming, *urgent)),
            tags=purge_tags(place),
            links=tuple(
                ("alternate", urls.absolute(site.base_url, place.path + fmt.file_name), fmt.media_type)
                for fmt in FORMATS
            ),
        )

    shown = [index.state(line) for each in (lines, coming, urgent) for line in each]
    numbers = f"{len(coming)} {len(urgent)} {years} {versions}"
    return Recipe(place.path, make_key("page", place.path, site.digest, numbers, *shown), render)
