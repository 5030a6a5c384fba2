"""``<feedsvc-updates>`` in pages of other origins: strict and hostile surroundings, and feeds nobody should send."""

import gzip
import json
import random
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from importlib.resources import files
from threading import Event
from time import monotonic
from typing import Any
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Locator, Page, expect

from feedsvc.formats import FORMATS
from feedsvc.languages import direction
from tests.harness.origins import Answer, Origin, serve
from tests.make import make_entry, make_feed, make_image, make_site

SCRIPT = files("feedsvc.pages").joinpath("static", "embed-1.js").read_bytes()
OPEN = {"Access-Control-Allow-Origin": "*"}
PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d494844520000000100000001080600000 01f15c4890000000d49444154789c6360606060000000"
    "050001a5f645400000000049454e44ae426082".replace(" ", "")
)
ITEM = {
    "id": "1",
    "title": "Masks are required again from Monday",
    "url": "/updates/masks/",
    "summary": "N95 in every unit.",
    "date_published": "2026-03-01T23:30:00-08:00",
}
FEED = {
    "version": "https://jsonfeed.org/version/1.1",
    "title": "Local 7 Updates: COVID",
    "home_page_url": "/covid/",
    "language": "en-US",
    "items": [ITEM | {"id": str(n), "title": f"{ITEM['title']} {n}"} for n in range(1, 31)],
}
STATES = (
    "[...document.querySelectorAll('feedsvc-updates')].every("
    "each => each.shadowRoot?.querySelector('[part~=ready], [part~=empty], [part~=error]'))"
)
PATIENCE = 30  # seconds
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
ALLOWED = {"DIV", "UL", "LI", "H3", "A", "P", "TIME", "IMG", "SLOT"}


def as_feed(value: Any) -> Answer:
    return Answer(body=json.dumps(value).encode(), media_type="application/feed+json", fields=OPEN)


@dataclass
class Host:
    """A page of another origin that shows our feeds, and what the browser said meanwhile."""

    feeds: Origin
    site: Origin
    page: Page
    complaints: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)

    def tag(self, path: str = "/feed.json", attributes: str = "", inside: str = "") -> str:
        return f'<feedsvc-updates src="{self.feeds.url}{path}" {attributes}>{inside}</feedsvc-updates>'

    def show(self, body: str, *, head: str = "", policy: str = "", script: str = "module", html: str = "") -> Page:
        """Open a page with this body that loads the script, and wait until every element has settled."""
        source = f"{self.feeds.url}/embed-1.js"
        load = f'<script type="{script}" src="{source}" crossorigin></script>' if script else ""
        text = f'<!doctype html><html lang="en" {html}><head><title>Host</title>{head}</head><body>'
        text += f"<main><h1>Our hospital</h1><h2>News</h2>{body}</main>{load}</body></html>"
        fields = {"Content-Security-Policy": policy} if policy else {}
        self.site.answers["/"] = Answer(body=text.encode(), fields=fields)
        self.page.goto(self.site.url + "/")
        deadline = monotonic() + PATIENCE
        while not self.page.evaluate(STATES):  # ``wait_for_function`` evaluates text, which strict policies forbid
            assert monotonic() < deadline
            self.page.wait_for_timeout(20)
        return self.page

    def part(self, name: str) -> Locator:
        return self.page.locator(f"feedsvc-updates [part~={name}]")


@pytest.fixture(scope="module")
def origins() -> Iterator[tuple[Origin, Origin]]:
    with serve() as feeds, serve() as site:
        yield feeds, site


@pytest.fixture
def host(browser: Browser, origins: tuple[Origin, Origin]) -> Iterator[Host]:
    feeds, site = origins
    feeds.answers.clear()
    feeds.answers["/embed-1.js"] = Answer(body=SCRIPT, media_type="text/javascript", fields=OPEN)
    feeds.answers["/feed.json"] = as_feed(FEED)
    site.answers["/favicon.ico"] = Answer(status=204)
    feeds.answers["/pixel.png"] = Answer(body=PIXEL, media_type="image/png")
    with ExitStack() as closing:
        context = browser.new_context(viewport={"width": 390, "height": 800}, reduced_motion="reduce")
        closing.callback(context.close)
        host = Host(feeds, site, context.new_page())
        host.page.on("console", lambda message: host.complaints.append(f"{message.type}: {message.text}"))
        host.page.on("pageerror", lambda error: host.complaints.append(str(error)))
        host.page.on("request", lambda request: host.requests.append(request.url))
        yield host


def test_element_weighs_next_to_nothing() -> None:
    assert len(gzip.compress(SCRIPT)) <= 5_000


def test_updates_of_a_real_feed_are_shown(host: Host) -> None:
    """Title, day by the publisher's clock, summary and picture; every link leads to the top."""
    site = make_site(base_url=host.feeds.url + "/", language="en-US", time_zone="America/Los_Angeles")
    entry = make_entry(
        1,
        title="Masks & <gowns> are required",
        permalink=host.feeds.url + "/updates/masks/",
        image=make_image(url=host.feeds.url + "/pixel.png", width=1, height=1),
    )
    feed = make_feed(entry, site=site, home_url=host.feeds.url + "/covid/")
    json_feed = next(each for each in FORMATS if each.file_name == "feed.json")
    host.feeds.answers["/covid/feed.json"] = Answer(
        body=json_feed.render(feed, host.feeds.url + "/covid/feed.json"), media_type=json_feed.media_type, fields=OPEN
    )
    host.show(host.tag("/covid/feed.json", "summaries pictures"))
    expect(host.page.get_by_role("heading", level=3)).to_have_text("Masks & <gowns> are required")
    expect(host.part("date")).to_have_text("February 1, 2026")
    expect(host.part("summary")).to_have_text(entry.summary)
    expect(host.part("home")).to_have_text(feed.title)
    links = host.page.locator("feedsvc-updates a")
    assert links.evaluate_all("links => links.map(link => [link.href, link.target])") == [
        [host.feeds.url + "/updates/masks/", "_top"],
        [host.feeds.url + "/covid/", "_top"],
    ]
    assert host.part("picture").evaluate("image => image.decode().then(() => image.naturalWidth)") == 1
    host.feeds.answers["/updates/masks/"] = Answer(body=b"<title>Masks</title>")
    host.part("link").first.click()
    host.page.wait_for_url(host.feeds.url + "/updates/masks/")


def test_count_and_heading_level_keep_their_bounds(host: Host) -> None:
    bounds = {
        "": (5, 3),
        'count="3" heading="4"': (3, 4),
        'count="900" heading="9"': (20, 6),
        'count="-1" heading="1"': (1, 2),
    }
    host.show("".join(host.tag(attributes=each) for each in bounds))
    for element, (count, level) in zip(host.page.locator("feedsvc-updates").all(), bounds.values(), strict=True):
        expect(element.get_by_role("listitem")).to_have_count(count)
        expect(element.get_by_role("heading", level=level)).to_have_count(count)
    expect(host.part("date").first).to_have_text("March 1, 2026")
    expect(host.part("summary")).to_have_count(0)


def test_host_with_the_strictest_policy_shows_it_dressed(host: Host) -> None:
    """No inline style, no markup from text, and only our origin to ask."""
    policy = (
        f"default-src 'none'; style-src 'self'; script-src {host.feeds.url}; connect-src {host.feeds.url}; "
        "require-trusted-types-for 'script'; trusted-types 'none'"
    )
    host.show(host.tag(attributes='accent="#9c1f4a" scheme="dark"'), policy=policy)
    assert host.complaints == []
    assert host.part("feed").evaluate("feed => getComputedStyle(feed).backgroundColor") == "rgb(18, 34, 44)"
    assert host.part("list").evaluate("list => getComputedStyle(list).borderTopColor") == "rgb(156, 31, 74)"
    assert {urlsplit(each).netloc for each in host.requests} == {
        urlsplit(host.feeds.url).netloc,
        urlsplit(host.site.url).netloc,
    }
    assert host.page.context.cookies() == []


def test_host_that_forbids_to_ask_shows_what_is_inside_the_tag(host: Host) -> None:
    inside = "<h3>Local 7</h3><ul><li><a href='https://a.example/'>Masks</a></li></ul>"
    host.show(host.tag(inside=inside), policy=f"connect-src 'none'; script-src {host.feeds.url}")
    expect(host.page.get_by_role("link", name="Masks")).to_be_visible()
    expect(host.part("error")).to_have_count(1)


def test_script_may_be_there_twice(host: Host) -> None:
    for first, second in (("module", "module"), ("text/javascript", "text/javascript"), ("text/javascript", "module")):
        head = f'<script type="{first}" src="{host.feeds.url}/embed-1.js"></script>'
        host.show(host.tag() + host.tag(attributes="summaries"), head=head, script=second)
        expect(host.part("ready")).to_have_count(2)
        expect(host.part("summary")).to_have_count(5)
    assert host.complaints == []


def test_hostile_style_of_the_host_stays_outside(host: Host) -> None:
    style = (
        "* { text-transform: uppercase !important; letter-spacing: 2em !important; line-height: 0 !important; "
        "text-indent: -999em !important; white-space: nowrap !important; float: left; border: 9px dotted red; "
        "list-style: square !important; text-align: right !important } a { display: none !important } "
        "li, ul, p, h3, [part] { display: none !important; color: red !important }"
    )
    host.show(host.tag(attributes="summaries"), head=f"<style>{style}</style>")
    title = host.part("link").first
    expect(title).to_be_visible()
    looks = title.evaluate(
        "link => { const style = getComputedStyle(link); return [style.textTransform, style.letterSpacing, "
        "style.textIndent, style.whiteSpace, style.borderTopWidth, style.textAlign] }"
    )
    assert looks == ["none", "normal", "0px", "normal", "0px", "start"]
    assert title.evaluate("link => link.getBoundingClientRect().height") >= 16


def test_host_decides_on_the_look_by_parts_and_properties(host: Host) -> None:
    style = (
        "body { color: rgb(1, 2, 3); font-family: monospace } feedsvc-updates { --feedsvc-accent: rgb(4, 5, 6) } "
        "feedsvc-updates::part(title) { font-size: 31px }"
    )
    host.show(host.tag(), head=f"<style>{style}</style>")
    look = "(each, name) => getComputedStyle(each)[name]"
    assert host.part("link").first.evaluate(look, "color") == "rgb(1, 2, 3)"
    assert host.part("link").first.evaluate(look, "fontFamily") == "monospace"
    assert host.part("title").first.evaluate(look, "fontSize") == "31px"
    assert host.part("list").evaluate(look, "borderTopColor") == "rgb(4, 5, 6)"


def test_nobody_sees_bare_content_in_a_browser_without_constructable_styles(host: Host) -> None:
    host.page.add_init_script("delete window.CSSStyleSheet.prototype.replaceSync")
    host.show(host.tag())
    assert host.part("list").evaluate("list => getComputedStyle(list).borderTopWidth") == "4px"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_element_is_accessible_and_fits(host: Host, scheme: Any) -> None:
    """On hosts of both schemes, and in every one of its own; at the width of a small telephone."""
    long = {"id": "w", "title": "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft"}
    words = {"summary": "https://elsewhere.example/" + "a-long-way-without-any-space/" * 6}
    host.feeds.answers["/feed.json"] = as_feed(FEED | {"items": [ITEM | long | words, ITEM | {"image": "/pixel.png"}]})
    host.page.emulate_media(color_scheme=scheme)
    own = [
        host.tag(attributes=f'summaries pictures accent="#ffff00" scheme="{each}"')
        for each in ("light", "dark", "auto")
    ]
    ground = "background: #111; color: #eee" if scheme == "dark" else "background: #fff; color: #222"
    host.show("".join([host.tag(attributes="summaries"), *own]), html=f'style="{ground}"')
    for width in (280, 320, 390, 1280):
        host.page.set_viewport_size({"width": width, "height": 800})
        assert host.page.evaluate("document.documentElement.scrollWidth") <= width
    results = Axe().run(host.page, options={"runOnly": {"type": "tag", "values": WCAG}})
    assert not results.response["violations"], results.generate_report()


RIGHT_TO_LEFT = ("ar", "he", "fa-IR", "ur", "pa-PK", "az-IR", "ckb", "sd", "ug", "yi", "dv", "uz-Arab", "nqo", "ps")
LANGUAGES = (*RIGHT_TO_LEFT, "pa", "sd-IN", "en", "es-MX", "zh-Hant", "ar-Latn")


def test_every_language_runs_its_way(host: Host) -> None:
    """As the program's own table has it; dates and what stands around are the feed's."""
    items = [ITEM | {"language": tag} for tag in LANGUAGES]
    host.feeds.answers["/feed.json"] = as_feed(FEED | {"items": items, "language": "es"})
    host.show(host.tag(attributes='count="20" summaries'))
    found = host.part("summary").evaluate_all("each => each.map(one => [one.lang, getComputedStyle(one).direction])")
    assert found == [[tag, direction(tag)] for tag in LANGUAGES]
    assert host.part("date").evaluate_all(
        "each => [...new Set(each.map(one => [one.lang, one.innerText].join()))]"
    ) == ["es,1 de marzo de 2026"]


def test_feed_without_language_runs_as_its_letters_do(host: Host) -> None:
    items = [ITEM, ITEM | {"title": "الكمامات إلزامية"}]
    host.feeds.answers["/feed.json"] = as_feed({"items": items})
    host.show(host.tag(), html='dir="rtl"')
    found = host.part("title").evaluate_all("each => each.map(one => getComputedStyle(one).direction)")
    assert found == ["ltr", "rtl"]
    assert host.part("home").count() == 0


EMPTY: dict[str, Any] = {"items": []}
BROKEN = {
    "not JSON": Answer(body=b"<html>", fields=OPEN),
    "a list": as_feed([]),
    "null": as_feed(None),
    "items of another kind": as_feed({"items": {"filter": 1}}),
    "deep": Answer(body=b"[" * 200_000, fields=OPEN),
    "cut": Answer(body=json.dumps(FEED).encode()[:-9], fields=OPEN),
    "nothing": Answer(fields=OPEN),
    "gone": Answer(status=404, fields=OPEN),
    "broken server": Answer(status=500, body=json.dumps(FEED).encode(), fields=OPEN),
    "not open": Answer(body=json.dumps(FEED).encode()),
    "huge": Answer(body=lambda: (b" " * 100_000 for _ in range(1_000)), fields=OPEN),
    "empty": as_feed(EMPTY),
    "only rubbish": as_feed({"items": [None, 1, "two", [], {}, {"title": 3}, {"title": " "}]}),
}


def test_what_stands_inside_the_tag_is_shown_when_the_feed_has_nothing(host: Host) -> None:
    """With the snippet's words for it; never an error that the page would have to bear."""
    words = 'error-text="Read them here:" empty-text="Nothing yet."'
    tags = [host.tag(f"/{case}", words, f"<a href='https://a.example/'>{case}</a>") for case in BROKEN]
    host.feeds.answers |= {f"/{case.replace(' ', '%20')}": answer for case, answer in BROKEN.items()}
    host.show("".join(tags))
    for case, element in zip(BROKEN, host.page.locator("feedsvc-updates").all(), strict=True):
        expect(element.get_by_role("link", name=case)).to_be_visible()
        expected = "Nothing yet." if case in {"empty", "only rubbish"} else "Read them here:"
        expect(element.get_by_role("status")).to_have_text(expected)
    assert [each for each in host.complaints if "Failed to load" not in each and "CORS" not in each] == []


def test_slow_feed_is_waited_for_with_words_and_given_up(host: Host) -> None:
    late = Event()

    def wait() -> Iterator[bytes]:
        yield b"{"
        late.wait(30)

    host.feeds.answers["/feed.json"] = Answer(body=wait, fields=OPEN)
    host.page.clock.install()
    words = 'loading-text="One moment" error-text="Read them here:"'
    try:
        text = host.tag(attributes=words, inside="<a href='https://a.example/'>All updates</a>")
        load = f'<script type="module" src="{host.feeds.url}/embed-1.js" crossorigin></script>'
        host.site.answers["/slow"] = Answer(body=f"<!doctype html>{text}{load}".encode())
        host.page.goto(host.site.url + "/slow")
        expect(host.page.get_by_role("status")).to_have_text("One moment")
        expect(host.page.get_by_role("link", name="All updates")).to_be_visible()
        expect(host.part("loading")).to_have_attribute("aria-busy", "true")
        host.page.clock.fast_forward(16_000)
        expect(host.page.get_by_role("status")).to_have_text("Read them here:")
    finally:
        late.set()


def test_changed_attributes_and_moves_are_followed(host: Host) -> None:
    host.feeds.answers["/other.json"] = as_feed(FEED | {"items": [ITEM | {"title": "Another"}]})
    page = host.show(host.tag() + "<aside></aside>")
    page.evaluate(
        "address => { const each = document.querySelector('feedsvc-updates'); "
        "each.setAttribute('src', address); each.setAttribute('heading', '2') }",
        f"{host.feeds.url}/other.json",
    )
    expect(page.get_by_role("heading", level=2, name="Another")).to_be_visible()
    page.evaluate("document.querySelector('aside').append(document.querySelector('feedsvc-updates'))")
    expect(page.locator("aside").get_by_role("heading", name="Another")).to_be_visible()
    page.evaluate("document.querySelector('feedsvc-updates').remove()")
    assert host.complaints == []


WICKED = (
    "<img src=x onerror='ran=1'>",
    "<script>ran=1</script>",
    "'\"><svg onload=ran=1>",
    "javascript:ran=1",
    "java\nscript:ran=1",
    " JaVaScRiPt:ran=1//https://a.example",
    "data:text/html,<script>top.ran=1</script>",
    "data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg' onload='ran=1'/>",
    "vbscript:ran=1",
    "blob:null/1",
    "https://user:secret@a.example/",
    "//elsewhere.invalid/pixel.png",
    "https://elsewhere.invalid/pixel.png",
    "http://[::bad",
    "\u202eevil\u202c\u2067",
    "\ud800",
    "\0",
    "x" * 5_000,
    "{{constructor.constructor('ran=1')()}}",
    "en-",
    "ar",
    "2026-13-45",
    "2026-03-01",
    "",
    " ",
    "/updates/a/",
)
OTHERS: tuple[Any, ...] = (
    None,
    True,
    0,
    -1e308,
    1e400,
    [],
    {},
    [[]],
    {"toString": "ran=1"},
    {"__proto__": {"href": 1}},
)
KEYS = (
    "title",
    "url",
    "summary",
    "date_published",
    "language",
    "image",
    "__proto__",
    "constructor",
    "items",
    "content_html",
)


def wicked_feed(dice: random.Random) -> Any:
    def value() -> Any:
        return dice.choice(WICKED) if dice.random() < 0.8 else dice.choice(OTHERS)

    def item() -> Any:
        return (
            value() if dice.random() < 0.1 else {key: value() for key in dice.sample(KEYS, dice.randint(1, len(KEYS)))}
        )

    frame = {key: value() for key in ("title", "home_page_url", "language", "feed_url") if dice.random() < 0.8}
    return frame | {"items": value() if dice.random() < 0.05 else [item() for _ in range(dice.randint(0, 12))]}


def test_nothing_in_a_feed_can_run(host: Host) -> None:
    """A hundred feeds of markup, scripts and nonsense: each element settles, and holds only what it makes itself."""
    dice = random.Random(7600)
    for number in range(100):
        host.feeds.answers[f"/{number}.json"] = as_feed(wicked_feed(dice))
    tags = [host.tag(f"/{number}.json", 'count="20" summaries pictures') for number in range(100)]
    page = host.show("".join(tags))
    page.wait_for_load_state("networkidle")
    inside = (
        "[...document.querySelectorAll('feedsvc-updates')].flatMap(each => [...each.shadowRoot.querySelectorAll('*')])"
    )
    names = page.evaluate(f"[...new Set({inside}.map(each => each.tagName))]")
    assert set(names) <= ALLOWED
    assert {"LI", "A", "IMG"} <= set(names)
    attributes = page.evaluate(f"[...new Set({inside}.flatMap(each => each.getAttributeNames()))]")
    assert not [name for name in attributes if name.startswith("on")]
    addresses = page.evaluate(f"{inside}.map(each => each.href || each.src).filter(Boolean)")
    assert {urlsplit(each).scheme for each in addresses} <= {"http", "https"}
    assert not [each for each in addresses if "@" in urlsplit(each).netloc]
    pictures = page.evaluate(f"{inside}.map(each => each.src).filter(Boolean)")
    assert {"{0.scheme}://{0.netloc}".format(urlsplit(each)) for each in pictures} == {host.feeds.url}
    known = {urlsplit(origin.url).netloc for origin in (host.feeds, host.site)}
    assert {urlsplit(each).netloc for each in host.requests} == known
    assert page.evaluate("typeof window.ran") == "undefined"
    assert not [each for each in host.complaints if "Failed to load resource" not in each]
