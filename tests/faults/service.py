"""The service as it is deployed, started with the Procfile's own command, and its processes one by one."""

import http.client
import json
import os
import shlex
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar

from feedsvc.publication.overview import Overview, survey
from feedsvc.publication.reader import Reader, Stored, StoreError
from tests.folder import copy_memory, publish_folder
from tests.running import ROOT, STOP_SECONDS, free_port

PATIENCE = 60.0  # seconds; a busy machine may need some, a service that does not heal would need for ever
WORKERS = 3
Value = TypeVar("Value")


class Service:
    """A running service over one content folder.

    ``wrapper`` is a command that starts the service inside another surrounding (fewer rights, other mounts).
    """

    def __init__(self, content: Path, *, wrapper: Sequence[str] = (), listen: int | None = None, **more: str) -> None:
        self.content = content
        self.publication = content.parent / "instance" / "publication.db"
        self.port = free_port()
        self._log = content.parent / f"service-{self.port}.log"
        given = {name: value for name, value in os.environ.items() if not name.startswith("FEEDSVC_")}
        given |= {"PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}", "PORT": str(self.port)}
        given |= {"FEEDSVC_CONTENT": str(content), "FEEDSVC_PUBLICATION": str(self.publication)}
        given |= {"WEB_CONCURRENCY": str(WORKERS)} | more
        with self._log.open("wb") as log:
            self.process = subprocess.Popen(
                [*wrapper, *procfile_command()],
                cwd=ROOT,
                env=given,
                stdout=log,
                stderr=log,
                pass_fds=[] if listen is None else [listen],
            )

    @property
    def log(self) -> str:
        """What the service has said so far."""
        return self._log.read_text(errors="replace")

    @property
    def address(self) -> tuple[str, int]:
        """Where it listens."""
        return "127.0.0.1", self.port

    def wait_until(self, what: str, found: Callable[[], Value], seconds: float = PATIENCE) -> Value:
        """The first true value that ``found`` gives; what it was to be is said when there is none in time."""
        deadline = time.monotonic() + seconds
        while not (value := found()):
            assert time.monotonic() < deadline, f"not in time: {what}\n{self.log[-4000:]}"
            assert self.process.poll() is None, f"the service ended\n{self.log[-4000:]}"
            time.sleep(0.01)
        return value

    def wait_for_log(self, text: str, times: int = 1) -> None:
        """Wait until the log has said ``text`` so many times."""
        self.wait_until(f"{times} x {text!r} in the log", lambda: self.log.count(text) >= times)

    def wait_until_complete(self) -> None:
        """Wait until all workers and the publishing process are there."""
        self.wait_for_log("Booting worker with pid", WORKERS)
        self.wait_until("all workers", lambda: len(self.workers()) == WORKERS)
        self.wait_until("the publishing process", self.publishers)

    def workers(self) -> list[int]:
        """The process ids of the workers."""
        return [pid for pid in children(self.process.pid) if "gunicorn" in command_of(pid)]

    def publishers(self) -> list[int]:
        """The process ids of publishing processes that workers keep."""
        return [pid for worker in self.workers() for pid in children(worker) if "--watch" in command_of(pid)]

    def publisher(self) -> int:
        """The process id of the one publishing process, once it listens to signals."""
        return self.wait_until("one publishing process", lambda: [*self.publishers()] if self._is_ready() else [])[0]

    def _is_ready(self) -> bool:
        found = self.publishers()
        return len(found) == 1 and is_catching(found[0], signal.SIGHUP)

    def keeper(self) -> int:
        """The process id of the worker that keeps the publishing process."""
        return parent_of(self.publisher())

    def get(self, path: str, **headers: str) -> tuple[int, dict[str, str], bytes]:
        """Status, fields and body, over a connection of its own."""
        connection = http.client.HTTPConnection(*self.address, timeout=30)
        try:
            connection.request("GET", path, headers={"Connection": "close"} | headers)
            answer = connection.getresponse()
            return answer.status, dict(answer.getheaders()), answer.read()
        finally:
            connection.close()

    def ready(self) -> dict[str, Any]:
        """What ``/readyz`` says."""
        found: dict[str, Any] = json.loads(self.get("/readyz")[2])
        return found

    def overview(self) -> Overview:
        """What operators are told on the machine itself."""
        return survey(self.publication, time.time())

    def wait_until_served(self, text: str, path: str = "/rss.xml") -> None:
        """Wait until a document has ``text`` in it."""
        self.wait_until(f"{text!r} in {path}", lambda: text.encode() in self.get(path)[2])

    def documents(self) -> dict[str, Stored]:
        """Everything that is published, by path; nothing while there is nothing to read."""
        try:
            return documents(self.publication)
        except StoreError:
            return {}

    def wait_until_fresh(self) -> None:
        """Wait until what is published is octet for octet what a build that only remembers makes of the content."""
        scratch = self.content.parent / f"fresh-{time.monotonic_ns()}.db"
        copy_memory(self.publication, scratch)
        publish_folder(self.content, scratch)
        expected = documents(scratch)
        self.wait_until("a publication equal to a fresh build", lambda: self.documents() == expected)
        for path in ("/rss.xml", "/covid/feed.json", "/"):
            body = expected[path].variants.identity
            self.wait_until(f"a fresh {path}", lambda path=path, body=body: self.get(path)[2] == body)  # type: ignore[misc]  # both are bound at once

    @contextmanager
    def connected_to_every_worker(self) -> Iterator[list[http.client.HTTPConnection]]:
        """One kept connection to each worker, until the end of the block."""
        found: dict[int, http.client.HTTPConnection] = {}
        deadline = time.monotonic() + PATIENCE
        with ExitStack() as leaving:
            while len(found) < WORKERS:
                assert time.monotonic() < deadline, "a worker takes no connection"
                connection = http.client.HTTPConnection(*self.address, timeout=30)
                leaving.callback(connection.close)
                found.setdefault(self._answerer(connection, asleep=list(found)), connection)
            yield list(found.values())

    def _answerer(self, connection: http.client.HTTPConnection, asleep: Sequence[int]) -> int:
        """The worker that answers on a new connection, while others sleep for a moment and so are passed over."""
        for worker in asleep:
            os.kill(worker, signal.SIGSTOP)
        waker = threading.Timer(1.0, _wake, [asleep])  # for one of them may have taken it just before
        waker.start()
        connection.request("GET", "/healthz")
        connection.getresponse().read()
        waker.cancel()
        _wake(asleep)
        return self._server_of(connection)

    def _server_of(self, connection: http.client.HTTPConnection) -> int:
        """The worker that holds the other end of a connection."""
        ends = (f":{self.port:04X}", f":{connection.sock.getsockname()[1]:04X}")
        rows = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:]]
        (inode,) = {row[9] for row in rows if (row[1][-5:], row[2][-5:]) == ends} - {"0"}  # none: an older connection's
        for worker in self.workers():
            for descriptor in Path(f"/proc/{worker}/fd").iterdir():
                with suppress(OSError):
                    if descriptor.readlink().name == f"socket:[{inode}]":
                        return worker
        raise AssertionError("no worker holds the connection")

    def stop(self) -> float:
        """Ask it to stop, as hosts do; the seconds it took, which host's patience must cover. Nothing may be left."""
        left = {*self.workers(), *self.publishers()}
        began = time.monotonic()
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(STOP_SECONDS)
        took = time.monotonic() - began
        gone = time.monotonic() + STOP_SECONDS
        while any(map(is_alive, left)):
            assert time.monotonic() < gone, "a process of the service is left"
            time.sleep(0.01)
        return took

    def end(self) -> None:
        """End it by force, with every process below it, if it still runs."""
        doomed = [self.process.pid]
        for pid in doomed:
            doomed += children(pid)
        for pid in doomed if self.process.poll() is None else ():
            kill(pid)
        self.process.wait()


@contextmanager
def running(content: Path, **more: Any) -> Iterator[Service]:
    """A service from when it is complete until the end of the block, where it must stop as hosts ask it to."""
    service = Service(content, **more)
    try:
        service.wait_until_complete()
        yield service
        service.stop()
    finally:
        service.end()


def procfile_command() -> list[str]:
    """The command of the Procfile's only process."""
    return shlex.split((ROOT / "Procfile").read_text().partition(":")[2])


def documents(publication: Path) -> dict[str, Stored]:
    """Every document of a publication, by path; without its date, which is that of the publish."""
    reader = Reader(publication)
    try:
        return {document.path: replace(document, modified=0) for document in reader.every()}
    finally:
        reader.close()


def children(pid: int) -> list[int]:
    """The living children of a process."""
    return [int(path.name) for path in Path("/proc").glob("[0-9]*") if _status(int(path.name)) == pid]


def parent_of(pid: int) -> int:
    """The parent of a process; 0 when the process is gone."""
    return _status(pid) or 0


def _status(pid: int) -> int | None:
    """The parent of a living process; None for one that is gone or only waits to be buried."""
    try:
        state, parent = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[:2]
    except OSError:
        return None
    return None if state == "Z" else int(parent)


def is_alive(pid: int) -> bool:
    """Whether a process is there and not merely waiting to be buried."""
    return _status(pid) is not None


def is_catching(pid: int, number: signal.Signals) -> bool:
    """Whether a process handles a signal itself."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except OSError:
        return False
    mask = next((int(line.split()[1], 16) for line in lines if line.startswith("SigCgt:")), 0)
    return bool(mask >> (number - 1) & 1)


def command_of(pid: int) -> str:
    """The command line of a process; empty when the process is gone."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
    except OSError:
        return ""


def _wake(pids: Sequence[int]) -> None:
    for pid in pids:
        os.kill(pid, signal.SIGCONT)


def kill(pid: int) -> None:
    """End a process at once, whatever it is doing."""
    with suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)
