"""What reminds of a deadline: an entry of its own in feeds, once, and never of what no longer holds."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import feedparser
import pytest

from feedsvc.publication.memory import count_remembered
from tests.harness.folder import write_update
from tests.publishing.test_publisher import House

DAY = timedelta(days=1)
PATH = "/covid/atom.xml"
FIRST = datetime(2026, 3, 7, 17, 0, 30, tzinfo=UTC)  # three days before the tenth, at nine
SECOND = datetime(2026, 3, 17, 16, 0, 30, tzinfo=UTC)  # the same of the twentieth; clocks go forward between
ID = "tag:news.example.org,2026:entry/2026-02-01-update-3"
ASKED = "deadline: {}\nremind: 3 days\n"


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    house = House(tmp_path)
    write_update(house.root, 3, more=ASKED.format("2026-03-10"))
    house.publish(FIRST - DAY)
    yield house
    house.store.close()


def reminders(house: House, feed: str = PATH) -> dict[str, tuple[str, str, str]]:
    """By what its id holds beside the update's: title, instant and text."""
    entries = feedparser.parse(house.documents()[feed]).entries
    return {
        entry.id.removeprefix(ID): (entry.title, entry.published, entry.content[0].value)
        for entry in entries
        if "#" in entry.id
    }


def test_a_reminder_is_published_once_beside_its_update_until_the_deadline(house: House, tmp_path: Path) -> None:
    assert reminders(house) == {}
    assert house.publish(FIRST - timedelta(seconds=1)).written == 0
    house.publish(FIRST)
    ((key, (title, published, text)),) = reminders(house).items()
    assert (key, title) == ("#reminder-2026-03-10", "Reminder: Update number 3")
    assert published == "2026-03-07T09:00:30-08:00"
    assert "<strong>Deadline:</strong> Tuesday, March 10, 2026." in text
    assert 'href="https://news.example.org/updates/update-3/#reminder-2026-03-10"' in text
    assert house.titles(PATH)[0] == "Reminder: Update number 3"
    assert len(feedparser.parse(house.documents()[PATH]).entries) == 5, "the three, and what the feed is about"
    assert not any(b"Reminder" in body for path, body in house.documents().items() if path.endswith("/"))
    assert house.documents() == house.fresh(tmp_path, FIRST) == house.fresh(tmp_path, FIRST, remembers=True)
    write_update(house.root, 3, more=ASKED.format("2026-03-10").replace("3 days", "1 day"))
    house.restart()
    house.publish(FIRST + 2 * DAY)
    assert reminders(house)[key][1] == published
    midnight = datetime(2026, 3, 11, 7, 0, tzinfo=UTC)
    house.publish(midnight - timedelta(seconds=1))
    assert reminders(house).keys() == {key}
    house.publish(midnight)
    assert reminders(house) == {}
    assert count_remembered(house.path) == 3, "it counts updates"


def test_a_moved_deadline_is_reminded_of_anew_and_what_is_out_says_so(house: House, tmp_path: Path) -> None:
    """Under the id that readers know: whoever keeps the first reminder would else come on a wrong day."""
    house.publish(FIRST)
    moved = "changes: [{date: 2026-03-08 09:00, note: It is a week later}]\n"
    write_update(house.root, 3, more=ASKED.format("2026-03-20") + moved)
    house.publish(FIRST + DAY)
    assert reminders(house).keys() == {"#reminder-2026-03-10"}
    house.publish(SECOND)
    found = reminders(house)
    assert found.keys() == {"#reminder-2026-03-10", "#reminder-2026-03-20"}
    for _, _, text in found.values():
        assert "It is a week later." in text.partition("Friday, March 20, 2026.")[0]
    assert found["#reminder-2026-03-10"][1] == "2026-03-07T09:00:30-08:00"
    assert house.documents() == house.fresh(tmp_path, SECOND, remembers=True)
    house.restart()
    assert house.publish(SECOND).written == 0
    write_update(house.root, 3, title="Renamed", more=moved)
    house.publish(SECOND)
    assert reminders(house) == {}, "there is no deadline any more"


def test_a_deadline_that_moves_before_its_reminder_has_one_only(house: House) -> None:
    write_update(house.root, 3, more=ASKED.format("2026-03-20"))
    house.publish(FIRST)
    assert reminders(house) == {}
    house.publish(SECOND)
    assert reminders(house).keys() == {"#reminder-2026-03-20"}


def test_a_reminder_of_what_is_withdrawn_says_so_and_none_appears_later(house: House, tmp_path: Path) -> None:
    taken_back = "withdrawn: 2026-03-08 09:00\nreason: The vote is off.\n"
    write_update(house.root, 2, more=ASKED.format("2026-03-20") + taken_back)
    house.publish(FIRST)
    write_update(house.root, 3, more=ASKED.format("2026-03-10") + taken_back)
    house.publish(SECOND)
    ((key, (title, _, text)),) = reminders(house).items()
    assert (key, title) == ("#reminder-2026-03-10", "Withdrawn: Update number 3")
    assert "The vote is off." in text
    assert house.documents() == house.fresh(tmp_path, SECOND, remembers=True)
    house.publish(SECOND + 30 * DAY)
    assert reminders(house) == {}


def test_there_is_no_reminder_whose_moment_is_past_when_the_update_is_published(house: House) -> None:
    for asked in (ASKED.format("2026-02-03"), ASKED.format("2026-02-01 17:00").replace("3 days", "9 hours")):
        write_update(house.root, 3, more=asked)
        house.publish(datetime(2026, 2, 1, 20, tzinfo=UTC))
        assert reminders(house) == {}


def test_reminders_of_one_moment_have_instants_of_their_own_and_move_no_update(house: House, tmp_path: Path) -> None:
    """Also while the first is out alone: readers know an entry by its date."""
    write_update(house.root, 2, more=ASKED.format("2026-03-10"))
    write_update(house.root, 1, published="2026-03-07 09:00")
    house.publish(FIRST)
    house.publish(FIRST + timedelta(seconds=5))
    published = [entry.published for entry in feedparser.parse(house.documents()[PATH]).entries[:3]]
    assert published == [f"2026-03-07T09:00:{second}-08:00" for second in ("31", "30")] + ["2026-03-07T09:00:00-08:00"]
    house.publish(FIRST + DAY)
    assert published == [entry.published for entry in feedparser.parse(house.documents()[PATH]).entries[:3]]
    assert house.documents() == house.fresh(tmp_path, FIRST + DAY, remembers=True)


def test_an_author_who_moves_a_date_without_a_word_is_told(house: House) -> None:
    """Nobody else is: readers show an update again only for its correction."""
    corrected = "changes: [{date: 2026-03-05 09:00, note: It is a week later}]\n"
    for more, events in {
        ASKED.format("2026-03-10") + "summary: Mended\n": 0,
        ASKED.format("2026-03-12"): 1,
        ASKED.format("2026-03-17") + corrected: 0,
        ASKED.format("2026-03-18") + corrected: 1,
        corrected: 1,
    }.items():
        fields = {"summary": "Mended"} if "summary" in more else {}
        write_update(house.root, 3, more=more.replace("summary: Mended\n", ""), **fields)
        assert len(house.publish(FIRST - DAY).events) == events, more


def test_a_reminder_leads_to_no_update_that_is_not_to_be_seen(house: House, tmp_path: Path) -> None:
    write_update(house.root, 1, more="lang: es\ndraft: true\n")
    write_update(house.root, 3, more=ASKED.format("2026-03-10") + "translation_of: update-1\n")
    house.publish(FIRST)
    assert "update-1" not in reminders(house)["#reminder-2026-03-10"][2]
    assert b"updates/update-1/" not in house.documents()[PATH]
    write_update(house.root, 1, more="lang: es\n")
    house.publish(FIRST + DAY)
    assert "updates/update-1/" in reminders(house)["#reminder-2026-03-10"][2]
    assert house.documents() == house.fresh(tmp_path, FIRST + DAY, remembers=True)
