"""The README's recipe for a cache before two machines, of which one is behind by a text of the same second."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email.utils import formatdate
from http.client import HTTPConnection, HTTPResponse
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from time import sleep, time
from typing import Any

from tests.harness.http_server import run_server
from tests.harness.program import free_port
from tests.replicas.surroundings import run_varnish

REFUSED_FOR = 20  # seconds that a text of the same second is refused


@dataclass(slots=True)
class Text:
    """What a machine says at every address: a number and its date, in seconds since 1970 if it has come."""

    number: int
    modified: float | None = None
    is_dead: bool = False
    asked: int = 0


@contextmanager
def run_machine(text: Text) -> Iterator[int]:
    """A machine that says it; its port."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            if text.is_dead:
                return
            tag, is_probe = f'"{text.number}"', self.path == "/readyz"
            text.asked += not is_probe
            is_known = self.headers["If-None-Match"] == tag
            self.send_response(304 if is_known else 200)
            self.send_header("ETag", tag)
            self.send_header("CDN-Cache-Control", "max-age=300")
            self.send_header("Surrogate-Key", "all")
            if text.modified is not None:
                self.send_header("Last-Modified", formatdate(text.modified, usegmt=True))
            self.end_headers()
            self.wfile.write(b"" if is_known else str(text.number).encode())

        def log_message(self, *_: Any) -> None:
            pass

    with run_server(Handler) as port:
        yield port


def ask(port: int, method: str = "GET") -> tuple[str, HTTPResponse]:
    """What the cache says, or what it says when all is purged."""
    connection = HTTPConnection("127.0.0.1", port, timeout=20)
    connection.request(method, "/", headers={"xkey-purge": "all"})
    answer = connection.getresponse()
    return answer.read().decode(), answer


def judge_one_second(home: Path) -> None:
    """While the newer text's machine is gone, nobody gets the older one of its second, nor is it refused for ever."""
    for name, is_dated in (("a date", True), ("no date yet", False)):
        cached, second = free_port(), int(time())
        newer, older = Text(3, second if is_dated else None), Text(2, second)
        with run_machine(newer) as one, run_machine(older) as two:
            folder = home / f"second-{is_dated}"
            folder.mkdir()
            with run_varnish(folder, cached, [one, two, two]):
                said, answer = ask(cached)
                assert said == "3", said
                assert is_dated == ("Last-Modified" in answer.headers), "a date that has not come"
                newer.is_dead = True
                assert ask(cached, "PURGE")[1].status == 200
                while time() < second + REFUSED_FOR - 2:
                    assert ask(cached)[0] == "3", "an older text of the same second"
                    sleep(0.2)
                assert older.asked, "the machine that is behind was not asked"
                sleep(4)
                assert is_dated == (ask(cached)[0] == "2"), "what has another text of that second is refused for ever"
        print(f"ok      two texts of one second, the newer one with {name}: never the older after it", flush=True)
