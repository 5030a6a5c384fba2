"""The header table, row by row, and every kind of answer against it."""

import re
from operator import attrgetter
from pathlib import Path
from typing import Any

import pytest
from werkzeug.test import Client

from feedsvc.kinds import (
    ASSET,
    BUILDER,
    CLOSED_POLICY,
    DAY,
    EMBED,
    FEED,
    GONE_FEED,
    ICON,
    KINDS,
    MOVED,
    OPML,
    PICTURE,
    SCRIPT,
    SUBSCRIBE,
    YEAR,
    Kind,
)
from feedsvc.model import Document
from feedsvc.publication import headers
from feedsvc.publication.headers import cache_control, content_type
from feedsvc.settings import Settings
from feedsvc.web.app import create_app
from tests.web.published import (
    NOT_FOUND,
    make_attachment,
    make_feed_document,
    make_page,
    publish,
)

NAME = attrgetter("name")
SECONDS = (0, 1, 59, 60, 299, 300, 301, 359, 600, 601, 659, 660, 661, 3600, 3659, 3660, 100_000, None)
SERVED = (
    make_feed_document(),
    make_page("/feeds.opml", kind=OPML, media_type="text/x-opml"),
    make_page(),
    make_page("/favicon.ico", kind=ICON, media_type="image/x-icon"),
    make_page("/static/style.1.css", kind=ASSET, media_type="text/css"),
    make_attachment(),
    make_page("/embed/all/", kind=EMBED),
    make_page("/embed/", kind=BUILDER),
    make_page("/embed-1.js", kind=SCRIPT, media_type="text/javascript"),
)
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
    publish(publication, *SERVED, NOT_FOUND)
    return Client(create_app(Settings(publication=publication)))


def numbers(value: str) -> dict[str, int]:
    return {name: int(number) for name, number in re.findall(r"([a-z-]+)=(\d+)", value)}


@pytest.mark.parametrize("seconds", SECONDS)
@pytest.mark.parametrize("kind", KINDS, ids=NAME)
def test_no_cache_outlives_the_next_change(kind: Kind, seconds: int | None) -> None:
    told = numbers(cache_control(kind, seconds))
    if kind.is_fixed or seconds is None:
        assert cache_control(kind, seconds) == cache_control(kind, None)
    else:
        assert told["max-age"] + told["stale-while-revalidate"] <= seconds
        assert told["s-maxage"] + told["stale-while-revalidate"] <= seconds
    assert told["max-age"] <= kind.max_age


@pytest.mark.parametrize("kind", KINDS, ids=NAME)
def test_beyond_the_horizon_a_change_shortens_nothing(kind: Kind) -> None:
    assert cache_control(kind, headers.HORIZON) == cache_control(kind, None)


def test_what_no_schedule_alters_is_kept_across_a_change() -> None:
    """Else everything would be answered anew every second for days before each change."""
    assert {kind for kind in KINDS if kind.is_fixed} == {ICON, ASSET, PICTURE, MOVED, SCRIPT, SUBSCRIBE, GONE_FEED}
    assert ICON.max_age > headers.HORIZON


def test_a_change_in_the_past_leaves_no_time() -> None:
    assert set(numbers(cache_control(FEED, -5)).values()) == {0, DAY}


def test_the_fields_of_cache_control() -> None:
    expected = "max-age=600, s-maxage=300, stale-while-revalidate=60, stale-if-error=86400"
    assert cache_control(FEED, None) == expected
    assert cache_control(ASSET, 1) == f"max-age={YEAR}, immutable"
    assert cache_control(SCRIPT, 1) == f"max-age={YEAR}, immutable, no-transform"


@pytest.mark.parametrize("status", ASKING)
@pytest.mark.parametrize("document", SERVED, ids=lambda document: document.kind.name)
def test_every_kind_at_every_status_carries_its_row(client: Client, document: Document, status: int) -> None:
    kind = document.kind
    response = client.open(document.path, **ASKING[status])
    assert response.status_code == status
    fields = response.headers
    assert fields["X-Content-Type-Options"] == "nosniff"
    assert "Set-Cookie" not in fields
    assert len(fields) == len({name.lower() for name, _ in fields})
    if status == 200:
        assert fields["Content-Security-Policy"] == kind.policy
    if status != 304:
        assert fields["Referrer-Policy"] == "no-referrer"
        assert "camera=()" in fields["Permissions-Policy"]
        assert fields["Cross-Origin-Resource-Policy"] == "cross-origin"
    if status == 200:
        assert fields.get("Cross-Origin-Embedder-Policy") == ("require-corp" if kind is EMBED else None)
    if status in (200, 304):
        assert fields["Cache-Control"] == cache_control(kind, None)
        assert fields["Vary"].startswith("Accept-Encoding")
        assert ("Access-Control-Allow-Origin" in fields) is kind.is_open
        assert ("Sec-Fetch-Dest" in fields["Vary"]) is (kind is FEED)
    if status >= 400:
        assert (fields["Cache-Control"], fields["Content-Security-Policy"]) == ("no-store", CLOSED_POLICY)
    if status == 405:
        assert fields["Allow"] == headers.ALLOW
    assert fields.get("Accept-Ranges") == ("bytes" if kind.has_ranges and status == 200 else None)


@pytest.mark.parametrize("kind", KINDS, ids=NAME)
def test_only_what_is_made_for_it_may_be_framed_and_nothing_loads_from_elsewhere(kind: Kind) -> None:
    policy = kind.policy
    assert policy.startswith("default-src 'none'; ")
    assert ("frame-ancestors 'none'" in policy) is not kind.is_framed
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


def test_a_document_brings_a_policy_of_its_own(tmp_path: Path) -> None:
    publication = tmp_path / "publication.db"
    policy = f"{EMBED.policy}; frame-ancestors https://sister.example"
    publish(publication, make_page("/embed/all/", kind=EMBED, policy=policy))
    client = Client(create_app(Settings(publication=publication)))
    assert client.get("/embed/all/").headers["Content-Security-Policy"] == policy


def test_caches_that_are_told_of_changes_may_keep_what_may_change(tmp_path: Path) -> None:
    """The proxy of a hospital hears of no change, so what it goes by stays as it was."""
    publication = tmp_path / "publication.db"
    page, asset = make_page("/a/", tags=("all",)), make_page("/static/a.css", kind=ASSET, tags=("all",))
    publish(publication, page, asset, make_page("/b/"), NOT_FOUND, cdn_age=DAY)
    client = Client(create_app(Settings(publication=publication)))
    etag = client.get("/a/").headers["ETag"]
    for given, status in (({}, 200), ({"If-None-Match": etag}, 304)):
        told = client.get("/a/", headers=given)
        assert told.status_code == status
        for name in ("CDN-Cache-Control", "Surrogate-Control"):
            assert told.headers[name] == f"max-age={DAY}, stale-if-error={DAY}"
        assert "s-maxage=300" in told.headers["Cache-Control"]
    for path in ("/b/", "/static/a.css", "/nothing"):
        assert "CDN-Cache-Control" not in client.get(path).headers, path


def test_tags_and_links_are_told_where_there_are_any(tmp_path: Path) -> None:
    publication = tmp_path / "publication.db"
    link = ("self", "https://news.example.org/a/", "text/html")
    publish(publication, make_page("/a/", tags=("all", "place-pay"), links=(link, link)), make_page("/b/"))
    client = Client(create_app(Settings(publication=publication)))
    told, silent = client.get("/a/").headers, client.get("/b/").headers
    assert (told["Surrogate-Key"], told["Cache-Tag"]) == ("all place-pay /a/", "all,place-pay,/a/")
    assert told["Link"] == ", ".join(['<https://news.example.org/a/>; rel="self"; type="text/html"'] * 2)
    assert not {"Surrogate-Key", "Cache-Tag", "Link"} & set(silent.keys())
