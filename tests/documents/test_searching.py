"""What the search page looks through: pieces with an end, of which a saved update remakes one."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from feedsvc.documents.changed import Changed
from feedsvc.documents.recipe import Absent, Recipe
from feedsvc.documents.searching import PIECE, recipes
from tests.documents.test_archives import House, list_line, make_at
from tests.make import PDF

FIRST = datetime(2026, 1, 5, 18, tzinfo=UTC)
OLD = datetime(2024, 3, 5, tzinfo=UTC)


def make_house(number: int) -> House:
    """A house with that many updates of 2026, a quarter of an hour apart, and one of 2024."""
    house = House()
    entries = [make_at(1, OLD), *(make_at(n + 2, FIRST + timedelta(minutes=15 * n)) for n in range(number))]
    house.entries = {f"{entry.slug}.yaml": entry for entry in entries}
    house.index.fill(list_line(entry) for entry in entries)
    return house


def made(house: House, changed: Changed | None = None) -> dict[str, Recipe]:
    found = recipes(house.plan, changed or house.plan.everything())
    return {one.path: one for one in found if isinstance(one, Recipe)}


def read(recipe: Recipe) -> Any:
    return json.loads(recipe.render().body)


def test_every_update_is_in_one_piece_and_none_is_larger_than_it_may_be() -> None:
    house = make_house(2 * PIECE + 3)
    found = made(house)
    assert list(found) == ["/search/2024/1.json", *(f"/search/2026/{n}.json" for n in (1, 2, 3)), "/search/"]
    pieces = [read(recipe) for path, recipe in found.items() if path.endswith(".json")]
    assert [len(piece) for piece in pieces] == [1, PIECE, PIECE, 3]
    slugs = [update["slug"] for piece in pieces for update in piece]
    assert sorted(slugs) == sorted(entry.slug for entry in house.entries.values())
    page = found["/search/"].render().body.decode()
    newest_first = " ".join(f"/search/{name}.json" for name in ("2026/3", "2026/2", "2026/1", "2024/1"))
    assert f'data-pieces="{newest_first}"' in page


def test_a_saved_update_remakes_one_piece_and_a_new_one_the_last_of_its_year() -> None:
    house = make_house(PIECE + 3)
    before = made(house)
    entry = make_at(3, FIRST + timedelta(minutes=15), title="Corrected")
    house.entries["update-3.yaml"] = entry
    after = made(house, house.index.change({"update-3.yaml": list_line(entry)}))
    assert {path for path in after if after[path].key != before[path].key} == {"/search/2026/1.json"}
    newest = make_at(900, FIRST + timedelta(days=90))
    house.entries["update-900.yaml"] = newest
    last = made(house, house.index.change({"update-900.yaml": list_line(newest)}))
    assert {path for path in last if last[path].key != (before | after)[path].key} == {"/search/2026/2.json"}


def test_a_year_without_updates_has_no_piece() -> None:
    house = make_house(1)
    found = list(recipes(house.plan, house.index.change({"update-1.yaml": None})))
    assert Absent("/search/2024/", below=True) in found
    assert [one.path for one in found if isinstance(one, Recipe)] == ["/search/"]


def test_what_is_not_public_is_not_searched() -> None:
    house = make_house(1)
    waiting, draft = make_at(70, datetime(2027, 1, 1, tzinfo=UTC)), make_at(71, FIRST)
    lines = (list_line(waiting), replace(list_line(draft), draft=True))
    house.index.change({line.source: line for line in lines})
    assert [update["slug"] for update in read(made(house)["/search/2026/1.json"])] == ["update-2"]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("<p>Wear <b>a</b> mask, wear a MASK,</p>", "wear a MASK,"),
        ('<p>x<img alt="a > b" src="/x.png">y &lt;script&gt;</p>', "x y <script>"),
        ("<ul><li>one</li><li>two</li></ul>", "one two"),
        ("<p>Update 9 says</p>", ""),
    ],
)
def test_words_are_plain_and_stand_once(content: str, words: str) -> None:
    house = House()
    house.publish(make_at(9, FIRST, content_html=content))
    (update,) = read(made(house)["/search/2026/1.json"])
    assert update["text"] == words


def test_a_long_text_has_an_end_at_a_word() -> None:
    house = House()
    words = [f"Wörd{number}" for number in range(5_000)]
    house.publish(make_at(9, FIRST, content_html=f"<p>{' '.join(words)}</p>", enclosures=(PDF,), language="de"))
    (update,) = read(made(house)["/search/2026/1.json"])
    assert 1_900 < len(update["text"].encode()) <= 2_000
    assert update["text"].split() == words[: len(update["text"].split())]
    assert (update["language"], update["date"]) == ("de", "2026-01-05")
