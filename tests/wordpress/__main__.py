"""What a real WordPress makes of our addresses: ``python -m tests.wordpress [folder for the screenshots]``."""

import os
import re
import sys
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
    """A post: who writes it, what it holds (``{base}`` is our address), and what its page must show."""

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
    """The frame lists updates of the place."""
    frame = page.frame_locator(f"iframe[src^='{base}/embed/{PLACE}/']")
    expect(frame.get_by_role("listitem").first).to_be_visible()


def _shows_element(page: Page, base: str) -> None:
    """The element is filled; its links lead to us."""
    expect(page.locator("feedsvc-updates").get_by_role("listitem")).to_have_count(5)
    address = page.locator("feedsvc-updates").get_by_role("link").first.get_attribute("href")
    assert (address or "").startswith(f"{base}/updates/"), address


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
    expect(page.locator("feedsvc-updates")).to_have_count(0)
    links = page.locator(f".entry-content a[href^='{base}/updates/']")
    expect(links.first).to_be_visible()


FRAME = f'<iframe src="{{base}}/embed/{PLACE}/#heading=3" title="COVID" width="100%" height="480"></iframe>'
ELEMENT = (
    '<script type="module" src="{base}/embed-1.js" crossorigin="anonymous"></script> '
    f'<feedsvc-updates src="{{base}}/{PLACE}/feed.json"><h3>COVID</h3><ul><li>'
    f'<a href="{{base}}/updates/{SLUG}/">Paid sick leave</a></li></ul></feedsvc-updates>'
)
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
    Case(name="frame", content=f"<!-- wp:html -->{FRAME}<!-- /wp:html -->", check=_shows_frame),
    Case(name="element", content=f"<!-- wp:html -->{ELEMENT}<!-- /wp:html -->", check=_shows_element),
    Case(name="element-in-classic-editor", content=ELEMENT, check=_shows_element),
    Case(
        name="element-by-an-author",
        content=f"<!-- wp:html -->{ELEMENT}<!-- /wp:html -->",
        check=_shows_links,
        user="author",
    ),
    Case(name="card", content=f"\n{{base}}/updates/{SLUG}/\n", check=_shows_card),
)

if __name__ == "__main__":
    sys.exit(main())
