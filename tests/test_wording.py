"""What the program says to readers: dates, sizes and kinds of files, and that every language says all of it."""

import re
from collections.abc import Iterator
from dataclasses import MISSING, fields, is_dataclass
from datetime import datetime, timedelta
from pathlib import Path
from string import Formatter
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Browser

import feedsvc
from feedsvc.content.media_types import MEDIA_TYPES, SVG
from feedsvc.formats import FORMATS
from feedsvc.wording import WORDINGS, find_wording
from feedsvc.wording.english import ENGLISH
from feedsvc.wording.nouns import Embedding, FileKinds, Following, Poster, Searching
from feedsvc.wording.spanish import SPANISH
from feedsvc.wording.wording import KINDS, Wording

NOUNS = (Wording, FileKinds, Embedding, Following, Poster, Searching)
every_language = pytest.mark.parametrize("language", WORDINGS)
SOURCES = [path for ending in ("py", "html") for path in Path(feedsvc.__file__).parent.rglob(f"*.{ending}")]
SAY_NAMES = """tag => {
    const say = (date, options) => new Intl.DateTimeFormat(tag, {timeZone: "UTC", ...options}).format(date);
    const months = [...Array(12).keys()].map(month => new Date(Date.UTC(2026, month, 2)));
    const days = [...Array(7).keys()].map(day => new Date(Date.UTC(2026, 5, 1 + day)));
    return [
        months.map(date => say(date, {month: "long"})),
        months.map(date => say(date, {month: "short"})),
        days.map(date => say(date, {weekday: "long"})),
        months.map(date => say(date, {dateStyle: "long"})),
    ];
}"""


def every_text(value: Any, name: str = "") -> Iterator[tuple[str, str]]:
    """(where, text) of all that a wording says."""
    if isinstance(value, str):
        yield name, value
    elif is_dataclass(value):
        for each in fields(value):
            yield from every_text(getattr(value, each.name), f"{name}.{each.name}")
    else:
        items = value.items() if isinstance(value, dict) else enumerate(value)
        for key, each in items:
            yield from every_text(each, f"{name}.{key}")


def marks(text: str) -> list[str]:
    """What is filled in, by name."""
    return sorted(name for _, name, _, _ in Formatter().parse(text) if name is not None)


@every_language
def test_every_language_says_everything_with_the_same_marks(language: str) -> None:
    """A text more or less, or a mark that the program does not fill, would be seen by readers alone."""
    english, said = dict(every_text(ENGLISH)), dict(every_text(WORDINGS[language]))
    clock = said.pop(".clock")
    del english[".clock"]
    assert {where: marks(text) for where, text in said.items()} == {
        where: marks(text) for where, text in english.items()
    }
    assert marks(clock) in (["half", "hour", "minute"], ["hour_of_24", "minute"])
    assert [where for where, text in said.items() if not text.strip()] == []


@pytest.mark.parametrize("noun", NOUNS)
def test_nothing_is_said_by_default(noun: type[Any]) -> None:
    """So a language that forgets a field fails the check of types, and the program does not start with it."""
    assert all(each.default is MISSING and each.default_factory is MISSING for each in fields(noun))
    with pytest.raises(TypeError, match="missing"):
        noun(**{each.name: "" for each in fields(noun)[1:]})


def test_every_field_is_said_somewhere() -> None:
    code = "\n".join(path.read_text() for path in SOURCES)
    names = {each.name for noun in NOUNS for each in fields(noun)}
    assert {
        name
        for name in names
        if not re.search(rf"(\b(words|self|kinds|embedding|following|poster|searching)|[)\]])\.{name}\b", code)
    } == set()


def test_a_period_says_once_what_its_ends_have_in_common() -> None:
    zone = ZoneInfo("America/Los_Angeles")
    six, eight = datetime(2026, 3, 7, 18, tzinfo=zone), datetime(2026, 3, 7, 20, 30, tzinfo=zone)
    night = datetime(2026, 3, 8, 3, tzinfo=zone)  # summer time began an hour ago
    space = "\N{NO-BREAK SPACE}"
    assert ENGLISH.say_period(six, eight, is_whole_day=False) == "Saturday, March 7, 2026, 6:00 pm to 8:30 pm PST"
    assert ENGLISH.say_period(night - timedelta(hours=2), night, is_whole_day=False) == (
        "Sunday, March 8, 2026, 1:00 am PST to Sunday, March 8, 2026, 3:00 am PDT"
    )
    assert SPANISH.say_period(six, eight, is_whole_day=False) == (
        f"sábado 7 de marzo de 2026, 6:00{space}p.{space}m. a 8:30{space}p.{space}m. PST"
    )
    assert SPANISH.say_period(six, six + timedelta(days=2), is_whole_day=True) == (
        "sábado 7 de marzo de 2026 a domingo 8 de marzo de 2026"
    )


@every_language
def test_every_format_has_a_purpose(language: str) -> None:
    assert set(WORDINGS[language].format_purposes) == {fmt.file_name for fmt in FORMATS}


@every_language
def test_texts_are_set_with_care(language: str) -> None:
    for where, text in every_text(WORDINGS[language]):
        assert text == text.strip(), where
        assert not re.search(r"[\"'`]|\.\.\.|\s{2}|[ \n][,.;:!?]|\( | \)", text), f"{where}: {text}"
        english = dict(every_text(ENGLISH))[where]
        if not where.startswith((".short_months", ".halves")):
            assert re.findall(r"[.:?]?$", text)[0] == re.findall(r"[.:?]?$", english)[0], f"{where}: {text}"
        if language == "es":
            assert [text.count(sign) for sign in "¿¡«"] == [text.count(sign) for sign in "?!»"], f"{where}: {text}"
    for number in (1, 5, 5_000, 5_000_000):
        assert "\N{NO-BREAK SPACE}" in WORDINGS[language].say_size(number)


@pytest.mark.parametrize("language", WORDINGS.keys() - {"en"})
def test_no_sentence_is_left_in_english(language: str) -> None:
    english = dict(every_text(ENGLISH))
    said = dict(every_text(WORDINGS[language]))
    same = {text for where, text in said.items() if text == english[where]}
    assert {text for text in same if re.search(r"[a-z]{3} [a-z]{2}", re.sub(r"\{.*?\}", "", text))} == set()


@every_language
def test_months_and_days_are_those_that_a_browser_knows(language: str, browser: Browser) -> None:
    """Chromium's copy of the Unicode CLDR is the judge; of English and Spanish as spoken in the Americas."""
    words = WORDINGS[language]
    page = browser.new_page()
    months, short_months, weekdays, dates = page.evaluate(SAY_NAMES, {"en": "en-US"}.get(language, language))
    page.close()
    assert (list(words.months), list(words.weekdays)) == (months, weekdays)
    assert list(words.short_months) == short_months
    assert [words.say_date(datetime(2026, month, 2)) for month in range(1, 13)] == dates  # noqa: DTZ001 - a day


@pytest.mark.parametrize(
    ("hour", "minute", "english", "spanish"),
    [
        (0, 5, "12:05 am", "12:05 a. m."),
        (9, 0, "9:00 am", "9:00 a. m."),
        (12, 0, "12:00 pm", "12:00 p. m."),
        (23, 59, "11:59 pm", "11:59 p. m."),
    ],
)
def test_an_instant_is_said_with_day_clock_and_zone(hour: int, minute: int, english: str, spanish: str) -> None:
    instant = datetime(2026, 3, 2, hour, minute, tzinfo=ZoneInfo("America/Los_Angeles"))
    assert ENGLISH.say_instant(instant) == f"Monday, March 2, 2026, {english} PST"
    assert SPANISH.say_instant(instant).replace("\N{NO-BREAK SPACE}", " ") == (
        f"lunes 2 de marzo de 2026, {spanish} PST"
    )


@pytest.mark.parametrize(
    ("tag", "words"),
    [
        ("en", ENGLISH),
        ("es", SPANISH),
        ("es-MX", SPANISH),
        ("ES-419", SPANISH),
        ("est", None),
        ("ar", None),
        ("", None),
    ],
)
def test_words_are_found_by_the_language_of_a_tag(tag: str, words: Wording | None) -> None:
    assert find_wording(tag) is words


@pytest.mark.parametrize(
    ("octets", "words"),
    [
        (0, "0 bytes"),
        (1, "1 byte"),
        (999, "999 bytes"),
        (1_000, "1 kB"),
        (48_213, "48 kB"),
        (999_499, "999 kB"),
        (999_500, "1.0 MB"),
        (1_250_000, "1.2 MB"),
    ],
)
def test_size_is_said_as_file_managers_do(octets: int, words: str) -> None:
    assert ENGLISH.say_size(octets) == words.replace(" ", "\N{NO-BREAK SPACE}")


@pytest.mark.parametrize(
    ("media_type", "words"),
    [
        ("application/pdf", "PDF"),
        ("image/png", "Image"),
        ("audio/ogg", "Audio"),
        ("application/vnd.oasis.opendocument.text", "ODT document"),
        ("text/csv", "CSV table"),
        ("application/x-unheard", "X-UNHEARD"),
    ],
)
def test_a_kind_of_file_is_said_as_people_do(media_type: str, words: str) -> None:
    assert ENGLISH.say_kind(media_type) == words


def test_every_kind_of_file_that_updates_offer_has_a_name() -> None:
    offered = {media_type for media_type in MEDIA_TYPES.values() if media_type != SVG}
    assert {each for each in offered if each not in KINDS and each.partition("/")[0] not in KINDS} == set()


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("https://www.health.example.org:8443/a?b=1", "More at health.example.org"),
        ("mailto:steward@example.org?subject=Rooms", "Write to steward@example.org"),
    ],
)
def test_a_link_says_where_it_leads(url: str, words: str) -> None:
    assert ENGLISH.say_link(url) == words
