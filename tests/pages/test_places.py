"""The home page, a category's page, and the page of an unknown address."""

import re
from dataclasses import replace
from datetime import UTC, datetime
from urllib.parse import parse_qs, urlsplit

import pytest
from lxml import html

from feedsvc.formats import FORMATS
from feedsvc.model import Rendition, Site
from feedsvc.pages.cards import card_of
from feedsvc.pages.dates import Present
from feedsvc.pages.following import following_page
from feedsvc.pages.not_found import not_found_page
from feedsvc.pages.place import place_page
from feedsvc.pages.year import year_page
from feedsvc.places import ALL, Place, home_of
from tests.make import BASE_URL, SINCE, make_entry, make_image, make_site
from tests.pages.samples import NEWER, OLDER, RICH, SITE, discovered, listed, read, render_update, text

LANDING = read(place_page(SITE, home_of(SITE), (NEWER, RICH, OLDER)))
CATEGORY = read(place_page(SITE, Place(("pay",)), (NEWER, RICH)))
FOLLOW = read(following_page(SITE, Place(("pay",))))
NOT_FOUND = read(not_found_page(SITE))


def test_home_page_offers_all_updates_first() -> None:
    assert [address for _, _, address in discovered(LANDING)] == [
        "https://news.example.org/rss.xml",
        "https://news.example.org/atom.xml",
        "https://news.example.org/feed.json",
        "https://news.example.org/covid/rss.xml",
        "https://news.example.org/bargaining/rss.xml",
        "https://news.example.org/training/rss.xml",
        "https://news.example.org/pay/rss.xml",
    ]


def test_category_offers_its_own_feeds_first() -> None:
    assert [address for _, _, address in discovered(CATEGORY)] == [
        "https://news.example.org/pay/rss.xml",
        "https://news.example.org/pay/atom.xml",
        "https://news.example.org/pay/feed.json",
        "https://news.example.org/rss.xml",
        "https://news.example.org/atom.xml",
        "https://news.example.org/feed.json",
    ]
    assert discovered(CATEGORY)[0][:2] == ("Local 1107: Pay (RSS)", "application/rss+xml")


def test_home_page_shows_every_address_with_what_it_is_for() -> None:
    shown = LANDING.xpath("//section[@id='subscribe']//textarea/text()")
    places = ("", "covid/", "bargaining/", "training/", "pay/")
    feeds = [f"https://news.example.org/{place}{feed.file_name}" for place in places for feed in FORMATS]
    assert shown == [*feeds, "https://news.example.org/calendar.ics"]
    assert LANDING.xpath("//dl//dt/text()") == [feed.title for feed in FORMATS]
    assert len(set(LANDING.xpath("//dl//dd/text()"))) == len(FORMATS)


@pytest.mark.parametrize("page", [LANDING, NOT_FOUND], ids=["landing", "not-found"])
def test_every_category_is_described_and_linked_with_its_feeds(page: html.HtmlElement) -> None:
    cards = page.xpath("//main//li[contains(@class, 'card')]")
    assert len(cards) == 5
    for category, card in zip(SITE.categories, cards[1:], strict=True):
        assert category.description in text(card)
        links = [f"/{category.slug}/{name}" for name in ("", *(feed.file_name for feed in FORMATS))]
        assert card.xpath(".//a/@href") == links


def test_updates_are_listed_in_the_order_given() -> None:
    first, changed = listed(CATEGORY)
    assert first.xpath(".//h3/a/@href") + changed.xpath(".//h4/a/@href") == ["/updates/update-9/", "/updates/update-8/"]
    assert first.xpath(".//a[contains(@class, 'tag')]/text()") == ["Bargaining", "Pay"]
    assert "What update 9 says in short." in text(first)
    assert not re.search("Updated|Corrected", text(first))
    assert "Corrected February 11, 2026: The amount was wrong." in text(changed)


def test_change_on_the_day_itself_is_not_news() -> None:
    entry = make_entry(
        published=datetime(2026, 2, 2, 16, 0, tzinfo=UTC),
        updated=datetime(2026, 2, 3, 7, 30, tzinfo=UTC),  # still February 2 in Los Angeles
    )
    page = read(place_page(SITE, Place(("covid",)), (entry,)))
    assert "Updated" not in text(listed(page)[0])


def test_change_without_a_note_is_dated_alone() -> None:
    entry = make_entry(updated=datetime(2026, 2, 9, 16, 0, tzinfo=UTC))
    page = read(place_page(SITE, home_of(SITE), (entry,)))
    assert text(page.find(".//p[@class='note']")) == "Updated February 9, 2026"


def test_day_is_that_of_the_site_s_zone() -> None:
    """Half past three in the morning UTC is still the evening before in California."""
    entry = make_entry(published=datetime(2026, 3, 1, 3, 30, tzinfo=UTC))
    page = read(place_page(SITE, home_of(SITE), (entry, entry)))
    days = [(time.get("datetime"), text(time)) for update in listed(page) for time in update.xpath(".//time")]
    assert days == [("2026-02-28T19:30:00-08:00", day) for day in ("February 28, 2026", "Feb 28")]


def test_months_are_headings_and_badges_have_the_colour_of_the_page() -> None:
    """The year is said once a month; on the page of a category, what belongs to another one, too, has its colour."""
    entries = [make_entry(n, categories=("covid", "pay")) for n in (70, 60, 30, 20, 1)]
    page = read(place_page(SITE, Place(("pay",)), entries))
    assert page.xpath("//h3[@class='month']/text()") == ["April 2026", "March 2026", "February 2026"]
    assert [text(leaf) for leaf in page.xpath("//time[@class='day']")] == ["Apr 1", "Mar 2", "Feb 20", "Feb 1"]
    colours = {update.get("class").split()[-1] for update in listed(page)}
    assert colours == {page.xpath("//div[contains(@class, 'masthead')]/@class")[0].split()[-1]} == {"category-4"}


def test_an_update_with_a_picture_has_it_beside_its_title_in_the_smallest_size() -> None:
    image = make_image(smaller=(Rendition(url=BASE_URL + "small.jpg", media_type="image/jpeg", width=60, height=40),))
    page = read(place_page(SITE, home_of(SITE), (make_entry(image=image),)))
    (shown,) = page.xpath("//main//img")
    assert dict(shown.attrib) == {
        "class": "thumbnail",
        "src": "/small.jpg",
        "alt": "",
        "width": "60",
        "height": "40",
        "loading": "lazy",
    }


def test_entry_in_another_language_says_so() -> None:
    changed = datetime(2026, 2, 9, 16, 0, tzinfo=UTC)
    spanish = make_entry(1, language="es", updated=changed, change_note="Otra fecha.")
    english = make_entry(2, updated=changed, change_note="Another date.")
    page = read(place_page(SITE, Place(("covid",)), (spanish, english)))
    first, second = listed(page)
    assert [text(part) for part in first.xpath(".//*[@lang='es']")] == [
        *(spanish.title, spanish.summary, "Otra fecha.", "Español")
    ]
    assert not second.xpath(".//@lang")


def test_entry_written_the_other_way_says_so() -> None:
    changed = datetime(2026, 2, 9, 16, 0, tzinfo=UTC)
    arabic = make_entry(
        1, language="ar", updated=changed, change_note="الغرفة 4", title="COVID: الكمامات", summary="نعم"
    )
    page = read(place_page(SITE, Place(("covid",)), (arabic, make_entry(2, language="es"))))
    said = [(part.get("lang"), text(part)) for part in listed(page)[0].xpath(".//*[@dir='rtl']")]
    assert said == [("ar", arabic.title), ("ar", "نعم"), ("ar", "الغرفة 4"), ("ar", "العربية")]
    assert not page.xpath("//*[@lang='es']/@dir")


def test_site_from_right_to_left_says_so_once() -> None:
    site = make_site(language="ar")
    entries = (make_entry(1), make_entry(2, language="fa"), make_entry(3, language="en"))
    page = read(place_page(site, Place(("covid",)), entries))
    assert (page.get("lang"), page.get("dir")) == ("ar", "rtl")
    first, second, third = listed(page)
    assert not first.xpath(".//@dir | .//@lang")
    assert not second.xpath(".//@dir")
    assert {(part.get("lang"), part.get("dir")) for part in third.xpath(".//*[@lang]")} == {("en", "ltr")}
    assert set(page.xpath("//textarea/@dir")) == {"ltr"}, "addresses are never turned"


def test_empty_places_say_what_will_come() -> None:
    category = read(place_page(SITE, Place(("training",)), ()))
    assert "the first update will come to you" in text(category.find(".//main"))
    assert category.xpath("//section[@id='subscribe']//textarea/text()") == [f"{SITE.base_url}training/rss.xml"]
    landing = read(place_page(SITE, home_of(SITE), ()))
    assert "the first update will come to you" in text(landing.find(".//main"))
    assert not listed(landing)


def test_unknown_address_is_not_for_search_engines_and_leads_home() -> None:
    assert NOT_FOUND.xpath("//meta[@name='robots']/@content") == ["noindex"]
    assert NOT_FOUND.xpath("//main//a[contains(@class, 'button')]/@href") == ["/"]
    assert not NOT_FOUND.xpath("//link[@rel='canonical']")


def test_take_everything_leads_to_the_list_of_feeds() -> None:
    assert LANDING.xpath("//section[@id='subscribe']//a[contains(@class, 'button')]/@href")[-1] == "/feeds.opml"


def test_a_calendar_is_offered_to_telephones_to_google_and_to_whoever_copies() -> None:
    """``webcals:`` fails on telephones, and Google with ``https:``."""
    for page, path in ((LANDING, ""), (FOLLOW, "pay/")):
        links = page.xpath("//main//a[contains(@class, 'button')]/@href")
        webcal, google = (link for link in links if "calendar" in link)
        assert webcal == f"webcal://news.example.org/{path}calendar.ics"
        given = parse_qs(urlsplit(google).query)
        assert (google.partition("?")[0], given) == ("https://calendar.google.com/calendar/render", {"cid": [webcal]})
        assert f"https://news.example.org/{path}calendar.ics" in page.xpath("//main//textarea/text()")


def test_every_page_has_one_button_that_leads_to_how_to_follow_what_it_shows() -> None:
    mix = read(place_page(SITE, Place(("covid", "pay")), (NEWER, RICH)))
    update = read(render_update(RICH))
    shown = {"": LANDING, "pay/": CATEGORY, "covid_pay/": mix}
    for path, page in shown.items():
        assert page.xpath("//header//a[@class='button']/@href") == [f"/{path}subscribe/"]
    for page in (update, NOT_FOUND):
        assert page.xpath("//header//a[@class='button']/@href") == ["/subscribe/"]
    assert update.xpath("//section[@id='subscribe']//a/@href") == ["/pay/subscribe/", "/bargaining/subscribe/"]
    assert [link.get("href") for link in CATEGORY.xpath("//main/div/section[1]/p[@class='feeds']/a")] == [
        f"/pay/{fmt.file_name}" for fmt in FORMATS
    ]


def test_shared_link_has_the_site_s_picture() -> None:
    assert LANDING.xpath("//meta[@property='og:image']/@content") == [card_of(SITE, ALL).image.url]
    assert LANDING.xpath("//link[@rel='canonical']/@href") == [SITE.base_url]
    assert CATEGORY.xpath("//link[@rel='canonical']/@href") == [SITE.base_url + "pay/"]


def test_a_mix_has_the_page_of_a_place_that_search_engines_leave_out() -> None:
    """They would walk every combination; the pages of its categories say the same."""
    page = read(place_page(SITE, Place(("covid", "pay")), (NEWER, RICH)))
    assert text(page.find(".//h1")) == "COVID + Pay"
    assert page.xpath("//meta[@name='robots']/@content") == ["noindex"]
    assert [address for _, _, address in discovered(page)][:3] == [
        f"https://news.example.org/covid_pay/{name}" for name in ("rss.xml", "atom.xml", "feed.json")
    ]
    follow = read(following_page(SITE, Place(("covid", "pay"))))
    assert "/covid_pay/feeds.opml" in follow.xpath("//main//a/@href")
    assert follow.xpath("//meta[@name='robots']/@content") == ["noindex"]
    assert read(place_page(SITE, Place(("pay",)), ())).xpath("//meta[@name='robots']") == []


def test_every_mix_is_reached_without_script() -> None:
    assert LANDING.xpath("//a[@data-mix]/@href") == ["/covid_pay/", "/covid_bargaining_pay/"]
    assert read(place_page(make_site(), home_of(make_site()), ())).xpath("//a[@data-mix] | //form") == []


ENGLISH, SPANISH, ARABIC = (make_entry(n, language=language) for n, language in ((4, None), (5, "es"), (6, "ar")))


@pytest.mark.parametrize(
    ("site", "marks"),
    [
        (SITE, [("العربية", "ar"), ("Español", "es")]),
        (
            replace(SITE, language="es-MX", edition="es", origin="en", digest="es"),
            [("العربية", "ar"), ("English", "en")],
        ),
    ],
    ids=["English", "Spanish"],
)
def test_lists_mark_what_is_in_another_language(site: Site, marks: list[tuple[str, str | None]]) -> None:
    """In sight, and for screen readers: by the name that the language has in itself."""
    entries = (ARABIC, SPANISH, ENGLISH)
    present = Present(as_of=SINCE, coming=entries, urgent=entries[:1])
    dated = [(entry, SINCE) for entry in entries]
    for found, body in {
        "//li | //div[starts-with(@class, 'news ')]": place_page(site, home_of(site), entries),
        "//section[@class='coming']//li": place_page(site, Place(("covid",)), entries, present=present),
        "//div[@class='year']//li": year_page(site, Place(year=2026), dated),
    }.items():
        shown = [mark for item in read(body).xpath(found) for mark in item.xpath(".//*[@class='language']")]
        assert [(text(mark), mark.get("lang")) for mark in shown] == marks
