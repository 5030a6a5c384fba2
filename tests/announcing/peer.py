"""A server that others run: it hears what it is told, and answers as a test says."""

import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import BufferedIOBase
from pathlib import Path
from threading import Event
from time import sleep

from tests.harness.http_server import run_server

DRIPPING = b"an octet at a time"
ENDLESS = b"HTTP/1.0 200 OK\r\n\r\n"  # and then an octet at a time
DRIPPING_SECONDS = 10.0


@dataclass(frozen=True, slots=True)
class Heard:
    """One request."""

    method: str
    path: str
    fields: dict[str, str]
    body: bytes


@dataclass(slots=True)
class Peer:
    """A running server. ``answers`` are those of the next requests, in octets as they are; then it says 204."""

    url: str
    heard: list[Heard] = field(default_factory=list)
    news: Event = field(default_factory=Event)
    answers: list[tuple[int, dict[str, str], bytes] | bytes] = field(default_factory=list)

    def say(self, status: int, body: bytes = b"", **fields: str) -> None:
        """Answer the next request like that."""
        self.answers.append((status, {name.replace("_", "-"): value for name, value in fields.items()}, body))


@contextmanager
def run_peer(certificate: Path | None = None, key: Path | None = None) -> Iterator[Peer]:
    """A peer on a free port of 127.0.0.1, until the block ends; with a certificate it speaks TLS."""

    class Handler(BaseHTTPRequestHandler):
        def _hear(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            peer.heard.append(Heard(self.command, self.path, dict(self.headers), body))
            peer.news.set()
            answer = peer.answers.pop(0) if peer.answers else (204, {}, b"")
            if answer == DRIPPING:
                _drip(self.wfile)
            if isinstance(answer, bytes):
                self.wfile.write(answer)
                if answer == ENDLESS:
                    _drip(self.wfile)
                self.close_connection = True
                return
            status, fields, text = answer
            self.send_response(status)
            for name, value in ({"Content-Length": str(len(text))} | fields).items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(text)

        def do_POST(self) -> None:
            self._hear()

        def do_PURGE(self) -> None:
            self._hear()

        def log_message(self, *_: object) -> None:
            """Keep the test's output to itself."""

    with run_server(Handler, partial(_secure, certificate, key)) as port:
        peer = Peer(f"http{'s' if certificate else ''}://127.0.0.1:{port}")
        yield peer


def _drip(said: BufferedIOBase) -> None:
    with suppress(OSError):  # nobody listens any more
        for _ in range(200):
            said.write(b"H")
            sleep(DRIPPING_SECONDS / 200)


def _secure(certificate: Path | None, key: Path | None, server: ThreadingHTTPServer) -> None:
    if certificate is None:
        return
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    server.socket = context.wrap_socket(server.socket, server_side=True)
