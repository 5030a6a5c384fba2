"""The site as it stands at an instant: it has places for what goes on and, in a language, for what there is in it."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

from feedsvc.documents.index import Index
from feedsvc.model import Category, Site
from feedsvc.places import Place

REMEMBERED_FOR = timedelta(days=365)  # how long a category that has ended keeps its place


def as_it_stands(site: Site, index: Index) -> Site:
    """The site with those of its categories that have not ended long ago, and of its editions that have updates."""
    if not site.translations and not any(category.ended for category in site.categories):
        return site
    closed = closed_in(site, index.as_of)
    editions = [
        _without(edition, closed, _empty(edition, index), index.as_of)
        for edition in site.translations
        if index.has(Place((), edition.edition))
    ]
    resting = tuple(str(each.edition) for each in site.translations if not index.has(Place((), each.edition)))
    standing = replace(_without(site, closed, [], index.as_of), resting=resting)
    said = [(each.edition, each.empty, [one.ended for one in each.categories]) for each in (standing, *editions)]
    digest = f"{site.digest}/{said}"
    return replace(standing, digest=digest, translations=tuple(replace(each, digest=digest) for each in editions))


def closed_in(site: Site, instant: datetime) -> list[str]:
    """The slugs of categories that ended so long before an instant that they have no place any more."""
    return [each.slug for each in site.categories if each.ended and each.ended + REMEMBERED_FOR <= instant]


def next_turn(site: Site, index: Index) -> int | None:
    """When the site next comes to stand otherwise by itself."""
    return min((int(turn.timestamp()) for turn in _turns(site) if turn > index.as_of), default=None)


def _turns(site: Site) -> Iterator[datetime]:
    for category in site.categories:
        if category.ended:
            yield category.ended
            yield category.ended + REMEMBERED_FOR


def _empty(edition: Site, index: Index) -> list[str]:
    slugs = [category.slug for category in edition.categories]
    return [slug for slug in slugs if not index.has(Place((slug,), edition.edition))]


def _without(site: Site, closed: list[str], empty: list[str], instant: datetime) -> Site:
    """The site without places for these categories, as one that does not know yet which are to end."""
    return replace(
        site,
        categories=tuple(_known_at(category, instant) for category in site.categories),
        empty=tuple(dict.fromkeys((*closed, *empty))),
        mixes=tuple(mix for mix in site.mixes if set(mix).isdisjoint((*closed, *empty))),
        former_mixes=tuple(mix for mix in site.mixes if not set(mix).isdisjoint(closed)),
    )


def _known_at(category: Category, instant: datetime) -> Category:
    return replace(category, ended=None) if category.ended and category.ended > instant else category
