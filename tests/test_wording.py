"""How the program says sizes and types."""

import pytest

from feedsvc.wording.english import ENGLISH


@pytest.mark.parametrize(
    ("octets", "words"),
    [
        (0, "0 bytes"),
        (999, "999 bytes"),
        (1_000, "1 kB"),
        (48_213, "48 kB"),
        (999_499, "999 kB"),
        (999_500, "1.0 MB"),
        (1_250_000, "1.2 MB"),
    ],
)
def test_size_is_said_as_file_managers_do(octets: int, words: str) -> None:
    assert ENGLISH.say_size(octets) == words


@pytest.mark.parametrize(
    ("media_type", "words"),
    [("application/pdf", "PDF"), ("image/png", "Image"), ("application/zip", "ZIP"), ("text/csv", "CSV table")],
)
def test_type_is_said_as_people_do(media_type: str, words: str) -> None:
    assert ENGLISH.say_media_type(media_type) == words
