"""What is noted of the lines that tests reach: to note them takes a third of the time of whoever is measured.

So what tests start is measured only where it is to be, and tests that go again and again where others go are not.
"""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from coverage import Coverage

MEASURING = {name: value for name, value in os.environ.items() if name.startswith("COVERAGE_")}
if "PYTEST_XDIST_WORKER" in os.environ:  # who only hands out tests must hand it on to those who run them
    for name in MEASURING:
        del os.environ[name]


@contextmanager
def unmeasured() -> Iterator[None]:
    """Nothing is noted until the end of the block, nor do forks write down what was noted before."""
    if (measuring := Coverage.current()) is None:
        yield
        return
    noting, plain = os._exit, getattr(sys.modules.get("posix"), "_exit", os._exit)
    measuring.stop()
    os._exit = plain
    try:
        yield
    finally:
        os._exit = noting
        measuring.start()
