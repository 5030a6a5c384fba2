"""Who judges what a service says on the wire: gunicorn's own threaded worker over the same application, in memory."""

import logging
import re
import socket
import sys
from collections.abc import Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from gunicorn.app.wsgiapp import WSGIApplication
from gunicorn.workers.gthread import TConn, ThreadWorker

from feedsvc.settings import Settings
from feedsvc.web.app import create_app

PATIENCE = 60.0  # seconds
# what two right answers may differ in: the date, and how much of a request line had come when it was refused
PASSING = re.compile(rb"(?<=\r\nDate: )[^\r\n]+|(?<=Line is too large \()\d+")


class Tape:
    """A socket whose client sends some packets, ends its side, and keeps what it is told."""

    def __init__(self, packets: Sequence[bytes]) -> None:
        self.packets = list(packets)
        self.told: list[bytes] = []
        self.is_open = True

    def recv(self, size: int, *_flags: int) -> bytes:
        """The next packet, as far as there is room for it."""
        if not self.packets:
            return b""
        part, rest = self.packets[0][:size], self.packets[0][size:]
        self.packets[:1] = [rest] if rest else []
        return part

    def sendall(self, octets: bytes) -> None:
        """Keep what is said before the end of it."""
        if self.is_open:
            self.told.append(bytes(octets))

    def send(self, octets: bytes, *_flags: int) -> int:
        """As ``sendall``."""
        self.sendall(octets)
        return len(octets)

    def shutdown(self, _how: int) -> None:
        """End what is said."""
        self.is_open = False

    def close(self) -> None:
        """End what is said."""
        self.is_open = False

    def fileno(self) -> int:
        """No descriptor that anyone waits for."""
        return 0

    def gettimeout(self) -> None:
        """It never waits."""

    def settimeout(self, _seconds: float | None) -> None:
        """It never waits."""

    def setblocking(self, _flag: bool) -> None:  # as sockets have it
        """It never waits."""


class Judge:
    """The stock worker over a publication, as configured for the service."""

    def __init__(self, publication: Path, *, parser: str = "auto") -> None:
        argv, sys.argv = sys.argv, ["gunicorn", "-c", "python:feedsvc.gunicorn_conf", "feedsvc.wsgi:app"]
        try:
            cfg = WSGIApplication("%(prog)s").cfg
        finally:
            sys.argv = argv
        cfg.set("http_parser", parser)
        worker: Any = object.__new__(ThreadWorker)
        worker.cfg, worker.log = (
            cfg,
            SimpleNamespace(**dict.fromkeys(("debug", "warning", "exception", "access"), mute)),
        )
        worker.wsgi, worker.alive = create_app(Settings(publication=publication)), True
        worker.nr, worker.max_requests, worker.keepalived_conns, worker.max_keepalived = 0, sys.maxsize, (), 1
        logging.getLogger("gunicorn.http.wsgi").disabled = True
        self._worker = worker

    def ask(self, packets: Sequence[bytes], address: tuple[str, int]) -> bytes:
        """What is right to say to a client of the service at ``address`` that sends ``packets`` and ends its side."""
        tape = Tape(packets)
        connection = TConn(self._worker.cfg, tape, ("127.0.0.1", 50_000), address)
        connection.data_ready = True
        while self._worker.handle(connection):
            pass
        return PASSING.sub(b"-", b"".join(tape.told))


def mute(*_words: object, **_more: object) -> None:
    """Say nothing."""


def ask(address: tuple[str, int], packets: Sequence[bytes]) -> bytes:
    """What a service says to a client that sends ``packets`` and ends its side."""
    with socket.create_connection(address, PATIENCE) as client:
        client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for packet in packets:
            client.sendall(packet)
        client.shutdown(socket.SHUT_WR)
        return PASSING.sub(b"-", b"".join(iter(lambda: client.recv(1 << 16), b"")))
