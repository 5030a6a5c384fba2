"""The pictures that go with links to where others show them, and the way to each from where it was before."""

from collections.abc import Iterator
from itertools import filterfalse
from operator import attrgetter

from feedsvc import urls
from feedsvc.documents.changed import Changed
from feedsvc.documents.editions import closed_in
from feedsvc.documents.listed import Listed
from feedsvc.documents.moved import former_of, way
from feedsvc.documents.plan import Plan, purge_tags
from feedsvc.documents.recipe import Absent, Recipe, make_recipe
from feedsvc.kinds import PICTURE
from feedsvc.model import Document
from feedsvc.pages.cards import Card, card_of, card_of_update
from feedsvc.places import Place, home_of, homes_of, places_of


def recipes(plan: Plan, changed: Changed) -> Iterator[Recipe | Absent]:
    """The cards of updates that the change touches, and, of everything, those of places, also of former ones."""
    if changed.is_whole:
        closed = closed_in(plan.site, plan.index.as_of)
        ended = [Place((slug,), home.language) for home in homes_of(plan.site) for slug in closed]
        for place in (*filterfalse(attrgetter("is_mix"), places_of(plan.site)), *ended):
            site = plan.site_in(place)
            card = card_of(site, home_of(site) if place in ended else place)
            if place not in ended:
                yield _drawn(plan, card)
            for each in (place, *former_of(place, site)):
                yield way(each.path + urls.CARD, card.path)
    else:
        yield from (Absent(urls.update_path(slug), below=True) for slug in sorted(changed.slugs))
    for slug in sorted(changed.slugs | changed.aliases):
        yield from _of_update(plan, slug)


def _of_update(plan: Plan, slug: str) -> Iterator[Recipe | Absent]:
    """The card of an update, and the way to it from below each address that the update has or had."""
    line = plan.index.by_slug(slug) or plan.index.by_alias(slug)
    if line is None:
        yield Absent(urls.update_card_path(slug))
        return
    own = _own(plan, line)
    if own and slug == line.slug:
        yield _drawn(plan, own)
    place = Place(line.categories, line.edition)
    shared = card_of(plan.site_in(place), place)
    yield way(urls.update_card_path(slug), (own or shared).path)


def _own(plan: Plan, line: Listed) -> Card | None:
    """The card that an update has for itself: a new one without a picture."""
    if not plan.index.is_new(line):
        return None
    entry = plan.fetch(line.source)
    return None if entry.image else card_of_update(plan.site.in_edition(line.edition), entry)


def _drawn(plan: Plan, card: Card) -> Recipe:
    document = Document(path=card.path, kind=PICTURE, media_type="image/png", tags=purge_tags())
    return make_recipe(document, lambda: plan.files.card(card.said))
