"""The service as it is deployed, started with the Procfile's own command, and its processes one by one."""

import http.client
import os
import shlex
import signal
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from email.utils import parsedate_to_datetime
from pathlib import Path

from feedsvc.publication.database import StoreError
from feedsvc.publication.overview import Overview, survey
from feedsvc.publication.reader import Reader
from feedsvc.publication.rows import Stored
from tests.harness.folder import copy_memory, publish_folder
from tests.harness.processes import children, command_of, is_catching, parent_of, sockets_of, wake
from tests.harness.program import PATIENCE, ROOT, Program, listen

DOORS = {"worker": "feedsvc.web.worker.FeedWorker", "wsgi": "gthread"}
WORKERS = 3


class Service(Program):
    """A running service over one content folder.

    ``wrapper`` is a command that starts the service inside another surrounding (fewer rights, other mounts), ``door``
    the kind of its workers.
    """

    def __init__(
        self,
        content: Path,
        publication: Path | None = None,
        *,
        workers: int = WORKERS,
        door: str = "worker",
        wrapper: Sequence[str] = (),
        is_measured: bool = False,
        **more: str,
    ) -> None:
        self.content = content
        self.publication = publication or content.parent / "instance" / "publication.db"
        self.size = workers
        self._is_publishing = more.get("FEEDSVC_PUBLISHER") != "off"
        given = {"FEEDSVC_CONTENT": str(content), "FEEDSVC_PUBLICATION": str(self.publication)}
        with listen() as listener:
            port = listener.getsockname()[1]
            given |= {"GUNICORN_CMD_ARGS": f"--bind fd://{listener.fileno()} -k {DOORS[door]}"}
            given |= {"WEB_CONCURRENCY": str(workers)} | more
            log = content.parent / f"service-{port}.log"
            command, address = [*wrapper, *procfile_command()], ("127.0.0.1", port)
            super().__init__(command, log, address, given, listener, is_measured=is_measured)

    def wait_until_ready(self) -> None:
        """Wait until all workers and the publishing process are there."""
        self.wait_for_log("Booting worker with pid", self.size)
        self.wait_until("all workers", lambda: len(self.workers()) == self.size)
        if self._is_publishing:
            self.wait_until("the publishing process", self.publishers)

    def wait_until_dated(self, path: str = "/") -> None:
        """Wait until the second of the publish is over: then Last-Modified is told, and lies before Date."""
        self.wait_until("the second after the publish", lambda: self._is_dated(path))

    def _is_dated(self, path: str) -> bool:
        told = self.get(path)[1]
        said = [parsedate_to_datetime(told[name]) for name in ("Last-Modified", "Date") if name in told]
        return len(said) == 2 and said[0] < said[1]

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

    def supervisor(self) -> int:
        """The process id of the worker that keeps the publishing process."""
        return parent_of(self.publisher())

    def overview(self) -> Overview:
        """What operators are told on the machine itself."""
        return survey(self.publication, time.time())

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
            while len(found) < self.size:
                assert time.monotonic() < deadline, "a worker takes no connection"
                connection = http.client.HTTPConnection(*self.address, timeout=30)
                leaving.callback(connection.close)
                found.setdefault(self._answerer(connection, asleep=list(found)), connection)
            yield list(found.values())

    def _answerer(self, connection: http.client.HTTPConnection, asleep: Sequence[int]) -> int:
        """The worker that answers on a new connection, while others sleep for a moment and so are passed over."""
        for worker in asleep:
            os.kill(worker, signal.SIGSTOP)
        waker = threading.Timer(1.0, wake, [asleep])  # for one of them may have taken it just before
        waker.start()
        connection.request("GET", "/healthz")
        connection.getresponse().read()
        waker.cancel()
        wake(asleep)
        return self._server_of(connection)

    def _server_of(self, connection: http.client.HTTPConnection) -> int:
        """The worker that holds the other end of a connection."""
        ends = (f":{self.port:04X}", f":{connection.sock.getsockname()[1]:04X}")
        rows = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:]]
        (inode,) = {row[9] for row in rows if (row[1][-5:], row[2][-5:]) == ends} - {"0"}  # none: an older connection's
        for worker in self.workers():
            if inode in sockets_of(worker):
                return worker
        raise AssertionError("no worker holds the connection")


def serving(publication: Path, door: str = "worker") -> Service:
    """One worker over what is published already; nothing of it publishes."""
    return Service(publication.parent, publication, workers=1, door=door, FEEDSVC_PUBLISHER="off")


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
