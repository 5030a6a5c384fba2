"""A million requests and a thousand publishes through one running service: run as ``python -m tests.soak.soak``.

One reader asks all workers in turn and checks the order of all he gets. What each process holds, and how large the
publication is on disk, is looked at all the while; at the end nothing of it may have grown with the work done.
"""

import argparse
import random
import socket
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import linear_regression
from tempfile import TemporaryDirectory

from feedsvc.publishing.journal import LIMITS
from tests.faults.load import PATHS, STAMP, write_lone, write_stamped, write_stamped_folder
from tests.harness.service import Service

UPDATES = 100
SAMPLES = 200
FILLINGS = 2 * LIMITS.remembered // UPDATES
SETTLED = 0.3  # of the run, after which memory and disk must have found their size
GROWTH_AT_MOST = 2 * 1024  # KiB over the rest of the run, for each process
DISK_AT_MOST = 1.5  # times what it was when it had settled


class Connection:
    """One kept connection, over which requests go as octets made once."""

    def __init__(self, raw: socket.socket) -> None:
        self._raw = raw
        self._input = raw.makefile("rb")

    def ask(self, request: bytes) -> tuple[int, bytes]:
        """Status and body."""
        self._raw.sendall(request)
        status = int(self._input.readline().split()[1])
        length = 0
        while (line := self._input.readline()) not in (b"\r\n", b""):
            name, _, value = line.partition(b":")
            if name.lower() == b"content-length":
                length = int(value)
        return status, self._input.read(length)

    def close(self) -> None:
        """Let go of it."""
        self._input.close()
        self._raw.close()


@dataclass(frozen=True, slots=True)
class Sample:
    """What one process held after so many requests."""

    requests: int
    private: int  # KiB
    descriptors: int


@dataclass
class Diary:
    """Samples of every process by its name, and of the disk."""

    processes: dict[str, list[Sample]] = field(default_factory=dict)
    disk: list[int] = field(default_factory=list)  # KiB of the publication and its log

    def note(self, service: Service, names: dict[int, str], requests: int) -> None:
        """Take a sample of everything."""
        for pid, name in names.items():
            rows = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
            private = sum(
                int(row.split()[1]) for row in rows if row.startswith("Private_Dirty")
            )  # its own, not libraries
            descriptors = len(list(Path(f"/proc/{pid}/fd").iterdir()))
            self.processes.setdefault(name, []).append(Sample(requests, private, descriptors))
        parts = [service.publication.with_name(service.publication.name + suffix) for suffix in ("", "-wal")]
        self.disk.append(sum(part.stat().st_size for part in parts if part.exists()) // 1024)

    def judge(self) -> Iterator[str]:
        """What has grown; each process is printed with its figures."""
        for name, samples in self.processes.items():
            settled = samples[int(len(samples) * SETTLED) :]
            slope = linear_regression([one.requests for one in settled], [one.private for one in settled]).slope
            growth = slope * (settled[-1].requests - settled[0].requests)
            descriptors = {one.descriptors for one in settled}
            course = " ".join(str(one.private) for one in samples[:: max(1, len(samples) // 10)])
            print(
                f"{name}: {course} {samples[-1].private} KiB private, at last "
                f"{slope * 1e6:+.0f} KiB per million requests, {min(descriptors)} to {max(descriptors)} files open"
            )
            if growth > GROWTH_AT_MOST:
                yield f"{name} grew by {growth:.0f} KiB"
            if settled[-1].descriptors > settled[0].descriptors + 1:
                yield f"{name} keeps more and more descriptors"
        settled_disk = self.disk[int(len(self.disk) * SETTLED) :]
        print(f"publication: {settled_disk[0]} KiB to {settled_disk[-1]} KiB on disk, {max(settled_disk)} KiB at most")
        if max(settled_disk) > DISK_AT_MOST * settled_disk[0]:
            yield "the publication grows"


@dataclass
class Reader:
    """One who asks all workers in turn, and what he got."""

    connections: Sequence[Connection]
    requests: int = 0
    errors: int = 0
    steps_back: int = 0
    newest: int = 0

    def ask(self) -> None:
        """The next document from the next worker, which must not be older than any before it."""
        path = PATHS[self.requests % len(PATHS)]
        connection = self.connections[self.requests % len(self.connections)]
        status, body = connection.ask(f"GET {path} HTTP/1.1\r\nHost: news.example.org\r\n\r\n".encode())
        self.requests += 1
        numbers = {int(digits) for kind, digits in STAMP.findall(body) if kind == b"lone"}
        self.errors += status != 200 or len(numbers) != 1
        self.steps_back += any(number < self.newest for number in numbers)
        self.newest = max(self.newest, *numbers)


@contextmanager
def reading(service: Service) -> Iterator[Reader]:
    """A reader with a connection to every worker."""
    with service.connected_to_every_worker() as made:
        connections = [Connection(one.sock) for one in made]
        yield Reader(connections)
        for connection in connections:
            connection.close()


def disturb(content: Path, number: int, chance: random.Random) -> None:
    """One publish: the lone update says the next number, and another one becomes longer or shorter."""
    position = chance.randint(1, UPDATES)
    title = f"Bulk update {position} {'is longer now ' * chance.randint(0, 5)}"
    write_stamped(content, f"2026-02-01-bulk-{position}.yaml", "bulk 1", title.strip())
    write_lone(content, number)


def fill_caches(service: Service, reader: Reader) -> int:
    """Change every update so often that the publishing process remembers no more after it; the next lone number."""
    for number in range(2, FILLINGS + 2):
        for position in range(1, UPDATES + 1):
            name, title = f"2026-02-01-bulk-{position}.yaml", f"Bulk update {position}, filling {number}"
            write_stamped(service.content, name, "bulk 1", title)
        write_lone(service.content, number)
        while reader.newest < number:
            reader.ask()
    return FILLINGS + 2


def soak(content: Path, requests: int, publishes: int) -> list[str]:
    """What was wrong, after so many requests and publishes; the figures are printed."""
    chance, diary, began = random.Random(7), Diary(), time.monotonic()
    with Service(content) as service, reading(service) as reader:
        names = {pid: f"worker {number}" for number, pid in enumerate(service.workers(), 1)}
        names[service.publisher()] = "publisher"
        first = fill_caches(service, reader)
        filled = reader.requests
        for done in range(1, publishes + 1):
            disturb(content, first - 1 + done, chance)
            while reader.newest < first - 1 + done or reader.requests - filled < requests * done / publishes:
                reader.ask()
            if done % max(1, publishes // SAMPLES) == 0:
                diary.note(service, names, reader.requests)
        published = service.log.count("published generation")
        complaints = list(diary.judge())
        is_same = {*service.workers(), *service.publishers()} == set(names)
    print(
        f"{reader.requests} requests, {published} publishes, {reader.errors} errors, {reader.steps_back} steps back, "
        f"{time.monotonic() - began:.0f} seconds"
    )
    if reader.errors or reader.steps_back or not is_same or "Traceback" in service.log:
        complaints.append("answers were wrong, or a process ended")
    return complaints


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--requests", type=int, default=1_000_000)
    parser.add_argument("--publishes", type=int, default=1_000)
    given = parser.parse_args()
    with TemporaryDirectory() as folder:
        content = write_stamped_folder(Path(folder) / "content", UPDATES)
        complaints = soak(content, given.requests, given.publishes)
    for complaint in complaints:
        print(complaint, file=sys.stderr)
    sys.exit(bool(complaints))


if __name__ == "__main__":
    main()
