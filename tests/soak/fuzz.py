"""A million inputs that nobody should send: run as ``python -m tests.soak.fuzz``.

No octets may make loading fail but in words, no value may make an invalid document, no request may make a 5xx.
"""

import argparse
import random
import sys
import time
from collections import Counter
from collections.abc import Callable, Hashable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis.strategies import SearchStrategy

from tests.faults.load import write_stamped_folder
from tests.faults.service import running
from tests.soak import requests
from tests.soak.inputs import OCTETS, REQUESTS, VALUES, Caller, Press, load

SHARES = {"content files": 0.07, "published values": 0.005, "requests": 0.025, "fields": 0.9}


def spray(name: str, strategy: SearchStrategy[Any], take: Callable[[Any], Hashable], cases: int, start: int) -> None:
    """Give so many inputs to ``take``, which raises for what must not be; what it returned is counted and printed."""
    outcomes: Counter[Hashable] = Counter()
    began = time.monotonic()

    @seed(start)
    @settings(
        max_examples=cases,
        deadline=None,
        database=None,
        phases=[Phase.generate, Phase.shrink],
        suppress_health_check=list(HealthCheck),
    )
    @given(strategy)
    def one(value: Any) -> None:
        outcomes[take(value)] += 1

    one()
    told = ", ".join(f"{outcome}: {number}" for outcome, number in outcomes.most_common(8))
    print(f"{name}: {outcomes.total()} cases in {time.monotonic() - began:.0f} seconds ({told})", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, default=1_110_000)
    parser.add_argument("--seed", type=int, default=random.randrange(10**6), help="repeats an earlier run")
    given_ = parser.parse_args()
    cases = {name: int(given_.cases * share) for name, share in SHARES.items()}
    print(f"seed {given_.seed}", flush=True)
    with TemporaryDirectory() as folder:
        spray("content files", OCTETS, load, cases["content files"], given_.seed)
        press = Press(Path(folder) / "press")
        spray("published values", VALUES, press.print, cases["published values"], given_.seed)
        press.close()
        requests.spray(Path(folder) / "door", cases["fields"], given_.seed)
        with running(write_stamped_folder(Path(folder) / "content", 3)) as service:
            workers = set(service.workers())
            caller = Caller(service.address)
            spray("requests", REQUESTS, lambda octets: tuple(caller.say(octets)), cases["requests"], given_.seed)
            assert set(service.workers()) == workers, "a worker ended"
            assert "Traceback" not in service.log, service.log[-4000:]
    sys.exit(0)


if __name__ == "__main__":
    main()
