"""Our pages inside pages of other origins, and the page that says how to put them there."""

import re
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from importlib.resources import files
from typing import Any
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from lxml import html as parser
from playwright.sync_api import Browser, BrowserContext, FrameLocator, Page, expect

from feedsvc import urls
from feedsvc.formats import FORMATS
from feedsvc.kinds import ASSET, BUILDER, EMBED
from feedsvc.pages.assets import assets, element_script
from feedsvc.pages.embeds import builder_page, place_embed, update_embed
from feedsvc.places import ALL, Place, places_of
from tests.harness.origins import Answer, Origin, serve
from tests.make import make_entry, make_feed, make_image, make_site

WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
ICON = files("tests").joinpath("..", "content", "files", "icon.png").read_bytes()
LONG = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft"
PRESSED = "window.heard = []; addEventListener('message', event => heard.push(event.data))"
LOUD = "dark", "light"
PHONE: Any = {
    "viewport": {"width": 390, "height": 664},
    "device_scale_factor": 3,
    "is_mobile": True,
    "has_touch": True,
    "user_agent": "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 Mobile/15E148",
}


@dataclass
class Host:
    """A page of another origin with our pages in frames, and what the browser said meanwhile."""

    ours: Origin
    site: Origin
    page: Page
    complaints: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)

    def frame(self, path: str, attributes: str = "") -> str:
        """A frame as the lines to copy have it."""
        style = "width:1px;min-width:100%;border:0"
        return f'<iframe src="{self.ours.url}{path}" title="News" height="480" style="{style}" {attributes}></iframe>'

    def show(self, body: str, *, html: str = "", fields: dict[str, str] | None = None) -> FrameLocator:
        """Open a page with this body; its first frame."""
        text = f'<!doctype html><html lang="en" {html}><head><title>Host</title>'
        text += '<meta name="viewport" content="width=device-width">'
        text += f"<script>{PRESSED}</script></head><body><main><h1>Hospital</h1>{body}</main></body></html>"
        self.site.answers["/"] = Answer(body=text.encode(), fields=fields or {})
        self.page.goto(self.site.url + "/")
        return self.page.frame_locator("iframe").first


def render(base_url: str) -> dict[str, Answer]:
    """Every page that other sites frame, and the page that says how, by path."""
    image = make_image(url=base_url + "files/icon.png", alt="A badge", width=512, height=512)
    icon = {"icon": image} | dict.fromkeys(("favicon_url", "touch_icon_url", "maskable_icon_url"), image.url)
    site = make_site(base_url=base_url, language="en-US", title="Local 1107 Updates", **icon)
    entries = [
        make_entry(n, title=f"Update {n}: {LONG}", image=image if n % 2 else None, permalink=f"{base_url}updates/u{n}/")
        for n in range(12, 1, -1)
    ]
    entries[3] = make_entry(
        1,
        slug="kamamat",
        permalink=f"{base_url}updates/kamamat/",
        language="ar",
        title="COVID: الكمامات إلزامية",
        summary="الكمامات من الاثنين.",
    )
    framed = {
        urls.embed_path(place.name, summaries=summaries): place_embed(
            site, place, entries[:10] if place != Place(("training",)) else (), summaries=summaries
        )
        for place in places_of(site)
        for summaries in (False, True)
    }
    framed[urls.update_embed_path("update-12")] = update_embed(site, entries[0])
    framed[urls.update_embed_path("kamamat")] = update_embed(site, entries[3])
    turned = make_site(base_url=base_url, language="ar", title="أخبار النقابة Local 7600")
    framed["/ar/embed/all/"] = place_embed(turned, ALL, entries[:10], summaries=True)
    policy = {"Content-Security-Policy": f"{EMBED.policy}; frame-ancestors *"}
    builder = builder_page(site, dict.fromkeys(places_of(site), entries[:5]))
    feed = make_feed(*entries, site=site)
    return (
        {path: Answer(body=body, fields=policy) for path, body in framed.items()}
        | {urls.EMBED: Answer(body=builder, fields={"Content-Security-Policy": BUILDER.policy})}
        | {urls.EMBED_SCRIPT: Answer(body=element_script(), media_type="text/javascript")}
        | {f"{place.path}feed.json": Answer(body=FORMATS[2].render(feed, base_url)) for place in places_of(site)}
        | {
            urls.asset_path(each.name_with_digest): Answer(
                body=each.body, media_type=each.media_type, fields={"Content-Security-Policy": ASSET.policy}
            )
            for each in assets()
        }
        | {"/files/icon.png": Answer(body=ICON, media_type="image/png")}
        | {f"/updates/update-{n}/": Answer(body=b"<title>An update</title>") for n in range(1, 13)}
    )


@pytest.fixture(scope="module")
def origins() -> Iterator[tuple[Origin, Origin]]:
    with serve() as ours, serve() as site:
        ours.answers |= render(ours.url + "/") | {"/favicon.ico": Answer(status=204)}
        site.answers["/favicon.ico"] = Answer(status=204)
        yield ours, site


@pytest.fixture
def host(browser: Browser, origins: tuple[Origin, Origin]) -> Iterator[Host]:
    with ExitStack() as closing:
        context: BrowserContext = browser.new_context(
            viewport={"width": 390, "height": 900},
            reduced_motion="reduce",
            permissions=["clipboard-read", "clipboard-write"],
        )
        closing.callback(context.close)
        host = Host(*origins, context.new_page())
        host.page.on("console", lambda message: host.complaints.append(f"{message.type}: {message.text}"))
        host.page.on("pageerror", lambda error: host.complaints.append(str(error)))
        host.page.on("request", lambda request: host.requests.append(request.url))
        yield host


def judge(page: Page) -> None:
    """Fail with axe's own report where the page or a frame in it breaks a rule."""
    results = Axe().run(page, options={"runOnly": {"type": "tag", "values": WCAG}})
    assert not results.response["violations"], results.generate_report()


def test_frame_keeps_to_itself_and_leads_to_the_top(host: Host) -> None:
    frame = host.show(host.frame("/embed/covid/summaries/"))
    expect(frame.get_by_role("heading", level=3)).to_have_count(10)
    expect(frame.get_by_role("img").first).to_be_visible()
    frame.get_by_role("link", name="Update 12").click()
    host.page.wait_for_url(host.ours.url + "/updates/update-12/")
    assert host.complaints == []
    assert {urlsplit(each).netloc for each in host.requests} == {
        urlsplit(each.url).netloc for each in (host.ours, host.site)
    }
    assert host.page.context.cookies() == []


def test_fragment_chooses_the_look_and_nothing_else(host: Host) -> None:
    fragment = "#count=3&heading=4&pictures=no&scheme=dark&accent=ff0000"
    frame = host.show(host.frame("/embed/covid/summaries/" + fragment))
    expect(frame.get_by_role("listitem")).to_have_count(3)
    expect(frame.get_by_role("heading", level=4)).to_have_count(1)
    expect(frame.get_by_role("heading", level=5)).to_have_count(3)
    expect(frame.get_by_role("img")).to_have_count(0)
    style = (
        "element => [getComputedStyle(element).backgroundColor, getComputedStyle(element).getPropertyValue('--accent')]"
    )
    assert frame.locator("html").evaluate(style) == ["rgb(18, 34, 44)", "#ff0000"]
    wicked = "#count=-5&heading=99&scheme=%22&accent=red;background:url(x)&secret=%3Cimg%3E&pictures=%00"
    frame = host.show(host.frame("/embed/covid/summaries/" + wicked))
    expect(frame.get_by_role("listitem")).to_have_count(10)
    expect(frame.get_by_role("heading", level=6)).to_have_count(11)
    assert frame.locator("html").evaluate(style)[1] == ""
    assert not [each for each in host.ours.asked if "?" in each or "#" in each]


def test_page_in_a_frame_is_complete_without_script(browser: Browser, origins: tuple[Origin, Origin]) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    for path, count in {"/embed/all/": 10, "/embed/covid/summaries/": 10, "/embed/training/summaries/": 0}.items():
        page.goto(origins[0].url + path)
        assert page.get_by_role("listitem").count() == count
        assert page.get_by_role("link").count() >= count + 1
    context.close()


@pytest.mark.parametrize("system", LOUD)
def test_frame_is_legible_and_accessible_in_any_host(host: Host, system: Any) -> None:
    """Whatever the host's ground and the system's scheme; its own ground is opaque, and nothing runs out of it."""
    host.page.emulate_media(color_scheme=system)
    paths = (
        "/embed/covid/summaries/",
        "/embed/all/",
        "/updates/update-12/embed/",
        "/updates/kamamat/embed/",
        "/ar/embed/all/",
    )
    for ground in ("color-scheme: dark; background: #111", "background: #fff"):
        frames = [host.frame(path, f'data-number="{number}"') for number, path in enumerate(paths)]
        host.show("".join(frames).replace('title="News"', ""), html=f'style="{ground}"')
        host.page.evaluate("document.querySelectorAll('iframe').forEach((frame, n) => frame.title = `News ${n}`)")
        host.page.wait_for_load_state("networkidle")
        for width in (280, 320, 390):
            host.page.set_viewport_size({"width": width, "height": 900})
            for frame in host.page.frames:
                assert frame.evaluate("document.documentElement.scrollWidth <= innerWidth"), (frame.url, width)
        for frame in host.page.frames[1:]:
            colour = frame.evaluate("getComputedStyle(document.documentElement).backgroundColor")
            assert colour in ("rgb(255, 255, 255)", "rgb(18, 34, 44)"), frame.url
        judge(host.page)


def test_frame_fits_a_telephone_and_its_links_are_large_enough_for_a_thumb(
    browser: Browser, origins: tuple[Origin, Origin]
) -> None:
    """A viewport as an iPhone has it, with touch and three pixels for each; long words and a host that wastes room."""
    context = browser.new_context(**PHONE)
    host = Host(*origins, context.new_page())
    frame = host.show(f"<div style='padding: 0 24px'>{host.frame('/embed/all/summaries/')}</div>")
    expect(frame.get_by_role("listitem").first).to_be_visible()
    assert host.page.evaluate("[document.documentElement.scrollWidth, devicePixelRatio]") == [390, 3]
    widths = frame.locator("html").evaluate("html => [html.scrollWidth, html.clientWidth]")
    assert widths == [326, 326]  # the host keeps 32 on each side
    heights = frame.locator("a").evaluate_all("all => all.map(each => each.getBoundingClientRect().height)")
    assert min(heights) >= 24
    frame.get_by_role("link", name="Update 12").tap()
    host.page.wait_for_url("**/updates/update-12/")
    context.close()


def test_rows_of_another_language_and_a_site_from_right_to_left_run_their_way(host: Host) -> None:
    frame = host.show(host.frame("/embed/covid/summaries/"))
    way = "element => [element.lang, getComputedStyle(element).direction]"
    assert frame.locator("h3[lang]").evaluate(way) == ["ar", "rtl"]
    assert host.show(host.frame("/ar/embed/all/")).locator("html").evaluate(way) == ["ar", "rtl"]


def test_host_hears_the_height_within_bounds(host: Host) -> None:
    host.show(host.frame("/embed/covid/summaries/#count=1") + host.frame("/embed/training/summaries/"))
    host.page.wait_for_function("heard.length >= 2")
    heard = host.page.evaluate("heard")
    assert {each["message"] for each in heard} == {"height"}
    assert all(100 <= each["value"] <= 4000 for each in heard)
    inner = host.page.frames[1].evaluate("document.body.getBoundingClientRect().height")
    assert any(abs(each["value"] - inner) <= 1 for each in heard)
    host.page.set_viewport_size({"width": 280, "height": 900})
    host.page.wait_for_function("before => heard.length > before", arg=len(heard))


def test_sandbox_of_wordpress_hears_height_and_link_under_its_name(host: Host) -> None:
    """A frame that may only run scripts: what is pressed is said, since no link leads anywhere."""
    hidden = host.frame("/updates/update-12/embed/#?secret=abc123", 'sandbox="allow-scripts"')
    frame = host.show(hidden.replace("border:0", "position:absolute;clip:rect(1px,1px,1px,1px)"))
    host.page.wait_for_function("heard.length > 0")
    host.page.evaluate("document.querySelector('iframe').removeAttribute('style')")
    assert host.page.evaluate("heard[0].secret") == "abc123"
    frame.get_by_role("link", name="Update 12").click()
    host.page.wait_for_function("heard.some(each => each.message === 'link')")
    said = host.page.evaluate("heard.find(each => each.message === 'link')")
    assert said == {"message": "link", "value": f"{host.ours.url}/updates/update-12/", "secret": "abc123"}
    host.page.evaluate("heard.length = 0; frames[0].postMessage({message: 'ready', secret: 'abc123'}, '*')")
    host.page.wait_for_function("heard.some(each => each.message === 'height')")
    assert [each for each in host.complaints if "sandbox" not in each.lower()] == []


def test_isolated_host_may_frame_us(host: Host) -> None:
    """A page that asks for isolation takes in only what agrees; the served fields of our kind do."""
    for path, answer in list(host.ours.answers.items()):
        if path.startswith("/embed/all/"):
            fields = {"Cross-Origin-Resource-Policy": "cross-origin", "Cross-Origin-Embedder-Policy": "require-corp"}
            host.ours.answers[path] = Answer(body=answer.body, fields={**answer.fields, **fields})
    isolated = {"Cross-Origin-Opener-Policy": "same-origin", "Cross-Origin-Embedder-Policy": "require-corp"}
    frame = host.show(host.frame("/embed/all/"), fields=isolated)
    expect(frame.get_by_role("listitem").first).to_be_visible()


def test_builder_shows_what_it_gives_to_copy(host: Host) -> None:
    """Both previews follow, Back is not filled with what was tried, and the lines work on another site."""
    page = host.page
    page.goto(host.ours.url + "/embed/")
    before = page.evaluate("history.length")
    page.locator("select[name=place]").select_option("covid")
    page.get_by_label("How many updates").fill("2")
    page.get_by_label("Level of the headings").select_option("4")
    page.get_by_label("Colors").select_option("dark")
    page.get_by_label("With summaries").check()
    page.get_by_label("With pictures").check()
    page.get_by_label("Color of the lines").fill("#9c1f4a")
    expect(page.frame_locator("iframe").get_by_role("listitem")).to_have_count(2)
    expect(page.locator(".sample feedsvc-updates").get_by_role("listitem")).to_have_count(2)
    assert page.evaluate("history.length") == before
    expect(page.locator("[data-place]:visible")).to_have_count(1)
    page.get_by_role("button", name="Frame (COVID)").click()
    frame = page.evaluate("navigator.clipboard.readText()")
    page.get_by_role("button", name="Element (COVID)").click()
    element = page.evaluate("navigator.clipboard.readText()")
    assert host.complaints == []
    for origin_only in (frame, element):
        assert "\n" not in origin_only
    for path in ("/covid/feed.json", urls.EMBED_SCRIPT):
        host.ours.answers[path] = Answer(
            body=host.ours.answers[path].body,
            media_type=host.ours.answers[path].media_type,
            fields={"Access-Control-Allow-Origin": "*"},
        )
    shown = host.show(frame + element)
    expect(shown.get_by_role("listitem")).to_have_count(2)
    expect(shown.get_by_role("heading", level=4)).to_have_count(1)
    expect(page.locator("feedsvc-updates").get_by_role("heading", level=4)).to_have_count(2)
    expect(page.locator("feedsvc-updates [part~=summary]")).to_have_count(2)
    assert page.locator("feedsvc-updates [part=list]").evaluate("list => getComputedStyle(list).borderTopColor") == (
        "rgb(156, 31, 74)"
    )


COLUMNS = {
    "a theme that keeps all to a column": "main { width: 700px } main > * { max-width: 400px; margin: 0 auto }",
    "a row": "main { width: 400px; display: flex } h1 { display: none }",
    "a centred column": "main { width: 400px; display: flex; flex-direction: column; align-items: center }",
    "a grid": "main { display: grid; grid-template-columns: 400px }",
    "a float": "main > div { float: left } main { width: 400px }",
    "nothing of the kind": "main { width: 400px }",
}


@pytest.mark.parametrize("column", COLUMNS)
def test_the_line_to_copy_keeps_to_the_column_of_its_host(host: Host, column: str) -> None:
    host.page.goto(host.ours.url + "/embed/")
    line = host.page.locator("[data-place=covid] textarea").first.input_value()
    host.page.set_viewport_size({"width": 900, "height": 900})
    host.show(f"<style>{COLUMNS[column]}</style>{line}")
    width = host.page.locator("iframe").evaluate("frame => frame.getBoundingClientRect().width")
    assert width == 400


def test_builder_shows_the_colour_that_it_offers_and_its_choices_in_rows(host: Host) -> None:
    page = host.page
    page.set_viewport_size({"width": 1280, "height": 900})
    page.goto(host.ours.url + "/embed/")
    lists = page.frame_locator("iframe").locator("ul.updates"), page.locator(".sample feedsvc-updates [part=list]")
    for colour, shown in ((None, "rgb(10, 87, 152)"), ("#9c1f4a", "rgb(156, 31, 74)")):
        if colour:
            page.get_by_label("Color of the lines").fill(colour)
        for each in lists:
            expect(each).to_have_css("border-top-color", shown)
    ticks = [page.get_by_label(name).bounding_box() for name in ("With summaries", "With pictures")]
    assert len({box["y"] for box in ticks if box}) == 1
    rows = page.locator(".choices :is(select, input)").evaluate_all(
        "all => all.map(each => [each.type === 'checkbox', Math.round(each.getBoundingClientRect().y)])"
    )
    assert not {y for is_tick, y in rows if is_tick} & {y for is_tick, y in rows if not is_tick}
    last = page.locator(".sample feedsvc-updates [part=home] a")
    expect(last).to_have_attribute("href", re.compile("^http"))


def test_builder_is_accessible_and_fits(host: Host) -> None:
    page = host.page
    page.goto(host.ours.url + "/embed/")
    page.wait_for_load_state("networkidle")
    for width in (320, 1280):
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate("document.documentElement.scrollWidth") <= width
    judge(page)
    page.emulate_media(color_scheme="dark")
    judge(page)


def test_builder_has_ready_lines_without_script(browser: Browser, origins: tuple[Origin, Origin]) -> None:
    ours = origins[0]
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(ours.url + "/embed/")
    expect(page.locator("form")).to_be_hidden()
    for summary in page.locator("summary").all()[1:]:
        summary.click()
    boxes = page.locator(".snippets textarea:visible")
    assert boxes.count() == 4 * 5
    for line in [box.input_value() for box in boxes.all()]:
        assert "\n" not in line
        for address in re.findall(r'(?:src|href)="([^"]+)"', line) or [line]:
            assert address.startswith(ours.url + "/"), address
    links = [box.input_value() for box in boxes.all()][2]
    assert parser.fromstring(f"<div>{links}</div>").xpath("count(//li/a)") == 5
    context.close()
