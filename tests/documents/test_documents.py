"""Which documents there are, of everything and of a change."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from feedsvc.content.files import Files
from feedsvc.content.loader import load_content
from feedsvc.content.values import read_category_slug
from feedsvc.documents import places, recipes
from feedsvc.documents.changed import Changed
from feedsvc.documents.editions import as_it_stands
from feedsvc.documents.index import Index
from feedsvc.documents.listed import list_entry
from feedsvc.documents.locating import recipe_at, updates_at
from feedsvc.documents.plan import Plan
from feedsvc.documents.recipe import Absent, Recipe
from feedsvc.errors import BadValueError
from feedsvc.kinds import KINDS
from feedsvc.model import Entry
from feedsvc.settings import Settings
from tests.documents.test_index import make_listed
from tests.make import make_entry, make_site

FEATURES = Path(__file__).parent.parent / "golden" / "features" / "content"
MARCH = 1_772_323_200


@pytest.fixture(scope="module")
def plan(tmp_path_factory: pytest.TempPathFactory) -> Plan:
    """The plan of a site that has some of everything."""
    settings = Settings(content=FEATURES, publication=tmp_path_factory.mktemp("plan") / "publication.db")
    content = load_content(FEATURES, settings)
    assert content.site is not None
    index = Index(MARCH)
    index.fill(list_entry(loaded, content.site.site) for loaded in content.entries.values())

    def fetch(source: str) -> Entry:
        return content.entries[source].entry

    site = replace(content.site.site, mixes=(("covid", "pay"),))
    ended = replace(
        site.categories[-1], slug="strike", aliases=(), ended=site.categories[-1].since - timedelta(days=999)
    )
    spanish = replace(
        site, title="Avisos", language="es", edition="es", origin=site.language
    )  # of which there is nothing
    site = replace(site, categories=(*site.categories, ended), translations=(spanish,))
    return Plan(as_it_stands(site, index), content.site.pictures, index, fetch, Files(FEATURES, settings.kept_pictures))


def test_everything_is_each_document_once_and_of_a_kind_that_is_a_row(plan: Plan) -> None:
    found = [one for one in recipes(plan, plan.everything()) if isinstance(one, Recipe)]
    documents = {one.path: one.render() for one in found}
    assert len(documents) == len(found)
    assert {document.kind for document in documents.values()} == set(KINDS)
    assert [document.path for document in documents.values()] == list(documents)


def test_a_change_of_nothing_touches_nothing(plan: Plan) -> None:
    assert list(recipes(plan, Changed())) == []


def test_what_went_is_said_to_be_absent_and_comes_back_the_same(plan: Plan) -> None:
    before = {one.path: one.key for one in recipes(plan, plan.everything()) if isinstance(one, Recipe)}
    line = next(line for line in plan.index.shown() if line.files)
    changed = plan.index.change({line.source: None})
    after = {one.path for one in recipes(plan, plan.everything()) if isinstance(one, Recipe)}
    found = list(recipes(plan, changed))
    absent = {one.path for one in found if isinstance(one, Absent) and not one.below}
    below = tuple(one.path for one in found if isinstance(one, Absent) and one.below)
    made = {one.path for one in found if isinstance(one, Recipe)}
    removed = {path for path in before if path in absent or path.startswith(below)} - made
    assert (removed, absent & after) == (before.keys() - after, set())
    assert f"/updates/{line.slug}/" in before.keys() - after
    assert made <= after
    plan.index.change({line.source: line})
    assert {one.path: one.key for one in recipes(plan, plan.everything()) if isinstance(one, Recipe)} == before


def test_every_document_is_found_by_its_address_with_the_updates_that_it_shows(plan: Plan) -> None:
    for one in recipes(plan, plan.everything()):
        if not isinstance(one, Recipe):
            continue
        found = recipe_at(plan, one.path)
        assert found is not None
        assert found.key == one.key
        digests = {line.digest for line in updates_at(plan, one.path)}
        assert digests <= {line.digest for line in plan.index.shown()}
    assert [line.slug for line in updates_at(plan, "/updates/everything/")][-1] == "everything"
    assert updates_at(plan, "/updates/nothing/") == []
    assert recipe_at(plan, "/updates/nothing/") is None
    assert recipe_at(plan, "/files/nothing.pdf") is None
    assert len(updates_at(plan, "/")) == len(plan.index)


def test_a_feed_carries_as_many_updates_as_the_site_says() -> None:
    """More than the page of its place lists, if need be."""
    index = Index(MARCH)
    index.fill(make_listed(number) for number in range(1, 90))
    site = make_site(feed_length=80)
    plan = Plan(site, (), index, lambda source: make_entry(int(source[16:-5])), Files(FEATURES, FEATURES))
    (feed,) = [
        one.render()
        for one in places.recipes(plan, Changed(is_whole=True))
        if isinstance(one, Recipe) and one.path == "/feed.json"
    ]
    assert feed.body.count(b'"id":') == 80


def test_what_lies_beside_the_categories_is_no_slug_of_one(plan: Plan) -> None:
    """A new kind of document needs its word in the list of those that are refused."""
    first = {
        path.split("/")[1] for path in (one.path for one in recipes(plan, plan.everything())) if path.count("/") > 1
    }
    slugs = {each for category in plan.site.categories for each in (category.slug, *category.aliases)}
    own = {word for word in first if not set(word.split("_")) <= slugs}
    assert {"updates", "embed", "es", "2026", "subscribe", "search", "poster"} <= own
    for word in own:
        with pytest.raises(BadValueError):
            read_category_slug(word)
