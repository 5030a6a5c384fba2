"""The pages in a real browser: what members see, reach by keyboard, and can copy; and what the pages must never do."""

import re
import subprocess
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, Request, expect
from werkzeug.serving import make_server

from feedsvc import urls
from feedsvc.kinds import PAGE, UPDATE
from feedsvc.model import Withdrawal
from feedsvc.pages.assets import assets
from feedsvc.pages.following import following_page
from feedsvc.pages.gone import gone_page
from feedsvc.pages.not_found import not_found_page
from feedsvc.pages.place import place_page
from feedsvc.pages.search import search_page
from feedsvc.pages.update import Neighbours, update_page
from feedsvc.pages.year import year_page
from feedsvc.places import ALL, Place, home_of
from feedsvc.publication.reader import Reader
from feedsvc.settings import Settings
from feedsvc.web.app import create_app
from tests.harness.folder import SHIPPED, publish_folder
from tests.harness.http_server import run_server
from tests.harness.judges import find_program
from tests.make import BASE_URL, PDF, SINCE, SPREADSHEET, make_category, make_entry, make_image, make_site

PALE = """() => [...document.querySelectorAll("body *")]
    .filter((each) => [...each.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.data.trim()))
    .filter((each) => each.checkVisibility() && each.clientWidth !== 1)
    .map((each) => [each.textContent.trim(), getComputedStyle(each).color])
    .filter(([, colour]) => Math.max(...colour.match(/[0-9]+/g).slice(0, 3)) > 85)"""
KINDS = {
    "landing": "/",
    "category": "/pay/",
    "year": "/pay/2026/",
    "category-empty": "/training/",
    "update": "/updates/retroactive-pay/",
    "follow": "/pay/subscribe/",
    "search": "/search/",
    "not-found": "/no/such/page/",
    "gone": "/updates/withdrawn/",
}
RIGHT_TO_LEFT = {
    "update among others": "/updates/kamamat/",
    "its site": "/ar/",
    "its subject": "/ar/pay/",
    "its page": "/ar/updates/kamamat/",
}
SPANISH = {
    "landing in Spanish": "/es/",
    "category in Spanish": "/es/pay/",
    "follow in Spanish": "/es/pay/subscribe/",
    "search in Spanish": "/es/search/",
    "update in Spanish": "/es/updates/retroactive-pay/",
}
WIDTHS = (320, 360, 390, 620, 660, 768, 980, 1000, 1280, 1600)
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
COLOURS = ["color-contrast", "link-in-text-block", "target-size"]
LONG = "https://elsewhere.example/" + "a-long-way-without-any-space/" * 6
BODY = (
    f'<p>Look at your stub on Friday: <a href="{LONG}">{LONG}</a>, or <a href="{BASE_URL}updates/a/">the first</a>.</p>'
    "<h2>Amounts</h2><table><thead><tr>"
    + "".join(f"<th>Step {step} of the scale</th>" for step in range(1, 9))
    + "</tr></thead><tbody><tr>"
    + "".join(f"<td>${20 + step}.10 an hour</td>" for step in range(1, 9))
    + "</tr></tbody></table>"
    f'<h3>What to do</h3><ol><li>Compare.</li><li>Ask payroll.</li></ol><p><img src="{BASE_URL}files/icon.png" '
    'alt="A pay stub" width="1600" height="900"></p><blockquote><p>That is a union, too.</p></blockquote>'
    "<p>Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft</p>"
)
WITHDRAWAL = Withdrawal(date=SINCE, reason="No fee has been agreed.", title="A fee for parking")
FOCUSABLE = "a[href], button, textarea, summary, [tabindex='0']"


WEIGHT = """() => ["navigation", "resource"].flatMap((type) => performance.getEntriesByType(type))
    .reduce((sum, entry) => sum + entry.encodedBodySize, 0)"""
FIRST_TITLE = "() => document.querySelector('.news h3').getBoundingClientRect().top"
BEYOND = """() => [...document.querySelectorAll("header a")].filter((link) => link.className !== "skip")
    .filter((link) => link.getBoundingClientRect().right > innerWidth).map((link) => link.textContent)"""


@dataclass
class Seen:
    """What a page did while it was open: its complaints, and the addresses it asked for."""

    complaints: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)


class Opener:
    """Opens pages of the site in fresh contexts, which are closed after the test."""

    def __init__(self, browser: Browser, site_url: str, closing: ExitStack) -> None:
        self._browser = browser
        self._closing = closing
        self.site_url = site_url
        self.seen = Seen()
        self.context: BrowserContext | None = None

    def __call__(self, kind: str, **options: Any) -> Page:
        self.context = self._browser.new_context(**{"viewport": {"width": 390, "height": 800}} | options)
        self._closing.callback(self.context.close)
        page = self.context.new_page()
        page.on("console", lambda message: self.seen.complaints.append(f"{message.type}: {message.text}"))
        page.on("pageerror", lambda error: self.seen.complaints.append(str(error)))
        page.on("request", self._note)
        page.goto(self.site_url + (KINDS | RIGHT_TO_LEFT | SPANISH)[kind])
        return page

    def _note(self, request: Request) -> None:
        self.seen.requests.append(request.url)


Open = Callable[..., Page]


@pytest.fixture(scope="module")
def site_url() -> Iterator[str]:
    """The address, without a final slash, of a server that has the pages of ``KINDS``."""
    documents = render_site()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            media_type, body = documents.get(self.path, documents[urls.NOT_FOUND])
            self.send_response(200 if self.path in documents else 404)
            self.send_header("Content-Type", media_type)
            self.send_header("Content-Length", str(len(body)))
            self.send_header("Content-Security-Policy", PAGE.policy)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Keep the test's output to itself."""

    with run_server(Handler) as port:
        yield f"http://127.0.0.1:{port}"


@pytest.fixture
def visit(browser: Browser, site_url: str) -> Iterator[Opener]:
    with ExitStack() as closing:
        yield Opener(browser, site_url, closing)


@pytest.fixture(params=KINDS)
def kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def render_site() -> dict[str, tuple[str, bytes]]:
    """(media type, body) by path: eight categories, so that every colour is judged, and every kind of content."""
    slugs = ("covid", "bargaining", "training", "pay", "safety", "staffing", "benefits", "community")
    artwork = {name: f"{BASE_URL}files/icon.{name}" for name in ("svg", "png")}
    site = make_site(
        title="Local 1107 Member Updates",
        language="en-US",
        favicon_url=artwork["svg"],
        icon=make_image(url=artwork["png"], media_type="image/png", width=512, height=512),
        categories=tuple(make_category(slug) for slug in slugs),
        mixes=(("covid", "pay"), ("covid", "training", "pay")),
    )
    other = replace(site, title="Avisos del Local 1107", language="es", edition="es", origin="en-US")
    site = replace(site, translations=(other,), digest="bilingual")
    entries = [
        make_entry(n, title=f"News on {slug} for everyone", categories=(slug, "pay"))
        for n, slug in enumerate(slugs, 1)
        if slug not in {"training", "pay"}
    ]
    rich = make_entry(
        9,
        slug="retroactive-pay",
        title="Retroactive pay is in this week's paycheck",
        categories=("pay", "bargaining"),
        content_html=BODY,
        updated=entries[-1].published.replace(month=12),
        change_note="Payroll has named the line on the stub.",
        image=make_image(url=artwork["png"], width=512, height=512),
        link="https://elsewhere.example/agreement",
        enclosures=(PDF, SPREADSHEET),
    )
    arabic = make_entry(
        8,
        slug="kamamat",
        title="COVID: الكمامات إلزامية من جديد",
        summary="الكمامات (N95) إلزامية من يوم الاثنين.",
        categories=("covid", "pay"),
        language="ar",
        content_html="<p>ضع الكمامة <strong>N95</strong> في كل قسم!</p><ol><li>عند المدخل</li></ol>" + BODY,
        enclosures=(PDF,),
    )
    withdrawn = make_entry(11, title="Withdrawn: A fee for parking", categories=("pay",), withdrawal=WITHDRAWAL)
    turned = replace(site, language="ar", title="أخبار النقابة Local 7600", digest="turned")
    spanish = replace(site, language="es-US", digest="spanish")
    around = Neighbours(newer=entries[0], older=entries[1], related=tuple(entries[2:]))
    lines = [(entry, entry.published) for entry in (rich, arabic, *entries)]
    rendered = {
        "/": place_page(site, home_of(site), (rich, *entries)),
        "/pay/": place_page(site, Place(("pay",)), (rich, *entries)),
        "/pay/2026/": year_page(site, Place(("pay",), year=2026), lines, (2027, 2024)),
        "/training/": place_page(site, Place(("training",)), ()),
        "/pay/subscribe/": following_page(site, Place(("pay",))),
        "/search/": search_page(site, (2026, 2024), ()),
        "/es/search/": search_page(spanish, (2026, 2024), ()),
        "/subscribe/": following_page(site, ALL),
        "/es/pay/subscribe/": following_page(spanish, Place(("pay",))),
        "/updates/retroactive-pay/": update_page(site, rich, around),
        "/updates/kamamat/": update_page(site, arabic, around),
        "/ar/": place_page(turned, home_of(turned), (arabic, rich)),
        "/ar/pay/": place_page(turned, Place(("pay",)), (arabic, rich)),
        "/ar/updates/kamamat/": update_page(turned, arabic, around),
        "/es/": place_page(spanish, home_of(spanish), (rich, arabic, *entries)),
        "/es/pay/": place_page(spanish, Place(("pay",)), (rich, *entries)),
        "/es/updates/retroactive-pay/": update_page(spanish, rich, around),
        "/updates/withdrawn/": gone_page(site, withdrawn),
        urls.NOT_FOUND: not_found_page(site),
    }
    folder = Path(__file__).parents[1] / "content" / "files"
    return (
        {path: ("text/html; charset=utf-8", body) for path, body in rendered.items()}
        | {urls.asset_path(each.name_with_digest): (each.media_type, each.body) for each in assets()}
        | {"/files/icon.svg": ("image/svg+xml", (folder / "icon.svg").read_bytes())}
        | {"/files/icon.png": ("image/png", (folder / "icon.png").read_bytes())}
    )


def judge(page: Page, rules: dict[str, Any]) -> None:
    """Fail with axe's own report if the page breaks one of the rules, or if none applied."""
    results = Axe().run(page, options={"runOnly": rules})
    assert not results.response["violations"], results.generate_report()
    assert results.response["passes"]


def test_page_is_accessible(visit: Opener, kind: str) -> None:
    """Every rule in the light scheme; in the dark one, what a change of colours can break."""
    page = visit(kind, color_scheme="light", reduced_motion="reduce")
    page.evaluate("for (const each of document.querySelectorAll('details')) each.open = true")
    for width in (320, 1280):
        page.set_viewport_size({"width": width, "height": 800})
        page.emulate_media(color_scheme="light")
        judge(page, {"type": "tag", "values": WCAG})
        page.emulate_media(color_scheme="dark")
        judge(page, {"type": "rule", "values": COLOURS})


def test_ticked_subjects_lead_to_their_mix(visit: Opener) -> None:
    """Each alone to its own page, all to everything, and what is no mix is said to be none."""
    page = visit("landing")
    form = page.locator("form.mixes")
    link, said = form.get_by_role("link"), form.locator("[aria-live]")
    expect(link).to_be_hidden()
    for title, href in (("pay", "/pay/"), ("covid", "/covid_pay/"), ("training", "/covid_training_pay/")):
        form.get_by_label(title).check()
        expect(link).to_have_attribute("href", href)
    form.get_by_label("safety").check()
    expect(link).to_be_hidden()
    expect(said).to_have_text("There is no feed for these together. Follow them one by one.")
    for box in form.get_by_role("checkbox").all():
        box.check()
    expect(link).to_have_attribute("href", "/")
    expect(said).to_be_empty()


def test_page_keeps_to_itself(visit: Opener, kind: str) -> None:
    """No complaint, no request to another origin, no cookie, nothing stored."""
    page = visit(kind)
    for path in ("", "#subscribe"):
        page.goto(visit.site_url + KINDS[kind] + path)
    assert [each for each in visit.seen.complaints if "404" not in each or kind != "not-found"] == []
    assert {"{0.scheme}://{0.netloc}".format(urlsplit(each)) for each in visit.seen.requests} == {visit.site_url}
    assert visit.context
    assert visit.context.cookies() == []
    assert page.evaluate("localStorage.length + sessionStorage.length") == 0


def test_page_fits_every_width(visit: Opener, kind: str) -> None:
    """Also where a reader has doubled the size of text."""
    page = visit(kind)
    for size in (16, 32):
        page.evaluate("size => document.documentElement.style.fontSize = `${size}px`", size)
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 800})
            assert page.evaluate("document.documentElement.scrollWidth") <= width, f"{width} pixels, text {size}"


def test_keyboard_reaches_everything(visit: Opener, kind: str) -> None:
    """Tab goes first to the skip link, then everywhere, and one always sees where it is; the link skips."""
    page = visit(kind, reduced_motion="reduce")
    there = page.locator(FOCUSABLE).filter(visible=True).count()
    page.evaluate("""() => {
        window.outlines = new Map();
        document.addEventListener("focusin", ({target}) => outlines.set(target, getComputedStyle(target).outlineStyle));
    }""")
    page.keyboard.press("Tab")
    expect(page.locator(":focus")).to_have_attribute("href", "#main")
    expect(page.locator(":focus")).to_be_in_viewport(ratio=1)
    for _ in range(there - 1):
        page.keyboard.press("Tab")
    assert page.evaluate("[...outlines.values()]") == ["solid"] * there
    page.locator("a[href='#main']").press("Enter")
    expect(page.locator("main")).to_be_focused()


@pytest.mark.parametrize(
    ("kind", "clipboard"),
    [("landing", "there"), ("follow", "there"), ("category-empty", "refused"), ("update", "there")],
    indirect=["kind"],
)
def test_copy_puts_the_address_on_the_clipboard(visit: Opener, kind: str, clipboard: str) -> None:
    page = visit(kind, permissions=["clipboard-read", "clipboard-write"])
    if clipboard == "refused":
        page.evaluate("() => { navigator.clipboard.writeText = () => Promise.reject(new Error('refused')); }")
    for button in page.locator("button[data-field]").filter(visible=True).all()[:2]:
        address = page.locator(f"#{button.get_attribute('data-field')}")
        button.focus()
        page.keyboard.press("Enter")
        expect(button.locator("span").first).to_have_text("Copied")
        expect(page.get_by_role("status")).to_contain_text("Copied: ")
        assert page.evaluate("navigator.clipboard.readText()") == address.input_value()


APPLE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 Version/18.5 Mobile/15E148"
ANDROID = "Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 Chrome/156.0 Mobile Safari/537.36"
# where a second tap leads, from each page, by its name: what opens a reader or a calendar
TAPS = ("Open in a feed app", "Open in your calendar", "Add to Google Calendar", "Feedly")
OPENED = re.compile(r"feed:https://|webcal://|https://calendar\.google\.com/|https://feedly\.com/")


@pytest.mark.parametrize("kind", [*KINDS.keys() - {"category-empty"}], indirect=True)
def test_two_taps_from_any_page_open_a_reader_or_a_calendar(visit: Opener, kind: str) -> None:
    """By the keyboard as well, and on a telephone without script."""
    for script, agent in ((True, APPLE), (False, ANDROID)):
        page = visit(kind, user_agent=agent, java_script_enabled=script, has_touch=True)
        if kind != "follow":
            page.get_by_role("banner").get_by_role("link", name="Follow").tap()
        for name in TAPS:
            link = page.get_by_role("link", name=name)
            expect(link).to_be_visible()
            assert OPENED.match(link.get_attribute("href") or "")
    page = visit(kind, user_agent=ANDROID)
    if kind != "follow":
        page.get_by_role("banner").get_by_role("link", name="Follow").press("Enter")
    expect(page.get_by_role("link", name="Open in your calendar")).to_be_visible()
    expect(page.get_by_role("link", name="Open in a feed app")).to_be_hidden()  # few apps there know its address
    expect(page.get_by_role("link", name="Step by step")).to_have_attribute("href", "#steps")


def test_a_screen_reader_is_led_to_every_way_to_follow(visit: Opener) -> None:
    """The tree that browsers give it: what a part is called, and what can be done there."""
    page = visit("category", user_agent=APPLE)
    page.get_by_role("banner").get_by_role("link", name="Follow").click()
    expect(page.get_by_role("main")).to_match_aria_snapshot("""
        - main:
          - heading "Follow Pay" [level=1]
          - region "In a feed app":
            - paragraph:
              - link "Open in a feed app"
            - textbox "Pay (RSS)"
            - button "Copy the address of Pay (RSS)"
            - list:
              - listitem:
                - link "Feedly"
          - region "Dates in your calendar":
            - paragraph:
              - link "Open in your calendar"
              - link "Add to Google Calendar"
            - textbox "Pay (calendar)"
            - button "Copy the address of Pay (calendar)"
          - region "By email":
            - list:
              - listitem:
                - link "Blogtrottr"
          - region "From this screen to your phone":
            - img "QR code with the address of this page"
          - region "Step by step":
            - heading "iPhone" [level=3]
          - region "Which format?"
          - region "Follow something else"
    """)


def test_nothing_moves_while_a_page_opens(visit: Opener, kind: str) -> None:
    """What a script shows has its room from the start."""
    page = visit(kind, user_agent=APPLE)
    page.add_init_script("""new PerformanceObserver((list) => {
        window.moved = (window.moved ?? 0) + list.getEntries().reduce((sum, each) => sum + each.value, 0);
    }).observe({ type: "layout-shift", buffered: true });""")
    page.reload()
    page.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
    assert page.evaluate("window.moved ?? 0") < 0.01


def test_lines_are_as_long_whatever_font_the_device_has(visit: Opener) -> None:
    """As long as in Arial, so that they break alike."""
    page = visit("landing")
    for weight, width in ((400, 582), (700, 626)):
        seen = page.evaluate(
            """weight => {
                const line = document.body.appendChild(document.createElement("span"));
                line.style.cssText = `position: absolute; white-space: nowrap; font: ${weight} 16px var(--sans)`;
                line.textContent = "Reunión informativa sobre la votación: sábado en el salón del sindicato, con niños";
                return line.getBoundingClientRect().width;
            }""",
            weight,
        )
        assert seen == pytest.approx(width, rel=0.03)


def test_a_feed_is_sent_to_an_app_or_its_address_copied(visit: Opener) -> None:
    page = visit("follow", permissions=["clipboard-read", "clipboard-write"])
    refused = "Promise.reject(new DOMException('refused', 'NotAllowedError'))"
    page.add_init_script(f"({SHARE % refused})()")
    page.reload()
    page.get_by_role("button", name="Send to an app").click()
    expect(page.get_by_role("status")).to_have_text("Copied: Pay (RSS)")
    assert page.evaluate("navigator.clipboard.readText()") == f"{BASE_URL}pay/rss.xml"


@pytest.mark.parametrize("colours", [{"color_scheme": "light"}, {"color_scheme": "dark"}, {"forced_colors": "active"}])
def test_a_camera_reads_the_code_in_every_scheme(visit: Opener, tmp_path: Path, colours: dict[str, str]) -> None:
    zbar = find_program("zbarimg", package="zbar-tools")
    page = visit("follow", **colours)
    page.get_by_role("img", name="QR code with the address of this page").screenshot(path=tmp_path / "code.png")
    read = subprocess.run([zbar, "--quiet", "--raw", tmp_path / "code.png"], check=True, capture_output=True, text=True)
    assert read.stdout == f"{BASE_URL}pay/subscribe/\n"


SHARE = "() => { window.shared = []; navigator.share = (what) => (shared.push(what), %s); }"


@pytest.mark.parametrize(
    ("answer", "copied"),
    [
        ("Promise.resolve()", False),
        ("Promise.reject(new DOMException('closed', 'AbortError'))", False),
        ("Promise.reject(new DOMException('refused', 'NotAllowedError'))", True),
    ],
    ids=["shared", "closed", "refused"],
)
def test_an_update_is_shared_or_its_address_copied(visit: Opener, answer: str, *, copied: bool) -> None:
    """Who closes the sheet hears nothing of it; where there is none, there is no button for it."""
    page = visit("update", permissions=["clipboard-read", "clipboard-write"])
    expect(page.get_by_role("button", name="Share")).to_be_hidden()
    page.add_init_script(f"({SHARE % answer})()")
    page.reload()
    page.get_by_role("button", name="Share").press("Enter")
    address = f"{BASE_URL}updates/retroactive-pay/"
    expected = [{"title": "Retroactive pay is in this week's paycheck", "url": address}]
    page.wait_for_function("shared.length > 0")
    assert page.evaluate("shared") == expected
    expect(page.get_by_role("status")).to_have_text(f"Copied: {address}" if copied else "")
    page.get_by_role("button", name="Cop").first.press("Enter")
    expect(page.get_by_role("status")).to_have_text(f"Copied: {address}")
    assert page.evaluate("navigator.clipboard.readText()") == address


def test_page_works_without_script(visit: Opener, kind: str) -> None:
    page = visit(kind, java_script_enabled=False)
    expect(page.get_by_role("button")).to_have_count(0)
    for summary in page.locator("summary").all():
        summary.click()
    for address in page.locator("textarea").all():
        expect(address).to_be_visible()
        expect(address).not_to_be_editable()
        assert address.input_value().startswith(BASE_URL)
    expect(page.locator("#subscribe, .years").first).to_be_visible()


def test_the_shipped_pages_are_quiet_in_the_real_service(browser: Browser, tmp_path: Path) -> None:
    """Every page that is published, with the fields that it is served with: no complaint, nothing from elsewhere."""
    publication = tmp_path / "publication.db"
    publish_folder(SHIPPED, publication)
    server = make_server("127.0.0.1", 0, create_app(Settings(publication=publication)), threaded=True)
    thread = Thread(target=server.serve_forever)
    thread.start()
    try:
        origin = f"http://127.0.0.1:{server.server_port}"
        reader = Reader(publication)
        found = list(reader.every())
        paths = [each.path for each in found if each.kind in (PAGE, UPDATE)]
        pages = [each for each in found if each.media_type.startswith("text/html") and each.kind.status == 200]
        heaviest = {
            each.kind: each.path for each in sorted(pages, key=lambda each: len(each.variants.identity))
        }.values()
        reader.close()
        assert len(paths) > 18
        page = browser.new_page(viewport={"width": 390, "height": 800})
        seen = Seen()
        page.on("console", lambda message: seen.complaints.append(f"{page.url} {message.type}: {message.text}"))
        page.on("pageerror", lambda error: seen.complaints.append(f"{page.url} {error}"))
        page.on("request", lambda request: seen.requests.append(request.url))
        for path in paths:
            page.goto(origin + path)
            assert page.evaluate("document.documentElement.scrollWidth") <= 390, path
            assert page.evaluate(WEIGHT) < 100_000, path
        for path in heaviest:
            page.goto(origin + path)
            assert page.evaluate(WEIGHT) < 100_000, path
        for path in ("/", "/covid/"):
            page.goto(origin + path)
            assert page.evaluate(FIRST_TITLE) < 844 / 3, path
            assert page.evaluate(BEYOND) == [], path
        assert page.context.cookies() == []
        page.close()
        assert seen.complaints == []
        assert {"{0.scheme}://{0.netloc}".format(urlsplit(each)) for each in seen.requests} == {origin}
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def test_nothing_moves_for_readers_who_asked_for_stillness(visit: Opener) -> None:
    moving = "document.getAnimations().length"
    wide = {"width": 1280, "height": 800}
    assert visit("landing", viewport=wide, reduced_motion="no-preference").evaluate(moving) > 0
    assert visit("landing", viewport=wide, reduced_motion="reduce").evaluate(moving) == 0


def test_print_leaves_the_content(visit: Opener) -> None:
    page = visit("update")
    page.emulate_media(media="print")
    expect(page.locator("article")).to_be_visible()
    for part in ("nav >> nth=0", "#subscribe", ".pager"):
        expect(page.locator(part)).to_be_hidden()


def test_print_is_in_dark_ink_and_says_nothing_of_today(visit: Opener, kind: str) -> None:
    """Also what stands in white upon a colour, which browsers leave out."""
    page = visit(kind, color_scheme="dark")
    page.emulate_media(media="print", color_scheme="dark")
    assert page.evaluate(PALE) == []
    assert page.locator(".countdown >> visible=true").count() == 0


def test_wide_table_scrolls_by_itself(visit: Opener) -> None:
    page = visit("update", viewport={"width": 320, "height": 800})
    region = page.get_by_role("group", name="Table")
    region.focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_function("region => region.scrollLeft > 0", arg=region.element_handle())


@pytest.mark.parametrize("kind", RIGHT_TO_LEFT)
def test_what_is_written_from_right_to_left_is_shown_so_and_fits(visit: Opener, kind: str) -> None:
    """Its text begins at the right, our sentences end with their full stop, and addresses stay as they are."""
    page = visit(kind, reduced_motion="reduce")
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 800})
        assert page.evaluate("document.documentElement.scrollWidth") <= width, f"{width} pixels"
    judge(page, {"type": "tag", "values": WCAG})
    shown = page.locator("h1[lang=ar], html[lang=ar] h1, [lang=ar] a >> visible=true").first
    assert shown.evaluate("element => getComputedStyle(element).direction") == "rtl"
    way = page.locator("html").evaluate("element => getComputedStyle(element).direction")
    assert way == ("ltr" if kind == "update among others" else "rtl")
    address = page.locator("textarea >> visible=true").first
    assert address.evaluate("element => getComputedStyle(element).direction") == "ltr"
    promise = page.locator(".foot section p")
    assert promise.evaluate("element => getComputedStyle(element).unicodeBidi") == (
        "plaintext" if way == "rtl" else "isolate"
    )


@pytest.mark.parametrize("kind", SPANISH)
def test_pages_in_spanish_fit_are_accessible_and_copy(visit: Opener, kind: str) -> None:
    """Its words are longer; dates and the leaf of a calendar are said in its own order, and shown alike."""
    page = visit(kind, reduced_motion="reduce", permissions=["clipboard-read", "clipboard-write"])
    for size in (16, 32):
        page.evaluate("size => document.documentElement.style.fontSize = `${size}px`", size)
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 800})
            assert page.evaluate("document.documentElement.scrollWidth") <= width, f"{width} pixels, text {size}"
    judge(page, {"type": "tag", "values": WCAG})
    for button in page.locator("button[data-done] >> visible=true").all()[
        :1
    ]:  # there is nothing to copy where one searches
        button.click()
        expect(button.locator("span").first).to_have_text("Copiado")
    for leaf in page.locator(".day").all():
        month, number = leaf.locator(".month"), leaf.locator(".number")
        assert number.evaluate("element => element.nextElementSibling.className") == "month"
        above, below = month.bounding_box(), number.bounding_box()
        assert above
        assert below
        assert above["y"] < below["y"]


def test_the_button_below_how_to_follow_stands_apart_from_what_is_said_above_it(visit: Opener) -> None:
    page = visit("landing")
    edges = [page.locator(f"#subscribe {each}").bounding_box() for each in (".lead", ".lead + p .button")]
    above, below = [edge for edge in edges if edge]
    assert below["y"] - above["y"] - above["height"] >= 12
