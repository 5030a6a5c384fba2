"""Storms of signals, and crowds who take all they can get: short here, long in ``poe fuzz``."""

import random
import signal
from collections.abc import Iterator

import pytest

from tests.harness.service import Service
from tests.wire.pressure import CROWDS, FEW_DESCRIPTORS, press, write_content
from tests.wire.storms import GENTLE, storm

SECONDS = 1.0
BEARABLE = 3.0  # seconds


@pytest.fixture(scope="module")
def services(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Service]]:
    folder = tmp_path_factory.mktemp("wire")
    with (
        Service(write_content(folder / "usual" / "content")) as usual,
        Service(write_content(folder / "few" / "content"), wrapper=FEW_DESCRIPTORS) as with_few,
    ):
        yield dict.fromkeys(CROWDS, usual) | {"more clients than descriptors": with_few}


@pytest.mark.parametrize("name", CROWDS)
def test_a_bystander_of_a_crowd_is_answered_soon(services: dict[str, Service], name: str) -> None:
    bystander, are_alive = press(services[name], name, SECONDS)
    assert max(bystander.waits) < BEARABLE, bystander
    assert bystander.failures == 0, bystander
    assert are_alive


def test_a_storm_of_signals_costs_nobody_an_answer_and_a_killed_worker_no_more_than_it_held(
    services: dict[str, Service],
) -> None:
    service = services["endless pipelines"]
    gentle, told = storm(service, 6, GENTLE, random.Random(7))
    assert (gentle.figures.dropped, gentle.figures.wrong) == (0, []), told
    rough, told = storm(service, 2, [signal.SIGKILL], random.Random(7))
    assert (rough.figures.dropped <= 2 * rough.connections, rough.figures.wrong) == (True, []), told
    assert "Traceback" not in service.log
