from datetime import UTC, datetime, timedelta

import pytest

from feedsvc.web.negotiation import choose_coding, choose_range, is_unchanged, is_unmet, parse

ALL = ("br", "gzip", "identity")
UPDATED = datetime(2026, 3, 1, 9, 30, tzinfo=UTC)
MODIFIED = int(UPDATED.timestamp())


@pytest.mark.parametrize(
    ("field", "coding"),
    [
        (None, "identity"),
        ("", "identity"),
        ("gzip", "gzip"),
        ("GZip", "gzip"),
        ("x-gzip", "gzip"),
        ("gzip, deflate, br, zstd", "br"),
        ("gzip;q=1.0, br;q=0.5", "gzip"),
        ("gzip;q=0", "identity"),
        ("gzip;q=0, br;q=0", "identity"),
        ("deflate", "identity"),
        ("*", "br"),
        ("*;q=0.1, gzip;q=0.2", "gzip"),
        ("br;q=0, *", "gzip"),
        ("identity", "identity"),
        ("identity;q=1, gzip;q=0.5", "identity"),
        ("identity;q=0.5, gzip;q=0.5", "gzip"),
        ("identity;q=0, gzip;q=0.001", "gzip"),
        ("identity;q=0", None),
        ("*;q=0", None),
        ("*;q=0, identity;q=0.3", "identity"),
        ("gzip;q=nonsense", "identity"),
        (",,;;==\x00", "identity"),
    ],
)
def test_the_coding_follows_rfc_9110_section_12_5_3(field: str | None, coding: str | None) -> None:
    assert choose_coding(field, ALL) == coding


def test_only_an_available_coding_is_chosen() -> None:
    assert choose_coding("br, gzip;q=0.5", ("identity",)) == "identity"
    assert choose_coding("identity;q=0, gzip", ("identity",)) is None


@pytest.mark.parametrize(
    ("held", "since", "unchanged"),
    [
        ('"tag"', None, True),
        ('W/"tag"', None, True),
        ('"other", "tag"', None, True),
        ("*", None, True),
        ('"other"', None, False),
        ('"tag-gzip"', None, False),
        ('"other"', UPDATED, False),
        (None, UPDATED, True),
        (None, UPDATED + timedelta(seconds=1), True),
        (None, UPDATED - timedelta(seconds=1), False),
        (None, None, False),
    ],
)
def test_preconditions_follow_rfc_9110_section_13_2_2(
    held: str | None, since: datetime | None, unchanged: bool
) -> None:
    date = since.strftime("%a, %d %b %Y %H:%M:%S GMT") if since else None
    assert is_unchanged(held, date, "tag", MODIFIED) is unchanged


@pytest.mark.parametrize(
    ("known", "since", "unmet"),
    [
        (None, None, False),
        ('"tag"', None, False),
        ('"other", "tag"', None, False),
        ("*", None, False),
        ('"other"', None, True),
        ('W/"tag"', None, True),
        ("", None, True),
        ('"tag"', UPDATED - timedelta(days=1), False),
        (None, UPDATED - timedelta(seconds=1), True),
        (None, UPDATED, False),
        (None, UPDATED + timedelta(days=1), False),
    ],
)
def test_who_wants_only_what_it_knows_is_told_when_it_is_something_else(
    known: str | None, since: datetime | None, unmet: bool
) -> None:
    """RFC 9110 sections 13.1.1 (strong comparison), 13.1.4 and 13.2.2 (a tag goes before a date)."""
    date = since.strftime("%a, %d %b %Y %H:%M:%S GMT") if since else None
    assert is_unmet(known, date, "tag", MODIFIED) is unmet


@pytest.mark.parametrize(
    "text",
    [
        "yesterday",
        "",
        "Fri, 31 Dec 99999999999 00:00:00 GMT",
        "Fri, 31 Dec 2026 99999999999:00:00 GMT",
        "Fri, 31 Dec 2026 09:30:00 -99999999999",
        f"Fri, {'9' * 5000} Dec 2026 09:30:00 GMT",
    ],
)
def test_a_date_that_is_none_is_no_condition(text: str) -> None:
    assert not is_unchanged(None, text, "tag", MODIFIED)
    assert not is_unmet(None, text, "tag", MODIFIED)
    assert choose_range("bytes=0-3", text, "tag", MODIFIED, 10) is None


@pytest.mark.parametrize("fault", [ValueError, OverflowError, RecursionError, MemoryError, KeyError])
def test_whatever_a_parser_fails_with_the_field_says_nothing(fault: type[Exception]) -> None:
    def fail(_text: str) -> None:
        raise fault

    assert parse(fail, "x") is None
    assert parse(len, None) is None
    assert parse(len, "x") == 1


def test_no_date_is_a_condition_until_it_is_told_when_the_document_was_modified() -> None:
    far = "Fri, 01 Jan 2100 00:00:00 GMT"
    assert not is_unchanged(None, far, "tag", None)
    assert is_unchanged('"tag"', far, "tag", None)
    assert choose_range("bytes=0-3", far, "tag", None, 10) is None


@pytest.mark.parametrize(
    ("field", "if_range", "part"),
    [
        ("bytes=0-3", None, (0, 4)),
        ("bytes=5-", None, (5, 10)),
        ("bytes=-4", None, (6, 10)),
        ("bytes=8-99", None, (8, 10)),
        ("bytes=10-", None, "unsatisfiable"),
        ("bytes=0-1,4-5", None, None),
        ("lines=0-1", None, None),
        ("bytes=3-1", None, None),
        ("nonsense", None, None),
        ("bytes=0-3", '"tag"', (0, 4)),
        ("bytes=0-3", 'W/"tag"', None),
        ("bytes=0-3", '"other"', None),
        ("bytes=0-3", "Sun, 01 Mar 2026 09:30:00 GMT", (0, 4)),
        ("bytes=0-3", "Sun, 01 Mar 2026 09:30:01 GMT", None),
    ],
)
def test_ranges_follow_rfc_9110_section_14(field: str, if_range: str | None, part: object) -> None:
    assert choose_range(field, if_range, "tag", MODIFIED, 10) == part
