"""What the publishing process says of itself, over its life and that of the next one."""

from pathlib import Path

import pytest

from feedsvc.publication.status import Cause, Publishing, read_status
from feedsvc.publishing.reporter import Reporter


class Clock:
    """Seconds since 1970, as a test says."""

    now = 1_790_000_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def publication(tmp_path: Path) -> Path:
    return tmp_path / "publication.db"


def test_a_process_goes_on_where_the_last_one_left_off(publication: Path) -> None:
    clock = Clock()
    first = Reporter(publication, clock)
    first.start()
    first.succeed("published", 0.5, "")
    clock.now += 10
    assert first.begin() == 0
    clock.now += 3
    assert first.begin() == 3
    first.count("held")
    first.degrade(Cause.CHANGE_HELD, "most would vanish")
    clock.now += 5
    first.degrade(Cause.CHANGE_HELD, "all would vanish")
    first.end()
    clock.now += 60
    second = Reporter(publication, clock)
    second.start()
    told = read_status(publication, Publishing)
    assert told is not None
    assert (told.started, told.beat, told.is_over) == (clock.now, clock.now, False)
    assert (told.behind, told.cause, told.said) == (clock.now - 68, "change-held", "all would vanish")
    assert told.since == clock.now - 65
    assert told.counts == {"published": 1, "unchanged": 0, "held": 1, "failed": 0}
    second.succeed("unchanged", 0.1, "")
    told = read_status(publication, Publishing)
    assert told is not None
    assert (told.behind, told.cause, told.since, told.seconds) == (None, "", clock.now, 0.5)


def test_since_when_all_is_well_moves_only_when_it_was_not(publication: Path) -> None:
    clock = Clock()
    reporter = Reporter(publication, clock)
    reporter.start()
    reporter.succeed("published", 0.5, "")
    began = clock.now
    for said, moves in (("", False), ("a.yaml:1:1: a mistake", True), ("b.yaml:1:1: another", False), ("", True)):
        clock.now += 1
        reporter.succeed("published", 0.5, said)
        began = clock.now if moves else began
        assert reporter.record.since == began


def test_a_heartbeat_is_written_at_most_once_a_second(publication: Path) -> None:
    clock = Clock()
    reporter = Reporter(publication, clock)
    reporter.beat()
    clock.now += 100
    reporter.beat()
    told = read_status(publication, Publishing)
    assert told is not None
    assert told.beat == clock.now - 100
