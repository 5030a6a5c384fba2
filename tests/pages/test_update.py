"""The permanent page of one update."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from lxml import html

from feedsvc.model import Author
from feedsvc.pages.cards import card_of
from feedsvc.pages.update import Neighbours, update_page
from feedsvc.places import Place
from tests.make import BASE_URL, PDF, make_entry, make_site
from tests.pages.samples import PLAIN, RICH, SITE, discovered, read, render_update, text

LATER = datetime(2027, 1, 1, tzinfo=UTC)
PAGE = read(render_update(RICH))
BARE = read(update_page(SITE, PLAIN))


def meta(page: html.HtmlElement, name: str) -> list[str]:
    found: list[str] = page.xpath("/html/head/meta[@property=$name or @name=$name]/@content", name=name)
    return found


def test_article_tells_the_whole_update() -> None:
    (article,) = PAGE.xpath("//main//article")
    assert text(article.find(".//h1")) == RICH.title
    assert "Corrected February 11, 2026: The amount was wrong." in text(article)
    assert article.xpath("./img/@alt") == ["Members in purple shirts outside the main entrance"]
    assert article.xpath("./img/@src") == ["/files/picket.jpg"]
    assert text(article.xpath(".//a[contains(@class, 'button')]")[0]) == "More at elsewhere.example"
    assert article.xpath(".//p[@class='tags']/a/text()") == ["Pay", "Bargaining"]


def test_files_are_offered_with_type_and_size() -> None:
    assert [text(row) for row in PAGE.xpath("//section[@class='files']//li")] == [
        "Tentative agreement, summary PDF, 48 kB",
        "Pay scale from July 2026 Excel sheet, 1.2 MB",
    ]
    assert PAGE.xpath("//section[@class='files']//a/@href") == [
        "/files/tentative-agreement.pdf",
        "/files/pay-scale.xlsx",
    ]


def test_page_leads_to_its_neighbours_and_related_updates() -> None:
    assert [(link.get("rel"), link.get("href")) for link in PAGE.xpath("//main//nav/a")] == [
        ("next", "/updates/update-9/"),
        ("prev", "/updates/update-7/"),
    ]
    assert PAGE.xpath("//section[h2='Related updates']//a/@href") == ["/updates/update-1/"]


def test_an_expired_update_says_so_and_since_when() -> None:
    entry = make_entry(1, expires=datetime(2026, 3, 2, 4, 59, tzinfo=UTC))
    expired = text(read(update_page(make_site(), entry, as_of=LATER)))
    assert "This update has expired. It is kept for reference" in expired
    assert "Sunday, March 1, 2026, 11:59 pm EST" in expired
    assert "has expired" not in text(read(update_page(make_site(), entry)))


def test_plain_update_has_nothing_to_spare() -> None:
    main = BARE.find(".//main")
    assert not main.xpath(".//nav | .//section[@class='files'] | .//img | .//p[@class='note']")
    assert "Related" not in text(main)
    assert "Updated" not in text(main)


@pytest.mark.parametrize(
    ("around", "relation"),
    [(Neighbours(newer=PLAIN), "next"), (Neighbours(older=PLAIN), "prev")],
)
def test_first_and_last_update_have_one_neighbour(around: Neighbours, relation: str) -> None:
    page = read(update_page(SITE, RICH, around))
    assert page.xpath("//main//nav/a/@rel") == [relation]


@pytest.mark.parametrize(
    ("published", "machine", "words"),
    [
        (datetime(2026, 3, 8, 9, 59, tzinfo=UTC), "2026-03-08T01:59:00-08:00", "Sunday, March 8, 2026, 1:59 am PST"),
        (datetime(2026, 3, 8, 10, 0, tzinfo=UTC), "2026-03-08T03:00:00-07:00", "Sunday, March 8, 2026, 3:00 am PDT"),
        (
            datetime(2026, 11, 1, 8, 30, tzinfo=UTC),
            "2026-11-01T01:30:00-07:00",
            "Sunday, November 1, 2026, 1:30 am PDT",
        ),
        (
            datetime(2026, 11, 1, 9, 30, tzinfo=UTC),
            "2026-11-01T01:30:00-08:00",
            "Sunday, November 1, 2026, 1:30 am PST",
        ),
        (datetime(2026, 7, 4, 19, 5, tzinfo=UTC), "2026-07-04T12:05:00-07:00", "Saturday, July 4, 2026, 12:05 pm PDT"),
        (datetime(2026, 7, 4, 7, 5, tzinfo=UTC), "2026-07-04T00:05:00-07:00", "Saturday, July 4, 2026, 12:05 am PDT"),
    ],
)
def test_time_is_that_of_the_site_s_zone(published: datetime, machine: str, words: str) -> None:
    page = read(update_page(SITE, make_entry(published=published)))
    (time,) = page.xpath("//article//time")
    assert (time.get("datetime"), text(time)) == (machine, words)


def test_zone_without_a_name_is_said_by_its_offset() -> None:
    page = read(update_page(make_site(time_zone="America/Sao_Paulo"), PLAIN))
    assert [text(time) for time in page.xpath("//article//time")] == ["Sunday, February 1, 2026, 11:00 am UTC-03"]


def test_no_line_begins_with_the_half_of_the_day_or_the_zone() -> None:
    (time,) = BARE.xpath("//article//time/text()")
    assert time == "Sunday, February 1, 2026, 6:00\N{NO-BREAK SPACE}am\N{NO-BREAK SPACE}PST"


def test_an_update_is_shared_by_its_own_address_and_title_alone() -> None:
    (share,) = PAGE.xpath("//article//p[@class='share']")
    assert share.get("hidden") is not None  # shown by the script, useless without it
    assert share.xpath("./button/@data-share | ./button/@data-copy") == [RICH.permalink, RICH.permalink]
    assert share.xpath("./button/@data-title") == [RICH.title]


def test_change_is_dated() -> None:
    assert [time.get("datetime") for time in PAGE.xpath("//article//time")] == [
        "2026-02-08T06:00:00-08:00",
        "2026-02-11T06:00:00-08:00",
        "2026-02-11T06:00:00-08:00",
    ]


def test_own_addresses_in_the_text_lose_their_host_and_others_do_not() -> None:
    (prose,) = PAGE.xpath("//div[@class='prose']")
    assert prose.xpath(".//a/@href") == ["/updates/update-2/", "https://elsewhere.example/updates/"]
    assert prose.xpath(".//img/@src") == ["/files/stub.png"]


@pytest.mark.parametrize(
    "content",
    [
        f'<p>Type "{BASE_URL}files/x" or  href="{BASE_URL}y" in the box</p>',
        '<p><a href="https://news.example.org.elsewhere.example/">x</a></p>',
        f'<p><a title=" href=" href="https://elsewhere.example/?to={BASE_URL}">x</a></p>',
        f'<p><img alt="a > b {BASE_URL}" src="/files/x.png"></p>',
    ],
)
def test_text_that_looks_like_an_address_of_ours_is_left_alone(content: str) -> None:
    page = read(update_page(SITE, make_entry(content_html=content)))
    shown = html.tostring(page.xpath("//div[@class='prose']")[0][0], with_tail=False)
    assert shown == html.tostring(html.fragment_fromstring(content))


def test_own_address_is_found_behind_other_attributes() -> None:
    content = f'<p><img alt="a > b" title="&quot;" src="{BASE_URL}files/x.png"><a rel="x" href="{BASE_URL}">y</a></p>'
    page = read(update_page(SITE, make_entry(content_html=content)))
    assert page.xpath("//div[@class='prose']//@src | //div[@class='prose']//@href") == ["/files/x.png", "/"]


def test_tables_scroll_in_a_region_that_takes_focus() -> None:
    (table,) = PAGE.xpath("//div[@class='prose']//table")
    region = table.getparent()
    assert (region.get("tabindex"), region.get("role"), region.get("aria-label")) == ("0", "group", "Table")
    assert region.getnext().tag == "p"
    assert [cell.attrib for cell in table.xpath(".//td")] == [{}, {"class": "right"}]


def test_update_offers_its_categories_feeds_first() -> None:
    assert [address.removeprefix(BASE_URL) for _, _, address in discovered(PAGE)] == [
        "pay/rss.xml",
        "bargaining/rss.xml",
        "rss.xml",
        "atom.xml",
        "feed.json",
    ]
    (box,) = PAGE.xpath("//section[@id='subscribe']")
    assert box.xpath(".//a/@href") == ["/pay/subscribe/", "/bargaining/subscribe/"]
    assert box.xpath(".//textarea/text()") == [f"{BASE_URL}pay/rss.xml"]  # the rest are there


def test_shared_link_shows_the_update() -> None:
    assert meta(PAGE, "og:type") == ["article"]
    assert meta(PAGE, "og:title") == [RICH.title]
    assert meta(PAGE, "og:url") == [RICH.permalink] == PAGE.xpath("//link[@rel='canonical']/@href")
    assert meta(PAGE, "og:image") == ["https://news.example.org/files/picket.jpg"]
    assert meta(PAGE, "og:image:alt") == ["Members in purple shirts outside the main entrance"]
    assert meta(PAGE, "og:locale") == ["en_US"]
    assert meta(PAGE, "article:published_time") == ["2026-02-08T06:00:00-08:00"]
    assert meta(PAGE, "article:modified_time") == ["2026-02-11T06:00:00-08:00"]
    assert meta(BARE, "og:image") == [card_of(SITE, Place(("covid",))).image.url]


def test_structured_data_says_the_same() -> None:
    article = json.loads(PAGE.xpath("string(//script[@type='application/ld+json'])"))
    assert article == {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "headline": RICH.title,
        "description": RICH.summary,
        "datePublished": "2026-02-08T06:00:00-08:00",
        "dateModified": "2026-02-11T06:00:00-08:00",
        "inLanguage": "en-US",
        "mainEntityOfPage": RICH.permalink,
        "image": "https://news.example.org/files/picket.jpg",
        "author": {"@type": "Organization", "name": "Local 1107"},
        "publisher": {"@type": "Organization", "name": "Local 1107", "url": BASE_URL},
    }


def test_author_and_language_of_the_update_win() -> None:
    entry = make_entry(author=Author(name="Bargaining team"), language="es", change_note="Otra fecha.")
    page = read(update_page(SITE, entry, Neighbours(related=(make_entry(2, language="fr"),))))
    (article,) = page.xpath("//article")
    when = "Publicado el domingo 1 de febrero de 2026, 6:00 a. m. PST Por Bargaining team"
    own = [entry.title, when, "Corregido el 1 de febrero de 2026:", "Otra fecha.", "What update 1 says at length."]
    assert [text(part) for part in article.xpath(".//*[@lang='es']")] == own
    assert meta(page, "og:locale") == ["es"]
    assert page.xpath("//section[h2='Related updates']//li/a/@lang") == ["fr"]
    told = json.loads(page.xpath("string(//script[@type='application/ld+json'])"))
    assert (told["author"]["name"], told["inLanguage"]) == ("Bargaining team", "es")


def test_link_to_an_update_of_ours_stays_on_the_site() -> None:
    page = read(update_page(SITE, make_entry(link=PDF.url)))
    (link,) = page.xpath("//article//a[contains(@class, 'button')]")
    assert (link.get("href"), text(link)) == ("/files/tentative-agreement.pdf", "More at news.example.org")


def test_link_to_a_host_that_begins_like_ours_leaves_the_site() -> None:
    address = "https://news.example.org.elsewhere.example/x"
    page = read(update_page(SITE, make_entry(link=address)))
    assert page.xpath("//article//a[contains(@class, 'button')]/@href") == [address]


@pytest.mark.parametrize("title", ["</script x>", "<!--<script>", "]]> & \u2028"])
def test_structured_data_cannot_end_its_script(title: str) -> None:
    page = read(update_page(SITE, make_entry(title=title)))
    (script,) = page.xpath("//script[@type='application/ld+json']")
    assert not set("<>&") & set(script.text)
    assert json.loads(script.text)["headline"] == title


def test_link_without_a_host_says_who_is_written_to() -> None:
    page = read(update_page(SITE, make_entry(link="mailto:steward@local.example")))
    (link,) = page.xpath("//article//a[contains(@class, 'button')]")
    assert text(link) == "Write to steward@local.example"


def test_page_is_small() -> None:
    assert len(update_page(SITE, make_entry(content_html=""))) < 6_000


def test_update_written_the_other_way_says_so_wherever_its_own_words_stand() -> None:
    entry = make_entry(
        language="ar",
        title="COVID: الكمامات",
        summary="N95: نعم",
        content_html="<p>ضع الكمامة</p>",
        change_note="الغرفة 4",
        enclosures=(PDF,),
    )
    page = read(update_page(SITE, entry, Neighbours(newer=entry, related=(entry,))))
    (article,) = page.xpath("//article")
    own = [entry.title, "الغرفة 4", "ضع الكمامة", PDF.title]
    assert [text(part) for part in article.xpath(".//*[@dir='rtl' and @lang='ar']")] == own
    assert page.xpath("//section[h2='Related updates']//li/a/@dir") == ["rtl"]
    assert [text(part) for part in page.xpath("//nav[@class='wrap pager']//bdi")] == [entry.title]
    mark = "\N{RIGHT-TO-LEFT MARK}"
    assert meta(page, "og:title") == [mark + entry.title]
    assert meta(page, "og:description") == meta(page, "description") == [mark + entry.summary]
    assert page.findtext("head/title") == f"{mark}{entry.title} · {SITE.title}"


def test_what_stands_in_an_update_is_said_in_its_language_and_what_stands_around_it_in_the_page_s() -> None:
    own = replace(RICH, language="es-US", expires=RICH.updated + timedelta(days=1), digest="spanish")
    page = read(update_page(SITE, own, Neighbours(newer=PLAIN, related=(PLAIN,)), as_of=LATER))
    (article,) = page.xpath("//article")
    inside = [text(part) for part in article.xpath(".//*[@lang='es-US'][not(self::img)]")]
    assert inside == [
        own.title,
        (
            "Publicado el domingo 8 de febrero de 2026, 6:00 a. m. PST "
            "Actualizado el miércoles 11 de febrero de 2026, 6:00 a. m. PST Por Local 1107"
        ),
        (
            "Este aviso ya no está vigente. Se conserva como referencia. "
            "Dejó de estar vigente el jueves 12 de febrero de 2026, 6:00 a. m. PST."
        ),
        "Corregido el 11 de febrero de 2026:",
        "The amount was wrong.",
        text(article.xpath("./div[@class='prose']")[0]),
        "Más información en elsewhere.example",
        "Archivos adjuntos",
        "Tentative agreement, summary",
        "PDF, 48 kB",
        "Pay scale from July 2026",
        "Hoja de Excel, 1.2 MB",
    ]
    assert article.xpath(".//@aria-label") == ["Tabla"]
    for place in ("header", "main//section[@id='subscribe']", "main/nav", "footer"):
        (around,) = page.xpath(f"/html/body/{place}")
        assert not around.xpath("ancestor-or-self::*[@lang='es-US'] | .//*[@lang='es-US']")
    assert page.xpath("//h2/text()")[-3:] == ["Get the next update", "Related updates", "Our promise"]


def test_words_for_which_the_update_s_language_has_none_are_the_site_s() -> None:
    page = read(update_page(make_site(language="es-MX"), replace(RICH, language="ar", digest="arabic")))
    (article,) = page.xpath("//article")
    assert text(article.xpath("./section/h2")[0]) == "Archivos adjuntos"
    assert article.xpath("./header/p/@lang | ./section/h2/@lang | ./section//span[@class='facts']/@lang") == []
    (region,) = article.xpath(".//*[@role='group']")
    assert (region.get("aria-label"), region.get("lang"), region.get("dir")) == ("Tabla", "es-MX", None)
    assert region.find("table").get("lang") == "ar"
