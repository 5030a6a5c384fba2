"""The header table, row by row, and every kind of answer against it."""

import re
from pathlib import Path
from typing import Any

import pytest
from werkzeug.test import Client

from feedsvc.settings import Settings
from feedsvc.web import headers
from feedsvc.web.app import create_app
from feedsvc.web.headers import RULES, YEAR, Rule, content_type
from tests.web.published import (
    NOT_FOUND,
    make_attachment,
    make_feed_document,
    make_page,
    publish,
)

SECONDS = (0, 1, 59, 60, 299, 300, 301, 359, 600, 601, 659, 660, 661, 3600, 3659, 3660, 100_000, None)
KINDS = {
    "feed": make_feed_document(),
    "opml": make_page("/feeds.opml", kind="opml", media_type="text/x-opml"),
    "page": make_page(),
    "icon": make_page("/favicon.ico", kind="icon", media_type="image/x-icon"),
    "asset": make_page("/static/style.1.css", kind="asset", media_type="text/css"),
    "attachment": make_attachment(),
}
ASKING: dict[int, dict[str, Any]] = {
    200: {},
    204: {"method": "OPTIONS"},
    304: {"headers": {"If-None-Match": "*"}},
    405: {"method": "POST"},
    406: {"headers": {"Accept-Encoding": "*;q=0"}},
}


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Client:
    publication = tmp_path_factory.mktemp("site") / "publication.db"
    publish(publication, *KINDS.values(), NOT_FOUND)
    return Client(create_app(Settings(publication=publication)))


def numbers(value: str) -> dict[str, int]:
    return {name: int(number) for name, number in re.findall(r"([a-z-]+)=(\d+)", value)}


@pytest.mark.parametrize("seconds", SECONDS)
@pytest.mark.parametrize("kind", RULES)
def test_no_cache_outlives_the_next_change(kind: str, seconds: int | None) -> None:
    rule = RULES[kind]
    told = numbers(rule.cache_control(seconds))
    if rule.is_fixed or seconds is None:
        assert rule.cache_control(seconds) == rule.cache_control(None)
    else:
        assert told["max-age"] + told["stale-while-revalidate"] <= seconds
        assert told["s-maxage"] + told["stale-while-revalidate"] <= seconds
    assert told["max-age"] <= rule.max_age


@pytest.mark.parametrize("kind", RULES)
def test_beyond_the_horizon_a_change_shortens_nothing(kind: str) -> None:
    rule = RULES[kind]
    assert rule.cache_control(rule.horizon) == rule.cache_control(None)
    assert rule.horizon <= headers.HORIZON


def test_what_no_schedule_alters_is_kept_across_a_change() -> None:
    """Else everything would be answered anew every second for days before each change."""
    assert {kind for kind, rule in RULES.items() if rule.is_fixed} == {"icon", "asset", "picture", "moved"}
    assert RULES["icon"].max_age > headers.HORIZON


def test_a_change_in_the_past_leaves_no_time() -> None:
    assert set(numbers(RULES["feed"].cache_control(-5)).values()) == {0, headers.DAY}


def test_the_fields_of_cache_control() -> None:
    rule = Rule(max_age=600, shared_max_age=300, stale=60, policy="")
    expected = "public, max-age=600, s-maxage=300, stale-while-revalidate=60, stale-if-error=86400"
    assert rule.cache_control(None) == expected
    assert RULES["asset"].cache_control(1) == f"public, max-age={YEAR}, immutable"


@pytest.mark.parametrize("status", ASKING)
@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_at_every_status_carries_its_row(client: Client, kind: str, status: int) -> None:
    rule = RULES[kind]
    response = client.open(KINDS[kind].path, **ASKING[status])
    assert response.status_code == status
    fields = response.headers
    assert fields["X-Content-Type-Options"] == "nosniff"
    assert "Set-Cookie" not in fields
    assert len(fields) == len({name.lower() for name, _ in fields})
    if status == 200:
        assert fields["Content-Security-Policy"] == rule.policy
    if status != 304:
        assert fields["Referrer-Policy"] == "no-referrer"
        assert "camera=()" in fields["Permissions-Policy"]
        assert fields["Cross-Origin-Resource-Policy"] == "cross-origin"
    if status in (200, 304):
        assert fields["Cache-Control"] == rule.cache_control(None)
        assert fields["Vary"].startswith("Accept-Encoding")
        assert ("Access-Control-Allow-Origin" in fields) is rule.is_open
        assert ("Sec-Fetch-Dest" in fields["Vary"]) is (kind == "feed")
    if status >= 400:
        assert (fields["Cache-Control"], fields["Content-Security-Policy"]) == ("no-store", headers.CLOSED_POLICY)
    if status == 405:
        assert fields["Allow"] == headers.ALLOW
    assert fields.get("Accept-Ranges") == ("bytes" if rule.has_ranges and status == 200 else None)


@pytest.mark.parametrize("kind", RULES)
def test_no_answer_may_be_framed_or_load_from_elsewhere(kind: str) -> None:
    policy = RULES[kind].policy
    assert policy.startswith("default-src 'none'; ")
    assert "frame-ancestors 'none'" in policy
    assert not re.search(r"\*|https?:|unsafe-eval|script-src 'unsafe", policy)


@pytest.mark.parametrize(
    ("media_type", "expected"),
    [
        ("text/html", "text/html; charset=utf-8"),
        ("text/x-opml", "text/x-opml; charset=utf-8"),
        ("application/rss+xml", "application/rss+xml; charset=utf-8"),
        ("application/atom+xml", "application/atom+xml; charset=utf-8"),
        ("application/feed+json", "application/feed+json; charset=utf-8"),
        ("application/pdf", "application/pdf"),
        ("image/svg+xml", "image/svg+xml"),
    ],
)
def test_text_says_its_charset(media_type: str, expected: str) -> None:
    assert content_type(media_type) == expected


def test_tags_and_links_are_told_where_there_are_any(tmp_path: Path) -> None:
    publication = tmp_path / "publication.db"
    link = ("self", "https://news.example.org/a/", "text/html")
    publish(publication, make_page("/a/", tags=("all", "category-pay"), links=(link, link)), make_page("/b/"))
    client = Client(create_app(Settings(publication=publication)))
    told, silent = client.get("/a/").headers, client.get("/b/").headers
    assert (told["Surrogate-Key"], told["Cache-Tag"]) == ("all category-pay", "all,category-pay")
    assert told["Link"] == ", ".join(['<https://news.example.org/a/>; rel="self"; type="text/html"'] * 2)
    assert not {"Surrogate-Key", "Cache-Tag", "Link"} & set(silent.keys())
