"""What nobody needs any more goes after a day; what is needed stays, and what is missing is written again."""

from collections.abc import Iterable, Iterator
from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path

import pytest

from feedsvc.kinds import DAY, HOUR
from feedsvc.object_stores import Listed, ObjectStoreError
from feedsvc.replicating.blobs import blob_key
from feedsvc.replicating.manifest import load_generation, load_pointer
from tests.replicating.house import House, Replica, Watched, documents


class Aged(Watched):
    """A store whose objects are as old as a test says, by the generation that brought them."""

    ages: dict[str, float]
    loses_answers: bool = False  # about what was removed

    def listed(self, prefix: str = "") -> Iterator[Listed]:
        for each in super().listed(prefix):
            yield replace(each, modified=each.modified - self.ages.get(each.key, 0.0))

    def delete(self, keys: Iterable[str]) -> None:
        super().delete(keys)
        if self.loses_answers:
            raise ObjectStoreError("it does not answer in time")

    def age(self, seconds: float) -> None:
        """Make everything that is there older."""
        self.ages = {each.key: self.ages.get(each.key, 0.0) + seconds for each in self.store.listed()}


@pytest.fixture
def store() -> Aged:
    store = Aged()
    store.ages = {}
    return store


@pytest.fixture
def house(tmp_path: Path, store: Aged) -> House:
    house = House(tmp_path / "a", store)
    house.publish()
    house.hand_on()
    return house


def keys(store: Watched) -> set[str]:
    return {each.key for each in store.store.listed()}


def test_old_blobs_go_after_a_day_and_everything_that_stood_since_stays(
    house: House, tmp_path: Path, store: Aged
) -> None:
    first = keys(store)
    store.age(2 * DAY)
    house.change("The second")
    second = keys(store) - first
    store.age(DAY + HOUR)
    house.change("The third")
    third = keys(store) - first - second
    store.age(HOUR)
    house.change("The fourth")
    house.replicator.tidy()
    left = keys(store)
    assert second | third <= left, "what stood a day ago, and all that came since"
    assert first - left, "what only the first one needed"
    assert not [key for key in first - left if not key.startswith(("blobs/", "generations/"))]
    replica = Replica(tmp_path / "b", store)
    replica.look()
    assert documents(replica.settings) == documents(house.settings)
    store.age(10 * DAY)
    house.replicator.tidy()
    assert len([key for key in keys(store) if key.startswith("generations/")]) == 1
    assert Replica(tmp_path / "c", store).look() == 4
    before = keys(store)
    house.replicator.tidy()
    assert keys(store) == before


@pytest.mark.parametrize("is_lost", [False, True])
def test_what_comes_back_after_it_was_removed_is_sent_again(
    house: House, tmp_path: Path, store: Aged, *, is_lost: bool
) -> None:
    house.change("One title")
    store.age(2 * DAY)
    house.change("Another title")
    store.age(DAY + HOUR)
    store.loses_answers = is_lost
    with pytest.raises(ObjectStoreError) if is_lost else nullcontext():
        house.replicator.tidy()
    generation = house.change("One title")
    replica = Replica(tmp_path / "b", store)
    assert replica.look() == generation
    assert documents(replica.settings) == documents(house.settings)


def test_what_is_missing_is_written_again(house: House, tmp_path: Path, store: Aged) -> None:
    found = store.store.get("current")
    assert found
    pointer = load_pointer(found.body)
    octets = store.store.get(pointer.key)
    assert octets
    generation = load_generation(octets.body, pointer)
    blobs = sorted(key for key in keys(store) if key.startswith("blobs/"))
    apart = [key for key in blobs if key.removeprefix("blobs/") not in {*generation.parts, generation.memory}]
    store.store.delete([blob_key(generation.parts[0]), blob_key(generation.memory), apart[0]])
    for _ in range(2):  # a part that is missing hides what it names
        house.replicator.tidy()
    assert set(blobs) <= keys(store)
    assert Replica(tmp_path / "b", store).look() == 1


def test_who_does_not_own_the_pointer_removes_nothing(house: House, tmp_path: Path, store: Aged) -> None:
    other = House(tmp_path / "other", store)
    other.publish()
    store.age(10 * DAY)
    store.store.put("generations/README.txt", b"", {})
    before = keys(store)
    other.replicator.tidy()
    assert keys(store) == before
    store.age(10 * DAY)
    house.replicator.tidy()
    assert keys(store) == before - {"generations/README.txt"}


def test_before_anything_stands_nothing_is_tidied(tmp_path: Path, store: Aged) -> None:
    house = House(tmp_path / "a", store)
    house.replicator.tidy()
    assert keys(store) == set()
