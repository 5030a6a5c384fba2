"""The way from a page to the same in other languages, for search engines in its head and for people in its bar."""

from collections.abc import Callable
from dataclasses import dataclass

from markupsafe import Markup

from feedsvc import urls
from feedsvc.model import Site
from feedsvc.places import home_of
from feedsvc.wording import words_for


@dataclass(frozen=True, slots=True)
class Version:
    """A page in a language (a tag), by its path."""

    language: str
    path: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Versions:
    """A page in other languages.

    ``same`` say the same, the page itself among them, that for everybody else first. ``switch`` is where a reader goes
    on in each language of the site.
    """

    same: tuple[Version, ...] = ()
    switch: tuple[Version, ...] = ()

    def map(self, path_of: Callable[[str], str]) -> "Versions":
        """The same of a page that each of these has, whose path is that of theirs."""
        same, switch = (
            tuple(Version(one.language, path_of(one.path)) for one in some) for some in (self.same, self.switch)
        )
        return Versions(same=same, switch=switch)


ALONE = Versions()


def head_links(site: Site, versions: Versions) -> Markup:
    """What search engines are told: all versions, the same set on each of their pages, and which one is for others."""
    if len(versions.same) < 2:
        return Markup()
    every = [*((each.language, each.path) for each in versions.same), ("x-default", versions.same[0].path)]
    return Markup("\n").join(
        Markup('<link rel="alternate" hreflang="{}" href="{}">').format(tag, urls.absolute(site.base_url, path))
        for tag, path in every
    )


def switch_links(site: Site, versions: Versions) -> Markup:
    """The way to each other language of the site, which is called as those call it who read it."""
    homes = (Version(each.language, home_of(each).path) for each in (site, *site.translations))
    ways = (each for each in versions.switch or homes if each.language != site.language)
    items = Markup().join(
        Markup('<li><a lang="{0}" hreflang="{0}" href="{1}">{2}</a></li>').format(
            each.language, urls.href(site, each.path), words_for(each.language)[0].own_name
        )
        for each in ways
    )
    return Markup('<ul class="languages">{}</ul>').format(items) if items else Markup()
