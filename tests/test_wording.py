"""What the program says to readers: dates, sizes and kinds of files, and that every language says all of it."""

import pytest

from feedsvc.content.files import MEDIA_TYPES, SVG
from feedsvc.wording.english import ENGLISH
from feedsvc.wording.wording import KINDS


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
