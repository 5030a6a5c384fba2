"""Photos of telephones as Chromium shows them: upright, in proportion, and light."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import feedparser
import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

from feedsvc.kinds import PICTURE
from feedsvc.publication.reader import Reader
from feedsvc.publication.store import Store
from feedsvc.publishing.publisher import Publisher
from feedsvc.settings import Settings
from tests.harness.client import Client
from tests.harness.folder import write_folder, write_update
from tests.harness.judges import find_program
from tests.harness.service import serving
from tests.pictures.phone import HEICS, TURNS, is_upright, opened, photo, scene

NOON = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
PHONE = {"viewport": {"width": 412, "height": 915}, "device_scale_factor": 2.625, "is_mobile": True}
MEASURE = """image => image.decode().then(() => ({
    across: image.clientWidth, down: image.clientHeight, ratio: image.naturalWidth / image.naturalHeight,
    told: image.getAttribute("width") / image.getAttribute("height"),
}))"""
PHOTOS = 10
LIGHT = 300_000  # octets


def fill(root: Path) -> None:
    """One update with every way to hold a telephone, one with ten photos, and one with photos in portrait."""
    write_folder(root, updates=1)
    names = []
    for turn in TURNS:
        (root / "files" / f"jpeg{turn}.jpg").write_bytes(photo(turn=turn))
        (root / "files" / f"heic{turn}.heic").write_bytes(HEICS[turn])
        names += [f"jpeg{turn}.jpg", f"heic{turn}.heic"]
    write_update(root, 2, body="\n\n".join(f"![A corner](files/{name})" for name in names))
    for number in range(PHOTOS):
        (root / "files" / f"day{number}.jpg").write_bytes(photo(scene(seed=number + 1)))
    body = "\n\n".join(f"![Day {number}](files/day{number}.jpg)" for number in range(1, PHOTOS))
    write_update(root, 3, body=body, more="image: {src: day0.jpg, alt: Day 0}\n")
    for name, size in {"door": (1500, 2600), "sheet": (900, 1200)}.items():
        Image.new("RGB", size, "teal").save(root / "files" / f"{name}.jpg")
    write_update(root, 4, body="![A sheet](files/sheet.jpg)", more="image: {src: door.jpg, alt: A door}\n")


@pytest.fixture(scope="module")
def publication(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("photos")
    fill(folder / "content")
    path = folder / "instance" / "publication.db"
    store = Store(path)
    outcome = Publisher(Settings(content=folder / "content", publication=path), store).publish(NOON)
    store.close()
    assert outcome.problems == ()
    return path


@pytest.fixture(scope="module")
def client(publication: Path) -> Iterator[Client]:
    with serving(publication) as service:
        yield service.client


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    found = find_program("chromium", "chromium-browser", "google-chrome", package="chromium")
    flags = ["--no-sandbox"] if os.geteuid() == 0 else []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=flags)
        yield browser
        browser.close()


@contextmanager
def visit(browser: Browser, url: str, **options: object) -> Iterator[Page]:
    context = browser.new_context(**options)  # type: ignore[arg-type]  # any of its options
    try:
        page = context.new_page()
        page.goto(url)
        yield page
    finally:
        context.close()


def judge(page: Page, most: int) -> None:
    """Each picture is upright, as wide as its column at most, and in proportion."""
    images = page.locator("img[alt='A corner']").all()
    assert len(images) == 2 * len(TURNS)
    for image in images:
        image.scroll_into_view_if_needed()
        shown = image.evaluate(MEASURE)
        assert 0 < shown["across"] <= most
        assert abs(shown["across"] / shown["down"] - shown["ratio"]) < 0.02
        assert abs(shown["told"] - shown["ratio"]) < 0.02
        assert shown["ratio"] > 1.3
        assert is_upright(opened(image.screenshot()))


@pytest.mark.parametrize("options", [PHONE, {"viewport": {"width": 1280, "height": 900}}], ids=["phone", "desktop"])
def test_a_page_shows_every_photo_upright_and_in_proportion(
    browser: Browser, client: Client, options: dict[str, object]
) -> None:
    with visit(browser, f"http://127.0.0.1:{client.address[1]}/updates/update-2/", **options) as page:
        judge(page, 720)


def test_a_feed_shows_every_photo_upright_and_in_proportion_without_our_style(browser: Browser, client: Client) -> None:
    feed = feedparser.parse(client.ask("/rss.xml").body)
    content = next(entry.content[0].value for entry in feed.entries if entry.title == "Update number 2")
    address = f"http://127.0.0.1:{client.address[1]}/"
    with visit(browser, "about:blank", viewport={"width": 800, "height": 900}) as page:
        html = content.replace("https://news.example.org/", address)
        page.route(address + "reader", lambda route: route.fulfill(body=html, content_type="text/html"))
        page.goto(address + "reader")
        judge(page, 600)


def test_a_photo_in_portrait_is_seen_whole_on_a_screen(browser: Browser, client: Client) -> None:
    address = f"http://127.0.0.1:{client.address[1]}/updates/update-4/"
    with visit(browser, address, viewport={"width": 1280, "height": 800}) as page:
        for name in ("A door", "A sheet"):
            image = page.get_by_alt_text(name)
            image.scroll_into_view_if_needed()
            shown = image.evaluate(MEASURE)
            assert 600 < shown["down"] <= 700
            assert abs(shown["across"] / shown["down"] - shown["ratio"]) < 0.02
            assert image.evaluate("image => image.currentSrc").rpartition("-")[2].startswith("640.")  # and no more


def test_ten_photos_are_light_on_a_telephone_until_somebody_scrolls(browser: Browser, client: Client) -> None:
    with visit(browser, f"http://127.0.0.1:{client.address[1]}/", **PHONE) as page:
        weights: list[int] = []
        page.on("requestfinished", lambda request: weights.append(request.sizes()["responseBodySize"]))
        page.goto(f"http://127.0.0.1:{client.address[1]}/updates/update-3/", wait_until="networkidle")
        assert page.locator("img[alt^=Day]").count() == PHOTOS
        assert page.evaluate("[...document.images].filter(image => image.complete && image.naturalWidth).length") >= 2
        assert 0 < sum(weights) < LIGHT


def test_old_addresses_lead_to_the_largest_size(client: Client, publication: Path) -> None:
    response = client.ask("/files/jpeg1.jpg")
    assert (response.status, response["Cache-Control"]) == (301, "max-age=3600")
    followed = client.ask(response["Location"])
    assert (followed.status, followed["Content-Type"]) == (200, "image/jpeg")
    assert followed["Cache-Control"] == "max-age=31536000, immutable"
    assert is_upright(opened(followed.body))
    part = client.ask(response["Location"], "Range: bytes=0-9")
    assert (part.status, part.body) == (206, followed.body[:10])
    assert client.ask("/files/jpeg1.jpg", method="POST").status == 405
    reader = Reader(publication)
    addresses = [document.path for document in reader.every() if document.kind == PICTURE]
    reader.close()
    assert {client.ask(path).status for path in addresses} == {200}
    assert client.ask("/pictures/nothing-640.0123456789abcdef.jpg").status == 404
