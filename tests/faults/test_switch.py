"""No reader sees a generation after the next one, whichever worker answers."""

import time
from itertools import count

from tests.faults.conftest import Ground
from tests.faults.load import PATHS, Reader
from tests.harness.program import PATIENCE

PUBLISHES = 40


def test_many_publishes_are_seen_in_order_through_every_worker(ground: Ground) -> None:
    """One reader asks all workers in turn, and for another document each time, so a step back cannot hide."""
    before = ground.service.log.count("published generation")
    turns = count()
    asked = 0
    with ground.service.connected_to_every_worker() as connections:
        reader = Reader(ground.service.address, connections)
        for _ in range(PUBLISHES):
            ground.post()
            deadline = time.monotonic() + PATIENCE
            while reader.newest.get(b"lone") != ground.number:
                assert time.monotonic() < deadline
                turn = next(turns)
                status, wrong = reader.ask(PATHS[turn % len(PATHS)], turn)
                assert status in (200, 304)
                assert wrong == []
                asked += 1
    assert asked > PUBLISHES
    ground.service.wait_for_log("published generation", before + PUBLISHES)  # said after it is served
