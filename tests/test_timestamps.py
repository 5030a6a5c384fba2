"""How documents write instants."""

from datetime import UTC, datetime

import pytest

from feedsvc.timestamps import local, stamp
from tests.make import make_site

LOS_ANGELES = make_site(time_zone="America/Los_Angeles")


def test_the_day_is_that_of_the_members() -> None:
    evening = datetime(2026, 3, 3, 2, 30, tzinfo=UTC)
    assert stamp(evening, LOS_ANGELES) == "2026-03-02T18:30:00-08:00"
    assert local(evening, LOS_ANGELES) == evening


def test_an_hour_that_happens_twice_is_told_apart() -> None:
    stamps = [stamp(datetime(2026, 11, 1, hour, 30, tzinfo=UTC), LOS_ANGELES) for hour in (8, 9)]
    assert stamps == ["2026-11-01T01:30:00-07:00", "2026-11-01T01:30:00-08:00"]


def test_what_is_below_a_second_is_left_out() -> None:
    assert stamp(datetime(2026, 7, 1, 0, 0, 59, 999_999, tzinfo=UTC), LOS_ANGELES) == "2026-06-30T17:00:59-07:00"


@pytest.mark.parametrize(
    ("moment", "written"),
    [
        (datetime(1971, 6, 1, 12, tzinfo=UTC), "1971-06-01T12:00:00+00:00"),  # 44 minutes and 30 seconds behind
        (datetime(2026, 6, 1, 12, tzinfo=UTC), "2026-06-01T12:00:00+00:00"),
    ],
)
def test_an_offset_that_no_feed_can_write_is_none(moment: datetime, written: str) -> None:
    assert stamp(moment, make_site(time_zone="Africa/Monrovia")) == written
