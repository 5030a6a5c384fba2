"""What stores promise, and what is said when they do not keep it. The engine speaks with a server on loopback."""

import socket
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from obstore.store import from_url

from feedsvc.object_stores import (
    CACHE_CONTROL,
    CONTENT_TYPE,
    ConflictError,
    MissingError,
    ObjectStoreError,
    OversizeError,
    open_store,
)
from feedsvc.object_stores.engine import EngineStore
from tests.object_stores.s3 import S3, Kept

PAGE = {CONTENT_TYPE: "text/html; charset=utf-8", CACHE_CONTROL: "max-age=300", "digest": "4711"}


@pytest.mark.parametrize("url", ["s3://site/news/", "memory:///"])
def test_a_store_gives_back_what_it_was_given(s3: S3, url: str) -> None:
    store = open_store(url)
    etag = store.put("covid/index.html", b"<p>", PAGE)
    found = store.get("covid/index.html")
    assert found
    assert (found.body, found.etag, found.attributes) == (b"<p>", etag, PAGE)
    assert store.get("covid/index.html", etag) is None
    assert [(each.key, each.size, each.etag) for each in store.listed()] == [("covid/index.html", 3, etag)]
    store.delete(["covid/index.html", "never/there"])
    with pytest.raises(MissingError):
        store.get("covid/index.html", etag)
    assert not s3.objects


def test_an_object_says_all_that_it_was_given_and_nothing_of_what_was_there_before(s3: S3) -> None:
    store = open_store("s3://site/news")
    store.put("rss.xml", b"old", PAGE)
    store.put("rss.xml", b"new", {CONTENT_TYPE: "application/rss+xml"})
    assert s3.objects["site/news/rss.xml"].fields == {"Content-Type": "application/rss+xml"}


def test_an_object_that_is_too_large_is_not_read(s3: S3) -> None:
    store = open_store("s3://site/news")
    store.put("current", b"x" * 1_001, {})
    with pytest.raises(OversizeError, match="current has 1001 octets, and 1000 at most are read"):
        store.get("current", most=1_000)
    found = store.get("current", most=1_001)
    assert found
    assert len(found.body) == 1_001
    assert [each.modified for each in store.listed()] == [datetime(2026, 1, 1, tzinfo=UTC).timestamp()]
    assert len(s3.asked) == 4


def test_a_condition_that_does_not_hold_writes_nothing(s3: S3) -> None:
    store = open_store("s3://site/news")
    first = store.put("current", b"1", {}, is_new=True)
    second = store.put("current", b"2", {}, instead_of=first)
    s3.refuse = lambda _method, place: 409 if place.endswith("busy") else 0
    attempts: tuple[Callable[[], str], ...] = (
        lambda: store.put("busy", b"3", {}, is_new=True),
        lambda: store.put("current", b"3", {}, is_new=True),
        lambda: store.put("current", b"3", {}, instead_of=first),
        lambda: store.put("absent", b"3", {}, instead_of=second),
    )
    for attempt in attempts:
        with pytest.raises(ConflictError, match="somebody else wrote there"):
            attempt()
    assert {place: kept.body for place, kept in s3.objects.items()} == {"site/news/current": b"2"}


def test_what_is_large_is_sent_in_one_piece(s3: S3) -> None:
    open_store("s3://site/news").put("files/a.pdf", b"x" * 6_000_000, PAGE)
    assert s3.asked == [("PUT", "site/news/files/a.pdf")]


def test_a_list_has_all_objects_and_removing_them_takes_a_request_for_a_thousand(s3: S3) -> None:
    store = open_store("s3://site/news")
    s3.objects |= {f"site/news/{number:04}": Kept(b"a", {}) for number in range(1_200)}
    keys = [each.key for each in store.listed()]
    assert keys == [f"{number:04}" for number in range(1_200)]
    s3.asked.clear()
    store.delete(keys)
    assert len(s3.asked) == 2
    assert not s3.keys("site/news/")


def test_a_store_that_minds_what_is_gone_removes_the_rest(tmp_path: Path) -> None:
    store = EngineStore(from_url(tmp_path.as_uri()), "file:///")
    store.put("a", b"1", {})
    store.put("b", b"2", {})
    store.delete(["a", "gone", "b"])
    assert not list(store.listed())


REFUSALS = [
    (403, True, "403 Refused"),
    (404, True, "404 Refused"),
    (429, False, "429 Refused"),
    (400, True, "400 Refused"),
]


@pytest.mark.parametrize(("status", "is_final", "said"), REFUSALS)
def test_a_refusal_says_what_the_store_answered_and_no_secret(s3: S3, status: int, is_final: bool, said: str) -> None:
    s3.refuse = lambda _method, _place: status
    store = open_store("s3://site/news")
    with pytest.raises(ObjectStoreError, match=f"^s3://site/news/a cannot be read: {said}$") as refused:
        store.get("a")
    assert refused.value.is_final is is_final


def test_a_store_in_trouble_is_asked_again_and_then_no_more(s3: S3) -> None:
    s3.refuse = lambda _method, _place: 503
    with pytest.raises(ObjectStoreError, match="503 Refused") as refused:
        open_store("s3://site/news").put("a", b"", {})
    assert not refused.value.is_final
    assert len(s3.asked) == 3


BAD_SURROUNDINGS: list[tuple[dict[str, str], str, bool]] = [
    ({"AWS_ENDPOINT": "http://127.0.0.1:1"}, "it cannot be reached", False),
    ({"AWS_ENDPOINT": "https://me:the-secret@127.0.0.1:1"}, "it cannot be reached", False),
    ({"AWS_ALLOW_HTTP": "false"}, "AWS_ALLOW_HTTP=true", True),
    ({"AWS_ACCESS_KEY_ID": "a\nb"}, "AWS_ACCESS_KEY_ID, holds signs", True),
]


@pytest.mark.parametrize(("environment", "said", "is_final"), BAD_SURROUNDINGS)
def test_what_the_surroundings_lack_is_named_without_secrets(
    s3: S3, monkeypatch: pytest.MonkeyPatch, environment: dict[str, str], said: str, is_final: bool
) -> None:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(ObjectStoreError, match=said) as refused:
        open_store("s3://site/news").get("a")
    assert refused.value.is_final is is_final
    assert "secret" not in str(refused.value)
    assert not s3.objects


def test_a_store_that_does_not_answer_is_not_waited_for(s3: S3, monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as deaf:
        monkeypatch.setenv("AWS_ENDPOINT", f"http://127.0.0.1:{deaf.getsockname()[1]}")
        monkeypatch.setenv("AWS_TIMEOUT", "100ms")
        with pytest.raises(ObjectStoreError, match="it does not answer in time"):
            open_store("s3://site/news").get("a")
    assert not s3.asked


@pytest.mark.parametrize("key", ["a//b", "../b"])
def test_a_key_that_no_store_takes_is_refused(s3: S3, key: str) -> None:
    with pytest.raises(ObjectStoreError) as refused:
        open_store("s3://site/news").put(key, b"", {})
    assert refused.value.is_final
    assert not s3.objects


@pytest.mark.parametrize(
    "url",
    ["", "site", "s3://", "s3:///x", "ftp://site", "s3://a b", "s3://site/a//b", "s3://site/../b", "s3://site/.b",
     "s3://key:hidden@site/x", "s3://site?x=hidden", "s3://site#hidden", "s3://[", "https://site/hidden"],
)  # fmt: skip
def test_an_address_that_cannot_be_meant_is_refused_and_not_repeated(url: str) -> None:
    with pytest.raises(ObjectStoreError, match="write one such as s3://bucket/folder") as refused:
        open_store(url)
    assert "hidden" not in str(refused.value)


def test_without_the_extra_it_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "obstore", None)
    monkeypatch.delitem(sys.modules, "feedsvc.object_stores.engine", raising=False)
    with pytest.raises(ObjectStoreError, match=r"install feedsvc\[bucket\]"):
        open_store("s3://site/news")
