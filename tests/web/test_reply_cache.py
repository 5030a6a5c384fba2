"""What may be remembered under what, and for how long."""

from types import SimpleNamespace

import pytest
from gunicorn.config import Config

from feedsvc.web.answer import Answer
from feedsvc.web.worker.internals import FixedSettings, read_head
from feedsvc.web.worker.reply_cache import HEAD_SIZE_AT_MOST, HEADS_AT_MOST, LARGE, ROOM, Reply, ReplyCache
from tests.web.serving import get

ANSWER = Answer("200 OK", (("Content-Length", "2"),), b"ok", 1)


def cache_of(head: bytes) -> tuple[ReplyCache, Reply]:
    """A memory of generation 1 that holds one reply, to a stranger's ``head``."""
    cache = ReplyCache()
    assert cache.replies(1) == ({}, {})
    reply = Reply(SimpleNamespace(version=(1, 1), method="GET"), ANSWER, close=False)
    cache.remember(head, reply, 1, is_trusted=False)
    return cache, reply


def reply_with(body: bytes | memoryview) -> Reply:
    return Reply(SimpleNamespace(version=(1, 1), method="GET"), Answer("200 OK", (), body, 1), close=False)


def test_a_reply_is_recalled_in_its_generation_only() -> None:
    cache, reply = cache_of(get("/"))
    assert cache.replies(1) == ({get("/"): reply}, {})
    for generation in (2, 1):
        assert cache.replies(generation) == ({}, {})


def test_what_a_trusted_proxy_was_told_is_not_told_to_a_stranger() -> None:
    cache, reply = cache_of(get("/"))
    other = reply_with(b"")
    cache.remember(get("/"), other, 1, is_trusted=True)
    assert cache.replies(1) == ({get("/"): reply}, {get("/"): other})


def test_a_reply_from_another_generation_is_not_kept() -> None:
    cache, reply = cache_of(get("/"))
    cache.remember(get("/other"), reply, 2, is_trusted=False)
    assert len(cache) == 1


def test_a_long_head_is_not_kept() -> None:
    assert len(cache_of(get("/", "Cookie: " + "a" * HEAD_SIZE_AT_MOST))[0]) == 0


@pytest.mark.parametrize("body", [bytes(LARGE + 1), memoryview(b"123")[1:]], ids=["large", "view"])
def test_a_body_that_is_large_or_a_view_is_not_kept(body: bytes | memoryview) -> None:
    cache, _ = cache_of(get("/"))
    cache.remember(get("/other"), reply_with(body), 1, is_trusted=False)
    assert len(cache) == 1


@pytest.mark.parametrize("trusted", [(False, False), (False, True)])
def test_the_memory_is_bounded(trusted: tuple[bool, bool]) -> None:
    cache, reply = cache_of(get("/"))
    for number in range(3 * HEADS_AT_MOST):
        cache.remember(get(f"/{number}"), reply, 1, is_trusted=trusted[number % 2])
        assert len(cache) <= HEADS_AT_MOST


def test_the_octets_of_all_replies_are_bounded() -> None:
    cache, _ = cache_of(get("/"))
    for number in range(ROOM // LARGE):
        cache.remember(get(f"/{number}"), reply_with(bytes(LARGE)), 1, is_trusted=number % 2 == 0)
    assert len(cache) < ROOM // LARGE


@pytest.mark.parametrize(("method", "status"), [("HEAD", "406 Not Acceptable"), ("GET", "304 Not Modified")])
def test_no_body_follows_where_none_is_expected(method: str, status: str) -> None:
    request = SimpleNamespace(version=(1, 1), method=method)
    assert Reply(request, Answer(status, (), b"body", 1), close=False).body == b""


def test_a_reply_is_written_at_its_date() -> None:
    request = read_head(FixedSettings(Config()), get("/", version="1.0"), ("127.0.0.1", 1))
    reply = Reply(request, ANSWER, close=True)
    reply.dated(b"Thu, 01 Jan 1970 00:00:00 GMT")
    assert reply.head == (
        b"HTTP/1.0 200 OK\r\nServer: gunicorn\r\nDate: Thu, 01 Jan 1970 00:00:00 GMT\r\nConnection: close\r\n"
        b"Content-Length: 2\r\n\r\n"
    )
    assert reply.size == len(reply.head) + 2
