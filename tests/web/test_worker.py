"""The worker class says what gunicorn's threaded worker says, whatever the request and however it is cut up."""

from collections.abc import Iterator

import pytest
from gunicorn.workers.gthread import ThreadWorker
from hypothesis import given, settings
from hypothesis import strategies as st

from feedsvc.web.worker import FeedWorker
from tests.web.serving import Served, get, serving

WELL_FORMED = [
    get("/small"),
    get("/small", "User-Agent: Reader/1"),
    get("/small", "User-Agent: Reader/2", "X-Request-Id: 17"),
    get("/small", 'If-None-Match: "1"'),
    get("/small", method="HEAD"),
    get("/small", method="OPTIONS"),
    get("/small?query=1"),
    get("/number", "Content-Length: 0"),
    get("/missing"),
    get("/stream"),
    get("/small", "Connection: keep-alive", version="1.0"),
    get("/small", "Upgrade: h2c", "Connection: Upgrade"),
    get("/small", "Cookie: a=b; c=d", "Accept-Encoding: gzip"),
    b"\r\n" + get("/small"),
]
LAST_ONES = [
    get("/small", "Connection: close"),
    get("/small", version="1.0"),
    get("/fail"),
    get("/echo", "Content-Length: 5", method="POST") + b"hello",
    get("/echo", "Transfer-Encoding: chunked", method="POST") + b"5\r\nhello\r\n0\r\n\r\n",
    get("/echo", "Content-Length: 5", "Expect: 100-continue", method="PUT") + b"hello",
    get("/small", "Content-Length: 5") + b"hello",
    get("/small", method="DELETE"),
    get("/small", "Content-Length: 5", method="POST") + b"hello",
]
# One for each way of the parser to refuse, and of smugglers to be refused.
MALFORMED = [
    b"GET / HTTP/9.1\r\n",
    b"GET / HTTP/1.1\nHost: x\n\n",
    b"GET\r\n\r\n",
    b"get / HTTP/1.1\r\n\r\n",
    b"\r\n\r\n",
    b"\r\nX-Request-Id: 1\r\n" + get("/small"),
    b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    b"GET http://[x HTTP/1.1\r\n\r\n",
    b"GET /caf\xc3\xa9 HTTP/1.1\r\n\r\n",
    b"GET " + b"/a" * 5000 + b" HTTP/1.1\r\n\r\n",
    b"GET " + b"/a" * 5000,
    get("/small", "Host: other.example.org"),
    get("/small", "No colon"),
    get("/small", "Space : before colon"),
    get("/small", " folded: line"),
    get("/small", "User-Agent: folded", " line"),
    get("/small", "X-Null: a\0b"),
    get("/small", "X-Long: " + "a" * 9000),
    get("/small", *(f"X-{number}: a" for number in range(101))),
    get("/small", *("X-A: a" for _ in range(101))),
    get("/small", "Expect: tea"),
    get("/small", "Content-Length: 1", "Content-Length: 1") + b"a",
    get("/small", "Content-Length: -1"),
    get("/small", "Content-Length: +1") + b"a",
    get("/small", "Content-Length: 5", "Transfer-Encoding: chunked") + b"0\r\n\r\n",
    get("/small", "Transfer-Encoding: chunked, identity") + b"0\r\n\r\n",
    get("/small", "Transfer-Encoding: xchunked") + b"0\r\n\r\n",
    get("/small", "Transfer-Encoding: chunked", version="1.0") + b"0\r\n\r\n",
    get("/echo", "Transfer-Encoding: chunked", method="POST") + b"zz\r\n",
    get("/echo", "Transfer-Encoding: chunked", method="POST") + b"5\r\nhello0\r\n\r\n",
    get("/small", "Content-Length: 9", method="POST") + b"x",
    get("/small")[:-2],
    b"G",
]


@pytest.fixture(scope="module")
def stock(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with serving(ThreadWorker, tmp_path_factory.mktemp("stock")) as served:
        yield served


@pytest.fixture(scope="module")
def ours(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with serving(FeedWorker, tmp_path_factory.mktemp("ours")) as served:
        yield served


@pytest.mark.parametrize("request_octets", [*WELL_FORMED, *LAST_ONES, *MALFORMED], ids=lambda octets: octets[:60])
def test_any_request_is_answered_as_the_stock_worker_answers_it(
    ours: Served, stock: Served, request_octets: bytes
) -> None:
    expected = stock.exchange(request_octets)
    assert ours.exchange(request_octets) == expected
    assert ours.exchange(request_octets) == expected, "the second time, when it may be remembered"


@pytest.mark.parametrize("malformed", MALFORMED, ids=lambda octets: octets[:60])
def test_a_malformed_request_after_a_good_one_gets_no_more_than_its_refusal(
    ours: Served, stock: Served, malformed: bytes
) -> None:
    octets = get("/small") + malformed
    assert ours.exchange(octets) == stock.exchange(octets)


@given(
    first=st.lists(st.sampled_from(WELL_FORMED), max_size=4),
    last=st.sampled_from([*LAST_ONES, *MALFORMED, b""]),
    cuts=st.lists(st.integers(min_value=1, max_value=400), max_size=6),
)
@settings(max_examples=60)
def test_requests_cut_into_any_packets_are_answered_in_order(
    ours: Served, stock: Served, first: list[bytes], last: bytes, cuts: list[int]
) -> None:
    octets = b"".join(first) + last
    packets = []
    for cut in cuts:
        packets.append(octets[:cut])
        octets = octets[cut:]
    packets.append(octets)
    assert ours.exchange(*packets) == stock.exchange(b"".join(packets))
