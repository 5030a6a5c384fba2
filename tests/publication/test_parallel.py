import os
import signal
import threading

import pytest

from feedsvc.publication.parallel import WORTH_FORKING, WorkerDiedError, spread

MANY = list(range(3 * WORTH_FORKING))


def square(number: int) -> tuple[int, int]:
    return number * number, os.getpid()


def die_at_ten(number: int) -> int:
    if number == 10:
        os.kill(os.getpid(), signal.SIGKILL)
    return number


def test_much_work_is_done_by_other_processes() -> None:
    results = dict(spread(square, MANY, processes=2))
    assert {number: result[0] for number, result in results.items()} == {number: number**2 for number in MANY}
    assert os.getpid() not in {result[1] for result in results.values()}


def test_little_work_is_done_here() -> None:
    assert dict(spread(square, [3], processes=2)) == {3: (9, os.getpid())}


def test_a_process_with_threads_does_not_fork() -> None:
    """A lock that another thread holds at the fork stays locked in the child for ever."""
    stop = threading.Event()
    thread = threading.Thread(target=stop.wait)
    thread.start()
    try:
        assert {result[1] for _, result in spread(square, MANY, processes=2)} == {os.getpid()}
    finally:
        stop.set()
        thread.join()


def test_a_killed_process_is_reported_not_waited_for() -> None:
    with pytest.raises(WorkerDiedError):
        dict(spread(die_at_ten, MANY, processes=2))
