"""What the operating system offers, where not every system does: Windows knows neither these flags nor these locks."""

import os
import select
import signal
from contextlib import suppress
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any


def _import(name: str) -> Any:
    """A module, or None where the system has none of that name."""
    return import_module(name) if find_spec(name) else None


fcntl, resource = _import("fcntl"), _import("resource")
CAN_LOCK = fcntl is not None
CAN_POLL_PIPES = hasattr(select, "poll")  # Windows can wait for sockets alone
CAN_FORK = hasattr(os, "fork")
WITHOUT_POSIX = "this system is not POSIX"
PAGE_OCTETS: int = 4096 if resource is None else resource.getpagesize()  # of memory


def flags(*names: str) -> int:
    """Flags for ``os.open`` as far as the system has them; octets are read and written as they are."""
    return sum(getattr(os, name, 0) for name in ("O_BINARY", "O_CLOEXEC", *names))


def lock(descriptor: int, *, waits: bool = False) -> None:
    """Lock a file or a folder for who opened it alone, as long as it is open.

    BlockingIOError when another one has it, unless this one ``waits``; OSError when none can.
    """
    if fcntl is None:
        raise OSError(f"{WITHOUT_POSIX}, so no file can be locked")
    fcntl.flock(descriptor, fcntl.LOCK_EX | (0 if waits else fcntl.LOCK_NB))


def hold(path: Path) -> int | None:
    """A descriptor that locks a file for this process until it is closed; None while another one has it."""
    with suppress(OSError):
        return hold_open(os.open(path, os.O_RDWR | os.O_CREAT | flags(), 0o644))
    return None


def hold_open(descriptor: int) -> int | None:
    """The descriptor of a file or a folder, locked until it is closed; None, and closed, where it cannot be."""
    try:
        lock(descriptor)
    except OSError:
        os.close(descriptor)
        return None
    return descriptor


def write_at(descriptor: int, data: bytes, offset: int) -> None:
    """Write into the middle of a file."""
    if hasattr(os, "pwrite"):
        os.pwrite(descriptor, data, offset)
        return
    os.lseek(descriptor, offset, os.SEEK_SET)
    os.write(descriptor, data)


def set_alarms(processor_seconds: float, seconds: float) -> None:
    """End this process by a signal after so much computing, or so long; never, for zeros and where there are none."""
    if hasattr(signal, "setitimer"):
        signal.setitimer(signal.ITIMER_PROF, processor_seconds)
        signal.setitimer(signal.ITIMER_REAL, seconds)


def limit(name: str, soft: int, hard: int | None = None) -> None:
    """Limit what this process may use (``RLIMIT_AS`` ...), where the system can and no stricter limit is in force."""
    if resource is not None:
        with suppress(OSError, ValueError):
            resource.setrlimit(getattr(resource, name), (soft, soft if hard is None else hard))
