"""Every kind of page once, from one small site, and the pages as a browser's parser sees them."""

from datetime import UTC, datetime, timedelta

from lxml import html

from feedsvc.model import Entry, Site
from feedsvc.pages.embeds import builder_page
from feedsvc.pages.following import following_page
from feedsvc.pages.not_found import not_found_page
from feedsvc.pages.place import place_page
from feedsvc.pages.search import search_page
from feedsvc.pages.update import Neighbours, update_page
from feedsvc.pages.year import year_page
from feedsvc.places import ALL, Place, home_of, places_of
from tests.make import BASE_URL, PDF, SPREADSHEET, make_entry, make_image, make_site

MIXES = (("covid", "pay"), ("covid", "bargaining", "pay"))
SITE = make_site(time_zone="America/Los_Angeles", language="en-US", mixes=MIXES)
COVID, BARGAINING, TRAINING, PAY = SITE.categories
BODY = (
    f'<p>Read <a href="{BASE_URL}updates/update-2/">the other one</a> or '
    '<a href="https://elsewhere.example/updates/">what they say</a>.</p>'
    "<h2>Pay scale</h2><table><thead><tr><th>Class</th><th>Step</th></tr></thead>"
    '<tbody><tr><td>Pharmacy technician</td><td align="right">$26.80</td></tr></tbody></table>'
    f'<p><img src="{BASE_URL}files/stub.png" alt="A pay stub" width="40" height="30"></p>'
)
PLAIN = make_entry(1)
NEWER, OLDER = make_entry(9, categories=("bargaining", "pay")), make_entry(7)
RICH = make_entry(
    8,
    title="Retroactive pay is in this week's paycheck",
    categories=("pay", "bargaining"),
    content_html=BODY,
    updated=NEWER.published + timedelta(days=2),
    change_note="The amount was wrong.",
    image=make_image(),
    link="https://www.elsewhere.example/agreement",
    enclosures=(PDF, SPREADSHEET),
)


def render_update(entry: Entry, site: Site = SITE) -> bytes:
    """The page of ``entry`` with all that can stand around it."""
    return update_page(site, entry, Neighbours(newer=NEWER, older=OLDER, related=(PLAIN,)))


def render_all(site: Site = SITE) -> dict[str, bytes]:
    """Every kind of page by its name."""
    return {
        "landing": place_page(site, home_of(site), (NEWER, RICH, OLDER)),
        "landing-empty": place_page(site, home_of(site), ()),
        "category": place_page(site, Place(("pay",)), (NEWER, RICH)),
        "category-empty": place_page(site, Place(("training",)), ()),
        "follow": following_page(site, Place(("pay",))),
        "follow-all": following_page(site, ALL),
        "year": year_page(site, Place(year=2026), [(PLAIN, datetime(2026, 2, 2, tzinfo=UTC))]),
        "year-category": year_page(site, Place(("pay",), year=2026), [(PLAIN, datetime(2026, 2, 2, tzinfo=UTC))]),
        "search": search_page(site, (2026, 2025), ("/search/2026/1.json", "/search/2025/1.json")),
        "update": render_update(RICH, site),
        "update-plain": update_page(site, PLAIN),
        "builder": builder_page(site, dict.fromkeys(places_of(site), (NEWER, RICH))),
        "not-found": not_found_page(site),
    }


def read(body: bytes) -> html.HtmlElement:
    """The page as an HTML parser sees it."""
    return html.document_fromstring(body, parser=html.HTMLParser(encoding="utf-8"))


def text(element: html.HtmlElement) -> str:
    """What the element says, with white space as it is shown."""
    return " ".join(element.text_content().split())


def listed(page: html.HtmlElement) -> list[html.HtmlElement]:
    """The updates of a list, each with all that stands around it, the one at the head first."""
    found: list[html.HtmlElement] = page.xpath("//div[starts-with(@class, 'news ')] | //ol[@class='updates']/li")
    return found


def discovered(page: html.HtmlElement) -> list[tuple[str, str, str]]:
    """(title, media type, address) of the feeds that a reader finds in the head, in order."""
    return [
        (link.get("title", ""), link.get("type", ""), link.get("href", ""))
        for link in page.xpath("/html/head/link[@rel='alternate'][@type != 'application/json+oembed']")
    ]
