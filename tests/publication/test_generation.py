import shutil
from multiprocessing import get_context
from pathlib import Path

import pytest

from feedsvc.publication.generation import SharedNumber


def advance(path: Path, number: int) -> None:
    SharedNumber(path).advance(number)


def test_another_process_sees_the_number_at_once(tmp_path: Path) -> None:
    mine = SharedNumber(tmp_path / "number")
    assert mine.read() == 0
    child = get_context("spawn").Process(target=advance, args=(tmp_path / "number", 7))
    child.start()
    child.join(60)
    assert mine.read() == 7


def test_the_number_never_falls(tmp_path: Path) -> None:
    number = SharedNumber(tmp_path / "number")
    number.advance(5)
    number.advance(3)
    assert number.read() == 5


def test_a_removed_file_is_made_anew_with_the_number_it_had(tmp_path: Path) -> None:
    number = SharedNumber(tmp_path / "number")
    number.advance(5)
    (tmp_path / "number").unlink()
    number.refresh()
    assert SharedNumber(tmp_path / "number").read() == 5


def test_refreshing_an_untouched_file_changes_nothing(tmp_path: Path) -> None:
    number = SharedNumber(tmp_path / "number")
    number.advance(5)
    number.refresh()
    assert number.read() == 5
    number.close()
    assert number.read() == 0
    number.advance(1)
    number.close()


def test_the_file_takes_its_room_before_it_is_used(tmp_path: Path) -> None:
    """A hole would be filled by the first write to the map, which kills the process where the disk is full."""
    SharedNumber(tmp_path / "number")
    assert (tmp_path / "number").stat().st_size >= 8
    assert (tmp_path / "number").stat().st_blocks > 0


def test_where_no_file_can_be_made_the_number_stays_in_use(tmp_path: Path) -> None:
    folder = tmp_path / "instance"
    folder.mkdir()
    mine, other = SharedNumber(folder / "number"), SharedNumber(folder / "number")
    mine.advance(5)
    shutil.rmtree(folder)
    with pytest.raises(OSError, match="No such file"):
        mine.refresh()
    other.advance(6)
    assert mine.read() == 6


def test_who_still_looks_at_a_removed_file_learns_of_what_comes_after_it(tmp_path: Path) -> None:
    publisher, first, second = (SharedNumber(tmp_path / "number") for _ in range(3))
    (tmp_path / "number").unlink()
    first.refresh()
    first.advance(3)
    assert (first.read(), second.read(), publisher.read()) == (3, 3, 3)
    publisher.refresh()
    publisher.advance(4)
    assert (first.read(), second.read(), publisher.read()) == (4, 4, 4)
