from multiprocessing import get_context
from pathlib import Path

from feedsvc.publication.generation import SharedNumber


def advance(path: Path, number: int) -> None:
    SharedNumber(path).advance(number)


def test_another_process_sees_the_number_at_once(tmp_path: Path) -> None:
    mine = SharedNumber(tmp_path / "number")
    assert mine.read() == 0
    child = get_context("spawn").Process(target=advance, args=(tmp_path / "number", 7))
    child.start()
    child.join(30)
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
