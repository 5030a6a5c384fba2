"""One publishing process for a whole service: of all workers one keeps it alive, and another takes over when that dies.

The election is a file lock, which the kernel gives back whatever becomes of its holder. The publishing process looks
every second whether its keeper is still there, and ends without one.
"""

import fcntl
import logging
import os
import subprocess
import sys
import threading
from collections.abc import Sequence
from pathlib import Path
from time import monotonic

log = logging.getLogger("feedsvc.publication")

ELECTION_SECONDS = 0.5  # how often a worker that keeps nothing tries for the lock
LIVED_SECONDS = 10.0  # a process that lived so long is started again at once
RESTART_SECONDS = (0.1, 0.5, 1.0, 2.0, 5.0, 15.0, 30.0)  # else a little later each time
GOODBYE_SECONDS = 5.0
LOOK_SECONDS = 0.1  # how often to look whether the process is still there
PROGRAM = (sys.executable, "-m", "feedsvc")
COMMAND = (*PROGRAM, "publish", "--watch", "--parent")  # the keeper's process id follows


def publish_once() -> None:
    """Publish in a process of its own, before there is anybody to serve; what goes wrong is logged there."""
    subprocess.run([*PROGRAM, "publish", "--logged"], stdin=subprocess.DEVNULL, check=False)  # noqa: S603  # our own


def lock_path(publication: Path) -> Path:
    """The file whose lock makes its holder the keeper."""
    return publication.with_name(publication.name + "-keeper")


class Keeper:
    """A thread of a worker that keeps the publishing process alive, if no other worker does."""

    def __init__(self, publication: Path, command: Sequence[str] = COMMAND) -> None:
        self._path = lock_path(publication)
        self._command = command
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="publication-keeper", daemon=True)

    def start(self) -> None:
        """Begin to stand for election."""
        self._thread.start()

    def stop(self) -> None:
        """End the publishing process, if this keeps it, and leave the election to others."""
        self._stop.set()
        self._thread.join(GOODBYE_SECONDS)

    def _run(self) -> None:
        while (descriptor := self._elect()) is not None:
            try:
                self._keep(descriptor)
            finally:
                os.close(descriptor)

    def _elect(self) -> int | None:
        """The descriptor that holds the lock, once no other worker does; None when stopped before."""
        level = logging.ERROR
        while not self._stop.is_set():
            try:
                self._path.parent.mkdir(parents=True, exist_ok=True)
                descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
            except OSError as fault:
                log.log(level, "this worker cannot keep the publishing process yet: %s", fault)
                level = logging.DEBUG  # told once
                self._stop.wait(ELECTION_SECONDS)
                continue
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                os.close(descriptor)
                self._stop.wait(ELECTION_SECONDS)
            else:
                return descriptor
        return None

    def _keep(self, descriptor: int) -> None:
        """Start the process again and again, until stopped or until the lock has no file for others to try."""
        deaths, said, born = 0, 0, monotonic()
        while (status := self._live_once(descriptor)) is not None:
            deaths = 0 if monotonic() - born > LIVED_SECONDS else deaths + 1
            if deaths <= 1 or status != said:
                said = status
                log.error(
                    "the publishing process ended (status %s); what is published stays, and it is started again", status
                )
            self._stop.wait(RESTART_SECONDS[min(deaths, len(RESTART_SECONDS) - 1)])
            born = monotonic()

    def _is_keeper(self, descriptor: int) -> bool:
        """Whether this is not stopped, and the lock is still on the file that others would try to lock."""
        if self._stop.is_set():
            return False
        try:
            return self._path.stat().st_ino == os.fstat(descriptor).st_ino
        except OSError:
            return False

    def _live_once(self, descriptor: int) -> int | None:
        """Run the process until it ends, which gives its exit status, or until this is no longer the keeper: None."""
        command = (*self._command, str(os.getpid()))
        with subprocess.Popen(command, stdin=subprocess.DEVNULL) as process:  # noqa: S603  # our own command
            while self._is_keeper(descriptor):
                if process.poll() is not None:
                    return process.returncode
                self._stop.wait(LOOK_SECONDS)
            process.terminate()
            try:
                process.wait(GOODBYE_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()
        return None
