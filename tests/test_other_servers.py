"""Servers that know nothing of this service: its first request starts a publishing process there, too."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from feedsvc.publishing.supervisor import COMMAND
from tests.harness.folder import publish_folder, write_folder, write_update
from tests.harness.processes import command_of, family
from tests.harness.program import Program, free_port

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
    "waitress": lambda port, _: [sys.executable, "-m", "waitress", f"--listen=127.0.0.1:{port}", "feedsvc.wsgi:app"],
    "waitress that mounts it at a path": lambda port, _: [
        sys.executable, "-m", "waitress", "--url-prefix=/news", f"--listen=127.0.0.1:{port}", "feedsvc.wsgi:app",
    ],
    "our worker alone": lambda port, _: [
        sys.executable, "-m", "gunicorn", "-k", "feedsvc.web.worker.FeedWorker", "--no-control-socket",
        "--workers", "2", "--bind", f"127.0.0.1:{port}", "feedsvc.wsgi:app",
    ],
    "gunicorn with the application preloaded": lambda port, _: [
        *GUNICORN, "--preload", "--workers", "2", "--bind", f"127.0.0.1:{port}", "feedsvc:create_app()"
    ],
    "a program with settings of its own": lambda port, folder: [sys.executable, "-c", EMBEDDED, str(port), str(folder)],
}  # fmt: skip


class Server(Program):
    """A running server over the content of a folder."""

    def __init__(self, folder: Path, name: str, log: Path | None = None, **more: str) -> None:
        port = free_port()
        given = {"FEEDSVC_CONTENT": str(folder / "content"), "FEEDSVC_PUBLICATION": str(folder / "publication.db")}
        if name == "a program with settings of its own":
            given = {}
        super().__init__(SERVERS[name](port, folder), log or folder / "log", ("127.0.0.1", port), given | more)

    def has(self, text: str) -> bool:
        """Whether the feed of all updates says so."""
        return text.encode() in self.get("/rss.xml")[2]

    def publishers(self) -> list[int]:
        """The publishing processes of all its processes."""
        return [pid for pid in family(self.process.pid) if "publish --watch" in command_of(pid)]


@pytest.mark.parametrize("name", sorted(SERVERS.keys() - {"our worker alone", "waitress that mounts it at a path"}))
def test_what_is_saved_appears_under_any_server(tmp_path: Path, name: str) -> None:
    content = write_folder(tmp_path / "content", 1)
    with Server(tmp_path, name) as server:
        server.wait_until("all well", lambda: server.ready()["status"] == "ok")
        assert server.has("Update number 1")
        write_update(content, 2, title="Saved while it is served")
        server.wait_until_served("Saved while it is served")
        for _ in range(20):  # so that every process of the server has had a request
            assert server.ready()["status"] == "ok"
        (publisher,) = server.publishers()
        os.kill(publisher, signal.SIGKILL)
        server.wait_until("another one", lambda: server.publishers() not in ([], [publisher]))


def test_our_worker_publishes_without_our_configuration_before_anybody_asks(tmp_path: Path) -> None:
    write_folder(tmp_path / "content", 1)
    with Server(tmp_path, "our worker alone") as server:
        server.wait_until("a publishing process", server.publishers)


def test_where_nobody_is_to_publish_it_is_said_once_and_not_ok(tmp_path: Path) -> None:
    publish_folder(write_folder(tmp_path / "content", 1), tmp_path / "publication.db")
    with Server(tmp_path, "gunicorn", FEEDSVC_PUBLISHER="off") as server:
        server.wait_until_served("Update number 1")
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
                server.wait_until("all well by a process beside it", lambda: server.ready()["status"] == "ok")
            finally:
                publisher.terminate()
