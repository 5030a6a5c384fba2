"""The site as it stands at an instant: in a language it has places for what there is in it, and no others."""

from dataclasses import replace

from feedsvc.documents.index import Index
from feedsvc.model import Site
from feedsvc.places import Place


def as_it_stands(site: Site, index: Index) -> Site:
    """The site with those of its editions, and their places, that have updates with pages."""
    if not site.translations:
        return site
    editions = [_as_it_stands(edition, index) for edition in site.translations if index.has(Place((), edition.edition))]
    digest = f"{site.digest}/{[(edition.edition, edition.empty) for edition in editions]}"
    return replace(site, digest=digest, translations=tuple(replace(each, digest=digest) for each in editions))


def _as_it_stands(edition: Site, index: Index) -> Site:
    slugs = [category.slug for category in edition.categories]
    empty = tuple(slug for slug in slugs if not index.has(Place((slug,), edition.edition)))
    return replace(edition, empty=empty, mixes=tuple(mix for mix in edition.mixes if set(mix).isdisjoint(empty)))
