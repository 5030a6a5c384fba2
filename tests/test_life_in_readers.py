"""Corrections, withdrawals and other names, as a feed reader that members use takes them: what is new, and what not."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from feedsvc.settings import now
from tests.harness.folder import write_folder, write_update
from tests.harness.judges import find_program
from tests.harness.service import Service
from tests.test_readers import UPDATES, Reader


@pytest.fixture(scope="module")
def content(tmp_path_factory: pytest.TempPathFactory) -> Path:
    content = write_folder(tmp_path_factory.mktemp("life") / "content", UPDATES - 1)
    write_update(content, UPDATES, categories="[covid, pay]")
    return content


@pytest.fixture(scope="module")
def service(content: Path) -> Iterator[Service]:
    with Service(content, workers=1) as service:
        yield service


@pytest.fixture
def reader(tmp_path: Path, service: Service) -> Reader:
    return Reader(find_program("newsboat", package="newsboat"), tmp_path / "home", service.port)


def test_a_correction_and_a_withdrawal_reach_the_reader_and_announce_nothing_twice(
    reader: Reader, service: Service, content: Path
) -> None:
    """They come under the id that the reader knows; a new id would be shown beside what was taken back."""
    path = write_update(content, 3, more="event: 2199-03-04 18:00\n")
    service.wait_until_served("March 4, 2199")
    reader.unread_after_reload()
    reader.read_everything()
    today = f"{now():%Y-%m-%d %H:%M}Z"
    write_update(content, 3, changes=f"[{{date: {today}, note: Another room}}]")
    service.wait_until_served("Another room")
    assert reader.unread_after_reload() == 0
    (entry_id,) = (one for one, title in reader.titles().items() if title == "Update number 3")
    path.write_text(f"{path.read_text()}withdrawn: {today}\nreason: No room is free.\n")
    service.wait_until_served("No room is free")
    assert reader.unread_after_reload() == 0
    assert reader.titles()[entry_id] == "Withdrawn: Update number 3"
    assert service.get(f"/updates/{path.stem[11:]}/")[0] == 410


def test_a_renamed_category_loses_no_reader_and_announces_nothing(
    reader: Reader, service: Service, content: Path
) -> None:
    reader.unread_after_reload()
    reader.read_everything()
    site = content / "site.yaml"
    before = site.read_text()
    try:
        site.write_text(before.replace("slug: pay\n", "slug: wages\n    aliases: [pay]\n"))
        service.wait_until("the way on", lambda: service.get("/pay/rss.xml")[0] == 301)
        assert reader.unread_after_reload() == 0
        write_update(content, UPDATES + 1, categories="[pay]")  # by the slug that it had
        service.wait_until_served(f"Update number {UPDATES + 1}")
        assert reader.unread_after_reload() == 1
    finally:
        site.write_text(before)
        service.wait_until("the feed", lambda: service.get("/pay/rss.xml")[0] == 200)


def test_a_reminder_is_new_once_and_a_moved_deadline_is_another(
    reader: Reader, service: Service, content: Path
) -> None:
    """The first stays under its id, and is not shown as new for saying that the date has moved."""
    reader.unread_after_reload()
    reader.read_everything()
    days = [f"{now() + timedelta(days=number):%Y-%m-%d}" for number in (2, 4)]
    write_update(content, 5, more=f"deadline: {days[0]}\nremind: 5 days\n")
    service.wait_until_served("Reminder: Update number 5")
    assert reader.unread_after_reload() == 1
    reader.read_everything()
    moved = f"changes: [{{date: {now():%Y-%m-%d %H:%M}Z, note: Two days later}}]\n"
    write_update(content, 5, more=f"deadline: {days[1]}\nremind: 5 days\n{moved}")
    service.wait_until_served("Two days later")
    assert reader.unread_after_reload() == 1
    assert [title for one, title in reader.titles().items() if "update-5#" in one] == ["Reminder: Update number 5"] * 2
