"""Places: what readers follow. A place is a selection of updates with a page, and its feeds are that page's files.

Everything that a place is called follows from what it selects: address, title, feed id, and the place around it.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache
from typing import Protocol

from feedsvc import urls
from feedsvc.model import Category, Site


class Placed(Protocol):
    """As much of an update as says where it belongs: an entry, or its line in the index."""

    @property
    def categories(self) -> tuple[str, ...]:
        """The slugs of its categories, in the site's order."""

    @property
    def edition(self) -> str | None:
        """The language in whose places it stands, besides those of all languages."""


@dataclass(frozen=True, slots=True)
class Place:
    """A selection of updates; ``ALL`` is everything.

    ``categories`` are slugs in the site's order; without any it holds all of them. ``language`` is an edition of the
    site, as which it speaks; without one it holds updates in whatever language, and speaks the site's. ``year`` is one
    of the site's own calendar; without one it holds the newest.

    What takes a site wants the one that speaks as the place does (``Site.in_edition``).
    """

    categories: tuple[str, ...] = ()
    language: str | None = None
    year: int | None = None

    @property
    def name(self) -> str:
        """What it is called in ids and addresses of things about it, the same for all its years: ``covid``, ``all``."""
        subjects = "_".join(self.categories) or "all"  # no slug has an underscore
        return f"{self.language}/{subjects}" if self.language else subjects

    @property
    def path(self) -> str:
        """The address of its page; those of its feeds begin with it."""
        parts = (self.language, "_".join(self.categories), str(self.year or ""))
        return "/" + "".join(f"{part}/" for part in parts if part)

    @property
    def is_mix(self) -> bool:
        """Whether it is of several categories."""
        return len(self.categories) > 1

    def holds(self, entry: Placed) -> bool:
        """Whether an update belongs here, in whatever year."""
        if self.language and entry.edition != self.language:
            return False
        return not self.categories or not set(self.categories).isdisjoint(entry.categories)

    def subjects(self, site: Site) -> tuple[Category, ...]:
        """The categories of which it holds updates."""
        return tuple(map(site.category, self.categories)) or site.categories

    def title(self, site: Site) -> str:
        """What it is called on the site."""
        return " + ".join(site.category(slug).title for slug in self.categories) or site.title

    def feed_title(self, site: Site) -> str:
        """What its feeds are called elsewhere. The bare site title belongs to all updates, so no other place has it."""
        return f"{site.title}: {self.title(site)}" if self.categories else site.title

    def description(self, site: Site) -> str:
        """What it is about."""
        return " ".join(site.category(slug).description for slug in self.categories) or site.description

    def since(self, site: Site) -> datetime:
        """When the first of its categories began."""
        return min(category.since for category in self.subjects(site))

    def feed_id(self, site: Site) -> str:
        """The id of its feed, the same in every format and year, and whatever slugs its categories have had since."""
        first = (next(iter(site.category(slug).aliases), slug) for slug in self.categories)
        return urls.tag_uri(site, f"feed/{replace(self, categories=tuple(first)).name}")


ALL = Place()


def home_of(site: Site) -> Place:
    """The place of everything that the site, or the edition of one, has."""
    return Place(language=site.edition)


def homes_of(site: Site) -> Iterator[Place]:
    """The place of everything in each edition, that of all languages first."""
    return map(home_of, (site, *site.translations))


def places_of(site: Site) -> Iterator[Place]:
    """Every place of the site, in all editions: all updates, each category, and the mixes of categories."""
    for edition in (site, *site.translations):
        yield home_of(edition)
        yield from categories_of(edition)
        yield from (Place(mix, edition.edition) for mix in edition.mixes)


def categories_of(site: Site) -> Iterator[Place]:
    """The places of one category each, in the site's order."""
    return (Place((one.slug,), site.edition) for one in site.categories if one.slug not in site.empty)


def lists_of(entry: Placed) -> tuple[Place, ...]:
    """The places whose lists an update stands in; every other place is made of these."""
    return _lists_of(entry.categories, entry.edition)


@lru_cache(1024)  # of the few ways in which the many updates of a site stand
def _lists_of(categories: tuple[str, ...], edition: str | None) -> tuple[Place, ...]:
    slugs = ((), *((slug,) for slug in categories))
    languages = (None, edition) if edition else (None,)
    return tuple(_one(some, language) for language in languages for some in slugs)


@lru_cache(1024)  # what is looked for is then what is found, and need not be compared
def _one(categories: tuple[str, ...], language: str | None) -> Place:
    return Place(categories, language)
