"""Several requests to a store at once."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TypeVar

AT_ONCE = 16  # requests, unless somebody wants fewer
Given = TypeVar("Given")
Made = TypeVar("Made")


@dataclass(frozen=True, slots=True)
class Hands:
    """A ``map`` that works on several things at once and never far ahead; the first fault ends it."""

    pool: ThreadPoolExecutor
    ahead: int

    def map(self, function: Callable[[Given], Made], things: Iterable[Given]) -> Iterator[Made]:
        """What the function makes of each thing, in their order."""
        under_way: deque[Future[Made]] = deque()
        for thing in things:
            under_way.append(self.pool.submit(function, thing))
            if len(under_way) >= self.ahead:
                yield under_way.popleft().result()
        while under_way:
            yield under_way.popleft().result()


@contextmanager
def many_hands(number: int = AT_ONCE, ahead: int = 2 * AT_ONCE) -> Iterator[Hands]:
    """So many hands until the end of the block; what is under way by then is waited for, or never begun.

    No more than ``ahead`` things are under way at once.
    """
    pool = ThreadPoolExecutor(number, thread_name_prefix="object-store")
    try:
        yield Hands(pool, ahead)
    finally:
        pool.shutdown(wait=True, cancel_futures=True)
