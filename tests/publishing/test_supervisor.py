import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import ClassVar

import pytest

from feedsvc.publication.status import Cause, Publishing, Supervision, read_status, status_path, write_status
from feedsvc.publishing.journal import journal_path
from feedsvc.publishing.supervisor import Patience, Supervisor, interpreter, lock_path, supervise
from feedsvc.settings import Settings
from tests.harness.folder import write_folder

PROGRAM = """
import os, sys, time
with open(sys.argv[1], "a") as file:
    file.write(f"{os.getpid()}\\n")
while True:
    time.sleep(60)
"""


SOON = Patience(restart=(0.01,), lived=60.0)  # however long a busy machine takes to start what dies
FORKING = """
import os, sys, threading, time
from pathlib import Path
from feedsvc import Settings, create_app
from feedsvc.publishing.supervisor import supervise
from feedsvc.publication.status import Publishing, read_status
settings = Settings(content=Path(sys.argv[1]), publication=Path(sys.argv[2]), publisher=True)
app = create_app(settings)
app.stand_for_election()
mine = supervise(settings)
assert mine is not None and supervise(settings) is mine
for _ in range(2000):
    told = read_status(settings.publication, Publishing)
    if told is not None and not told.behind:
        break
    time.sleep(0.01)
child = os.fork()
if child == 0:
    threads = threading.active_count()
    app.stand_for_election()
    assert threading.active_count() == threads + 1
    assert supervise(settings) not in (None, mine)
    sys.exit()
assert os.waitpid(child, 0) == (child, 0)
time.sleep(0.5)
after = read_status(settings.publication, Publishing)
assert after.pid == told.pid and not after.is_over
"""


class Keeper(Supervisor):
    """A supervisor that ends with the test, even one that fails: a thread that is left keeps others from forking."""

    started: ClassVar[list[Supervisor]] = []

    def start(self) -> None:
        self.started.append(self)
        super().start()


@pytest.fixture(autouse=True)
def nobody_is_left() -> Iterator[None]:
    yield
    while Keeper.started:
        Keeper.started.pop().stop()


def until(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 60
    while not holds():
        assert time.monotonic() < deadline, "it never came true"
        time.sleep(0.01)


class Births:
    """The processes that supervisors started, in order."""

    def __init__(self, folder: Path) -> None:
        self.file = folder / "births"
        self.command = (sys.executable, "-c", PROGRAM, str(self.file))

    def __call__(self) -> list[int]:
        return [int(line) for line in self.file.read_text().split()] if self.file.exists() else []


def test_of_two_supervisors_one_keeps_the_process_and_the_other_takes_over(tmp_path: Path) -> None:
    births = Births(tmp_path)
    first, second = (Keeper(tmp_path / "publication.db", births.command) for _ in range(2))
    first.start()
    until(lambda: len(births()) == 1)
    second.start()
    first.stop()
    until(lambda: len(births()) == 2)
    second.stop()
    for pid in births():
        with pytest.raises(ProcessLookupError):
            os.kill(pid, 0)


def test_a_killed_process_is_started_again(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    births = Births(tmp_path)
    supervisor = Keeper(tmp_path / "publication.db", births.command)
    supervisor.start()
    until(lambda: len(births()) == 1)
    os.kill(births()[0], signal.SIGKILL)
    until(lambda: len(births()) == 2)
    assert "the publishing process ended (status -9)" in caplog.text
    supervisor.stop()


def test_a_process_that_does_not_listen_is_killed(tmp_path: Path) -> None:
    births = Births(tmp_path)
    deaf = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN)" + PROGRAM
    command = (sys.executable, "-c", deaf, str(births.file))
    supervisor = Keeper(tmp_path / "publication.db", command, patience=Patience(goodbye=0.5))
    supervisor.start()
    until(lambda: len(births()) == 1)
    supervisor.stop()
    supervisor.stop()
    with pytest.raises(ProcessLookupError):
        os.kill(births()[0], 0)


def test_where_no_lock_can_be_had_it_says_so(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    lock_path(tmp_path / "publication.db").mkdir()
    supervisor = Keeper(tmp_path / "publication.db")
    supervisor.start()
    until(lambda: "nobody can keep a publishing process" in caplog.text)
    supervisor.stop()


def test_a_lock_that_can_be_had_later_is_had_later(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    births = Births(tmp_path)
    lock_path(tmp_path / "publication.db").mkdir()
    supervisor = Keeper(tmp_path / "publication.db", births.command)
    supervisor.start()
    until(lambda: "nobody can keep a publishing process" in caplog.text)
    lock_path(tmp_path / "publication.db").rmdir()
    until(lambda: len(births()) == 1)
    supervisor.stop()
    assert caplog.text.count("nobody can keep a publishing process") == 1


@pytest.mark.parametrize("others", [0, 1])
def test_a_lock_whose_file_was_removed_keeps_one_process_only(tmp_path: Path, others: int) -> None:
    """Nobody else could see that it is held."""
    births = Births(tmp_path)
    supervisors = [Keeper(tmp_path / "publication.db", births.command) for _ in range(1 + others)]
    for supervisor in supervisors:
        supervisor.start()
    until(lambda: len(births()) == 1)
    lock_path(tmp_path / "publication.db").unlink()
    until(lambda: len(births()) == 2)
    until(lambda: [is_there(pid) for pid in births()] == [False, True])
    for supervisor in supervisors:
        supervisor.stop()


def test_a_process_that_dies_and_dies_is_told_of_once(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    births = Births(tmp_path)
    command = (*births.command[:2], PROGRAM.replace("while True", "sys.exit(3)\nwhile True"), births.command[3])
    supervisor = Keeper(tmp_path / "publication.db", command, patience=SOON)
    supervisor.start()
    until(lambda: len(births()) > 3)
    supervisor.stop()
    assert caplog.text.count("the publishing process ended (status 3)") == 1


def test_a_process_that_dies_and_dies_is_counted_until_it_lives(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    publication, healed = tmp_path / "publication.db", tmp_path / "healed"
    births = Births(tmp_path)
    program = PROGRAM.replace(
        "while True", f"import pathlib\nif not pathlib.Path({str(healed)!r}).exists(): sys.exit(3)\nwhile True"
    )
    command = (*births.command[:2], program, births.command[3])
    supervisor = Keeper(publication, command, patience=Patience(restart=(0.01,), lived=2.0))
    supervisor.start()
    until(lambda: (read_status(publication, Supervision) or Supervision()).deaths > 2)
    told = read_status(publication, Supervision)
    assert told is not None
    assert told.said == "ended (status 3)"
    assert caplog.text.count(f"{Cause.PUBLISHER_ENDS.words}; {Cause.PUBLISHER_ENDS.way_out}") == 1
    healed.touch()
    until(lambda: (read_status(publication, Supervision) or told).deaths == 0)
    supervisor.stop()
    after = read_status(publication, Supervision)
    assert after is not None
    assert after.total >= 3


def test_a_process_that_dies_of_one_thing_after_another_is_started_again_at_once(tmp_path: Path) -> None:
    """Only what was in hand at the last death, too, is a repetition for which it pays to wait."""
    births, publication = Births(tmp_path), tmp_path / "publication.db"
    journal = f"""
import itertools, pathlib
births, journal = pathlib.Path({str(births.file)!r}), pathlib.Path({str(journal_path(publication))!r})
count = len(births.read_text().split()) if births.exists() else 0
journal.write_text('["' + str(min(count, 5)) + '"]\\n')
"""
    program = journal + PROGRAM.replace("while True", "sys.exit(3)\nwhile True")
    supervisor = Keeper(
        publication, (*births.command[:2], program, births.command[3]), patience=Patience(restart=(0.01, 60.0))
    )
    supervisor.start()
    until(lambda: len(births()) > 5)
    supervisor.stop()


def test_a_program_that_cannot_be_started_is_tried_again(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    births = Births(tmp_path)
    python = tmp_path / "python"
    supervisor = Keeper(tmp_path / "publication.db", (str(python), *births.command[1:]), patience=SOON)
    supervisor.start()
    until(lambda: "the publishing process cannot be started (No such file or directory)" in caplog.text)
    python.symlink_to(sys.executable)
    until(lambda: len(births()) == 1)
    supervisor.stop()


def test_a_process_that_is_not_heard_of_is_told_of_once(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    publication, births = tmp_path / "publication.db", Births(tmp_path)
    patience = Patience(heard=0.3)
    supervisor = Keeper(publication, births.command, patience=patience)
    supervisor.start()
    until(lambda: len(births()) == 1)
    write_status(publication, Publishing(pid=births()[0], beat=time.time()))
    until(lambda: f"the publishing process {births()[0]} has not been heard of" in caplog.text)
    time.sleep(0.5)  # what must not happen has to be given its time
    supervisor.stop()
    assert caplog.text.count("has not been heard of") == 1


def test_a_process_that_cannot_be_heard_of_is_not_blamed_for_it(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    publication, births = tmp_path / "publication.db", Births(tmp_path)
    patience = Patience(heard=0.1)
    status_path(publication).mkdir()
    supervisor = Keeper(publication, births.command, patience=patience)
    supervisor.start()
    until(lambda: len(births()) == 1)
    time.sleep(0.5)  # what must not happen has to be given its time
    supervisor.stop()
    assert "has not been heard of" not in caplog.text


def test_of_many_that_cannot_be_elected_one_says_so(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    lock_path(tmp_path / "publication.db").mkdir()
    supervisors = [Keeper(tmp_path / "publication.db") for _ in range(3)]
    for supervisor in supervisors:
        supervisor.start()
    until(lambda: "nobody can keep a publishing process" in caplog.text)
    time.sleep(0.3)  # what must not happen has to be given its time
    said = caplog.text  # before the first stops: who speaks for all may stop first, and then the next one speaks
    for supervisor in supervisors:
        supervisor.stop()
    assert said.count("nobody can keep a publishing process") == 1
    assert "FEEDSVC_PUBLICATION" in said


def test_a_process_stands_for_election_once_and_its_fork_for_itself(tmp_path: Path) -> None:
    """At its end each ends what it keeps, and a fork nothing else."""
    content, publication = write_folder(tmp_path / "content", 1), tmp_path / "publication.db"
    done = subprocess.run([sys.executable, "-c", FORKING, str(content), str(publication)], check=True, timeout=60)
    assert done.returncode == 0
    told = read_status(publication, Publishing)
    assert told is not None
    assert told.is_over
    assert not is_there(told.pid)


def test_a_server_without_threads_is_told_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def refuse(_: object) -> None:
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr("threading.Thread.start", refuse)
    assert supervise(Settings(publication=tmp_path / "publication.db", publisher=True)) is None
    assert "can't start new thread; let the server have threads" in caplog.text


@pytest.mark.parametrize("name", ["python3.11", "python"])
def test_the_interpreter_starts_what_is_kept(name: str) -> None:
    assert interpreter(f"/usr/bin/{name}", "/usr") == f"/usr/bin/{name}"


@pytest.mark.parametrize("executable", ["", "/usr/sbin/uwsgi"])
def test_a_server_that_embeds_python_is_no_interpreter(executable: str) -> None:
    assert interpreter(executable, "/usr") == "/usr/bin/python3"
    subprocess.run([interpreter(executable, sys.prefix), "--version"], check=True, capture_output=True)


def is_there(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True
