"""Processes that are kept beside the one that publishes: one tells others of publishes, one hands them to replicas.

A thread would do, but a process with threads must not fork, and publishing forks: for a cold publish, and to try alone
what is suspected of ending the process.
"""

import logging
import os
import subprocess
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from time import monotonic
from weakref import ref

from feedsvc.announcing import targets
from feedsvc.publication.reader import read_state
from feedsvc.publishing.supervisor import PROGRAM
from feedsvc.settings import Settings, environment_of

log = logging.getLogger("feedsvc.publication")

AGAIN = 10.0  # seconds from one start to the next
GOODBYE = 2.0  # seconds for its end


@dataclass(slots=True, weakref_slot=True)
class Companion:
    """Started once there is work for it, and again when it has died; it hears of news by an octet each.

    The process id of who keeps it follows the ``command``. ``lost`` is what to say where it cannot be started.
    """

    settings: Settings
    command: Sequence[str]
    has_work: Callable[[], bool]
    lost: str
    seconds: Callable[[], float] = monotonic
    _started: float | None = None
    _process: subprocess.Popen[bytes] | None = None
    _minds_forks: bool = False

    def wake(self) -> None:
        """There may be work."""
        if self._process is None and not self.has_work():
            return
        self.keep(is_wanted=True)
        if self._process is not None and self._process.stdin is not None:
            with suppress(OSError):  # it is full of news, or dead: then it looks at all of it when it is started again
                self._process.stdin.write(b".")

    def keep(self, *, is_wanted: bool = False) -> None:
        """Start it again if it has died, and the first time if it ``is_wanted``."""
        is_alive = self._process is not None and self._process.poll() is None
        if is_alive or not (is_wanted or self._process is not None):
            return
        now = self.seconds()
        if self._started is not None and now - self._started < AGAIN:
            return
        self._started = now
        self._let_go()
        command = (*self.command, "--parent", str(os.getpid()))
        try:
            process = subprocess.Popen(  # noqa: S603  # our own
                command, bufsize=0, stdin=subprocess.PIPE, env=environment_of(self.settings)
            )
        except OSError as fault:
            log.error("%s: the process for it cannot be started (%s)", self.lost, fault.strerror)  # noqa: TRY400  # no bug
            return
        self._process = process
        self._mind_forks()
        with suppress(AttributeError, OSError):  # Windows lets no pipe be so
            os.set_blocking(process.stdin.fileno(), False)  # type: ignore[union-attr]  # it was asked for

    def stop(self) -> None:
        """End it; what is being said may still be answered, or is said again another time."""
        process = self._process
        self._let_go()
        if process is not None:
            process.terminate()
            try:
                process.wait(GOODBYE)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()

    def close_pipe(self) -> None:
        """Say no more."""
        if self._process is not None and self._process.stdin is not None:
            self._process.stdin.close()

    def _let_go(self) -> None:
        self.close_pipe()
        self._process = None

    def _mind_forks(self) -> None:
        """Let no child hold the pipe, whose end tells the process that whoever publishes has ended."""
        if self._minds_forks or not hasattr(os, "register_at_fork"):
            return
        self._minds_forks = True
        own = ref(self)

        def close() -> None:
            if (held := own()) is not None:
                held.close_pipe()

        os.register_at_fork(after_in_child=close)


def announcer(
    settings: Settings,
    command: Sequence[str] = (*PROGRAM, "announce"),
    seconds: Callable[[], float] = monotonic,
) -> Companion:
    """Who tells hubs and caches, where there are any."""

    def has_targets() -> bool:
        state = read_state(settings.publication)[1]
        return bool(targets(settings, state.hubs.split(), state.site_url))

    return Companion(settings, command, has_targets, "nobody can be told of changes", seconds)


def replicator(settings: Settings) -> Companion:
    """Who hands generations to a store of replicas, where one is named."""
    is_wanted = bool(settings.replicate) and settings.announces
    return Companion(settings, (*PROGRAM, "replicate"), lambda: is_wanted, "no replica can be told of changes")
