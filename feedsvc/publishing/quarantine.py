"""What ends a process is found and held back: what is being worked on is written down, and suspects are tried alone.

Native code that aborts, hangs or takes all memory raises nothing that could be caught. So a small file beside the
publication says what is in hand; after an unnatural death its names are suspects. Each is worked on alone in a child
with limits, and only one that ends the child, too, is condemned: a power cut condemns nobody.
"""

import json
import mmap
import multiprocessing
import resource
import signal
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, TypeVar

from feedsvc.errors import FeedsvcError, Problem

ALONE_SECONDS = 10.0  # that a suspect may take in its child
ALONE_OCTETS = 512 * 1024 * 1024  # of memory that it may take there
GOODBYE_SECONDS = 1.0  # for a child that has told its result
BATCH_SECONDS = 5.0  # after which what is in hand is taken for hanging; each item adds a little
ITEM_SECONDS = 0.25
JOURNAL_OCTETS = 1024 * 1024  # more than the names of any batch take
LIVES = 6  # of a command whose work ends its process
FIX = "write it another way; everything else is published"

Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class Death:
    """Why there is no result: how the child ended that worked on a suspect alone."""

    cause: str


def may_fork() -> bool:
    """Whether a child may inherit this process: not while a thread may hold a lock that nobody would free there."""
    return "fork" in multiprocessing.get_all_start_methods() and threading.active_count() == 1


def alone(work: Callable[[], Result]) -> Result | Death:
    """What ``work`` gives in a child with limits of its own, or how that ended; done here where forking is unsafe."""
    if not may_fork():
        return work()
    context = multiprocessing.get_context("fork")
    inbox, outbox = context.Pipe(duplex=False)
    child = context.Process(target=_confined, args=(work, outbox), daemon=True)
    child.start()
    outbox.close()
    with inbox:
        try:
            if inbox.poll(ALONE_SECONDS):
                result: Result | Death = inbox.recv()
                child.join(GOODBYE_SECONDS)
                return result
            return Death(f"takes more than {ALONE_SECONDS:.0f} seconds")
        except EOFError:
            child.join()
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
        context = multiprocessing.get_context("fork")
        inbox, outbox = context.Pipe(duplex=False)
        child = context.Process(target=_tell, args=(work, outbox))
        child.start()
        outbox.close()
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


def _confined(work: Callable[[], object], outbox: "Connection[Any, Any]") -> None:
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    used = resource.getpagesize() * int(Path("/proc/self/statm").read_text().split()[0]) if _has_proc() else 0
    with suppress(OSError, ValueError):  # a stricter limit is in force already
        resource.setrlimit(resource.RLIMIT_AS, (used + ALONE_OCTETS, resource.RLIM_INFINITY))
    try:
        result = work()
    except MemoryError:
        result = Death(f"takes more than {ALONE_OCTETS >> 20} MB")
    outbox.send(result)


def _has_proc() -> bool:
    return Path("/proc/self/statm").exists()


def _ending(code: int | None) -> str:
    if code is None or code >= 0:
        return f"status {code}"
    with suppress(ValueError):
        return f"{signal.Signals(-code).name}, {signal.strsignal(-code)}"
    return f"signal {-code}"


class Journal:
    """What is in hand, in a file beside the publication; ``suspects`` are what it named when this process began."""

    def __init__(self, publication: Path) -> None:
        self._memory = self._open(publication.with_name(publication.name + "-in-hand"))
        self.suspects = frozenset(self._read())

    @staticmethod
    def _open(path: Path) -> mmap.mmap | None:
        """The file as memory, which stays in it whatever becomes of this process; None where there is no room."""
        with suppress(OSError, ValueError), path.open("a+b") as file:
            file.truncate(JOURNAL_OCTETS)
            return mmap.mmap(file.fileno(), JOURNAL_OCTETS)
        return None

    def _read(self) -> Iterable[str]:
        if self._memory is None:
            return ()
        try:
            names = json.loads(self._memory[:].partition(b"\n")[0] or b"[]")
        except (ValueError, RecursionError):
            return ()
        return [name for name in names if isinstance(name, str)] if isinstance(names, list) else ()

    def _write(self, names: list[str]) -> None:
        octets = json.dumps(names).encode() + b"\n" if names else b"\n"
        if self._memory is not None and len(octets) <= JOURNAL_OCTETS:
            self._memory[: len(octets)] = octets

    @contextmanager
    def watch(self, names: Iterable[str]) -> Iterator[None]:
        """Note these while they are worked on, and end this process if that does not end in time."""
        listed = list(names)
        is_main = threading.current_thread() is threading.main_thread()
        self._write([*sorted(self.suspects), *listed])
        if is_main:  # the alarm ends the process, whatever native code it hangs in
            signal.setitimer(signal.ITIMER_REAL, BATCH_SECONDS + ITEM_SECONDS * len(listed))
        try:
            yield
        finally:
            if is_main:
                signal.setitimer(signal.ITIMER_REAL, 0)
            self._write(sorted(self.suspects))

    def clear(self) -> None:
        """Everything went well: nobody is suspected any more."""
        if self.suspects:
            self.suspects = frozenset()
            self._write([])


def fault_problem(file: str, message: str) -> Problem:
    """What is said of a file that this program fails on."""
    return Problem(file=file, line=1, column=1, field="", message=message, fix=FIX)


def describe(fault: BaseException) -> str:
    """An exception that nobody foresaw, in a few words."""
    said = str(fault)[:200]
    return f"{type(fault).__name__}: {said}" if said else type(fault).__name__
