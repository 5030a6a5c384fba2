"""What is remembered outlives the publication, other releases, and whatever is cut off between the two commits."""

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from feedsvc.publication.database import StoreError
from feedsvc.publication.memory import MANY, Claim, Memory, count_remembered, memory_path
from tests.harness.program import ROOT

FIRST = Claim("tag:a", "content/updates/a.yaml", "a", 100, 100)
MOVED = Claim("tag:a", "content/updates/b.yaml", "b", 100, 100)


NEWER = r"ON CONFLICT DO UPDATE|\bRETURNING\b|\) STRICT\b|->>|unixepoch"  # than the SQLite 3.34 of systems in support


@pytest.fixture
def memory(tmp_path: Path) -> Iterator[Memory]:
    memory = Memory(tmp_path / "publication.db")
    yield memory
    memory.close()


def test_what_is_written_is_there_again_after_a_restart(memory: Memory) -> None:
    memory.write(1, [FIRST], 11, 10.2)
    memory.settle(1)
    memory.close()
    again = Memory(memory.path.with_name("publication.db"))
    assert again.claim("tag:a") == FIRST
    assert (again.holder("a"), again.generation, len(again.claims())) == ("tag:a", 1, 1)
    assert again.claim("tag:b") is None
    assert again.holder("b") is None
    again.close()


def test_the_last_word_on_an_id_is_in_force_and_a_former_address_stays_its_own(memory: Memory) -> None:
    memory.write(1, [FIRST], 11, 10)
    memory.write(2, [MOVED, Claim("tag:c", "c", "a", 200, 200)], 12, 11)
    assert memory.claim("tag:a") == MOVED
    assert memory.holder("a") == memory.holder("b") == "tag:a"


def test_an_instant_is_given_to_one_update(memory: Memory) -> None:
    memory.write(1, [FIRST], 11, 10)
    assert memory.is_given(100, but="tag:b")
    assert not memory.is_given(100, but="tag:a")
    assert not memory.is_given(101, but="tag:b")


@pytest.mark.parametrize("questions", [1, MANY])
def test_many_questions_are_answered_like_few(memory: Memory, questions: int) -> None:
    memory.write(1, [FIRST], 11, 10)
    memory.write(2, [MOVED], 12, 11)
    with memory.at_hand(questions):
        assert memory.claim("tag:a") == MOVED
        assert memory.claim("tag:b") is None
        assert [memory.is_given(instant, but="tag:b") for instant in (99, 100, MOVED.given)] == [False, True, True]
        assert not memory.is_given(100, but="tag:a")
    memory.write(3, [FIRST], 13, 12)
    assert memory.claim("tag:a") == FIRST


@pytest.mark.parametrize(
    ("committed", "kept"),
    [(2, MOVED), (1, FIRST), (0, MOVED)],
    ids=["committed", "cut off before the commit", "the publication was lost since"],
)
def test_a_start_completes_or_undoes_what_lies_between(memory: Memory, committed: int, kept: Claim) -> None:
    memory.write(1, [FIRST], 11, 10)
    memory.settle(1)
    memory.write(2, [MOVED], 12, 11)
    memory.close()
    again = Memory(memory.path.with_name("publication.db"))
    again.settle(committed)
    assert again.claim("tag:a") == kept
    again.settle(committed)
    assert again.claim("tag:a") == kept
    again.close()


def test_an_older_publication_that_was_put_back_undoes_nothing_that_was_committed(memory: Memory) -> None:
    for generation in (1, 2, 3):
        memory.write(generation, [Claim(f"tag:{generation}", "x", f"s{generation}", generation, generation)], 11, 10)
        memory.settle(generation)
    memory.settle(1)
    assert len(memory.claims()) == 3


def test_dates_of_modification_never_go_back_and_never_lie_behind(memory: Memory) -> None:
    given: list[int] = []
    for now in (10.0, 10.9, 11.0, 500.5, 20.2, 20.3, 21.0, 600.0):  # at 20 the clock is set back
        modified = memory.next_modified(now)
        assert modified > now
        memory.write(len(given) + 1, [], modified, now)
        given.append(modified)
    assert given == [11, 11, 12, 501, 502, 502, 502, 601]


def test_a_damaged_memory_is_set_aside(memory: Memory) -> None:
    memory.write(1, [FIRST], 11, 10)
    memory.close()
    memory.path.write_bytes(b"this is no database" * 500)
    again = Memory(memory.path.with_name("publication.db"))
    assert again.claim("tag:a") is None
    assert memory.path.with_name("publication.db-memory.damaged").exists()
    again.close()


def test_damage_that_is_met_while_it_is_open_is_said_and_set_aside(memory: Memory) -> None:
    memory.write(1, [Claim(f"tag:{number}", "x", f"s{number}", 1, 1) for number in range(2000)], 11, 10)
    with closing(sqlite3.connect(memory.path)) as other:
        other.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    with memory.path.open("r+b") as file:
        file.seek(8192)
        file.write(b"\xff" * 200_000)
    with pytest.raises(StoreError, match="damaged"):
        memory.claims()
    assert not memory.is_in_place()


def test_a_memory_that_cannot_be_opened_or_written_is_explained(memory: Memory, tmp_path: Path) -> None:
    memory_path(tmp_path / "other.db").mkdir()
    with pytest.raises(StoreError, match="cannot write the publication"):
        Memory(tmp_path / "other.db")
    with closing(sqlite3.connect(memory.path)) as other, other:
        other.execute("DROP TABLE claim")
    with pytest.raises(StoreError, match="cannot write the publication"):
        memory.write(1, [FIRST], 11, 10)
    assert memory.generation == 0


def test_a_later_release_reads_what_this_one_wrote(memory: Memory) -> None:
    """Its tables and columns are for ever; a later release may only add to them."""
    memory.write(1, [FIRST], 11, 10)
    with closing(sqlite3.connect(memory.path)) as other:
        assert other.execute("SELECT id, generation, source, slug, written, given FROM claim").fetchall() == [
            ("tag:a", 1, "content/updates/a.yaml", "a", 100, 100)
        ]
        facts = dict(other.execute("SELECT name, value FROM fact"))
        assert facts == {"generation": 1, "modified": 11, "clock": 10}
        other.execute("ALTER TABLE claim ADD COLUMN reason TEXT")
        other.execute("CREATE TABLE later (x)")
        other.execute("PRAGMA user_version = 7")
        other.commit()
    memory.close()
    again = Memory(memory.path.with_name("publication.db"))
    assert again.claim("tag:a") == FIRST
    again.close()


def test_who_operates_the_machine_is_told_how_much_is_known(memory: Memory, tmp_path: Path) -> None:
    memory.write(1, [FIRST], 11, 10)
    memory.write(2, [MOVED], 11, 10)
    assert count_remembered(tmp_path / "publication.db") == 1
    assert count_remembered(tmp_path / "other.db") is None


def test_no_statement_needs_a_newer_database_than_systems_have() -> None:
    sources = {path.name: path.read_text() for path in (ROOT / "feedsvc").rglob("*.py")}
    assert "memory.py" in sources
    assert {name: found for name, text in sources.items() if (found := re.findall(NEWER, text))} == {}
