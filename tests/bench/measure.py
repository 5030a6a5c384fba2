"""What every benchmark needs: medians, tables, servers started on one core and ended by their id, their CPU time."""

import os
import shutil
import statistics
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.harness.processes import family
from tests.harness.program import Program

HOST = "127.0.0.1"
TICK = os.sysconf("SC_CLK_TCK")
PAGE_KB = os.sysconf("SC_PAGE_SIZE") // 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Spent:
    """What a program that ended took: seconds on the clock and of all cores, and the most memory it held."""

    wall: float
    cpu: float
    peak_mb: float


class Server(Program):
    """A server on these cores (default: the servers' one) until the end of the block."""

    def __init__(
        self, command: Sequence[str], port: int, environment: Mapping[str, str], log: Path, *, on: Sequence[str] = ()
    ) -> None:
        super().__init__([*pinned(*(on or cores()[:1])), *command], log, (HOST, port), environment)

    def cpu_seconds(self) -> float:
        """What the server's processes have used of the processor since they began."""
        return sum(_cpu_ticks(pid) for pid in family(self.process.pid)) / TICK

    def memory_mb(self) -> float:
        """What its processes hold, what they share counted once for all of them."""
        return sum(_proportional_kb(pid) for pid in family(self.process.pid)) / 1024


def cores() -> tuple[str, str]:
    """A core for the servers and one for their clients, as ``taskset`` names them; the same one where there is one."""
    free = sorted(os.sched_getaffinity(0))
    return str(free[0]), str(free[-1])


def pinned(*cores: str) -> list[str]:
    """What to put before a command so that it runs on those cores alone."""
    return ["taskset", "-c", ",".join(cores)] if shutil.which("taskset") else []


def is_there(tool: str, what: str) -> bool:
    """Whether a program is installed; says which rows are left out when it is not."""
    if shutil.which(tool):
        return True
    print(f"{tool} is not installed: {what} left out.")
    return False


def run(command: Sequence[str], environment: Mapping[str, str] | None = None) -> Spent:
    """Run a program to its end; CalledProcessError, its output printed, when it fails."""
    began = time.perf_counter()
    process = subprocess.Popen(
        command, env={**os.environ, **(environment or {})}, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )
    said = process.stdout.read() if process.stdout else b""
    _, status, usage = os.wait4(process.pid, 0)
    wall = time.perf_counter() - began
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.stdout:
        process.stdout.close()
    if process.returncode:
        print(said.decode("utf-8", "replace"), file=sys.stderr)
        raise subprocess.CalledProcessError(process.returncode, list(command))
    return Spent(wall=wall, cpu=usage.ru_utime + usage.ru_stime, peak_mb=usage.ru_maxrss / 1024)


def median(values: Sequence[float]) -> float:
    """The median; not a number where nothing was measured."""
    return statistics.median(values) if values else float("nan")


def quantile(values: Sequence[float], part: float) -> float:
    """The value that this part of the values does not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(part * len(ordered)))] if ordered else float("nan")


def show(title: str, heads: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Print a table: the first column to the left, the others to the right."""
    print(f"\n{title}")
    widths = [max(len(row[number]) for row in (heads, *rows)) for number in range(len(heads))]
    for row in (heads, *rows):
        cells = [cell.rjust(width) for cell, width in zip(row, widths, strict=True)]
        cells[0] = row[0].ljust(widths[0])
        print("  ".join(cells), flush=True)


def ratio(ours: float, theirs: float) -> str:
    """One number as a multiple of the other."""
    return f"{ours / theirs:.2f}" if theirs else "-"


def _cpu_ticks(pid: int) -> int:
    """User and system time (proc(5), ``stat`` fields 14 and 15); what follows the name in brackets is counted."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text("utf-8").rpartition(")")[2].split()
    except OSError:
        return 0
    return int(fields[11]) + int(fields[12])


def _proportional_kb(pid: int) -> int:
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text("ascii").splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in lines if line.startswith("Pss:")), 0)
