import json
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import mkdtemp

import feedparser
import pytest

from feedsvc.content.folder import UnsettledError
from feedsvc.errors import ContentError
from feedsvc.publication.database import StoreError
from feedsvc.publication.memory import memory_path
from feedsvc.publication.reader import Reader
from feedsvc.publication.rows import Stored
from feedsvc.publication.store import Store
from feedsvc.publishing.journal import Limits
from feedsvc.publishing.publisher import Publisher
from feedsvc.publishing.request import MovedError, Outcome, Request
from feedsvc.publishing.timings import Timings
from feedsvc.settings import Settings
from tests.harness.folder import copy_memory, write_folder, write_update

NOON = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
NAMES = "content/updates/2026-02-01-update-{}.yaml"


class House:
    """A content folder, its publication, and a publisher that stays alive between publishes."""

    def __init__(self, folder: Path) -> None:
        self.root = write_folder(folder / "content", 3)
        self.path = folder / "publication.db"
        self.store = Store(self.path)
        self.publisher = Publisher(Settings(content=self.root), self.store)

    def restart(self, base_url: str | None = None) -> None:
        self.open(time.time, base_url)

    def open(self, clock: Callable[[], float], base_url: str | None = None) -> None:
        self.store.close()
        self.store = Store(self.path, clock=clock)
        self.publisher = Publisher(Settings(content=self.root, base_url=base_url), self.store)

    def publish(self, as_of: datetime = NOON, names: list[str] | None = None, *, may_drop: bool = False) -> Outcome:
        return self.publisher.publish(as_of, Request(names=names, may_drop=may_drop))

    def documents(self) -> dict[str, bytes]:
        return {found.path: found.variants.identity for found in self.every()}

    def titles(self, feed: str = "/rss.xml") -> list[str]:
        return [entry.title for entry in feedparser.parse(self.documents()[feed]).entries]

    def dates(self) -> dict[str, int]:
        return {found.path: found.modified for found in self.every()}

    def fresh(self, folder: Path, as_of: datetime = NOON, *, remembers: bool = False) -> dict[str, bytes]:
        """What a publisher makes of the same content that knows nothing but, if asked, what this one remembers."""
        path = Path(mkdtemp(dir=folder)) / "publication.db"
        if remembers:
            copy_memory(self.path, path)
        store = Store(path)
        settings = Settings(content=self.root, publication=path, pictures=Settings().kept_pictures)  # made once for all
        Publisher(settings, store).publish(as_of)
        store.close()
        reader = Reader(path)
        documents = {found.path: found.variants.identity for found in reader.every()}
        reader.close()
        return documents

    def every(self) -> list[Stored]:
        reader = Reader(self.path)
        try:
            return list(reader.every())
        finally:
            reader.close()


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    house = House(tmp_path)
    yield house
    house.store.close()


def test_everything_is_published_once_and_a_second_time_renders_nothing(house: House) -> None:
    first = house.publish()
    assert first.entries == 3
    assert first.written == len(house.documents())
    again = house.publish()
    assert (again.written, again.removed, again.generation) == (0, 0, first.generation)


def test_a_restart_renders_nothing(house: House) -> None:
    first = house.publish()
    house.restart()
    again = house.publish()
    assert (again.written, again.removed, again.generation, again.entries) == (0, 0, first.generation, 3)


def test_a_changed_update_renders_only_what_shows_it(house: House) -> None:
    house.publish()
    before = house.documents()
    write_update(house.root, 1, title="A better title")
    outcome = house.publish()
    after = house.documents()
    changed = {path for path in after if after[path] != before.get(path)}
    assert outcome.written == len(changed)
    assert "/updates/update-1/" in changed
    assert {"/rss.xml", "/covid/atom.xml", "/"} <= changed
    assert not any(path.startswith("/pay/") for path in changed)
    assert house.titles()[2] == "A better title"


def test_told_names_are_enough(house: House) -> None:
    """A watcher that knows what changed spares the look at everything."""
    house.publish()
    write_update(house.root, 1, title="First, mended")
    write_update(house.root, 2, title="Second, not told of")
    (house.root / "updates" / "2026-02-01-update-3.yaml").unlink()
    house.publish(names=[NAMES.format(1), NAMES.format(3), NAMES.format(99)])
    assert house.titles()[:2] == ["Update number 2", "First, mended"]
    house.publish()
    assert house.titles()[:2] == ["Second, not told of", "First, mended"]


def test_a_bad_file_keeps_its_last_good_version_and_heals(house: House, tmp_path: Path) -> None:
    house.publish()
    good = house.documents()
    path = house.root / "updates" / "2026-02-01-update-2.yaml"
    text = path.read_text()
    path.write_text(text.replace("categories: [covid]", "categories: [covd]"))
    write_update(house.root, 4)
    outcome = house.publish()
    assert [problem.file for problem in outcome.problems] == [NAMES.format(2)]
    assert "Update number 2" in house.titles()
    assert "Update number 4" in house.titles()
    assert house.documents()["/updates/update-1/"] == good["/updates/update-1/"]
    assert Reader(house.path).held_back()[0][1] == int(NOON.timestamp())
    house.restart()
    assert [problem.file for problem in house.publish(NOON + timedelta(hours=1)).problems] == [NAMES.format(2)]
    path.write_text(text.replace("What update 2", "Now well, what update 2"))
    assert house.publish().problems == ()
    assert house.documents() == house.fresh(tmp_path)


def test_a_cold_start_with_a_bad_file_publishes_the_good_ones(house: House) -> None:
    path = house.root / "updates" / "2026-02-01-update-2.yaml"
    path.write_text("title: [")
    outcome = house.publish()
    assert outcome.entries == 2
    assert house.titles()[:2] == ["Update number 3", "Update number 1"]


def test_a_bad_site_keeps_the_last_good_one(house: House) -> None:
    house.publish()
    site = house.root / "site.yaml"
    text = site.read_text()
    site.write_text(text.replace("time_zone: America/Los_Angeles", "time_zone: America/Nowhere"))
    write_update(house.root, 4)
    outcome = house.publish()
    assert [problem.file for problem in outcome.problems] == ["content/site.yaml"]
    assert house.titles()[0] == "Update number 4"
    assert house.publish().problems == outcome.problems
    house.restart()
    assert house.publish().problems == outcome.problems
    site.write_text(text.replace("Local 7 Updates", "Local 7 News"))
    assert house.publish().problems == ()
    assert feedparser.parse(house.documents()["/rss.xml"]).feed.title == "Local 7 News"


def test_a_bad_site_at_the_first_start_is_an_error_and_publishes_nothing(house: House) -> None:
    (house.root / "site.yaml").write_text("title: x")
    with pytest.raises(ContentError):
        house.publish()
    assert house.store.generation() == 0


def test_of_two_files_with_one_address_the_first_by_name_keeps_it(house: House, tmp_path: Path) -> None:
    house.publish()
    write_update(house.root, 3, slug="update-1")
    outcome = house.publish()
    assert [(problem.file, problem.field) for problem in outcome.problems] == [(NAMES.format(3), "slug")]
    assert NAMES.format(1) in outcome.problems[0].message
    assert "Update number 3" in house.titles()  # its last good version stays
    (house.root / "updates" / "2026-02-01-update-1.yaml").unlink()
    assert house.publish().problems == ()
    assert house.documents() == house.fresh(tmp_path)


@pytest.mark.parametrize("fields", [{"slug": "update-2"}, {"id": "2026-02-01-update-2"}])
def test_a_newcomer_takes_nothing_that_is_published(house: House, tmp_path: Path, fields: dict[str, str]) -> None:
    """Neither its earlier date nor its name helps it: readers know the other by what it wants."""
    house.publish()
    write_update(house.root, 0, title="The newcomer", **fields)
    outcome = house.publish()
    assert [problem.file for problem in outcome.problems] == [NAMES.format(0)]
    assert NAMES.format(2) in outcome.problems[0].message
    assert house.documents() == house.fresh(tmp_path, remembers=True)
    house.restart()
    assert [problem.file for problem in house.publish().problems] == [NAMES.format(0)]
    (house.root / "updates" / "2026-02-01-update-2.yaml").unlink()
    assert house.publish().problems == ()
    assert "The newcomer" in house.titles()


def test_a_copy_or_a_draft_takes_no_update_down(house: House) -> None:
    """As an officer makes them: a copy in the file manager, and a draft for the next month."""
    path = write_update(house.root, 4, id="2026-02-01-update-4", slug="update-4")
    house.publish()
    before = house.documents()
    path.with_name("2026-02-01-update-4-copy.yaml").write_text(path.read_text())
    path.with_name("2026-01-01-draft.yaml").write_text(path.read_text() + "draft: true\n")
    outcome = house.publish()
    assert [problem.file for problem in outcome.problems] == ["content/updates/2026-02-01-update-4-copy.yaml"] * 2
    assert house.documents() == before


def test_two_updates_of_one_instant_are_a_second_apart_for_good(house: House, tmp_path: Path) -> None:
    house.publish()
    write_update(house.root, 4, published="2026-02-01 08:03")
    house.publish()
    assert house.titles()[:2] == ["Update number 4", "Update number 3"]
    entries = feedparser.parse(house.documents()["/atom.xml"]).entries
    assert [entry.published[-9:-6] for entry in entries[:2]] == [":01", ":00"]
    assert entries[0].updated == entries[0].published
    house.restart()
    assert house.publish().written == 0
    (house.root / "updates" / "2026-02-01-update-3.yaml").unlink()
    house.publish()
    assert feedparser.parse(house.documents()["/atom.xml"]).entries[0].published == entries[0].published
    assert house.documents() == house.fresh(tmp_path, remembers=True)


def test_a_changed_date_is_followed_and_noted(house: House) -> None:
    house.publish()
    write_update(house.root, 1, published="2026-02-01 10:00")
    assert "published was changed" in house.publish().events[0]
    assert house.titles()[0] == "Update number 1"
    assert house.publish().events == ()


@pytest.mark.parametrize("moved", ["event: {start: 2026-03-20 19:00, place: Hall}", "event: 2026-03-21 18:00", ""])
def test_a_date_or_place_that_moved_without_a_word_is_told_once(house: House, moved: str) -> None:
    write_update(house.root, 1, more="event: {start: 2026-03-20 18:00, place: Hall}\n")
    assert house.publish().events == ()
    write_update(house.root, 1, more=f"{moved}\n")
    (event,) = house.publish().events
    assert event.endswith(
        "a date or place that was announced is another one now, and changes says nothing of it, so no reader is told"
    )
    assert house.publish().events == ()
    write_update(house.root, 1, more="event: 2026-03-22\n", changes="[{date: 2026-02-20, note: Moved.}]")
    assert house.publish().events == ()


def test_a_memory_that_is_lost_is_learnt_again_from_what_is_published(house: House) -> None:
    house.publish()
    house.store.close()
    memory_path(house.path).unlink()
    house.restart()
    write_update(house.root, 0, slug="update-2", title="The newcomer")
    assert [problem.file for problem in house.publish().problems] == [NAMES.format(0)]


def test_without_memory_and_publication_the_ledger_says_who_was_first(house: House) -> None:
    house.publish()
    house.store.close()
    for path in (house.path, memory_path(house.path)):
        path.unlink()
    line = "2026-02-01T16:02:00Z tag:news.example.org,2026:entry/2026-02-01-update-2 update-2\n"
    (house.root / "ledger.txt").write_text(line)
    write_update(house.root, 0, slug="update-2", title="The newcomer")
    house.restart()
    assert [problem.file for problem in house.publish().problems] == [NAMES.format(0)]


def test_a_ledger_of_another_site_holds_nothing_and_a_line_that_cannot_be_read_is_named(house: House) -> None:
    lines = [f"2026-02-01T16:0{number}:00Z tag:other.example,2026:entry/{number} update-1" for number in range(9)]
    (house.root / "ledger.txt").write_text("\n".join([*lines, "no line"]) + "\n")
    (note,) = house.publish().events
    assert note.startswith("content/ledger.txt:10:1: this is no line of the ledger")
    entries = feedparser.parse(house.documents()["/atom.xml"]).entries
    assert {entry.published[-8:-6] for entry in entries} == {"00"}
    write_update(house.root, 4)
    assert house.publish().events == ()


@pytest.mark.parametrize(
    "statements",
    [
        ("UPDATE source SET listed = json_remove(listed, '$.digest')",),
        ("UPDATE source SET listed = '{'", "UPDATE state SET value = '{' WHERE name = 'site'"),
        ("UPDATE state SET value = '[7]' WHERE name IN ('site', 'files', 'site_problems')",),
        ("UPDATE entry SET loaded = json_remove(loaded, '$.entry.title')",),
        ("PRAGMA user_version = 2",),
        ("DROP TABLE document", "CREATE TABLE document (path TEXT PRIMARY KEY)", "PRAGMA user_version = 1"),
    ],
    ids=["a noun without a field", "no JSON", "other shapes", "an entry without a title", "tables of 2", "tables of 1"],
)
def test_what_another_release_wrote_is_made_anew(house: House, tmp_path: Path, statements: tuple[str, ...]) -> None:
    house.publish()
    house.store.close()
    with closing(sqlite3.connect(house.path, isolation_level=None)) as other:
        for statement in ("UPDATE state SET value = 'another' WHERE name = 'basis'", *statements):
            other.execute(statement)
    bad = house.root / "updates" / "2026-02-01-update-2.yaml"
    good = bad.read_text()
    bad.write_text("title: [")
    house.restart()
    assert [problem.file for problem in house.publish().problems][:1] == [NAMES.format(2)]
    assert {"Update number 1", "Update number 3"} <= set(house.titles())
    bad.write_text(good)
    assert house.publish().problems == ()
    assert house.documents() == house.fresh(tmp_path)


def test_after_an_update_of_the_program_a_bad_file_stays_as_it_last_was_good(house: House) -> None:
    house.publish()
    house.store.close()
    with closing(sqlite3.connect(house.path, isolation_level=None)) as other:
        other.execute("UPDATE state SET value = 'another' WHERE name = 'basis'")
    (house.root / "updates" / "2026-02-01-update-2.yaml").write_text("title: [")
    house.restart()
    house.publish()
    assert "Update number 2" in house.titles()


def test_bytes_that_move_are_dated_and_bytes_that_stay_keep_their_date(house: House) -> None:
    """A corrected text, a backdated update, a withdrawn one: none of them has a newer date in the content."""
    now = [1000.0]
    house.open(lambda: now[0])
    house.publish()
    changes: list[Callable[[], object]] = [
        lambda: write_update(house.root, 1, body="Another room."),
        lambda: write_update(house.root, 4, published="2026-01-01 08:00"),
        (house.root / "updates" / "2026-02-01-update-3.yaml").unlink,
        lambda: house.publish(NOON + timedelta(days=1)),
    ]
    for change in changes:
        before, dates = house.documents(), house.dates()
        now[0] += 100
        change()
        house.publish()
        after = house.documents()
        moved = {path for path, date in house.dates().items() if date != dates.get(path)}
        assert moved == {path for path in after if after[path] != before.get(path)}
        assert {house.dates()[path] for path in moved} <= {now[0] + 1}


@pytest.mark.parametrize(
    ("served", "shell", "refused"),
    [
        (None, None, False),
        ("https://a.example/", "https://a.example/", False),
        ("https://a.example/", None, True),
        (None, "https://a.example/", True),
        ("https://a.example/", "https://b.example/", True),
    ],
)
def test_a_publication_is_not_moved_by_who_does_not_know_its_address(
    house: House, served: str | None, shell: str | None, refused: bool
) -> None:
    house.restart(served)
    house.publish()
    before = house.documents()
    house.restart(shell)
    if refused:
        with pytest.raises(MovedError, match="FEEDSVC_BASE_URL="):
            house.publisher.publish(NOON, Request(may_move=False))
    else:
        house.publisher.publish(NOON, Request(may_move=False))
    assert house.documents() == before
    house.restart(shell)
    house.publish()  # the service itself follows its settings
    expected = shell or "https://news.example.org/"
    assert feedparser.parse(house.documents()["/rss.xml"]).feed.link == expected


def test_a_house_moves_by_site_yaml_alone(house: House) -> None:
    house.publish()
    site = house.root / "site.yaml"
    site.write_text(site.read_text().replace("https://news.example.org/", "https://moved.example.net/"))
    house.publisher.publish(NOON, Request(may_move=False))
    assert feedparser.parse(house.documents()["/rss.xml"]).feed.link == "https://moved.example.net/"


def test_an_update_appears_when_it_is_due_without_an_edit(house: House, tmp_path: Path) -> None:
    write_update(house.root, 9, published="2026-03-01 08:00")  # 16:00 UTC
    due = datetime(2026, 3, 1, 16, 0, tzinfo=UTC)
    outcome = house.publish()
    assert outcome.next_change == int(due.timestamp())
    assert "Update number 9" not in house.titles()
    assert not any(b"Update number 9" in body for body in house.documents().values())
    assert house.publish(due - timedelta(seconds=1)).written == 0
    assert house.publish(due).next_change is None
    assert house.titles()[0] == "Update number 9"
    assert house.documents() == house.fresh(tmp_path, due)


def test_an_expired_update_leaves_feeds_and_lists_and_its_page_says_so(house: House, tmp_path: Path) -> None:
    write_update(house.root, 9, expires="2026-03-01")  # the end of that day in Los Angeles
    end = datetime(2026, 3, 2, 7, 59, tzinfo=UTC)
    assert house.publish().next_change == int(end.timestamp())
    assert house.titles()[0] == "Update number 9"
    assert b"has expired" not in house.documents()["/updates/update-9/"]
    assert house.publish(end).next_change is None
    documents = house.documents()
    assert "Update number 9" not in house.titles("/atom.xml")
    elsewhere = (body for path, body in documents.items() if not path.startswith("/updates/update-9/"))
    assert not any(b"/updates/update-9/" in body for body in elsewhere)
    assert b"This update has expired." in documents["/updates/update-9/"]
    assert documents == house.fresh(tmp_path, end)


def test_the_last_update_of_a_category_may_expire(house: House) -> None:
    """What was scheduled is no mishap: only an edit that takes much away is held."""
    write_update(house.root, 9, expires="2026-03-01", categories="[pay]")
    house.publish()
    assert house.publish(NOON + timedelta(days=2)).entries == 3


def test_a_clock_set_back_a_day_takes_nothing_back(house: House) -> None:
    write_update(house.root, 9, published="2026-03-01 08:00")
    house.publish(NOON + timedelta(days=1))
    assert house.publish(NOON).entries == 4
    house.restart()
    assert house.publish(NOON).entries == 4


def test_a_clock_that_was_years_ahead_is_not_believed_for_ever(house: House) -> None:
    write_update(house.root, 9, published="2027-03-01 08:00")
    assert house.publish(NOON + timedelta(days=999)).entries == 4
    assert house.publish(NOON).entries == 3
    assert "Update number 9" not in house.titles()
    assert "/updates/update-9/" not in house.documents()
    house.publish(NOON + timedelta(days=999))
    house.restart()
    assert house.publish(NOON).entries == 3


def test_a_change_that_takes_most_away_is_refused_until_confirmed(house: House) -> None:
    house.publish()
    before = house.documents()
    for number in (1, 2):
        (house.root / "updates" / f"2026-02-01-update-{number}.yaml").unlink()
    assert house.publish().held == f"2 of 3 updates would vanish ({NAMES.format(1)}, {NAMES.format(2)})"
    assert house.documents() == before
    assert house.publish(may_drop=True).entries == 1


def test_a_change_that_empties_a_category_is_refused_until_confirmed(house: House) -> None:
    write_update(house.root, 4, categories="[pay]")
    house.publish()
    write_update(house.root, 4, categories="[covid]")
    assert house.publish().held == f"every update in Pay would vanish ({NAMES.format(4)})"
    assert house.publish(may_drop=True).entries == 4


def test_content_that_does_not_rest_is_not_published(house: House) -> None:
    house.publish()
    write_update(house.root, 4)
    with pytest.raises(UnsettledError):
        house.publisher.publish(NOON, Request(is_settled=lambda: False))
    assert house.publish().entries == 4


def test_after_content_that_did_not_rest_only_what_was_told_is_looked_at(house: House) -> None:
    house.publish()
    for number in (4, 5):
        write_update(house.root, number)
    told = Request(names=[NAMES.format(4)], is_settled=lambda: False)
    with pytest.raises(UnsettledError):
        house.publisher.publish(NOON, told)
    assert house.publish(names=[NAMES.format(4)]).entries == 4
    assert house.publish().entries == 5


def test_a_mistake_that_was_mended_while_content_did_not_rest_is_told_again(house: House) -> None:
    house.publish()
    icon = house.root / "files" / "icon.png"
    octets = icon.read_bytes()
    icon.unlink()
    (found,) = house.publish().problems
    icon.write_bytes(octets)
    with pytest.raises(UnsettledError):
        house.publisher.publish(NOON, Request(is_settled=lambda: False))
    icon.unlink()
    assert house.publish().problems == (found,)


def test_a_draft_is_nowhere(house: House) -> None:
    write_update(house.root, 9, draft="true", title="A secret draft")
    house.publish()
    assert not any(b"secret draft" in body for body in house.documents().values())


def test_a_file_is_published_with_the_update_that_offers_it_and_goes_with_it(house: House) -> None:
    (house.root / "files" / "rules.pdf").write_bytes(b"%PDF-1.4 one")
    house.publish()
    assert "/files/rules.pdf" not in house.documents()
    write_update(house.root, 4, more="attachments:\n  - file: rules.pdf\n    title: The rules\n")
    house.publish()
    assert house.documents()["/files/rules.pdf"] == b"%PDF-1.4 one"
    (house.root / "files" / "rules.pdf").write_bytes(b"%PDF-1.4 two, longer")
    house.publish()
    assert house.documents()["/files/rules.pdf"] == b"%PDF-1.4 two, longer"
    lengths = [enclosure.length for enclosure in feedparser.parse(house.documents()["/rss.xml"]).entries[0].enclosures]
    assert lengths == ["20"]
    (house.root / "updates" / "2026-02-01-update-4.yaml").unlink()
    house.publish()
    assert "/files/rules.pdf" not in house.documents()


def test_a_missing_file_that_arrives_later_heals_its_update(house: House) -> None:
    write_update(house.root, 4, more="attachments:\n  - file: late.pdf\n    title: Late\n")
    assert len(house.publish().problems) == 1
    (house.root / "files" / "late.pdf").write_bytes(b"%PDF-1.4")
    assert house.publish().problems == ()
    assert "Update number 4" in house.titles()


def test_another_base_url_changes_every_address_but_no_id(house: House) -> None:
    house.publish()
    before = feedparser.parse(house.documents()["/atom.xml"])
    house.restart(base_url="https://moved.example.net/news/")
    house.publish()
    after = feedparser.parse(house.documents()["/atom.xml"])
    assert [entry.id for entry in after.entries] == [entry.id for entry in before.entries]
    assert all(entry.link.startswith("https://moved.example.net/news/") for entry in after.entries)
    assert not any(b"news.example.org/" in body for path, body in house.documents().items() if path.endswith("xml"))
    assert Reader(house.path).state()[1].prefix == "/news"


def test_another_process_that_published_meanwhile_is_noticed(house: House) -> None:
    house.publish()
    other = Store(house.path)
    write_update(house.root, 4)
    Publisher(Settings(content=house.root, publication=house.path), other).publish(NOON)
    other.close()
    write_update(house.root, 5)
    assert house.publish().entries == 5
    assert house.titles()[:2] == ["Update number 5", "Update number 4"]


def test_a_publish_that_fails_leaves_the_last_generation_and_the_next_heals(house: House) -> None:
    house.publish()
    before = house.documents()
    write_update(house.root, 4)

    def stop(done: int, whole: int) -> None:
        raise KeyboardInterrupt(f"{done} of {whole}")

    with pytest.raises(KeyboardInterrupt):
        house.publisher.publish(NOON, Request(progress=stop))
    assert house.documents() == before
    assert house.publish().entries == 4
    assert house.titles()[0] == "Update number 4"


def test_an_attachment_that_vanishes_while_publishing_stops_the_publish(house: House) -> None:
    (house.root / "files" / "rules.pdf").write_bytes(b"%PDF-1.4 one")
    write_update(house.root, 4, more="attachments:\n  - file: rules.pdf\n    title: The rules\n")

    def vanish() -> bool:
        """What is asked between reading and rendering."""
        (house.root / "files" / "rules.pdf").unlink()
        return True

    with pytest.raises(UnsettledError):
        house.publisher.publish(NOON, Request(is_settled=vanish))
    assert house.store.generation() == 0


def test_who_is_overtaken_looks_again_and_publishes_on_top(house: House) -> None:
    house.publish()
    other = House.__new__(House)
    other.root, other.path = house.root, house.path
    other.store = Store(house.path)
    other.publisher = Publisher(Settings(content=house.root), other.store)
    meanwhile = iter([4])

    def overtake() -> bool:
        for number in meanwhile:
            write_update(house.root, number)
            other.publish()
        return True

    write_update(house.root, 5)
    house.publisher.publish(NOON, Request(is_settled=overtake))
    assert house.titles()[:2] == ["Update number 5", "Update number 4"]
    other.store.close()


def test_who_is_overtaken_again_and_again_gives_up_in_words(house: House) -> None:
    house.publish()
    other = Store(house.path)
    publisher, numbers = Publisher(Settings(content=house.root), other), iter(range(10, 99))

    def overtake() -> bool:
        write_update(house.root, next(numbers))
        publisher.publish(NOON)
        write_update(house.root, next(numbers))
        return True

    write_update(house.root, 5)
    with pytest.raises(StoreError, match="was published while"):
        house.publisher.publish(NOON, Request(is_settled=overtake))
    other.close()


def publish_for(house: House, seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        house.publish()


def test_a_file_that_is_being_written_is_not_published(house: House) -> None:
    house.publish()
    stop = threading.Event()
    path = house.root / "updates" / "2026-02-01-update-1.yaml"
    text = path.read_text()

    def write() -> None:
        while not stop.is_set():
            path.write_text(text + "  More of it.\n" * 20_000)
            path.write_text(text)

    writer = threading.Thread(target=write)
    writer.start()
    try:
        with pytest.raises(UnsettledError):
            publish_for(house, 30)
    finally:
        stop.set()
        writer.join()
    house.publish()
    assert "Update number 1" in house.titles()


def test_few_entries_in_memory_are_enough(house: House, tmp_path: Path) -> None:
    house.publisher = Publisher(Settings(content=house.root), house.store, Timings(limits=Limits(remembered=1)))
    house.publisher.warm_up()  # before the first publish there is nothing to be warmed
    house.publish()
    house.publisher.warm_up()
    assert house.documents() == house.fresh(tmp_path)


def test_progress_counts_to_the_end(house: House) -> None:
    seen: list[tuple[int, int]] = []
    outcome = house.publisher.publish(NOON, Request(progress=lambda done, whole: seen.append((done, whole))))
    assert seen[0][0] == 1
    assert seen[-1] == (outcome.written, outcome.written)


def test_many_updates_are_published_by_several_processes_alike(tmp_path: Path, house: House) -> None:
    for number in range(4, 300):
        write_update(house.root, number)
    outcome = house.publish()
    assert outcome.entries == 299
    assert house.documents() == house.fresh(tmp_path)
    listed = json.loads(house.documents()["/feed.json"])["items"]
    assert listed[0]["title"] == "Update number 299"
    write_update(house.root, 150, title="Changed among many")
    # its page, frame and oEmbed; pages of its neighbours; page and feeds of the year, of everything and its category;
    # a piece of the index for searching
    assert house.publish().written == 3 + 2 + 2 * (1 + 3) + 1
    (house.root / "site.yaml").write_text((house.root / "site.yaml").read_text().replace("Local 7 Up", "Local 8 Up"))
    (house.root / "updates" / "2026-02-01-update-5.yaml").write_text("broken: [")
    assert house.publish().entries == 299
    assert b"Local 8 Updates" in house.documents()["/updates/update-5/"]
