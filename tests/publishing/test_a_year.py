"""A year goes by, with both nights on which clocks change: everything happens at its instant, and nothing between."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import feedparser

from tests.harness.folder import write_update
from tests.publishing.test_publisher import House

START, END = datetime(2026, 2, 20, 12, tzinfo=UTC), datetime(2027, 4, 1, tzinfo=UTC)
SECOND = timedelta(seconds=1)
LIVES = {
    1: "deadline: 2026-03-08 01:59\nremind: 1 day\n",
    2: "deadline: 2026-03-08\nremind: 1 week\nurgent_until: 2026-03-08 03:00\n",
    3: "event:\n  - {start: 2026-03-07 23:30, end: 2026-03-08 03:30}\n  - {id: late, start: 2026-11-01 01:30-07:00}\n",
    4: "published: 2026-11-01 01:30-07:00\nexpires: 2026-11-01 01:30-08:00\n",  # an hour later
    5: "published: 2026-03-08 03:00\ndeadline: 2026-11-01\nremind: 36 hours\n",
    6: "withdrawn: 2026-02-10 01:30\nreason: It is off.\nevent: 2026-11-01\n",
}
# what happens when, in UTC, besides the ends of dates in calendars
MEANT = """\
2026-03-01T17:00:30 reminder of 2
2026-03-07T09:59:30 reminder of 1
2026-03-08T09:59:00 1 closes
2026-03-08T10:00:00 5 appears, and 2 is urgent no more
2026-03-08T10:30:00 3 is over in part
2026-03-09T07:00:00 2 closes
2026-03-12T09:30:00 6 has been told of for thirty days
2026-10-31T20:00:30 reminder of 5, of a day of 25 hours
2026-11-01T08:30:00 4 appears
2026-11-01T09:30:00 4 expires, and 3 is over
2026-11-02T08:00:00 5 closes, and so does the date of 6
2027-03-09T09:59:00 1 leaves the calendar
2027-03-10T07:00:00 2 leaves the calendar
2027-03-13T09:30:00 Atom says no more that 6 was withdrawn
"""


def test_everything_happens_at_its_instant_and_nothing_between(tmp_path: Path) -> None:
    house = House(tmp_path)
    for number, more in LIVES.items():
        fields = dict(line.split(": ", 1) for line in more.splitlines() if line.startswith("published"))
        rest = "".join(f"{line}\n" for line in more.splitlines() if not line.startswith("published"))
        write_update(house.root, number, more=rest, **fields)
    outcome, last = house.publish(START), START
    told: dict[str, tuple[str, ...]] = {}
    turns = []
    while outcome.next_change is not None and (turn := datetime.fromtimestamp(outcome.next_change, UTC)) < END:
        assert house.publish(turn - SECOND).written == 0, "nothing changes by itself before"
        outcome, last = house.publish(turn), turn
        assert outcome.written, f"something changes at {turn}"
        turns.append(f"{turn:%Y-%m-%dT%H:%M:%S}")
        for entry in feedparser.parse(house.documents()["/atom.xml"]).entries:
            said = (entry.title, entry.published, entry.updated, entry.summary, entry.content[0].value)
            assert told.setdefault(entry.id, said) == said, "only an author changes what an entry says"
    assert turns == [line.partition(" ")[0] for line in MEANT.splitlines()]
    assert house.documents() == house.fresh(tmp_path, last)
    house.store.close()
