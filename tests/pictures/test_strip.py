"""Stripping rewrites containers alone; what is not whole is refused, whatever it is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from feedsvc.pictures.sniff import sniff
from feedsvc.pictures.strip import STRIPPED, strip
from tests.pictures.phone import draw, opened, photo, saved

SAMPLES = {
    "image/jpeg": photo(draw(60, 40)),
    "image/png": saved(draw(60, 40), "PNG"),
    "image/webp": saved(draw(60, 40), "WEBP", exif=opened(photo()).getexif().tobytes()),
    "image/gif": saved(draw(60, 40), "GIF", comment=b"Jane"),
}


@pytest.mark.parametrize("media_type", STRIPPED)
def test_what_is_stripped_is_the_same_picture_and_stays_as_it_is(media_type: str) -> None:
    data = SAMPLES[media_type]
    stripped = strip(media_type, data)
    assert opened(stripped).convert("RGB").tobytes() == opened(data).convert("RGB").tobytes()
    assert strip(media_type, stripped) == stripped
    assert strip(media_type, stripped + b"and a film") == stripped
    assert sniff(stripped) == media_type
    assert b"Jane" not in stripped


@pytest.mark.parametrize("how", [{"progressive": True}, {"restart_marker_blocks": 2}, {"subsampling": 0}])
def test_every_way_to_order_a_jpeg_survives(how: dict[str, int]) -> None:
    data = saved(draw(200, 120), "JPEG", comment=b"Jane", **how)
    assert opened(strip("image/jpeg", data)).tobytes() == opened(data).tobytes()
    padded = data.replace(b"\xff\xc4", b"\xff\xff\xff\xc4", 1)
    assert opened(strip("image/jpeg", padded)).tobytes() == opened(data).tobytes()


@pytest.mark.parametrize(
    "data",
    [
        saved(draw(60, 40).convert("CMYK"), "JPEG"),
        saved(draw(60, 40), "JPEG", keep_rgb=True),
        b"\xff\xd8\xff\xee\x00\x0eAdobe\0\x64\0\0\0\0\0\xff\xd9",
    ],
)
def test_colours_that_metadata_explains_are_not_left_without_it(data: bytes) -> None:
    with pytest.raises(ValueError, match="colours"):
        strip("image/jpeg", data)


@pytest.mark.parametrize("media_type", STRIPPED)
def test_what_is_not_whole_is_refused(media_type: str) -> None:
    data = strip(media_type, SAMPLES[media_type])
    for length in (len(data) // 2, len(data) - 3, 12):
        with pytest.raises(ValueError, match=r"whole|breaks off"):
            strip(media_type, data[:length])


@pytest.mark.parametrize(
    ("media_type", "data"),
    [
        ("image/jpeg", b"\xff\xd8xx"),
        ("image/jpeg", b"\xff\xd8\xff\xda\x00\x02ab\xff\xff\xff"),
        ("image/jpeg", b"\xff\xd8\xff\x01\xff\xda\x00\x02ab\xff"),
        ("image/gif", b"GIF89a" + bytes(7) + b"\x99"),
        ("image/gif", saved(draw(60, 40), "GIF")[:-1]),
    ],
)
def test_what_makes_no_sense_is_refused(media_type: str, data: bytes) -> None:
    with pytest.raises(ValueError, match=r"."):
        strip(media_type, data)


@given(st.sampled_from(sorted(STRIPPED)), st.data())
def test_any_octets_are_stripped_or_refused(media_type: str, data: st.DataObject) -> None:
    sample = SAMPLES[media_type]
    at = data.draw(st.integers(0, len(sample)))
    octets = sample[:at] + data.draw(st.binary(max_size=40)) + sample[at + data.draw(st.integers(0, 40)) :]
    try:
        assert b"Jane" not in strip(media_type, octets) or at > 0
    except ValueError:
        return


def test_transparency_and_motion_are_kept_in_webp() -> None:
    clear = Image.new("RGBA", (40, 30), (1, 2, 3, 0))
    data = saved(clear, "WEBP", exif=opened(photo()).getexif().tobytes(), lossless=True)
    assert opened(strip("image/webp", data)).convert("RGBA").getpixel((3, 3))[3] == 0  # type: ignore[index]
