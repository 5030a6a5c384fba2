"""Photos that are a grid of tiles, as telephones write HEIC."""

from itertools import product
from pathlib import Path

import pytest

from feedsvc.pictures.make import make_shown
from feedsvc.pictures.sizes import ENDINGS
from tests.pictures.exiftool import told
from tests.pictures.grid import QUARTER_TURNS, grid, upright
from tests.pictures.phone import opened, photo

NEAR = 40  # of 255: what compression may change of a colour


def held(turn: int) -> bytes:
    return grid(turn, opened(photo(turn=turn)).getexif().tobytes())


@pytest.mark.parametrize("turn", QUARTER_TURNS)
def test_every_quarter_of_a_grid_is_in_its_place(turn: int) -> None:
    meant = upright(turn)
    made = make_shown(held(turn))
    assert [one.media_type for one, _ in made] == ["image/jpeg", "image/webp"]
    for _, body in made:
        image = opened(body).convert("RGB")
        assert image.size == meant.size
        for place in product(range(6, meant.width, 12), range(6, meant.height, 12)):
            pixel, colour = image.getpixel(place), meant.getpixel(place)
            assert isinstance(pixel, tuple)
            assert isinstance(colour, tuple)
            assert max(abs(is_ - wanted) for is_, wanted in zip(pixel, colour, strict=True)) < NEAR, place


def test_nothing_made_of_a_grid_tells_anything(tmp_path: Path) -> None:
    """The judge is exiftool; it finds the place in the sources, or the test would prove nothing."""
    before, after = tmp_path / "before", tmp_path / "after"
    before.mkdir()
    after.mkdir()
    for turn in QUARTER_TURNS:
        (before / f"turn{turn}.heic").write_bytes(held(turn))
        for number, (made, body) in enumerate(make_shown(held(turn))):
            (after / f"{number}-turn{turn}.{ENDINGS[made.media_type]}").write_bytes(body)
            assert not [word for word in (b"Jane", b"Telephone", b"Exif") if word in body]
    assert all({"GPS:GPSLatitude", "IFD0:Orientation", "IFD0:Artist"} <= tags for tags in told(before).values())
    found = told(after)
    assert len(found) == 2 * len(QUARTER_TURNS)
    assert {name: tags for name, tags in found.items() if tags} == {}
