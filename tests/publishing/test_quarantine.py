"""What the program fails on is found, held back and named, and tried again when it or the program has changed."""

import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import comrak
import deflate
import jinja2
import pytest

from feedsvc.errors import ContentError, Problem
from feedsvc.publishing.isolation import isolate
from feedsvc.publishing.journal import LIMITS, Journal, Limits
from feedsvc.publishing.parallel import WORTH_FORKING
from feedsvc.publishing.quarantine import ChildDiedError, Death, alone, outlive
from feedsvc.publishing.timings import EMBEDDED
from tests.harness.folder import SITE, write_update
from tests.publishing.test_publisher import NAMES, House

PROBLEM = Problem(file="content/x.yaml", line=1, column=2, field="title", message="is wrong", fix="mend it")


@pytest.fixture
def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[House]:
    """A house whose templates choke on every page that shows all words of a spell."""
    render = jinja2.Template.render

    def choke(template: jinja2.Template, *given: Any, **named: Any) -> str:
        page = render(template, *given, **named)
        if "<html" in page and any(all(word in page for word in spell) for spell in SPELLS):
            raise ValueError("a page chokes")
        return page

    monkeypatch.setattr(jinja2.Template, "render", choke)
    house = House(tmp_path)
    yield house
    house.store.close()


SPELLS = [("Abracadabra",), ("Simsalabim", "Local 9")]


def write_site(house: House, title: str) -> None:
    (house.root / "site.yaml").write_text(SITE.replace("Local 7 Updates", title))


def files_of(house: House) -> list[str]:
    return sorted({problem.file for problem in house.publish().problems})


def test_a_site_that_pages_choke_on_is_not_followed(house: House, caplog: pytest.LogCaptureFixture) -> None:
    house.publish()
    write_site(house, "Abracadabra")
    write_update(house.root, 9, title="Beside it")
    problem = house.publish().problems[0]
    assert files_of(house) == ["content/site.yaml"]
    assert "cannot be made with it (ValueError: a page chokes)" in problem.message
    assert house.titles()[0] == "Beside it"
    write_update(house.root, 8, title="And later")
    house.restart()
    said = caplog.text.count("Traceback")
    assert house.publish().problems == (problem,)  # named once, however many pages choke on it
    assert "And later" in house.titles()
    assert caplog.text.count("Traceback") == said
    write_site(house, "Local 8 Updates")
    assert files_of(house) == []
    assert b"Local 8 Updates" in house.documents()["/"]


def test_at_a_first_start_what_cannot_be_made_is_left_out_and_all_else_is_there(house: House) -> None:
    write_site(house, "Abracadabra")
    assert files_of(house) == ["content/site.yaml"]
    documents = house.documents()
    assert "/" not in documents
    assert "/rss.xml" in documents
    house.publisher.warm_up()
    house.restart()
    assert files_of(house) == ["content/site.yaml"]
    write_site(house, "Local 8 Updates")
    assert files_of(house) == []
    assert "/" in house.documents()


def test_an_update_that_a_new_site_chokes_on_is_held_and_the_site_is_followed(house: House) -> None:
    write_update(house.root, 2, title="Simsalabim")
    house.publish()
    write_site(house, "Local 9 Updates")
    assert files_of(house) == [NAMES.format(2)]
    assert b"Local 9 Updates" in house.documents()["/updates/update-1/"]
    assert "Simsalabim" not in house.titles()
    write_update(house.root, 2, title="A plain title")
    assert files_of(house) == []
    assert "A plain title" in house.titles()


@pytest.mark.parametrize("number", [10, 14])
def test_who_only_names_neighbours_that_choke_is_not_blamed_for_them(house: House, number: int) -> None:
    house.publish()
    write_update(house.root, number, title="Beside them")
    for choking in (11, 12, 13):
        write_update(house.root, choking, title=f"Abracadabra {choking}")
    assert files_of(house) == [NAMES.format(choking) for choking in (11, 12, 13)]
    assert "Beside them" in house.titles()


def test_what_choked_is_tried_again_under_another_program_or_address(house: House) -> None:
    write_update(house.root, 2, title="Abracadabra")
    assert files_of(house) == [NAMES.format(2)]
    SPELLS.append(("never",))
    spells = list(SPELLS)
    SPELLS.clear()
    try:
        house.restart()
        assert files_of(house) == [NAMES.format(2)]
        house.restart(base_url="https://moved.example.net/")
        assert files_of(house) == []
        assert "Abracadabra" in house.titles()
    finally:
        SPELLS.extend(spells[:2])


def test_among_many_updates_each_that_chokes_is_found(house: House) -> None:
    for number in range(4, 4 + WORTH_FORKING * 2):
        write_update(house.root, number, title="Abracadabra" if number in (9, 120, 200) else f"Number {number}")
    assert files_of(house) == sorted(NAMES.format(number) for number in (9, 120, 200))
    assert house.titles()[0] == f"Number {3 + WORTH_FORKING * 2}"


def test_isolating_finds_the_guilty_and_publishes_the_rest() -> None:
    names, guilty, done = [f"{number}" for number in range(20)], {"3", "17"}, []
    condemned: list[str] = []

    def publish(without: frozenset[str]) -> set[str]:
        published = set(names) - without - set(condemned)
        if published & guilty:
            raise KeyError
        done.append(published)
        return published

    outcome = isolate(names, publish, lambda name, _fault: condemned.append(name), (OSError,))
    assert sorted(condemned) == ["17", "3"]
    assert outcome == set(names) - guilty


def test_where_no_source_is_at_fault_the_fault_is_raised() -> None:
    def fail(_without: frozenset[str]) -> None:
        raise KeyError("ours")

    with pytest.raises(KeyError, match="ours"):
        isolate(["a", "b"], fail, lambda _name, _fault: None, (OSError,))


def test_what_is_foreseen_ends_the_search() -> None:
    def fail(_without: frozenset[str]) -> None:
        raise OSError("the disk is full")

    with pytest.raises(OSError, match="the disk"):
        isolate(["a", "b"], fail, lambda _name, _fault: None, (OSError,))


TESTS = os.getpid()  # where nothing may be forked, work is done here, and must not end this


def kill_myself() -> None:
    assert os.getpid() != TESTS, threading.enumerate()
    os.kill(os.getpid(), signal.SIGKILL)


@pytest.fixture
def journal(tmp_path: Path) -> Journal:
    return Journal(tmp_path / "publication.db")


def spin() -> None:
    while os.getpid() != TESTS:
        pass


@pytest.mark.parametrize(
    ("work", "limits"),
    [(spin, Limits(alone_processor_seconds=1, alone_seconds=60)), (signal.pause, Limits(alone_seconds=1))],
)
def test_what_takes_too_long_alone_is_told_and_whoever_waits_is_heard_of(
    tmp_path: Path, work: Callable[[], None], limits: Limits
) -> None:
    beats: list[float] = []
    journal = Journal(tmp_path / "publication.db", limits, lambda: beats.append(time.monotonic()))
    assert alone(work, journal) == Death("takes more than 1 seconds")
    assert beats


def test_what_takes_too_much_memory_alone_is_told(journal: Journal) -> None:
    assert alone(lambda: len(bytearray(LIMITS.alone_octets + 2**26)), journal) == Death("takes more than 512 MB")
    assert alone(lambda: len(bytearray(1024)), journal) == 1024


def test_where_forking_is_unsafe_a_suspect_is_worked_on_here(journal: Journal) -> None:
    stop = threading.Event()
    thread = threading.Thread(target=stop.wait)
    thread.start()
    try:
        assert alone(os.getpid, journal) == os.getpid()
        assert outlive(os.getpid) == os.getpid()
    finally:
        stop.set()
        thread.join()


def test_a_command_that_dies_again_and_again_says_so() -> None:
    with pytest.raises(ChildDiedError, match=r"ends again and again \(SIGKILL, Killed\)"):
        outlive(kill_myself)


def test_what_a_child_raises_is_raised_here() -> None:
    def fail() -> None:
        raise ContentError([PROBLEM])

    with pytest.raises(ContentError) as caught:
        outlive(fail)
    assert caught.value.problems == (PROBLEM,)
    assert outlive(lambda: 3) == 3


@pytest.mark.parametrize("octets", [b"", b"\0\0\0", b"{}\n", b"[1, 2]\n", b'["a"', b"\xff\xfe\n", b"[" * 100_000])
def test_a_journal_that_a_power_cut_left_accuses_nobody(tmp_path: Path, octets: bytes) -> None:
    (tmp_path / "publication.db-in-hand").write_bytes(octets)
    assert Journal(tmp_path / "publication.db").suspects == frozenset()


def test_a_journal_names_what_was_in_hand_until_all_went_well(tmp_path: Path) -> None:
    path = tmp_path / "publication.db"
    with Journal(path).watch(["a", "b"]):
        assert Journal(path).suspects == {"a", "b"}
        late = Journal(path)
        with late.watch(["c"]):
            assert Journal(path).suspects == {"a", "b", "c"}
        assert Journal(path).suspects == {"a", "b"}
        late.clear()
        assert Journal(path).suspects == frozenset()


def test_without_room_for_a_journal_work_goes_on(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "nowhere" / "publication.db")
    with journal.watch(["a"]):
        pass
    assert journal.suspects == frozenset()


def test_a_suspect_that_lives_is_published_like_all_others(house: House, tmp_path: Path) -> None:
    """As after a power cut in the middle of everything."""
    names = [NAMES.format(1), "content/site.yaml", "/rss.xml", "/", "/updates/update-1/"]
    for is_cold in (True, False):
        house.store.close()
        with Journal(house.path).watch(names):
            house.restart()
        if not is_cold:
            write_update(house.root, 1, title="Changed meanwhile")
            write_site(house, "Local 8 Updates")
        assert files_of(house) == []
    assert "Changed meanwhile" in house.titles()
    assert house.documents() == house.fresh(tmp_path)


def raise_for(monkeypatch: pytest.MonkeyPatch, module: Any, name: str, fault: Exception, times: int) -> None:
    """Make a library's function raise where the spell stands in its first argument, so many times."""
    work, left = getattr(module, name), iter(range(times))

    def run(first: Any, *given: Any, **named: Any) -> Any:
        text = first.decode(errors="replace") if isinstance(first, bytes) else str(first)
        if "hocuspocus" in text and next(left, None) is not None:
            raise fault
        return work(first, *given, **named)

    monkeypatch.setattr(module, name, run)


@pytest.mark.parametrize("fault", [ValueError("chokes"), MemoryError(), RecursionError("too deep")], ids=repr)
@pytest.mark.parametrize(
    ("module", "name"), [(os, "open"), (comrak, "render_markdown"), (deflate, "gzip_compress")], ids=str
)
def test_whatever_a_library_raises_is_one_file_s_fault_if_it_does_so_again(
    house: House, monkeypatch: pytest.MonkeyPatch, module: Any, name: str, fault: Exception
) -> None:
    path = write_update(house.root, 9, title="Unlucky", body="hocuspocus " * 9)
    path = path.rename(path.with_name("2026-02-01-hocuspocus.yaml"))
    write_update(house.root, 10, title="Beside it")
    with monkeypatch.context() as patch:
        raise_for(patch, module, name, fault, times=10_000)
        assert files_of(house) == [f"content/updates/{path.name}"]
        assert house.titles()[0] == "Beside it"
        assert "Unlucky" not in house.titles()
    path.write_text(path.read_text() + "\n")
    with monkeypatch.context() as patch:
        raise_for(patch, module, name, fault, times=1)
        assert files_of(house) == []
    assert "Unlucky" in house.titles()


@pytest.mark.parametrize(("limits", "is_set"), [(LIMITS, True), (EMBEDDED.limits, False)])
def test_only_a_process_that_does_nothing_else_is_ended_by_an_alarm(
    tmp_path: Path, limits: Limits, *, is_set: bool
) -> None:
    with Journal(tmp_path / "publication.db", limits).watch(["content/updates/one.yaml"]):
        assert [signal.getitimer(which)[0] > 0 for which in (signal.ITIMER_REAL, signal.ITIMER_PROF)] == [is_set] * 2
    assert signal.getitimer(signal.ITIMER_REAL)[0] == 0
