"""What an HTTP linter says of every kind of answer: nothing bad."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from httplint import HttpRequestLinter, HttpResponseLinter
from httplint.note import levels

from tests.harness.client import Client
from tests.harness.folder import publish_site
from tests.harness.service import DOORS, serving

PREFLIGHT = ("Origin: https://clinic.example", "Access-Control-Request-Method: GET")
CASES: list[tuple[str, str, tuple[str, ...]]] = [
    *(("GET", path, ()) for path in ("/", "/covid/", "/updates/update-3/", "/covid/rss.xml", "/atom.xml")),
    *(("GET", path, ()) for path in ("/pay/feed.json", "/feeds.opml", "/favicon.ico", "/files/flyer.pdf")),
    *(("GET", path, ()) for path in ("/files/icon.png", "/no/such/page", "/feed", "/healthz", "/readyz")),
    ("GET", "/covid/rss.xml", ("Accept-Encoding: gzip",)),
    ("GET", "/covid/", ("Accept-Encoding: br",)),
    ("GET", "/covid/", ("Accept-Encoding: *;q=0",)),
    ("GET", "/covid/rss.xml", ("Sec-Fetch-Dest: document",)),
    ("GET", "/covid/rss.xml", ("If-None-Match: *",)),
    ("GET", "/files/flyer.pdf", ("Range: bytes=0-9",)),
    ("GET", "/files/flyer.pdf", ("Range: bytes=999999-",)),
    ("HEAD", "/covid/", ()),
    ("POST", "/covid/", ()),
    ("OPTIONS", "/covid/rss.xml", PREFLIGHT),
    ("OPTIONS", "/healthz", ()),
]


@pytest.fixture(scope="module", params=DOORS)
def client(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    publication: Path = publish_site(tmp_path_factory.mktemp("site"))
    with serving(publication, request.param) as service:
        service.wait_until_dated()
        yield service.client


def lint(client: Client, method: str, target: str, fields: tuple[str, ...]) -> set[str]:
    """What the linter calls bad."""
    response = client.ask(target, *fields, method=method)
    request = HttpRequestLinter()
    request.process_request_topline(method.encode(), b"https://news.example.org" + target.encode(), b"HTTP/1.1")
    request.process_headers([(name.encode(), value.encode()) for name, _, value in (f.partition(": ") for f in fields)])
    request.finish_content(True)
    linter = HttpResponseLinter(no_content=method == "HEAD")
    linter.request = request
    linter.process_response_topline(b"HTTP/1.1", str(response.status).encode(), response.reason.encode())
    linter.process_headers([(name.encode(), value.encode()) for name, value in response.fields])
    if response.body:
        linter.feed_content(response.body)
    linter.finish_content(True)
    assert list(linter.notes)
    return {note.summary for note in linter.notes if note.level is levels.BAD}


@pytest.mark.parametrize(("method", "target", "fields"), CASES)
def test_a_linter_finds_nothing_bad(client: Client, method: str, target: str, fields: tuple[str, ...]) -> None:
    assert lint(client, method, target, fields) == set()


def test_a_linter_finds_nothing_bad_in_an_asset(client: Client) -> None:
    found = re.search(rb"/static/style\.\w+\.css", client.ask("/").body)
    assert found
    assert lint(client, "GET", found[0].decode(), ()) == set()
