"""A million inputs that nobody should send: run as ``python -m tests.soak.fuzz``.

No octets may make loading fail but in words, no value may make an invalid document, no request may make a 5xx, no head
an answer that gunicorn's own threaded worker would not give. Then signals and crowds press upon the service, and, for
comparison, crowds upon the threaded worker.
"""

import argparse
import random
import signal
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
from tests.harness.folder import write_site
from tests.harness.service import DOORS, Service
from tests.soak import requests
from tests.soak.inputs import OCTETS, REQUESTS, VALUES, Caller, Press, load
from tests.wire.differential import differences
from tests.wire.pressure import CROWDS, FEW_DESCRIPTORS, press, write_content
from tests.wire.storms import GENTLE, storm

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


def ask_the_judge(folder: Path, cases: int, start: int) -> None:
    """Compare so many heads with what gunicorn's own threaded worker says to them."""
    began = time.monotonic()
    with Service(write_site(folder / "content")) as service:
        service.wait_until_served("A flyer")
        found = list(differences(service.address, service.publication, cases, start))
        assert "Traceback" not in service.log, service.log[-4000:]
    print(f"heads: {cases} in {time.monotonic() - began:.0f} seconds, {len(found)} differences", flush=True)
    assert not found, found[0]


def disturb(folder: Path, signals: int, start: int) -> None:
    """Signals under load; only the death of a worker may cost an answer."""
    for kinds in (GENTLE, (*GENTLE, signal.SIGKILL)):
        with Service(write_stamped_folder(folder / f"{len(kinds)}" / "content", 3)) as service:
            load, told = storm(service, signals, kinds, random.Random(start))
        print(told, flush=True)
        assert load.figures.wrong == []
        assert signal.SIGKILL in kinds or load.figures.dropped == 0


def crowd_in(folder: Path, seconds: float) -> None:
    """Crowds; what a bystander met is printed, and what he meets under gunicorn's own threaded worker."""
    content = write_content(folder / "content")
    for name in CROWDS:
        met = []
        for door in DOORS:
            wrapper = FEW_DESCRIPTORS if "descriptors" in name else ()
            with Service(content, wrapper=wrapper, door=door) as service:
                met.append(press(service, name, seconds))
        (bystander, are_alive), (beside, _) = met
        print(f"{name}: {bystander} (gthread: {beside})", flush=True)
        assert are_alive
        assert not bystander.failures


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, default=1_110_000)
    parser.add_argument("--seed", type=int, default=random.randrange(10**6), help="repeats an earlier run")
    parser.add_argument("--heads", type=int, default=200_000)
    parser.add_argument("--signals", type=int, default=200)
    parser.add_argument("--seconds", type=float, default=20, help="of each crowd")
    given_ = parser.parse_args()
    cases = {name: int(given_.cases * share) for name, share in SHARES.items()}
    print(f"seed {given_.seed}", flush=True)
    with TemporaryDirectory() as folder:
        spray("content files", OCTETS, load, cases["content files"], given_.seed)
        press = Press(Path(folder) / "press")
        spray("published values", VALUES, press.print, cases["published values"], given_.seed)
        press.close()
        requests.spray(Path(folder) / "door", cases["fields"], given_.seed)
        with Service(write_stamped_folder(Path(folder) / "content", 3)) as service:
            workers = set(service.workers())
            caller = Caller(service.address)
            spray("requests", REQUESTS, lambda octets: tuple(caller.say(octets)), cases["requests"], given_.seed)
            assert set(service.workers()) == workers, "a worker ended"
            assert "Traceback" not in service.log, service.log[-4000:]
        ask_the_judge(Path(folder) / "heads", given_.heads, given_.seed)
        disturb(Path(folder) / "signals", given_.signals, given_.seed)
        crowd_in(Path(folder) / "crowds", given_.seconds)
    sys.exit(0)


if __name__ == "__main__":
    main()
