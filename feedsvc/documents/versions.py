"""Where a page is in the other languages of the site, or what is nearest to it there."""

from collections.abc import Sequence
from dataclasses import replace

from feedsvc import urls
from feedsvc.documents.listed import Listed
from feedsvc.documents.plan import Plan
from feedsvc.documents.years import span_of
from feedsvc.languages import primary
from feedsvc.pages.versions import Version, Versions
from feedsvc.places import Place, home_of


def versions_of(plan: Plan, place: Place) -> Versions:
    """The page of a place, or of a year of it, in every edition: itself, or the nearest place around it."""
    wanted = [replace(place, language=edition.edition) for edition in (plan.site, *plan.site.translations)]
    found = [_nearest(plan, each) for each in wanted]
    ways = tuple(Version(plan.site_in(each).language, each.path) for each in found)
    # search engines are not to find a mix
    same = [way for way, each, exact in zip(ways, found, wanted, strict=True) if each == exact and not place.is_mix]
    return Versions(same=tuple(same), switch=ways)


def builders_of(plan: Plan) -> Versions:
    """The page that says how to show updates elsewhere, in every edition."""
    return versions_of(plan, home_of(plan.site)).map(urls.builder_path)


def searches_of(plan: Plan) -> Versions:
    """The page that searches, in every edition; search engines are not to find it."""
    return replace(versions_of(plan, home_of(plan.site)).map(urls.search_path), same=())


def versions_of_update(plan: Plan, line: Listed, twins: Sequence[Listed]) -> Versions:
    """The page of an update in every language in which it is said, and the nearest place in other editions."""
    paths = {twin.language: urls.update_path(twin.slug) for twin in (*twins, line)}
    by_language = {primary(language or plan.site.language): path for language, path in paths.items()}
    ways = [
        Version(
            edition.language,
            by_language.get(primary(edition.language))
            or _nearest(plan, Place(line.categories[:1], edition.edition)).path,
        )
        for edition in (plan.site, *plan.site.translations)
    ]
    return Versions(
        same=tuple(Version(language or plan.site.language, path) for language, path in paths.items()),
        switch=tuple(ways),
    )


def _nearest(plan: Plan, place: Place) -> Place:
    """The place, or, where an edition has nothing like it, the one around it that it has."""
    if place.year is not None and span_of(plan, replace(place, year=None), place.year).lines:
        return place
    edition = plan.site_in(place)
    is_there = place.categories in edition.mixes if place.is_mix else set(place.categories).isdisjoint(edition.empty)
    return Place(place.categories if is_there else (), place.language)
