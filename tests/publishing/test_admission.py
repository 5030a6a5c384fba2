"""Whoever was first keeps id, address and instant: by the memory, the ledger, the earlier date, the name."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from feedsvc.content.conflicts import find_conflicts
from feedsvc.content.ledger import Ledger, read_ledger
from feedsvc.content.source import LoadedEntry, Mark
from feedsvc.documents.listed import Listed
from feedsvc.errors import Problem
from feedsvc.publication.memory import Memory
from feedsvc.publishing.admission import Admission, Admitted
from tests.documents.test_index import make_listed
from tests.make import make_entry

NOON = 1_772_366_400  # 2026-03-01 12:00 UTC
TAG = "tag:x,2026:entry/"
TOP = Mark(1, 1, "")


def line(name: str, **overrides: object) -> Listed:
    """An update of noon, unless told otherwise; its file, id and address are all called ``name``."""
    given: dict[str, object] = {"source": name, "id": f"tag:x,2026:entry/{name}", "slug": name, "digest": name}
    written = overrides.get("written", NOON)
    return make_listed(1, **{**given, "written": written, "published": written, **overrides})


def ledger(tmp_path: Path, *lines: str) -> Ledger:
    (tmp_path / "ledger.txt").write_text("\n".join(lines) + "\n")
    return read_ledger(tmp_path)


def describe(source: str, first: str) -> tuple[Problem, ...]:
    return (Problem(file=source, line=1, column=1, field="", message=f"yields to {first}", fix=""),)


class House:
    """What is admitted one change after the other, and what is remembered of it."""

    def __init__(self, folder: Path) -> None:
        self.memory = Memory(folder / "publication.db")
        self.admission = Admission(self.memory)
        self.lines: dict[str, Listed | None] = {}
        self.generation = 0

    def admit(self, *lines: Listed, gone: str = "", as_of: int = NOON + 3600) -> Admitted:
        proposed: dict[str, Listed | None] = {line.source: line for line in lines}
        if gone:
            proposed[gone] = None
        admitted = self.admission.admit(proposed, self.lines, as_of, describe)
        self.lines |= admitted.lines
        self.generation += 1
        self.memory.write(self.generation, admitted.claims, 0, 0)
        self.memory.settle(self.generation)
        return admitted

    def forget(self, ledger: Ledger | None = None) -> None:
        """Start anew without a memory."""
        self.memory.close()
        self.memory.path.unlink()
        self.memory = Memory(self.memory.path.with_name("publication.db"))
        self.admission, self.lines = Admission(self.memory), {}
        if ledger:
            self.admission.follow(ledger)

    def published(self) -> dict[str, int]:
        return {source: line.published - NOON for source, line in self.lines.items() if line}


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    house = House(tmp_path)
    yield house
    house.memory.close()


CLASHES = {
    "address": {"slug": "b"},
    "id": {"id": "tag:x,2026:entry/b"},
    "both": {"slug": "b", "id": "tag:x,2026:entry/b"},
}


@pytest.mark.parametrize("clash", CLASHES)
@pytest.mark.parametrize("written", [NOON - 86_400, NOON, NOON + 60])
def test_whoever_was_published_first_keeps_what_it_has(house: House, clash: str, written: int) -> None:
    house.admit(line("b"))
    newcomer = line("a", written=written, **CLASHES[clash])
    admitted = house.admit(newcomer)
    assert admitted.lines == {"a": None}
    assert admitted.problems["a"][0].message == "yields to b"
    assert not admitted.claims
    house.admission = Admission(house.memory, filter(None, house.lines.values()), NOON + 3600)  # a restart
    assert house.admit(newcomer, line("b")).lines == {"a": None, "b": line("b")}
    assert house.admit(newcomer, gone="b").lines["a"] is not None


@pytest.mark.parametrize("clash", CLASHES)
@pytest.mark.parametrize("of_newcomer", [{"draft": True}, {"written": NOON + 7200, "published": NOON + 7200}])
def test_what_is_not_published_takes_nothing(house: House, clash: str, of_newcomer: dict[str, object]) -> None:
    house.admit(line("b"))
    admitted = house.admit(line("a", **CLASHES[clash], **of_newcomer))
    assert not admitted.problems
    assert not admitted.claims
    assert house.lines["b"] == line("b")


def test_what_falls_due_yields_then(house: House) -> None:
    waiting = line("a", slug="b", written=NOON + 7200)
    house.admit(line("b"), waiting)
    admitted = house.admit(waiting, as_of=NOON + 7200)
    assert admitted.lines == {"a": None}
    assert "a" in admitted.problems


def test_a_newcomer_that_yields_keeps_its_last_good_version(house: House) -> None:
    house.admit(line("a"), line("b", written=NOON + 1))
    admitted = house.admit(line("a", slug="b", digest="edited"))
    assert admitted.lines == {"a": line("a")}
    assert list(admitted.problems) == ["a"]


def test_who_fell_back_keeps_what_it_had_from_who_came_for_it(house: House) -> None:
    house.admit(line("a"), line("b", written=NOON + 1))
    admitted = house.admit(line("a", slug="b", digest="edited"), line("c", slug="a", written=NOON + 2))
    assert admitted.lines == {"a": line("a"), "c": None}
    assert sorted(admitted.problems) == ["a", "c"]


def test_a_renamed_file_with_its_id_keeps_id_address_and_instant(house: House) -> None:
    house.admit(line("a"))
    house.admit(line("b", written=NOON))
    renamed = line("z", id=line("b").id, slug="b")
    admitted = house.admit(renamed, gone="b")
    assert house.published() == {"a": 0, "z": 1}
    assert not admitted.problems
    assert not admitted.events


@pytest.mark.parametrize("clash", CLASHES)
def test_without_a_memory_the_ledger_says_who_was_first(house: House, tmp_path: Path, clash: str) -> None:
    newcomer = line("a", written=NOON - 86_400, **CLASHES[clash])
    house.forget(ledger(tmp_path, "2026-03-01T12:00:00Z tag:x,2026:entry/b b"))
    assert house.admit(newcomer, line("b")).lines == {"a": None, "b": line("b")}


@pytest.mark.parametrize("clash", CLASHES)
def test_without_both_the_earlier_date_wins_then_the_name(house: House, clash: str) -> None:
    earlier = line("z", written=NOON - 1, **CLASHES[clash])
    assert list(house.admit(line("b"), earlier).problems) == ["b"]
    house.forget()
    assert list(house.admit(line("b"), line("z", **CLASHES[clash])).problems) == ["z"]


def test_no_two_updates_have_one_instant_and_whoever_comes_later_is_later(house: House) -> None:
    assert not house.admit(line("m")).events
    for number, name in enumerate(("z", "a", "k"), 1):
        admitted = house.admit(line(name))
        assert house.published()[name] == number
        assert admitted.lines[name].digest == f"{name}+{number}"  # type: ignore[union-attr]  # it was admitted
    house.admit(line("n", written=NOON + 2))
    assert house.published()["n"] == 4
    assert [claim.given - NOON for claim in map(house.memory.claim, (line(n).id for n in "mzakn")) if claim] == [
        *range(5)
    ]


def test_an_instant_stays_through_restarts_edits_and_the_removal_of_its_cause(house: House) -> None:
    house.admit(line("a"), line("b"), line("c"))
    before = house.published()
    house.admit(gone="a")
    house.admission = Admission(house.memory, filter(None, house.lines.values()), NOON + 3600)
    house.admit(line("b", digest="edited"), line("c"))
    assert house.published() == {"b": before["b"], "c": before["c"]} | {}
    assert house.lines["b"].digest == "edited+1"  # type: ignore[union-attr]  # it was admitted
    house.admit(line("d"))
    assert house.published()["d"] == 3  # the instant of what is gone is not given again
    house.admit(line("a"))
    assert house.published()["a"] == 0


def test_without_a_memory_the_ledger_says_which_instant_was_given(house: House, tmp_path: Path) -> None:
    house.forget(
        ledger(tmp_path, "2026-03-01T12:00:00Z tag:x,2026:entry/b b", "2026-03-01T12:00:01Z tag:x,2026:entry/a a")
    )
    house.admit(line("a"), line("b"), line("c"))
    assert house.published() == {"a": 1, "b": 0, "c": 2}


def test_many_updates_of_one_instant_are_given_theirs_soon(house: House) -> None:
    house.admit(*(line(f"u{number:04}") for number in range(3000)))
    assert sorted(house.published().values()) == list(range(3000))


def test_an_update_that_falls_due_with_another_waits_a_second_more(house: House) -> None:
    house.admit(line("a"), as_of=NOON)
    admitted = house.admit(line("b"), as_of=NOON)
    assert house.published()["b"] == 1
    assert not admitted.claims  # nobody has seen it
    assert len(house.admit(line("b"), as_of=NOON + 1).claims) == 1
    assert house.published()["b"] == 1


def test_an_author_who_changes_published_is_followed_with_a_note(house: House) -> None:
    house.admit(line("a"), line("b", written=NOON + 60))
    admitted = house.admit(line("a", written=NOON + 60, digest="edited"))
    assert house.published() == {"a": 61, "b": 60}
    assert "published was changed" in admitted.events[0]
    assert not house.admit(line("a", written=NOON + 60, digest="edited")).events


def test_a_newcomer_dated_before_the_newest_is_noted(house: House) -> None:
    assert not house.admit(line("a"), line("b", written=NOON - 60)).events  # all at once: nobody has seen any
    assert not house.admit(line("c", written=NOON + 60)).events
    assert "lies before" in house.admit(line("d", written=NOON + 30)).events[0]
    assert not house.admit(line("d", written=NOON + 30)).events


def test_dates_are_read_as_the_ledger_writes_them(tmp_path: Path) -> None:
    """The judge is Python's own calendar."""
    found = ledger(tmp_path, "2026-03-01T12:00:00Z tag:x,2026:entry/b b")
    assert found.by_id["tag:x,2026:entry/b"].instant == datetime.fromtimestamp(NOON, UTC)


NAMES = st.sampled_from(["x", "y", "z"])
UPDATES = st.dictionaries(
    st.sampled_from(["a", "b", "c", "x", "x-copy"]), st.tuples(NAMES, NAMES, st.integers(0, 2)), max_size=5
)
RECORDED = st.lists(st.tuples(NAMES, NAMES, st.integers(0, 2)), max_size=3)


@settings(max_examples=50, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(updates=UPDATES, recorded=RECORDED)
@example(updates={"a": ("y", "z", 1), "b": ("x", "z", 2)}, recorded=[("x", "z", 0), ("y", "z", 1)])
def test_checking_and_publishing_agree_who_must_yield(
    house: House, tmp_path: Path, updates: dict[str, tuple[str, str, int]], recorded: list[tuple[str, str, int]]
) -> None:
    """Publishing without a memory, as on a new machine."""
    lines = [
        line(name, id=f"{TAG}{id_}", slug=slug, written=NOON + late) for name, (id_, slug, late) in updates.items()
    ]
    noted = [f"2026-03-01T12:00:0{late}Z {TAG}{id_} {slug}" for id_, slug, late in recorded]
    house.forget(ledger(tmp_path, *noted))
    yielding = house.admit(*lines).problems.keys()
    loaded = {each.source: as_loaded(each) for each in lines}
    found = find_conflicts(loaded, ledger=read_ledger(tmp_path))
    assert yielding == {
        name for name, problems in found.items() if any("belongs to tag:" not in each.message for each in problems)
    }


def as_loaded(line: Listed) -> LoadedEntry:
    """The update of a line as ``check`` has it."""
    published = datetime.fromtimestamp(line.written, tz=UTC)
    entry = make_entry(id=line.id, slug=line.slug, published=published)
    return LoadedEntry(source=line.source, entry=entry, id_mark=TOP, slug_mark=TOP)
