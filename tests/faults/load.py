"""Readers who ask one after another all the while, and notice what no reader may ever see.

The content carries numbers: ``lone 17`` in one update, and ``bulk 3`` in every other one. Each document that is asked
for shows both, so a body tells which generation it was made from: two ``bulk`` numbers in one body are a mixture, and a
number smaller than one seen before is a step back in time.
"""

import http.client
import re
import select
import socket
import threading
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

from tests.harness.folder import write_folder

STAMP = re.compile(rb"\b(lone|bulk) (\d+)")
PATHS = ("/rss.xml", "/covid/atom.xml", "/feed.json", "/", "/covid/")
PAUSE = 0.01  # seconds between two requests of a reader, which leaves the machine to those who are tested
KEPT = 6  # connections of a reader who keeps them: more than there are workers
TIMEOUT = 30.0  # seconds without an answer that count as a failure
LONE = "2026-03-01-lone.yaml"


def write_stamped(root: Path, name: str, stamp: str, title: str = "Update", day: str = "2026-02-01") -> None:
    """An update that says ``stamp`` in its summary, put in place at once, as good editors do."""
    fresh = root / "updates" / f".{name}.fresh"
    fresh.write_text(
        f"title: {title}\npublished: {day} 09:00\ncategories: [covid, pay]\nsummary: Now {stamp} holds.\n"
        f"body: |\n  This is {stamp}.\n"
    )
    fresh.rename(root / "updates" / name)


def write_lone(root: Path, number: int) -> None:
    """The update of which there is one."""
    write_stamped(root, LONE, f"lone {number}", "Lone", "2026-03-01")


def write_bulk(root: Path, number: int, many: int) -> None:
    """All other updates."""
    for position in range(1, many + 1):
        write_stamped(root, f"2026-02-01-bulk-{position}.yaml", f"bulk {number}", f"Bulk update {position}")


def write_stamped_folder(root: Path, many: int) -> Path:
    """A content folder whose every update is stamped with 1."""
    write_folder(root)
    write_bulk(root, 1, many)
    write_lone(root, 1)
    return root


@dataclass
class Figures:
    """What readers met."""

    statuses: Counter[int] = field(default_factory=Counter)
    dropped: int = 0  # connections that broke before an answer: what the death of a worker may cost
    wrong: list[str] = field(default_factory=list)

    @property
    def requests(self) -> int:
        """Answers in all."""
        return self.statuses.total()

    @property
    def errors(self) -> int:
        """Answers of the 5xx kind."""
        return sum(number for status, number in self.statuses.items() if status >= 500)


class Load:
    """Some readers at once. Half keep their connections and use them in turn, half take a new one each time."""

    def __init__(self, address: tuple[str, int], readers: int = 4) -> None:
        self.figures = Figures()
        self._lock = threading.Lock()
        self._stop = threading.Event()
        self._address = address
        kept = [KEPT if number % 2 else 0 for number in range(readers)]
        self.connections = sum(kept) + readers  # at most open at a time
        self._threads = [threading.Thread(target=self._read, args=[number]) for number in kept]

    def start(self) -> None:
        """Let the readers begin."""
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """Let every reader finish."""
        self._stop.set()
        for thread in self._threads:
            thread.join(2 * TIMEOUT)

    def _read(self, kept: int) -> None:
        reader = Reader(self._address, [None] * kept)
        for number in count():
            if self._stop.wait(PAUSE):
                break
            path = PATHS[number % len(PATHS)]
            try:
                status, wrong = reader.ask(path, number)
            except (ConnectionResetError, BrokenPipeError, http.client.RemoteDisconnected, http.client.IncompleteRead):
                with self._lock:
                    self.figures.dropped += 1
            except OSError as fault:
                with self._lock:
                    self.figures.wrong.append(f"{path}: {fault!r}")
            else:
                with self._lock:
                    self.figures.statuses[status] += 1
                    self.figures.wrong += [f"{path}: {what}" for what in wrong]
        reader.close()


class Reader:
    """One who asks again only after the last answer, and remembers what it said.

    ``kept`` connections are used in turn, and opened when they are None; without any, each request has its own.
    ``newest`` are the largest numbers seen.
    """

    def __init__(self, address: tuple[str, int], kept: Sequence[http.client.HTTPConnection | None]) -> None:
        self._address = address
        self._kept = list(kept)
        self.newest: dict[bytes, int] = {}
        self._had: dict[str, tuple[str, dict[bytes, int]]] = {}

    def close(self) -> None:
        """Let go of every connection."""
        for connection in self._kept:
            if connection is not None:
                connection.close()

    def ask(self, path: str, number: int) -> tuple[int, list[str]]:
        """The status, and what is wrong with the answer. A broken connection is not used again."""
        place = number % len(self._kept) if self._kept else None
        connection = None if place is None else self._kept[place]
        if connection is not None and is_over(connection):
            connection.close()
            connection = None
        if connection is None:
            connection = http.client.HTTPConnection(*self._address, timeout=TIMEOUT)
        if place is not None:
            self._kept[place] = None
        is_kept = False
        try:
            had = self._had.get(path) if number % 3 == 0 else None
            connection.request("GET", path, headers={} if had is None else {"If-None-Match": had[0]})
            answer = connection.getresponse()
            body = answer.read()
            is_kept = place is not None and not answer.will_close
        finally:
            if place is not None and is_kept:
                self._kept[place] = connection
            else:
                connection.close()
        return answer.status, list(self._judge(path, answer, body, had))

    def _judge(
        self,
        path: str,
        answer: http.client.HTTPResponse,
        body: bytes,
        had: tuple[str, dict[bytes, int]] | None,
    ) -> Iterator[str]:
        if answer.status == 304 and had is not None:
            stamps = had[1]
        elif answer.status == 200:
            stamps = {}
            for kind, digits in STAMP.findall(body):
                if stamps.setdefault(kind, int(digits)) != int(digits):
                    yield f"a mixture of {kind.decode()} {stamps[kind]} and {int(digits)}"
            if not stamps:
                yield f"no number in it: {body[:200]!r}"
            self._had[path] = (answer.headers["ETag"], stamps)
        else:
            yield f"{answer.status}: {body[:200]!r}"
            return
        for kind, number in stamps.items():
            if number < self.newest.get(kind, 0):
                yield f"back from {kind.decode()} {self.newest[kind]} to {number}"
            self.newest[kind] = max(number, self.newest.get(kind, 0))


def is_over(connection: http.client.HTTPConnection) -> bool:
    """Whether the server has ended it by now, as it may while nobody asks; every client looks before it asks again."""
    if not select.select([connection.sock], [], [], 0)[0]:
        return False
    try:
        return not connection.sock.recv(1, socket.MSG_PEEK)
    except ConnectionError:
        return True


@contextmanager
def load_on(address: tuple[str, int], readers: int = 4) -> Iterator[Load]:
    """Readers at work until the end of the block."""
    load = Load(address, readers)
    load.start()
    try:
        yield load
    finally:
        load.stop()
