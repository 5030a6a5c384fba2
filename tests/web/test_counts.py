import os
import subprocess
import sys
from multiprocessing import get_context
from pathlib import Path

import pytest

from feedsvc.kinds import KINDS
from feedsvc.web.counts import ROWS, SIZE, STATUSES, add_up, cell, take_counts


def count_feeds(folder: Path, times: int) -> None:
    counts = take_counts(folder)
    for _ in range(times):
        counts[cell("feed", "200 OK")] += 1


def test_every_kind_and_status_has_a_cell_of_its_own() -> None:
    cells = {cell(kind, f"{status} X") for kind in ROWS for status in (*STATUSES, 418)}
    assert cells == set(range(SIZE // 8))
    assert cell("feed", "418 I'm a teapot") == cell("feed", "507 Insufficient Storage")


def test_an_upgrade_keeps_each_place_in_the_file() -> None:
    """Files of an earlier release are taken over as they are."""
    assert ROWS[:9] == ("feed", "page", "update", "asset", "attachment", "icon", "opml", "error", "other")
    assert set(ROWS) == {kind.name for kind in KINDS} | {"other"}


def test_the_counts_of_all_processes_add_up(tmp_path: Path) -> None:
    children = [get_context("spawn").Process(target=count_feeds, args=(tmp_path, times)) for times in (100, 20)]
    mine = take_counts(tmp_path)
    mine[cell("page", "304 Not Modified")] += 3
    for child in children:
        child.start()
    for child in children:
        child.join(60)
    assert add_up(tmp_path) == {("feed", 200): 120, ("page", 304): 3}


def test_the_file_of_a_process_that_died_is_taken_over_and_loses_nothing(tmp_path: Path) -> None:
    for _ in range(3):
        counts = take_counts(tmp_path)
        counts[cell("feed", "200 OK")] += 1
        del counts
    assert len(list(tmp_path.iterdir())) == 1
    assert add_up(tmp_path) == {("feed", 200): 3}


def test_two_processes_never_share_a_file(tmp_path: Path) -> None:
    first, second = take_counts(tmp_path), take_counts(tmp_path)
    first[0], second[0] = 1, 2
    assert len(list(tmp_path.iterdir())) == 2


def test_a_service_that_cannot_count_still_serves(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    counts = take_counts(tmp_path / "file" / "counts")
    counts[0] += 1
    assert add_up(tmp_path / "file" / "counts") == {}


def test_when_all_files_are_taken_it_counts_for_itself(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("feedsvc.web.counts.FILES_AT_MOST", 1)
    first, second = take_counts(tmp_path), take_counts(tmp_path)
    second[0] += 1
    assert add_up(tmp_path) == {}
    first[0] += 1
    assert add_up(tmp_path).total() == 1
    assert [path.name for path in tmp_path.iterdir()] == ["0"]


NAMESPACE = ("unshare", "--user", "--map-root-user", "--mount")
ON_A_FULL_DISK = """
import subprocess, sys
from pathlib import Path
from feedsvc.web.counts import add_up, cell, take_counts
disk = Path(sys.argv[1])
subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", disk], check=True)
ballast = disk / "ballast"
try:
    with ballast.open("wb", buffering=0) as file:
        while True:
            file.write(bytes(4096))
except OSError:
    pass
full = take_counts(disk / "counts")
full[cell("feed", "200 OK")] += 1
assert add_up(disk / "counts") == {}
ballast.unlink()
roomy = take_counts(disk / "counts")
roomy[cell("feed", "200 OK")] += 1
assert add_up(disk / "counts") == {("feed", 200): 1}
"""


@pytest.mark.skipif(
    os.spawnvp(os.P_WAIT, NAMESPACE[0], [*NAMESPACE, "true"]) != 0,
    reason="this system does not let its users make namespaces",
)
def test_on_a_full_disk_a_process_counts_for_itself_and_lives(tmp_path: Path) -> None:
    """Counting in memory for which there is no room on the disk would end it with SIGBUS."""
    command = [*NAMESPACE, sys.executable, "-c", ON_A_FULL_DISK, str(tmp_path)]
    assert subprocess.run(command, check=False).returncode == 0
