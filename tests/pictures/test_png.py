"""A drawing is proved sound without a decoder; the judge is the decoder."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from feedsvc.pictures.png import PHOTO_OCTETS, SIGNATURE, chunk, plain_png
from tests.pictures.phone import draw, opened, photo, saved, scene, wide_profile

DRAWING = saved(draw(90, 60), "PNG")


@pytest.mark.parametrize("mode", ["1", "L", "P", "RGB", "RGBA", "LA"])
def test_a_plain_drawing_is_published_as_it_is(mode: str) -> None:
    image = draw(90, 60).convert(mode)
    data = saved(image, "PNG", pnginfo=None, dpi=(72, 72)) + b"and a film"
    found = plain_png(data)
    assert found
    assert found[:2] == (90, 60)
    assert opened(found[2]).convert("RGBA").tobytes() == image.convert("RGBA").tobytes()
    assert b"pHYs" not in found[2]
    assert b"film" not in found[2]


def test_a_light_drawing_stays_whole_however_wide() -> None:
    """Made smaller, it would be blurred and weigh more."""
    screen = Image.new("RGB", (1600, 900), "white")
    for line in range(0, 1600, 9):
        screen.paste("black", (line, line % 70, line + 4, 900))
    found = plain_png(saved(screen, "PNG"))
    assert found
    assert found[:2] == (1600, 900)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        SIGNATURE,
        DRAWING[:-20],
        DRAWING.replace(b"IDAT", b"IDAX"),
        DRAWING[:40] + b"x" + DRAWING[41:],
        SIGNATURE + chunk(b"IEND", b""),
        SIGNATURE + chunk(b"IHDR", bytes(13)) + chunk(b"IEND", b""),
        SIGNATURE + chunk(b"IHDR", b"\0\0\0\1\0\0\0\1\x08\3\0\0\0") + chunk(b"IEND", b""),
        SIGNATURE + chunk(b"IHDR", b"\0\0\0\1\0\0\0\1\x08\2\0\0\0") + chunk(b"IDAT", b"xx") + chunk(b"IEND", b""),
        SIGNATURE + chunk(b"IHDR", b"\0\0\0\1\0\0\0\1\x04\2\0\0\0") + chunk(b"IEND", b""),
        saved(draw(90, 60).convert("L").convert("I;16"), "PNG"),
        saved(draw(90, 60), "PNG", icc_profile=wide_profile()),
        saved(draw(90, 60), "PNG", exif=opened(photo(turn=6)).getexif().tobytes()),
        saved(scene(600, 500), "PNG"),
    ],
)
def test_what_a_decoder_must_see_is_left_to_it(data: bytes) -> None:
    assert plain_png(data) is None


def test_a_photo_is_told_by_its_weight() -> None:
    assert len(saved(scene(600, 500), "PNG")) > PHOTO_OCTETS


@given(st.integers(0, len(DRAWING) - 1), st.binary(min_size=1, max_size=30))
def test_nothing_is_called_plain_that_a_decoder_refuses(at: int, octets: bytes) -> None:
    data = DRAWING[:at] + octets + DRAWING[at + len(octets) :]
    found = plain_png(data)
    if found:
        image = opened(found[2])
        image.load()
        assert image.size == found[:2]
