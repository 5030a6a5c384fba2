"""What may be remembered under what, and for how long."""

from types import SimpleNamespace
from typing import Any

import pytest
from gunicorn.config import Config

from feedsvc.web.answer import Answer
from feedsvc.web.heads import FixedSettings, read_head
from feedsvc.web.memo import HEAD_SIZE_AT_MOST, HEADS_AT_MOST, LARGE, ROOM, Memo, Reply
from tests.web.serving import get

ANSWER = Answer("200 OK", (("Content-Length", "2"),), b"ok", 1)


def gunicorn(**changes: Any) -> FixedSettings:
    """Settings of gunicorn, with changes."""
    cfg = Config()
    for name, value in changes.items():
        cfg.set(name, value)
    return FixedSettings.of(cfg)


def memo_of(head: bytes, *, whole: bool = False, **changes: Any) -> tuple[Memo, Reply]:
    """A memory of generation 1 that holds one reply, to ``head``."""
    memo = Memo(gunicorn(**changes), whole=whole)
    assert memo.replies(1) == {}
    assert memo.recall(head) is None
    reply = Reply(SimpleNamespace(version=(1, 1), method="GET"), ANSWER, close=False)
    memo.remember(head, reply, 1)
    return memo, reply


def test_a_reply_is_recalled_in_its_generation_only() -> None:
    memo, reply = memo_of(get("/"))
    assert memo.replies(1) == {get("/"): reply}
    assert memo.recall(get("/")) is reply
    for generation in (2, 1):
        assert memo.replies(generation) == {}
        assert memo.recall(get("/")) is None


def test_a_reply_from_another_generation_is_not_kept() -> None:
    memo, reply = memo_of(get("/"))
    memo.remember(get("/other"), reply, 2)
    assert memo.recall(get("/other")) is None


def test_a_long_head_is_not_kept() -> None:
    head = get("/", "Cookie: " + "a" * HEAD_SIZE_AT_MOST)
    memo, _ = memo_of(head)
    assert memo.recall(head) is None


def test_the_memory_is_bounded() -> None:
    memo, reply = memo_of(get("/"))
    for number in range(3 * HEADS_AT_MOST):
        memo.remember(get(f"/{number}"), reply, 1)
        assert len(memo) <= 2 * HEADS_AT_MOST


@pytest.mark.parametrize(
    "fields",
    [
        ["User-Agent: Reader/2"],
        ["user-agent: Reader/2"],
        ["X-Request-Id: 1", "X-Forwarded-For: 192.0.2.1", "Via: 1.1 vegur"],
        ["CF-Ray: 123-AMS", "traceparent:00-1-2-01", "Referer:\thttps://example.org/?a=1 "],
        ["X-Empty:"],
        ["Feedly-Id: 17", "Reader2: x", "Accepted-Encoding: br", "Range2: bytes=0-1"],
        ["Cookie: a=b", "Accept: text/html", "Sec-CH-UA-Mobile: ?1", "Sec-Fetch-Mode: cors", "Pragma: no-cache"],
    ],
    ids=str,
)
def test_heads_that_differ_in_idle_fields_have_one_reply(fields: list[str]) -> None:
    memo, reply = memo_of(get("/", "Accept-Encoding: gzip", "User-Agent: Reader/1"))
    assert memo.recall(get("/", "Accept-Encoding: gzip", *fields)) is reply
    assert memo.recall(get("/", *fields, "Accept-Encoding: gzip")) is reply


@pytest.mark.parametrize("target", ["/?", "/?utm_source=mail", "/?a=%C3%B1&b=x", "/?a/b?c:d@e"])
def test_the_query_makes_no_difference(target: str) -> None:
    """No document depends on it, and who shares a link may have added one."""
    memo, reply = memo_of(get("/"))
    assert memo.recall(get(target)) is reply


def test_a_large_body_is_not_kept() -> None:
    memo, _ = memo_of(get("/"))
    request = SimpleNamespace(version=(1, 1), method="GET")
    large = Reply(request, Answer("200 OK", (), bytes(LARGE + 1), 1), close=False)
    memo.remember(get("/large"), large, 1)
    assert memo.recall(get("/large")) is None


def test_the_octets_of_all_replies_are_bounded() -> None:
    memo, _ = memo_of(get("/"))
    request = SimpleNamespace(version=(1, 1), method="GET")
    body = bytes(LARGE)
    for number in range(ROOM // LARGE):
        memo.remember(get(f"/{number}"), Reply(request, Answer("200 OK", (), body, 1), close=False), 1)
    assert len(memo) <= ROOM // LARGE


@pytest.mark.parametrize(
    "head",
    [
        get("/other"),
        get("/", method="HEAD"),
        get("/", version="1.0"),
        get("/", "Accept-Encoding: gzip"),
        get("/", "Range: bytes=0-1"),
        get("/", "Connection: close"),
        get("/", "Content-Length: 1"),
        get("/?a=%"),
        get("/?a=%zz"),
        get("/?a=\\"),
        get("/?a#b"),
        get("/a?a=1"),
        get("/", "Expect: 100-continue"),
        get("/", "Content-Type: text/plain"),
        get("/", "Transfer-Encoding: chunked"),
        get("/", "Trailer: X-End"),
        get("/", "TE: trailers"),
        get("/", "Upgrade: h2c"),
        get("/", "HTTP2-Settings: AAMAAABk"),
        get("/", "Keep-Alive: timeout=5"),
        get("/", "Proxy-Connection: close"),
        get("/", "Authorization: Basic eDp5"),
        get("/", 'If-None-Match: "1"'),
        get("/", "If-Modified-Since: Thu, 01 Jan 2026 00:00:00 GMT"),
        get("/", 'If-Range: "1"'),
        get("/", "If-Anything: 1"),
        get("/", "Host: other.example"),
        get("/", "Sec-Fetch-Dest: document"),
        get("/", "X-Forwarded-Proto: https"),
        get("/", "X-Under_score: a"),
        get("/", "X-Space : a"),
        get("/", "X-Latin: \xe9"),
        get("/", "X-Control: a\0b"),
        get("/", "X-Bare: a\nb"),
        get("/", "X-Folded: a", " b"),
        get("/", "X-Folded: a", "\tb"),
        get("/", "X-NoColon"),
        get("/", *(f"X-A: {number}" for number in range(100))),
        get("/", "X-Long: " + "a" * HEAD_SIZE_AT_MOST),
        b"\r\n" + get("/"),
        b"\r\nX-First: a" + b"\r\n" + get("/"),
        get("/")[:-2],
        get("/") + get("/"),
        get("/") + b"X-Late: a\r\n",
    ],
    ids=lambda head: head[-60:],
)
def test_every_other_difference_counts(head: bytes) -> None:
    memo, _ = memo_of(get("/"))
    assert memo.recall(head) is None


def test_a_line_before_the_request_line_is_not_idle() -> None:
    """The parser takes it for the request line, and refuses it."""
    memo, _ = memo_of(b"\r\n" + get("/"))
    assert memo.recall(b"\r\nX-First: a\r\n" + get("/")) is None


@pytest.mark.parametrize(("method", "status"), [("HEAD", "406 Not Acceptable"), ("GET", "304 Not Modified")])
def test_no_body_follows_where_none_is_expected(method: str, status: str) -> None:
    request = SimpleNamespace(version=(1, 1), method=method)
    assert Reply(request, Answer(status, (), b"body", 1), close=False).body == b""


def test_an_access_log_demands_that_heads_are_told_apart() -> None:
    memo, _ = memo_of(get("/", "User-Agent: Reader/1"), whole=True)
    assert memo.recall(get("/", "User-Agent: Reader/2")) is None


def test_a_small_limit_for_fields_counts_for_idle_ones() -> None:
    memo, _ = memo_of(get("/"), limit_request_field_size=100)
    assert memo.recall(get("/", "User-Agent: " + "a" * 100)) is None


def test_the_scheme_is_told_by_the_fields_that_are_configured() -> None:
    memo, reply = memo_of(get("/"), secure_scheme_headers={"X-Scheme": "https"}, forwarder_headers="Script-Name")
    assert memo.recall(get("/", "Script-Name: /a")) is None
    assert memo.recall(get("/", "X-Scheme: https")) is None
    assert memo.recall(get("/", "X-Forwarded-Proto: https")) is reply


def test_a_reply_is_written_at_its_date() -> None:
    request = read_head(gunicorn(), get("/", version="1.0"), ("127.0.0.1", 1))
    reply = Reply(request, ANSWER, close=True)
    reply.dated(b"Thu, 01 Jan 1970 00:00:00 GMT")
    assert reply.head == (
        b"HTTP/1.0 200 OK\r\nServer: gunicorn\r\nDate: Thu, 01 Jan 1970 00:00:00 GMT\r\nConnection: close\r\n"
        b"Content-Length: 2\r\n\r\n"
    )
    assert reply.size == len(reply.head) + 2
