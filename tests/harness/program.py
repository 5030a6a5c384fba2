"""Programs that serve: each with a log of its own, reached over HTTP, stopped as hosts stop them.

Whatever a test starts to talk to is a ``Program``; the service is one that knows its workers.
"""

import http.client
import json
import os
import random
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Any, Self, TypeVar

from tests.harness.client import Client
from tests.harness.measuring import MEASURING
from tests.harness.processes import family, is_alive, kill

ROOT = Path(__file__).parents[2]
STOP_SECONDS = 10  # what hosts give before they kill
PATIENCE = 60.0  # seconds; a busy machine may need some, a program that is broken would need for ever
PAUSE, LONGEST_PAUSE = 0.01, 0.1  # seconds between two looks, which grow: who looks takes the processor from who works
Value = TypeVar("Value")


class Program:
    """A running program that serves at ``address`` and says what it has to say into the file ``log``.

    It inherits ``listener`` if there is one, and of the service's settings those in ``environment`` alone. As a context
    it is there from when it is ready until the end of the block, where it must stop as hosts ask it to. Which lines it
    reaches is noted if it ``is_measured``.
    """

    def __init__(
        self,
        command: Sequence[str],
        log: Path,
        address: tuple[str, int],
        environment: Mapping[str, str],
        listener: socket.socket | None = None,
        *,
        is_measured: bool = False,
    ) -> None:
        self.address = address
        self._log = log
        given = {name: value for name, value in os.environ.items() if not name.startswith(("FEEDSVC_", "COVERAGE_"))}
        given |= MEASURING if is_measured else {}
        given["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
        with log.open("wb") as output:
            self.process = subprocess.Popen(
                command,
                cwd=ROOT,
                env=given | dict(environment),
                stdout=output,
                stderr=output,
                pass_fds=[] if listener is None else [listener.fileno()],
            )

    def __enter__(self) -> Self:
        try:
            self.wait_until_ready()
        except BaseException:
            self.end()
            raise
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None) -> None:
        try:
            if kind is None and self.process.poll() is None:
                self.stop()
        finally:
            self.end()

    @property
    def port(self) -> int:
        """The port at which it serves."""
        return self.address[1]

    @property
    def client(self) -> Client:
        """Who says exactly what it is told to."""
        return Client(self.address)

    @property
    def log(self) -> str:
        """What it has said so far."""
        return self._log.read_text(errors="replace")

    def wait_until(self, what: str, found: Callable[[], Value], seconds: float = PATIENCE) -> Value:
        """The first true value that ``found`` gives; what it was to be is said when there is none in time."""
        deadline, pause = time.monotonic() + seconds, PAUSE
        while not (value := found()):
            assert time.monotonic() < deadline, f"not in time: {what}\n{self.log[-4000:]}"
            assert self.process.poll() is None, f"the program ended\n{self.log[-4000:]}"
            time.sleep(pause)
            pause = min(1.1 * pause, LONGEST_PAUSE)
        return value

    def wait_for_log(self, text: str, times: int = 1) -> None:
        """Wait until the log has said ``text`` so many times."""
        self.wait_until(f"{times} x {text!r} in the log", lambda: self.log.count(text) >= times)

    def wait_until_ready(self) -> None:
        """Wait until it takes connections."""
        self.wait_until("a connection", self._is_open)

    def _is_open(self) -> bool:
        with suppress(OSError), socket.create_connection(self.address):
            return True
        return False

    def wait_until_served(self, text: str, path: str = "/rss.xml") -> None:
        """Wait until a document has ``text`` in it."""
        self.wait_until(f"{text!r} in {path}", lambda: text.encode() in self.get(path)[2])

    def get(self, path: str, **headers: str) -> tuple[int, dict[str, str], bytes]:
        """Status, fields and body, over a connection of its own."""
        connection = http.client.HTTPConnection(*self.address, timeout=30)
        try:
            connection.request("GET", path, headers={"Connection": "close"} | headers)
            answer = connection.getresponse()
            return answer.status, dict(answer.getheaders()), answer.read()
        finally:
            connection.close()

    def ready(self) -> dict[str, Any]:
        """What ``/readyz`` says."""
        found: dict[str, Any] = json.loads(self.get("/readyz")[2])
        return found

    def stop(self) -> float:
        """Ask it to stop, as hosts do; the seconds it took, which hosts' patience must cover. Nothing may be left."""
        left = family(self.process.pid)[1:]
        began = time.monotonic()
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(STOP_SECONDS)
        took = time.monotonic() - began
        gone = time.monotonic() + STOP_SECONDS
        while any(map(is_alive, left)):
            assert time.monotonic() < gone, "a process of the program is left"
            time.sleep(PAUSE)
        return took

    def end(self) -> None:
        """End it by force, with every process below it, if it still runs."""
        for pid in family(self.process.pid) if self.process.poll() is None else ():
            kill(pid)
        self.process.wait()


def listen() -> socket.socket:
    """A socket on a free port. It listens before the program starts, so that nobody has to ask whether it does."""
    return socket.create_server(("127.0.0.1", 0), backlog=100)


def free_port() -> int:
    """A port that nobody listens on, for programs that inherit no socket; clients are given none of these ports."""
    first = int(Path("/proc/sys/net/ipv4/ip_local_port_range").read_text().split()[0])
    while True:
        port = random.SystemRandom().randrange(first // 2, first)
        with suppress(OSError), socket.create_server(("127.0.0.1", port)):
            return port
