"""Heads are read by gunicorn's parser; ours is only to know what may follow them."""

import pytest
from gunicorn.config import Config
from gunicorn.http.errors import NoMoreData

from feedsvc.web.heads import FixedSettings, has_body, is_plain, read_head, wants_only_an_answer
from tests.web.serving import get

SETTINGS = FixedSettings.of(Config())
CLIENT = ("127.0.0.1", 1)


@pytest.mark.parametrize(
    ("head", "body", "plain", "simple"),
    [
        (get("/"), False, True, True),
        (get("/", method="HEAD"), False, True, True),
        (get("/", method="OPTIONS"), False, True, True),
        (get("/", "Content-Length: 0"), False, True, True),
        (get("/", method="POST"), False, False, False),
        (get("/", method="DELETE"), False, False, False),
        (get("/", "Content-Length: 1"), True, False, False),
        (get("/", "Content-Length: 00"), True, False, False),
        (get("/", "Transfer-Encoding: chunked"), True, False, False),
        (get("/", "Upgrade: h2c"), False, True, False),
        (get("/", "Expect: 100-continue"), False, True, False),
    ],
    ids=lambda value: str(value)[:80],
)
def test_what_a_head_promises(head: bytes, body: bool, plain: bool, simple: bool) -> None:
    request = read_head(SETTINGS, head, CLIENT)
    assert (has_body(request), is_plain(request), wants_only_an_answer(request)) == (body, plain, simple)


def test_an_unfinished_head_is_told_from_a_wrong_one() -> None:
    with pytest.raises(NoMoreData):
        read_head(SETTINGS, get("/")[:-1], CLIENT)
