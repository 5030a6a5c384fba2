"""What a real WordPress makes of our addresses: ``python -m tests.wordpress [folder for the screenshots]``.

What is pasted are the lines that the page for webmasters gives them to copy.
"""

import html
import os
import re
import sys
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from shutil import copytree
from tempfile import TemporaryDirectory

from playwright.sync_api import Page, expect, sync_playwright

from tests.conftest import BROWSERS
from tests.harness.folder import SHIPPED, publish_folder
from tests.harness.judges import find_program
from tests.harness.program import Program, free_port
from tests.wordpress.site import WordPress, run_wordpress

PLACE = "covid"
SLUG = "speak-up-for-ppe"
Check = Callable[[Page, str], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A post: who writes it, what it holds (our address and lines are named in it), and what its page must show."""

    name: str
    content: str
    check: Check
    user: str = "admin"


def main() -> int:
    """Post every case, look at it, and print what was seen; 1 if something was not as it must be."""
    folder = Path(sys.argv[1] if len(sys.argv) > 1 else "wordpress-seen")
    folder.mkdir(parents=True, exist_ok=True)
    failed = 0
    with ExitStack() as closing:
        home = Path(closing.enter_context(TemporaryDirectory(prefix="wordpress")))
        base = closing.enter_context(_run_feeds(home))
        wordpress = closing.enter_context(run_wordpress(home))
        driver = closing.enter_context(sync_playwright())
        flags = ["--no-sandbox"] if os.geteuid() == 0 else []
        found = find_program(*BROWSERS, package="chromium")
        browser = driver.chromium.launch(executable_path=found, args=flags)
        closing.callback(browser.close)
        for case in CASES:
            page = browser.new_page(viewport={"width": 900, "height": 1100})
            failed += not _judge(page, case, wordpress, base, folder)
            page.close()
    print(f"Screenshots: {folder}")
    return 1 if failed else 0


def _judge(page: Page, case: Case, wordpress: WordPress, base: str, folder: Path) -> bool:
    """Whether the page of the case shows what it must."""
    page.goto(wordpress.post(case.name, _snippets(case.content, base), case.user), wait_until="networkidle")
    page.screenshot(path=folder / f"{case.name}.png", full_page=True)
    try:
        case.check(page, base)
    except AssertionError as error:
        print(f"FAILED  {case.name}: {error}")
        return False
    print(f"ok      {case.name}")
    return True


def _snippets(content: str, base: str) -> str:
    for builder in ("es/embed/", "embed/"):
        with urllib.request.urlopen(f"{base}/{builder}", timeout=30) as answer:
            page = answer.read().decode()
        lines = re.findall(rf'<textarea id="snippet-(?:es-)?{PLACE}-[^>]+>(.*?)</textarea>', page)
        for name, line in zip(LINES, lines, strict=True):
            content = content.replace(f"{{{builder}{name}}}", html.unescape(line))
    return content.replace("{base}", base)


@contextmanager
def _run_feeds(home: Path) -> Iterator[str]:
    """The address, without a final slash, of a service that has the shipped content under that very address."""
    port = free_port()
    base = f"http://127.0.0.1:{port}"
    content = Path(copytree(SHIPPED, home / "content"))
    site = content / "site.yaml"
    site.write_text(re.sub("(?m)^base_url: .*", f"base_url: {base}/", site.read_text()))
    publication = home / "instance" / "publication.db"
    publish_folder(content, publication)
    command = ["gunicorn", "-c", "python:feedsvc.gunicorn_conf", "--workers", "1", "--bind", f"127.0.0.1:{port}"]
    given = {"FEEDSVC_PUBLICATION": str(publication), "FEEDSVC_CONTENT": str(content), "FEEDSVC_PUBLISHER": "off"}
    with Program([*command, "feedsvc.wsgi:app"], home / "feeds.log", ("127.0.0.1", port), given):
        yield base


def _shows_feed(page: Page, base: str) -> None:
    """The feed block lists our titles, and each leads to its update."""
    items = page.locator(".wp-block-rss__item a")
    expect(items).to_have_count(5)
    addresses = items.evaluate_all("links => links.map(link => link.href)")
    assert all(address.startswith(f"{base}/updates/") for address in addresses), addresses
    expect(page.locator(".wp-block-rss__item-excerpt").first).not_to_be_empty()


def _shows_frame(page: Page, base: str) -> None:
    """The frame lists updates of the place, and is as wide as what stands above it."""
    name = f"iframe[src^='{base}/embed/{PLACE}/']"
    expect(page.frame_locator(name).get_by_role("listitem").first).to_be_visible()
    frame, title = page.locator(name).bounding_box(), page.locator("h1").bounding_box()
    assert frame
    assert title
    assert (frame["x"], frame["width"]) == (title["x"], title["width"])


def _shows_element(page: Page, base: str) -> None:
    """The element is filled; its links lead to us."""
    expect(page.locator("feedsvc-updates").get_by_role("listitem")).to_have_count(5)
    address = page.locator("feedsvc-updates").get_by_role("link").first.get_attribute("href")
    assert (address or "").startswith(f"{base}/updates/"), address


def _shows_spanish(page: Page, base: str) -> None:
    """The element lists what there is in Spanish."""
    _shows_element(page, base)
    entries = page.locator("feedsvc-updates").get_by_role("listitem")
    assert set(entries.evaluate_all("entries => entries.map(entry => entry.lang)")) == {"es"}
    expect(entries.first).to_contain_text(" de 20")  # as dates are written


def _shows_widget(page: Page, base: str) -> None:
    """The widget of classic themes lists titles, dates and summaries."""
    items = page.locator(".entry-content .widget_rss li")
    expect(items).to_have_count(5)
    expect(items.locator(f"a[href^='{base}/updates/']")).to_have_count(5)
    expect(items.locator(".rss-date")).to_have_count(5)
    expect(items.locator(".rssSummary").first).not_to_be_empty()


def _shows_card(page: Page, base: str) -> None:
    """The frame is sandboxed, is as high as its content, and its link is followed at the top."""
    frame = page.locator("iframe.wp-embedded-content")
    expect(frame).to_have_attribute("src", re.compile(rf"^{re.escape(base)}/updates/{SLUG}/embed/"))
    expect(frame).to_be_visible()
    link = frame.content_frame.get_by_role("link").first
    expect(link).to_be_visible()
    expect(page.locator("blockquote.wp-embedded-content")).to_be_hidden()
    inner = frame.content_frame.locator("body").evaluate("body => body.getBoundingClientRect().height")
    outer = frame.bounding_box()
    assert outer
    assert abs(max(200, inner) - outer["height"]) < 4, (inner, outer)
    link.click()
    page.wait_for_url(f"{base}/updates/{SLUG}/")


def _shows_links(page: Page, base: str) -> None:
    """What the filters leave of the element is a heading and links."""
    expect(page.locator("feedsvc-updates, .entry-content script")).to_have_count(0)
    expect(page.locator(".entry-content h3")).to_be_visible()
    expect(page.locator(f".entry-content li a[href^='{base}/updates/']:visible")).to_have_count(5)


LINES = ("frame", "element", "links", "feed")  # in the order in which the page has them
CASES = (
    Case(
        name="feed-address",
        content=f'<!-- wp:rss {{"feedURL":"{{base}}/{PLACE}/rss.xml","displayExcerpt":true,"displayDate":true}} /-->',
        check=_shows_feed,
    ),
    Case(
        name="home-address", content='<!-- wp:rss {"feedURL":"{base}/","displayExcerpt":true} /-->', check=_shows_feed
    ),
    Case(
        name="place-address",
        content=f'<!-- wp:rss {{"feedURL":"{{base}}/{PLACE}/","displayExcerpt":true}} /-->',
        check=_shows_feed,
    ),
    Case(name="classic-widget", content="[classic_rss {embed/feed}]", check=_shows_widget),
    Case(name="frame", content="<!-- wp:html -->{embed/frame}<!-- /wp:html -->", check=_shows_frame),
    Case(name="frame-in-classic-editor", content="{embed/frame}", check=_shows_frame),
    Case(name="element", content="<!-- wp:html -->{embed/element}<!-- /wp:html -->", check=_shows_element),
    Case(
        name="element-in-spanish", content="<!-- wp:html -->{es/embed/element}<!-- /wp:html -->", check=_shows_spanish
    ),
    Case(name="element-in-classic-editor", content="{embed/element}", check=_shows_element),
    Case(
        name="element-by-an-author",
        content="<!-- wp:html -->{embed/element}<!-- /wp:html -->",
        check=_shows_links,
        user="author",
    ),
    Case(name="links-by-an-author", content="{embed/links}", check=_shows_links, user="author"),
    Case(name="card", content=f"\n{{base}}/updates/{SLUG}/\n", check=_shows_card),
)

if __name__ == "__main__":
    sys.exit(main())
