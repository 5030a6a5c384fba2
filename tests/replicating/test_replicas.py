"""A replica serves what its publisher serves: octet for octet, tag for tag, date for date, under the same number."""

import sqlite3
from contextlib import closing
from dataclasses import replace
from functools import partial
from pathlib import Path
from threading import Event, Thread
from threading import enumerate as enumerate_threads
from time import sleep

import pytest
from werkzeug.test import Client

from feedsvc.errors import FeedsvcError
from feedsvc.kinds import DAY
from feedsvc.object_stores import ObjectStoreError
from feedsvc.publication.database import StoreError
from feedsvc.publication.memory import Memory, memory_path
from feedsvc.publication.outbox import read_outbox
from feedsvc.publication.overview import survey
from feedsvc.publication.reader import Reader
from feedsvc.publication.status import Publishing, read_status
from feedsvc.publication.store import Store
from feedsvc.publishing.following import Follow
from feedsvc.replicating.follower import BackwardsError, Follower, Following, ForeignError
from feedsvc.replicating.pointer import PointerObject
from feedsvc.settings import Settings, clock
from feedsvc.web.app import create_app
from tests.harness.folder import SITE, write_update
from tests.replicating.house import House, Replica, Watched, documents


@pytest.fixture
def store() -> Watched:
    return Watched()


@pytest.fixture
def house(tmp_path: Path, store: Watched) -> House:
    house = House(tmp_path / "a", store)
    house.publish()
    house.hand_on()
    store.asked.clear()
    store.octets = 0
    return house


def test_whatever_is_published_a_replica_has_it_too(house: House, tmp_path: Path, store: Watched) -> None:
    replica = Replica(tmp_path / "b", store)
    assert replica.look() == 1
    assert documents(replica.settings) == documents(house.settings)
    house.change("Another title")
    write_update(house.content, 3, more="withdrawn: 2026-03-02\nreason: It was a mistake.\n")
    house.publish()
    house.hand_on()
    replica.look()
    (house.content / "updates" / "2026-02-01-update-2.yaml").unlink()
    generation = house.publish()
    assert house.hand_on() == replica.look() == generation == 4
    assert documents(replica.settings) == documents(house.settings)
    assert Replica(tmp_path / "c", store).look() == 4, "and whoever begins now"
    assert documents(Replica(tmp_path / "c", store).settings) == documents(house.settings)


def test_every_answer_is_the_same_on_every_machine(house: House, tmp_path: Path, store: Watched) -> None:
    replica = Replica(tmp_path / "b", store)
    replica.look()
    clients = [Client(create_app(settings)) for settings in (house.settings, replica.settings)]
    with closing(Reader(house.settings.publication)) as reader:
        paths = [document.path for document in reader.every()]
        while reader.state()[1].modified > clock():  # until then nobody is told when it was modified
            sleep(0.02)
    for path in (*paths, "/nothing"):
        for fields in ({}, {"Accept-Encoding": "gzip"}, {"Accept-Encoding": "br"}):
            one, other = (client.get(path, headers=fields) for client in clients)
            assert (one.status, one.data, [*one.headers]) == (other.status, other.data, [*other.headers]), path


def test_of_a_change_only_the_parts_that_it_touches_are_sent_and_fetched(tmp_path: Path, store: Watched) -> None:
    house = House(tmp_path / "a", store, updates=40)
    house.publish()
    house.hand_on()
    replica = Replica(tmp_path / "b", store)
    store.asked.clear()
    replica.look()
    whole = len(store.asked)
    store.asked.clear()
    house.change("Another title")
    sent = len(store.asked)
    replica.look()
    assert sent < whole / 2
    assert len(store.asked) - sent < whole / 2
    house.restart()
    house.hand_on()
    store.asked.clear()
    house.change("A third title")
    puts = [key for method, key in store.asked if method == "put" and key.startswith("blobs/")]
    assert len(puts) < whole / 2, "nor is everything sent again after a restart"
    replica.look()
    store.asked.clear()
    house.hand_on()
    replica.look()
    assert store.asked == [("get", "current")] * 2, "and where nothing changed, the pointer is all that is asked for"


def test_a_replica_remembers_what_its_publisher_does_and_can_take_its_place(
    house: House, tmp_path: Path, store: Watched
) -> None:
    replica = Replica(tmp_path / "b", store)
    replica.look()
    with closing(Memory(house.settings.publication)) as one, closing(Memory(replica.settings.publication)) as other:
        assert one.claims() == other.claims() != []
    replica.following.close()
    heir = House(tmp_path / "heir", store)
    heir.settings = replace(heir.settings, publication=replica.settings.publication)
    heir.restart()
    heir.publish()
    before = documents(house.settings)[1]
    after = documents(heir.settings)[1]
    assert after == before, "the same content has the same documents, with the same dates"
    assert heir.change("By the heir") == Replica(tmp_path / "c", store).look()
    assert documents(Replica(tmp_path / "c", store).settings) == documents(heir.settings)


def cut_off(store: Watched, after: int, _method: str, _key: str) -> None:
    """Fail whatever is asked of a store after so many requests."""
    if len(store.asked) > after:
        raise ObjectStoreError("cut off")


def test_a_store_that_fails_at_any_request_of_a_publisher_leaves_replicas_whole(
    house: House, tmp_path: Path, store: Watched
) -> None:
    """As after a kill there: the next process knows nothing of this one."""
    replica = Replica(tmp_path / "b", store)
    replica.look()
    store.asked.clear()
    house.change("Counted")
    requests = len(store.asked)
    replica.look()
    for step in range(0, requests, 5):
        write_update(house.content, 1, title=f"Title {step}")
        house.publish()
        store.asked.clear()
        store.fault = partial(cut_off, store, step)
        with pytest.raises(ObjectStoreError, match="cut off"):
            house.hand_on()
        store.fault = lambda _method, _key: None
        before = documents(replica.settings)
        replica.look()
        assert documents(replica.settings) == before
        house.restart()
        assert house.hand_on() == replica.look()
        assert documents(replica.settings) == documents(house.settings)


def test_a_store_that_fails_at_any_request_of_a_replica_leaves_it_as_it_is(
    house: House, tmp_path: Path, store: Watched
) -> None:
    replica = Replica(tmp_path / "b", store)
    replica.look()
    before = documents(replica.settings)
    house.change("Another title")
    store.asked.clear()
    Replica(tmp_path / "c", store).look()
    for step in range(0, 40, 8):
        store.asked.clear()
        store.fault = partial(cut_off, store, step)
        with pytest.raises(ObjectStoreError, match="cut off"):
            Replica(tmp_path / f"new{step}", store).look()
        with pytest.raises(ObjectStoreError, match="cut off"):
            replica.look()
        assert documents(replica.settings) == before
    store.fault = lambda _method, _key: None
    assert replica.look() == 2
    assert documents(replica.settings) == documents(house.settings)


def test_an_answer_that_is_lost_is_no_other_publisher(house: House, tmp_path: Path, store: Watched) -> None:
    write_update(house.content, 1, title="Another title")
    house.publish()
    put = store.store.put

    class Lossy:
        def __getattr__(self, name: str) -> object:
            return getattr(store_itself, name)

        def put(self, key: str, *given: object, **more: object) -> str:
            said = put(key, *given, **more)  # type: ignore[arg-type]  # handed on
            if key == "current":
                raise ObjectStoreError("no answer")
            return said

    store_itself = store.store
    store.store = Lossy()  # type: ignore[assignment]  # it has the rest of it
    with pytest.raises(ObjectStoreError, match="no answer"):
        house.hand_on()
    store.store = store_itself
    house.restart()
    assert house.hand_on() == 2
    assert house.change("A third title") == Replica(tmp_path / "b", store).look() == 3
    assert documents(Replica(tmp_path / "b", store).settings) == documents(house.settings)


def test_what_the_store_said_before_takes_nobody_back(house: House, tmp_path: Path, store: Watched) -> None:
    replica = Replica(tmp_path / "b", store)
    replica.look()
    old = store.store.get("current")
    assert old
    house.change("Another title")
    replica.look()
    before = documents(replica.settings)
    store.instead["current"] = old.body
    with pytest.raises(BackwardsError, match=r"says generation 1, and 2 was served here already; .* delete "):
        replica.look()
    house.restart()
    with pytest.raises(FeedsvcError, match="what was there before generation 2"):
        house.hand_on()
    assert documents(replica.settings) == documents(house.settings) == before
    store.instead.clear()
    assert house.change("A third title") == replica.look() == 3


@pytest.mark.usefixtures("house")
def test_what_was_published_here_is_not_lost_to_a_store(tmp_path: Path, store: Watched) -> None:
    other = House(tmp_path / "b", Watched())
    other.publish()
    before = documents(other.settings)
    following = Following(store, other.settings)
    with pytest.raises(ForeignError, match=r"was published here and would be lost; name another file in FEEDSVC_PUBL"):
        following.step()
    assert documents(other.settings) == before


def test_a_publication_that_is_deleted_or_damaged_is_fetched_again(
    house: House, tmp_path: Path, store: Watched
) -> None:
    replica = Replica(tmp_path / "b", store)
    replica.look()
    expected = documents(replica.settings)
    replica.settings.publication.unlink()
    replica.look()
    assert documents(replica.settings) == expected == documents(house.settings)
    replica.following._next_check = 0.0  # noqa: SLF001 # a minute is over
    with closing(sqlite3.connect(replica.settings.publication)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    octets = replica.settings.publication.read_bytes()
    replica.settings.publication.write_bytes(b"\xff" * len(octets))  # the same file, so that it is still in place
    with pytest.raises(FeedsvcError, match="is damaged; it was set aside"):
        replica.look()
    replica.look()
    assert documents(replica.settings) == expected


def test_a_replica_tells_its_own_cache_and_the_hubs(house: House, tmp_path: Path, store: Watched) -> None:
    (house.content / "site.yaml").write_text(SITE + "hubs: [https://hub.example.org/]\n")
    house.publish()
    house.hand_on()
    replica = Replica(tmp_path / "b", store)
    replica.settings = replace(replica.settings, purge="varnish http://127.0.0.1:1/")
    replica.following = Following(store, replica.settings)
    replica.look()
    assert [each.name for each in read_outbox(memory_path(replica.settings.publication))] == [
        "hub https://hub.example.org/",
        "varnish http://127.0.0.1:1",
    ]
    with closing(Reader(replica.settings.publication)) as reader:
        assert reader.state()[1].cdn_age == DAY
    with closing(Reader(house.settings.publication)) as reader:
        assert reader.state()[1].cdn_age == 0


def test_a_generation_that_is_taken_over_counts_once_it_is_committed(house: House, tmp_path: Path) -> None:
    """The memory of a replica is that of what it serves, also where a commit fails."""
    replica = Replica(tmp_path / "b", house.store)
    replica.look()
    write_update(house.content, 3)
    house.publish()
    house.hand_on()
    path = replica.settings.publication
    with closing(Store(path)) as writer, closing(Store(path, patience=0.01)) as other:
        writer._connection.execute("BEGIN IMMEDIATE")  # noqa: SLF001 # somebody holds it
        pointer = PointerObject(house.store).look()
        assert pointer
        with pytest.raises(StoreError, match="locked"):
            Follower(house.store, replica.settings).take(pointer, other)
        writer._connection.execute("ROLLBACK")  # noqa: SLF001
    assert replica.look() == 2
    with closing(Memory(house.settings.publication)) as one, closing(Memory(replica.settings.publication)) as other:
        assert one.claims() == other.claims()
        assert len(other.claims()) == 3


def test_a_start_does_not_wait_for_a_store_that_does_not_answer_where_there_is_something_to_serve(
    house: House, tmp_path: Path, store: Watched, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("feedsvc.publishing.following.open_store", lambda _url: store)
    monkeypatch.setattr("feedsvc.publishing.following.FIRST_LOOK", 0.1)
    settings = Settings(publication=tmp_path / "b" / "publication.db", follow="memory:///")
    Follow(settings, clock).run_once()
    house.change("Another title")
    answers = Event()

    def wait(_method: str, _key: str) -> None:
        answers.wait(30)

    store.fault = wait
    Follow(settings, clock).run_once()
    assert not answers.is_set()
    assert documents(settings)[0] == 1
    answers.set()
    for thread in (each for each in enumerate_threads() if each.name == "replicas"):
        thread.join(30)
    assert documents(settings) == documents(house.settings)


def test_following_goes_on_until_it_is_stopped(
    house: House, tmp_path: Path, store: Watched, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("feedsvc.publishing.following.open_store", lambda _url: store)
    (house.content / "site.yaml").write_text(SITE + "hubs: [http://127.0.0.1:9/]\n")
    house.publish()
    house.hand_on()
    settings = Settings(publication=tmp_path / "b" / "publication.db", follow="memory:///", announces=False)
    Follow(settings, clock).run_once()
    assert documents(settings) == documents(house.settings)
    following = Follow(settings, clock)
    thread = Thread(target=following.run)
    thread.start()
    for number in range(2):
        house.change(f"Title {number}")
        deadline = clock() + 30
        while documents(settings)[0] != documents(house.settings)[0] and clock() < deadline:
            following.look_again()
            sleep(0.02)
        assert documents(settings) == documents(house.settings)
    found = survey(settings.publication, clock()).condition
    assert (found.status, found.generation) == ("ok", 4)
    following.stop()
    thread.join(30)
    assert not thread.is_alive()
    publishing = read_status(settings.publication, Publishing)
    assert publishing is not None
    assert publishing.is_over
