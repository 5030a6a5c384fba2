"""Places in another language: where there are updates in it, and as long as there are."""

import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import feedparser
import icalendar
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import html

from feedsvc.content.loader import load_content
from feedsvc.documents import recipes
from feedsvc.documents.editions import as_it_stands
from feedsvc.documents.index import Index
from feedsvc.documents.listed import Listed, list_entry
from feedsvc.documents.plan import Plan
from feedsvc.documents.recipe import Absent, Recipe
from feedsvc.documents.twins import twins_of
from feedsvc.kinds import RESTING
from feedsvc.languages import primary
from feedsvc.model import Entry, Event, Site, Withdrawal
from feedsvc.places import Place, places_of
from feedsvc.settings import Settings
from tests.content.samples import make_root
from tests.content.test_translations import WHOLE
from tests.documents.test_archives import list_line
from tests.make import BASE_URL, SINCE, make_category, make_entry, make_site

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
    return replace(
        list_line(entry),
        language=entry.language,
        spoken=primary(entry.language or "en"),
        is_own=primary(entry.language or "en") == "en",
        edition=entry.edition,
        translation_of=entry.translation_of,
        related=entry.related,
        replaces=entry.replaces,
        dates=tuple((int(event.start.timestamp()), int(event.end.timestamp())) for event in entry.events),
        is_withdrawn=entry.withdrawal is not None,
    )


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
    others = [path for path in found if path.startswith(("/es/training", "/es/pay_training"))]
    assert {found[path].document.kind for path in others} == {RESTING}


def test_a_place_stays_while_one_of_its_updates_has_a_page() -> None:
    """What has expired has left the lists, but who follows the place is not turned away."""
    index = Index(NOW)
    index.fill([replace(line_of(spanish(1)), expires=NOW - 1)])
    assert Place(("covid",), "es") in places_of(as_it_stands(SITE, index))
    index.change({"update-1.yaml": None})
    assert as_it_stands(SITE, index).translations == ()


@pytest.mark.parametrize(
    ("entries", "ways"),
    [
        ((make_entry(1),), {"/es/": "/", "/es/rss.xml": "/rss.xml", "/es/pay/atom.xml": "/pay/atom.xml"}),
        (
            (make_entry(1), spanish(2, "covid")),
            {
                "/es/pay/": "/es/",
                "/es/pay/rss.xml": "/es/rss.xml",
                "/es/pay/calendar.ics": "/es/calendar.ics",
                "/es/covid_pay/feed.json": "/es/covid/feed.json",
                "/es/covid_pay/feeds.opml": "/es/feeds.opml",
                "/es/pay_training/": "/es/",
                "/es/pay/poster/": "/es/poster/",
                "/embed/es/pay/": "/embed/es/all/",
            },
        ),
    ],
    ids=["nothing in the language", "nothing of some categories"],
)
def test_a_place_that_a_language_has_not_leads_to_what_is_nearest(
    entries: tuple[Entry, ...], ways: dict[str, str]
) -> None:
    """It may have been there yesterday, with subscribers, and be there again tomorrow."""
    made = all_of(make_plan(*entries))
    led = {path: one.document.page_path for path, one in made.items() if one.document.kind is RESTING}
    assert led.items() >= ways.items()
    assert {target for target in led.values() if target not in made or target in led} == set()
    whole = all_of(make_plan(*(spanish(number, slug) for number, slug in enumerate(SLUGS, 1))))
    lost = {path for path in whole if re.match(r"/(embed/)?es/", path)} - made.keys()
    assert [path for path in lost if not re.search(r"/2026/|/card\.|/manifest", path)] == []


def test_the_last_update_of_a_language_takes_nobody_s_feed_away() -> None:
    plan = make_plan(make_entry(1), spanish(2, "covid"), spanish(3, "pay"))
    index = plan.index
    index.change({"update-3.yaml": None})
    site = as_it_stands(SITE, index)
    made = all_of(replace(plan, site=site))
    assert made["/es/pay/rss.xml"].document.page_path == "/es/rss.xml"
    index.change({"update-2.yaml": None})
    made = all_of(replace(plan, site=as_it_stands(SITE, index)))
    assert made["/es/pay/rss.xml"].document.page_path == "/pay/rss.xml"
    assert made["/es/"].document.page_path == "/"


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


def page_of(documents: dict[str, Recipe], path: str) -> html.HtmlElement:
    return html.document_fromstring(documents[path].render().body, parser=html.HTMLParser(encoding="utf-8"))


def hreflang(page: html.HtmlElement) -> dict[str, str]:
    """What search engines are told, by language; in the head, behind every feed."""
    links = page.xpath("/html/head/link[@rel='alternate']")
    kinds = [link.get("hreflang") is not None for link in links]
    assert kinds == sorted(kinds)
    return {
        link.get("hreflang", ""): "/" + link.get("href", "").removeprefix(BASE_URL)
        for link in links
        if link.get("hreflang")
    }


def switch(page: html.HtmlElement) -> list[tuple[str, str, str]]:
    found = page.xpath("/html/body/header//ul[@class='languages']//a")
    assert all(link.get("lang") == link.get("hreflang") for link in found)
    return [(link.get("lang", ""), link.text_content(), link.get("href", "")) for link in found]


def make_house() -> Plan:
    return make_plan(
        make_entry(1, categories=("covid", "pay")),
        spanish(2, "covid", translation_of="update-1"),
        spanish(3, "pay"),
        make_entry(4, categories=("training",), published=datetime(2025, 5, 1, tzinfo=UTC)),
    )


def test_versions_of_a_page_name_one_same_set_and_each_names_the_others_back() -> None:
    made = all_of(make_house())
    pages = {
        path: hreflang(page_of(made, path))
        for path, one in made.items()
        if path.endswith("/") and not (one.document.kind.leads_on or re.search("/embed/|/poster/", path))
    }
    pages |= {path: hreflang(page_of(made, path)) for path in ("/embed/", "/es/embed/")}
    found = {path: ways for path, ways in pages.items() if ways}
    assert len(found) == 22
    for path, ways in found.items():
        assert set(ways) == {"en", "es", "x-default"}
        assert path in ways.values()
        assert ways["x-default"] == ways["en"]
        assert all(pages[other] == ways for other in ways.values())
    assert pages["/updates/update-1/"]["es"] == "/updates/update-2/"
    alone = {
        "/training/",
        "/training/subscribe/",
        "/2025/",
        "/training/2025/",
        "/updates/update-3/",
        "/updates/update-4/",
    }
    alone |= {"/search/", "/es/search/"}  # search engines are not to find them
    assert {path for path, ways in pages.items() if not ways and "_" not in path} == alone


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/", ("es", "Español", "/es/")),
        ("/covid/", ("es", "Español", "/es/covid/")),
        ("/training/", ("es", "Español", "/es/")),
        ("/covid_pay/", ("es", "Español", "/es/covid_pay/")),
        ("/pay_training/", ("es", "Español", "/es/")),
        ("/2026/", ("es", "Español", "/es/2026/")),
        ("/2025/", ("es", "Español", "/es/")),
        ("/covid/2026/", ("es", "Español", "/es/covid/2026/")),
        ("/training/2025/", ("es", "Español", "/es/")),
        ("/es/", ("en", "English", "/")),
        ("/es/covid_pay/", ("en", "English", "/covid_pay/")),
        ("/es/pay/2026/", ("en", "English", "/pay/2026/")),
        ("/updates/update-1/", ("es", "Español", "/updates/update-2/")),
        ("/updates/update-2/", ("en", "English", "/updates/update-1/")),
        ("/updates/update-3/", ("en", "English", "/pay/")),
        ("/updates/update-4/", ("es", "Español", "/es/")),
        ("/embed/", ("es", "Español", "/es/embed/")),
        ("/404.html", ("es", "Español", "/es/")),
    ],
)
def test_the_language_switch_keeps_the_place(
    path: str, expected: tuple[str, str, str], house: dict[str, Recipe]
) -> None:
    assert switch(page_of(house, path)) == [expected]
    assert expected[2] in house


@pytest.fixture(scope="module")
def house() -> dict[str, Recipe]:
    return all_of(make_house())


def test_every_link_of_every_page_leads_to_a_page_of_the_site(house: dict[str, Recipe]) -> None:
    """Also where an edition lacks what another has, such as a year."""
    elsewhere = ("/static/", "/files/", "/embed-", "/contact")  # made by other tests
    dead = [
        (path, link)
        for path in house
        if path.endswith("/")
        for link in page_of(house, path).xpath("//a/@href")
        if link.startswith("/") and not link.startswith(elsewhere) and link.partition("#")[0] not in house
    ]
    assert dead == []


def test_a_site_in_one_language_has_no_switch() -> None:
    made = all_of(make_plan(make_entry(1)))
    for path in ("/", "/covid/", "/updates/update-1/", "/404.html"):
        assert switch(page_of(made, path)) == []
        assert hreflang(page_of(made, path)) == {}


def test_twins_lead_to_each_other_in_words_of_the_other_language(house: dict[str, Recipe]) -> None:
    for here, there, language in ((1, 2, "es"), (2, 1, "en")):
        (twin,) = page_of(house, f"/updates/update-{here}/").xpath("//p[@class='twin']")
        assert twin.get("lang") == language
        assert twin.text_content() == f"{'Español' if language == 'es' else 'English'}: Update {there}"
        assert twin.xpath("a/@href") == [f"/updates/update-{there}/"]


def test_an_entry_of_a_feed_leads_to_a_twin_only_if_its_own_file_names_it(house: dict[str, Recipe]) -> None:
    """So that no update's text changes when another one comes."""
    feed = feedparser.parse(house["/covid/atom.xml"].render().body)
    by_slug = {entry.link: entry.content[0].value for entry in feed.entries}
    assert "Lea este aviso en su idioma original." in by_slug[f"{BASE_URL}updates/update-2/"]
    assert "update-1/" in by_slug[f"{BASE_URL}updates/update-2/"]
    assert "update-2" not in by_slug[f"{BASE_URL}updates/update-1/"]


def test_a_date_in_two_languages_stands_once_in_the_calendar_of_everything(tmp_path: Path) -> None:
    """And in that of each language in its words."""
    root = make_root(tmp_path, translations=WHOLE)
    lines = "categories: [pay]\nsummary: One.\nbody: Two.\nevent: 2033-04-01\n"
    for name, more in (("a", "title: A vote"), ("b", "title: Votación\nlang: es\ntranslation_of: a")):
        (root / "updates" / f"{name}.yaml").write_text(f"{more}\npublished: 2026-03-01 0{ord(name) % 9}:00\n{lines}")
    content = load_content(root, Settings())
    assert content.site is not None
    site, index = content.site.site, Index(NOW)
    index.fill(list_entry(loaded, site) for loaded in content.entries.values())
    plan = Plan(as_it_stands(site, index), (), index, lambda name: content.entries[name].entry, None)  # type: ignore[arg-type]
    made = all_of(plan)
    said = {
        path: [str(event["SUMMARY"]) for event in icalendar.Calendar.from_ical(made[path].render().body).walk("VEVENT")]
        for path in ("/calendar.ics", "/pay/calendar.ics", "/es/calendar.ics", "/es/pay/calendar.ics")
    }
    assert list(said.values()) == [["A vote"], ["A vote"], ["Votación"], ["Votación"]]


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ([make_entry(1), spanish(2, translation_of="update-1")], [{1, 2}, {1, 2}]),
        ([make_entry(1, translation_of="update-2"), spanish(2, translation_of="update-1")], [{1, 2}, {1, 2}]),
        ([make_entry(1), spanish(2)], [set(), set()]),
        ([make_entry(1), make_entry(2, translation_of="update-1")], [set(), set()]),
        (
            [make_entry(1), spanish(2, translation_of="update-1"), spanish(3, translation_of="update-1")],
            [{1, 2}, {1, 2}, set()],
        ),
        (
            [
                make_entry(1),
                spanish(2, translation_of="update-1"),
                make_entry(3, language="ar", translation_of="update-2"),
            ],
            [{1, 2, 3}] * 3,
        ),
        ([make_entry(1), make_entry(2, language="en-US", translation_of="update-1")], [set(), set()]),
        ([make_entry(1), spanish(2, translation_of="nothing")], [set(), set()]),
        (
            [
                make_entry(1, withdrawal=Withdrawal(date=SINCE, reason="x", title="y")),
                spanish(2, translation_of="update-1"),
            ],
            [set(), set()],
        ),
    ],
)
def test_twins_are_one_update_a_language_and_the_same_seen_from_each(
    given: list[Entry], expected: list[set[int]]
) -> None:
    index = make_plan(*given).index
    lines = [index.by_slug(entry.slug) for entry in given]
    found = [{int(twin.slug.removeprefix("update-")) for twin in twins_of(index, line)} for line in lines if line]
    assert found == expected


def test_a_second_translation_takes_the_place_of_the_first_when_that_goes() -> None:
    entries = [make_entry(1), *(spanish(number, translation_of="update-1") for number in (2, 6)), spanish(4)]
    plan = make_plan(*entries)
    stored = keys_of(all_of(plan).values())
    changed = plan.index.change({"update-2.yaml": None})
    stored |= keys_of(recipes(plan, replace(changed, files=set())))
    now = keys_of(all_of(plan).values())
    assert {path for path in now if stored[path] != now[path]} == set()
    assert page_of(all_of(plan), "/updates/update-6/").xpath("//p[@class='twin']/a/@href") == ["/updates/update-1/"]


def held_in(plan: Plan, path: str) -> list[str]:
    calendar = icalendar.Calendar.from_ical(all_of(plan)[path].render().body)
    return [str(event["SUMMARY"]) for event in calendar.walk("VEVENT")]


def test_a_date_is_missing_in_no_calendar_for_the_sake_of_a_translation() -> None:
    """Which is in other categories, or was withdrawn."""
    event = Event(key="", start=datetime(2033, 6, 1, tzinfo=UTC), end=datetime(2033, 6, 2, tzinfo=UTC))
    off = Withdrawal(date=SINCE, reason="A mistake.", title="Update 1")
    first = make_entry(1, categories=("covid",), events=(event,))
    second = spanish(2, "covid", "pay", translation_of="update-1", title="Aviso 2", events=(event,))
    assert held_in(make_plan(first, second), "/covid/calendar.ics") == [first.title]
    assert held_in(make_plan(first, second), "/pay/calendar.ics") == ["Aviso 2"]
    gone = replace(first, withdrawal=off, digest="gone")
    assert sorted(held_in(make_plan(gone, second), "/covid/calendar.ics")) == ["Aviso 2", "Cancelled: Update 1"]
    assert len(held_in(make_plan(gone, replace(second, withdrawal=off, digest="both")), "/covid/calendar.ics")) == 1


EVENT = Event(key="", start=datetime(2033, 6, 1, tzinfo=UTC), end=datetime(2033, 6, 2, tzinfo=UTC))
OTHER_DAY = replace(EVENT, start=EVENT.start.replace(day=3), end=EVENT.end.replace(day=3, hour=1))
OFF = Withdrawal(date=SINCE, reason="A mistake.", title="Update")
PAIR = (make_entry(1, events=(EVENT,)), spanish(2, translation_of="update-1", events=(EVENT,)))


def numbers_in(made: dict[str, Recipe], path: str, where: str = "body") -> list[int]:
    """The numbers of the updates to which a part of a page leads, each once."""
    links = page_of(made, path).xpath(f"//{where}//a/@href")
    return [int(number) for number in dict.fromkeys(re.findall(r"/updates/update-(\d+)/", " ".join(links)))]


@pytest.mark.parametrize(
    ("entries", "home", "spanish_home"),
    [
        (PAIR, [1], [2]),
        ((make_entry(1, translation_of="update-2"), spanish(2)), [1], [2]),
        ((make_entry(3), spanish(2, translation_of="update-3"), spanish(4)), [4, 3], [4, 2]),
        ((make_entry(1, language="en-GB"), spanish(2, translation_of="update-1")), [1], [2]),
        # a translation in a list in which the other is not
        ((replace(PAIR[0], draft=True), PAIR[1]), [2], [2]),
        ((replace(PAIR[0], withdrawal=OFF), PAIR[1]), [2, 1], [2]),
        ((PAIR[0], replace(PAIR[1], withdrawal=OFF)), [1], [2]),
        # in no language of the page: what came first
        ((spanish(1), make_entry(2, language="ar", translation_of="update-1")), [1], [1]),
        # what an author took for another language, and is not
        ((make_entry(1), make_entry(2, translation_of="update-1")), [2, 1], []),
    ],
)
def test_a_list_shows_one_of_two_twins_in_the_language_of_its_page(
    entries: tuple[Entry, ...], home: list[int], spanish_home: list[int]
) -> None:
    """Feeds hold both: nothing that a feed held may be missing for who follows its links."""
    made = all_of(make_plan(*(entry for entry in entries if not entry.draft)))
    for path in ("/", "/covid/", "/covid_pay/", "/2026/", "/covid/2026/", "/embed/all/", "/embed/covid/summaries/"):
        assert numbers_in(made, path) == home, path
    assert all((made[path].document.kind is not RESTING) == bool(spanish_home) for path in ("/es/", "/es/covid/"))
    for path in ("/es/", "/es/covid/", "/es/covid/2026/", "/embed/es/all/") if spanish_home else ():
        assert numbers_in(made, path) == spanish_home, path
    feed = feedparser.parse(made["/covid/atom.xml"].render().body)
    assert len([entry for entry in feed.entries if "/updates/" in entry.link]) == len(
        [entry for entry in entries if not entry.draft]
    )


@pytest.mark.parametrize(
    ("second", "home"),
    [
        (PAIR[1], [1]),
        (replace(PAIR[1], events=(OTHER_DAY,)), [1, 2]),
        (replace(PAIR[1], events=(EVENT, OTHER_DAY)), [2, 1]),
        (spanish(2, events=(EVENT,)), [2, 1]),
    ],
    ids=["the same", "another day", "another day, too", "no twin"],
)
def test_what_is_coming_counts_a_date_in_two_languages_once(second: Entry, home: list[int]) -> None:
    """But a session in another language on another day is one of its own."""
    plan = make_plan(PAIR[0], second, make_entry(8), spanish(9))  # what stands first in lists says its dates itself
    made = all_of(plan)
    assert numbers_in(made, "/", "section[@class='coming']") == home
    assert numbers_in(made, "/es/", "section[@class='coming']") == [2]
    assert len(page_of(made, "/poster/").xpath("//section[@class='dates']//li")) == len(home)
    assert len(held_in(plan, "/calendar.ics")) == len(home)


def test_a_date_that_a_twin_says_among_others_counts_once() -> None:
    first = replace(PAIR[0], events=(EVENT, OTHER_DAY))
    plan = make_plan(first, PAIR[1], make_entry(8))
    assert numbers_in(all_of(plan), "/", "section[@class='coming']") == [1]
    assert held_in(plan, "/calendar.ics") == ["Update 1"]


def test_of_urgent_twins_one_stands_above_all_others() -> None:
    urgent = [replace(line_of(entry), urgent_until=NOW + 60) for entry in PAIR]
    index = Index(NOW)
    index.fill(urgent)
    by_source = {line_of(entry).source: entry for entry in PAIR}
    made = all_of(Plan(as_it_stands(SITE, index), (), index, by_source.__getitem__, None))  # type: ignore[arg-type]
    assert numbers_in(made, "/", "section[@class='urgent']") == [1]
    assert numbers_in(made, "/es/", "section[@class='urgent']") == [2]


def test_the_way_to_the_next_update_passes_by_translations() -> None:
    """Each leads to the next in its own language, and says where there is only one in another."""
    first, last = make_entry(1), make_entry(3)
    entries = [first, spanish(2, translation_of="update-1"), last, spanish(4, translation_of="update-3"), spanish(5)]
    made = all_of(make_plan(*entries))
    pager = "nav[@class='wrap pager']"
    ways = {number: numbers_in(made, f"/updates/update-{number}/", pager) for number in range(1, 6)}
    assert ways == {1: [3], 2: [4], 3: [5, 1], 4: [5, 2], 5: [4]}
    (mark,) = page_of(made, "/updates/update-3/").xpath(f"//{pager}//*[@class='language']")
    assert (mark.text_content(), mark.get("lang")) == ("Español", "es")


def test_what_leads_to_another_language_says_so_in_sight() -> None:
    entries = (make_entry(1, related=("update-2",), replaces="update-2"), spanish(2))
    made = all_of(make_plan(*entries))
    for path, where, number in (
        ("/embed/all/", "li", 1),
        ("/updates/update-1/", "section[@aria-labelledby='related']", 1),
        ("/updates/update-1/", "p[@class='note']", 1),
        ("/updates/update-1/", "nav[@class='wrap pager']", 1),
        ("/embed/es/all/", "li", 0),
    ):
        marks = [mark.text_content() for mark in page_of(made, path).xpath(f"//{where}//*[@class='language']")]
        assert marks == ["Español"] * number, (path, where)


steps = st.lists(st.tuples(st.integers(0, 5), st.sampled_from([None, *SLUGS]), st.integers(-2, 5)), max_size=12)


@settings(max_examples=20, deadline=None)
@given(steps)
def test_step_by_step_is_what_everything_at_once_would_be(given: list[tuple[int, str | None, int]]) -> None:
    """The third number is -2 for English, -1 for Spanish, and else the number of the one that is translated."""
    index = Index(NOW)
    entries: dict[str, Entry] = {}

    def plan() -> Plan:
        return Plan(as_it_stands(SITE, index), (), index, entries.__getitem__, None)  # type: ignore[arg-type]

    stored = keys_of(all_of(plan()).values())
    for number, slug, twin in given:
        source, before = f"update-{number}.yaml", plan().site
        if slug:
            named = f"update-{twin}" if twin >= 0 else None
            entries[source] = (
                make_entry(number, categories=(slug,)) if twin == -2 else spanish(number, slug, translation_of=named)
            )
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
