"""What is in hand, written down beside the publication, so that an unnatural death leaves suspects behind.

Native code that aborts, hangs or takes all memory raises nothing that could be caught. What hangs is ended by an alarm.
"""

import json
import mmap
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from feedsvc.system import set_alarms

JOURNAL_OCTETS = 1024 * 1024  # more than the names of any batch take


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What work may take before it is taken for hanging, and what a suspect may take in a child of its own.

    A batch that is ended too early costs little: each of its items is tried alone, and then ``patience`` times as much
    is granted until a publish succeeds. So what it may take of the processor is little, some ten times what work takes;
    by the clock it has longer, for a machine may be busy. A suspect that exceeds its limits is held back; so those are
    long. Only a process that does nothing else may be ended, ``ends_process``, and is started again by another.
    """

    batch_processor_seconds: float = 3.0
    batch_seconds: float = 10.0
    item_share: float = 0.03  # of both, more for each item of the batch
    patience: float = 4.0
    ends_process: bool = True
    alone_seconds: float = 10.0
    alone_processor_seconds: int = 5
    alone_octets: int = 512 * 1024 * 1024
    goodbye_seconds: float = 1.0  # for a child that has told its result
    remembered: int = 2_000  # entries kept decoded between publishes: more than the windows of all places hold
    cores: int | None = None  # to work on; None: all of the machine
    helped_seconds: float = 10.0  # a helping thread that is not through with one item by then has died

    def of(self, items: int) -> tuple[float, float]:
        """The seconds that a batch may take of the processor, and by the clock."""
        more = 1 + self.item_share * items
        return self.batch_processor_seconds * more, self.batch_seconds * more


LIMITS = Limits()


def journal_path(publication: Path) -> Path:
    """Where a publication's journal lies."""
    return publication.with_name(publication.name + "-in-hand")


def read_journal(publication: Path) -> frozenset[str]:
    """What was last written there; nothing where nothing can be read."""
    try:
        with journal_path(publication).open("rb") as file:
            return _names(file.read(JOURNAL_OCTETS))
    except OSError:
        return frozenset()


def _names(octets: bytes) -> frozenset[str]:
    try:
        names = json.loads(octets.partition(b"\n")[0] or b"[]")
    except (ValueError, RecursionError):
        return frozenset()
    return frozenset(name for name in names if isinstance(name, str)) if isinstance(names, list) else frozenset()


class Journal:
    """The journal of a publication; ``suspects`` are what it named when this process began."""

    def __init__(self, publication: Path, limits: Limits = LIMITS, beat: Callable[[], None] = lambda: None) -> None:
        """``beat`` is called now and then while a suspect is waited for."""
        self.limits = limits
        self.beat = beat
        self._memory = self._open(journal_path(publication))
        self.suspects = frozenset() if self._memory is None else _names(self._memory[:])

    @staticmethod
    def _open(path: Path) -> mmap.mmap | None:
        """The file as memory, which stays in it whatever becomes of this process; None where there is no room."""
        with suppress(OSError, ValueError), path.open("a+b") as file:
            file.truncate(JOURNAL_OCTETS)
            return mmap.mmap(file.fileno(), JOURNAL_OCTETS)
        return None

    def _write(self, names: list[str]) -> None:
        octets = json.dumps(names).encode() + b"\n" if names else b"\n"
        if self._memory is not None and len(octets) <= JOURNAL_OCTETS:
            self._memory[: len(octets)] = octets

    @contextmanager
    def watch(self, names: Iterable[str]) -> Iterator[None]:
        """Note these while they are worked on, and end this process, if it may be, where that does not end in time."""
        listed = list(names)
        is_ended = self.limits.ends_process and threading.current_thread() is threading.main_thread()
        self._write([*sorted(self.suspects), *listed])
        if is_ended:  # the alarm ends the process, whatever native code it hangs in
            patience = self.limits.patience if self.suspects else 1.0
            set_alarms(*(patience * seconds for seconds in self.limits.of(len(listed))))
        try:
            yield
        finally:
            if is_ended:
                set_alarms(0, 0)
            self._write(sorted(self.suspects))

    def clear(self) -> None:
        """Everything went well: nobody is suspected any more."""
        if self.suspects:
            self.suspects = frozenset()
            self._write([])
