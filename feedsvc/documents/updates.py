"""The permanent page of every update."""

from collections.abc import Iterator

from feedsvc import pages, urls
from feedsvc.documents.index import Changed, Listed
from feedsvc.documents.plan import HTML, Plan, first_expiry, purge_tags
from feedsvc.documents.recipe import Absent, Recipe, make_key
from feedsvc.formats import FORMATS
from feedsvc.kinds import UPDATE
from feedsvc.model import Document


def recipes(plan: Plan, changed: Changed) -> Iterator[Recipe | Absent]:
    """The pages at all addresses that changed hands or came free, and of the updates around those."""
    for slug in sorted(changed.slugs):
        line = plan.index.by_slug(slug)
        yield Absent(urls.update_path(slug)) if line is None else _page(plan, line)


def _page(plan: Plan, line: Listed) -> Recipe:
    newer, older = plan.index.neighbours(line)
    is_expired = plan.index.is_expired(line)
    related = [other for slug in line.related if (other := plan.index.by_slug(slug)) is not None]
    near = [text for other in (newer, older) for text in ((other.slug, other.title) if other else ("", ""))]
    key = make_key(
        "expired" if is_expired else "update",
        plan.site.digest,
        line.digest,
        *near,
        *(other.digest for other in related),
    )
    path = urls.update_path(line.slug)

    def render() -> Document:
        entry = plan.fetch(line.source)
        neighbours = pages.Neighbours(
            newer=newer,
            older=older,
            related=tuple(plan.fetch(other.source) for other in related),
        )
        as_of = entry.expires if is_expired and entry.expires else pages.BEGINNING
        return Document(
            path=path,
            kind=UPDATE,
            media_type=HTML,
            body=pages.update_page(plan.site, FORMATS, entry, neighbours, as_of=as_of),
            expires=None if is_expired else first_expiry([entry]),
            tags=purge_tags(*entry.categories),
            links=(("canonical", entry.permalink, HTML),),
        )

    return Recipe(path, key, render)
