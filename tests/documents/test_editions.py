"""Places in another language: where there are updates in it, and as long as there are."""

from collections.abc import Iterable
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from feedsvc.documents import Absent, Index, Listed, Plan, Recipe, recipes
from feedsvc.documents.editions import as_it_stands
from feedsvc.model import Entry, Site
from feedsvc.places import Place, places_of
from tests.documents.test_archives import list_line
from tests.make import make_category, make_entry, make_site

SLUGS = ("covid", "pay", "training")
NOW = 2_000_000_000


def make_bilingual_site() -> Site:
    """A site in English that speaks Spanish, too."""
    site = make_site(categories=tuple(map(make_category, SLUGS)), mixes=(("covid", "pay"), ("pay", "training")))
    titles = {"covid": "COVID", "pay": "Salarios", "training": "Cursos"}
    spanish = replace(
        site,
        title="Avisos del Local 1107",
        description="Noticias breves para miembros.",
        rights="Puede compartirlos.",
        language="es",
        categories=tuple(
            replace(each, title=titles[each.slug], description=f"Sobre {titles[each.slug]}.")
            for each in site.categories
        ),
        edition="es",
        origin="en",
    )
    return replace(site, translations=(spanish,))


SITE = make_bilingual_site()


def spanish(number: int, *categories: str, **overrides: object) -> Entry:
    return make_entry(number, language="es", edition="es", categories=categories or ("covid",), **overrides)


def line_of(entry: Entry) -> Listed:
    return replace(list_line(entry), language=entry.language, edition=entry.edition)


def make_plan(*entries: Entry) -> Plan:
    """What the documents of a site with these updates are made from."""
    index = Index(NOW)
    by_source = {line_of(entry).source: entry for entry in entries}
    index.fill(map(line_of, entries))
    return Plan(as_it_stands(SITE, index), (), index, by_source.__getitem__, None)  # type: ignore[arg-type]


def all_of(plan: Plan) -> dict[str, Recipe]:
    """Every document but files, by its path."""
    found = recipes(plan, replace(plan.everything(), files=set()))
    return {one.path: one for one in found if isinstance(one, Recipe)}


def keys_of(found: Iterable[Recipe | Absent]) -> dict[str, str]:
    return {one.path: one.key for one in found if isinstance(one, Recipe)}


def test_a_language_has_the_places_of_which_it_has_updates_and_no_others() -> None:
    assert [place for place in places_of(make_plan(make_entry(1)).site) if place.language] == []
    plan = make_plan(make_entry(1), spanish(2, "covid"), spanish(3, "pay"))
    home = Place(language="es")
    assert [place for place in places_of(plan.site) if place.language] == [
        home,
        Place(("covid",), "es"),
        Place(("pay",), "es"),
        Place(("covid", "pay"), "es"),
    ]
    assert plan.index.newest(home, 5) == [line_of(spanish(3, "pay")), line_of(spanish(2))]
    assert len(plan.index.newest(Place(), 5)) == 3


def test_a_place_in_a_language_has_what_every_place_has() -> None:
    found = all_of(make_plan(make_entry(1, categories=("covid", "pay")), spanish(2, "covid"), spanish(3, "pay")))
    for place in ("/covid/", "/covid_pay/"):
        below = {path for path in found if path.startswith(place) and path.count("/") == 2 and "/card." not in path}
        assert len(below) >= 6
        assert {f"/es{path}" for path in below} <= found.keys()
    assert {"/es/", "/es/rss.xml", "/es/calendar.ics", "/es/feeds.opml"} <= found.keys()
    assert {"/es/2026/", "/es/covid/2026/atom.xml", "/embed/es/covid/", "/es/embed/"} <= found.keys()
    assert not [path for path in found if path.startswith(("/es/training", "/es/pay_training"))]


def test_a_place_stays_while_one_of_its_updates_has_a_page() -> None:
    """What has expired has left the lists, but who follows the place is not turned away."""
    index = Index(NOW)
    index.fill([replace(line_of(spanish(1)), expires=NOW - 1)])
    assert Place(("covid",), "es") in places_of(as_it_stands(SITE, index))
    index.change({"update-1.yaml": None})
    assert as_it_stands(SITE, index).translations == ()


def test_what_is_said_in_a_language_is_in_it_alone() -> None:
    plan = make_plan(make_entry(1, title="English"), spanish(2, title="Aviso", content_html="<p>Texto</p>"))
    made = all_of(plan)
    feed = made["/es/covid/atom.xml"].render().body.decode()
    assert 'xml:lang="es"' in feed
    assert "<title>Avisos del Local 1107: COVID</title>" in feed
    assert "English" not in feed
    assert "English" in made["/covid/atom.xml"].render().body.decode()
    for path in ("/es/", "/es/covid/", "/updates/update-2/", "/es/2026/"):
        assert '<html lang="es">' in made[path].render().body.decode(), path


def test_an_update_is_the_same_in_the_feeds_of_every_language() -> None:
    """Readers that follow two of them keep one, and overwrite it with what they see last."""
    plan = make_plan(spanish(2, "pay"), make_entry(1))
    made = all_of(plan)
    for name in ("atom.xml", "rss.xml"):
        tag = b"entry" if name == "atom.xml" else b"item"
        items = [
            made[f"{place}{name}"].render().body.partition(b"<" + tag)[2].partition(b"</" + tag)[0]
            for place in ("/", "/es/", "/pay/", "/es/pay/")
        ]
        assert b"Salarios" in items[0]
        assert len(set(items)) == 1


steps = st.lists(st.tuples(st.integers(0, 5), st.sampled_from([None, *SLUGS]), st.booleans()), max_size=12)


@settings(max_examples=20, deadline=None)
@given(steps)
def test_step_by_step_is_what_everything_at_once_would_be(given: list[tuple[int, str | None, bool]]) -> None:
    index = Index(NOW)
    entries: dict[str, Entry] = {}

    def plan() -> Plan:
        return Plan(as_it_stands(SITE, index), (), index, entries.__getitem__, None)  # type: ignore[arg-type]

    stored = keys_of(all_of(plan()).values())
    for number, slug, is_spanish in given:
        source, before = f"update-{number}.yaml", plan().site
        if slug:
            entries[source] = spanish(number, slug) if is_spanish else make_entry(number, categories=(slug,))
        changed = index.change({source: line_of(entries[source]) if slug else None})
        if plan().site != before:
            stored = keys_of(all_of(plan()).values())
            continue
        found = list(recipes(plan(), replace(changed, files=set())))
        absent = [one for one in found if isinstance(one, Absent)]
        gone = {
            path for path in stored for one in absent if path == one.path or (one.below and path.startswith(one.path))
        }
        stored = {path: key for path, key in stored.items() if path not in gone} | keys_of(found)
    assert stored == keys_of(all_of(plan()).values())
