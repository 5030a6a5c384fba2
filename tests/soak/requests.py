"""Requests whose every field may hold anything: for the WSGI door in this process, and as octets for a real worker."""

import logging
import random
import time
from collections import Counter
from collections.abc import Callable
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any

from hypothesis import strategies as st
from werkzeug.test import run_wsgi_app

from feedsvc.settings import Settings
from feedsvc.web.app import create_app
from tests.harness.folder import publish_folder, write_folder

# What a request says to anything that serves it, by its name in WSGI (PEP 3333), with values that are well-formed or
# once were a failure somewhere: years, offsets and numbers beyond what a machine's integers hold, halves of syntax.
DATES = (
    "Sun, 01 Mar 2026 09:30:00 GMT",
    "Fri, 31 Dec 99999999999 00:00:00 GMT",
    "Fri, 31 Dec 2026 99999999999:00:00 GMT",
    "Fri, 31 Dec 2026 09:30:00 -99999999999",
    "Sunday, 01-Mar-26 09:30:00 GMT",
    "Sun Mar  1 09:30:00 2026",
    "Mon, 00 Jan 0000 00:00:00 +0000",
    "0",
)
TAGS = ('"tag"', 'W/"tag", "other"', "*", '"', "W/", 'w/"a"b"', '"a,b", *')
VALUES: dict[str, tuple[str, ...]] = {
    "HTTP_ACCEPT_ENCODING": ("gzip", "br;q=1.0, gzip;q=0.5", "*;q=0", "identity;q=0", "gzip;q=1e400", 'a;b*="c"'),
    "HTTP_IF_MATCH": TAGS,
    "HTTP_IF_UNMODIFIED_SINCE": DATES,
    "HTTP_IF_NONE_MATCH": TAGS,
    "HTTP_IF_MODIFIED_SINCE": DATES,
    "HTTP_IF_RANGE": (*TAGS, *DATES),
    "HTTP_RANGE": ("bytes=0-3", "bytes=-4", "bytes=5-", "bytes=-0", f"bytes={'9' * 5000}-", "bytes=--1", "x=0-1,2-"),
    "HTTP_SEC_FETCH_DEST": ("document", "empty"),
}
CHOOSING = tuple(VALUES)  # what an answer depends on; the rest is read on the way to a refusal
VALUES |= {
    "HTTP_HOST": ("news.example.org", "[::1]:80", "[::1", "a:99999", "é.example", "a@b", "xn--", "." * 300, ":"),
    "HTTP_ACCEPT": ("text/html", "*/*;q=x", 'application/json;a="', "a/b;q=1;q=2"),
    "HTTP_AUTHORIZATION": ("Basic Og==", "Basic x", "Digest a=b", 'Digest a="', "Bearer"),
    "HTTP_COOKIE": ("a=b; c=d", 'a="\\', "=;=", "session=x"),
    "HTTP_X_HTTP_METHOD_OVERRIDE": ("PUT",),
    "HTTP_CONNECTION": ("close", "Upgrade, keep-alive"),
    "HTTP_UPGRADE": ("websocket", "h2c"),
    "HTTP_TRANSFER_ENCODING": ("chunked", "gzip, chunked"),
    "HTTP_CACHE_CONTROL": ("no-cache", "max-age=99999999999999999999"),
    "HTTP_USER_AGENT": ("Reader/1.0", "\0"),
    "HTTP_ORIGIN": ("https://a.example", "null"),
    "HTTP_ACCESS_CONTROL_REQUEST_METHOD": ("GET",),
    "CONTENT_LENGTH": ("0", "5", "-1", "٣", "1" * 5000, "1_0", " 1"),
    "CONTENT_TYPE": ("application/x-www-form-urlencoded", "multipart/form-data", 'text/plain; charset="', "a/b;c*0=d"),
    "QUERY_STRING": ("a=b", "%", "&&==", "a=%ff", "x" * 5000),
    "SCRIPT_NAME": ("", "/news", "news", "/%"),
    "SERVER_NAME": ("news.example.org", "", "[::1]"),
    "SERVER_PORT": ("80", "", "x", "99999999"),
    "SERVER_PROTOCOL": ("HTTP/1.1", "HTTP/1.0", "HTTP/x"),
    "REMOTE_ADDR": ("127.0.0.1", ""),
    "wsgi.url_scheme": ("http", "https", ""),
}
METHODS = ("GET", "GET", "GET", "HEAD", "OPTIONS", "POST", "PUT", "DELETE", "TRACE", "CONNECT", "get", "", "\xff")
PATHS = (
    *("/covid/", "/covid/rss.xml", "/files/icon.png", "/", "/COVID", "/covid/feed", "/healthz", "/readyz", "/metrics"),
    *("/404.html", "/nothing", "", "*", "//evil.example/", "/%", "/%00", "/..", "/\xff\xfe", "/covid/../", "http://a/"),
)
SIGNS = "".join(map(chr, range(256)))
NUMBERS = ("0", "-1", "2147483648", "9223372036854775808", "9" * 30, "9" * 5000, "1e400", "nan", "٣", "0x1")
BEYOND = ("\ud800", "\udcff", "\u2028", "\u0130", "😀", "\uffff")  # in UTF-8, and what looks like it
WHOLE_HEAD = 8_000  # octets, beyond which a worker refuses without a look


def spoil(text: str, rng: random.Random) -> str:
    """The text with a few changes that keep most of its form."""
    signs = list(text)
    for _ in range(rng.randint(0, 4)):
        place = rng.randrange(len(signs) + 1)
        kind = rng.random()
        if kind < 0.35:
            signs[place:place] = rng.choice(SIGNS)
        elif kind < 0.55:
            del signs[place : place + rng.randint(1, 4)]
        elif kind < 0.75:
            signs[place : place + rng.randint(0, 2)] = rng.choice(NUMBERS)
        elif kind < 0.97:
            signs[place:place] = rng.choice(VALUES[rng.choice(tuple(VALUES))])
        else:
            signs[place:place] = rng.choice(BEYOND)
    return "".join(signs)


def make(rng: random.Random) -> dict[str, str]:
    """The texts of one request."""
    names = rng.sample(tuple(VALUES), rng.randint(0, 3)) + rng.sample(CHOOSING, rng.randint(1, 2))
    texts = {name: spoil(rng.choice(VALUES[name]), rng) for name in names}
    path = rng.choice(PATHS)
    return texts | {
        "REQUEST_METHOD": rng.choice(METHODS),
        "PATH_INFO": path if rng.random() < 0.7 else spoil(path, rng),
    }


ANY_VALUE = st.text(max_size=40) | st.text(SIGNS, max_size=40) | st.sampled_from(NUMBERS)
REQUESTS = st.builds(
    lambda texts, method, path: texts | {"REQUEST_METHOD": method, "PATH_INFO": path},
    st.dictionaries(st.sampled_from(tuple(VALUES)), ANY_VALUE, max_size=5)
    | st.sampled_from(tuple(VALUES)).flatmap(
        lambda name: st.fixed_dictionaries({name: st.sampled_from(VALUES[name]) | ANY_VALUE})
    ),
    st.sampled_from(METHODS),
    st.sampled_from(PATHS) | ANY_VALUE.map("/".__add__),
)


def octets(texts: dict[str, str]) -> bytes:
    """The same request as a client would send it; nothing in it ends its line, and no line comes twice."""
    fields = {name.removeprefix("HTTP_").replace("_", "-"): text for name, text in texts.items() if name[0] != "w"}
    method, path = fields.pop("REQUEST-METHOD"), fields.pop("PATH-INFO")
    query = fields.pop("QUERY-STRING", "")
    lines = [f"{method} {path}{query and '?'}{query} HTTP/1.1", "Connection: close", *map(": ".join, fields.items())]
    written = "\r\n".join(line.translate({10: None, 13: None}) for line in lines)
    return as_octets(written[:WHOLE_HEAD]) + b"\r\n\r\n"


def as_octets(text: str) -> bytes:
    """Each character that is an octet as that octet, any other one as UTF-8."""
    return b"".join(bytes([ord(sign)]) if ord(sign) < 256 else sign.encode("utf-8", "surrogatepass") for sign in text)


class Ear(logging.Handler):
    """Keeps what is logged."""

    def __init__(self, kept: list[logging.LogRecord]) -> None:
        super().__init__(logging.WARNING)
        self._kept = kept

    def emit(self, record: logging.LogRecord) -> None:
        """Keep it."""
        self._kept.append(record)


class Door:
    """The application behind the WSGI door, and what it has logged as failures."""

    def __init__(self, folder: Path) -> None:
        content, publication = write_folder(folder / "content", 2), folder / "publication.db"
        publish_folder(content, publication)
        self._app = create_app(Settings(content=content, publication=publication))
        self._app.test_client().get("/")  # which says once that nobody publishes
        self._failures: list[logging.LogRecord] = []
        self._app.logger.handlers[:] = [Ear(self._failures)]

    def ask(self, texts: dict[str, str], kind: Callable[[dict[str, Any]], dict[str, Any]] = dict) -> int:
        """The status of the answer, which is none of the 5xx kind and was given without a complaint in the log.

        ``kind`` makes of the environment what the application is given.
        """
        environ = {
            "SERVER_NAME": "127.0.0.1",
            "SERVER_PORT": "80",
            "SERVER_PROTOCOL": "HTTP/1.1",
            "SCRIPT_NAME": "",
            "QUERY_STRING": "",
            "wsgi.version": (1, 0),
            "wsgi.url_scheme": "http",
            "wsgi.input": BytesIO(b"a=b"),
            "wsgi.errors": StringIO(),
            "wsgi.multithread": True,
            "wsgi.multiprocess": True,
            "wsgi.run_once": False,
            **{name: as_octets(text).decode("latin-1") for name, text in texts.items()},
        }
        answer = run_wsgi_app(self._app, kind(environ), buffered=True)
        status = int(answer[1][:3])
        assert status < 500, (status, texts)
        assert self._failures == [], (self._failures[0].getMessage(), self._failures[0].exc_info, texts)
        assert not any(set("\r\n\0") & set(f"{name}{value}") for name, value in answer[2]), (answer[2], texts)
        return status


def spray(folder: Path, cases: int, start: int) -> None:
    """Ask so many requests, of which none may be a failure, and print what was answered."""
    began, rng, door = time.monotonic(), random.Random(start), Door(folder)
    statuses = Counter(door.ask(make(rng)) for _ in range(cases))
    told = ", ".join(f"{status}: {number}" for status, number in statuses.most_common())
    print(f"fields: {statuses.total()} cases in {time.monotonic() - began:.0f} seconds ({told})", flush=True)
