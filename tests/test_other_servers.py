"""Servers that know nothing of this service: its first request starts a publishing process there, too."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from feedsvc.publishing.supervisor import COMMAND
from tests.faults.service import children, command_of, is_alive
from tests.folder import publish_folder, write_folder, write_update
from tests.running import free_port
from tests.service import PATIENCE, Client, stop

WSGIREF = """
import sys
from wsgiref.simple_server import make_server
from feedsvc.wsgi import app as application
make_server("127.0.0.1", int(sys.argv[1]), application).serve_forever()
"""
EMBEDDED = """
import sys
from pathlib import Path
from wsgiref.simple_server import make_server
from feedsvc import Settings, create_app
folder = Path(sys.argv[2])
given = Settings(content=folder / "content", publication=folder / "publication.db", publisher=True)
make_server("127.0.0.1", int(sys.argv[1]), create_app(given)).serve_forever()
"""
GUNICORN = [sys.executable, "-m", "gunicorn", "--worker-class", "gthread", "--threads", "2", "--no-control-socket"]
SERVERS: dict[str, Callable[[int, Path], list[str]]] = {
    "wsgiref": lambda port, _: [sys.executable, "-c", WSGIREF, str(port)],
    "flask run": lambda port, _: [sys.executable, "-m", "flask", "--app", "feedsvc", "run", "--port", str(port)],
    "gunicorn": lambda port, _: [*GUNICORN, "--workers", "2", "--bind", f"127.0.0.1:{port}", "feedsvc.wsgi:app"],
    "gunicorn with the application preloaded": lambda port, _: [
        *GUNICORN, "--preload", "--workers", "2", "--bind", f"127.0.0.1:{port}", "feedsvc:create_app()"
    ],
    "a program with settings of its own": lambda port, folder: [sys.executable, "-c", EMBEDDED, str(port), str(folder)],
}  # fmt: skip


class Server:
    """A running server, its log and its publishing processes."""

    def __init__(self, process: "subprocess.Popen[bytes]", client: Client, log: Path) -> None:
        self.process = process
        self.client = client
        self._log = log

    @property
    def log(self) -> str:
        """What it has said so far."""
        return self._log.read_text(errors="replace")

    def until(self, what: str, holds: Callable[[], object]) -> None:
        """Wait until it is so."""
        deadline = time.monotonic() + PATIENCE
        while not _is_so(holds):
            assert time.monotonic() < deadline, f"not in time: {what}\n{self.log}"
            assert self.process.poll() is None, self.log
            time.sleep(0.02)

    def has(self, text: str) -> bool:
        """Whether the feed of all updates says so."""
        return text.encode() in self.client.ask("/rss.xml").body

    def ready(self) -> dict[str, object]:
        """What ``/readyz`` says."""
        found: dict[str, object] = json.loads(self.client.ask("/readyz").body)
        return found

    def publishers(self) -> list[int]:
        """The publishing processes of all its processes."""
        family = [self.process.pid, *children(self.process.pid)]
        return [pid for parent in family for pid in children(parent) if "publish --watch" in command_of(pid)]


def _is_so(holds: Callable[[], object]) -> bool:
    try:
        return bool(holds())
    except OSError:
        return False


@contextmanager
def serving(folder: Path, name: str, **more: str) -> Iterator[Server]:
    port, log = free_port(), folder / "log"
    given = {key: value for key, value in os.environ.items() if not key.startswith("FEEDSVC_")}
    if name != "a program with settings of its own":
        given |= {"FEEDSVC_CONTENT": str(folder / "content"), "FEEDSVC_PUBLICATION": str(folder / "publication.db")}
    with log.open("wb") as output:
        process = subprocess.Popen(SERVERS[name](port, folder), env=given | more, stdout=output, stderr=output)
    server = Server(process, Client(("127.0.0.1", port)), log)
    try:
        yield server
    finally:
        left = server.publishers()
        stop(process)
        deadline = time.monotonic() + PATIENCE
        while any(map(is_alive, left)):
            assert time.monotonic() < deadline, "a publishing process is left"
            time.sleep(0.02)


@pytest.mark.parametrize("name", SERVERS)
def test_what_is_saved_appears_under_any_server(tmp_path: Path, name: str) -> None:
    content = write_folder(tmp_path / "content", 1)
    with serving(tmp_path, name) as server:
        server.until("an answer", lambda: server.client.ask("/readyz"))
        server.until("all well", lambda: server.ready()["status"] == "ok")
        assert server.has("Update number 1")
        write_update(content, 2, title="Saved while it is served")
        server.until("the new update", lambda: server.has("Saved while it is served"))
        for _ in range(20):  # so that every process of the server has had a request
            assert server.ready()["status"] == "ok"
        (publisher,) = server.publishers()
        os.kill(publisher, signal.SIGKILL)
        server.until("another one", lambda: server.publishers() not in ([], [publisher]))


def test_where_nobody_is_to_publish_it_is_said_once_and_not_ok(tmp_path: Path) -> None:
    publish_folder(write_folder(tmp_path / "content", 1), tmp_path / "publication.db")
    with serving(tmp_path, "gunicorn", FEEDSVC_PUBLISHER="off") as server:
        server.until("an answer", lambda: server.has("Update number 1"))
        for _ in range(20):
            told = server.ready()
            assert (told["status"], told["reason"]) == ("degraded", "nobody publishes")
        assert server.publishers() == []
        assert server.log.count("nobody publishes, so no saved file appears") == 1
        beside = [*COMMAND[: COMMAND.index("--parent")]]
        settings = {
            "FEEDSVC_CONTENT": str(tmp_path / "content"),
            "FEEDSVC_PUBLICATION": str(tmp_path / "publication.db"),
        }
        with subprocess.Popen(beside, env=os.environ | settings, stdout=subprocess.DEVNULL) as publisher:
            try:
                server.until("all well by a process beside it", lambda: server.ready()["status"] == "ok")
            finally:
                publisher.terminate()
