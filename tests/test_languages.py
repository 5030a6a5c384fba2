"""Which way languages are written, as Chromium's copy of the Unicode CLDR has it, and the mark in plain text."""

from string import ascii_lowercase

import pytest
from hypothesis import given
from hypothesis import strategies as st
from playwright.sync_api import Browser

from feedsvc.languages import (
    LANGUAGES,
    LEFT_TO_RIGHT_THERE,
    OWN_NAMES,
    RIGHT_TO_LEFT_MARK,
    RIGHT_TO_LEFT_THERE,
    direction,
    marked,
)

SAY_DIRECTIONS = """tags => tags.map(tag => {
    const locale = new Intl.Locale(tag);
    return (locale.getTextInfo ? locale.getTextInfo() : locale.textInfo).direction;
})"""
SAY_NAMES = """tags => {
    const say = tag => new Intl.DisplayNames([tag], {type: "language"}).of(tag);
    return Object.fromEntries(Intl.DisplayNames.supportedLocalesOf(tags).map(tag => [tag, say(tag)]));
}"""
SHOW = """([text, way]) => {
    const element = document.createElement("p");
    element.dir = way;
    element.textContent = text;
    document.body.append(element);
    return getComputedStyle(element).direction;
}"""


def test_a_browser_says_the_same_of_every_language(browser: Browser) -> None:
    """All of two letters, those of three that we name, and all that regions and scripts change in them."""
    two_letters = [first + second for first in ascii_lowercase for second in ascii_lowercase]
    tags = [*two_letters, *LANGUAGES, *RIGHT_TO_LEFT_THERE, *LEFT_TO_RIGHT_THERE]
    tags += [f"{tag}-{script}" for tag in two_letters for script in ("Arab", "Hebr", "Latn", "Cyrl")]
    tags += ["ff-Adlm-GN", "syc-Syrc", "dv-Thaa", "nqo-Nkoo", "rhg-Rohg", "uz-Arab-AF", "ks-Deva", "zh-Hant-TW"]
    tags += ["ar-EG", "he-IL", "es-419", "en-x-arab", "sl-nedis", "de-1996", "AR", "Ur-pK"]
    page = browser.new_page()
    said = page.evaluate(SAY_DIRECTIONS, tags)
    page.close()
    assert {tag: way for tag, way in zip(tags, said, strict=True) if direction(tag) != way} == {}
    assert set(said) == {"ltr", "rtl"}


@pytest.mark.parametrize(
    ("title", "language", "shown"),
    [
        ("الكمامات إلزامية", "ar", "الكمامات إلزامية"),
        ("(الكمامات) COVID", "ar", "(الكمامات) COVID"),
        ("COVID: الكمامات", "ar", RIGHT_TO_LEFT_MARK + "COVID: الكمامات"),
        ("95: שלום", "he", "95: שלום"),
        ("N95: שלום", "he", RIGHT_TO_LEFT_MARK + "N95: שלום"),
        ("2026", "fa", RIGHT_TO_LEFT_MARK + "2026"),
        ("", "fa", ""),
        ("COVID: masks", "en", "COVID: masks"),
        ("שלום means peace", "en", "שלום means peace"),
    ],
)
def test_plain_text_is_marked_where_its_first_letter_would_mislead(title: str, language: str, shown: str) -> None:
    assert marked(title, language) == shown


@given(title=st.text(st.characters(codec="utf-8", exclude_categories=["C"]), max_size=20))
def test_a_mark_changes_nothing_else(title: str) -> None:
    assert marked(title, "ar").removeprefix(RIGHT_TO_LEFT_MARK) == title.removeprefix(RIGHT_TO_LEFT_MARK)
    assert marked(title, "en") == title


def test_readers_that_go_by_the_first_letter_take_a_marked_title_from_right_to_left(browser: Browser) -> None:
    page = browser.new_page()
    for title in ("COVID: الكمامات", "2026", "الكمامات (N95)"):
        assert page.evaluate(SHOW, [marked(title, "ar"), "auto"]) == "rtl"
    assert page.evaluate(SHOW, ["COVID: الكمامات", "auto"]) == "ltr", "what the mark is for"
    page.close()


def test_languages_have_the_names_that_those_who_read_them_know(browser: Browser) -> None:
    page = browser.new_page()
    said = page.evaluate(SAY_NAMES, list(OWN_NAMES))
    page.close()
    assert len(said) > 20
    assert {tag: OWN_NAMES[tag].casefold() for tag in said} == {tag: name.casefold() for tag, name in said.items()}
