"""Whatever a head is, and however a pipeline is cut, the worker says what gunicorn's own threaded worker says."""

import random
from pathlib import Path

from tests.harness.client import Client
from tests.wire.differential import differences

CASES = 2_000


def test_heads_and_pipelines_are_answered_as_the_stock_worker_answers_them(
    publication: Path, doors: dict[str, Client]
) -> None:
    seed = random.randrange(10**6)
    found = list(differences(doors["worker"].address, publication, CASES, seed))
    assert found == [], seed
