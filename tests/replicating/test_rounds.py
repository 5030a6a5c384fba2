"""What is said of a store: to the log once, to operators and monitors as long as it is so."""

import json
import logging
import os
from dataclasses import replace
from pathlib import Path
from time import monotonic, sleep

import pytest
from click.testing import CliRunner
from werkzeug.test import Client

from feedsvc.cli import main
from feedsvc.object_stores import MissingError, ObjectStoreError, OversizeError
from feedsvc.publication.condition import IN_TIME
from feedsvc.publication.database import StoreError
from feedsvc.publication.overview import survey
from feedsvc.publication.status import Publishing, Replication, read_status, write_status
from feedsvc.publishing.watcher import Watcher
from feedsvc.replicating.handing import Handing, hand_on_now
from feedsvc.replicating.manifest import WrongError
from feedsvc.replicating.publisher import AnotherPublisherError
from feedsvc.replicating.rounds import Rounds
from feedsvc.settings import Settings, clock
from feedsvc.system import hold
from feedsvc.web.app import create_app
from tests.harness.folder import publish_folder, write_folder

NOW = 1_790_000_000.0


class Scene:
    """Rounds over a step that does what a test says, by a clock of the test's."""

    def __init__(self, publication: Path) -> None:
        self.publication = publication
        self.now = NOW
        self.fault: Exception | None = None
        self.rounds = Rounds(publication, lambda: self.now, self.step)

    def step(self) -> int:
        if self.fault:
            raise self.fault
        return 7

    def look(self, fault: Exception | None, seconds: float = 1.0) -> None:
        self.now += seconds
        self.fault = fault
        assert self.rounds.look() is (fault is None)

    def reasons(self) -> list[str]:
        write_status(self.publication, Publishing(beat=self.now))
        return [reason.cause.label for reason in survey(self.publication, self.now).condition.reasons]


@pytest.fixture
def scene(tmp_path: Path) -> Scene:
    return Scene(tmp_path / "publication.db")


def lines(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [record.message for record in caplog.records if record.name == "feedsvc.replicas"]


def test_a_store_that_is_away_for_a_moment_is_not_worth_a_word(scene: Scene, caplog: pytest.LogCaptureFixture) -> None:
    scene.look(None)
    for _ in range(14):
        scene.look(ObjectStoreError("it cannot be reached"))
    assert (scene.reasons(), lines(caplog)) == ([], [])
    scene.look(None)
    assert lines(caplog) == []


def test_a_store_that_stays_away_is_told_once_and_so_is_that_it_is_back(
    scene: Scene, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    scene.look(None)
    for number in range(40):
        scene.look(ObjectStoreError(f"blobs/{number} cannot be read: it cannot be reached"))
    assert scene.reasons() == ["replicas-unheard"]
    scene.look(None)
    assert scene.reasons() == []
    assert lines(caplog) == [
        "blobs/15 cannot be read: it cannot be reached; what is published stays; it is tried every second or two",
        "the store of replicas can be used again",
    ]


FAULTS: list[tuple[Exception, str]] = [
    (ObjectStoreError("away"), "replicas-unheard"),
    (MissingError("gone"), "replicas-unusable"),
    (OversizeError("large"), "replicas-unusable"),
    (WrongError("garbage"), "replicas-unusable"),
    (ZeroDivisionError("a bug"), "replicas-unusable"),
    (AnotherPublisherError("another"), "other-publisher"),
    (StoreError("full"), "publication-unwritable"),
]


@pytest.mark.parametrize(("fault", "cause"), FAULTS, ids=lambda each: getattr(each, "args", [each])[0])
def test_each_fault_has_its_cause(scene: Scene, caplog: pytest.LogCaptureFixture, fault: Exception, cause: str) -> None:
    scene.look(None)
    for _ in range(20):
        scene.look(fault)
    assert scene.reasons() == [cause]
    assert len(lines(caplog)) == 1
    assert str(fault) in lines(caplog)[0]
    found = survey(scene.publication, scene.now)
    assert str(fault) in json.dumps(found.as_json()["replicas"])
    assert f"(last said: {'ZeroDivisionError: ' if 'bug' in str(fault) else ''}{fault})" in found.as_text()


def test_silence_is_a_state_too_and_a_restart_ends_nothing(scene: Scene) -> None:
    scene.look(None)
    scene.now += IN_TIME + 1
    assert scene.reasons() == ["replicas-unheard"]
    again = Scene(scene.publication)
    again.now = scene.now
    assert again.reasons() == ["replicas-unheard"]
    found = read_status(scene.publication, Replication)
    assert found is not None
    assert (found.agreed, found.generation) == (NOW + 1, 7)


def test_monitors_are_told_the_age_of_the_pointer_and_nothing_where_there_is_no_store(tmp_path: Path) -> None:
    settings = Settings(content=tmp_path / "content", publication=tmp_path / "publication.db", metrics=True)
    publish_folder(write_folder(settings.content, 1), settings.publication)
    client = Client(create_app(settings))
    assert "pointer_age" not in client.get("/readyz").text
    assert "pointer_age" not in client.get("/metrics").text
    assert "Replicas" not in survey(settings.publication, clock()).as_text()
    write_status(settings.publication, Replication(agreed=clock() - 60, generation=1))
    age = client.get("/readyz").json["pointer_age"]  # type: ignore[index]  # it is an object
    assert 60 <= age < 90
    assert client.get("/readyz").status_code == 200
    assert "feedsvc_pointer_age_seconds 6" in client.get("/metrics").text
    write_status(settings.publication, Replication())
    assert "pointer_age" not in client.get("/readyz").text


def test_rounds_go_on_until_they_are_stopped_and_look_at_once_when_woken(tmp_path: Path) -> None:
    looks: list[float] = []

    def step() -> int:
        looks.append(monotonic())
        return len(looks)

    rounds = Rounds(tmp_path / "publication.db", clock, step)
    rounds.start()
    deadline = monotonic() + 30
    while len(looks) < 20 and monotonic() < deadline:
        rounds.wake()
        sleep(0.001)
    rounds.stop()
    assert len(looks) >= 20
    assert looks[19] - looks[0] < 5
    seen = len(looks)
    sleep(0.05)
    assert len(looks) == seen


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    content = write_folder(tmp_path / "content", 1)
    return Settings(content=content, publication=tmp_path / "publication.db", replicate="memory:///")


def test_one_process_hands_on_and_others_leave_it_to_that(settings: Settings, tmp_path: Path) -> None:
    publish_folder(settings.content, settings.publication)
    lock = hold(tmp_path / "publication.db-replicating")
    assert lock is not None
    handing = Handing(settings, clock)
    rounds = Rounds(settings.publication, clock, handing.step)
    assert rounds.look()
    assert read_status(settings.publication, Replication) is None, "the other one says how it goes"
    os.close(lock)
    assert handing.step() == 1
    handing._next_tidy = 0.0  # noqa: SLF001 # an hour is over
    assert handing.step() == 1
    assert Handing(settings, clock).step() is None
    handing.close()
    handing.close()


def test_who_publishes_once_hands_on_too(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    publish_folder(settings.content, settings.publication)
    hand_on_now(settings, clock)
    found = read_status(settings.publication, Replication)
    assert found is not None
    assert (found.generation, found.said) == (1, "")
    monkeypatch.setattr("feedsvc.replicating.handing.PAUSE", 0.0)
    settings.publication.unlink()
    hand_on_now(settings, clock)
    assert len(lines(caplog)) == 1
    assert "no publication at" in lines(caplog)[0]


def test_commands_say_what_keeps_them_from_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("FEEDSVC_PUBLICATION", str(tmp_path / "publication.db"))
    run = CliRunner().invoke(main, ["replicate", "--parent", "1"])
    assert (run.exit_code, run.output) == (1, "no store of replicas is named; set FEEDSVC_REPLICATE\n")
    monkeypatch.setenv("FEEDSVC_FOLLOW", "memory:///")
    for command in (["publish"], ["export", str(tmp_path / "out")]):
        run = CliRunner().invoke(main, command)
        assert (run.exit_code, run.output) == (1, "nothing was published into the store of replicas yet\n")
    run = CliRunner().invoke(main, ["export", "memory:///"])
    assert run.exit_code == 1
    assert "keep them in a private bucket of their own" in run.output


def test_a_service_that_replicates_no_more_is_not_taken_for_one_that_cannot(tmp_path: Path) -> None:
    publication = tmp_path / "publication.db"
    write_status(publication, Replication(agreed=NOW, generation=1))
    settings = Settings(content=write_folder(tmp_path / "content", 1), publication=publication)
    Watcher(replace(settings, replicate="memory:///", announces=False), clock, lambda: False).run()
    assert survey(publication, clock()).condition.pointer_age
    Watcher(settings, clock, lambda: False).run()
    assert survey(publication, clock()).condition.pointer_age is None
