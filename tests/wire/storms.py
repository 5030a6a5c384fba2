"""Signals to a service under load: reloads, more and fewer workers, workers asked to end, workers killed."""

import os
import random
import signal
import time
from collections import Counter
from collections.abc import Sequence

from tests.faults.load import Load, load_on
from tests.harness.service import Service

TO_THE_MASTER = {signal.SIGHUP, signal.SIGTTIN, signal.SIGTTOU}
GENTLE = (signal.SIGHUP, signal.SIGTERM, signal.SIGTTIN, signal.SIGTTOU)
CALM = 2.5  # seconds without a word in the log
PAUSE = 0.7  # seconds between signals at most; many come before the last one is done with


def storm(service: Service, signals: int, kinds: Sequence[signal.Signals], chance: random.Random) -> tuple[Load, str]:
    """The load that so many signals met, and a line on it."""
    sent: Counter[str] = Counter()
    with load_on(service.address) as load:
        for _ in range(signals):
            kind = chance.choice(kinds)
            if kind in TO_THE_MASTER:
                service.process.send_signal(kind)
            elif workers := service.workers():
                try:
                    os.kill(chance.choice(workers), kind)
                except ProcessLookupError:
                    continue
            sent[kind.name] += 1
            time.sleep(chance.random() * PAUSE)
        asked = load.figures.requests
        service.wait_until("a hundred more answers", lambda: load.figures.requests > asked + 100)
        service.wait_until("calm", lambda: _is_calm(service))
    figures = load.figures
    told = ", ".join(f"{number} {name}" for name, number in sorted(sent.items()))
    return load, (
        f"storm of {told}: {figures.requests} requests answered, {figures.dropped} lost, {figures.errors} errors, "
        f"{len(figures.wrong)} wrong"
    )


def _is_calm(service: Service) -> bool:
    """Whether nothing is under way any more: gunicorn works off a signal at a time, and forgets what exceeds five."""
    before = service.workers(), service.log
    time.sleep(CALM)
    return bool(before[0]) and before == (service.workers(), service.log)
