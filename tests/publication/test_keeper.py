import os
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from feedsvc.publication import keeper as module
from feedsvc.publication.keeper import Keeper, lock_path

PROGRAM = """
import os, sys, time
with open(sys.argv[1], "a") as file:
    file.write(f"{os.getpid()}\\n")
while True:
    time.sleep(60)
"""


def until(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 20
    while not holds():
        assert time.monotonic() < deadline, "it never came true"
        time.sleep(0.01)


class Births:
    """The processes that keepers started, in order."""

    def __init__(self, folder: Path) -> None:
        self.file = folder / "births"
        self.command = (sys.executable, "-c", PROGRAM, str(self.file))

    def __call__(self) -> list[int]:
        return [int(line) for line in self.file.read_text().split()] if self.file.exists() else []


def test_of_two_keepers_one_keeps_and_the_other_takes_over(tmp_path: Path) -> None:
    births = Births(tmp_path)
    first, second = (Keeper(tmp_path / "publication.db", births.command) for _ in range(2))
    first.start()
    until(lambda: len(births()) == 1)
    second.start()
    first.stop()
    until(lambda: len(births()) == 2)
    second.stop()
    for pid in births():
        with pytest.raises(ProcessLookupError):
            os.kill(pid, 0)


def test_a_killed_process_is_started_again(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    births = Births(tmp_path)
    keeper = Keeper(tmp_path / "publication.db", births.command)
    keeper.start()
    until(lambda: len(births()) == 1)
    os.kill(births()[0], signal.SIGKILL)
    until(lambda: len(births()) == 2)
    assert "the publishing process ended (status -9)" in caplog.text
    keeper.stop()


def test_a_process_that_does_not_listen_is_killed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "GOODBYE_SECONDS", 0.5)
    births = Births(tmp_path)
    deaf = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN)" + PROGRAM
    keeper = Keeper(tmp_path / "publication.db", (sys.executable, "-c", deaf, str(births.file)))
    keeper.start()
    until(lambda: len(births()) == 1)
    keeper.stop()
    keeper.stop()
    with pytest.raises(ProcessLookupError):
        os.kill(births()[0], 0)


def test_where_no_lock_can_be_had_it_says_so(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    lock_path(tmp_path / "publication.db").mkdir()
    keeper = Keeper(tmp_path / "publication.db")
    keeper.start()
    until(lambda: "cannot keep the publishing process yet" in caplog.text)
    keeper.stop()


def test_a_lock_that_can_be_had_later_is_had_later(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    births = Births(tmp_path)
    lock_path(tmp_path / "publication.db").mkdir()
    keeper = Keeper(tmp_path / "publication.db", births.command)
    keeper.start()
    until(lambda: "cannot keep the publishing process yet" in caplog.text)
    lock_path(tmp_path / "publication.db").rmdir()
    until(lambda: len(births()) == 1)
    keeper.stop()
    assert caplog.text.count("cannot keep the publishing process yet") == 1


@pytest.mark.parametrize("others", [0, 1])
def test_a_lock_whose_file_was_removed_keeps_one_process_only(tmp_path: Path, others: int) -> None:
    """Nobody else could see that it is held."""
    births = Births(tmp_path)
    keepers = [Keeper(tmp_path / "publication.db", births.command) for _ in range(1 + others)]
    for keeper in keepers:
        keeper.start()
    until(lambda: len(births()) == 1)
    lock_path(tmp_path / "publication.db").unlink()
    until(lambda: len(births()) == 2)
    until(lambda: [is_there(pid) for pid in births()] == [False, True])
    for keeper in keepers:
        keeper.stop()


def test_a_process_that_dies_and_dies_is_told_of_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(module, "RESTART_SECONDS", (0.01,))
    births = Births(tmp_path)
    command = (*births.command[:2], PROGRAM.replace("while True", "sys.exit(3)\nwhile True"), births.command[3])
    keeper = Keeper(tmp_path / "publication.db", command)
    keeper.start()
    until(lambda: len(births()) > 3)
    keeper.stop()
    assert caplog.text.count("the publishing process ended (status 3)") == 1


def is_there(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True
