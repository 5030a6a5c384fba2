"""One service that all faults meet one after another, and readers who ask it all the while."""

import os
import shutil
import signal
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.faults.load import LONE, PATHS, Load, load_on, write_lone, write_stamped_folder
from tests.harness.figures import FIGURES
from tests.harness.processes import kill
from tests.harness.service import Service

UPDATES = 30
# Who may read and write everything would never meet a file that it may not read.
UNPRIVILEGED = ("setpriv", "--bounding-set", "-dac_override,-dac_read_search")


@dataclass
class Ground:
    """The service, its readers, and what has been done to it."""

    service: Service
    load: Load
    number: int = 1  # of the newest lone update
    faults: int = 0
    worker_deaths: int = 0
    spoilt: list[Path] = field(default_factory=list)

    @property
    def content(self) -> Path:
        """The content folder."""
        return self.service.content

    @property
    def updates(self) -> Path:
        """The folder of the update files."""
        return self.content / "updates"

    @property
    def lone(self) -> Path:
        """The file of the update that is written again and again."""
        return self.updates / LONE

    def post(self) -> str:
        """Write the lone update with the next number; what it says then."""
        self.number += 1
        write_lone(self.content, self.number)
        return f"lone {self.number}"

    def publish(self) -> None:
        """Write the lone update and wait until it is served."""
        self.service.wait_until_served(f"Now {self.post()} holds.")

    def restore(self, original: Path) -> None:
        """Put the updates of another folder back."""
        for path in original.iterdir():
            shutil.copy2(path, self.updates / f".{path.name}")
            (self.updates / f".{path.name}").rename(self.updates / path.name)

    def kill_worker(self, pid: int) -> None:
        """End a worker at once."""
        self.worker_deaths += 1
        kill(pid)

    def check(self) -> None:
        """No reader has met anything that it must not; only a worker's death may have cost connections."""
        figures = self.load.figures
        assert figures.wrong == []
        assert figures.errors == 0
        assert figures.dropped <= self.worker_deaths * self.load.connections

    def describe(self) -> str:
        """The figures in one line."""
        figures, log = self.load.figures, self.service.log
        return (
            f"{figures.requests} requests, {log.count('published generation')} publishes, {self.faults} faults, "
            f"{self.worker_deaths} workers killed, {figures.dropped} connections dropped by that, "
            f"{figures.errors} errors of the 5xx kind, {len(figures.wrong)} answers wrong, mixed or out of order"
        )


@pytest.fixture(scope="package")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ground]:
    content = write_stamped_folder(tmp_path_factory.mktemp("faults") / "content", UPDATES)
    with Service(content, wrapper=UNPRIVILEGED if os.geteuid() == 0 else (), is_measured=True) as service:
        with load_on(service.address) as load:
            ground = Ground(service, load)
            yield ground
        FIGURES.append(ground.describe())


@pytest.fixture
def ground(shared: Ground) -> Iterator[Ground]:
    """The shared service, whole before a fault and whole after it: every octet as a fresh build would make it."""
    shared.service.wait_until_ready()
    yield shared
    shared.faults += 1
    shared.publish()
    shared.service.wait_until_fresh()
    shared.service.wait_until("all well", lambda: shared.service.ready()["status"] == "ok")
    shared.check()


@pytest.fixture
def warm(ground: Ground) -> Ground:
    """The same, where every worker already knows the documents that readers ask for."""
    with ground.service.connected_to_every_worker() as connections:
        for connection in connections:
            for path in PATHS:
                connection.request("GET", path)
                assert connection.getresponse().read()
    return ground


def hang_up(ground: Ground) -> None:
    """Tell the publishing process to look at everything."""
    os.kill(ground.service.publisher(), signal.SIGHUP)
