import logging
import re
import shutil
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import feedparser
import pytest

from feedsvc.content.folder import UnsettledError
from feedsvc.errors import ContentError
from feedsvc.publication.condition import is_at_work
from feedsvc.publication.database import StoreError
from feedsvc.publication.reader import Reader
from feedsvc.publication.state import State
from feedsvc.publication.status import Publishing, read_status, status_path
from feedsvc.publication.store import Store
from feedsvc.publishing.publisher import Publisher
from feedsvc.publishing.request import Outcome
from feedsvc.publishing.timings import Timings
from feedsvc.publishing.watcher import Watcher
from feedsvc.settings import Settings
from tests.harness.folder import write_folder, write_update

PATIENCE = 60.0


class Service:
    """A watcher at work in a thread, over a small content folder, with a clock that can be moved."""

    def __init__(self, folder: Path) -> None:
        self.root = write_folder(folder / "content", 3)
        self.publication = folder / "instance" / "publication.db"
        self.ahead = 0.0
        self.is_wanted = True
        self.timings = Timings(retry=(0.05,))
        self.wait_less()

    def wait_less(self, **timings: Any) -> None:
        """Start with these timings in place of the usual ones."""
        self.timings = replace(self.timings, **timings)
        settings = Settings(content=self.root, publication=self.publication)
        clock, is_wanted = (lambda: time.time() + self.ahead), (lambda: self.is_wanted)
        self.watcher = Watcher(settings, clock, is_wanted, self.timings)
        self.thread = threading.Thread(target=self.watcher.run)

    def start(self) -> None:
        self.thread.start()
        self.until(lambda: len(self.titles()) == 4)  # three updates and the standing entry

    def titles(self, feed: str = "/rss.xml") -> list[str]:
        try:
            reader = Reader(self.publication)
        except StoreError:
            return []
        try:
            stored = reader.read(feed)[1]
        except StoreError:
            return []
        finally:
            reader.close()
        return [entry.title for entry in feedparser.parse(stored.variants.identity).entries] if stored else []

    def state(self) -> State:
        reader = Reader(self.publication)
        try:
            return reader.state()[1]
        finally:
            reader.close()

    def told(self) -> Publishing:
        return read_status(self.publication, Publishing) or Publishing()

    def until(self, holds: Callable[[], bool]) -> None:
        deadline = time.monotonic() + PATIENCE
        while not holds():
            assert time.monotonic() < deadline, "it never came true"
            time.sleep(0.01)

    def until_newest(self, title: str) -> None:
        self.until(lambda: self.titles()[:1] == [title])


@pytest.fixture
def service(tmp_path: Path) -> Iterator[Service]:
    service = Service(tmp_path)
    yield service
    service.watcher.stop()
    if service.thread.ident is not None:
        service.thread.join(PATIENCE)
    assert not service.thread.is_alive()


def test_a_new_update_is_published_without_being_asked(service: Service) -> None:
    service.start()
    write_update(service.root, 9, title="Just in")
    service.until_newest("Just in")


@pytest.mark.parametrize("data", [b"", b"\0\xff\n<<<<<<< ours\r\n", None], ids=["empty", "rubbish", "a folder"])
def test_no_ledger_keeps_the_content_from_being_published(
    service: Service, caplog: pytest.LogCaptureFixture, data: bytes | None
) -> None:
    service.start()
    ledger = service.root / "ledger.txt"
    if data is None:
        ledger.mkdir()
    else:
        ledger.write_bytes(data)
    service.watcher.look_again()
    write_update(service.root, 9, title="Just in")
    service.until_newest("Just in")
    assert "not published" not in caplog.text
    assert data is None or ledger.read_bytes() == data


def test_who_watches_the_service_is_told_how_publishing_goes(service: Service) -> None:
    service.start()
    write_update(service.root, 9, title="Just in")
    service.until(lambda: service.told().counts["published"] == 2)
    assert service.told().seconds > 0
    for number in (1, 2, 3):
        (service.root / "updates" / f"2026-02-01-update-{number}.yaml").unlink()
    service.until(lambda: (service.told().cause, service.told().counts["held"]) == ("change-held", 1))


def test_what_never_comes_to_rest_keeps_nothing_else_from_being_published(service: Service) -> None:
    service.wait_less(restless=0.2)
    service.start()
    stop = threading.Event()

    def write() -> None:
        while not stop.wait(0.0005):
            (service.root / "files" / "log.txt").write_text(str(time.monotonic_ns()))

    writer = threading.Thread(target=write)
    writer.start()
    try:
        write_update(service.root, 9, title="Beside it")
        service.until_newest("Beside it")
    finally:
        stop.set()
        writer.join()


def test_what_only_this_program_is_to_blame_for_is_said_once_with_its_traceback(
    service: Service, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    service.start()

    def fail(_store: Store) -> int:
        raise KeyError("bug")

    with monkeypatch.context() as patch:
        patch.setattr(Store, "generation", fail)
        write_update(service.root, 9, title="After the bug")
        service.until(lambda: "not published: KeyError: 'bug'" in caplog.text)
        time.sleep(0.3)  # it is tried again meanwhile
    service.until_newest("After the bug")
    assert caplog.text.count("Traceback") == 1


def test_a_scheduled_update_appears_at_its_time_without_an_edit(service: Service) -> None:
    write_update(service.root, 9, title="Due", published="2126-01-01 09:00")
    service.start()
    due = service.state().next_change or 0
    service.ahead = due - 0.2 - time.time()
    service.watcher.look_again()
    service.until_newest("Due")
    assert time.time() + service.ahead >= due


def test_a_bad_file_is_said_once_and_its_repair_too(service: Service, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    service.start()
    path = write_update(service.root, 3, title="COVID: broken")
    service.until(lambda: "held back" in caplog.text)
    write_update(service.root, 4, title="Meanwhile")
    service.until_newest("Meanwhile")
    assert caplog.text.count("held back") == 1
    write_update(service.root, 3, title="Mended")
    service.until(lambda: "mended: content/updates/2026-02-01-update-3.yaml" in caplog.text)
    assert path.exists()


def test_a_folder_that_goes_away_changes_nothing_and_its_return_heals(
    service: Service, caplog: pytest.LogCaptureFixture
) -> None:
    service.start()
    away = service.root.with_name("away")
    service.root.rename(away)
    service.until(lambda: "not published" in caplog.text)
    assert len(service.titles()) == 4
    away.rename(service.root)
    write_update(service.root, 9, title="Back again")
    service.until_newest("Back again")


def test_a_change_that_takes_most_away_is_held_until_it_is_confirmed(
    service: Service, caplog: pytest.LogCaptureFixture
) -> None:
    service.start()
    for number in (1, 2):
        (service.root / "updates" / f"2026-02-01-update-{number}.yaml").unlink()
    service.until(lambda: "2 of 3 updates would vanish" in caplog.text)
    service.until(lambda: service.told().cause == "change-held")
    assert len(service.titles()) == 4
    (service.root / "confirm-removal").touch()
    service.until(lambda: len(service.titles()) == 2)
    service.until(lambda: service.told().cause == "")


def test_a_change_that_takes_most_away_is_done_once_it_has_been_stable(service: Service) -> None:
    service.wait_less(hold=1)
    service.start()
    shutil.rmtree(service.root / "updates")
    (service.root / "updates").mkdir()
    service.until(lambda: service.titles() == ["About this feed: Local 7 Updates"])


def test_while_version_control_is_at_work_nothing_is_published(service: Service) -> None:
    service.start()
    lock = service.root / ".git" / "index.lock"
    lock.parent.mkdir()
    lock.touch()
    write_update(service.root, 9, title="In a checkout")
    time.sleep(0.3)  # what must not happen has to be given its time
    assert "In a checkout" not in service.titles()
    lock.unlink()
    service.until_newest("In a checkout")


def test_what_a_publish_waits_for_is_said_once_it_takes_long(
    service: Service, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    service.wait_less(told=0.2)
    service.start()
    enough = threading.Event()

    def write() -> None:
        while not enough.is_set():
            write_update(service.root, 9, title="Never done")

    writer = threading.Thread(target=write)
    writer.start()
    try:
        service.until(lambda: service.told().cause == "content-unsettled")
    finally:
        enough.set()
        writer.join()
    service.until(lambda: service.told().cause == "")
    said = re.findall("whoever writes there must pause|publishing goes on", caplog.text)
    waits, ends = said[::2], said[1::2]  # one wait, but where the system kept the writer from writing for a while
    assert waits == ["whoever writes there must pause"] * len(ends)
    assert ends == ["publishing goes on"] * max(1, len(waits))


def test_a_process_that_takes_the_place_of_another_does_not_repeat_it(
    service: Service, caplog: pytest.LogCaptureFixture
) -> None:
    """Whoever publishes before the first request says it, and the process that stays need not."""
    settings = Settings(content=service.root, publication=service.publication)
    Watcher(settings, time.time).run_once()
    write_update(service.root, 9, categories="[covd]")
    Watcher(settings, time.time).run_once()
    assert caplog.text.count("held back: content/updates/2026-02-01-update-9.yaml") == 1
    away = service.root.with_name("away")
    service.root.rename(away)
    Watcher(settings, time.time).run_once()
    assert caplog.text.count("not published: ") == 1
    service.thread.start()
    service.until(lambda: service.told().counts["failed"] > 1)
    away.rename(service.root)
    service.until(lambda: service.told().cause == "")
    assert caplog.text.count("not published: ") == 1
    assert caplog.text.count("held back: content/updates/2026-02-01-update-9.yaml") == 1


def test_a_publish_that_takes_long_says_so_once(service: Service, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    service.wait_less(slow=-1.0)
    service.start()
    service.until(lambda: "publishing goes on" in caplog.text)
    assert caplog.text.count("what was saved is not published yet; there is much to do") == 1


def _bar(path: Path) -> bool:
    """Put a folder in the place of a file that is written again and again; whether it is there."""
    path.unlink(missing_ok=True)
    with suppress(FileExistsError):
        path.mkdir()
    return path.is_dir()


def test_a_process_that_nobody_can_hear_of_says_so_once(service: Service, caplog: pytest.LogCaptureFixture) -> None:
    service.start()
    service.until(partial(_bar, status_path(service.publication)))
    service.until(lambda: "nobody can hear of this process" in caplog.text)
    write_update(service.root, 9, title="Published all the same")
    service.until_newest("Published all the same")
    service.until(lambda: service.told() == Publishing())
    status_path(service.publication).rmdir()
    service.until(lambda: service.told().beat > 0)
    assert caplog.text.count("nobody can hear of this process") == 1
    assert "FEEDSVC_PUBLICATION" in caplog.text


def test_a_publication_that_is_deleted_or_damaged_is_built_anew(service: Service) -> None:
    service.wait_less(look=0.1)
    service.start()
    gone = service.publication.parent.rename(service.publication.parent.with_name("gone"))  # at once, not by and by
    shutil.rmtree(gone)
    service.until(lambda: len(service.titles()) == 4)
    service.publication.write_bytes(b"damaged" * 10_000)
    write_update(service.root, 9, title="After the damage")
    service.until_newest("After the damage")


def test_where_the_system_tells_nothing_the_folder_is_looked_at(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("feedsvc.publishing.file_changes.RustNotify", refuse)
    service.wait_less(poll=0.05)
    service.start()
    write_update(service.root, 9, title="Found by looking")
    service.until_newest("Found by looking")


def test_it_ends_when_nobody_wants_it_any_more(service: Service) -> None:
    service.start()
    service.is_wanted = False
    service.thread.join(PATIENCE)
    assert not service.thread.is_alive()


def test_where_the_system_tells_nothing_a_change_that_takes_most_away_is_done_in_the_end(
    service: Service, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("feedsvc.publishing.file_changes.RustNotify", refuse)
    service.wait_less(poll=0.05)
    service.wait_less(hold=1)
    service.start()
    for number in (1, 2):
        (service.root / "updates" / f"2026-02-01-update-{number}.yaml").unlink()
    service.until(lambda: len(service.titles()) == 2)
    assert caplog.text.count("would vanish") == 1


def test_where_the_system_tells_nothing_a_mishap_that_is_undone_is_noticed(
    service: Service, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("feedsvc.publishing.file_changes.RustNotify", refuse)
    service.wait_less(poll=0.05)
    service.start()
    (service.root / "updates").rename(service.root / "away")
    (service.root / "updates").mkdir()
    service.until(lambda: "would vanish" in caplog.text)
    (service.root / "updates").rmdir()
    (service.root / "away").rename(service.root / "updates")
    write_update(service.root, 9, title="All is back")
    service.until_newest("All is back")


def test_a_change_that_is_held_back_while_the_publication_is_locked_is_still_held_back(service: Service) -> None:
    service.wait_less(writer=0.05)
    service.start()
    with closing(sqlite3.connect(service.publication, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        for number in (1, 2):
            (service.root / "updates" / f"2026-02-01-update-{number}.yaml").unlink()
        service.until(lambda: service.told().cause == "publication-unwritable")
        other.execute("ROLLBACK")
    service.until(lambda: service.told().cause == "change-held")
    assert len(service.titles()) == 4


def test_damage_is_found_without_a_change_of_the_content(service: Service, caplog: pytest.LogCaptureFixture) -> None:
    service.wait_less(look=0.1)
    service.start()
    with closing(sqlite3.connect(service.publication)) as other:
        other.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    with service.publication.open("r+b") as file:
        file.seek(4096)
        file.write(b"\xff" * 100_000)
    service.until(lambda: "damaged" in caplog.text)
    service.until(lambda: len(service.titles()) == 4)


@pytest.mark.parametrize("fault", [MemoryError, RecursionError])
def test_a_process_that_is_short_of_memory_or_stack_makes_way_for_another(
    service: Service, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, fault: type[Exception]
) -> None:
    def fail(*_: object) -> None:
        raise fault

    monkeypatch.setattr(Publisher, "publish", fail)
    with pytest.raises(SystemExit):
        service.watcher.run()
    assert f"not published: {fault.__name__}" in caplog.text


@pytest.mark.parametrize(
    ("fault", "cause"),
    [
        (ContentError([]), "content-unusable"),
        (StoreError("cannot write"), "publication-unwritable"),
        (KeyError("a bug"), "publishing-fails"),
        (OSError(5, "Input/output error"), "publishing-fails"),
        (UnsettledError("it changed"), "content-unsettled"),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, Exception) else value,
)
def test_every_way_to_fail_has_its_cause_and_success_takes_it_back(
    service: Service, monkeypatch: pytest.MonkeyPatch, fault: Exception, cause: str
) -> None:
    service.wait_less(told=0.1)
    service.start()
    is_broken, publish = True, Publisher.publish

    def fail(self: Publisher, *given: Any) -> Outcome:
        if is_broken:
            raise fault
        return publish(self, *given)

    monkeypatch.setattr(Publisher, "publish", fail)
    write_update(service.root, 9, title="In the end")
    service.until(lambda: service.told().cause == cause)
    is_broken = False
    service.watcher.look_again()
    service.until_newest("In the end")
    service.until(lambda: service.told().cause == "")


def refuse(*_: object) -> None:
    raise OSError("no more watches")


class Restless(threading.Event):
    """Something is written whenever it is waited for, as between two looks at the content; so many times."""

    def __init__(self, write: Callable[[int], None], times: int) -> None:
        super().__init__()
        self.write, self.left = write, times

    def wait(self, timeout: float | None = None) -> bool:
        if self.left:
            self.left -= 1
            self.write(self.left)
        return super().wait(timeout)


def test_a_start_waits_a_little_for_content_that_is_being_changed(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[int] = []

    def write(left: int) -> None:
        seen.append(len(service.titles()))
        write_update(service.root, 9, title=f"{left} more times")

    monkeypatch.setattr(service.watcher, "_interrupt", Restless(write, 5))
    service.watcher.run_once()
    assert seen == [0] * 5
    assert service.titles()[0] == "0 more times"


def test_who_starts_it_beside_a_server_finds_that_somebody_publishes(service: Service) -> None:
    """From the first request on: else an author who opens the page at once is told that nobody does."""
    service.publication.parent.mkdir()
    service.watcher.start()
    assert is_at_work(read_status(service.publication, Publishing), time.time())
    service.until(lambda: len(service.titles()) == 4)
