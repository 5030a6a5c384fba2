"""The sheet for a break room, as Chromium prints it and as a camera reads it."""

import re
import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, Route

from feedsvc.model import Event
from feedsvc.pages.assets import assets
from feedsvc.pages.poster import STRIPS, poster_page
from feedsvc.places import ALL, Place
from tests.harness.judges import find_program
from tests.make import BASE_URL, make_category, make_entry, make_site
from tests.pages.samples import read, text

NOW = datetime(2026, 2, 1, tzinfo=UTC)
LONG = "Negotiations about staffing, safety and everything else that we have been asking for since spring"
SITE = make_site(categories=(make_category("covid"), make_category("staffing", title=LONG, description=LONG * 4)))


def announce(number: int, session: int) -> Event:
    start = NOW + timedelta(days=number, hours=session)
    place = f"Union hall, room {number}, in the building behind the parking lot on Main Street"
    return Event(key=f"session-{session}", start=start, end=start + timedelta(hours=2), location=place)


COMING = tuple(
    make_entry(n, title=f"{LONG} {n}", events=tuple(announce(n, session) for session in range(5))) for n in (1, 2, 3)
)
SHEETS = {
    "plain": poster_page(SITE, Place(("covid",)), (), NOW),
    "full": poster_page(SITE, Place(("staffing",)), COMING, NOW),
    "one update": poster_page(SITE, Place(("staffing",)), COMING[:1], NOW),
    "two updates": poster_page(SITE, Place(("staffing",)), COMING[:2], NOW),
    "everything in Spanish": poster_page(make_site(language="es", digest="es"), ALL, COMING, NOW),
}
PATHS = {"plain": "covid/subscribe/", "everything in Spanish": "subscribe/"}
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
PAPERS = {"A4": ("210mm", "297mm"), "Letter": ("8.5in", "11in"), "both": ("8.26in", "11in")}


@pytest.fixture(scope="module")
def page(browser: Browser) -> Iterator[Page]:
    """A page that gets the sheets and their style without a server, for a reader who prefers the dark."""
    page = browser.new_page(color_scheme="dark")
    styles = {each.name_with_digest: each.body for each in assets()}

    def answer(route: Route) -> None:
        name = route.request.url.rpartition("/")[2]
        if name in styles:
            route.fulfill(body=styles[name], content_type="text/css")
        elif name in SHEETS or name.replace("%20", " ") in SHEETS:
            route.fulfill(body=SHEETS[name.replace("%20", " ")], content_type="text/html; charset=utf-8")
        else:
            route.fulfill(status=404)

    page.route("**/*", answer)
    yield page
    page.close()


@pytest.mark.parametrize("name", SHEETS)
def test_it_is_one_page_on_either_paper_and_a_camera_reads_it(name: str, page: Page, tmp_path: Path) -> None:
    """Without backgrounds, as browsers print; in dark ink, whatever the device prefers."""
    page.emulate_media(media="null")
    page.goto(f"{BASE_URL}{name}")
    pdf = tmp_path / "sheet.pdf"
    for paper, (width, height) in PAPERS.items():
        page.pdf(path=pdf, width=width, height=height)
        pdftoppm = find_program("pdftoppm", package="poppler-utils")
        subprocess.run([pdftoppm, "-r", "100", "-png", str(pdf), str(tmp_path / paper)], check=True)
        (picture,) = tmp_path.glob(f"{paper}-*.png")
        zbar = [find_program("zbarimg", package="zbar-tools"), "--quiet", "--raw", str(picture)]
        found = subprocess.run(zbar, check=True, capture_output=True, text=True).stdout
        assert found == f"{BASE_URL}{PATHS.get(name, 'staffing/subscribe/')}\n"
    words = subprocess.run(["pdftotext", str(pdf), "-"], check=True, capture_output=True, text=True).stdout
    assert words.count("news.example.org") >= STRIPS + 1


@pytest.mark.parametrize("name", SHEETS)
def test_nothing_lies_upon_the_strips_or_is_cut(name: str, page: Page) -> None:
    page.goto(f"{BASE_URL}{name}")
    page.emulate_media(media="print")
    bottom, top = page.evaluate("""() => [
        Math.max(...[...document.querySelectorAll(".sheet > :not(.strips)")]
            .map((each) => each.getBoundingClientRect().bottom)),
        document.querySelector(".strips").getBoundingClientRect().top,
    ]""")
    assert bottom <= top
    dates = page.locator(".dates")
    assert all(each.evaluate("each => each.scrollHeight <= each.clientHeight") for each in dates.all())
    ground = page.evaluate("getComputedStyle(document.body).backgroundColor + getComputedStyle(document.body).color")
    assert ground == "rgb(255, 255, 255)rgb(0, 0, 0)"


@pytest.mark.parametrize("name", SHEETS)
def test_it_is_accessible_on_a_screen(name: str, page: Page) -> None:
    page.emulate_media(media="screen")
    page.goto(f"{BASE_URL}{name}")
    for width in (320, 1280):
        page.set_viewport_size({"width": width, "height": 800})
        results = Axe().run(page, options={"runOnly": {"type": "tag", "values": WCAG}})
        assert not results.response["violations"], results.generate_report()
        assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize(("name", "dates"), [("one update", [4]), ("two updates", [2, 2]), ("full", [1, 1, 1])])
def test_it_tells_as_many_dates_as_there_is_room_for(name: str, dates: list[int]) -> None:
    told = [text(item).count("When:") for item in read(SHEETS[name]).xpath("//section[@class='dates']//li")]
    assert told == dates


def test_it_tells_the_next_dates_and_what_to_expect() -> None:
    sheet = read(SHEETS["full"])
    dates = [text(item) for item in sheet.xpath("//section[@class='dates']//li")]
    assert len(dates) == 3
    assert re.search(r"When: Sunday, February 1, 2026, 7:00.pm to 9:00.pm.EST Where: Union hall, room 1", dates[0])
    assert "No account, no email address, no tracking." in text(sheet)
    assert len(sheet.xpath("//ul[@class='strips']/li")) == STRIPS
    assert not read(SHEETS["plain"]).xpath("//section[@class='dates']")
    assert sheet.xpath("//meta[@name='robots']/@content") == ["noindex"]
