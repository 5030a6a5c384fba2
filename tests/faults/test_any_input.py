"""Whatever is published is valid, and whatever is asked is answered: some thousand cases of what ``poe fuzz`` does."""

import random
from pathlib import Path

from hypothesis import given, settings

from tests.faults.conftest import Ground
from tests.soak import requests
from tests.soak.inputs import OCTETS, REQUESTS, VALUES, Caller, Press, load

DOCUMENTS, ANSWERS, LOADS = 30, 150, 250


def test_any_values_make_valid_documents(tmp_path: Path) -> None:
    press = Press(tmp_path)
    published = []

    @settings(max_examples=DOCUMENTS)
    @given(VALUES)
    def one(values: dict[str, str]) -> None:
        published.append(press.print(values))

    one()
    press.close()
    assert sum(published) > len(published) / 2


def test_any_request_has_an_answer_that_is_not_a_failure(ground: Ground) -> None:
    caller = Caller(ground.service.address)
    workers = set(ground.service.workers())
    answered = []

    @settings(max_examples=ANSWERS)
    @given(REQUESTS)
    def one(octets: bytes) -> None:
        answered.append(caller.say(octets))

    one()
    assert sum(map(bool, answered)) > len(answered) / 2
    assert set(ground.service.workers()) == workers
    assert "Traceback" not in ground.service.log


def test_a_field_may_hold_anything_at_the_door_of_a_worker(ground: Ground) -> None:
    caller, rng = Caller(ground.service.address), random.Random(7)
    answered = [caller.say(requests.octets(requests.make(rng))) for _ in range(ANSWERS)]
    assert sum(map(bool, answered)) > len(answered) / 2
    assert "Traceback" not in ground.service.log


@settings(max_examples=LOADS)
@given(OCTETS)
def test_any_octets_are_an_update_or_have_their_mistakes_told(octets: bytes) -> None:
    load(octets)
