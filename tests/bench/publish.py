"""How long publishing takes: ``python -m tests.bench.publish [entries ...]`` (without: 100 to 100 000).

Whole programs are measured from start to end on two cores, Hugo in turn with ours; what a long-lived publisher does is
measured inside one. Everything is a median; nothing is asserted.
"""

import http.client
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from shutil import rmtree
from tempfile import TemporaryDirectory

from feedsvc.publication.store import Store
from feedsvc.publishing.publisher import Publisher
from feedsvc.publishing.request import Outcome, Request
from feedsvc.settings import Settings, now
from tests.bench.generate import Sample, make_samples, to_yaml, write_content, write_hugo
from tests.bench.measure import (
    Spent,
    cores,
    is_there,
    median,
    pinned,
    quantile,
    ratio,
    run,
    show,
)
from tests.bench.programs import BASE_URL, OURS, surroundings
from tests.harness.service import Service

SIZES = (100, 1_000, 10_000, 100_000)
ROUNDS = {100: 5, 1_000: 5, 10_000: 3}  # of whole programs; one where there are more entries
IN_PROCESS = 15
EDITS = 100
PATIENCE = 10.0  # seconds until an edit must be visible
PAGES_ASKED = 500
WORKERS = 4

Row = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Place:
    """Where one size is measured; ``newest`` are the entries that every feed shows."""

    home: Path
    count: int
    newest: tuple[Sample, ...]

    @property
    def content(self) -> Path:
        """Our content folder."""
        return self.home / "content"

    @property
    def publication(self) -> Path:
        """Our publication."""
        return self.home / "instance" / "publication.db"

    @property
    def environment(self) -> dict[str, str]:
        """The environment of our programs."""
        return surroundings(self.content, self.publication)

    def edit(self, number: int) -> tuple[str, str, str]:
        """Give one of the newest entries a new title: its source, its path and that title."""
        sample = self.newest[number % len(self.newest)]
        title = f"Edited for the {number}th time {time.monotonic_ns()}"
        file = self.content / "updates" / f"{sample.stem}.yaml"
        file.write_text(to_yaml(sample, title), "utf-8")
        return f"content/updates/{file.name}", f"/updates/{sample.slug}/", title


def main() -> None:
    """Measure every size that the command line names."""
    sizes = [int(text) for text in sys.argv[1:]] or list(SIZES)
    with_hugo = is_there("hugo", "its rows")
    work: dict[int, float] = {}
    for count in sizes:
        with TemporaryDirectory(prefix="feedsvc-bench-") as scratch:
            place = Place(Path(scratch), count, tuple(make_samples(count))[-20:])
            write_content(place.content, count)
            show(
                f"{count} entries, whole programs on two cores (seconds, medians)",
                ("", "wall", "CPU", "peak MB", "of Hugo"),
                measure_programs(place, with_hugo=with_hugo),
            )
            rows, work[count] = measure_publisher(place)
            show(f"{count} entries, a long-lived publisher (milliseconds)", ("", "median", "worst"), rows)
            show(f"{count} entries, the service", ("", "p50", "p99"), measure_service(place))
    if len(work) > 1:
        few, many = min(work), max(work)
        print(
            f"\nOne changed entry among {many}, as a multiple of the same among {few}: {ratio(work[many], work[few])}"
        )


def measure_programs(place: Place, *, with_hugo: bool) -> list[Row]:
    """A cold publish and Hugo's full build in turn, then starts with nothing to do."""
    both = pinned(*cores())
    ours = [*both, *OURS, "publish"]
    hugo_site, hugo_target = place.home / "hugo", place.home / "built"
    if with_hugo:
        write_hugo(hugo_site, place.count)
    cold: list[Spent] = []
    theirs: list[Spent] = []
    for _ in range(ROUNDS.get(place.count, 1)):
        rmtree(place.publication.parent, ignore_errors=True)
        cold.append(run(ours, place.environment))
        if with_hugo:
            rmtree(hugo_target, ignore_errors=True)
            command = ["hugo", "--quiet", "--source", str(hugo_site), "--destination", str(hugo_target)]
            theirs.append(run([*both, *command]))
    again = [run(ours, place.environment) for _ in range(ROUNDS.get(place.count, 1))]
    idle = [run([*both, *OURS, "--version"]) for _ in range(3)]
    against = median([spent.wall for spent in theirs]) if theirs else 0.0
    rows = [_row("cold publish", cold, against)]
    if theirs:
        rows.append(_row("Hugo, full build", theirs, against))
    return [*rows, _row("publish with nothing to do", again, 0.0), _row("(our program alone)", idle, 0.0)]


def measure_publisher(place: Place) -> tuple[list[Row], float]:
    """Warm start, nothing to do, one changed entry; and the median of the last, in milliseconds."""
    settings = Settings(content=place.content, publication=place.publication, base_url=BASE_URL)
    warm = []
    for _ in range(IN_PROCESS):
        began = time.perf_counter()
        with _publisher(settings) as publisher:
            publisher.publish(now())
            warm.append(time.perf_counter() - began)
    with _publisher(settings) as publisher:
        publisher.publish(now())
        idle = [_seconds(publisher.publish) for _ in range(IN_PROCESS)]
        told, looking = [], []
        for number in range(IN_PROCESS):
            name, _, _ = place.edit(number)
            told.append(_seconds(partial(publisher.publish, request=Request(names=[name]))))
            place.edit(number + IN_PROCESS)
            looking.append(_seconds(publisher.publish))
    rows = [
        _times("warm start: open, recall, look", warm),
        _times("nothing to do: look at all", idle),
        _times("one changed entry, look at all", looking),
        _times("one changed entry, told which", told),
    ]
    return rows, median(told) * 1000


def measure_service(place: Place) -> list[Row]:
    """Saved to visible, and what a worker holds after answering for feeds and many pages."""
    with (
        Service(place.content, workers=WORKERS, wrapper=pinned(*cores()), FEEDSVC_BASE_URL=BASE_URL) as service,
        service.connected_to_every_worker() as connections,
    ):
        for connection in connections:
            for sample in make_samples(min(place.count, PAGES_ASKED)):
                _get(connection, f"/updates/{sample.slug}/")
            for path in ("/", "/rss.xml", "/atom.xml", "/feed.json", "/covid/", "/covid/atom.xml"):
                _get(connection, path)
        memory = max(_resident_mb(pid) for pid in service.workers())
        service.publisher()
        _saved_to_visible(place, connections, EDITS)  # then it is through with its first look at everything
        waits = [_saved_to_visible(place, connections, number) for number in range(EDITS)]
    seen = [wait for wait in waits if wait is not None]
    rows: list[Row] = [
        (
            f"saved to visible in the last of {WORKERS} workers (ms)",
            f"{median(seen) * 1000:.1f}",
            f"{quantile(seen, 0.99) * 1000:.1f}",
        ),
        ("the largest worker's memory (MB)", f"{memory:.1f}", ""),
    ]
    if len(seen) < len(waits):
        rows.append((f"edits not seen within {PATIENCE:.0f} s", str(len(waits) - len(seen)), ""))
    return rows


@contextmanager
def _publisher(settings: Settings) -> Iterator[Publisher]:
    store = Store(settings.publication)
    try:
        yield Publisher(settings, store)
    finally:
        store.close()


def _saved_to_visible(place: Place, connections: Sequence[http.client.HTTPConnection], number: int) -> float | None:
    """Seconds from closing the file until the service shows the new title on every connection; None if it does not."""
    _, path, title = place.edit(number)
    began = time.perf_counter()
    wanted = title.encode()
    while (passed := time.perf_counter() - began) < PATIENCE:
        if all(wanted in _get(connection, path) for connection in connections):
            return passed
        time.sleep(0.001)
    return None


def _get(connection: http.client.HTTPConnection, path: str) -> bytes:
    connection.request("GET", path)
    return connection.getresponse().read()


def _seconds(publish: Callable[[datetime], Outcome]) -> float:
    began = time.perf_counter()
    publish(now())
    return time.perf_counter() - began


def _row(name: str, spent: list[Spent], against: float) -> Row:
    wall = median([one.wall for one in spent])
    cpu = median([one.cpu for one in spent])
    return name, f"{wall:.2f}", f"{cpu:.2f}", f"{max(one.peak_mb for one in spent):.0f}", ratio(wall, against)


def _times(name: str, seconds: list[float]) -> Row:
    return name, f"{median(seconds) * 1000:.1f}", f"{max(seconds) * 1000:.1f}"


def _resident_mb(pid: int) -> float:
    lines = Path(f"/proc/{pid}/status").read_text("utf-8").splitlines()
    return next((int(line.split()[1]) / 1024 for line in lines if line.startswith("VmRSS:")), 0.0)


if __name__ == "__main__":
    main()
