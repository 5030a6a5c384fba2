"""Heads are read by gunicorn's parser; ours is only to know what may follow them."""

import pytest
from gunicorn.config import Config
from gunicorn.http.errors import InvalidHeader, NoMoreData

from feedsvc.web.request_head import is_plain, require_host, wants_only_an_answer
from feedsvc.web.worker.internals import FixedSettings, read_head
from tests.web.serving import get

SETTINGS = FixedSettings(Config())
CLIENT = ("127.0.0.1", 1)


@pytest.mark.parametrize(
    ("head", "plain", "simple"),
    [
        (get("/"), True, True),
        (get("/", method="HEAD"), True, True),
        (get("/", method="OPTIONS"), True, True),
        (get("/", "Content-Length: 0"), True, True),
        (get("/", method="POST"), False, False),
        (get("/", method="DELETE"), False, False),
        (get("/", "Content-Length: 1"), False, False),
        (get("/", "Content-Length: 00"), False, False),
        (get("/", "Transfer-Encoding: chunked"), False, False),
        (get("/", "Upgrade: h2c"), True, False),
        (get("/", "Expect: 100-continue"), True, False),
    ],
    ids=lambda value: str(value)[:80],
)
def test_what_a_head_promises(head: bytes, plain: bool, simple: bool) -> None:
    request = read_head(SETTINGS, head, CLIENT)
    assert (is_plain(request), wants_only_an_answer(request)) == (plain, simple)


def test_an_unfinished_head_is_told_from_a_wrong_one() -> None:
    with pytest.raises(NoMoreData):
        read_head(SETTINGS, get("/")[:-1], CLIENT)


@pytest.mark.parametrize(
    "host",
    [
        *("a", "a:80", "a:", "", ":80", "a.b.", "A_b-c~d", "192.0.2.1", "[::1]", "[::1]:8000", "[::ffff:192.0.2.1]"),
        *("%41", "xn--caf-dma.example", "a!$&'()*+,;=b", "[v1.a:b]"),
    ],
)
def test_a_host_by_the_grammar_is_let_pass(host: str) -> None:
    """RFC 3986 section 3.2.2 lets a registered name be odd, and even empty."""
    require_host(read_head(SETTINGS, f"GET / HTTP/1.1\r\nHost: {host}\r\n\r\n".encode(), CLIENT))


@pytest.mark.parametrize(
    "head",
    [
        b"GET / HTTP/1.1\r\n\r\n",
        b"GET / HTTP/1.1\r\nHos: a\r\n\r\n",
        b"GET http://a/ HTTP/1.1\r\n\r\n",
        *(
            f"GET / HTTP/1.{minor}\r\nHost: {host}\r\n\r\n".encode("latin-1")
            for minor in (0, 1)
            for host in (
                "a b",
                "a/b",
                "a@b",
                "a:b",
                "a:80:80",
                "[::1",
                "::1",
                "[a b]",
                "a%4",
                "caf\xe9",
                "http://a",
                "<a>",
            )
        ),
    ],
)
def test_a_request_without_a_host_or_with_none_that_can_be_is_refused(head: bytes) -> None:
    with pytest.raises(InvalidHeader):
        require_host(read_head(SETTINGS, head, CLIENT))


def test_a_request_of_http_1_0_needs_no_host() -> None:
    require_host(read_head(SETTINGS, b"GET / HTTP/1.0\r\n\r\n", CLIENT))
