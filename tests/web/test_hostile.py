"""What must change nothing, what must be refused, and that both doors say the same to whatever is asked."""

import re

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.harness.client import Client, head
from tests.harness.service import DOORS, Service

FEED, PAGE, FILE, NOWHERE = "/covid/rss.xml", "/covid/", "/files/flyer.pdf", "/no/such/page"
LONG_AGO, IN_TIME = "Mon, 05 Jan 2015 00:00:00 GMT", "Fri, 01 Jan 2100 00:00:00 GMT"

# Nothing else in a request changes a byte.

HOSTS = [
    "evil.example",
    "evil.example:8443",
    "NEWS.EXAMPLE.ORG",
    "127.0.0.1",
    "[::1]:80",
    "a" * 250,
    "x.",
    "%00",
    "a_b",
]
IDLE_FIELDS = [
    "X-Forwarded-Host: evil.example",
    "X-Forwarded-Proto: https",
    "X-Forwarded-Proto: javascript",
    "X-Forwarded-Prefix: /evil",
    "X-Forwarded-For: 10.0.0.1",
    "X-Forwarded-Port: 1",
    "X-Forwarded-Server: evil.example",
    "X-Forwarded-Scheme: http",
    "X-Forwarded-Ssl: on",
    "Forwarded: for=10.0.0.1;host=evil.example;proto=https",
    "X-Host: evil.example",
    "X-Original-Host: evil.example",
    "X-HTTP-Host-Override: evil.example",
    "X-Original-URL: /pay/",
    "X-Rewrite-URL: /pay/",
    "X-HTTP-Method-Override: DELETE",
    "X-Method-Override: POST",
    "X-Script-Name: /evil",
    "Script-Name: /evil",
    "SCRIPT_NAME: /evil",
    "PATH_INFO: /pay/",
    "Path-Info: /pay/",
    "Remote-User: admin",
    "Front-End-Https: on",
    "Via: 1.1 evil.example",
    "Referer: https://evil.example/",
    "Origin: https://evil.example",
    "Cookie: session=1; lang=es",
    "Authorization: Basic YTpi",
    "User-Agent: Mozilla/5.0 <script>",
    "Accept: text/html",
    "Accept: application/json",
    "Accept-Language: es",
    "Accept-Charset: utf-16",
    "Cache-Control: no-cache",
    "Pragma: no-cache",
    "If-Match: *",
    "Sec-Fetch-Mode: navigate",
    "Sec-Fetch-Site: cross-site",
    "DNT: 1",
    "Content-Length: 0",
    "TE: trailers",
    "Max-Forwards: 0",
]
TARGETS = [FEED, PAGE, FILE, NOWHERE, "/feed", "/healthz"]


@pytest.mark.parametrize("target", TARGETS)
def test_no_other_field_changes_a_byte(client: Client, target: str) -> None:
    plain = client.ask(target).told()
    assert {field for field in IDLE_FIELDS if client.ask(target, field).told() != plain} == set()


@pytest.mark.parametrize("target", TARGETS)
def test_no_host_changes_a_byte(client: Client, target: str) -> None:
    plain = client.ask(target).told()
    answers = {host: client.ask(target, host=host).told() for host in HOSTS}
    assert {host for host, answer in answers.items() if answer != plain and answer.status != 400} == set()
    assert sum(answer == plain for answer in answers.values()) > len(HOSTS) / 2


@pytest.mark.parametrize("query", ["?", "?x=1", "?utm_source=<script>", "?callback=alert", "?host=evil.example&_=%00"])
def test_a_query_changes_nothing(client: Client, query: str) -> None:
    for target in TARGETS:
        assert client.ask(target + query).told() == client.ask(target).told()


@pytest.mark.parametrize("authority", ["news.example.org", "evil.example", "user@evil.example:99"])
def test_the_authority_of_an_absolute_target_changes_nothing(client: Client, authority: str) -> None:
    for target in TARGETS:
        assert client.ask(f"http://{authority}{target}").told() == client.ask(target).told()


def test_an_old_client_without_host_is_served(client: Client) -> None:
    (response,) = client.send(f"GET {FEED} HTTP/1.0\r\n\r\n".encode(), "GET")
    assert (response.status, response.body) == (200, client.ask(FEED).body)
    assert response["Connection"] == "close"


# Hostile requests.

PATHS = [
    "//",
    "///covid//",
    "//evil.example/",
    "//evil.example/covid",
    "//covid/rss.xml",
    "/covid//rss.xml",
    "/..",
    "/../../etc/passwd",
    "/covid/../rss.xml",
    "/covid/./rss.xml",
    "/..;/",
    "/covid;a=b/",
    "/covid/rss.xml;x",
    "/%2e%2e/%2e%2e/etc/passwd",
    "/files/%2e%2e%2f%2e%2e%2fetc%2fpasswd",
    "/files/..%5c..%5cetc",
    "/%00",
    "/covid/rss.xml%00",
    "/covid/%00rss.xml",
    "/%",
    "/%zz",
    "/%c0%af",
    "/%ff%fe",
    "/%ed%a0%80",
    "/%f4%90%80%80",
    "/%e2%80%ae",
    "/%0d%0aSet-Cookie:%20a=b",
    "/%0aLocation:%20//evil.example",
    "/feed%0d%0aX-A:%20b",
    "/covid%2frss.xml",
    "/covid%252frss.xml",
    "/\\evil.example",
    "/\\\\evil.example/feed",
    "/<script>alert(1)</script>",
    '/"onload="x',
    "/'%20OR%201=1--",
    "/{{7*7}}",
    "/${jndi:ldap://evil.example}",
    "/covid/rss.xml/",
    "/covid/rss.xml/extra",
    "/" + "a" * 3000,
    "/" + "%61" * 1000,
    "/a/" * 1000,
    "/.env",
    "/.git/config",
    "/instance/publication.db",
    "/static/",
    "/static/../rss.xml",
    "/files/",
    "/healthz/",
    "//healthz",
    "/readyz%00",
    "*",
]


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS"])
def test_no_path_is_an_error_of_ours(client: Client, path: str, method: str) -> None:
    response = client.ask(path, method=method)
    assert response.status in (200, 204, 301, 400, 404)
    assert not response.names() & {"set-cookie", "x-a"}
    assert all(re.fullmatch(r"/[a-z0-9./-]*", place) and place[1:2] != "/" for place in response.every("Location"))
    assert b"root:" not in response.body
    assert b"Traceback" not in response.body


def test_an_encoded_address_is_the_same_address(client: Client) -> None:
    assert client.ask("/%63ovid/rss%2Exml").told() == client.ask(FEED).told()


MALFORMED = [
    b"GARBAGE\r\n\r\n",
    b"GET /covid/rss.xml\r\n\r\n",
    b"GET  /covid/rss.xml HTTP/1.1\r\nHost: a\r\n\r\n",
    b"GET /covid/rss.xml HTTP/1.1 \r\nHost: a\r\n\r\n",
    b"GET /covid/rss.xml HTTP/3.7\r\nHost: a\r\n\r\n",
    b"GET /covid/rss.xml http/1.1\r\nHost: a\r\n\r\n",
    b"GET /covid/rss.xml HTTP/1.1\nHost: a\n\n",
    b"get /covid/rss.xml HTTP/1.1\r\nHost: a\r\n\r\n",
    b"G\0T /covid/rss.xml HTTP/1.1\r\nHost: a\r\n\r\n",
    b"GET /covid/\0rss.xml HTTP/1.1\r\nHost: a\r\n\r\n",
    b"GET /covid/\xc3\xa9 HTTP/1.1\r\nHost: a\r\n\r\n",
    b"GET covid/rss.xml HTTP/1.1\r\nHost: a\r\n\r\n",
    b"CONNECT evil.example:443 HTTP/1.1\r\nHost: a\r\n\r\n",
    b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    head(FEED, "Host: second.example"),
    head(FEED, "No colon here"),
    head(FEED, "Space : before"),
    head(FEED, ": nameless"),
    head(FEED, "X-A: 1", " folded"),
    head(FEED, "X-A: a\0b"),
    head(FEED, "X-A: a\rb"),
    head(FEED, "X-A: " + "a" * 9000),
    head(FEED, *(f"X-{n}: 1" for n in range(200))),
    head("/" + "a" * 5000),
    head(FEED, "Content-Length: 5", "Content-Length: 6") + b"hello!",
    head(FEED, "Content-Length: -1"),
    head(FEED, "Content-Length: +5") + b"hello",
    head(FEED, "Content-Length: 5, 5") + b"hello",
    head(FEED, "Content-Length: five"),
    head(FEED, "Content-Length: 5", "Transfer-Encoding: chunked") + b"0\r\n\r\n" + head("/smuggled"),
    head(FEED, "Transfer-Encoding: chunked", "Transfer-Encoding: identity") + b"0\r\n\r\n" + head("/smuggled"),
    head(FEED, "Transfer-Encoding: xchunked") + b"0\r\n\r\n" + head("/smuggled"),
    head(FEED, "Transfer-Encoding:\x0bchunked") + b"0\r\n\r\n" + head("/smuggled"),
    head(FEED, "Transfer-Encoding : chunked") + b"0\r\n\r\n" + head("/smuggled"),
    head(FEED, "Transfer-Encoding: chunked", method="POST") + b"zz\r\nhello\r\n0\r\n\r\n" + head("/smuggled"),
    head(FEED, "Transfer-Encoding: chunked", method="POST") + b"5\nhello\n0\n\n" + head("/smuggled"),
    head(FEED, "Transfer-Encoding: chunked", method="POST") + b"5;\nx\r\nhello\r\n0\r\n\r\n" + head("/smuggled"),
    head(FEED, "Transfer-Encoding: chunked", method="POST") + b"FFFFFFFFFFFFFFFFF\r\n" + head("/smuggled"),
    head(FEED, "Content-Length: 5", method="POST") + b"hello" + head("/smuggled"),
    head(FEED, "Content-Length: 5") + b"hello" + head("/smuggled"),
]


@pytest.mark.parametrize("octets", MALFORMED, ids=range(len(MALFORMED)))
def test_a_malformed_head_or_a_body_is_answered_once_and_alike(doors: dict[str, Client], octets: bytes) -> None:
    stock = [answer.told() for answer in doors["wsgi"].say_all(octets)]
    assert [answer.told() for answer in doors["worker"].say_all(octets)] == stock
    assert len(stock) <= 1
    assert all(answer.status in (200, 400, 404, 405, 414, 431, 501, 505) for answer in stock)
    for client in doors.values():
        assert client.ask(FEED).status == 200


def test_requests_in_one_packet_are_answered_in_their_order(client: Client) -> None:
    asked = [(FEED, "GET"), (NOWHERE, "GET"), (PAGE, "HEAD"), ("/feed", "GET"), (FILE, "OPTIONS"), ("/healthz", "GET")]
    octets = b"".join(head(path, method=method) for path, method in asked)
    found = client.send(octets, *(method for _, method in asked))
    assert [answer.told() for answer in found] == [client.ask(path, method=method).told() for path, method in asked]


# Both doors say the same, whatever is asked.

TAG = st.sampled_from(["{tag}", "W/{tag}", '"x"', "*", "", '"', "{tag}, {tag}", '"x",{tag}'])
FIELDS = st.one_of(
    st.tuples(st.just("If-None-Match"), TAG),
    st.tuples(st.just("If-Range"), st.one_of(TAG, st.sampled_from([LONG_AGO, IN_TIME]))),
    st.tuples(st.just("If-Modified-Since"), st.sampled_from([LONG_AGO, IN_TIME, "never", ""])),
    st.tuples(
        st.just("Accept-Encoding"),
        st.lists(
            st.tuples(
                st.sampled_from(["gzip", "br", "identity", "*", "zstd", "x-gzip", "", "GZIP"]),
                st.sampled_from(["", ";q=0", ";q=0.5", ";q=1", ";q=2", ";q=x", ";"]),
            ).map("".join),
            max_size=4,
        ).map(", ".join),
    ),
    st.tuples(
        st.just("Range"), st.from_regex(r"(bytes|lines)?=?[0-9]{0,7}-?[0-9]{0,7}(,[0-9]-[0-9])?", fullmatch=True)
    ),
    st.tuples(st.just("Sec-Fetch-Dest"), st.sampled_from(["document", "empty", ""])),
    st.tuples(st.sampled_from(["Accept", "Origin", "X-Anything", "Cookie"]), st.text("abc/;=,* \t", max_size=20)),
)
ANY_PATH = st.text(st.characters(min_codepoint=33, max_codepoint=126, exclude_characters="#"), max_size=40)
OTHERS = ["/", "/updates/update-3/", "/atom.xml", "/pay/feed.json", "/feeds.opml", "/files/icon.png"]
KNOWN = sorted([FEED, PAGE, FILE, *OTHERS, NOWHERE, "/feed", "/COVID/", "/healthz", "/readyz", "/404.html"])


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(
    method=st.sampled_from(["GET", "GET", "GET", "HEAD", "OPTIONS", "POST", "BREW"]),
    path=st.one_of(st.sampled_from(KNOWN), ANY_PATH.map("/".__add__)),
    fields=st.lists(FIELDS, max_size=5),
)
def test_both_doors_say_the_same(
    doors: dict[str, Client], method: str, path: str, fields: list[tuple[str, str]]
) -> None:
    tag = doors["wsgi"].ask(FEED)["ETag"]
    lines = [f"{name}: {value.replace('{tag}', tag)}" for name, value in fields]
    answers = [client.ask(path, *lines, method=method).told() for client in doors.values()]
    assert answers[0] == answers[1]
    assert answers[0].status < 500
    assert "set-cookie" not in answers[0].names()


@pytest.mark.parametrize("door", DOORS)
def test_what_is_asked_cannot_forge_lines_of_the_log(services: dict[str, Service], door: str) -> None:
    service = services[door]
    for octets in (*MALFORMED, head("/%0d%0a%1b[31mforged"), head("/\x1b[31mforged"), b"\x1b[31mforged\r\n\r\n"):
        service.client.say_all(octets)
    assert service.log
    assert not re.search(r"[\0-\x08\x0b-\x1f\x7f]", service.log)
