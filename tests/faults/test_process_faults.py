"""Processes that are killed, stopped, or short of memory or disk: what is published is served, the next try heals."""

import os
import random
import resource
import signal
import time

from tests.faults.conftest import Ground
from tests.harness.processes import is_alive, kill, parent_of

KILLS = 3


def test_the_publishing_process_may_be_killed_at_any_moment(ground: Ground) -> None:
    chance = random.Random(7)
    for _ in range(KILLS):
        publisher = ground.service.publisher()
        ground.post()
        time.sleep(chance.uniform(0.02, 0.12))  # somewhere between noticing the change and its commit
        kill(publisher)
        ground.service.wait_until("its end", lambda publisher=publisher: not is_alive(publisher))  # type: ignore[misc]  # bound at once
        ground.faults += 1
    ground.publish()
    assert "the publishing process ended (status -9); what is published stays" in ground.service.log


def test_the_lock_moves_to_another_worker_before_anybody_notices(ground: Ground) -> None:
    publisher, supervisor = ground.service.publisher(), ground.service.supervisor()
    ground.kill_worker(supervisor)
    began = time.monotonic()
    found = ground.service.wait_until("another supervisor", lambda: set(ground.service.publishers()) - {publisher})
    assert time.monotonic() - began < 10  # of the fifteen seconds after which silence is told of
    assert parent_of(found.pop()) != supervisor
    ground.service.wait_until("the end of the orphan", lambda: not is_alive(publisher))


def test_every_worker_may_be_killed(ground: Ground) -> None:
    for worker in ground.service.workers():
        ground.kill_worker(worker)
        ground.faults += 1
    ground.service.wait_until_ready()


def test_a_reload_costs_nobody_anything(ground: Ground) -> None:
    dropped = ground.load.figures.dropped
    before = set(ground.service.workers())
    ground.service.process.send_signal(signal.SIGHUP)
    ground.service.wait_until("other workers", lambda: not before & set(ground.service.workers()))
    ground.service.wait_until_ready()
    assert ground.load.figures.dropped == dropped


def test_a_publishing_process_without_memory_says_so_and_makes_way(ground: Ground) -> None:
    publisher = ground.service.publisher()
    said = ground.service.log.count("not published: MemoryError")
    taken = int(next(line.split()[1] for line in _status(publisher) if line.startswith("VmData:"))) * 1024
    resource.prlimit(publisher, resource.RLIMIT_DATA, (taken, taken))
    for number in range(1, 20):
        path = ground.updates / f"2026-02-01-bulk-{number}.yaml"
        path.write_text(path.read_text() + "\n  Much more text.\n" + "  More and more of it.\n\n" * 4_000)
    ground.service.wait_until("its end", lambda: not is_alive(publisher))
    ground.publish()
    assert ground.service.log.count("not published: MemoryError") <= said + 1


def test_a_publication_that_cannot_grow_stays_as_it_is(ground: Ground) -> None:
    publisher = ground.service.publisher()
    said = ground.service.log.count("not published: cannot write the publication")
    before = resource.prlimit(publisher, resource.RLIMIT_FSIZE)
    room = len(ground.service.log) + 16_384  # for what it has to say
    resource.prlimit(publisher, resource.RLIMIT_FSIZE, (room, before[1]))
    ground.post()
    ground.service.wait_for_log("not published: cannot write the publication", said + 1)
    ground.post()
    time.sleep(1.5)  # it tries again, and must not say so again
    assert ground.service.log.count("not published: cannot write the publication") == said + 1
    assert ground.service.publisher() == publisher
    resource.prlimit(publisher, resource.RLIMIT_FSIZE, before)
    ground.service.wait_until_served(f"Now lone {ground.number} holds.")


def _status(pid: int) -> list[str]:
    with open(f"/proc/{pid}/status") as file:  # noqa: PTH123  # not a path of ours
        return file.readlines()


def test_a_publishing_process_that_stands_still_holds_up_no_reader(ground: Ground) -> None:
    publisher = ground.service.publisher()
    os.kill(publisher, signal.SIGSTOP)
    asked = ground.load.figures.requests
    ground.post()
    ground.service.wait_until("a hundred more answers", lambda: ground.load.figures.requests > asked + 100)
    os.kill(publisher, signal.SIGCONT)
    ground.service.wait_until_served(f"Now lone {ground.number} holds.")
