"""Clients that ask by date alone, as curl and wget do, are given whatever moves a feed, and nothing else."""

import subprocess
import time
from collections.abc import Callable, Iterator
from email.utils import parsedate_to_datetime
from pathlib import Path

import pytest

from tests.harness.folder import write_folder, write_update
from tests.harness.judges import find_program
from tests.harness.program import PATIENCE
from tests.harness.service import Service

FEED = "/covid/rss.xml"
CHANGES: dict[str, Callable[[Path], object]] = {
    "a corrected text": lambda root: write_update(root, 2, body="The meeting is in room 6C."),
    "an update dated before the newest": lambda root: write_update(root, 9, published="2026-01-07 09:00"),
    "a withdrawn update": lambda root: (root / "updates" / "2026-02-01-update-3.yaml").unlink(),
}


@pytest.fixture(scope="module")
def content(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_folder(tmp_path_factory.mktemp("dates") / "content", 4)


@pytest.fixture(scope="module")
def service(content: Path) -> Iterator[Service]:
    with Service(content, workers=1) as service:
        yield service


class Copy:
    """A client's copy of the feed, kept by its date alone; ``renew`` tells whether it was given another one."""

    def __init__(self, path: Path, *command: str) -> None:
        self.path = path
        self.command = command

    def renew(self) -> bool:
        before = self.path.read_bytes() if self.path.exists() else None
        done = subprocess.run(self.command, capture_output=True, text=True, timeout=PATIENCE, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
        return self.path.read_bytes() != before


@pytest.fixture
def copies(service: Service, tmp_path: Path) -> list[Copy]:
    """Curl compares with the time of its copy, which it sets to the Last-Modified; wget does so by itself."""
    curl, wget = find_program("curl", package="curl"), find_program("wget", package="wget")
    url, copy = f"http://127.0.0.1:{service.port}{FEED}", tmp_path / "curl.xml"
    options = ("--silent", "--fail", "--remote-time", "--time-cond", str(copy), "--output", str(copy))
    folder = tmp_path / "wget"
    return [
        Copy(copy, curl, *options, url),
        Copy(folder / "rss.xml", wget, "--quiet", "--timestamping", f"--directory-prefix={folder}", url),
    ]


def wait_until_dated(service: Service, since: str = "") -> str:
    """The feed's Last-Modified, once it is another one than ``since`` and is told."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        date = service.get(FEED)[1].get("Last-Modified", since)
        if date != since:
            return date
    raise AssertionError("the feed is told no new date")


@pytest.mark.parametrize("change", CHANGES)
def test_who_asks_by_date_misses_nothing(change: str, copies: list[Copy], service: Service, content: Path) -> None:
    date = wait_until_dated(service)
    assert [copy.renew() for copy in copies] == [True, True]
    assert [copy.renew() for copy in copies] == [False, False]
    modified = parsedate_to_datetime(date).timestamp()
    assert {copy.path.stat().st_mtime for copy in copies} == {modified}
    CHANGES[change](content)
    wait_until_dated(service, date)
    assert [copy.renew() for copy in copies] == [True, True]


def test_a_date_that_nobody_was_told_yet_keeps_no_client_from_new_bytes(service: Service, content: Path) -> None:
    """In the second of a commit there may be another one: whoever asks then is given what there is."""
    date = wait_until_dated(service)
    for number in range(3):
        generation = service.ready()["generation"]
        write_update(content, 1, body=f"Correction {number}.")
        service.wait_for_log(f"published generation {generation + 1}:")
        status, _, body = service.get(FEED, **{"If-Modified-Since": date})
        assert status == 200
        assert f"Correction {number}." in body.decode()
