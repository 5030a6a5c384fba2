"""Work spread over the machine's cores: by forking for the publish of a whole site, by threads for that of a change.

A child inherits everything its parent holds, so the work may be any callable over any list; only results travel.
Where forking is not to be had, or would be unsafe because this process already runs threads, the work is done here.
"""

from __future__ import annotations

import _thread
import gc
import multiprocessing
import threading
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from multiprocessing.connection import Connection, wait
from typing import Any, TypeVar, cast

from feedsvc.settings import cores

WORTH_FORKING = 128  # items; below that the forks cost more than they save
HELPED_SECONDS = 10.0  # a helper that is not through with one item by then has died
BATCH = 64  # neighbouring items that are worked on at once, and whose results a child sends at once

Item = TypeVar("Item")
Result = TypeVar("Result")


class WorkerDiedError(Exception):
    """A child ended before its work was done (killed, out of memory, crashed)."""


def spread(
    work: Callable[[Sequence[Item]], list[Result]], items: Sequence[Item], *, processes: int | None = None
) -> Iterator[tuple[Item, Result]]:
    """Each item with its result, in any order; ``work`` is given some neighbouring items at once."""
    count = min(processes or cores(), len(items) // WORTH_FORKING)
    if count < 2 or not _may_fork():
        for start in range(0, len(items), BATCH):
            batch = items[start : start + BATCH]
            yield from zip(batch, work(batch), strict=True)
        return
    yield from _forked(work, items, count)


def share(work: Callable[[Item], Result], items: Sequence[Item]) -> list[Result]:
    """What ``work`` makes of each item, with the help of a thread for every further core.

    For few items, and for work that lets other threads run. Whatever a helper has not done, for it failed or could not
    even begin for want of memory, is done here in the end, and a fault of it is raised here.
    """
    left = deque(enumerate(items))
    done: dict[int, Result] = {}

    def take() -> None:
        with suppress(IndexError):  # when none is left
            while True:
                place, item = left.popleft()
                done[place] = work(item)

    ends = [_help(take) for _ in range(min(cores(), len(items)) - 1)]
    take()
    if len(done) < len(items):  # a helper is at one; who has none may not even have begun
        for end in ends:
            end.acquire(timeout=HELPED_SECONDS)
    return [done[place] if place in done else work(item) for place, item in enumerate(items)]


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


def _may_fork() -> bool:
    return "fork" in multiprocessing.get_all_start_methods() and threading.active_count() == 1


def _forked(
    work: Callable[[Sequence[Item]], list[Result]], items: Sequence[Item], count: int
) -> Iterator[tuple[Item, Result]]:
    context = multiprocessing.get_context("fork")
    children = []
    inboxes: list[Connection[Any, Any]] = []
    for number in range(count):
        inbox, outbox = context.Pipe(duplex=False)
        child = context.Process(target=_run, args=(work, items, number, count, outbox), daemon=True)
        child.start()
        outbox.close()
        children.append(child)
        inboxes.append(inbox)
    try:
        for start, results in _receive(inboxes):
            yield from zip(items[start : start + BATCH], results, strict=True)
    finally:
        for child in children:
            child.kill()
            child.join()


def _receive(inboxes: list[Connection[Any, Any]]) -> Iterator[tuple[int, Any]]:
    while inboxes:
        for inbox in cast("list[Connection[Any, Any]]", wait(inboxes)):
            try:
                batch = inbox.recv()
            except EOFError:
                raise WorkerDiedError("a process of the publish was ended from outside") from None
            if batch is None:
                inboxes.remove(inbox)
                continue
            yield batch


def _run(
    work: Callable[[Sequence[Item]], list[Result]],
    items: Sequence[Item],
    first: int,
    step: int,
    outbox: Connection[Any, Any],
) -> None:
    gc.disable()  # a short life with much to make and nothing to throw away
    for start in range(first * BATCH, len(items), step * BATCH):
        outbox.send((start, work(items[start : start + BATCH])))
    outbox.send(None)
