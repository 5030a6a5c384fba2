"""The pictures that go with links to places where others show them, and the way to each from where it was before."""

from collections.abc import Iterator
from functools import partial

from feedsvc import pages, urls
from feedsvc.documents.index import Changed
from feedsvc.documents.moved import way
from feedsvc.documents.plan import Plan, purge_tags
from feedsvc.documents.recipe import Absent, Recipe, make_key
from feedsvc.kinds import PICTURE
from feedsvc.model import Document
from feedsvc.pages import Card
from feedsvc.places import ALL, categories_of


def recipes(plan: Plan, changed: Changed) -> Iterator[Recipe | Absent]:
    """They depend on the description of the site alone, which makes everything anew when it changes."""
    if changed.is_whole:
        for place in (ALL, *categories_of(plan.site)):
            card = pages.card_of(plan.site, place)
            yield Recipe(card.path, make_key("card", card.path), partial(_card, plan, card))
            yield way(place.path + urls.CARD, card.path)


def _card(plan: Plan, card: Card) -> Document:
    body = plan.files.card(card.said)
    return Document(path=card.path, kind=PICTURE, media_type="image/png", body=body, tags=purge_tags())
