"""What befalls content folders: half files, leftovers, mistakes, mishaps. What is published stays whole throughout."""

import os
import shutil
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from feedsvc.publication.status import Cause
from tests.faults.conftest import UPDATES, Ground, hang_up

GOOD = "title: {title}\npublished: {published}\ncategories: [covid]\nsummary: It is out.\nbody: |\n  Text.\n"


def held_files(ground: Ground) -> list[str]:
    """The names of the files that are held back."""
    names = {Path(problem.file).name for problem, _ in ground.service.overview().held_back}
    return sorted(names)


def wait_until_held(ground: Ground, *names: str) -> None:
    ground.service.wait_until(f"{names} held back", lambda: held_files(ground) == sorted(names))
    ground.service.wait_until("their number", lambda: ground.service.ready()["held_back"] == len(names))


def test_what_editors_leave_behind_is_no_content(ground: Ground) -> None:
    generation = ground.service.ready()["generation"]
    names = [".lone.yaml.swp", "lone.yaml~", "#lone.yaml#", ".#lone.yaml", "lone.yaml.tmp", "4913", ".~lock.lone.yaml#"]
    for name in names:
        (ground.updates / name).write_text("half a sentence: [")
    ground.publish()
    assert ground.service.ready()["generation"] == generation + 1
    assert held_files(ground) == []
    for name in names:
        (ground.updates / name).unlink()


def test_a_half_written_file_stays_as_it_was_until_it_is_whole(ground: Ground) -> None:
    whole = ground.lone.read_bytes()
    with ground.lone.open("wb") as file:
        file.write(whole[: len(whole) // 2])
        file.flush()
        wait_until_held(ground, ground.lone.name)
        assert f"lone {ground.number}".encode() in ground.service.get("/rss.xml")[2]
        file.write(whole[len(whole) // 2 :])
    wait_until_held(ground)


def test_a_mistake_is_told_to_operators_once_and_to_nobody_else(ground: Ground) -> None:
    path = ground.updates / "2026-02-01-bulk-1.yaml"
    good, said = path.read_text(), ground.service.log.count("held back: content/updates/2026-02-01-bulk-1.yaml:2:")
    path.write_text(good.replace("2026-02-01 09:00", "2026-02-30 09:00"))
    wait_until_held(ground, path.name)
    ground.publish()
    ready = ground.service.ready()
    ((problem, began),) = ground.service.overview().held_back
    assert (ready["status"], ready["reason"], ready["held_back"]) == ("degraded", "files are held back", 1)
    assert (problem.file, problem.line) == ("content/updates/2026-02-01-bulk-1.yaml", 2)
    assert "2026-02-30" in problem.message
    since = datetime.fromisoformat(ready["since"])
    assert since.timestamp() == began
    assert timedelta(0) <= datetime.now(UTC) - since < timedelta(minutes=5)
    assert b"2026-02-30" not in ground.service.get("/")[2]
    assert b"Bulk update 1<" in ground.service.get("/updates/bulk-1/")[2]
    path.write_text(good)
    wait_until_held(ground)
    assert ground.service.log.count("held back: content/updates/2026-02-01-bulk-1.yaml:2:") == said + 1


def test_a_site_file_with_a_mistake_is_not_followed(ground: Ground) -> None:
    path = ground.content / "site.yaml"
    good = path.read_text()
    path.write_text(good.replace("slug: covid", "slug: COVID 19"))
    wait_until_held(ground, "site.yaml")
    ground.publish()
    path.write_text(good)
    wait_until_held(ground)


def test_what_is_no_readable_file_of_the_folder_is_told_and_the_rest_moves_on(ground: Ground) -> None:
    names = [f"2026-02-02-{kind}.yaml" for kind in ("pipe", "outside", "nowhere", "round", "folder", "locked")]
    pipe, outside, nowhere, round_, folder, locked = (ground.updates / name for name in names)
    os.mkfifo(pipe)
    outside.symlink_to("/etc/hostname")
    nowhere.symlink_to("not-there.yaml")
    round_.symlink_to(round_.name)
    folder.symlink_to("..")
    locked.write_text(GOOD.format(title="Locked", published="2026-02-02"))
    locked.chmod(0)
    wait_until_held(ground, *names)
    ground.publish()
    assert held_files(ground) == sorted(names)
    for name in names:
        (ground.updates / name).unlink()
    wait_until_held(ground)


def test_a_link_inside_the_folder_is_followed_and_may_be_switched(ground: Ground) -> None:
    """As orchestrators mount a volume: every name leads through one link, which is switched at last."""
    link = ground.content / "..data"
    for number in (1, 2):
        folder = ground.content / f"..{number}"
        folder.mkdir()
        (folder / "x.yaml").write_text(GOOD.format(title=f"Mounted {number}", published="2026-03-02"))
    link.symlink_to("..1")
    (ground.updates / "2026-03-02-mounted.yaml").symlink_to("../..data/x.yaml")
    ground.service.wait_until_served("Mounted 1")
    fresh = ground.content / "..data_tmp"
    fresh.symlink_to("..2")
    fresh.rename(link)
    ground.service.wait_until_served("Mounted 2")
    (ground.updates / "2026-03-02-mounted.yaml").unlink()
    link.unlink()
    for number in (1, 2):
        shutil.rmtree(ground.content / f"..{number}")


@pytest.mark.parametrize("name", ["content", "content/updates"])
def test_a_folder_that_vanishes_takes_nothing_away_and_heals_when_it_is_back(ground: Ground, name: str) -> None:
    said = ground.service.log.count("not published: ")
    folder = ground.content.parent / name
    away = ground.content.with_name("away")
    folder.rename(away)
    hang_up(ground)
    ground.service.wait_for_log("not published: ", said + 1)
    assert b"Bulk update 1<" in ground.service.get("/updates/bulk-1/")[2]
    away.rename(folder)
    ground.publish()
    assert ground.service.log.count("not published: ") == said + 1


def test_a_folder_that_is_exchanged_at_once_is_followed(ground: Ground) -> None:
    """As tools deploy that prepare a whole tree and then switch to it."""
    prepared, old = ground.content.with_name("prepared"), ground.content.with_name("old")
    shutil.copytree(ground.content, prepared)
    (prepared / "updates" / "2026-03-03-new.yaml").write_text(GOOD.format(title="Exchanged", published="2026-03-03"))
    ground.content.rename(old)
    prepared.rename(ground.content)
    ground.service.wait_until_served("Exchanged")
    ground.publish()
    ground.content.rename(prepared)
    old.rename(ground.content)
    shutil.rmtree(prepared)


def test_what_takes_most_away_is_held_until_it_is_confirmed(ground: Ground) -> None:
    original = ground.content.with_name("original")
    shutil.copytree(ground.updates, original)
    reason = f"{UPDATES} of {UPDATES + 1} updates would vanish"
    for number in range(1, UPDATES + 1):
        (ground.updates / f"2026-02-01-bulk-{number}.yaml").unlink()
    ground.service.wait_for_log(f"held back: {reason}")
    ground.service.wait_until("the reason for all", lambda: ground.service.ready()["reason"] == Cause.CHANGE_HELD.words)
    publishing = ground.service.overview().condition.publishing
    assert publishing is not None
    assert reason in publishing.said
    assert b"Bulk update 1<" in ground.service.get("/updates/bulk-1/")[2]
    (ground.content / "confirm-removal").touch()
    ground.service.wait_until("the removal", lambda: ground.service.get("/updates/bulk-1/")[0] == 410)
    (ground.content / "confirm-removal").unlink()
    ground.restore(original)
    ground.service.wait_until("the return", lambda: ground.service.get("/updates/bulk-1/")[0] == 200)
    shutil.rmtree(original)


def test_a_mishap_that_is_undone_was_never_seen(ground: Ground) -> None:
    original = ground.content.with_name("original")
    shutil.copytree(ground.updates, original)
    said = ground.service.log.count("would vanish")
    for path in ground.updates.iterdir():
        path.unlink()
    ground.service.wait_for_log("would vanish", said + 1)
    ground.restore(original)
    shutil.rmtree(original)
    ground.publish()
    assert ground.service.ready()["reason"] is None


def test_what_the_system_does_not_tell_is_found_when_asked_for(ground: Ground) -> None:
    """A write through another name of the file is not told to who watches the folder."""
    elsewhere = ground.content.with_name("elsewhere.yaml")
    elsewhere.hardlink_to(ground.lone)
    ground.number += 1
    elsewhere.write_text(elsewhere.read_text().replace(f"lone {ground.number - 1}", f"lone {ground.number}"))
    hang_up(ground)
    asked = time.monotonic()
    ground.service.wait_until_served(f"lone {ground.number}")
    assert time.monotonic() - asked < 10  # a look without being asked comes every fifteen seconds
    elsewhere.unlink()


def test_what_falls_due_appears_without_an_edit(ground: Ground) -> None:
    due = datetime.now(UTC).replace(microsecond=0) + timedelta(seconds=4)
    path = ground.updates / "2026-03-04-due.yaml"
    path.write_text(GOOD.format(title="Fell due", published=f"{due:%Y-%m-%dT%H:%M:%SZ}"))
    ground.publish()
    while b"Fell due" not in ground.service.get("/rss.xml")[2]:
        assert datetime.now(UTC) < due + timedelta(seconds=20)
    assert datetime.now(UTC) >= due
    path.unlink()
