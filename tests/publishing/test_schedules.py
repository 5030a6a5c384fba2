"""A year goes by on a clock that the test holds: everything appears at its second, in the site's time zone."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import feedparser
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.harness.folder import write_update
from tests.publishing.test_publisher import House

# local time in Los Angeles -> the instant in UTC
NIGHTS = {
    "2026-03-08 01:59": "2026-03-08T09:59:00",  # the last minute before clocks go forward
    "2026-03-08 03:00": "2026-03-08T10:00:00",  # the minute after it
    "2026-11-01 00:59": "2026-11-01T07:59:00",
    "2026-11-01 01:30-07:00": "2026-11-01T08:30:00",  # 01:30 for the first time that night
    "2026-11-01 01:30-08:00": "2026-11-01T09:30:00",  # and for the second
    "2026-11-01 02:00": "2026-11-01T10:00:00",
    "2026-12-31 23:59": "2027-01-01T07:59:00",
    "2028-02-29 09:00": "2028-02-29T17:00:00",
}


def titles(house: House, feed: str) -> set[str]:
    return {entry.title for entry in feedparser.parse(house.documents()[feed]).entries}


@pytest.mark.parametrize(("local", "instant"), NIGHTS.items())
def test_an_update_appears_at_its_second_even_in_the_nights_when_clocks_change(
    tmp_path: Path, local: str, instant: str
) -> None:
    house = House(tmp_path)
    due = datetime.fromisoformat(instant).replace(tzinfo=UTC)
    write_update(house.root, 9, published=f'"{local}"', title="Due")
    outcome = house.publish(due - timedelta(seconds=1))
    assert outcome.problems == ()
    assert outcome.next_change == int(due.timestamp())
    assert "Due" not in titles(house, "/rss.xml")
    house.publish(due)
    assert all("Due" in titles(house, feed) for feed in ("/rss.xml", "/atom.xml", "/covid/rss.xml", "/covid/atom.xml"))
    assert b'"Due"' in house.documents()["/feed.json"]
    assert b"Due" in house.documents()["/"]
    house.store.close()


@pytest.mark.parametrize(
    ("local", "says"), [("2026-03-08 02:30", "does not exist"), ("2026-11-01 01:30", "happens twice")]
)
def test_a_local_time_that_is_skipped_or_repeated_is_held_back_and_named(tmp_path: Path, local: str, says: str) -> None:
    house = House(tmp_path)
    write_update(house.root, 9, published=local)
    (problem,) = house.publish().problems
    assert says in problem.message
    house.store.close()


def test_a_year_of_schedules_and_expiries_needs_nobody_awake(tmp_path: Path) -> None:
    """Stepping from change to change: one second before it nothing has moved, at its second everything has."""
    house = House(tmp_path)
    began = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
    for number in range(10, 34):
        day = began + timedelta(days=15 * (number - 9), minutes=number)
        expiry = f"{day + timedelta(days=40):%Y-%m-%d}" if number % 2 else f"{day + timedelta(days=400):%Y-%m-%d}"
        write_update(house.root, number, published=f"{day:%Y-%m-%d %H:%M}", expires=expiry)
    change = house.publish(began).next_change
    steps, moment = 0, began
    while change is not None:
        moment = datetime.fromtimestamp(change, UTC)
        before = house.publish(moment - timedelta(seconds=1))
        assert (before.written, before.removed) == (0, 0)
        outcome = house.publish(moment)
        assert outcome.written > 0
        change = outcome.next_change
        steps += 1
    assert steps == 48  # each of two dozen appeared once and left once
    assert house.documents() == house.fresh(tmp_path, moment)
    house.store.close()


edits = st.tuples(
    st.integers(1, 6),  # which update
    st.sampled_from(["write", "write", "write", "delete"]),
    st.integers(-3, 3),  # published so many days from the start
    st.sampled_from([None, 1, 2, 5]),  # expires so many days after
    st.sampled_from(["[covid]", "[pay]", "[covid, pay]"]),
    st.sampled_from([None, "[update-1]", "[update-2, update-3]"]),
    st.booleans(),  # a draft
    st.integers(0, 30),  # hours that pass before the next publish
)


@settings(max_examples=25)
@given(st.lists(edits, min_size=3, max_size=9))
def test_any_row_of_edits_ends_in_what_a_fresh_build_makes(steps: list[Any]) -> None:
    """Publishing what changed is publishing all, for less: no page or feed is forgotten."""
    with TemporaryDirectory() as scratch:
        house = House(Path(scratch))
        start = moment = datetime(2026, 3, 1, 17, 0, tzinfo=UTC)
        for number, action, days, lasts, categories, related, draft, hours in steps:
            published = start + timedelta(days=days, minutes=number)
            path = house.root / "updates" / f"2026-02-01-update-{number}.yaml"
            path.unlink(missing_ok=True)
            if action == "write":
                more = "" if lasts is None else f"expires: {published + timedelta(days=lasts):%Y-%m-%d %H:%M}\n"
                if related is not None:
                    more += "related: " + related.replace(f"update-{number}", "update-7") + "\n"
                write_update(
                    house.root,
                    number,
                    published=f"{published:%Y-%m-%d %H:%M}",
                    categories=categories,
                    draft=str(draft),
                    more=more,
                )
            moment += timedelta(hours=hours)
            assert house.publish(moment, may_drop=True).problems == ()
        assert house.documents() == house.fresh(Path(scratch), moment, remembers=True)
        house.store.close()
