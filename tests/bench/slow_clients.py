"""Whether readers are served while others hold on to the service: ``python -m tests.bench.slow_clients [gthread]``.

First beside clients that are idle, that never finish a head and that never read; then beside ten thousand idle ones.
With ``gthread`` the same is asked of gunicorn's stock threaded worker. Nothing is asserted.
"""

import resource
import socket
import sys
import time
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.bench.generate import write_content
from tests.bench.measure import HOST, Server, median, quantile, run, show
from tests.bench.programs import OURS, shipped, surroundings, threaded
from tests.harness.program import free_port

FEED = "/atom.xml"
IDLE, DRIBBLING, DEAF = 1_500, 1_500, 400
MANY_IDLE = 10_000
SECONDS = 12.0  # shorter than the service's patience with those who never read
PAUSE = 0.008  # between probes
BREATH = 1.0  # between the octets of a dribbling client
TIMEOUT = 3.0
SPARE_FILES = 200
REQUEST = f"GET {FEED} HTTP/1.1\r\nHost: bench.example\r\n".encode()
PROBE = REQUEST + b"Accept-Encoding: gzip\r\n\r\n"
TINY_BUFFER = 4096
HEADS = (
    *("beside", "held", "refused", "dropped", "probes", "p50 ms", "p99 ms", "worst ms", "<50 ms", "<100 ms", "failed"),
    *("MB before", "MB with them"),
)


@dataclass(slots=True)
class Crowd:
    """Clients that hold on. ``refused`` counts those that were not let in, ``dropped`` those that were put out."""

    port: int
    idle: list[socket.socket] = field(default_factory=list)
    dribbling: list[socket.socket] = field(default_factory=list)
    deaf: list[socket.socket] = field(default_factory=list)
    refused: int = 0
    dropped: int = 0

    def gather(self, idle: int, dribbling: int = 0, deaf: int = 0) -> None:
        """Let so many of each kind come in; those who do not succeed give up."""
        for kind, count, come in (
            (self.deaf, deaf, self._come_deaf),
            (self.dribbling, dribbling, self._come_dribbling),
            (self.idle, idle, self._come_idle),
        ):
            failures = 0
            for _ in range(count):
                try:
                    kind.append(come())
                except OSError:
                    failures += 1
                    if failures == 3:  # each costs a timeout
                        break
            self.refused += count - len(kind)

    def breathe(self) -> None:
        """One more octet from everyone who dribbles; who was put out comes again."""
        for place, client in enumerate(self.dribbling):
            try:
                client.send(b"a")
            except OSError:
                self.dropped += 1
                client.close()
                with suppress(OSError):
                    self.dribbling[place] = self._come_dribbling()

    def leave(self) -> None:
        """Let go."""
        for client in (*self.idle, *self.dribbling, *self.deaf):
            client.close()

    def _come_idle(self) -> socket.socket:
        client = socket.create_connection((HOST, self.port), TIMEOUT)
        client.sendall(PROBE)
        _read_answer(client)
        return client

    def _come_dribbling(self) -> socket.socket:
        client = socket.create_connection((HOST, self.port), TIMEOUT)
        client.sendall(REQUEST + b"X-Slow: ")
        return client

    def _come_deaf(self) -> socket.socket:
        client = socket.socket()
        client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, TINY_BUFFER)
        client.settimeout(TIMEOUT)
        client.connect((HOST, self.port))
        client.sendall((REQUEST + b"\r\n") * 20)
        return client


def main() -> None:
    """Both crowds, one after the other, each before a fresh server."""
    is_stock = sys.argv[1:] == ["gthread"]
    room = _raise_limit()
    many = min(MANY_IDLE, room - SPARE_FILES)
    if many < MANY_IDLE:
        print(f"Only {room} files may be open at once: {many} idle clients instead of {MANY_IDLE}.")
    with TemporaryDirectory(prefix="feedsvc-bench-") as scratch:
        home = Path(scratch)
        write_content(home / "content", 200, 20)
        environment = surroundings(home / "content", home / "instance" / "publication.db")
        run([*OURS, "publish"], environment)
        rows = []
        for number, (title, crowd) in enumerate(
            (
                (f"{IDLE} idle, {DRIBBLING} slow heads, {DEAF} never reading", (IDLE, DRIBBLING, DEAF)),
                (f"{many} idle", (many, 0, 0)),
            )
        ):
            port = free_port()
            command = threaded("feedsvc.wsgi:app", port) if is_stock else shipped(port)
            with Server(command, port, environment, home / f"{number}.log") as server:
                rows.append((title, *_measure(server, *crowd)))
        show("gunicorn's threaded worker" if is_stock else "our service", HEADS, rows)


def _measure(server: Server, idle: int, dribbling: int, deaf: int) -> tuple[str, ...]:
    _probe(server.port, None)
    before = server.memory_mb()
    crowd = Crowd(server.port)
    try:
        crowd.gather(idle, dribbling, deaf)
        times, failed = _probe_for_a_while(crowd)
        memory = server.memory_mb()
    finally:
        crowd.leave()
    asked = len(times) + failed
    return (
        str(len(crowd.idle) + len(crowd.dribbling) + len(crowd.deaf)),
        str(crowd.refused),
        str(crowd.dropped),
        str(asked),
        f"{median(times) * 1000:.2f}",
        f"{quantile(times, 0.99) * 1000:.2f}",
        f"{max(times, default=float('nan')) * 1000:.1f}",
        f"{100 * sum(seconds < 0.05 for seconds in times) / asked:.2f} %",
        f"{100 * sum(seconds < 0.1 for seconds in times) / asked:.2f} %",
        str(failed),
        f"{before:.1f}",
        f"{memory:.1f}",
    )


def _probe_for_a_while(crowd: Crowd) -> tuple[list[float], int]:
    """Plain requests, on a new connection and on one of the idle ones by turns."""
    times: list[float] = []
    failed = number = 0
    ends = time.monotonic() + SECONDS
    breath = time.monotonic() + BREATH
    while (now := time.monotonic()) < ends:
        if now >= breath:
            crowd.breathe()
            breath = now + BREATH
        number += 1
        kept = crowd.idle[number * 7919 % len(crowd.idle)] if number % 2 and crowd.idle else None
        try:
            times.append(_probe(crowd.port, kept))
        except OSError:
            failed += 1
        time.sleep(PAUSE)
    return times, failed


def _probe(port: int, kept: socket.socket | None) -> float:
    """Seconds from connecting (or, on a kept connection, asking) to the last octet of the answer."""
    began = time.perf_counter()
    client = kept or socket.create_connection((HOST, port), TIMEOUT)
    try:
        client.sendall(PROBE)
        _read_answer(client)
        return time.perf_counter() - began
    finally:
        if kept is None:
            client.close()


def _read_answer(client: socket.socket) -> None:
    """Read one answer with a Content-Length; ConnectionError when it ends early or is no success."""
    received = b""
    while (end := received.find(b"\r\n\r\n")) < 0:
        received += _receive(client)
    head = received[:end].decode("latin-1").lower()
    if not head.startswith("http/1.1 200"):
        raise ConnectionError(head.partition("\r\n")[0])
    missing = int(head.partition("content-length:")[2].split()[0]) - (len(received) - end - 4)
    while missing > 0:
        missing -= len(_receive(client))


def _receive(client: socket.socket) -> bytes:
    part = client.recv(65536)
    if not part:
        raise ConnectionError("the service hung up")
    return part


def _raise_limit() -> int:
    """As many open files as the system allows; how many that is. Servers started from here inherit it."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    return most


if __name__ == "__main__":
    main()
