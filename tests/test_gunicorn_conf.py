"""The shipped configuration: what it reads, what it says, and how a server under it starts, reloads and stops."""

import importlib
import os
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from types import ModuleType, SimpleNamespace

import pytest
from gunicorn.config import KNOWN_SETTINGS, Config

from feedsvc import gunicorn_conf
from feedsvc.server_settings import WORKERS_AT_MOST, read_server_settings
from feedsvc.settings import SettingsError, cores
from feedsvc.web.worker import FeedWorker
from tests.harness.folder import write_folder
from tests.harness.processes import children, command_of, sockets_of
from tests.harness.program import Program, listen
from tests.web.serving import LARGE, PATIENCE, SMALL, get, read_response, wait_until


@pytest.fixture
def conf(monkeypatch: pytest.MonkeyPatch) -> Iterator[ModuleType]:
    """The configuration as read in an environment without hints from a host."""
    for name in ("PORT", "BIND", "WEB_CONCURRENCY"):
        monkeypatch.delenv(name, raising=False)
    yield importlib.reload(gunicorn_conf)
    monkeypatch.undo()
    importlib.reload(gunicorn_conf)


def test_gunicorn_knows_and_accepts_every_setting(conf: ModuleType) -> None:
    cfg = Config()
    known = {setting.name for setting in KNOWN_SETTINGS}
    named = [name for name in vars(conf) if name in known]
    for name in named:
        cfg.set(name, vars(conf)[name])
    assert len(named) >= 18
    assert cfg.worker_class is FeedWorker
    assert cfg.control_socket_disable
    assert cfg.forwarder_headers == []


def test_patience_is_ordered(conf: ModuleType) -> None:
    """Answers under way end before the host kills, and balancers hang up before we do."""
    assert conf.graceful_timeout < 10
    assert conf.keepalive > 60
    assert conf.timeout > conf.graceful_timeout


def test_the_heartbeat_is_kept_in_memory_where_there_is_such_a_place(conf: ModuleType) -> None:
    assert conf.worker_tmp_dir == ("/dev/shm" if Path("/dev/shm").is_dir() else None)


def test_a_value_that_cannot_be_meant_stops_the_start_with_one_line(
    conf: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PORT", "http")
    with pytest.raises(SystemExit, match="PORT is 'http'; write a number from 1 to 65535, or nothing"):
        importlib.reload(conf)


def test_a_worker_that_dies_before_the_election_leaves_in_peace(conf: ModuleType) -> None:
    worker = SimpleNamespace()
    conf.worker_exit(None, worker)
    assert not vars(worker)


@pytest.mark.parametrize(
    ("environment", "bind", "workers"),
    [
        ({}, "127.0.0.1:8000", min(cores(), WORKERS_AT_MOST)),
        ({"PORT": "", "WEB_CONCURRENCY": ""}, "127.0.0.1:8000", min(cores(), WORKERS_AT_MOST)),
        ({"PORT": "5000", "WEB_CONCURRENCY": "7"}, "0.0.0.0:5000", 7),
        ({"PORT": "5000", "WEB_CONCURRENCY": "7", "BIND": "[::]:8000"}, "[::]:8000", 7),
        ({"WEB_CONCURRENCY": "1", "BIND": "unix:/run/feedsvc.sock"}, "unix:/run/feedsvc.sock", 1),
    ],
)
def test_hosts_say_where_to_listen_and_with_how_many(environment: dict[str, str], bind: str, workers: int) -> None:
    server = read_server_settings(environment)
    assert (server.bind, server.workers) == (bind, workers)


@pytest.mark.parametrize("name", ["PORT", "WEB_CONCURRENCY"])
@pytest.mark.parametrize("text", ["0", "-1", "+5", "1.5", "many", "99999", " 5", "\N{ARABIC-INDIC DIGIT FIVE}"])
def test_what_is_no_number_is_refused(name: str, text: str) -> None:
    with pytest.raises(SettingsError, match=name):
        read_server_settings({name: text})


def test_there_is_a_core_even_where_the_system_does_not_tell(monkeypatch: pytest.MonkeyPatch) -> None:
    assert cores() >= 1
    monkeypatch.delattr(os, "sched_getaffinity")
    assert cores() == (os.cpu_count() or 1)


# A server under the configuration. It is handed its socket as systemd hands it over.

LAUNCH = """
import os, sys
os.dup2(int(sys.argv[1]), 3)
os.environ |= {"LISTEN_FDS": "1", "LISTEN_PID": str(os.getpid())}
os.execv(sys.executable, [sys.executable, "-m", "gunicorn", *sys.argv[2:]])
"""


class Server(Program):
    """A gunicorn that publishes one update into ``folder`` and serves a StubApp."""

    def __init__(self, folder: Path, workers: int = 1) -> None:
        content = write_folder(folder / "content", 1)
        given = {"WEB_CONCURRENCY": str(workers), "FEEDSVC_CONTENT": str(content)}
        given["FEEDSVC_PUBLICATION"] = str(folder / "publication.db")
        with listen() as listener:
            options = ["-c", "python:feedsvc.gunicorn_conf", "tests.web.serving:StubApp()"]
            command = [sys.executable, "-c", LAUNCH, str(listener.fileno()), *options]
            super().__init__(command, folder / "log", listener.getsockname(), given, listener, is_measured=True)

    def wait_until_ready(self) -> None:
        """Wait until it has said what kind of workers it has."""
        self.wait_for_log("Using worker: feedsvc.web.worker.FeedWorker")


def test_a_termination_lets_answers_end_and_leaves_in_time(tmp_path: Path) -> None:
    with Server(tmp_path) as server, server.client.connect() as client:
        client.sendall(get("/large"))
        first = client.recv(1)
        server.process.terminate()
        server.wait_for_log("Handling signal: term")
        head, body = read_response(client)
        assert first + head.split(b"\r\n")[0] == b"HTTP/1.1 200 OK"
        assert body == LARGE
        assert server.process.wait(PATIENCE) == 0


def test_a_reload_fails_no_request(tmp_path: Path) -> None:
    """Clients with new connections and with a kept one ask all the while."""
    failures: list[Exception] = []
    done = threading.Event()

    def ask(server: Server) -> None:
        try:
            while not done.is_set():
                with server.client.connect() as client:
                    for _ in range(20):
                        client.sendall(get("/small"))
                        head, body = read_response(client)
                        assert body == SMALL
                        if b"\r\nConnection: close\r\n" in head:
                            break
        except (OSError, AssertionError) as error:
            failures.append(error)

    with Server(tmp_path, workers=2) as server:
        askers = [threading.Thread(target=ask, args=[server]) for _ in range(4)]
        for asker in askers:
            asker.start()
        for times in (1, 2):
            server.process.send_signal(signal.SIGHUP)
            server.wait_for_log("Worker exiting", 2 * times)
        done.set()
        for asker in askers:
            asker.join(PATIENCE)
    assert failures == []


def test_connections_spread_over_the_workers(tmp_path: Path) -> None:
    """A proxy's pool, opened one by one, must not end up on one core."""
    with Server(tmp_path, workers=2) as server, ExitStack() as leaving:
        server.wait_for_log("Booting worker with pid", 2)

        def connect() -> None:
            client = leaving.enter_context(server.client.connect())
            client.sendall(get("/small"))
            read_response(client)

        def every_worker_has_one() -> bool:
            connect()
            return len(held(server)) == 2 and all(held(server).values())

        wait_until(every_worker_has_one)
        before = held(server)
        for _ in range(40):
            connect()
        assert min(count - before[pid] for pid, count in held(server).items()) >= 10


def held(server: Server) -> dict[int, int]:
    """How many connections each worker holds."""
    sockets = {
        line.split()[9]
        for line in Path("/proc/net/tcp").read_text().splitlines()[1:]
        if line.split()[1].endswith(f":{server.port:04X}") and line.split()[3] == "01"
    }
    workers = [pid for pid in children(server.process.pid) if "gunicorn" in command_of(pid)]
    return {pid: len(sockets & sockets_of(pid)) for pid in workers}
