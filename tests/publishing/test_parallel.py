import os
import posix
import signal
import threading
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from time import monotonic

import pytest

from feedsvc.publishing.journal import Journal, Limits
from feedsvc.publishing.parallel import WORTH_FORKING, map_in_processes, map_in_threads
from feedsvc.publishing.quarantine import Death

MANY = list(range(3 * WORTH_FORKING))
PATIENT = 200.0  # seconds by the clock, which no machine is too busy for
ONE, TWO = Limits(cores=1), Limits(cores=2, batch_seconds=PATIENT, item_share=0.0, alone_seconds=PATIENT)


@pytest.fixture
def journal(tmp_path: Path) -> Journal:
    return Journal(tmp_path / "publication.db", TWO)


@pytest.fixture
def unmeasured(monkeypatch: pytest.MonkeyPatch) -> None:
    """To note which lines it reached costs a child ten times what it does; of a hundred children a few will do."""
    monkeypatch.setattr(os, "_exit", posix._exit)  # noqa: SLF001  # as it is without coverage


def square(numbers: Sequence[int]) -> list[tuple[int, int]]:
    return [(number * number, os.getpid()) for number in numbers]


def die_at_ten(numbers: Sequence[int]) -> list[int]:
    if 10 in numbers:
        os.kill(os.getpid(), signal.SIGKILL)
    return list(numbers)


def squares(numbers: Sequence[int], journal: Journal) -> dict[int, tuple[int, int]]:
    found = dict(map_in_processes(square, numbers, journal))
    return {number: result for number, result in found.items() if not isinstance(result, Death)}


def test_much_work_is_done_by_other_processes(journal: Journal) -> None:
    results = squares(MANY, journal)
    assert {number: result[0] for number, result in results.items()} == {number: number**2 for number in MANY}
    assert os.getpid() not in {result[1] for result in results.values()}


def test_little_work_is_done_here(journal: Journal) -> None:
    assert squares([3], journal) == {3: (9, os.getpid())}


def test_a_process_with_threads_does_not_fork(journal: Journal) -> None:
    """A lock that another thread holds at the fork stays locked in the child for ever."""
    stop = threading.Event()
    thread = threading.Thread(target=stop.wait)
    thread.start()
    try:
        assert {result[1] for result in squares(MANY, journal).values()} == {os.getpid()}
    finally:
        stop.set()
        thread.join()


@pytest.mark.usefixtures("unmeasured")
def test_only_what_kills_again_when_it_is_alone_has_no_result(journal: Journal) -> None:
    results = dict(map_in_processes(die_at_ten, MANY, journal))
    assert {number for number, result in results.items() if isinstance(result, Death)} == {10}
    assert results[10] == Death("ends the program (SIGKILL, Killed)")
    assert len(results) == len(MANY)


@pytest.mark.usefixtures("unmeasured")
def test_a_power_cut_condemns_nobody(journal: Journal) -> None:
    """What ends a process once, for whatever reason, has its result in the end."""

    def die_once(numbers: Sequence[int]) -> list[int]:
        if 10 in numbers and len(numbers) > 1:
            os.kill(os.getpid(), signal.SIGKILL)
        return list(numbers)

    assert dict(map_in_processes(die_once, MANY, journal)) == dict(zip(MANY, MANY, strict=True))


@pytest.mark.usefixtures("unmeasured")
def test_a_child_that_hangs_is_ended_and_what_hangs_alone_has_no_result(tmp_path: Path) -> None:
    def hang_at_ten(numbers: Sequence[int]) -> list[int]:
        while 10 in numbers:
            signal.pause()
        return list(numbers)

    limits = replace(TWO, batch_seconds=1.0, alone_seconds=4.0)
    results = dict(map_in_processes(hang_at_ten, MANY, Journal(tmp_path / "publication.db", limits)))
    assert [number for number, result in results.items() if isinstance(result, Death)] == [10]


@pytest.mark.usefixtures("unmeasured")
def test_what_keeps_a_processor_busy_is_found_long_before_the_clock_says_so(tmp_path: Path) -> None:
    def turn_at_ten(numbers: Sequence[int]) -> list[int]:
        while 10 in numbers:
            pass
        return list(numbers)

    limits = replace(TWO, batch_processor_seconds=0.3, alone_processor_seconds=1)
    began = monotonic()
    results = dict(map_in_processes(turn_at_ten, MANY, Journal(tmp_path / "publication.db", limits)))
    assert {number: result for number, result in results.items() if isinstance(result, Death)} == {
        10: Death("takes more than 1 seconds")
    }
    assert monotonic() - began < PATIENT


def test_helpers_share_the_work_and_keep_its_order() -> None:
    both_are_there = threading.Barrier(2)

    def work(number: int) -> tuple[int, int]:
        if number < 2:
            both_are_there.wait(10)
        return number, threading.get_ident()

    results = map_in_threads(work, range(50), TWO)
    assert [number for number, _ in results] == list(range(50))
    assert len({thread for _, thread in results}) == 2
    assert threading.active_count() == 1, "a thread that outlived it would keep the next publish from forking"


@pytest.mark.parametrize("items", [[], [3], range(7)])
def test_one_core_does_all_the_work(items: Sequence[int]) -> None:
    here = threading.get_ident()
    assert map_in_threads(lambda number: (number, threading.get_ident()), items, ONE) == [
        (number, here) for number in items
    ]


def test_a_fault_of_shared_work_is_raised() -> None:
    with pytest.raises(ZeroDivisionError):
        map_in_threads(lambda number: 1 // number, [1, 0, 1], TWO)


def refuse(_run: object, _arguments: object) -> int:
    raise RuntimeError("can't start new thread")


def die(_run: object, _arguments: object) -> int:
    return 0  # and nothing is ever heard of it


@pytest.mark.parametrize("start", [refuse, die])
def test_without_helpers_the_work_is_done_all_the_same(monkeypatch: pytest.MonkeyPatch, start: object) -> None:
    """Short of memory, a thread may not begin, or end before it has done anything."""
    monkeypatch.setattr("_thread.start_new_thread", start)
    assert map_in_threads(lambda number: number + 1, range(5), Limits(cores=2, helped_seconds=0.01)) == [1, 2, 3, 4, 5]


def test_what_a_helper_could_not_do_is_done_in_the_end() -> None:
    here, helper_was_there = threading.get_ident(), threading.Event()

    def work(number: int) -> int:
        if threading.get_ident() != here:
            helper_was_there.set()
            raise MemoryError
        assert helper_was_there.wait(10)
        return number

    assert map_in_threads(work, range(9), TWO) == list(range(9))
