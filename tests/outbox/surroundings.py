"""What stands around the service: a hub and its subscriber, Varnish with the README's recipe, squid, a slow way."""

import hashlib
import hmac
import re
import subprocess
import venv
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from time import sleep
from urllib.parse import parse_qs, urlsplit

from tests.harness.http_server import run_server
from tests.harness.judges import find_program
from tests.harness.program import ROOT, Program, free_port

HERE = Path(__file__).parent
SECRET = "known to both"
PACKAGES = ("flask-websub==0.4.1", "celery", "requests")


@dataclass(slots=True)
class Subscriber:
    """Who subscribed at the hub; ``got`` has each delivery whose signature is right, ``wrong`` counts the others."""

    url: str
    got: list[bytes] = field(default_factory=list)
    wrong: int = 0


@contextmanager
def run_subscriber() -> Iterator[Subscriber]:
    """Confirms what it is asked to confirm, and checks what it is sent (WebSub sections 5.3 and 7.1)."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            challenge = parse_qs(urlsplit(self.path).query)["hub.challenge"][0].encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(challenge)))
            self.end_headers()
            self.wfile.write(challenge)

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            method, _, signature = self.headers["X-Hub-Signature"].partition("=")
            if hmac.new(SECRET.encode(), body, getattr(hashlib, method)).hexdigest() == signature:
                subscriber.got.append(body)
            else:
                subscriber.wrong += 1
            self.send_response(204)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Keep quiet."""

    subscriber = Subscriber("")
    with run_server(Handler) as port:
        subscriber.url = f"http://127.0.0.1:{port}/callback"
        yield subscriber


@contextmanager
def run_hub(home: Path) -> Iterator[str]:
    """The address of a real hub, which is installed into an environment of its own."""
    where = home / "hub-environment"
    venv.create(where, with_pip=True)
    python = where / "bin" / "python"
    subprocess.run([python, "-m", "pip", "install", "--quiet", *PACKAGES], check=True, stderr=subprocess.DEVNULL)
    port = free_port()
    command = [str(python), str(HERE / "hub.py"), str(port), str(home)]
    with Program(command, home / "hub.log", ("127.0.0.1", port), {}):
        yield f"http://127.0.0.1:{port}/hub"


def recipe(backend: int) -> str:
    """The README's recipe for Varnish, for a backend on another port."""
    text = (ROOT / "README.md").read_text()
    found = re.search(r"```vcl\n(.*?)```", text, re.DOTALL)
    assert found
    return found[1].replace('.port = "8000"', f'.port = "{backend}"')


@contextmanager
def run_varnish(home: Path, port: int, backend: int) -> Iterator[None]:
    """Varnish on a port, in front of another."""
    program = find_program("varnishd", package="varnish varnish-modules")
    path = home / "recipe.vcl"
    path.write_text(recipe(backend))
    command = [program, "-F", "-n", str(home / "varnish"), "-a", f"127.0.0.1:{port}", "-f", str(path), "-j", "none"]
    command += ["-T", "none", "-s", "malloc,64m", "-p", "thread_pool_min=10", "-p", "default_grace=0"]
    with Program(command, home / "varnish.log", ("127.0.0.1", port), {}):
        yield


@contextmanager
def run_squid(home: Path) -> Iterator[int]:
    """The port of a proxy as a hospital has one."""
    program, port = find_program("squid", package="squid"), free_port()
    path = home / "squid.conf"
    lines = (
        f"http_port 127.0.0.1:{port}",
        "http_access allow all",
        "cache_mem 16 MB",
        f"pid_filename {home / 'squid.pid'}",
        f"cache_log {home / 'squid-cache.log'}",
        "access_log none",
        f"coredump_dir {home}",
        "shutdown_lifetime 0 seconds",
        "visible_hostname hospital.example",
    )
    path.write_text("\n".join(lines) + "\n")
    home.chmod(0o777)  # it gives up being root
    command = [program, "-N", "-n", f"outbox{port}", "-f", str(path)]
    with Program(command, home / "squid.log", ("127.0.0.1", port), {}) as running:
        yield port
        running.end()  # asked to stop, it takes its time


@dataclass(slots=True)
class Way:
    """A way to the service that can be made slow: each answer waits for ``seconds`` after it was fetched."""

    port: int
    seconds: float = 0.0


@contextmanager
def run_way(service: int) -> Iterator[Way]:
    """A way to the service on that port."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            connection = HTTPConnection("127.0.0.1", service, timeout=30)
            fields = {name: value for name, value in self.headers.items() if name.lower() != "connection"}
            connection.request("GET", self.path, headers=fields)
            answer = connection.getresponse()
            body = answer.read()
            connection.close()
            sleep(way.seconds)
            self.send_response_only(answer.status)
            for name, value in answer.headers.items():
                if name.lower() != "connection":
                    self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Keep quiet."""

    way = Way(0)
    with run_server(Handler) as port:
        way.port = port
        yield way
