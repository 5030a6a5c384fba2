"""What every page promises, whatever it shows."""

import itertools
import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import html

from feedsvc.formats import FORMATS
from feedsvc.formats.atom import ATOM
from feedsvc.formats.json_feed import JSON_FEED
from feedsvc.formats.rss import RSS
from feedsvc.pages.frame import describe_subjects, frame_site
from feedsvc.pages.not_found import not_found_page
from feedsvc.pages.place import place_page
from feedsvc.pages.update import Neighbours, update_page
from feedsvc.places import Place, home_of
from tests.make import BASE_URL, make_category, make_entry, make_site
from tests.pages.samples import SITE, discovered, read, render_all, text

PAGES = {name: read(body) for name, body in render_all().items()}
TITLES = st.text(st.characters(exclude_categories=["C"]), min_size=1, max_size=120).filter(str.strip)
HOSTILE = """</title></script><script>alert(1)</script><img src=x onerror=alert(1)>"' style='x' &amp; ]]>"""


@pytest.fixture(params=PAGES)
def page(request: pytest.FixtureRequest) -> html.HtmlElement:
    return PAGES[request.param]


def test_every_format_of_the_table_can_be_shown() -> None:
    """The table of formats and what pages ask of a format fit together, the one for people first."""
    assert FORMATS == (RSS, ATOM, JSON_FEED)


def test_landmarks_are_there_once(page: html.HtmlElement) -> None:
    for landmark in ("body/header", "body/main[@id='main']", "body/footer", "body/header/nav[@aria-label]"):
        assert len(page.xpath(f"/html/{landmark}")) == 1
    assert page.xpath("/html/body/*[1][self::a]/@href") == ["#main"]


def test_every_time_has_the_offset_of_the_site() -> None:
    """In ``<time>``, in what shared links show and in structured data: who cuts off the day wants the members'."""
    stamps = [
        stamp for body in render_all().values() for stamp in re.findall(r"\d{4}-\d\d-\d\dT[^\"<]+", body.decode())
    ]
    assert len(stamps) > 10
    assert {stamp[len("2026-02-08T06:00:00") :] for stamp in stamps} == {"-08:00"}


def test_every_time_is_one_for_programs_also_in_what_a_script_fills_in(page: html.HtmlElement) -> None:
    assert page.xpath("//time[not(@datetime)]") == []


def test_headings_form_an_outline(page: html.HtmlElement) -> None:
    levels = [int(heading.tag[1]) for heading in page.xpath("//main//*[self::h1 or self::h2 or self::h3 or self::h4]")]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(below - above <= 1 for above, below in itertools.pairwise(levels))
    assert not page.xpath("/html/body/header//h1 | //footer//h1")


def test_ids_are_distinct_and_what_refers_to_them_finds_them(page: html.HtmlElement) -> None:
    ids = page.xpath("//@id")
    assert len(ids) == len(set(ids))
    referred = page.xpath("//@for | //@aria-labelledby | //@data-field") + [
        fragment.removeprefix("#") for fragment in page.xpath("//a/@href[starts-with(., '#')]")
    ]
    assert set(referred) <= set(ids)


def test_every_page_leads_to_how_to_follow_and_to_the_search(page: html.HtmlElement) -> None:
    assert page.xpath("boolean(//main//*[@id='subscribe'])") or page is PAGES["search"]
    assert page.xpath("boolean(//header//a[contains(@href, '/subscribe/')])")
    (search,) = page.xpath("//header//nav//li[last()]/a")
    assert search.get("href") == "/search/"
    assert (search.get("aria-current") == "page") == (page is PAGES["search"])


def test_every_address_field_has_a_label_and_a_button_of_its_own(page: html.HtmlElement) -> None:
    for field in page.xpath("//textarea"):
        assert field.get("readonly") is not None
        assert page.xpath("count(//label[@for=$id])", id=field.get("id")) == 1
        (button,) = page.xpath("//button[@data-field=$id]", id=field.get("id"))
        assert button.get("hidden") is not None  # shown by the script, useless without it
    names = [text(button) for button in page.xpath("//button")]
    assert len(names) == len(set(names))


def test_no_style_and_no_script_stands_in_the_page(page: html.HtmlElement) -> None:
    assert not page.xpath("//style | //@style | //@*[starts-with(name(), 'on')]")
    for script in page.xpath("//script[not(@src)]"):
        assert script.get("type") == "application/ld+json"


def test_page_loads_nothing_by_host_or_relative_path(page: html.HtmlElement) -> None:
    """Without host, so that a copy at another address loads its own; absolute, so that a 404 works at any depth."""
    loaded = page.xpath("//@src | //link[@rel='stylesheet' or contains(@rel, 'icon')]/@href")
    assert loaded
    assert all(re.match(r"/[^/]", address) for address in loaded)


def test_links_to_the_site_carry_no_host(page: html.HtmlElement) -> None:
    links = page.xpath("//body//a/@href")
    assert links
    assert not [link for link in links if link.startswith(BASE_URL)]
    assert not [link for link in links if not re.match(r"/|#|https://|webcal://|feed:https://", link)]


def test_discovery_links_are_few_distinct_and_absolute(page: html.HtmlElement) -> None:
    links = discovered(page)
    assert 0 < len(links) <= 9
    assert len({title for title, _, _ in links}) == len({address for _, _, address in links}) == len(links)
    assert all(address.startswith(BASE_URL) for _, _, address in links)
    assert {media_type for _, media_type, _ in links} <= {feed.media_type for feed in FORMATS}
    assert not page.xpath("//body//link")


def test_page_has_a_title_and_a_language(page: html.HtmlElement) -> None:
    assert SITE.title in page.findtext("head/title")
    assert page.get("lang") == "en-US"


def test_promise_and_source_stand_on_every_page(page: html.HtmlElement) -> None:
    (footer,) = page.xpath("/html/body/footer")
    assert "no account" in text(footer)
    assert footer.xpath("//a[@rel='license']/@href") == [SITE.license_url]
    assert "/feeds.opml" in footer.xpath(".//a/@href")


def test_titles_of_pages_are_distinct() -> None:
    titles = [page.findtext("head/title") for name, page in PAGES.items() if name != "landing-empty"]
    assert len(titles) == len(set(titles))


def test_same_content_is_the_same_bytes() -> None:
    first = render_all()
    frame_site.cache_clear()
    describe_subjects.cache_clear()
    assert render_all() == first


def test_current_place_is_marked_in_the_navigation() -> None:
    def current(name: str) -> list[tuple[str, str]]:
        return [(link.get("href"), link.get("aria-current")) for link in PAGES[name].xpath("//nav//a[@aria-current]")]

    assert current("landing") == [("/", "page")]
    assert current("category") == [("/pay/", "page")]
    assert current("year") == [("/", "true")]
    assert current("year-category") == [("/pay/", "true")]
    assert current("update") == []
    for name in ("category", "year-category"):
        assert PAGES[name].xpath("//header//a[@class='button']/@href") == ["/pay/subscribe/"]


def test_site_below_a_path_links_below_it() -> None:
    site = make_site(base_url="https://host.example/news/", contact_url="https://host.example/contact")
    entry = make_entry(
        content_html='<p>x <a href="https://host.example/news/files/a.pdf">a</a></p>',
        permalink="https://host.example/news/updates/update-1/",
    )
    page = read(update_page(site, entry))
    links = page.xpath("//body//a/@href[starts-with(., '/')]")
    assert "/news/files/a.pdf" in links
    assert all(link.startswith("/news/") for link in links)
    assert page.xpath("//script/@src")[0].startswith("/news/static/")
    assert "https://host.example/contact" in page.xpath("//footer//a/@href")
    assert page.xpath("//link[@rel='canonical']/@href") == [entry.permalink]


def test_any_number_of_categories_has_colours() -> None:
    site = make_site(categories=tuple(make_category(f"subject-{n}") for n in range(1, 12)))
    page = read(place_page(site, home_of(site), ()))
    classes = page.xpath("//nav//li/@class")
    assert classes == [f"category-{n}" for n in (1, 2, 3, 4, 5, 6, 7, 8, 1, 2, 3)]
    assert len(discovered(page)) == 9


@given(title=TITLES, summary=TITLES)
def test_any_text_arrives_as_it_was_written(title: str, summary: str) -> None:
    entry = make_entry(title=title, summary=summary, change_note=summary)
    page = read(update_page(SITE, entry))
    assert text(page.find(".//h1")) == " ".join(title.split())
    assert page.xpath("//meta[@property='og:title']/@content") == [title]
    assert page.xpath("//meta[@name='description']/@content") == [summary]
    assert json.loads(page.xpath("string(//script[@type='application/ld+json'])"))["headline"] == title


def test_hostile_text_stays_text_everywhere() -> None:
    hostile = make_category("covid", title=HOSTILE, description=HOSTILE)
    site = make_site(title=HOSTILE, description=HOSTILE, rights=HOSTILE, categories=(hostile, *SITE.categories[1:]))
    entry = make_entry(title=HOSTILE, summary=HOSTILE, change_note=HOSTILE)
    around = Neighbours(newer=entry, older=entry, related=(entry,))
    bodies = (
        place_page(site, home_of(site), (entry,)),
        place_page(site, Place(("covid",)), (entry,)),
        update_page(site, entry, around),
        not_found_page(site),
    )
    for body in bodies:
        page = read(body)
        assert not page.xpath("//@onerror | //@style | //img[@src='x']")
        assert len(page.xpath("//script")) == len(page.xpath("/html/head/script"))
        assert b"<script>" not in body
        assert HOSTILE in page.findtext("head/title") or HOSTILE in page.xpath("string(//nav)")
