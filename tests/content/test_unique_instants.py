"""No two updates share an instant, and whoever was given one keeps it."""

import time

import pytest

from feedsvc.content.unique_instants import give_instant, give_instants, kept_instant

NINE = 1_770_000_000


@pytest.mark.parametrize(
    ("taken", "given"),
    [
        (set(), NINE),
        ({NINE - 1, NINE + 1}, NINE),
        ({NINE}, NINE + 1),
        ({NINE, NINE + 1, NINE + 3}, NINE + 2),
    ],
)
def test_the_first_free_second_from_the_written_one_on_is_given(taken: set[int], given: int) -> None:
    assert give_instant(NINE, taken.__contains__) == given


@pytest.mark.parametrize(
    ("recorded", "taken", "kept"),
    [
        ([NINE], set(), NINE),
        ([NINE + 59], set(), NINE + 59),
        ([NINE + 60], set(), None),
        ([NINE - 1], set(), None),
        ([NINE, NINE + 7], set(), NINE + 7),
        ([NINE + 100], set(range(NINE, NINE + 101)), NINE + 100),
        ([NINE + 100], set(range(NINE, NINE + 101)) - {NINE + 80}, None),
    ],
)
def test_a_given_instant_is_kept_while_the_written_one_may_have_become_it(
    recorded: list[int], taken: set[int], kept: int | None
) -> None:
    assert kept_instant(NINE, recorded, taken) == kept


def test_newcomers_come_after_whoever_has_the_instant() -> None:
    written = [("a", NINE), ("b", NINE), ("c", NINE)]
    assert give_instants(written, {}) == {"a": NINE, "b": NINE + 1, "c": NINE + 2}
    assert give_instants(written, {"b": (NINE,)}) == {"b": NINE, "a": NINE + 1, "c": NINE + 2}
    assert give_instants(written, {"gone": (NINE,)}) == {"a": NINE + 1, "b": NINE + 2, "c": NINE + 3}


def test_what_was_given_is_given_again() -> None:
    written = [(f"update-{number}", NINE) for number in range(300)]
    given = give_instants(written, {})
    assert sorted(given.values()) == list(range(NINE, NINE + 300))
    assert give_instants(sorted(written, reverse=True), {key: (value,) for key, value in given.items()}) == given


def test_of_two_who_were_given_one_instant_the_first_by_id_keeps_it() -> None:
    """Two people recorded without knowing of each other; the merged ledger says both."""
    merged = {"b": (NINE,), "a": (NINE,)}
    given = give_instants([("b", NINE), ("a", NINE)], merged)
    assert given == {"a": NINE, "b": NINE + 1}
    assert give_instants([("b", NINE), ("a", NINE)], {"a": (NINE,), "b": (NINE, NINE + 1)}) == given


def test_an_author_who_edits_the_date_is_followed() -> None:
    assert give_instants([("a", NINE + 3600)], {"a": (NINE,)}) == {"a": NINE + 3600}


def test_a_hundred_thousand_of_one_instant_take_no_square_of_time() -> None:
    written = [(f"update-{number}", NINE) for number in range(100_000)]
    began = time.process_time()
    given = give_instants(written, {})
    assert give_instants(written, {key: (value,) for key, value in given.items()}) == given
    assert time.process_time() - began < 10
