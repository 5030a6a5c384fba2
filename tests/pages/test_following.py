"""The page that says how to follow a place."""

import re
from urllib.parse import parse_qs, urlsplit

import pytest

from feedsvc.formats import FORMATS
from feedsvc.pages.following import following_page
from feedsvc.pages.services import services_for
from feedsvc.places import ALL, Place
from tests.make import make_site
from tests.pages.samples import SITE, read, text

PAGE = read(following_page(SITE, Place(("pay",))))
FEED = "https://news.example.org/pay/rss.xml"


def test_the_telephone_s_own_ways_come_first() -> None:
    """An app, which gets the address with its scheme (what follows ``feed://`` is taken for http), and the calendar."""
    assert PAGE.xpath("//main//a[contains(@class, 'button')]/@href")[:2] == [
        "feed:https://news.example.org/pay/rss.xml",
        "webcal://news.example.org/pay/calendar.ics",
    ]
    assert PAGE.xpath("//main//textarea/text()") == [FEED, "https://news.example.org/pay/calendar.ics"]
    assert PAGE.xpath("//button/@data-share") == [FEED]


def test_every_service_is_given_the_address_of_the_feed_and_no_other_sign_of_it() -> None:
    services = services_for("https://news.example.org/a&b/rss.xml?c=d#e")
    assert len(services.apps) == 3
    for service in (*services.readers, *services.mail):
        address = urlsplit(service.url)
        given = parse_qs(address.query) or {"path": [address.path]}
        assert address.scheme == "https"
        assert any("%26b%2Frss.xml%3Fc%3Dd%23e" in value or "a&b/rss.xml?c=d#e" in value for (value,) in given.values())
        assert not address.fragment


def test_companies_are_named_and_what_they_learn() -> None:
    (section,) = PAGE.xpath("//section[@aria-labelledby='mail']")
    assert section.xpath(".//a/text()") == ["Blogtrottr", "Feedrabbit"]
    assert "other companies" in text(section)
    assert "they learn your email address" in text(section)


def test_every_device_has_three_steps_with_the_app_s_name_as_the_link_to_it() -> None:
    devices = PAGE.xpath("//div[@class='devices']/div")
    assert [text(device.find("h3")) for device in devices] == ["iPhone", "Android", "Computer"]
    for device in devices:
        assert len(device.xpath(".//li")) == 3
        (link,) = device.xpath(".//li[1]/a")
        assert re.fullmatch(r"https://\S+", link.get("href"))
        assert f"Install {text(link)}." in text(device)


def test_every_format_and_every_other_place_is_offered() -> None:
    assert PAGE.xpath("//dl//dt/a/@href") == [f"/pay/{fmt.file_name}" for fmt in FORMATS]
    others = [f"/{path}subscribe/" for path in ("", "covid/", "bargaining/", "training/")]
    assert PAGE.xpath("//section[@aria-labelledby='others']//a/@href") == others
    assert "/feeds.opml" in PAGE.xpath("//section[@aria-labelledby='formats']//a/@href")


@pytest.mark.parametrize("language", ["en", "es"])
def test_a_name_is_text_wherever_it_stands(language: str) -> None:
    site = make_site(language=language, title='<b>"{app}"</b>', digest=language)
    page = read(following_page(site, ALL))
    assert not page.xpath("//b")
    assert '<b>"{app}"</b>' in page.findtext("head/title")


@pytest.mark.parametrize(
    ("language", "place", "title"),
    [
        ("en", ALL, "Follow all updates"),
        ("es", ALL, "Seguir todos los avisos"),
        ("en", Place(("pay",)), "Follow Pay"),
        ("es", Place(("pay",)), "Seguir: Pay"),
    ],
)
def test_the_title_is_a_sentence_and_what_is_shared_says_whose_updates_they_are(
    language: str, place: Place, title: str
) -> None:
    page = read(following_page(make_site(language=language, digest=language), place))
    assert page.xpath("//h1/text()") == [title]
    said = f"{title} · Local 1107"
    assert page.findtext("head/title") == said
    assert page.xpath("//meta[@property='og:title']/@content | //button/@data-title") == [said, said]
