"""What may be remembered under what, and for how long."""

from types import SimpleNamespace

import pytest
from gunicorn.config import Config

from feedsvc.web.cache import LARGE
from feedsvc.web.following import ROOM, Epoch
from feedsvc.web.responder import Answer
from feedsvc.web.worker.internals import FixedSettings, read_head
from feedsvc.web.worker.reply_cache import HEAD_SIZE_AT_MOST, REPLY_WEIGHT, Reply
from tests.web.serving import get


def reply_of(epoch: Epoch | None, body: bytes | memoryview = b"ok") -> Reply:
    return Reply(SimpleNamespace(version=(1, 1)), Answer("200 OK", (), body, epoch), b"now", close=False)


def test_a_reply_is_remembered_in_its_epoch_only() -> None:
    first, second = Epoch(), Epoch()
    reply = reply_of(first)
    reply.remember(get("/"), is_trusted=False)
    assert first.replies == ({get("/"): reply}, {})
    assert second.replies == ({}, {})


def test_what_a_trusted_proxy_was_told_is_not_told_to_a_stranger() -> None:
    epoch = Epoch()
    one, other = reply_of(epoch), reply_of(epoch)
    one.remember(get("/"), is_trusted=False)
    other.remember(get("/"), is_trusted=True)
    assert epoch.replies == ({get("/"): one}, {get("/"): other})


def test_a_long_head_is_not_remembered() -> None:
    epoch = Epoch()
    reply_of(epoch).remember(get("/", "Cookie: " + "a" * HEAD_SIZE_AT_MOST), is_trusted=False)
    assert epoch.replies == ({}, {})


@pytest.mark.parametrize("body", [bytes(LARGE), memoryview(b"123")[1:]], ids=["large", "view"])
def test_a_body_that_is_large_or_a_view_is_not_remembered(body: bytes | memoryview) -> None:
    epoch = Epoch()
    reply_of(epoch, body).remember(get("/"), is_trusted=False)
    assert epoch.replies == ({}, {})


def test_the_replies_are_bounded() -> None:
    epoch = Epoch()
    reply = reply_of(epoch)
    for number in range(3 * ROOM // REPLY_WEIGHT):
        reply.remember(get(f"/{number}"), is_trusted=False)
        assert len(epoch.replies[False]) <= ROOM // REPLY_WEIGHT


def test_the_octets_of_all_replies_are_bounded() -> None:
    epoch = Epoch()
    for number in range(ROOM // LARGE + 1):
        reply_of(epoch, bytes(LARGE - 1)).remember(get(f"/{number}"), is_trusted=False)
    assert len(epoch.replies[False]) < ROOM // LARGE


def test_a_reply_is_written_at_its_date() -> None:
    request = read_head(FixedSettings(Config()), get("/", version="1.0"), ("127.0.0.1", 1))
    reply = Reply(request, Answer("200 OK", (("Content-Length", "2"),), b"ok"), b"before", close=True)
    reply.dated(b"Thu, 01 Jan 1970 00:00:00 GMT")
    assert reply.head == (
        b"HTTP/1.0 200 OK\r\nServer: gunicorn\r\nDate: Thu, 01 Jan 1970 00:00:00 GMT\r\nConnection: close\r\n"
        b"Content-Length: 2\r\n\r\n"
    )
    assert reply.size == len(reply.head) + 2
