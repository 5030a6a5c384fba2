"""What search engines are told: every page that is to be found, each with its own last change."""

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from urllib.robotparser import RobotFileParser

import pytest
from lxml import etree

from feedsvc.documents import crawling as crawling_module
from feedsvc.documents import recipes
from feedsvc.documents.changed import Changed
from feedsvc.documents.crawling import recipes as crawling
from feedsvc.documents.index import Index
from feedsvc.documents.plan import Plan
from feedsvc.documents.recipe import Absent, Recipe
from tests.documents.test_archives import SITE, House, list_line, make_at
from tests.documents.test_editions import make_plan, spanish
from tests.make import BASE_URL, make_entry

SPACE = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
OLD, NEW = datetime(2024, 3, 5, tzinfo=UTC), datetime(2026, 2, 1, 18, tzinfo=UTC)


def make_house() -> House:
    house = House()
    house.publish(make_at(1, OLD), make_at(2, OLD.replace(day=7)), make_at(3, NEW, categories=("covid", "pay")))
    return house


def made(plan: Plan, changed: Changed | None = None) -> dict[str, Recipe]:
    found = crawling(plan, changed or plan.everything())
    return {one.path: one for one in found if isinstance(one, Recipe)}


def listed(documents: dict[str, Recipe], path: str) -> dict[str, str | None]:
    """The addresses of a sitemap with what it says of their last change."""
    root = etree.fromstring(documents[path].render().body)
    return {str(each.findtext(f"{SPACE}loc")): each.findtext(f"{SPACE}lastmod") for each in root}


def test_every_page_that_is_to_be_found_is_reached_from_the_index_and_nothing_else() -> None:
    plan = replace(make_house().plan, site=replace(SITE, mixes=(("covid", "pay"),)))
    documents = made(plan)
    index = listed(documents, "/sitemap.xml")
    assert {BASE_URL + path[1:] for path in documents} == {*index, f"{BASE_URL}sitemap.xml", f"{BASE_URL}robots.txt"}
    found = [url for sitemap in index for url in listed(documents, "/" + sitemap.removeprefix(BASE_URL))]
    assert len(found) == len(set(found))
    every = {one.path for one in recipes(plan, plan.everything()) if isinstance(one, Recipe)}
    pages = {path for path in every if path.endswith("/") and not re.search("_|/embed/|/search/|/poster/", path)}
    assert {"/" + url.removeprefix(BASE_URL) for url in found} == pages


def test_a_page_changed_when_its_update_did() -> None:
    documents = made(make_house().plan)
    assert listed(documents, "/sitemap-2026.xml")[f"{BASE_URL}updates/update-3/"] == "2026-02-01T10:00:00-08:00"
    assert listed(documents, "/sitemap.xml")[f"{BASE_URL}sitemap-2024.xml"] == "2024-03-06T16:00:00-08:00"
    assert listed(documents, "/sitemap-places.xml")[f"{BASE_URL}training/"] is None


def test_a_change_remakes_the_sitemap_of_its_year_alone() -> None:
    house = make_house()
    before = {path: one.key for path, one in made(house.plan).items()}
    line = house.index.by_slug("update-3")
    assert line is not None
    changed = house.index.change({line.source: replace(line, updated=line.updated + 60, digest="another")})
    after = {path: one.key for path, one in made(house.plan).items()}
    remade = {path for path in before if before[path] != after[path]}
    assert remade == {"/sitemap.xml", "/sitemap-places.xml", "/sitemap-2026.xml"}
    assert {path for path, one in made(house.plan, changed).items() if one.key != before[path]} == remade


def test_what_is_withdrawn_and_years_without_updates_are_left_out() -> None:
    house = make_house()
    line = list_line(make_at(3, NEW))
    told = line.published + 365 * 86_400
    house.index.change({line.source: replace(line, is_withdrawn=True, told_until=told)})
    assert f"{BASE_URL}updates/update-3/" not in listed(made(house.plan), "/sitemap-2026.xml")
    changed = house.index.change({line.source: None})
    assert Absent("/sitemap-2026.xml") in list(crawling(house.plan, changed))
    nothing = Plan(SITE, (), Index(0), house.plan.fetch, house.plan.files)
    assert list(listed(made(nothing), "/sitemap.xml")) == [f"{BASE_URL}sitemap-places.xml"]
    assert list(crawling(nothing, Changed())) == []


def test_a_large_year_is_cut_and_what_is_saved_remakes_one_part_of_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(crawling_module, "PAGES", 4)
    house = House()
    house.publish(*(make_at(n, OLD + timedelta(days=n)) for n in range(10)))
    before = made(house.plan)
    parts = ["/sitemap-2024.xml", "/sitemap-2024-2.xml", "/sitemap-2024-3.xml"]
    assert [path for path in parts if path in before] == parts
    found = [url for path in parts for url in listed(before, path) if "/updates/" in url]
    assert found == [f"{BASE_URL}updates/update-{n}/" for n in (3, 2, 1, 0, 7, 6, 5, 4, 9, 8)]
    house.publish(make_at(10, OLD + timedelta(days=10)))
    after = made(house.plan)
    remade = {path for path in after if path not in before or before[path].key != after[path].key}
    assert remade == {"/sitemap.xml", "/sitemap-places.xml", "/sitemap-2024-3.xml"}
    changed = house.index.change({f"update-{n}.yaml": None for n in range(2, 11)})
    absent = {one.path for one in crawling(house.plan, changed) if isinstance(one, Absent)}
    assert {"/sitemap-2024-2.xml", "/sitemap-2024-3.xml"} <= absent
    assert "/sitemap-2024.xml" not in absent


def test_pages_in_every_language_are_found() -> None:
    plan = make_plan(make_entry(1), spanish(2, "pay"))
    documents = made(plan)
    found = {url for path in documents if path != "/robots.txt" for url in listed(documents, path)}
    ways = ("es/", "es/pay/", "es/subscribe/", "es/2026/", "es/pay/2026/", "updates/update-2/", "covid/")
    assert {BASE_URL + way for way in ways} <= found
    assert not [url for url in found if "/es/covid" in url]


def test_robots_lets_everybody_read_everything_and_names_the_sitemap() -> None:
    robots = RobotFileParser()
    robots.parse(made(make_house().plan)["/robots.txt"].render().body.decode().splitlines())
    assert all(robots.can_fetch(agent, f"{BASE_URL}{path}") for agent in ("*", "Feedly") for path in ("", "rss.xml"))
    assert robots.site_maps() == [f"{BASE_URL}sitemap.xml"]
