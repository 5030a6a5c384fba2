"""Corrections, withdrawals, replacements and urgency in every format, as a feed parser has them."""

import json
from datetime import UTC, datetime

import pytest

from feedsvc.formats import FORMATS
from feedsvc.formats.atom import ATOM
from feedsvc.formats.format import FeedFormat
from feedsvc.formats.json_feed import JSON_FEED
from feedsvc.model import Change, Withdrawal
from tests.formats.samples import XML_FORMATS, named, parse, read
from tests.formats.test_events import DEADLINE
from tests.make import SELF_URL, make_entry, make_feed

every_format = pytest.mark.parametrize("fmt", FORMATS, ids=named)
CHANGES = (
    Change(date=datetime(2026, 3, 2, 14, tzinfo=UTC), note="Not Monday."),
    Change(date=datetime(2026, 3, 4, 15, tzinfo=UTC), note="Room 4"),
)
OLD = "https://news.example.org/updates/old-masks/"


@every_format
def test_the_newest_correction_is_the_first_line_and_the_dates_follow(fmt: FeedFormat) -> None:
    entry = make_entry(changes=CHANGES, updated=CHANGES[1].date, events=(DEADLINE,), summary="Come.")
    (item,) = read(fmt, fmt.render(make_feed(entry), SELF_URL)).items
    assert item.summary == "Corrected March 4, 2026: Room 4. Deadline: Sunday, March 1, 2026. Come."
    assert item.content_html.startswith(
        "<p><strong>Corrected March 4, 2026:</strong> Room 4.</p>\n<p><strong>Deadline:"
    )
    assert "Not Monday" not in item.content_html


@every_format
def test_what_is_replaced_is_a_link_in_the_content(fmt: FeedFormat) -> None:
    document = fmt.render(make_feed(make_entry(replaces="old-masks", related=("other",))), SELF_URL)
    (item,) = read(fmt, document).items
    assert item.content_html.startswith(f'<p><a href="{OLD}">This replaces an earlier update.</a></p>')
    if fmt is ATOM:
        links = [link.href for link in parse(document).entries[0].links if link.rel == "related"]
        assert links == [OLD, OLD.replace("old-masks", "other")]


@every_format
def test_what_was_urgent_is_marked_for_good(fmt: FeedFormat) -> None:
    until = datetime(2026, 3, 6, 4, 59, tzinfo=UTC)
    document = fmt.render(make_feed(make_entry(urgent_until=until)), SELF_URL)
    (item,) = read(fmt, document).items
    assert item.tags == ("COVID", "Urgent")
    if fmt is JSON_FEED:
        assert json.loads(document)["items"][0]["_feedsvc"] == {"urgent_until": "2026-03-05T23:59:00-05:00"}


WITHDRAWN = make_entry(
    title="Withdrawn: Masks are back",
    withdrawal=Withdrawal(date=CHANGES[1].date, reason="Wrong.", title="Masks are back"),
    updated=CHANGES[1].date,
    summary="Withdrawn March 4, 2026: Wrong.",
    changes=CHANGES,
    events=(DEADLINE,),
)


@every_format
def test_what_is_withdrawn_says_nothing_but_that(fmt: FeedFormat) -> None:
    (item,) = read(fmt, fmt.render(make_feed(WITHDRAWN), SELF_URL)).items
    assert (item.title, item.summary) == ("Withdrawn: Masks are back", "Withdrawn March 4, 2026: Wrong.")
    assert item.updated == CHANGES[1].date
    assert "Deadline" not in item.content_html + item.summary


def test_programs_are_told_that_it_is_withdrawn_and_no_date_any_more() -> None:
    (item,) = json.loads(JSON_FEED.render(make_feed(WITHDRAWN), SELF_URL))["items"]
    assert item["_feedsvc"] == {"withdrawn": "2026-03-04T10:00:00-05:00"}
    for fmt in XML_FORMATS:
        assert "ev_startdate" not in parse(fmt.render(make_feed(WITHDRAWN), SELF_URL)).entries[0]
