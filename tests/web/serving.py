"""Workers that serve a small application within the test process, and raw clients for them."""

import os
import re
import selectors
import socket
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from gunicorn.config import Config
from gunicorn.glogging import Logger
from gunicorn.workers.gthread import ThreadWorker

from feedsvc.gunicorn_conf import pre_request
from feedsvc.web.counts import SIZE
from feedsvc.web.following import Epoch
from feedsvc.web.responder import Answer

SMALL = b"<feed/>" * 10
MEDIUM = bytes(range(256)) * 400  # more than a client takes that has made its buffer small
LARGE = bytes(range(256)) * 40_000  # more than the kernel buffers of a connection hold
PATIENCE = 30.0  # seconds that a client waits before a test fails
# The date, and how much of a request line had come when it was refused.
PASSING = re.compile(rb"(?<=\r\nDate: )[^\r]+|(?<=Line is too large \()\d+")


View = tuple[str, int | None, Iterable[bytes]]  # status, Content-Length, body


class StubResponder:
    """Documents, in an epoch that tests may change by its number."""

    def __init__(self) -> None:
        self.number = 1
        self.epochs: dict[int, Epoch] = {}
        self.asked = 0
        self.counts = [0] * SIZE
        self.faults: list[Exception] = []
        self.holding = threading.Event()  # a request for /held has come, and holds the loop ...
        self.may_go = threading.Event()  # ... until this is set

    def epoch(self) -> Epoch:
        """The present epoch."""
        if self.faults:
            raise self.faults[0]
        return self.epochs.setdefault(self.number, Epoch())

    def answer(self, environ: dict[str, Any]) -> Answer | None:
        """Documents by GET and HEAD, with one validator each."""
        self.asked += 1
        if self.faults:
            raise self.faults[0]
        if environ["PATH_INFO"] == "/held":
            self.holding.set()
            assert self.may_go.wait(PATIENCE)
        bodies = {
            "/small": SMALL,
            "/held": SMALL,
            "/medium": MEDIUM,
            "/large": LARGE,
            "/number": str(self.number).encode(),
        }
        body = bodies.get(environ["PATH_INFO"])
        if body is None or environ["REQUEST_METHOD"] not in ("GET", "HEAD"):
            return None
        etag = f'"{self.number}"'
        if environ.get("HTTP_IF_NONE_MATCH") == etag:
            return Answer("304 Not Modified", (("ETag", etag),), b"", self.epoch().replies)
        fields = (("ETag", etag), ("Content-Type", "text/xml"), ("Content-Length", str(len(body))))
        return Answer("200 OK", fields, body if environ["REQUEST_METHOD"] == "GET" else b"", self.epoch().replies)


class StubApp:
    """A WSGI application with a responder, and some paths that need a thread."""

    def __init__(self) -> None:
        self.responder = StubResponder()
        self.may_go = threading.Event()
        self.waiting = threading.Event()

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        answer = self.responder.answer(environ) if not self.responder.faults else None
        if answer is not None:
            start_response(answer.status, list(answer.headers))
            return [bytes(answer.body)]
        status, length, body = getattr(self, environ["PATH_INFO"].strip("/"), self.missing)(environ)
        start_response(status, [] if length is None else [("Content-Length", str(length))])
        return iter(body)

    def missing(self, _environ: dict[str, Any]) -> View:
        """Any other path."""
        return "404 Not Found", 0, []

    def echo(self, environ: dict[str, Any]) -> View:
        """The body of the request."""
        body = environ["wsgi.input"].read()
        return "200 OK", len(body), [body]

    def stream(self, _environ: dict[str, Any]) -> View:
        """A body of unknown length."""
        return "200 OK", None, [b"one", b"two"]

    def bulk(self, _environ: dict[str, Any]) -> View:
        """A body that fits into the kernel's buffers, but only a few times."""
        return "200 OK", len(MEDIUM), [MEDIUM]

    def wait(self, _environ: dict[str, Any]) -> View:
        """Hold a thread until the test says so."""
        self.waiting.set()
        assert self.may_go.wait(PATIENCE)
        return "200 OK", 4, [b"done"]

    def endless(self, _environ: dict[str, Any]) -> View:
        """More than anyone will read."""
        return "200 OK", 1_000_000_000, [LARGE] * 1000

    def fail(self, _environ: dict[str, Any]) -> View:
        """A fault before the response."""
        raise RuntimeError("the application failed")

    def broken(self, _environ: dict[str, Any]) -> View:
        """A fault amid the response."""
        return "200 OK", 10, self.half()

    @staticmethod
    def half() -> Iterator[bytes]:
        """Half of a body."""
        yield b"12345"
        raise RuntimeError("the application broke off")


class Served:
    """A worker in a thread of its own, and where to reach it."""

    def __init__(self, worker: Any, app: Any, address: Any) -> None:
        self.worker = worker
        self.app = app
        self.address = address
        self.thread = threading.Thread(target=worker.run)

    @property
    def loop(self) -> Any:
        """The worker's loop, once it runs."""
        wait_until(lambda: hasattr(self.worker, "loop"))
        return self.worker.loop

    def connect(self, buffer: int | None = None) -> socket.socket:
        """A new connection; its client takes about ``buffer`` octets before it reads."""
        family = socket.AF_UNIX if isinstance(self.address, str) else socket.AF_INET
        client = socket.socket(family)
        if buffer is not None:
            client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, buffer)
        client.settimeout(PATIENCE)
        try:
            client.connect(self.address)
        except OSError:
            client.close()
            raise
        return client

    def exchange(self, *packets: bytes) -> bytes:
        """What comes back for ``packets`` until the server closes; what passes is blotted out."""
        with self.connect() as client:
            for packet in packets:
                client.sendall(packet)
            client.shutdown(socket.SHUT_WR)
            return PASSING.sub(b"-", read_all(client))

    def stop(self) -> None:
        """Ask the worker to leave gracefully, and wait until it has."""
        self.worker.handle_exit(None, None)
        self.thread.join(PATIENCE)
        assert not self.thread.is_alive()


@contextmanager
def serving(
    worker_class: type[ThreadWorker],
    folder: Path,
    app: Any = None,
    *,
    unix: bool = False,
    listener_type: Callable[[socket.socket], Any] = lambda listener: listener,
    **settings: Any,
) -> Iterator[Served]:
    """``worker_class`` serving ``app`` (default: a StubApp) with gunicorn's settings, until the end of the block."""
    app = StubApp() if app is None else app
    cfg = Config()
    for name, value in ({"threads": 4, "pre_request": pre_request} | settings).items():
        cfg.set(name, value)
    if unix:
        listener = socket.socket(socket.AF_UNIX)
        listener.bind(str(folder / "socket"))
        listener.listen(100)
    else:
        listener = socket.create_server(("127.0.0.1", 0), backlog=1000)
    listener.setblocking(False)  # as gunicorn's own listeners are
    worker = worker_class(1, os.getppid(), [listener_type(listener)], None, 30, cfg, make_log(cfg))
    worker.tpool = worker.get_thread_pool()
    worker.method_queue.init()
    worker.poller = selectors.DefaultSelector()
    worker.wsgi = app
    served = Served(worker, app, listener.getsockname())
    served.thread.start()
    try:
        yield served
    finally:
        if served.thread.is_alive():
            served.stop()
        worker.tpool.shutdown()
        worker.poller.close()
        worker.method_queue.close()
        listener.close()
        worker.tmp.close()


def make_log(cfg: Config) -> Logger:
    """The log of gunicorn, written where pytest looks for it."""
    log = Logger(cfg)
    for channel in (log.error_log, log.access_log):
        channel.handlers.clear()
        channel.propagate = True
    return log


def read_all(client: socket.socket) -> bytes:
    """Everything until the server closes."""
    parts = []
    while part := client.recv(1 << 20):
        parts.append(part)
    return b"".join(parts)


def read_response(client: socket.socket) -> tuple[bytes, bytes]:
    """The next response with a Content-Length, as head and body."""
    octets = b""
    while b"\r\n\r\n" not in octets:
        part = client.recv(1)
        assert part, octets
        octets += part
    length = re.search(rb"\r\nContent-Length: (\d+)", octets)
    body = b""
    while length and len(body) < int(length[1]):
        part = client.recv(int(length[1]) - len(body))
        assert part, "cut off"
        body += part
    return octets, body


def get(path: str, *fields: str, version: str = "1.1", method: str = "GET") -> bytes:
    """A request head."""
    lines = [f"{method} {path} HTTP/{version}", "Host: news.example.org", *fields, "", ""]
    return "\r\n".join(lines).encode("latin-1")


def wait_until(condition: Callable[[], Any]) -> None:
    """Wait for what happens in the worker's thread."""
    for _ in range(int(PATIENCE * 100)):
        if condition():
            return
        threading.Event().wait(0.01)
    assert condition()
