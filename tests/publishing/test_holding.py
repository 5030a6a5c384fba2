"""What is held back is held alone: whatever one file, one name or one removal does, everything else is published."""

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from datetime import timedelta
from pathlib import Path

import feedparser
import pytest

from feedsvc.publishing.timings import TIMINGS
from tests.harness.folder import SITE, write_update
from tests.publishing.test_publisher import NAMES, NOON, House

HOLD = TIMINGS.hold

OFFER = "attachments:\n  - file: rules.pdf\n    title: The rules\n"
LATER = NOON + timedelta(seconds=60)


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    house = House(tmp_path)
    (house.root / "files" / "rules.pdf").write_bytes(b"%PDF-1.4 one")
    write_update(house.root, 4, more=OFFER)
    write_update(house.root, 5, categories="[pay]")
    house.publish()
    yield house
    house.store.close()


def delete(path: Path) -> None:
    path.unlink()


def grow(path: Path) -> None:
    with path.open("r+b") as file:
        file.truncate(17 * 1024 * 1024)


def become_a_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()
    (path / "rules.pdf").write_bytes(b"%PDF-1.4 inside")


def become_a_link_to_nowhere(path: Path) -> None:
    path.unlink()
    path.symlink_to("nowhere.pdf")


def become_a_pipe(path: Path) -> None:
    path.unlink()
    os.mkfifo(path)


@pytest.mark.parametrize("is_down", [False, True], ids=["", "while nobody publishes"])
def test_an_update_whose_file_is_lost_before_its_time_does_not_appear_without_it(house: House, is_down: bool) -> None:
    write_update(house.root, 6, title="Due", published="2026-03-01 13:00", more=OFFER.replace("rules", "later"))
    path = house.root / "files" / "later.pdf"
    path.write_bytes(b"%PDF-1.4 later")
    assert not house.publish().problems
    path.unlink()
    if is_down:
        house.restart()
    else:
        assert files_of(house) == {NAMES.format(6)}
    due = NOON + timedelta(hours=12)
    assert [problem.file for problem in house.publish(due).problems] == [NAMES.format(6)]
    assert "Due" not in house.titles()
    path.write_bytes(b"%PDF-1.4 later")
    assert not house.publish(due).problems
    assert house.titles()[0] == "Due"


def test_an_update_that_is_held_tells_the_length_of_the_file_that_is_there_now(house: House) -> None:
    def lengths() -> list[str]:
        entries = feedparser.parse(house.documents()["/rss.xml"]).entries
        return [entry.enclosures[0].length for entry in entries if entry.title == "Update number 4"]

    write_update(house.root, 4, more=OFFER + "draught: yes\n")
    assert files_of(house) == {NAMES.format(4)}
    for text in (b"%PDF-1.4 one and more", b"%PDF-1.4 even more of it"):
        (house.root / "files" / "rules.pdf").write_bytes(text)
        assert files_of(house) == {NAMES.format(4)}
        assert house.documents()["/files/rules.pdf"] == text
        assert lengths() == [str(len(text))]
    house.restart()
    assert files_of(house) == {NAMES.format(4)}
    assert lengths() == [str(len(text))]
    assert str(len(text)).encode() in house.documents()["/updates/update-4/"]


def files_of(house: House) -> set[str]:
    return {problem.file for problem in house.publish().problems}


@pytest.mark.parametrize("harm", [delete, grow, become_a_folder, become_a_link_to_nowhere, become_a_pipe])
def test_an_update_whose_file_is_lost_stays_as_it_was_and_all_else_goes_on(
    house: House, harm: Callable[[Path], None]
) -> None:
    path = house.root / "files" / "rules.pdf"
    harm(path)
    write_update(house.root, 6, title="Beside it")
    outcome = house.publish()
    assert [problem.file for problem in outcome.problems] == [NAMES.format(4)]
    assert "rules.pdf" in outcome.problems[0].message
    assert house.titles()[:3] == ["Beside it", "Update number 5", "Update number 4"]
    assert house.documents()["/files/rules.pdf"] == b"%PDF-1.4 one"
    house.restart()
    write_update(house.root, 7, title="After a restart")
    assert files_of(house) == {NAMES.format(4)}
    assert house.titles()[0] == "After a restart"
    shutil.rmtree(path) if path.is_dir() else path.unlink(missing_ok=True)
    path.write_bytes(b"%PDF-1.4 two")
    assert files_of(house) == set()
    assert house.documents()["/files/rules.pdf"] == b"%PDF-1.4 two"


def test_a_lost_picture_of_the_site_keeps_the_last_good_site_and_all_else_goes_on(house: House, tmp_path: Path) -> None:
    (house.root / "files" / "logo.png").rename(tmp_path / "away.png")
    write_update(house.root, 6, title="Beside it")
    assert files_of(house) == {"content/site.yaml"}
    assert house.titles()[0] == "Beside it"
    assert "/files/logo.png" in house.documents()
    (tmp_path / "away.png").rename(house.root / "files" / "logo.png")
    assert files_of(house) == set()


@pytest.mark.parametrize("is_renamed", [False, True], ids=["dropped", "renamed"])
def test_a_site_that_loses_a_category_with_updates_waits_for_them(house: House, *, is_renamed: bool) -> None:
    item = SITE[SITE.index("  - slug: pay") :]
    changed = SITE.replace(item, item.replace("slug: pay", "slug: wages") if is_renamed else "")
    (house.root / "site.yaml").write_text(changed.replace("Local 7 Updates", "Local 7 News"))
    write_update(house.root, 6, title="Beside it")
    outcome = house.publish()
    assert [problem.file for problem in outcome.problems] == ["content/site.yaml"]
    assert f"there is no category 'pay' any more, but {NAMES.format(5)} would be in it" in outcome.problems[0].message
    assert house.titles()[0] == "Beside it"
    house.restart()
    write_update(house.root, 7, title="After a restart")
    assert files_of(house) == {"content/site.yaml"}
    assert house.titles("/pay/rss.xml")[0] == "Update number 5"
    write_update(house.root, 5, categories="[wages]" if is_renamed else "[covid]")
    assert files_of(house) == set()
    assert b"Local 7 News" in house.documents()["/"]
    assert "/pay/rss.xml" not in house.documents()
    assert "Update number 5" in house.titles("/wages/rss.xml" if is_renamed else "/covid/rss.xml")


def test_a_first_start_without_a_category_publishes_the_other_updates(tmp_path: Path) -> None:
    house = House(tmp_path)
    write_update(house.root, 5, categories="[pay]")
    (house.root / "site.yaml").write_text(SITE[: SITE.index("  - slug: pay")])
    assert files_of(house) == {NAMES.format(5)}
    assert house.titles()[0] == "Update number 3"
    house.store.close()


def test_a_category_may_go_with_its_updates_once_their_removal_is_meant(house: House) -> None:
    site = house.root / "site.yaml"
    remove(house, 1, 2, 3, 4, 5)
    site.write_text(SITE[: SITE.index("  - slug: pay")])
    write_update(house.root, 6, title="Beside it")
    outcome = house.publish()
    assert "5 of 5 updates would vanish" in outcome.held
    assert [problem.file for problem in outcome.problems] == ["content/site.yaml"]
    assert house.titles()[0] == "Beside it"
    outcome = house.publish(NOON + timedelta(seconds=HOLD))
    assert (outcome.held, outcome.problems) == ("", ())
    assert "/pay/rss.xml" not in house.documents()
    assert house.titles()[0] == "Beside it"


ANY_NAMES = [
    b"caf\xe9.yaml",
    b"2026-02-02-\xff\xfe.yaml",
    b"2026-02-02-new\nline.yaml",
    b"2026-02-02-tab\t.yaml",
    b"2026-02-02-\\xe9.yaml",
    b"2026-02-02-" + b"long" * 59 + b".yaml",
    "2026-02-02-\u202egnp.yaml".encode(),
    "2026-02-02-中.yaml".encode(),
    b"2026-02-02-quo'te\".yaml",
    b"\xed\xa0\x80.yaml",
]


@pytest.mark.parametrize("name", ANY_NAMES)
@pytest.mark.parametrize("folder", ["updates", "files"])
def test_a_name_of_any_octets_harms_nothing_else(house: House, name: bytes, folder: str) -> None:
    path = house.root / folder / os.fsdecode(name)
    shutil.copy(house.root / "updates" / "2026-02-01-update-1.yaml", path)
    write_update(house.root, 6, title="Beside it")
    held = files_of(house)
    assert house.titles()[0] == "Beside it"
    assert len(held) == (folder == "updates")
    assert all(file.isprintable() or "\n" in file or "\t" in file or "\u202e" in file for file in held)
    house.restart()
    assert files_of(house) == held
    path.unlink()
    assert files_of(house) == set()


class Unstable:
    """A directory entry of which the system says nothing."""

    def __init__(self, entry: "os.DirEntry[str]") -> None:
        self.name = entry.name

    def is_dir(self, *, follow_symlinks: bool = True) -> bool:
        del follow_symlinks
        return False

    def stat(self, *, follow_symlinks: bool = True) -> os.stat_result:
        raise OSError(5, f"Input/output error ({follow_symlinks})")


def test_a_file_of_which_the_system_says_nothing_keeps_no_other_from_being_listed(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    scan = os.scandir

    def scan_unstably(path: Path) -> object:
        entries = scan(path)
        if Path(path).name != "updates":
            return entries
        found = [Unstable(entry) if "update-1." in entry.name else entry for entry in entries]
        return nullcontext(found)

    with monkeypatch.context() as patch:
        patch.setattr(os, "scandir", scan_unstably)
        write_update(house.root, 6, title="Beside it")
        assert house.publish().problems == ()
    assert house.titles()[0] == "Beside it"
    assert "Update number 1" in house.titles()


def test_a_name_that_is_no_text_is_said_with_what_to_do(house: House) -> None:
    known = house.root / "updates" / "2026-02-01-update-1.yaml"
    shutil.copy(known, known.with_name(os.fsdecode(b"caf\xe9.yaml")))
    (problem,) = house.publish().problems
    assert str(problem).startswith("content/updates/caf\\xe9.yaml:1:1: the file's name is not UTF-8; rename it")


def remove(house: House, *numbers: int) -> None:
    for number in numbers:
        (house.root / "updates" / f"2026-02-01-update-{number}.yaml").unlink()


def test_a_held_removal_holds_nothing_else(house: House) -> None:
    remove(house, 1, 2, 3)
    write_update(house.root, 4, title="Changed meanwhile", more=OFFER)
    outcome = house.publish()
    assert outcome.held == f"3 of 5 updates would vanish ({', '.join(map(NAMES.format, (1, 2, 3)))})"
    assert house.titles()[:5] == ["Update number 5", "Changed meanwhile", *(f"Update number {n}" for n in (3, 2, 1))]


def test_an_edit_of_something_else_does_not_begin_the_time_anew(house: House) -> None:
    remove(house, 1, 2, 3)
    began = house.publish()
    assert began.held.startswith("3 of 5 updates would vanish")
    assert began.next_change == int(NOON.timestamp()) + HOLD
    write_update(house.root, 6, title="An edit meanwhile")
    again = house.publish(LATER, names=[NAMES.format(6)])
    assert again.held
    assert house.titles()[0] == "An edit meanwhile"
    house.restart()
    assert house.publish(LATER).next_change == began.next_change
    done = house.publish(NOON + timedelta(seconds=HOLD), names=[])
    assert (done.held, done.next_change, done.entries) == ("", None, 3)


def test_a_removal_that_is_undone_is_forgotten(house: House) -> None:
    remove(house, 1, 2, 3)
    house.publish()
    for number in (1, 2, 3):
        write_update(house.root, number)
    outcome = house.publish(LATER)
    assert (outcome.held, outcome.next_change) == ("", None)
    remove(house, 1, 2, 3)
    assert house.publish(LATER).next_change == int(LATER.timestamp()) + HOLD


def test_what_joins_a_held_removal_has_its_own_time(house: House) -> None:
    remove(house, 1, 2, 3)
    house.publish()
    remove(house, 5)
    assert "every update in Pay would vanish" in house.publish(LATER).held
    outcome = house.publish(NOON + timedelta(seconds=HOLD))
    assert (outcome.entries, outcome.held) == (
        2,
        f"1 of 5 updates would vanish, every update in Pay would vanish ({NAMES.format(5)})",
    )
    assert house.publish(LATER + timedelta(seconds=HOLD)).entries == 1


def test_files_that_are_renamed_are_not_held(house: House, tmp_path: Path) -> None:
    for number in (1, 2, 3, 4, 5):
        path = house.root / "updates" / f"2026-02-01-update-{number}.yaml"
        path.rename(path.with_name(f"2026-02-02-update-{number}.yaml"))
    outcome = house.publish()
    assert (outcome.held, outcome.problems, outcome.entries) == ("", (), 5)
    assert house.documents() == house.fresh(tmp_path, remembers=True)


def test_a_whole_rebuild_holds_removals_too(house: House, tmp_path: Path) -> None:
    remove(house, 1, 2, 3)
    (house.root / "site.yaml").write_text(SITE.replace("Local 7 Updates", "Local 7 News"))
    assert house.publish().held
    assert len(house.titles()) == 6  # five and the standing entry
    assert b"Local 7 News" in house.documents()["/updates/update-1/"]
    house.publish(may_drop=True)
    assert house.documents() == house.fresh(tmp_path, remembers=True)


def test_what_never_comes_to_rest_holds_only_itself_in_the_end(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    from feedsvc.content.folder import UnsettledError
    from feedsvc.publishing.request import Request

    path = write_update(house.root, 1, title="Written for ever")
    real = os.fstat
    beats = iter(range(10_000))

    def restless(descriptor: int) -> os.stat_result:
        """As if somebody wrote to that one file between any two looks at it."""
        found = real(descriptor)
        if found.st_ino == path.stat().st_ino:
            os.utime(path, ns=(next(beats), next(beats)))
        return found

    monkeypatch.setattr(os, "fstat", restless)
    write_update(house.root, 6, title="Beside it")
    with pytest.raises(UnsettledError):
        house.publish()
    outcome = house.publisher.publish(NOON, Request(is_urgent=True))
    assert [problem.file for problem in outcome.problems] == [NAMES.format(1)]
    assert house.titles()[0] == "Beside it"
    monkeypatch.undo()
    assert house.publish().problems == ()
    assert "Written for ever" in house.titles()


def test_all_updates_of_a_language_or_of_a_category_in_it_do_not_go_at_once(house: House, tmp_path: Path) -> None:
    """Members who read Spanish follow them alone; what goes leaves a way on."""
    site = house.root / "site.yaml"
    site.write_text(site.read_text() + "translations: {es: {title: Avisos}}\n")
    paths = {
        slug: write_update(house.root, number, categories=f"[{slug}]", more="lang: es\n")
        for number, slug in ((6, "covid"), (7, "pay"))
    }
    house.publish()
    paths["pay"].unlink()
    held = house.publish(LATER).held
    assert held.startswith("every update in Avisos: Pay would vanish (content/updates/2026-02-01-update-7.yaml)")
    assert house.documents()["/es/pay/rss.xml"].startswith(b"<?xml")
    house.publish(LATER + timedelta(seconds=HOLD))
    assert house.documents()["/es/pay/rss.xml"] == b"/es/rss.xml"
    paths["covid"].write_text(paths["covid"].read_text().replace("lang: es", "lang: en"))
    later = LATER + timedelta(seconds=2 * HOLD)
    assert (
        "every update in Avisos would vanish, every update in Avisos: COVID would vanish" in house.publish(later).held
    )
    house.publish(later + timedelta(seconds=HOLD))
    assert house.documents()["/es/covid/rss.xml"] == b"/covid/rss.xml"
    assert house.documents() == house.fresh(tmp_path, later + timedelta(seconds=HOLD), remembers=True)


def test_what_is_held_for_a_mistake_stands_in_the_languages_that_the_site_has_now(house: House) -> None:
    path = write_update(house.root, 6, more="lang: es\n")
    house.publish()
    path.write_text("title: [")
    site = house.root / "site.yaml"
    plain = site.read_text()
    site.write_text(plain + "translations: {es: {title: Avisos}}\n")
    assert [problem.file for problem in house.publish(LATER).problems] == [NAMES.format(6)]
    assert b"Update number 6" in house.documents()["/es/covid/"]
    site.write_text(plain)
    house.publish(LATER)
    assert "/es/covid/" not in house.documents()
