"""What feeds say of entries that are written from right to left; HTML is judged as an HTML parser sees it."""

from typing import Any

import pytest
from lxml import etree, html

from feedsvc.formats import FORMATS
from feedsvc.formats.atom import ATOM
from feedsvc.formats.format import FeedFormat
from feedsvc.formats.json_feed import JSON_FEED
from feedsvc.formats.opml import render_opml
from feedsvc.formats.rss import RSS
from feedsvc.languages import RIGHT_TO_LEFT_MARK
from feedsvc.model import Entry, Site
from feedsvc.places import ALL
from tests.formats.samples import full_entry, named, read
from tests.make import PDF, SELF_URL, make_entry, make_feed, make_image, make_site

every_format = pytest.mark.parametrize("fmt", FORMATS, ids=named)
TITLE, SUMMARY, NOTE = "COVID: الكمامات إلزامية", "الكمامات (N95) إلزامية.", "الغرفة 4؟"
BODY = "<p>ضع الكمامة <strong>N95</strong>!</p>"
ENGLISH, ARABIC = make_site(), make_site(language="ar", title="Local 7: النقابة", description="أخبار النقابة")


def arabic(**overrides: Any) -> Entry:
    given: dict[str, Any] = {"title": TITLE, "summary": SUMMARY, "content_html": BODY, "language": "ar"}
    return make_entry(1, **given | overrides)


def item(fmt: FeedFormat, entry: Entry, site: Site = ENGLISH, *, trimmed: bool = False) -> Any:
    ids = frozenset({entry.id} if trimmed else ())
    (found,) = read(fmt, fmt.render(make_feed(entry, site=site, trimmed=ids), SELF_URL)).items
    return found


def turned(content_html: str) -> list[tuple[str, str, str]]:
    """(language, direction, text) of every element that says its direction."""
    elements = html.fragment_fromstring(content_html, create_parent="div").xpath(".//*[@dir]")
    return [(each.get("lang"), each.get("dir"), " ".join(each.text_content().split())) for each in elements]


@every_format
def test_the_text_and_our_words_say_their_languages_and_directions(fmt: FeedFormat) -> None:
    entry = arabic(change_note=NOTE, link="https://health.example.org/", enclosures=(PDF,), image=make_image())
    content = item(fmt, entry).content_html
    assert turned(content) == [
        ("en", "ltr", "Corrected February 1, 2026:"),
        ("ar", "rtl", NOTE),
        ("ar", "rtl", "ضع الكمامة N95!"),
        ("en", "ltr", "More at health.example.org"),
        ("en", "ltr", "Attachments:"),
        ("ar", "rtl", PDF.title),
        ("en", "ltr", "(PDF, 48 kB)"),
    ]
    wrapped = html.fragment_fromstring(content, create_parent="div").xpath("./div[@dir]/p[1]/img/@src")
    assert wrapped == [make_image().url]


@every_format
def test_a_summary_in_place_of_a_long_text_says_its_direction(fmt: FeedFormat) -> None:
    content = item(fmt, arabic(), trimmed=True).content_html
    assert turned(content) == [("ar", "rtl", SUMMARY), ("en", "ltr", "Read the whole update")]


@every_format
def test_a_title_that_begins_with_other_letters_is_marked(fmt: FeedFormat) -> None:
    """It is plain text in RSS and JSON Feed, and few readers take HTML in Atom's."""
    assert item(fmt, arabic()).title == RIGHT_TO_LEFT_MARK + TITLE
    assert item(fmt, arabic(title="الكمامات")).title == "الكمامات"
    assert item(fmt, make_entry(title="الكمامات are masks")).title == "الكمامات are masks"


def test_a_summary_says_its_direction_where_it_is_html() -> None:
    description = etree.fromstring(RSS.render(make_feed(arabic(change_note=NOTE)), SELF_URL)).findtext(
        ".//item/description"
    )
    assert description is not None
    assert turned(description) == [
        ("en", "ltr", "Corrected February 1, 2026:"),
        ("ar", "rtl", NOTE),
        ("ar", "rtl", SUMMARY),
    ]
    assert html.fragment_fromstring(description, create_parent="p").text_content() == (
        f"Corrected February 1, 2026: {NOTE} {SUMMARY}"
    )


@pytest.mark.parametrize("fmt", [ATOM, JSON_FEED], ids=named)
def test_a_summary_in_plain_text_is_marked_where_it_begins_with_other_letters(fmt: FeedFormat) -> None:
    assert item(fmt, arabic()).summary == SUMMARY
    assert item(fmt, arabic(summary=f"N95: {SUMMARY}")).summary == f"{RIGHT_TO_LEFT_MARK}N95: {SUMMARY}"
    assert item(fmt, arabic(change_note=NOTE)).summary.startswith(f"{RIGHT_TO_LEFT_MARK}Corrected")


@every_format
@pytest.mark.parametrize("language", ["ar", "he", "fa", "ur", "ps-AF", "ku-Arab", "uz-Arab-AF", "az-IR", "pa-PK"])
def test_every_language_from_right_to_left_is_known(fmt: FeedFormat, language: str) -> None:
    assert turned(item(fmt, arabic(language=language)).content_html)[0][:2] == (language, "rtl")


@every_format
def test_a_site_from_right_to_left_needs_no_language_on_its_entries(fmt: FeedFormat) -> None:
    assert turned(item(fmt, arabic(language=None), ARABIC).content_html) == [("ar", "rtl", "ضع الكمامة N95!")]
    english = item(fmt, make_entry(language="en"), ARABIC)
    assert turned(english.content_html) == [("en", "ltr", "What update 1 says at length.")]
    seen = read(fmt, fmt.render(make_feed(arabic(), site=ARABIC, place=ALL), SELF_URL))
    assert (seen.title, seen.description) == (f"{RIGHT_TO_LEFT_MARK}{ARABIC.title}", ARABIC.description)


def test_the_list_of_feeds_of_such_a_site_is_marked() -> None:
    outlines = etree.fromstring(render_opml(ARABIC, [make_feed(site=ARABIC, place=ALL)])).iter("outline")
    marked = f"{RIGHT_TO_LEFT_MARK}{ARABIC.title}"
    assert [(each.get("text"), each.get("title"), each.get("description")) for each in outlines] == [
        (marked, marked, ARABIC.description)
    ]


@every_format
@pytest.mark.parametrize("language", [None, "es", "ks-Deva", "sd-IN"])
def test_nothing_is_said_of_what_is_written_from_left_to_right(fmt: FeedFormat, language: str | None) -> None:
    document = fmt.render(make_feed(full_entry(language=language)), SELF_URL)
    assert b"dir=" not in document
    assert RIGHT_TO_LEFT_MARK.encode() not in document
