"""The service as it is deployed: started from the Procfile, reached over HTTP, stopped by a signal."""

import http.client
import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).parent.parent
STOP_SECONDS = 10  # what hosts give before they kill
PATIENCE = 60  # seconds; a slow machine may need some to publish, a service that is broken would need for ever


class Service:
    """A running service and what it has logged so far."""

    def __init__(self, process: "subprocess.Popen[str]", port: int) -> None:
        self.process = process
        self.port = port
        self.log: list[str] = []
        self._grown = threading.Condition()
        self._listener = threading.Thread(target=self._listen, daemon=True)
        self._listener.start()

    def _listen(self) -> None:
        assert self.process.stdout
        for line in self.process.stdout:
            with self._grown:
                self.log.append(line)
                self._grown.notify_all()

    def count(self, text: str) -> int:
        """How many lines of the log have ``text`` in them."""
        return sum(text in line for line in self.log)

    def wait_for(self, text: str, times: int = 1) -> None:
        """Wait until the log has said ``text`` so many times."""
        with self._grown:
            is_there = self._grown.wait_for(lambda: self.count(text) >= times, PATIENCE)
        assert is_there, f"not in the log: {text!r}\n{''.join(self.log)}"

    def get(self, path: str, **headers: str) -> tuple[int, dict[str, str], bytes]:
        """Status, fields and body, over a connection of its own."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            connection.request("GET", path, headers={"Connection": "close"} | headers)
            answer = connection.getresponse()
            return answer.status, dict(answer.getheaders()), answer.read()
        finally:
            connection.close()

    def stop(self) -> None:
        """Ask it to stop, as hosts do; it must within their patience."""
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(STOP_SECONDS)
        self._listener.join(STOP_SECONDS)  # the log ends when the last of its processes does
        assert not self._listener.is_alive(), "a process of the service is left"


@contextmanager
def running(publication: Path, **environment: str) -> Iterator[Service]:
    """The Procfile's service with these settings, from when it listens until the end of the block."""
    port = free_port()
    given = {name: value for name, value in os.environ.items() if not name.startswith("FEEDSVC_")}
    given |= {"PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}", "PORT": str(port)}
    given |= {"FEEDSVC_PUBLICATION": str(publication)} | environment
    command = [sys.executable, "-m", "honcho", "start"]
    with subprocess.Popen(
        command, cwd=ROOT, env=given, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as process:
        service = Service(process, port)
        try:
            service.wait_for("Listening at: ")
            yield service
        finally:
            if process.poll() is None:
                try:
                    service.stop()
                except subprocess.TimeoutExpired:
                    process.kill()
                    raise


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port: int = probe.getsockname()[1]
        return port
