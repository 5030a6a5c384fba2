"""Any history of edits: nothing unpublished is ever seen, and nothing published moves but by its author's hand."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import feedparser
from hypothesis import given, settings
from hypothesis import strategies as st

from feedsvc.content.ledger import LEDGER, record
from feedsvc.content.loader import load_content
from feedsvc.settings import Settings
from feedsvc.web.app import create_app
from tests.harness.folder import write_update
from tests.publishing.test_publisher import House

Told = tuple[str, str, str]  # an entry's address, instant and text
START = datetime(2026, 3, 1, 17, 0, tzinfo=UTC)


@dataclass(frozen=True)
class Edit:
    """What becomes of one file, and how long it is until the next edit."""

    number: int  # 7 and 8 want the addresses of 1 and 2
    is_there: bool
    is_draft: bool
    days: int  # from the start until it is published: equal days are equal instants
    lasts: int | None
    hours: int


edits = st.builds(
    Edit,
    number=st.sampled_from([1, 2, 3, 4, 5, 7, 8]),
    is_there=st.sampled_from([True, True, True, True, False]),
    is_draft=st.sampled_from([False, False, False, True]),
    days=st.integers(-2, 2),
    lasts=st.sampled_from([None, None, 1, 3]),
    hours=st.integers(0, 30),
)


class History:
    """A house whose content is edited step by step, and what may be seen of it by the words that were written."""

    def __init__(self, folder: Path) -> None:
        self.seconds = 0.0  # of the clock, which goes on by ten from publish to publish
        self.house = House(folder)
        self.house.open(lambda: self.seconds)
        for number in (1, 2, 3):
            self.path(number).unlink()
        self.moment = START
        self.secrets: dict[int, tuple[str, datetime | None]] = {}  # by number: its word, and when it may be seen
        self.was_public = False  # anything at all
        self.hidden: set[str] = set()  # words that were never to be seen
        self.told: dict[str, tuple[str, Told]] = {}  # by id: the word of that version, and what the feed said
        self.client = create_app(Settings(content=self.house.root, publication=self.house.path)).test_client()

    def path(self, number: int) -> Path:
        return self.house.root / "updates" / f"2026-02-01-update-{number}.yaml"

    def edit(self, step: int, edit: Edit) -> None:
        word, published = f"word{step}x{edit.number}", START + timedelta(days=edit.days)
        self.path(edit.number).unlink(missing_ok=True)
        self.secrets.pop(edit.number, None)
        if edit.is_there:
            more = f"expires: {published + timedelta(days=edit.lasts):%Y-%m-%d %H:%M}\n" if edit.lasts else ""
            slug = edit.number - 6 if edit.number > 6 else edit.number
            fields = {
                "slug": f"update-{slug}",
                "title": word,
                "summary": word,
                "body": word,
                "draft": str(edit.is_draft),
            }
            write_update(self.house.root, edit.number, published=f"{published:%Y-%m-%d %H:%M}", more=more, **fields)
            self.secrets[edit.number] = word, None if edit.is_draft else published + timedelta(hours=8)
            self.hidden.add(word)

    def publish(self) -> None:
        dates, before = self.house.dates(), self.house.documents()
        self.seconds += 10
        self.house.publish(self.moment, may_drop=True)
        now = self.house.dates()
        after = self.house.documents()
        assert {path for path in after if before.get(path) == after[path]} == {
            path for path in now if dates.get(path) == now[path]
        }
        for word, due in self.secrets.values():
            if due is not None and due <= self.moment:
                self.hidden.discard(word)
                self.was_public = True

    def everything_seen(self) -> Iterator[str]:
        """Every document with all that is said of it, and what the service answers elsewhere."""
        for document in self.house.every():
            yield repr(document)
        for path in ("/readyz", "/healthz", "/metrics", "/updates/", "/updates/update-1", "/UPDATES/update-3/", "/x"):
            answer = self.client.get(path)
            yield repr(answer.headers) + answer.text

    def word(self, entry_id: str) -> str:
        """The word of what the update's file says now."""
        number = entry_id.rpartition("-")[2]
        return self.secrets[int(number)][0] if number.isdigit() and int(number) in self.secrets else ""

    def entries(self) -> dict[str, Told]:
        feed = feedparser.parse(self.house.documents()["/atom.xml"])
        return {entry.id: (entry.link, entry.published, entry.content[0].value) for entry in feed.entries}


@settings(max_examples=10)
@given(st.lists(edits, min_size=4, max_size=10))
def test_whatever_is_edited_nothing_leaks_and_nothing_published_moves_by_itself(steps: list[Edit]) -> None:
    with TemporaryDirectory() as scratch:
        history = History(Path(scratch))
        for step, edit in enumerate(steps):
            history.edit(step, edit)
            history.publish()
            seen = " ".join(history.everything_seen())
            assert not history.hidden & set(re.findall(r"word\d+x\d+", seen))
            entries = history.entries()
            for entry_id, (word, told) in history.told.items():
                if entry_id in entries and history.word(entry_id) == word:
                    assert entries[entry_id] == told
            assert len({instant for _, instant, _ in entries.values()}) == len(entries)
            history.told |= {entry_id: (history.word(entry_id), told) for entry_id, told in entries.items()}
            assert history.house.documents() == history.house.fresh(Path(scratch), history.moment, remembers=True)
            history.moment += timedelta(hours=edit.hours)
        history.house.store.close()


def lasting(edit: Edit) -> Edit:
    """What has an address that two want stays once it is out: who takes it then is for people to judge."""
    if edit.number in (3, 4, 5):
        return edit
    return replace(edit, is_there=True, is_draft=False, days=min(edit.days, -1))


@settings(max_examples=10)
@given(st.lists(edits, min_size=4, max_size=8))
def test_without_the_memory_the_ledger_makes_the_same(steps: list[Edit]) -> None:
    """The ledger is recorded after every edit, as by an author who commits it with the update."""
    with TemporaryDirectory() as scratch:
        history = History(Path(scratch))
        root = history.house.root
        for step, edit in enumerate(steps):
            history.edit(step, lasting(edit))
            history.publish()
            content = load_content(root, Settings(content=root), history.moment)
            blamed = {problem.file for problem in content.problems}
            good = [loaded for name, loaded in content.entries.items() if name not in blamed]
            record(root, good, history.moment)
            history.moment += timedelta(hours=edit.hours)
        history.publish()
        assert history.house.documents() == history.house.fresh(Path(scratch), history.moment)
        assert (root / LEDGER).exists() == history.was_public
        history.house.store.close()
