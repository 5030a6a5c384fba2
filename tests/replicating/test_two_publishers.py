"""Two publishers of one store end as one, whatever they do; and a store that lets them take turns is refused."""

import shutil
from contextlib import closing
from pathlib import Path

import pytest

from feedsvc.kinds import DAY
from feedsvc.publication.database import StoreError
from feedsvc.publication.memory import Memory
from feedsvc.publication.replica import Snapshot
from feedsvc.replicating.follower import standing
from feedsvc.replicating.publisher import AnotherPublisherError, CarelessStoreError
from feedsvc.replicating.record import read_record, record_path, write_record
from tests.harness.folder import write_update
from tests.replicating.house import House, Replica, Watched, documents


@pytest.fixture
def store() -> Watched:
    return Watched()


def stands(store: Watched) -> bytes:
    found = store.store.get("current")
    assert found
    return found.body


def test_who_finds_another_one_gives_way_once_and_then_stops(tmp_path: Path, store: Watched) -> None:
    adopted: list[str] = []
    one, other = House(tmp_path / "one", store), House(tmp_path / "other", store)
    for name, house in (("one", one), ("other", other)):
        house.replicator._adopted = lambda name=name: adopted.append(name)  # type: ignore[misc]  # noqa: SLF001
        house.publish()
    one.hand_on()
    one.change("Written by one")
    was = documents(one.settings)
    other.hand_on()
    assert adopted == ["other"]
    assert documents(other.settings)[1] == was[1], "what stands is taken over"
    with closing(Memory(one.settings.publication)) as mine, closing(Memory(other.settings.publication)) as yours:
        assert mine.claims() == yours.claims(), "and what is remembered"
    assert other.change("Written by the other", 2) == 3
    one.hand_on()
    assert adopted == ["other", "one"]
    one.change("Written by one again")
    before = stands(store)
    for _ in range(2):
        other.restart()
        with pytest.raises(AnotherPublisherError, match=r"this one writes there no more; end one of the two, then del"):
            other.change("Never handed on")
    assert stands(store) == before
    one.change("The only one")
    assert adopted == ["other", "one"]
    replica = Replica(tmp_path / "b", store)
    replica.look()
    assert documents(replica.settings) == documents(one.settings)


def test_who_has_given_way_long_ago_may_do_so_again_and_so_may_whoever_is_told_to(
    tmp_path: Path, store: Watched
) -> None:
    one, other = House(tmp_path / "one", store), House(tmp_path / "other", store)
    one.publish()
    one.hand_on()
    other.publish()
    other.hand_on()
    other.change("By the other")
    one.hand_on()
    one.change("By one")
    other.now += DAY + 1
    assert other.hand_on() > 0
    other.change("By the other again", 2)
    one.now += 60
    with pytest.raises(AnotherPublisherError):
        one.hand_on()
    record_path(one.settings.publication).unlink()
    one.hand_on()
    assert documents(one.settings)[1] == documents(other.settings)[1]


def test_two_who_move_the_pointer_at_once_do_not_both_succeed(tmp_path: Path, store: Watched) -> None:
    one, other = House(tmp_path / "one", store), House(tmp_path / "other", store)
    one.publish()
    one.hand_on()
    other.publish()
    other.hand_on()
    write_update(one.content, 1, title="By one")
    one.publish()

    def overtake(method: str, key: str) -> None:
        if (method, key) == ("put", "current"):
            store.fault = lambda _method, _key: None
            other.change("By the other", 2)

    store.fault = overtake
    with pytest.raises(Exception, match="somebody else wrote there"):
        one.hand_on()
    one.hand_on()
    assert documents(one.settings)[1] == documents(other.settings)[1]


def test_a_publisher_that_lost_its_publication_takes_over_what_stands(tmp_path: Path, store: Watched) -> None:
    house = House(tmp_path / "a", store)
    house.publish()
    house.hand_on()
    house.change("Another title")
    expected = documents(house.settings)[1]
    for path in house.settings.publication.parent.glob("publication.db*"):
        if path.is_file() and path != record_path(house.settings.publication):
            path.unlink()
    house.publish()
    house.restart()
    house.hand_on()
    assert documents(house.settings)[1] == expected
    assert not read_record(house.settings.publication).gave_way, "nobody else was there"
    house.publish()
    assert documents(house.settings)[1] == expected, "and the same content is no change"
    assert house.change("A third title") > 2


def test_a_copy_of_a_publisher_is_another_one(tmp_path: Path, store: Watched) -> None:
    house = House(tmp_path / "a", store)
    house.publish()
    house.hand_on()
    copy = House(tmp_path / "b", store)
    shutil.copytree(house.content.parent, copy.content.parent, dirs_exist_ok=True)
    house.change("By the first")
    write_update(copy.content, 2, title="By the copy")
    copy.publish()
    copy.hand_on()
    assert read_record(copy.settings.publication).gave_way
    assert documents(copy.settings)[1] == documents(house.settings)[1]


def test_a_store_that_heeds_no_condition_is_refused(tmp_path: Path, store: Watched) -> None:
    house = House(tmp_path / "a", store)
    house.publish()
    inner = store.store

    class Careless:
        def __getattr__(self, name: str) -> object:
            return getattr(inner, name)

        def put(self, key: str, body: bytes, attributes: dict[str, str], **_: object) -> str:
            return inner.put(key, body, attributes)

    store.store = Careless()  # type: ignore[assignment]  # it has the rest of it
    with pytest.raises(CarelessStoreError, match="use a store that heeds them"):
        house.hand_on()
    assert [each.key for each in inner.listed()] == ["probe"]


def test_a_store_that_was_emptied_is_filled_again(tmp_path: Path, store: Watched) -> None:
    house = House(tmp_path / "a", store)
    house.publish()
    house.hand_on()
    store.store.delete([each.key for each in store.store.listed()])
    house.change("Another title")
    replica = Replica(tmp_path / "b", store)
    assert replica.look() == 2
    assert documents(replica.settings) == documents(house.settings)


def test_what_is_no_record_is_none(tmp_path: Path, store: Watched) -> None:
    house = House(tmp_path / "a", store)
    house.publish()
    house.hand_on()
    for text in ("", "[]", '{"stands": 1}', "null"):
        record_path(house.settings.publication).write_text(text)
        assert not read_record(house.settings.publication).stands
    with pytest.raises(StoreError, match="cannot write"):
        write_record(tmp_path / "nowhere" / "publication.db", read_record(house.settings.publication))
    with closing(Snapshot(house.settings.publication)) as snapshot:
        assert not standing(snapshot).generation
