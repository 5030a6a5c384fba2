"""The doctor at an address: what stands in front of a running service, and meddles, is named with what to mend."""

import gzip
import http.client
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import brotli
import pytest
from click.testing import CliRunner

from feedsvc.cli import main
from feedsvc.doctor import asking
from tests.harness.folder import publish_folder, write_site
from tests.harness.service import serving

Fields = dict[str, str]
Said = tuple[int, Fields, bytes]
Meddle = Callable[["Proxy", str, Fields], Said]


class Proxy:
    """A proxy in front of the service, which does as ``meddle`` says. Names of fields are in lower case."""

    def __init__(self) -> None:
        proxy = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                status, fields, body = proxy.meddle(proxy, self.path, {k.lower(): v for k, v in self.headers.items()})
                self.send_response_only(status)
                for name, value in (fields | {"content-length": str(len(body))}).items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                """Keep the test's output to itself."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/"
        self.behind = ("", 0)
        self.meddle: Meddle = Proxy.pass_on
        self.kept: dict[str, Said] = {}

    def pass_on(self, path: str, fields: Fields) -> Said:
        """What the service says, as it is."""
        connection = http.client.HTTPConnection(*self.behind, timeout=30)
        try:
            connection.request("GET", path, headers=fields)
            answer = connection.getresponse()
            return answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read()
        finally:
            connection.close()

    def without(self, path: str, fields: Fields, *names: str) -> Said:
        """What the service says, without these fields."""
        status, told, body = self.pass_on(path, fields)
        return status, {name: value for name, value in told.items() if name not in names}, body

    def changed(self, path: str, fields: Fields, **more: str) -> Said:
        """What the service says, with these fields instead of its own."""
        status, told, body = self.pass_on(path, fields)
        return status, told | {name.replace("_", "-"): value for name, value in more.items()}, body


def wall(proxy: Proxy, path: str, fields: Fields) -> Said:
    """Only what looks like a browser gets through; all others are given a puzzle."""
    if "Firefox" in fields["user-agent"]:
        return proxy.pass_on(path, fields)
    return 403, {"content-type": "text/html"}, b"<html>Just a moment...</html>"


def puzzle(_proxy: Proxy, _path: str, _fields: Fields) -> Said:
    """Everybody is given a puzzle, and told that all is well."""
    return 200, {"content-type": "text/html"}, b"<html>Just a moment...</html>"


def careless_cache(proxy: Proxy, path: str, fields: Fields) -> Said:
    """Keeps one answer for each address, whoever asks for it next."""
    if path not in proxy.kept:
        proxy.kept[path] = proxy.without(path, fields, "vary")
    return proxy.kept[path]


def strip(*names: str) -> Meddle:
    return lambda proxy, path, fields: proxy.without(path, fields, *names)


def change(**fields: str) -> Meddle:
    return lambda proxy, path, asked: proxy.changed(path, asked, **fields)


def forgetful(*names: str) -> Meddle:
    """Passes on requests without these fields."""
    return lambda proxy, path, fields: proxy.pass_on(path, {n: v for n, v in fields.items() if n not in names})


def minify(proxy: Proxy, path: str, fields: Fields) -> Said:
    status, told, body = proxy.pass_on(
        path, fields | {"accept-encoding": "identity"} if path.endswith(".js") else fields
    )
    return status, told, body.replace(b"\n", b"") if path.endswith(".js") else body


def fickle(proxy: Proxy, path: str, fields: Fields) -> Said:
    status, told, body = proxy.pass_on(path, fields | {"accept-encoding": "identity"})
    return status, told, body + f"<!-- {fields['user-agent']} -->".encode() if path == "/rss.xml" else body


def elsewhere(_proxy: Proxy, _path: str, _fields: Fields) -> Said:
    return 301, {"location": "https://www.example.org/"}, b""


def garble(proxy: Proxy, path: str, fields: Fields) -> Said:
    status, told, body = proxy.pass_on(path, fields | {"accept-encoding": "identity"})
    return status, told, body.replace(f"{proxy.url}rss.xml".encode(), b"\xff")


def noisy(_proxy: Proxy, _path: str, _fields: Fields) -> Said:
    return 301, {"location": "https://a.example/\x1b[2J" + "x" * 9_000}, b""


def degraded(proxy: Proxy, path: str, fields: Fields) -> Said:
    if path == "/readyz":
        return 200, {}, b'{"status": "degraded", "reason": "files are held back"}'
    return (200, {}, b"what") if path == "/healthz" else proxy.pass_on(path, fields)


def readiness(body: bytes) -> Meddle:
    """The service says that of itself."""
    return lambda proxy, path, fields: (200, {}, body) if path == "/readyz" else proxy.pass_on(path, fields)


TOMORROW = format_datetime(datetime.now(UTC) + timedelta(days=1), usegmt=True)
FAULTS: dict[str, tuple[Meddle, list[str]]] = {
    "a wall against bots": (wall, ["Feedly gets 403 (text/html) instead of the feed; let GET, HEAD and OPTIONS pass"]),
    "a puzzle for all": (puzzle, ["WordPress gets 200 (text/html) instead of the feed; let GET, HEAD"]),
    "a cache that drops Vary": (
        careless_cache,
        ["newsboat gets gzip, for which it did not ask", "nothing of Accept-Encoding in Vary; let the cache"],
    ),
    "a proxy that strips ETag": (strip("etag"), ["ETag is taken off; let the proxy pass ETag, Last-Modified"]),
    "a proxy that strips Last-Modified": (strip("last-modified"), ["Last-Modified is taken off"]),
    "a proxy that drops conditions": (forgetful("if-none-match"), ["(If-None-Match) gets 200, not 304; let the proxy"]),
    "a clock a day off": (change(date=TOMORROW), ["the clock there is 1 day ahead of the one here; let the"]),
    "no date": (strip("date"), ["the answer has no date"]),
    "no date of any year": (change(date="Mon, 01 Jan 99999999999 00:00:00 GMT"), ["the answer has no date"]),
    "a date without a zone": (change(date="Mon, 01 Jan 2001 00:00:00 -0000"), ["behind the one here"]),
    "an age that is none": (change(age="a while"), ["the service says"]),
    "an age of ever": (change(age="9" * 400), ["the service says"]),
    "an address in no letters": (garble, ["the feed says that it is at \ufffd"]),
    "signs for the terminal": (noisy, ["gets 301 (https://a.example/\\x1b[2Jxxx"]),
    "a proxy that knows no CORS": (strip("access-control-allow-origin"), ["pages elsewhere may not read the feed"]),
    "a frame guard": (change(x_frame_options="DENY"), ["something adds X-Frame-Options"]),
    "a cookie": (change(set_cookie="id=1"), ["something sets a cookie"]),
    "a minifier": (minify, ["something changes /embed-1.js; switch off what makes scripts smaller"]),
    "another feed for each": (fickle, ["not all get the same feed", "the feed comes uncompressed"]),
    "no way from a feed to its page": (forgetful("sec-fetch-dest"), ["a person who opens the feed gets 200 instead"]),
    "another address": (elsewhere, ["gets 301 (https://www.example.org/) instead of the feed; give the address"]),
    "a service that is not well": (degraded, ["the service says: degraded (files are held back); run: feedsvc status"]),
}  # fmt: skip


@pytest.fixture(scope="module")
def proxy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Proxy]:
    """A proxy in front of a service whose address is the proxy's."""
    proxy = Proxy()
    folder = tmp_path_factory.mktemp("site")
    root: Path = write_site(folder / "content")
    site = root / "site.yaml"
    site.write_text(site.read_text().replace("https://news.example.org/\n", f"{proxy.url}\n"))
    publication = folder / "instance" / "publication.db"
    publish_folder(root, publication)
    thread = threading.Thread(target=proxy.server.serve_forever)
    thread.start()
    with serving(publication) as service:
        service.wait_until_dated()
        proxy.behind = service.address
        yield proxy
    proxy.server.shutdown()
    thread.join()
    proxy.server.server_close()


def ask_doctor(url: str) -> tuple[int, list[str]]:
    """Exit status, and what is said."""
    result = CliRunner().invoke(main, ["doctor", url], catch_exceptions=False)
    return result.exit_code, result.output.splitlines()


@pytest.mark.parametrize("fault", FAULTS)
def test_what_meddles_is_named_with_what_to_mend(proxy: Proxy, fault: str) -> None:
    meddle, expected = FAULTS[fault]
    proxy.meddle, proxy.kept = meddle, {}
    code, said = ask_doctor(proxy.url)
    ill = [line for line in said if line.startswith("mend: ")]
    assert code == 1
    for words in expected:
        assert any(words in line for line in ill), said
    assert all("; " in line and line.isprintable() and len(line) < 1_000 for line in said if line in ill)


def test_where_nothing_meddles_all_is_well(proxy: Proxy) -> None:
    """But for the service itself, in which nobody publishes in this test."""
    proxy.meddle = Proxy.pass_on
    _, said = ask_doctor(proxy.url)
    assert [line for line in said if not line.startswith("well: ")] == [
        "mend: the service says: degraded (nobody publishes); run: feedsvc status, on the machine where it runs"
    ]
    assert said[0].startswith("well: the feed is given to FreshRSS, ")
    assert said == ask_doctor(proxy.url.removesuffix("/"))[1]


@pytest.mark.parametrize(
    ("said", "line"),
    [
        (b'{"status": "ok", "reason": null}', "well: the service says that all is well"),
        (b"<p>", None),
        (b"[" * 100_000, None),
    ],
)
def test_what_the_service_says_of_itself_is_told_where_it_can_be_asked(
    proxy: Proxy, said: bytes, line: str | None
) -> None:
    proxy.meddle = readiness(said)
    code, told = ask_doctor(proxy.url)
    assert code == 0, told
    assert (line in told) is (line is not None)


def test_what_says_that_it_is_compressed_and_is_not_is_looked_at_as_it_came(proxy: Proxy) -> None:
    proxy.meddle = lambda proxy, path, fields: proxy.changed(
        path, fields | {"accept-encoding": "identity"}, content_encoding="gzip"
    )
    assert any("gets gzip, for which it did not ask" in line for line in ask_doctor(proxy.url)[1])


def test_a_refusal_that_ends_too_early_is_said_in_a_line(proxy: Proxy) -> None:
    proxy.meddle = lambda *_: (403, {"transfer-encoding": "chunked"}, b"5\r\nab")
    code, said = ask_doctor(proxy.url)
    assert (code, len(said)) == (1, 1)
    assert "does not answer" in said[0]


@pytest.mark.parametrize(("coding", "compress"), [("gzip", gzip.compress), ("br", brotli.compress)])
def test_no_more_is_unpacked_than_is_read(
    proxy: Proxy, monkeypatch: pytest.MonkeyPatch, coding: str, compress: Callable[[bytes], bytes]
) -> None:
    monkeypatch.setattr(asking, "AT_MOST", 100_000)
    proxy.meddle = lambda *_: (200, {"content-encoding": coding}, compress(bytes(9_000_000)))
    assert 0 < len(asking.ask(proxy.url, ()).body) < 1_000_000


def test_a_feed_that_says_it_is_elsewhere_is_named(proxy: Proxy) -> None:
    proxy.meddle = Proxy.pass_on
    _, said = ask_doctor(proxy.url.replace("127.0.0.1", "localhost"))
    assert any(f"the feed says that it is at {proxy.url}rss.xml; write the public address" in line for line in said)


@pytest.mark.parametrize("url", ["news.example.org", "http://127.0.0.1:1/", "ftp://example.org/", "http://[/"])
def test_an_address_at_which_nobody_answers_is_said_in_a_line(url: str) -> None:
    result = CliRunner().invoke(main, ["doctor", url], catch_exceptions=False)
    assert (result.exit_code, result.stderr.count("\n")) == (1, 1)
    assert "does not answer" in result.stderr or "such as https://" in result.stderr
