"""What ends a process is found and held back: suspects are tried alone, in children with limits.

Only what ends such a child, too, is condemned: a power cut condemns nobody. Who is suspected, the ``journal`` says.
"""

import multiprocessing
import signal
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection
from multiprocessing.context import ForkProcess
from pathlib import Path
from time import monotonic
from typing import Any, TypeVar

from feedsvc.errors import FeedsvcError, Problem
from feedsvc.publishing.journal import Journal, Limits
from feedsvc.system import CAN_FORK, PAGE_OCTETS, limit

LOOK_SECONDS = 0.5  # at a suspect, of which others are told meanwhile
LIVES = 6  # of a command whose work ends its process
FIX = "write it another way; everything else is published"

Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class Death:
    """Why there is no result: how the child ended that worked on a suspect alone."""

    cause: str


def may_fork() -> bool:
    """Whether a child may inherit this process: not while a thread may hold a lock that nobody would free there."""
    return CAN_FORK and "fork" in multiprocessing.get_all_start_methods() and threading.active_count() == 1


def fork(
    work: Callable[..., None], *given: object, is_daemon: bool = True
) -> "tuple[ForkProcess, Connection[Any, Any]]":
    """A child that does this with what it is given and one end of a pipe; and the end at which it is heard."""
    context = multiprocessing.get_context("fork")
    inbox, outbox = context.Pipe(duplex=False)
    child = context.Process(target=work, args=(*given, outbox), daemon=is_daemon)
    child.start()
    outbox.close()
    return child, inbox


def alone(work: Callable[[], Result], journal: Journal) -> Result | Death:
    """What ``work`` gives in a child with limits of its own, or how that ended; done here where forking is unsafe."""
    if not may_fork():
        return work()
    limits, deadline = journal.limits, monotonic() + journal.limits.alone_seconds
    child, inbox = fork(_confined, work, limits)
    with inbox:
        try:
            while not inbox.poll(LOOK_SECONDS):
                journal.beat()
                if monotonic() > deadline:
                    return Death(f"takes more than {limits.alone_seconds:.0f} seconds")
            result: Result | Death = inbox.recv()
            child.join(limits.goodbye_seconds)
            return result  # noqa: TRY300  # it belongs to what may meet the end of the child
        except EOFError:
            child.join()
            if child.exitcode == -getattr(signal, "SIGXCPU", 0):
                return Death(f"takes more than {limits.alone_processor_seconds} seconds")
            return Death(f"ends the program ({_ending(child.exitcode)})")
        finally:
            child.kill()
            child.join()


class ChildDiedError(FeedsvcError):
    """A command's work ended its process each time it was tried; the text says how."""


def outlive(work: Callable[[], Result], lives: int = LIVES) -> Result:
    """What ``work`` gives or raises in a child; when that ends unnaturally, another one finds out what it died of.

    For work that keeps a journal. ChildDiedError when every child dies.
    """
    if not may_fork():
        return work()
    code: int | None = None
    for _ in range(lives):
        child, inbox = fork(_tell, work, is_daemon=False)
        with inbox:
            try:
                told: tuple[Result, BaseException | None] | None = inbox.recv()
            except EOFError:
                told = None
            child.join()
        if told is not None and told[1] is not None:
            raise told[1]
        if told is not None:
            return told[0]
        code = child.exitcode
    raise ChildDiedError(f"the program ends again and again ({_ending(code)})")


def _tell(work: Callable[[], object], outbox: "Connection[Any, Any]") -> None:
    try:
        told: tuple[object, BaseException | None] = (work(), None)
    except BaseException as fault:  # noqa: BLE001  # it is raised again where somebody waits for it
        told = (None, fault)
    outbox.send(told)


def _confined(work: Callable[[], object], limits: Limits, outbox: "Connection[Any, Any]") -> None:
    limit("RLIMIT_CORE", 0)
    statm = Path("/proc/self/statm")
    used = PAGE_OCTETS * int(statm.read_text().split()[0]) if statm.exists() else 0
    limit("RLIMIT_AS", used + limits.alone_octets, -1)
    seconds = limits.alone_processor_seconds
    limit("RLIMIT_CPU", seconds, seconds + 1)
    try:
        result = work()
    except MemoryError:
        result = Death(f"takes more than {limits.alone_octets >> 20} MB")
    outbox.send(result)


def _ending(code: int | None) -> str:
    if code is None or code >= 0:
        return f"status {code}"
    with suppress(ValueError):
        return f"{signal.Signals(-code).name}, {signal.strsignal(-code)}"
    return f"signal {-code}"


def fault_problem(file: str, message: str) -> Problem:
    """What is said of a file that this program fails on."""
    return Problem(file=file, message=message, fix=FIX)


def describe(fault: BaseException) -> str:
    """An exception that nobody foresaw, in a few words."""
    said = str(fault)[:200]
    return f"{type(fault).__name__}: {said}" if said else type(fault).__name__
