"""What may be remembered under what, and for how long."""

from types import SimpleNamespace

import pytest
from gunicorn.config import Config

from feedsvc.web.cache import LARGE
from feedsvc.web.following import ROOM, Epoch
from feedsvc.web.responder import Answer
from feedsvc.web.worker.internals import FixedSettings, read_head
from feedsvc.web.worker.reply_cache import HEAD_SIZE_AT_MOST, NOTHING, REPLY_WEIGHT, Reply
from tests.web.serving import get


def answer_of(epoch: Epoch, body: bytes | memoryview = b"ok") -> Answer:
    return Answer("200 OK", (), body, epoch.replies)


def remembered(answer: Answer, head: bytes = get("/"), *, is_trusted: bool = False) -> Reply:
    reply = Reply(SimpleNamespace(version=(1, 1)), answer, b"now", close=False)
    reply.remember(head, answer, is_trusted=is_trusted)
    return reply


def test_a_reply_is_remembered_in_its_epoch_only() -> None:
    first, second = Epoch(), Epoch()
    reply = remembered(answer_of(first))
    assert first.replies == ({get("/"): reply}, {})
    assert second.replies == ({}, {})


def test_what_a_trusted_proxy_was_told_is_not_told_to_a_stranger() -> None:
    epoch = Epoch()
    one, other = remembered(answer_of(epoch)), remembered(answer_of(epoch), is_trusted=True)
    assert epoch.replies == ({get("/"): one}, {get("/"): other})


def test_a_long_head_is_not_remembered() -> None:
    epoch = Epoch()
    remembered(answer_of(epoch), get("/", "Cookie: " + "a" * HEAD_SIZE_AT_MOST))
    assert epoch.replies == ({}, {})


@pytest.mark.parametrize("body", [bytes(LARGE), memoryview(b"123")[1:]], ids=["large", "view"])
def test_a_body_that_is_large_or_a_view_is_not_remembered(body: bytes | memoryview) -> None:
    epoch = Epoch()
    remembered(answer_of(epoch, body))
    assert epoch.replies == ({}, {})


def test_an_answer_of_no_epoch_is_not_remembered() -> None:
    remembered(Answer("200 OK", (), b"alive"))
    assert NOTHING == ({}, {})


def test_the_replies_are_bounded() -> None:
    epoch = Epoch()
    for number in range(3 * ROOM // REPLY_WEIGHT):
        remembered(answer_of(epoch), get(f"/{number}"))
        assert len(epoch.replies[False]) <= ROOM // REPLY_WEIGHT


def test_the_octets_of_all_replies_are_bounded() -> None:
    epoch = Epoch()
    for number in range(ROOM // LARGE + 1):
        remembered(answer_of(epoch, bytes(LARGE - 1)), get(f"/{number}"))
    assert len(epoch.replies[False]) < ROOM // LARGE


def test_a_reply_is_written_at_its_date() -> None:
    request = read_head(FixedSettings(Config()), get("/", version="1.0"), ("127.0.0.1", 1))
    reply = Reply(request, Answer("200 OK", (("Content-Length", "2"),), b"ok"), b"before", close=True)
    reply.dated(b"Thu, 01 Jan 1970 00:00:00 GMT")
    head, body = reply.parts
    assert head == (
        b"HTTP/1.0 200 OK\r\nServer: gunicorn\r\nDate: Thu, 01 Jan 1970 00:00:00 GMT\r\nConnection: close\r\n"
        b"Content-Length: 2\r\n\r\n"
    )
    assert body == b"ok"
    assert reply.size == len(head) + 2
