"""Processes of this machine, looked at and ended by their ids."""

import os
import signal
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path


def children(pid: int) -> list[int]:
    """The living children of a process."""
    return [int(path.name) for path in Path("/proc").glob("[0-9]*") if _status(int(path.name)) == pid]


def family(pid: int) -> list[int]:
    """A process and all who descend from it."""
    found = [pid]
    for parent in found:
        found += children(parent)
    return found


def parent_of(pid: int) -> int:
    """The parent of a process; 0 when the process is gone."""
    return _status(pid) or 0


def _status(pid: int) -> int | None:
    """The parent of a living process; None for one that is gone or only waits to be buried."""
    try:
        state, parent = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[:2]
    except OSError:
        return None
    return None if state == "Z" else int(parent)


def is_alive(pid: int) -> bool:
    """Whether a process is there and not merely waiting to be buried."""
    return _status(pid) is not None


def is_catching(pid: int, number: signal.Signals) -> bool:
    """Whether a process handles a signal itself."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except OSError:
        return False
    mask = next((int(line.split()[1], 16) for line in lines if line.startswith("SigCgt:")), 0)
    return bool(mask >> (number - 1) & 1)


def command_of(pid: int) -> str:
    """The command line of a process; empty when the process is gone."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
    except OSError:
        return ""


def sockets_of(pid: int) -> set[str]:
    """The inodes of the sockets that a process has open."""
    found = set()
    with suppress(OSError):
        for descriptor in Path(f"/proc/{pid}/fd").iterdir():
            with suppress(OSError):  # closed by now
                found.add(descriptor.readlink().name)
    return {name.removeprefix("socket:[").removesuffix("]") for name in found if name.startswith("socket:")}


def wake(pids: Sequence[int]) -> None:
    """Let processes that stand still go on."""
    for pid in pids:
        os.kill(pid, signal.SIGCONT)


def kill(pid: int) -> None:
    """End a process at once, whatever it is doing."""
    with suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)
