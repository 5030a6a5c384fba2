import os
import threading
import time
from pathlib import Path

import pytest
from watchfiles._rust_notify import WatchfilesRustInternalError

from feedsvc.publishing.file_changes import EVERYTHING, NOTHING, FileChange, Watch, find_lock, is_stable
from tests.harness.folder import write_folder, write_update

NEVER = threading.Event()
NAME = "content/updates/2026-02-01-update-1.yaml"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return write_folder(tmp_path / "content", 1)


@pytest.fixture
def watch(root: Path) -> Watch:
    watch = Watch(root)
    assert watch.wait(1, NEVER) == EVERYTHING  # nothing was watched before
    assert watch.is_told
    return watch


def test_a_changed_update_is_told_by_name(watch: Watch, root: Path) -> None:
    write_update(root, 1, title="Changed")
    assert watch.wait(5, NEVER) == FileChange(frozenset({NAME}))
    assert watch.drain() == NOTHING
    watch.close()


def test_a_change_of_anything_else_asks_for_a_look_at_everything(watch: Watch, root: Path) -> None:
    (root / "files" / "new.pdf").write_bytes(b"%PDF")
    assert watch.wait(5, NEVER) == EVERYTHING
    (root / "site.yaml").touch()
    assert watch.wait(5, NEVER) == EVERYTHING


@pytest.mark.parametrize(
    "name", [".x.yaml.swp", "x.yaml~", "#x.yaml#", ".#x.yaml", "~$x.yaml", "x.yaml.tmp", "4913.swp"]
)
def test_what_editors_leave_behind_is_no_change(watch: Watch, root: Path, name: str) -> None:
    (root / "updates" / name).write_text("half a sentence")
    assert watch.wait(0.3, NEVER) == NOTHING


def test_an_atomic_rename_is_told_by_its_last_name(watch: Watch, root: Path) -> None:
    fresh = root / "updates" / ".fresh"
    fresh.write_text("title: x")
    fresh.rename(root / "updates" / "2026-02-01-update-1.yaml")
    told = watch.wait(5, NEVER)
    assert told == FileChange(frozenset({NAME}))


def test_what_changes_while_somebody_is_busy_is_found_in_the_drain(watch: Watch, root: Path) -> None:
    write_update(root, 1, title="Changed")
    deadline = time.monotonic() + 5
    while (told := watch.drain()) == NOTHING and time.monotonic() < deadline:
        pass
    assert told == FileChange(frozenset({NAME}))


def test_a_folder_that_is_renamed_away_and_back_is_watched_anew(watch: Watch, root: Path) -> None:
    away = root.with_name("away")
    root.rename(away)
    assert watch.wait(0.05, NEVER) == EVERYTHING
    assert not watch.is_told
    assert watch.wait(0.05, NEVER) == EVERYTHING
    assert watch.drain() == NOTHING
    away.rename(root)
    assert watch.wait(0.05, NEVER) == EVERYTHING
    assert watch.is_told
    write_update(root, 1, title="Changed")
    assert watch.wait(5, NEVER) == FileChange(frozenset({NAME}))


def test_a_stop_ends_the_wait(watch: Watch) -> None:
    stop = threading.Event()
    stop.set()
    began = time.monotonic()
    assert watch.wait(30, stop) == NOTHING
    assert time.monotonic() - began < 5


def test_changes_add_up() -> None:
    assert FileChange(frozenset("a")) | FileChange(frozenset("b")) == FileChange(frozenset("ab"))
    assert FileChange(frozenset("a")) | EVERYTHING == EVERYTHING


@pytest.mark.parametrize("lock", [".git/index.lock", ".hg/wlock"])
def test_version_control_at_work_above_the_folder_locks_it(root: Path, lock: str) -> None:
    path = root.parent / lock
    path.parent.mkdir()
    assert find_lock(root, time.time) is None
    path.touch()
    assert find_lock(root, time.time) is not None


def test_a_lock_that_its_program_left_behind_does_not_hold_for_ever(root: Path) -> None:
    lock = root / ".git" / "index.lock"
    lock.parent.mkdir()
    lock.touch()
    os.utime(lock, (time.time() - 61, time.time() - 61))
    assert find_lock(root, time.time) is None


def test_two_looks_that_differ_are_no_rest(root: Path) -> None:
    assert is_stable(root, NEVER)
    writer = threading.Timer(0.1, write_update, (root, 2))
    writer.start()
    assert not is_stable(root, NEVER)
    writer.join()


@pytest.mark.parametrize("kind", ["submodule", "linked tree"])
def test_a_lock_is_found_where_a_file_says_that_version_control_keeps_it(root: Path, kind: str) -> None:
    kept = root.parent / "elsewhere" / "modules" / "content"
    kept.mkdir(parents=True)
    pointer = str(kept) if kind == "linked tree" else "../elsewhere/modules/content"
    (root / ".git").write_text(f"gitdir: {pointer}\n")
    assert find_lock(root, time.time) is None
    (kept / "index.lock").touch()
    assert find_lock(root, time.time) is not None


def test_a_link_that_switches_a_mounted_volume_asks_for_a_look_at_everything(watch: Watch, root: Path) -> None:
    (root / "..data").symlink_to("updates")
    assert watch.wait(5, NEVER) == EVERYTHING
    watch.drain()
    (root / "updates" / "..data.yaml").write_text("x")
    assert watch.wait(5, NEVER) == EVERYTHING


@pytest.mark.parametrize("fault", [OSError("no more watches"), WatchfilesRustInternalError("no more instances")])
def test_where_the_system_refuses_to_tell_every_wait_ends_in_a_look(
    root: Path, monkeypatch: pytest.MonkeyPatch, fault: Exception
) -> None:
    def refuse(*_: object) -> None:
        raise fault

    monkeypatch.setattr("feedsvc.publishing.file_changes.RustNotify", refuse)
    watch = Watch(root)
    assert [watch.wait(0.01, NEVER) for _ in range(2)] == [EVERYTHING, EVERYTHING]
    assert not watch.is_told


def test_where_the_system_stops_telling_the_folder_is_looked_at(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Failing:
        def __init__(self, *_: object) -> None:
            pass

        def watch(self, *_: object) -> None:
            raise WatchfilesRustInternalError("no more watches for a new folder")

        def close(self) -> None:
            pass

    monkeypatch.setattr("feedsvc.publishing.file_changes.RustNotify", Failing)
    watch = Watch(root)
    watch.wait(0.01, NEVER)
    assert watch.is_told
    assert watch.wait(0.01, NEVER) == EVERYTHING
    assert not watch.is_told
