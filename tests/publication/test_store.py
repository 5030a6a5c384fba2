import random
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Never

import pytest

from feedsvc.errors import Problem
from feedsvc.kinds import PAGE
from feedsvc.model import Document
from feedsvc.publication.batch import Batch
from feedsvc.publication.coding import encode, make_etag
from feedsvc.publication.database import PAGE_OCTETS, StoreError, number_path
from feedsvc.publication.generation import SharedNumber
from feedsvc.publication.memory import Claim
from feedsvc.publication.reader import Reader
from feedsvc.publication.rows import Finished, SourceRow, pack
from feedsvc.publication.state import State
from feedsvc.publication.store import LOG_OCTETS, OvertakenError, Store

PROBLEM = Problem(file="content/updates/1.yaml", line=2, column=8, field="title", message="no", fix="yes")


def make_document(path: str = "/covid/", body: bytes = b"<p>hello</p>" * 50, **overrides: object) -> Document:
    given: dict[str, object] = {
        "path": path,
        "kind": PAGE,
        "media_type": "text/html",
        "body": body,
        "tags": ("all", "place-covid"),
        "links": (("canonical", "https://news.example.org/covid/", "text/html"),),
    }
    return Document(**(given | overrides))  # type: ignore[arg-type]  # a factory takes any override


class Broken(dict[str, SourceRow[str] | None]):
    """Sources of which none can be told."""

    def items(self) -> Never:
        raise RuntimeError("out of memory")


def finish(document: Document, key: str = "key") -> Finished:
    variants = encode(document.body, document.media_type, brotli_level=document.kind.brotli)
    return pack(key, document, make_etag(document.body), variants)


def test_a_body_is_stored_once(store: Store) -> None:
    """In gzip where that is smaller, as it is."""
    store.commit(Batch(documents=[finish(make_document()), finish(make_document("/b/", body=b"short"))]))
    with closing(sqlite3.connect(store.path)) as other:
        bodies = other.execute("SELECT identity IS NULL, gzip IS NULL FROM body").fetchall()
    assert sorted(bodies) == [(0, 1), (1, 0)]


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = Store(tmp_path / "instance" / "publication.db")
    yield store
    store.close()


def test_a_document_comes_back_whole(store: Store) -> None:
    document = make_document(page_path="/covid/", policy="default-src 'none'", expires=1_790_000_000)
    assert store.commit(Batch(documents=[finish(document)])) == (1, 0)
    generation, stored = Reader(store.path).read("/covid/")
    assert generation == 1
    assert stored is not None
    assert (stored.path, stored.kind, stored.media_type) == (document.path, document.kind, document.media_type)
    assert (stored.expires, stored.tags, stored.links) == (document.expires, document.tags, document.links)
    assert stored.page_path == "/covid/"
    assert stored.policy == "default-src 'none'"
    assert stored.variants == encode(document.body, "text/html", brotli_level=PAGE.brotli)
    assert stored.variants.identity == document.body
    assert store.keys() == {"/covid/": "key"}
    assert store.keys_of(["/covid/", "/pay/"]) == {"/covid/": "key"}


def test_a_batch_becomes_visible_at_once_and_the_shared_number_follows(store: Store) -> None:
    path = store.path
    store.commit(Batch(documents=[finish(make_document("/a/")), finish(make_document("/b/"))]))
    seen = []

    def watch() -> Iterator[Finished]:
        yield finish(make_document("/a/", b"new"), "other")
        seen.append((store.number.read(), Reader(path).read("/a/")[0]))

    store.commit(Batch(documents=watch(), removals=["/b/"]))
    assert seen == [(1, 1)]
    assert store.number.read() == 2
    assert [document.path for document in Reader(path).every()] == ["/a/"]


def test_a_batch_that_fails_changes_nothing(store: Store) -> None:
    store.commit(Batch(documents=[finish(make_document("/a/"))]))

    def fail() -> Iterator[Finished]:
        yield finish(make_document("/a/", b"new"), "other")
        raise RuntimeError("the machine is out of memory")

    with pytest.raises(RuntimeError):
        store.commit(Batch(documents=fail(), texts={"site": "x"}))
    assert store.keys() == {"/a/": "key"}
    assert (store.generation(), store.number.read()) == (1, 1)
    assert "site" not in store.texts()


def test_no_document_written_is_no_new_generation(store: Store) -> None:
    store.commit(Batch(documents=[finish(make_document())]))
    assert store.commit(Batch(state=State(as_of=5), removals=["/not-there/"])) == (0, 0)
    assert store.generation() == 1
    generation, state = Reader(store.path).state()
    assert (generation, state.as_of) == (1, 5)


def test_what_is_known_of_sources_survives_a_restart(store: Store) -> None:
    good = SourceRow(stamp="1:2", listed="{}")
    bad: SourceRow[str] = SourceRow(stamp="3:4", listed=None, problems=(PROBLEM,), since=99)
    store.commit(Batch(sources={"a": good, "b": bad, "c": good}))
    store.commit(Batch(sources={"c": None}))
    store.close()
    again = Store(store.path)
    assert again.sources() == {"a": good, "b": bad}
    assert Reader(store.path).held_back() == [(PROBLEM, 99)]
    again.close()


def test_a_file_that_contradicts_itself_makes_way_for_a_new_one(store: Store) -> None:
    """It is as good as damaged: it is built anew from the content."""
    store.commit(Batch(sources={"a": SourceRow(stamp="1", listed="{}")}))
    with pytest.raises(LookupError):
        store.entry("a")
    assert "damaged" in str(store.distrust())
    assert not store.is_in_place()
    assert Store(store.path).sources() == {}


def test_rows_of_the_state_are_written_again_when_another_connection_has_written(store: Store) -> None:
    store.commit(Batch(texts={"site": "old", "notes": "[]"}))
    with closing(Store(store.path)) as other:
        other.commit(Batch(texts={"site": "new"}))
    store.commit(Batch(texts={"site": "old"}))
    assert store.texts() == {"site": "old", "notes": "[]"}
    with pytest.raises(RuntimeError):
        store.commit(Batch(texts={"site": "newer"}, sources=Broken(a=None)))
    store.commit(Batch(texts={"site": "newer"}))
    assert store.texts()["site"] == "newer"


@pytest.mark.parametrize(
    "damage",
    [
        lambda path: path.write_bytes(b"this is not a database" * 500),
        lambda path: path.write_bytes(path.read_bytes()[:5000]),
        lambda path: path.write_bytes(path.read_bytes()[:4096] + b"\xff" * 40_000),
    ],
    ids=["not a database", "cut off", "overwritten inside"],
)
def test_a_damaged_file_is_set_aside_and_the_number_goes_on(store: Store, damage: object) -> None:
    store.commit(Batch(documents=[finish(make_document(f"/{number}/")) for number in range(50)]))
    store.close()
    damage(store.path)  # type: ignore[operator]  # a function of the file
    again = Store(store.path)
    assert again.keys() == {}
    assert again.path.with_name("publication.db.damaged").exists()
    again.commit(Batch(documents=[finish(make_document())]))
    assert again.generation() == 2
    again.close()


def test_a_file_of_another_release_is_set_aside(tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "publication.db") as connection:
        connection.execute("CREATE TABLE other (x)")
        connection.execute("PRAGMA user_version = 99")
    connection.close()
    store = Store(tmp_path / "publication.db")
    assert store.generation() == 0
    store.close()


def test_a_place_that_cannot_be_written_is_explained(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(StoreError, match="cannot keep the publication"):
        Store(tmp_path / "file" / "publication.db")
    (tmp_path / "publication.db").mkdir()
    with pytest.raises(StoreError, match="cannot open the publication"):
        Store(tmp_path / "publication.db")


def test_a_writer_that_waits_too_long_says_so(store: Store) -> None:
    hasty = Store(store.path, patience=0.05)
    other = sqlite3.connect(store.path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(StoreError, match="locked"):
        hasty.commit(Batch(texts={"a": "b"}))
    other.execute("ROLLBACK")
    other.close()
    hasty.commit(Batch(texts={"a": "b"}))
    hasty.close()


def test_reading_what_is_not_there_is_explained(tmp_path: Path, store: Store) -> None:
    with pytest.raises(StoreError, match="no publication"):
        Reader(tmp_path / "nothing.db")
    reader = Reader(store.path)
    reader.close()
    with pytest.raises(StoreError, match="cannot read"):
        reader.read("/")


def test_damage_is_found_by_checking(store: Store) -> None:
    store.commit(Batch(documents=[finish(make_document(f"/{number}/")) for number in range(50)]))
    store.check()
    with closing(sqlite3.connect(store.path)) as other:
        other.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    with store.path.open("r+b") as file:
        file.seek(4096)
        file.write(b"\xff" * 20_000)
    with pytest.raises(StoreError, match="damaged"):
        store.check()
    store.reopen()
    assert store.keys() == {}


def test_a_file_that_is_not_there_is_not_called_damaged(store: Store) -> None:
    store.path.unlink()
    store.check()
    assert not store.is_in_place()


def test_a_store_that_is_opened_anew_keeps_the_number_that_everybody_looks_at(store: Store) -> None:
    store.commit(Batch(documents=[finish(make_document())]))
    seen = SharedNumber(number_path(store.path))
    shutil.rmtree(store.path.parent)
    store.reopen()
    store.commit(Batch(documents=[finish(make_document())]))
    assert seen.read() == store.generation() == 2
    assert SharedNumber(number_path(store.path)).read() == 2


def test_a_store_that_cannot_be_opened_anew_says_why(store: Store) -> None:
    shutil.rmtree(store.path.parent)
    store.path.parent.write_text("in the way")
    with pytest.raises(StoreError, match="cannot keep the publication"):
        store.reopen()


def test_a_commit_whose_announcement_was_lost_is_announced_by_the_next_to_come(store: Store) -> None:
    store.commit(Batch(documents=[finish(make_document())]))
    number_path(store.path).write_bytes(bytes(16))
    Store(store.path).close()
    assert store.number.read() == 1


def test_the_log_of_a_large_publish_is_cut_again(store: Store) -> None:
    large = make_document(body=random.Random(7).randbytes(3 * LOG_OCTETS), media_type="application/pdf")
    store.commit(Batch(documents=[finish(large)]))
    for number in range(3):
        store.commit(Batch(documents=[finish(make_document(body=b"x%d" % number))]))
    assert store.path.with_name("publication.db-wal").stat().st_size <= LOG_OCTETS


def test_damage_that_is_met_while_reading_or_writing_sets_the_file_aside(store: Store) -> None:
    for work in (store.keys, lambda: store.commit(Batch(documents=[finish(make_document("/0/"))]))):
        store.commit(Batch(documents=[finish(make_document(f"/{number}/")) for number in range(50)]))
        with closing(sqlite3.connect(store.path)) as other:
            other.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        with store.path.open("r+b") as file:
            file.seek(PAGE_OCTETS)
            file.write(b"\xff" * 5 * PAGE_OCTETS)
        with pytest.raises(StoreError, match="damaged"):
            work()
        store.reopen()
        assert store.keys() == {}


def test_what_cannot_be_read_now_is_explained(store: Store) -> None:
    with closing(sqlite3.connect(store.path)) as other, other:
        other.execute("DROP TABLE state")
    with pytest.raises(StoreError, match="cannot read the publication"):
        store.state()


def test_who_was_overtaken_changes_nothing(store: Store) -> None:
    store.commit(Batch(documents=[finish(make_document())]))
    with pytest.raises(OvertakenError, match="generation 1"):
        store.commit(Batch(base=0, documents=[finish(make_document("/b/"))]))
    assert set(store.keys()) == {"/covid/"}


# When a document was last modified, and what the memory is told with it.


def modified(store: Store) -> dict[str, int]:
    with closing(Reader(store.path)) as reader:
        return {document.path: document.modified for document in reader.every()}


def test_a_document_is_modified_in_the_second_after_the_commit_that_moved_its_bytes(tmp_path: Path) -> None:
    now = [100.2]
    store = Store(tmp_path / "publication.db", clock=lambda: now[0])
    store.commit(Batch(documents=[finish(make_document("/a/")), finish(make_document("/b/"))]))
    now[0] = 200.0
    store.commit(Batch(documents=[finish(make_document("/a/", b"new")), finish(make_document("/b/"), "new key")]))
    assert modified(store) == {"/a/": 201, "/b/": 101}
    store.commit(Batch(removals=["/b/"]))
    now[0] = 50.0  # the clock is set back
    store.commit(Batch(documents=[finish(make_document("/a/", b"newer")), finish(make_document("/b/"))]))
    assert modified(store) == {"/a/": 202, "/b/": 202}
    store.close()


def test_dates_go_on_from_the_memory_when_the_publication_is_made_anew(tmp_path: Path) -> None:
    path = tmp_path / "publication.db"
    for now in (100.2, 50.0):
        store = Store(path, clock=lambda now=now: now)  # type: ignore[misc]  # a value of its own for each
        store.commit(Batch(documents=[finish(make_document("/a/"))]))
        assert modified(store) == {"/a/": 101 if now > 100 else 102}
        store.close()
        path.unlink()


def test_a_commit_that_fails_is_forgotten_by_the_memory(store: Store) -> None:
    """The transaction breaks after the memory was written: at the very commit."""
    claim = Claim("tag:a", "a", "a", 1, 1)
    store.commit(Batch(documents=[finish(make_document("/a/"))]))
    with closing(sqlite3.connect(store.path, isolation_level=None)) as other:
        other.execute("CREATE TABLE parent (id INTEGER PRIMARY KEY)")
        other.execute(
            "CREATE TABLE child (x REFERENCES parent (id) DEFERRABLE INITIALLY DEFERRED)"  # which a commit checks
        )
        other.execute("CREATE TRIGGER fail AFTER UPDATE ON generation BEGIN INSERT INTO child VALUES (7); END")
    store._connection.execute("PRAGMA foreign_keys = ON")  # noqa: SLF001  # no other way to make a commit itself fail
    with pytest.raises(StoreError):
        store.commit(Batch(documents=[finish(make_document("/b/"))], claims=[claim]))
    store.reopen()
    assert store.memory.claim("tag:a") is None


def test_what_was_noted_of_a_commit_that_never_was_is_undone_at_the_next_start(store: Store) -> None:
    store.commit(Batch(documents=[finish(make_document("/a/"))]))
    store.memory.write(2, [Claim("tag:a", "a", "a", 1, 1)], 9, 9)
    store.reopen()
    assert store.memory.claim("tag:a") is None


def test_a_memory_that_was_removed_is_noticed_and_told_of_what_is_published(store: Store) -> None:
    store.commit(Batch(documents=[finish(make_document("/a/"))]))
    assert store.is_in_place()
    store.memory.path.unlink()
    assert not store.is_in_place()
    store.reopen()
    assert store.is_in_place()
    assert store.memory.generation == 0
    store.remember([Claim("tag:a", "a", "a", 1, 1)])
    assert (store.memory.generation, len(store.memory.claims())) == (1, 1)


def test_a_document_of_a_kind_that_only_another_release_knows_is_none_to_read(store: Store) -> None:
    store.commit(Batch(documents=[finish(make_document())]))
    with closing(sqlite3.connect(store.path)) as other, other:
        other.execute("UPDATE document SET kind = 'hologram'")
    with (
        closing(Reader(store.path)) as reader,
        pytest.raises(StoreError, match="another release: /covid/ is of the kind"),
    ):
        reader.read("/covid/")
