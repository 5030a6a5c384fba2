"""The process that tells others, beside the one that publishes."""

import os
import signal
import subprocess
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from time import monotonic, sleep

import pytest

from feedsvc.publishing.companion import AGAIN, announcer
from feedsvc.settings import Settings
from tests.announcing.peer import Peer, run_peer
from tests.announcing.test_sender import House

PATIENCE = 30  # seconds


@pytest.fixture
def peer() -> Iterator[Peer]:
    with run_peer() as running:
        yield running


def wait_for(peer: Peer, many: int) -> None:
    deadline = monotonic() + PATIENCE
    while len(peer.heard) < many and monotonic() < deadline:
        sleep(0.02)
    assert len(peer.heard) >= many


def children() -> list[int]:
    found = subprocess.run(["pgrep", "-P", str(os.getpid()), "-f", "announce"], capture_output=True, check=False)
    return [int(line) for line in found.stdout.split()]


@pytest.mark.usefixtures("measured")
def test_others_are_told_by_a_process_that_comes_back_and_goes_with_who_publishes(tmp_path: Path, peer: Peer) -> None:
    now = 1_000.0
    with closing(House(tmp_path, [f"{peer.url}/hub"])) as house:
        threads = threading.active_count()
        process = announcer(house.settings, seconds=lambda: now)
        process.wake()
        assert children() == [], "nobody is to be told before anything is published"
        house.publish()
        process.wake()
        assert threading.active_count() == threads, "publishing may fork"
        wait_for(peer, 1)
        (first,) = children()
        started = process._process  # noqa: SLF001
        assert started is not None
        os.kill(first, signal.SIGKILL)
        started.wait(PATIENCE)  # who only is no longer listed may still be about to end
        process.wake()
        process.keep()
        assert children() == [], "not again and again"
        now += AGAIN
        process.keep()
        (second,) = children()
        house.change("Another title")
        heard = len(peer.heard)
        process.wake()
        wait_for(peer, heard + 1)
        process.stop()
        assert children() == []
        assert second != first


def test_who_cannot_be_started_costs_a_line(house_without: Settings, caplog: pytest.LogCaptureFixture) -> None:
    process = announcer(house_without, command=("/nowhere/at/all",))
    process.wake()
    process.wake()
    process.stop()
    assert [record.message for record in caplog.records] == [
        "nobody can be told of changes: the process for it cannot be started (No such file or directory)"
    ]


def test_a_process_that_hears_nothing_delays_nobody(house_without: Settings) -> None:
    process = announcer(house_without, command=("sh", "-c", "trap '' TERM; sleep 20"))
    began = monotonic()
    for _ in range(70_000):
        process.wake()
    process.stop()
    assert monotonic() - began < PATIENCE


def test_a_child_that_is_forked_does_not_hold_the_pipe(house_without: Settings) -> None:
    """Or the process would not hear of the end of whoever publishes as long as such a child lives."""
    process = announcer(house_without, command=("sh", "-c", "cat >/dev/null"))
    process.wake()
    said, told = os.pipe()
    if (child := os.fork()) == 0:  # it stays until it is told that the test is over
        os.close(told)
        os.read(said, 1)
        os._exit(0)
    started = process._process  # noqa: SLF001
    assert started is not None
    process.close_pipe()
    assert started.wait(PATIENCE) == 0
    os.close(told)
    os.waitpid(child, 0)
    os.close(said)
    process.stop()


def test_where_nobody_is_told_no_process_is_kept(tmp_path: Path) -> None:
    with closing(House(tmp_path, [])) as house:
        house.publish()
        process = announcer(house.settings)
        process.wake()
        process.keep()
        assert children() == []
        process.stop()


@pytest.fixture
def house_without(tmp_path: Path) -> Settings:
    with closing(House(tmp_path, ["http://127.0.0.1:9/hub"])) as house:
        house.publish()
        return house.settings
