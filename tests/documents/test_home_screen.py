"""What telephones put on a home screen: the manifest, and icons that neither turn black nor are cut."""

import json
from collections.abc import Iterator
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image, ImageDraw
from playwright.sync_api import Browser

from feedsvc import kinds
from feedsvc.content.files import Files
from feedsvc.content.site import load_site
from feedsvc.documents import recipes
from feedsvc.documents.index import Index
from feedsvc.documents.plan import Plan
from feedsvc.documents.recipe import Recipe
from feedsvc.model import Document, Entry
from feedsvc.settings import Settings
from tests.content.samples import make_root
from tests.content.test_translations import WHOLE

INK, GROUND = (255, 196, 69), (12, 37, 54)


def draw(*, is_transparent: bool) -> bytes:
    """An icon whose ink goes to its very edges."""
    image = Image.new("RGBA", (256, 256), (0, 0, 0, 0) if is_transparent else (*GROUND, 255))
    ImageDraw.Draw(image).ellipse((0, 20, 255, 235), fill=(*INK, 255))
    octets = BytesIO()
    image.save(octets, format="PNG")
    return octets.getvalue()


@pytest.fixture(params=[True, False], ids=["transparent", "on a ground"])
def house(request: pytest.FixtureRequest, tmp_path: Path) -> dict[str, Document]:
    """The documents of a site by their paths, but pages."""
    root = make_root(tmp_path, translations=WHOLE, base_url="https://news.example.org/local")
    (root / "files" / "icon.png").write_bytes(draw(is_transparent=request.param))
    settings = Settings(content=root, publication=tmp_path / "publication.db")
    loaded = load_site(root, settings)
    files = Files(root, settings.kept_pictures)
    entries: dict[str, Entry] = {}
    plan = Plan(loaded.site, loaded.pictures, Index(0), entries.__getitem__, files)
    found = recipes(plan, replace(plan.everything(), files={"icon.png"}))
    wanted = ("/manifest.webmanifest", "/pictures/", "/apple-touch-icon.png", "/es/manifest.webmanifest")
    made = [one for one in found if isinstance(one, Recipe) and one.path.startswith(wanted)]
    return {one.path: one.render() for one in made}


def image_at(house: dict[str, Document], address: str) -> Image.Image:
    return Image.open(BytesIO(house[address.removeprefix("/local")].body))


def test_the_manifest_says_where_the_site_begins_and_its_icons_as_large_as_they_are(house: dict[str, Document]) -> None:
    manifest = json.loads(house["/manifest.webmanifest"].body)
    assert (manifest["name"], manifest["lang"], manifest["start_url"]) == ("Local 1107", "en", "/local/")
    plain, maskable = manifest["icons"]
    assert maskable["purpose"] == "maskable"
    for icon in (plain, maskable):
        image = image_at(house, icon["src"])
        assert f"{image.width}x{image.height}" == icon["sizes"]
        assert (image.format, icon["type"]) == ("PNG", "image/png")
    spanish = json.loads(house["/es/manifest.webmanifest"].body)
    assert (spanish["name"], spanish["lang"], spanish["start_url"]) == ("Avisos del Local 1107", "es", "/local/es/")
    assert spanish["scope"] == manifest["scope"] == "/local/"


def test_the_touch_icon_fills_its_square_and_is_where_telephones_look(house: dict[str, Document]) -> None:
    way = house["/apple-touch-icon.png"]
    assert way.kind is kinds.MOVED
    image = image_at(house, str(way.page_path))
    assert (image.size, image.mode) == ((180, 180), "RGB")
    assert image.getpixel((0, 0)) == GROUND
    assert image.getpixel((90, 90)) == INK


def test_all_ink_of_the_maskable_icon_is_in_the_circle_that_is_never_cut(house: dict[str, Document]) -> None:
    _, icon = json.loads(house["/manifest.webmanifest"].body)["icons"]
    image = image_at(house, icon["src"])
    assert image.mode == "RGB"
    away = [
        (x - 256) ** 2 + (y - 256) ** 2
        for y in range(0, 512, 2)
        for x in range(0, 512, 2)
        if image.getpixel((x, y)) != GROUND
    ]
    assert len(away) > 5_000
    assert max(away) <= (0.4 * 512 + 1) ** 2


def test_a_browser_takes_the_manifest_under_the_policy_of_pages(house: dict[str, Document], browser: Browser) -> None:
    """Chromium reads it, and finds nothing to complain of."""
    documents = {"/local" + path: (found.media_type, found.body) for path, found in house.items()}
    documents["/local/"] = ("text/html", b'<title>x</title><link rel="manifest" href="/local/manifest.webmanifest">')
    context = browser.new_context()

    def answer(route: object) -> None:
        media_type, body = documents["/" + route.request.url.partition("//")[2].partition("/")[2]]  # type: ignore[attr-defined]
        headers = {"Content-Type": media_type, "Content-Security-Policy": kinds.PAGE.policy}
        route.fulfill(body=body, headers=headers)  # type: ignore[attr-defined]

    context.route("**/*", answer)
    page = context.new_page()
    page.goto("https://news.example.org/local/")
    said = context.new_cdp_session(page).send("Page.getAppManifest")
    context.close()
    assert said["errors"] == []
    assert json.loads(said["data"])["name"] == "Local 1107"


def test_another_icon_has_other_addresses(tmp_path: Path) -> None:
    root = make_root(tmp_path)

    def addresses() -> Iterator[str]:
        site = load_site(root, Settings()).site
        yield from (site.touch_icon_url, site.maskable_icon_url, site.icon.url)

    before = list(addresses())
    (root / "files" / "icon.png").write_bytes(draw(is_transparent=False))
    assert len({*before, *addresses()}) == 6
