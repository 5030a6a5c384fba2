"""Dates as officers write them."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedsvc.content.dates import read_instant, write_instant
from feedsvc.errors import BadValueError

ZONE = ZoneInfo("America/New_York")
NINE = time(9)


@pytest.mark.parametrize(
    ("text", "instant"),
    [
        ("2026-03-01", datetime(2026, 3, 1, 14, 0, tzinfo=UTC)),
        ("2026-07-01", datetime(2026, 7, 1, 13, 0, tzinfo=UTC)),
        ("2026-03-01 17:05", datetime(2026, 3, 1, 22, 5, tzinfo=UTC)),
        ("2026-03-01T17:05:09", datetime(2026, 3, 1, 22, 5, 9, tzinfo=UTC)),
        ("2026-03-01t17:05z", datetime(2026, 3, 1, 17, 5, tzinfo=UTC)),
        ("2026-03-01  17:05 Z", datetime(2026, 3, 1, 17, 5, tzinfo=UTC)),
        ("2026-03-01 17:05-08:00", datetime(2026, 3, 2, 1, 5, tzinfo=UTC)),
        ("2026-03-01 17:05 +05:30", datetime(2026, 3, 1, 11, 35, tzinfo=UTC)),
        ("2024-02-29", datetime(2024, 2, 29, 14, 0, tzinfo=UTC)),
        ("2026-11-01 01:30-05:00", datetime(2026, 11, 1, 6, 30, tzinfo=UTC)),
    ],
)
def test_date_is_an_instant(text: str, instant: datetime) -> None:
    assert read_instant(text, ZONE, NINE) == instant


def test_date_alone_can_fall_into_the_hour_that_clocks_skip() -> None:
    with pytest.raises(BadValueError, match="2026-03-08 02:30 does not exist in America/New_York"):
        read_instant("2026-03-08", ZONE, time(2, 30))


@given(st.text(max_size=30) | st.from_regex(r"[0-9]{4}-[0-9]{2}-[0-9]{2}( [0-9]{2}:[0-9]{2})?([+-][0-9]{2}:[0-9]{2})?"))
def test_any_text_is_an_instant_or_a_fault(text: str) -> None:
    try:
        instant = read_instant(text, ZONE, NINE)
    except BadValueError:
        return
    else:
        assert instant.tzinfo is UTC


@given(st.datetimes(min_value=datetime(1990, 1, 1), max_value=datetime(2100, 1, 1)))  # noqa: DTZ001  # local times
def test_local_time_is_taken_exactly_when_a_clock_shows_it_once(local: datetime) -> None:
    """Judged by going through every instant that could be meant."""
    local = local.replace(second=0, microsecond=0)
    meant = [(local + timedelta(hours=offset)).replace(tzinfo=UTC) for offset in (4, 5)]
    shown = [instant for instant in meant if instant.astimezone(ZONE).replace(tzinfo=None) == local]
    try:
        assert [read_instant(f"{local:%Y-%m-%d %H:%M}", ZONE, NINE)] == shown
    except BadValueError:
        assert len(shown) != 1


@given(
    st.integers(min_value=86_400, max_value=7_258_000_000), st.sampled_from(["America/New_York", "Asia/Kolkata", "UTC"])
)
def test_what_is_written_for_an_instant_is_read_as_it(second: int, name: str) -> None:
    instant = datetime.fromtimestamp(second, UTC)
    assert read_instant(write_instant(instant, ZoneInfo(name)), ZoneInfo(name), NINE) == instant


def test_an_instant_is_written_as_people_write_it() -> None:
    for text in ("2026-03-01 17:05", "2026-03-01 17:05:09", "2026-11-01 01:30-05:00", "2026-11-01 01:30-04:00"):
        assert write_instant(read_instant(text, ZONE, NINE), ZONE) == text
