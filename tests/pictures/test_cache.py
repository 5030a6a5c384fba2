"""Made pictures are kept in a folder that may be deleted, damaged or full at any time."""

from pathlib import Path

import pytest

from feedsvc.pictures import cache
from feedsvc.pictures.cache import PictureCache
from feedsvc.pictures.sizes import SETTINGS, Made

SMALL = Made(size="small", media_type="image/jpeg", width=640, height=480)
LARGE = Made(size="large", media_type="image/jpeg", width=1280, height=960)
BOTH = [(SMALL, b"small one"), (LARGE, b"a large one")]


def test_what_was_put_is_there_for_everybody(tmp_path: Path) -> None:
    PictureCache(tmp_path / "deep" / "down").put("a", BOTH)
    other = PictureCache(tmp_path / "deep" / "down")
    assert other.made("a") == (SMALL, LARGE)
    assert (other.octets("a", SMALL), other.octets("a", LARGE)) == (b"small one", b"a large one")
    assert other.made("b") is None
    assert other.octets("b", SMALL) is None


@pytest.mark.parametrize("data", [b"", b"[]", b"{}\n", b"null\n", b'[["small"]]\n', b'[[1,2,3,4,"x",6]]\n', b"\xff\n"])
def test_a_damaged_file_is_as_good_as_none(tmp_path: Path, data: bytes) -> None:
    (tmp_path / f"a.{SETTINGS}").write_bytes(data)
    assert not PictureCache(tmp_path).made("a")
    assert PictureCache(tmp_path).octets("a", SMALL) is None


def test_a_file_that_was_cut_or_changed_is_as_good_as_none(tmp_path: Path) -> None:
    PictureCache(tmp_path).put("a", BOTH)
    path = tmp_path / f"a.{SETTINGS}"
    data = path.read_bytes()
    path.write_bytes(data[:-1])
    assert PictureCache(tmp_path).made("a") is None
    path.write_bytes(data.replace(b"a large", b"a worse"))
    assert PictureCache(tmp_path).octets("a", LARGE) is None
    assert PictureCache(tmp_path).octets("a", SMALL) == b"small one"


@pytest.mark.parametrize("has_folder", [True, False])
def test_without_a_folder_to_write_to_the_memory_holds_some(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, has_folder: bool
) -> None:
    (tmp_path / "file").write_bytes(b"in the way")
    house = PictureCache(tmp_path / "file" / "folder" if has_folder else None)
    monkeypatch.setattr(cache, "ROOM_IN_MEMORY", 30)
    house.put("a", BOTH)
    assert house.octets("a", LARGE) == b"a large one"
    house.put("b", BOTH)
    assert house.octets("a", LARGE) is None
    assert house.octets("b", LARGE) == b"a large one"
    assert house.made("a") == (SMALL, LARGE)
    house.prune()


def test_what_was_not_asked_for_longest_goes_first(tmp_path: Path) -> None:
    first = PictureCache(tmp_path)
    for name in "abc":
        first.put(name, BOTH)
    import os

    for number, name in enumerate("abc"):
        os.utime(tmp_path / f"{name}.{SETTINGS}", (number, number))
    assert PictureCache(tmp_path).made("a")
    size = (tmp_path / f"a.{SETTINGS}").stat().st_size
    PictureCache(tmp_path, room=2 * size).prune()
    assert sorted(path.name for path in tmp_path.iterdir()) == [f"a.{SETTINGS}", f"c.{SETTINGS}"]
