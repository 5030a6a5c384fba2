"""What exists: the documents of a site, what each depends on and how it is made, a module for each kind of document."""

from collections.abc import Callable, Iterator

from feedsvc.documents import (
    archives,
    calendars,
    cards,
    crawling,
    embeds,
    endings,
    files,
    following,
    moved,
    pictures,
    places,
    posters,
    resting,
    searching,
    site,
    updates,
)
from feedsvc.documents.changed import Changed
from feedsvc.documents.plan import Plan
from feedsvc.documents.recipe import Absent, Recipe

Documents = Callable[[Plan, Changed], Iterator[Recipe | Absent]]

DOCUMENTS: tuple[Documents, ...] = (
    site.recipes,
    places.recipes,
    following.recipes,
    searching.recipes,
    posters.recipes,
    archives.recipes,
    calendars.recipes,
    crawling.recipes,
    updates.recipes,
    moved.recipes,
    resting.recipes,
    embeds.recipes,
    endings.recipes,
    cards.recipes,
    files.recipes,
    pictures.recipes,
)


def recipes(plan: Plan, changed: Changed) -> Iterator[Recipe | Absent]:
    """All documents that a change may have touched, as they are now; no recipe twice."""
    return (found for documents in DOCUMENTS for found in documents(plan, changed))
