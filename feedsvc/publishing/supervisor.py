"""One publishing process for a whole service: of all workers one keeps it alive, and another takes over when that dies.

The election is a file lock, which the kernel gives back whatever becomes of its holder. The publishing process looks
every second whether its supervisor is still there, and ends without one. The supervisor counts the deaths of what it
keeps in the status beside the publication, and says so when it is not heard of.
"""

import atexit
import logging
import os
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from time import monotonic

from feedsvc.publication.condition import DEATHS_ALLOWED, IN_TIME, is_at_work
from feedsvc.publication.status import Cause, Publishing, Supervision, read_status, write_status
from feedsvc.publishing.journal import read_journal
from feedsvc.settings import Settings, clock, environment_of
from feedsvc.system import CAN_LOCK, WITHOUT_POSIX, flags, hold_open, lock

log = logging.getLogger("feedsvc.publication")

LOCKLESS = "nobody can keep a publishing process, so no saved file appears: %s; %s"
THREADLESS = (
    "this process cannot keep a publishing process: %s; "
    "let the server have threads, or keep feedsvc publish --watch running beside it"
)
SILENT = (
    "the publishing process %d has not been heard of for %d seconds, so no saved file appears; "
    "end it, and another one is started"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """How long a supervisor waits for what, in seconds.

    A process that ``lived`` so long is started again at once; else a little later each time, which ``restart`` says.
    """

    election: float = 0.5  # between tries for the lock
    look: float = 0.1  # between looks at the process
    lived: float = 10.0
    restart: tuple[float, ...] = (0.1, 0.5, 1.0, 2.0, 5.0, 15.0, 30.0)
    goodbye: float = 5.0
    heard: float = IN_TIME  # within which a process is heard of


PATIENCE = Patience()


def interpreter(executable: str, prefix: str) -> str:
    """The Python to start processes with, for a server that embeds Python is itself the executable."""
    return executable if Path(executable).name.startswith("python") else str(Path(prefix, "bin", "python3"))


PROGRAM = (interpreter(sys.executable, sys.prefix), "-m", "feedsvc")
COMMAND = (*PROGRAM, "publish", "--watch", "--parent")  # the supervisor's process id follows
_kept: dict[tuple[int, Path], "Supervisor"] = {}  # by process, for a fork inherits what it does not keep
_keeping = threading.Lock()


def publish_once() -> None:
    """Publish in a process of its own, before there is anybody to serve; what goes wrong is logged there."""
    subprocess.run([*PROGRAM, "publish", "--logged"], stdin=subprocess.DEVNULL, check=False)  # noqa: S603  # our own


def supervise(settings: Settings) -> "Supervisor | None":
    """Stand for election in this process, if it does not already; where that is not wanted, say it if nobody publishes.

    None where this process keeps nothing.
    """
    with _keeping:
        key = os.getpid(), settings.publication.absolute()
        if key not in _kept and settings.publisher and not CAN_LOCK:
            log.warning(LOCKLESS, WITHOUT_POSIX, Cause.NO_PUBLISHER.way_out)
        elif key not in _kept and settings.publisher:
            supervisor = Supervisor(settings.publication, environment=environment_of(settings))
            try:
                supervisor.start()
            except RuntimeError as fault:  # a server that lets nobody have threads
                log.error(THREADLESS, fault)  # noqa: TRY400  # no bug
                return None
            _kept[key] = supervisor
            atexit.register(_leave, *key)
        elif key not in _kept:
            _say_nobody_publishes(settings.publication)
        return _kept.get(key)


def _leave(process: int, publication: Path) -> None:
    """End what this process keeps, at its own end; not at that of a fork of it."""
    if process == os.getpid():
        _kept[process, publication].stop()


def _say_nobody_publishes(publication: Path) -> None:
    if is_at_work(read_status(publication, Publishing), clock()) or _speaks_for_all(publication) is None:
        return
    log.warning("%s, so no saved file appears; %s", Cause.NO_PUBLISHER.words, Cause.NO_PUBLISHER.way_out)


def _speaks_for_all(publication: Path) -> int | None:
    """A descriptor that makes this the one process to say what all of a service see; None if another one says it."""
    for folder in publication.absolute().parents:
        try:
            descriptor = os.open(folder, os.O_RDONLY | flags("O_DIRECTORY"))
        except OSError:
            continue  # it is not there, or not ours to open
        return hold_open(descriptor)
    return None  # pragma: no cover  # the root can always be opened


def lock_path(publication: Path) -> Path:
    """The file whose lock makes its holder the supervisor."""
    return publication.with_name(publication.name + "-supervisor")


class Supervisor:
    """A thread of a worker that keeps the publishing process alive, if no other worker does."""

    def __init__(
        self,
        publication: Path,
        command: Sequence[str] = COMMAND,
        environment: Mapping[str, str] | None = None,
        patience: Patience = PATIENCE,
    ) -> None:
        self._patience = patience
        self._publication = publication
        self._path = lock_path(publication)
        self._command = command
        self._environment = environment
        self._last = Supervision()
        self._heard = 0.0  # when the process was last heard of, as far as was asked
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="publication-supervisor", daemon=True)

    def start(self) -> None:
        """Begin to stand for election."""
        self._thread.start()

    def stop(self) -> None:
        """End the publishing process, if this keeps it, and leave the election to others."""
        self._stop.set()
        self._thread.join(self._patience.goodbye)

    def _run(self) -> None:
        while (descriptor := self._elect()) is not None:
            try:
                self._supervise(descriptor)
            finally:
                os.close(descriptor)

    def _elect(self) -> int | None:
        """The descriptor that holds the lock, once no other worker does; None when stopped before."""
        speaker: int | None = None
        try:
            while not self._stop.is_set():
                try:
                    self._path.parent.mkdir(parents=True, exist_ok=True)
                    descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT | flags(), 0o644)
                except OSError as fault:
                    if speaker is None and (speaker := _speaks_for_all(self._publication)) is not None:
                        log.error(LOCKLESS, fault, Cause.PUBLICATION_UNWRITABLE.way_out)  # noqa: TRY400  # no bug
                    self._stop.wait(self._patience.election)
                    continue
                try:
                    lock(descriptor)
                except OSError:
                    os.close(descriptor)
                    self._stop.wait(self._patience.election)
                else:
                    return descriptor
        finally:
            if speaker is not None:
                os.close(speaker)
        return None

    def _supervise(self, descriptor: int) -> None:
        """Start the process again and again, until stopped or until the lock has no file for others to try."""
        said, born, repeats, in_hand = "", monotonic(), 0, frozenset[str]()
        last = read_status(self._publication, Supervision) or Supervision()
        self._note(replace(last, deaths=0))
        while (ending := self._live_once(descriptor)) is not None:
            last = self._last
            is_first = not last.deaths or monotonic() - born > self._patience.lived
            deaths = 1 if is_first else last.deaths + 1
            since = clock() if is_first else last.since
            self._note(Supervision(deaths=deaths, since=since, said=ending, total=last.total + 1))
            if is_first or ending != said:
                said = ending
                log.error("the publishing process %s; what is published stays, and it is started again", ending)
            if deaths == DEATHS_ALLOWED + 1:
                log.error("%s; %s", Cause.PUBLISHER_ENDS.words, Cause.PUBLISHER_ENDS.way_out)
            before, in_hand = in_hand, read_journal(self._publication)
            repeats = 0 if is_first or in_hand != before else repeats + 1  # another cause is no repetition
            self._stop.wait(self._patience.restart[min(repeats, len(self._patience.restart) - 1)])
            born = monotonic()

    def _note(self, record: Supervision) -> None:
        self._last = record
        write_status(self._publication, record)

    def _is_supervisor(self, descriptor: int) -> bool:
        """Whether this is not stopped, and the lock is still on the file that others would try to lock."""
        if self._stop.is_set():
            return False
        try:
            return self._path.stat().st_ino == os.fstat(descriptor).st_ino
        except OSError:
            return False

    def _live_once(self, descriptor: int) -> str | None:
        """Run the process until it ends, which gives how it ended, or until this is no longer the supervisor: None."""
        command = (*self._command, str(os.getpid()))
        try:
            process = subprocess.Popen(command, stdin=subprocess.DEVNULL, env=self._environment)  # noqa: S603  # our own
        except OSError as fault:
            return f"cannot be started ({fault.strerror})"
        with process:
            born, is_missed = clock(), False
            while self._is_supervisor(descriptor):
                if process.poll() is not None:
                    return f"ended (status {process.returncode})"
                if self._last.deaths and clock() - born > self._patience.lived:
                    self._note(replace(self._last, deaths=0))
                if not is_missed and self._is_silent(born):
                    is_missed = True
                    log.error(SILENT, process.pid, self._patience.heard)
                self._stop.wait(self._patience.look)
            process.terminate()
            try:
                process.wait(self._patience.goodbye)
            except subprocess.TimeoutExpired:
                process.kill()
        return None

    def _is_silent(self, born: float) -> bool:
        """Whether no process has been heard of for too long, where one could have been."""
        now = clock()
        if now - max(born, self._heard) <= self._patience.heard:
            return False
        publishing = read_status(self._publication, Publishing)
        self._heard = publishing.beat if publishing is not None else 0.0
        return (
            now - max(born, self._heard) > self._patience.heard and write_status(self._publication, self._last) is None
        )
