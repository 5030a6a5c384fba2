"""Clients who take all they can get, and how long a bystander waits meanwhile."""

import os
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

from tests.faults.load import write_stamped_folder
from tests.harness.service import Service

FEED = b"GET /rss.xml HTTP/1.1\r\nHost: a\r\n"
LARGE = 8 << 20  # octets of a file that nobody reads to its end
FEW = 120  # descriptors of a process
PATIENCE = 20.0  # seconds
BREATH = 0.05  # seconds between what a crowd does

Deed = Callable[[socket.socket, int], None]


def pipeline(client: socket.socket, number: int) -> None:
    """Heads without end, none of which was there before; answers are taken and thrown away."""
    serial = time.monotonic_ns()
    client.send(b"".join(FEED + b"X: %d.%d.%d\r\n\r\n" % (serial, number, each) for each in range(120)))
    while client.recv(1 << 16):
        pass


def dribble(client: socket.socket, number: int) -> None:
    """A head that never ends, however large it grows."""
    client.send(FEED + b"X: a\r\n" if number % 2 else b"X" * 9000)


def ask_and_be_deaf(client: socket.socket, number: int) -> None:
    """A part of a large file, again and again, without reading."""
    client.send(b"GET /files/large.pdf HTTP/1.1\r\nHost: a\r\nRange: bytes=%d-\r\n\r\n" % number)


def hold_on(client: socket.socket, _number: int) -> None:
    """A request once in a while."""
    client.send(FEED + b"\r\n")
    client.recv(1 << 16)


CROWDS: dict[str, tuple[int, Deed]] = {
    "endless pipelines": (200, pipeline),
    "unfinished heads": (400, dribble),
    "readers of large parts who do not read": (100, ask_and_be_deaf),
    "more clients than descriptors": (3 * FEW, hold_on),
}
FEW_DESCRIPTORS = ("prlimit", f"--nofile={FEW}:{FEW}")  # what to put before the command of a service


@dataclass
class Bystander:
    """One who asks for a feed over new connections, one after the other."""

    address: tuple[str, int]
    waits: list[float] = field(default_factory=list)  # seconds
    failures: int = 0

    def ask(self) -> None:
        """Once."""
        began = time.monotonic()
        with suppress(OSError), socket.create_connection(self.address, PATIENCE) as client:
            client.sendall(FEED + b"Connection: close\r\n\r\n")
            answer = b"".join(iter(lambda: client.recv(1 << 16), b""))
            self.failures -= answer.startswith(b"HTTP/1.1 200 ") and answer.endswith(b"</rss>")
        self.failures += 1
        self.waits.append(time.monotonic() - began)

    def __str__(self) -> str:
        return (
            f"longest wait {max(self.waits):.2f} s, median {median(self.waits) * 1000:.1f} ms, "
            f"{self.failures} of {len(self.waits)} failed"
        )


@contextmanager
def crowd(address: tuple[str, int], many: int, deed: Deed) -> Iterator[None]:
    """So many clients at their deed, again and again, until the end of the block; who was put out comes again."""
    is_over = threading.Event()

    def press() -> None:
        clients: dict[int, socket.socket] = {}
        while not is_over.wait(BREATH):
            for number in range(many):
                try:
                    client = clients.get(number) or clients.setdefault(number, come(address))
                    deed(client, number)
                except BlockingIOError:
                    continue
                except OSError:
                    if number in clients:
                        clients.pop(number).close()
        for client in clients.values():
            client.close()

    thread = threading.Thread(target=press)
    thread.start()
    try:
        yield
    finally:
        is_over.set()
        thread.join()


def come(address: tuple[str, int]) -> socket.socket:
    """A client that never waits, and takes little before it reads."""
    client = socket.socket()
    client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    client.setblocking(False)
    with suppress(BlockingIOError):
        client.connect(address)
    return client


def write_content(root: Path) -> Path:
    """A content folder with the file that some crowds ask for."""
    write_stamped_folder(root, 3)
    (root / "files" / "large.pdf").write_bytes(b"%PDF-1.7\n" + os.urandom(LARGE))
    with (root / "updates" / "2026-02-01-bulk-1.yaml").open("a") as update:
        update.write("attachments:\n  - file: large.pdf\n    title: Large\n")
    return root


def press(service: Service, name: str, seconds: float) -> tuple[Bystander, bool]:
    """What a bystander met beside that crowd, and whether all workers lived through it."""
    many, deed = CROWDS[name]
    workers = set(service.workers())
    bystander = Bystander(service.address)
    with crowd(service.address, many, deed):
        ends = time.monotonic() + seconds
        while time.monotonic() < ends:
            bystander.ask()
            time.sleep(BREATH)
    return bystander, workers == set(service.workers())
