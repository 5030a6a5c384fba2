"""The permanent page of every update."""

from collections.abc import Iterator
from functools import partial

from feedsvc import urls
from feedsvc.documents.changed import Changed
from feedsvc.documents.listed import Listed
from feedsvc.documents.plan import HTML, Plan, purge_tags
from feedsvc.documents.recipe import Absent, Recipe, make_recipe
from feedsvc.documents.twins import neighbours, twins_of
from feedsvc.documents.versions import versions_of_update
from feedsvc.kinds import GONE, UPDATE
from feedsvc.model import Document
from feedsvc.pages.gone import gone_page
from feedsvc.pages.not_found import deleted_page
from feedsvc.pages.update import Neighbours, update_page


def recipes(plan: Plan, changed: Changed) -> Iterator[Recipe | Absent]:
    """The pages at all addresses that changed hands or came free, and of the updates around those."""
    gone = plan.gone() if changed.is_whole else ()
    for slug in sorted({*changed.slugs, *gone}):
        line = plan.index.by_slug(slug)
        if line is not None:
            yield _page(plan, line)
        elif plan.index.by_alias(slug) is None:
            yield nothing_at(plan, slug)


def nothing_at(plan: Plan, slug: str) -> Recipe | Absent:
    """What is at an address where no update stands: the word that one is gone, or nothing."""
    path = urls.update_path(slug)
    if slug not in plan.gone():
        return Absent(path)

    document = Document(path=path, kind=GONE, media_type=HTML, tags=purge_tags(update=slug))
    return make_recipe(document, partial(deleted_page, plan.site), "deleted", plan.site.digest)


def _page(plan: Plan, line: Listed) -> Recipe:
    index, path = plan.index, urls.update_path(line.slug)
    newer, older = neighbours(index, line)
    replacing = next((other for other in index.naming(line.slug) if other.replaces == line.slug), None)
    replaced = index.by_slug(line.replaces or "")
    twins = twins_of(index, line)
    versions = versions_of_update(plan, line, twins)
    others = [twin for twin in twins if twin is not line]
    site = plan.site.in_edition(line.edition)
    related = [other for slug in line.related if (other := index.by_slug(slug)) is not None]
    near = [text for other in (newer, older, replacing, replaced, *others) for text in _named(other)]
    stands = "expired" if index.is_expired(line) else "update"
    is_new = index.is_new(line)
    facts = (f"{stands} {is_new} {versions}", plan.site.digest, index.state(line))
    document = Document(
        path=path,
        kind=GONE if line.is_withdrawn else UPDATE,
        media_type=HTML,
        expires=index.first_turn([line]),
        tags=purge_tags(update=line.slug),
        links=(("canonical", urls.absolute(site.base_url, path), HTML),),
    )

    def render() -> bytes:
        entry = plan.fetch(line.source)
        neighbours = Neighbours(
            newer=newer,
            older=older,
            related=plan.fetch_all(related),
            replacing=replacing,
            replaced=replaced,
            is_new=is_new,
            twins=others,
            versions=versions,
        )
        show = gone_page if entry.withdrawal else update_page
        return show(site, entry, neighbours, as_of=index.as_of)

    return make_recipe(document, render, *facts, *near, *(other.digest for other in related))


def _named(line: Listed | None) -> tuple[str, str]:
    return (line.slug, f"{line.title} {line.language}") if line else ("", "")
