"""What other sites put into their pages: frames, lines to copy and what oEmbed says."""

import base64
import hashlib
import json

import pytest
from lxml import html

from feedsvc import urls
from feedsvc.pages.assets import element_script
from feedsvc.pages.embeds import builder_page, place_embed, update_embed
from feedsvc.pages.oembed import WIDTH, place_oembed, update_oembed
from feedsvc.pages.place import place_page
from feedsvc.pages.update import update_page
from feedsvc.places import ALL, Place, categories_of, home_of, places_of
from tests.make import BASE_URL, make_entry
from tests.pages.samples import NEWER, PLAIN, RICH, SITE, read, text

# of a release: another script gets another number, and this one stays
ELEMENT = "sha384-NAlXpF82dT0EPY4o6G/nBjx5UnjToBazo3yHeTvOb9Xpe35Sy+5OhK+bdmZnQY35"
ARABIC = make_entry(3, slug="kamamat", language="ar", title="COVID: الكمامات", summary="الكمامات (N95).")


def lines(place: Place = ALL) -> list[str]:
    """What the page that says how gives to copy for a place."""
    page = read(builder_page(SITE, dict.fromkeys(places_of(SITE), (NEWER, ARABIC))))
    return [str(area.text) for area in page.xpath(f"//details[@data-place='{place.name}']//textarea")]


def test_the_element_is_the_one_that_sites_have_pinned() -> None:
    digest = base64.b64encode(hashlib.sha384(element_script()).digest()).decode()
    assert digest == ELEMENT.removeprefix("sha384-"), "write embed-2.js, and serve both"
    assert f'integrity="sha384-{digest}"' in lines()[1]


@pytest.mark.parametrize("place", [ALL, *categories_of(SITE)], ids=lambda place: place.name)
def test_lines_to_copy_are_one_line_each_with_public_addresses(place: Place) -> None:
    """An editor makes paragraphs of line ends; the links inside the element stay where it removes scripts."""
    frame, element, links, feed = lines(place)
    assert "\n" not in f"{frame}{element}{links}{feed}"
    assert feed == f"{BASE_URL.rstrip('/')}{place.path}rss.xml"
    found = html.fromstring(f"<div>{frame}{element}</div>")
    assert found.xpath("//iframe/@src") == [f"{BASE_URL}embed/{place.name}/"]
    assert found.xpath("//iframe/@title | //iframe/@height") == [place.feed_title(SITE), "480"]
    assert found.xpath("//feedsvc-updates/@src") == [f"{BASE_URL.rstrip('/')}{place.path}feed.json"]
    assert found.xpath("//script/@src") == [f"{BASE_URL}embed-1.js"]
    assert found.xpath("//feedsvc-updates//li/a/text()") == [NEWER.title, ARABIC.title]
    assert found.xpath("//feedsvc-updates//li/@dir") == ["ltr", "rtl"]
    assert links in element


def test_lines_of_a_place_without_updates_are_its_name_and_address() -> None:
    page = read(builder_page(SITE, dict.fromkeys(places_of(SITE), ())))
    links = page.xpath("//details[1]//textarea")[2].text
    assert links == f'<h3><a href="{BASE_URL}">{SITE.title}</a></h3>'


def test_a_frame_leads_to_pages_at_the_top_and_is_none_itself_to_search_engines() -> None:
    for body in (place_embed(SITE, ALL, (RICH, ARABIC), summaries=True), update_embed(SITE, RICH)):
        page = read(body)
        assert page.xpath("//head/base/@target") == ["_top"]
        assert page.xpath("//meta[@name='robots']/@content") == ["noindex"]
        assert all(href.startswith("/") for href in page.xpath("//body//@href"))


def test_the_two_forms_of_a_frame_differ_by_summaries_and_pictures() -> None:
    titles, full = (read(place_embed(SITE, ALL, (RICH,), summaries=more)) for more in (False, True))
    assert text(titles.xpath("//li")[0]) == f"{RICH.title} February 8, 2026"
    assert text(full.xpath("//li")[0]) == f"{RICH.title} February 8, 2026 {RICH.summary}"
    assert (titles.xpath("count(//img)"), full.xpath("//img/@alt")) == (0, [RICH.image.alt if RICH.image else ""])


def test_a_frame_without_updates_says_so() -> None:
    page = read(place_embed(SITE, Place(("training",)), (), summaries=True))
    assert "There is nothing yet." in text(page.xpath("//main")[0])
    assert not page.xpath("//ul")


@pytest.mark.parametrize(
    ("said", "frame", "title"),
    [
        (place_oembed(SITE, Place(("pay",))), "embed/pay/summaries/", f"{SITE.title}: Pay"),
        (update_oembed(SITE, RICH), "updates/update-8/embed/", RICH.title),
        (update_oembed(SITE, ARABIC), "updates/kamamat/embed/", f"\u200f{ARABIC.title}"),
    ],
)
def test_oembed_says_what_consumers_insist_on(said: bytes, frame: str, title: str) -> None:
    """Measures are whole numbers; what stands there until the frame speaks, and in mail, is a link."""
    found = json.loads(said)
    assert (found["version"], found["type"], found["title"]) == ("1.0", "rich", title)
    assert (found["provider_name"], found["provider_url"]) == (SITE.title, BASE_URL)
    assert isinstance(found["height"], int)
    quotation, element = html.fragments_fromstring(found["html"])
    assert quotation.xpath("string(a)") == title
    assert quotation.xpath("starts-with(a/@href, $site)", site=BASE_URL)
    assert (element.tag, element.get("src"), element.get("width")) == ("iframe", BASE_URL + frame, str(WIDTH))
    assert element.get("title") == title
    assert found["width"] == WIDTH


def test_pages_lead_to_what_oembed_says_of_them_after_their_feeds() -> None:
    """Some readers take the first alternate there is."""
    for body, path in (
        (place_page(SITE, home_of(SITE), (PLAIN,)), "/"),
        (place_page(SITE, Place(("pay",)), (RICH,)), "/pay/"),
        (update_page(SITE, RICH), urls.update_path("update-8")),
    ):
        links = read(body).xpath("//head/link[@rel='alternate']")
        assert [link.get("type") for link in links].index("application/json+oembed") == len(links) - 1
        assert links[-1].get("href") == f"{BASE_URL.rstrip('/')}{path}oembed.json"
