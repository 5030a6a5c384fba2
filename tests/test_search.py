"""The search page in a real browser, over the real service."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from threading import Thread
from urllib.parse import quote

import pytest
from playwright.sync_api import Browser, Page, Route, expect
from werkzeug.serving import make_server

from feedsvc.settings import Settings
from feedsvc.web.app import create_app
from tests.harness.folder import publish_folder, write_folder, write_update

HOSTILE = "<img src=x onerror=alert(1)> <mark>"
UPDATES = {
    1: {"title": "COVID-19 tests at the door", "summary": "Every morning."},
    2: {"title": "Masks", "summary": "What COVID 19 still asks of us.", "body": "Every reunion needs a mask."},
    3: {"title": "Reunión del sindicato", "summary": "Para los niños también, este año.", "lang": "es"},
    4: {"title": "Your 401(k)", "summary": "Write us an e-mail.", "published": "2025-03-01"},
    5: {"title": f"'{HOSTILE}'", "summary": "Room 19 is open.", "published": "2025-03-02"},
    6: {"title": "Ano y medio", "summary": "Otra palabra.", "published": "2025-03-03"},
    7: {"title": "Vacunas here", "summary": "Walk in.", "published": "2025-03-04"},
    8: {"title": "Vacunas", "summary": "Sin cita.", "published": "2025-03-05", "lang": "es"},
    9: {"title": "Picnic", "summary": "Bring a kite, Sunday.", "published": "2025-03-06"},
    10: {"title": "Picnic", "summary": "El domingo.", "published": "2026-03-06", "lang": "es"}
    | {"translation_of": "update-9"},
    11: {"title": "Asado", "summary": "On the roof.", "published": "2025-03-07", "translation_of": "update-12"},
    12: {"title": "Asado", "summary": "En la azotea.", "published": "2025-03-08", "lang": "es"}
    | {"translation_of": "update-11"},
    13: {"title": "Asado", "summary": "A third.", "published": "2025-03-09", "translation_of": "update-12"},
}
# what is looked for -> the updates that are found, the best first
FOUND = {
    "covid-19": [1, 2],
    "COVID 19": [1, 2],
    "covid19": [1, 2],
    "19": [2, 5],
    "reunion": [3, 2],
    "REUNIÓN": [3, 2],
    "reunio\u0301n": [3, 2],
    "año": [3],
    "ano": [6],
    "401(k)": [4],
    "401k": [4],
    "email": [4],
    "mas cov": [2],
    "mask reunion": [2],
    "sks": [],
    "(": [],
    "\" AND ' \\ .* [": [],
    "a" * 500: [],
    "img onerror": [5],
    "   ": [],
    "picnic": [9],
    "kite": [9],
    "domingo": [10],
    "asado": [13, 11],
    "azotea": [12],
}
SLUGS = "links => links.map((link) => link.getAttribute('href'))"


@dataclass
class Opened:
    """The search page, what it complained of, and every address that it asked for."""

    page: Page
    origin: str
    complaints: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)

    def found(self) -> list[int]:
        hrefs = self.page.locator("#results h3 a").evaluate_all(SLUGS)
        return [int(href.rstrip("/").rpartition("-")[2]) for href in hrefs]


@pytest.fixture(scope="module")
def origin(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a service with updates of two years."""
    folder = tmp_path_factory.mktemp("search")
    content = write_folder(folder / "content")
    for number, fields in UPDATES.items():
        given = {
            name: value if name == "published" else f'"{value}"' for name, value in fields.items() if name != "body"
        }
        write_update(content, number, **given, **({"body": fields["body"]} if "body" in fields else {}))
    publish_folder(content, folder / "publication.db")
    server = make_server("127.0.0.1", 0, create_app(Settings(publication=folder / "publication.db")), threaded=True)
    thread = Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def opened(browser: Browser, origin: str) -> Iterator[Opened]:
    page = browser.new_page(viewport={"width": 390, "height": 844})
    seen = Opened(page, origin)
    page.on("console", lambda message: seen.complaints.append(message.text))
    page.on("pageerror", lambda error: seen.complaints.append(str(error)))
    page.on("request", lambda request: seen.requests.append(request.url))
    page.goto(f"{origin}/search/")
    yield seen
    page.close()


def test_words_find_the_updates_that_have_all_of_them(opened: Opened) -> None:
    """Whatever signs stand between them; every sign is text, here and in what is shown."""
    seen = {}
    for query in FOUND:
        opened.page.goto("about:blank")
        opened.page.goto(f"{opened.origin}/search/#q={quote(query)}")
        said = "found: |has all" if any(map(str.isalnum, query)) else "^$"
        opened.page.wait_for_function(
            "said => new RegExp(said).test(document.getElementById('state').textContent)", arg=said
        )
        seen[query] = opened.found()
    assert seen == FOUND
    assert opened.complaints == []
    assert opened.page.locator("#results :is(img, mark)").count() == 0
    assert {request.partition("#")[0].rpartition("?")[0] for request in opened.requests} == {""}, "no query is sent"


def test_a_result_looks_like_the_list_and_leads_to_its_update(opened: Opened) -> None:
    """By the keyboard alone; the address of what was found can be sent to somebody."""
    opened.page.get_by_role("searchbox").focus()
    opened.page.keyboard.type("sindi")
    expect(opened.page.locator("#state")).to_have_text("Updates found: 1")
    expect(opened.page).to_have_url(f"{opened.origin}/search/#q=sindi")
    (item,) = opened.page.locator("#results li").all()
    assert " ".join(item.inner_text().split()) == (
        "Feb 1 2026 Reunión del sindicato Para los niños también, este año. Español COVID"
    )
    assert item.locator("h3 a").get_attribute("lang") == "es"
    opened.page.keyboard.press("Tab")
    opened.page.keyboard.press("Enter")
    expect(opened.page).to_have_url(f"{opened.origin}/updates/update-3/")
    opened.page.go_back()
    expect(opened.page.locator("#state")).to_have_text("Updates found: 1")
    assert opened.page.title() == "Search · Local 7 Updates"


def test_a_piece_that_cannot_be_loaded_is_said_and_what_is_there_is_found(opened: Opened) -> None:
    def refuse(route: Route) -> None:
        route.fulfill(status=503)

    opened.page.route("**/search/2025/1.json", refuse)
    opened.page.get_by_role("searchbox").fill("covid")
    expect(opened.page.locator("#state")).to_contain_text("Updates found: 2 A part of the updates could not be loaded.")


def test_without_script_the_page_leads_to_the_years(browser: Browser, origin: str) -> None:
    page = browser.new_page(java_script_enabled=False)
    page.goto(f"{origin}/search/")
    expect(page.get_by_role("searchbox")).to_be_hidden()
    years = page.get_by_role("main").get_by_role("link")
    assert years.all_inner_texts() == ["2026", "2025"]
    years.last.click()
    expect(page.get_by_role("link", name="Your 401(k)")).to_be_visible()
    page.close()


def test_a_result_in_another_language_than_the_page_says_so(opened: Opened) -> None:
    """Also an update that names no language, which has the site's, where the page speaks another."""
    opened.page.evaluate("document.documentElement.lang = 'es'")
    opened.page.get_by_role("searchbox").fill("covid-19 tests")
    mark = opened.page.locator("#results .language")
    expect(mark).to_have_text("English")
    assert mark.get_attribute("lang") == opened.page.locator("#results h3 a").get_attribute("lang") == "en-US"


def test_of_two_that_are_as_good_the_one_in_the_language_of_the_page_comes_first(opened: Opened) -> None:
    for language, found in (("es", [8, 7]), ("en-US", [7, 8])):
        opened.page.evaluate("language => { document.documentElement.lang = language; }", language)
        opened.page.get_by_role("searchbox").fill("")
        expect(opened.page.locator("#results")).to_be_hidden()
        opened.page.get_by_role("searchbox").fill("vacunas")
        expect(opened.page.locator("#state")).to_contain_text("found: 2")
        assert opened.found() == found


def test_the_same_in_two_languages_is_found_once_in_that_of_the_page(opened: Opened) -> None:
    opened.page.evaluate("document.documentElement.lang = 'es'")
    opened.page.get_by_role("searchbox").fill("picnic")
    expect(opened.page.locator("#state")).to_contain_text("found: 1")
    assert opened.found() == [10]
