"""What a calendar program that members use makes of our calendars."""

import subprocess
from pathlib import Path

import pytest

from tests.harness.judges import find_program

GOLDEN = Path(__file__).parent / "golden"
CONFIG = """\
[calendars]
[[union]]
path = {folder}
[locale]
timeformat = %H:%M
dateformat = %Y-%m-%d
longdateformat = %Y-%m-%d
datetimeformat = %Y-%m-%d %H:%M
longdatetimeformat = %Y-%m-%d %H:%M
local_timezone = America/Los_Angeles
default_timezone = America/Los_Angeles
"""
# in the order of the file; on the night of the last one clocks go forward
FEATURES = [
    "2026-02-20 18:00|2026-02-20 19:00|Cancelled: The meeting of February 20|CANCELLED ||2026-02-05-withdrawn",
    "2026-02-20|2026-02-22|{title}|CONFIRMED ||the-first-one#day-shift",
    "2026-03-01|2026-03-01|Deadline: {title}|CONFIRMED ||the-first-one#deadline",
    "2026-03-07 23:30|2026-03-08 03:30|{title}|CONFIRMED |Union hall, 12 Main & 3rd|the-first-one",
]
TITLE = 'Pay: 3 % <more> & "back pay" for night shift \N{EN DASH} done'


@pytest.fixture(scope="module")
def khal(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """Khal with an empty calendar, as somebody in Los Angeles has it."""
    program = find_program("khal", package="khal")
    home = tmp_path_factory.mktemp("khal")
    (home / "calendar").mkdir()
    (home / "config").write_text(CONFIG.format(folder=home / "calendar"))
    return [program, "--config", str(home / "config")]


def shown(khal: list[str], calendar: Path) -> list[str]:
    form = "{start-long}|{end-long}|{title}|{status}|{location}|{uid}"
    command = [*khal, "printics", "--format", form, str(calendar)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True, env={"LANG": "C.UTF-8"})
    return [line.replace("tag:news.example.org,2026:entry/", "") for line in done.stdout.splitlines()[1:]]


def test_a_calendar_shows_each_date_at_its_local_time_once(khal: list[str]) -> None:
    assert shown(khal, GOLDEN / "features" / "expected" / "calendar.ics") == [
        line.format(title=TITLE) for line in FEATURES
    ]


def test_the_calendar_of_an_update_holds_its_own_dates(khal: list[str]) -> None:
    update = GOLDEN / "features" / "expected" / "updates" / "everything" / "event.ics"
    assert shown(khal, update) == [line.format(title=TITLE) for line in FEATURES[1:]]


def test_a_calendar_without_dates_is_read(khal: list[str]) -> None:
    assert shown(khal, GOLDEN / "empty" / "expected" / "calendar.ics") == []
