"""What caches are told to forget after a change: everything that changed, and nothing of what did not matter."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.harness.folder import write_update
from tests.publishing.test_publisher import House


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    house = House(tmp_path)
    write_update(house.root, 9, categories="[pay]", published="2025-06-01 09:00")
    yield house
    house.store.close()


def correct(root: Path) -> None:
    write_update(root, 1, body="Corrected.")


def post(root: Path) -> None:
    write_update(root, 4)


def withdraw(root: Path) -> None:
    write_update(root, 3, more='withdrawn: 2026-02-02 09:00\nreason: "It was postponed."\n')


CHANGES: list[tuple[Callable[[Path], None], set[str]]] = [
    (correct, {"update-update-1"}),
    (post, {"update-update-3", "update-update-4"}),  # the page of the one before leads to it
    (withdraw, {"update-update-2", "update-update-3"}),
]


@pytest.mark.parametrize(("change", "updates"), CHANGES)
def test_a_change_names_what_changed_and_no_more(
    house: House, change: Callable[[Path], None], updates: set[str]
) -> None:
    house.publish()
    before = {found.path: found for found in house.every()}
    change(house.root)
    house.publish()
    after = {found.path: found for found in house.every()}
    touched = [path for path in before | after if before.get(path) != after.get(path)]
    keys = {key for path in touched for found in (before.get(path), after.get(path)) if found for key in found.tags}
    keys.discard("all")
    assert {key for key in keys if key.startswith("update-")} == updates
    assert {key for key in keys if key.startswith("place-")} >= {"place-all", "place-covid"}
    lasting = ("moved", "picture")  # at an address of their own for what they say now, and the way to it
    kept = {
        path: found for path, found in after.items() if not keys & set(found.tags) and found.kind.name not in lasting
    }
    assert {"/pay/", "/pay/rss.xml", "/pay/2025/", "/2025/rss.xml", "/updates/update-9/"} <= kept.keys()
    assert [path for path, found in kept.items() if before.get(path) != found] == []
