"""Work spread over the machine's cores: by forking for the publish of a whole site, by threads for that of a change.

A child inherits everything its parent holds, so the work may be any callable over any list; only results travel.
Where forking is not to be had, or would be unsafe because this process already runs threads, the work is done here.
"""

from __future__ import annotations

import _thread
import gc
import sys
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from functools import partial
from multiprocessing.connection import Connection, wait
from queue import SimpleQueue
from time import monotonic
from typing import Any, TypeVar, cast

from feedsvc.publishing.journal import Journal, Limits
from feedsvc.publishing.quarantine import Death, alone, fork, may_fork
from feedsvc.settings import cores
from feedsvc.system import set_alarms

WORTH_FORKING = 128  # items; below that the forks cost more than they save
HELPER_WAITS = 0.0005  # seconds at most until who makes items lets a helper take the next
BATCH = 64  # neighbouring items that are worked on at once, and whose results a child sends at once

Item = TypeVar("Item")
Result = TypeVar("Result")


def map_in_processes(  # noqa: PLR0913  # how, besides what
    work: Callable[[Sequence[Item]], Sequence[Result]],
    items: Sequence[Item],
    journal: Journal,
    *,
    name: Callable[[Item], str] = str,
    trial: Callable[[Sequence[Item]], Sequence[Result]] | None = None,
    forks: bool = True,
) -> Iterator[tuple[Item, Result | Death]]:
    """Each item with its result, in any order; ``work`` is given some neighbouring items at once.

    Where a process ends that had some in hand, each of those is worked on alone, and so is what ``journal`` suspects:
    by ``trial``, which goes further than ``work`` where that is not all that may end a process. Unless it ``forks``,
    all else is worked on here.
    """
    if journal.suspects:
        yield from _singly(trial or work, [item for item in items if name(item) in journal.suspects], journal)
        items = [item for item in items if name(item) not in journal.suspects]
    count = min(journal.limits.cores or cores(), len(items) // WORTH_FORKING)
    if not forks or count < 2 or not may_fork():
        for start in range(0, len(items), BATCH):
            batch = items[start : start + BATCH]
            with journal.watch(map(name, batch)):
                results = work(batch)
            yield from zip(batch, results, strict=True)
        return
    yield from _forked(work, items, count, journal)


def _singly(
    work: Callable[[Sequence[Item]], Sequence[Result]], items: Iterable[Item], journal: Journal
) -> Iterator[tuple[Item, Result | Death]]:
    for item in items:
        done = alone(partial(work, [item]), journal)
        yield item, done if isinstance(done, Death) else done[0]


def map_in_threads(work: Callable[[Item], Result], items: Iterable[Item], limits: Limits) -> list[Result]:
    """What ``work`` makes of each item, with the help of a thread for every further core while the next item is made.

    For few items, and for work that lets other threads run. Whatever a helper has not done, for it failed or could not
    even begin for want of memory, is done here in the end, and a fault of it is raised here.
    """
    left: SimpleQueue[tuple[int, Item] | None] = SimpleQueue()
    done: dict[int, Result] = {}

    def take() -> None:
        while (one := left.get()) is not None:
            done[one[0]] = work(one[1])

    ends = [_help(take) for _ in range((limits.cores or cores()) - 1)]
    patience, known = sys.getswitchinterval(), []
    try:
        sys.setswitchinterval(HELPER_WAITS)
        for one in enumerate(items):
            known.append(one[1])
            left.put(one)
    finally:
        sys.setswitchinterval(patience)
        for _ in (None, *ends):
            left.put(None)
    take()
    for end in ends:
        end.acquire(timeout=limits.helped_seconds)
    return [done[place] if place in done else work(item) for place, item in enumerate(known)]


def _help(take: Callable[[], None]) -> _thread.LockType:
    """Let a thread do that; a lock that is free when it has ended.

    Not ``threading.Thread``, which waits for ever for a thread that had no memory to begin with.
    """
    end = _thread.allocate_lock()
    end.acquire()

    def run() -> None:  # pragma: no cover  # in a thread that coverage is not told of
        with suppress(Exception):  # it is met again where the work is done in the end
            take()
        end.release()

    try:
        _thread.start_new_thread(run, ())
    except RuntimeError:
        end.release()
    return end


class _Strand:
    """A child and the batches that it has still to send, by where they start; one after the other."""

    def __init__(
        self,
        work: Callable[[Sequence[Item]], Sequence[Result]],
        items: Sequence[Item],
        starts: Sequence[int],
        limits: Limits,
    ) -> None:
        self.starts = deque(starts)
        self._child, self.inbox = fork(_run, work, items, starts, limits)
        self._seconds = limits.of(BATCH)[1]  # in which it must be heard of
        self.deadline = monotonic() + self._seconds

    def take(self) -> list[Any] | None:
        """The results of the next batch; None when the child has ended."""
        try:
            results: list[Any] = self.inbox.recv()
        except EOFError:
            return None
        self.deadline = monotonic() + self._seconds
        return results

    def end(self) -> None:
        self._child.kill()
        self._child.join()
        self.inbox.close()


def _forked(
    work: Callable[[Sequence[Item]], Sequence[Result]], items: Sequence[Item], count: int, journal: Journal
) -> Iterator[tuple[Item, Result | Death]]:
    starts = range(0, len(items), BATCH)
    strands = {}
    try:
        for number in range(count):
            strand = _Strand(work, items, starts[number::count], journal.limits)
            strands[strand.inbox] = strand
        while strands:
            patience = min(strand.deadline for strand in strands.values()) - monotonic()
            ready = wait(list(strands), max(0.0, patience))
            late = [inbox for inbox, strand in strands.items() if strand.deadline < monotonic()]
            for inbox in {*ready, *late}:
                strand = strands[cast("Connection[Any, Any]", inbox)]
                results = strand.take() if inbox in ready else None
                if results is not None:
                    start = strand.starts.popleft()
                    yield from zip(items[start : start + BATCH], results, strict=True)
                    continue
                del strands[strand.inbox]
                strand.end()
                if strand.starts:  # it died or hung at the first of these
                    start = strand.starts.popleft()
                    yield from _singly(work, items[start : start + BATCH], journal)
                    strand = _Strand(work, items, list(strand.starts), journal.limits)
                    strands[strand.inbox] = strand
    finally:
        for strand in strands.values():
            strand.end()


def _run(
    work: Callable[[Sequence[Item]], Sequence[Result]],
    items: Sequence[Item],
    starts: Sequence[int],
    limits: Limits,
    outbox: Connection[Any, Any],
) -> None:
    gc.disable()  # a short life with much to make and nothing to throw away
    for start in starts:
        set_alarms(limits.of(BATCH)[0], 0)  # by the clock it has longer, and whoever waits for it has one
        outbox.send(work(items[start : start + BATCH]))
