"""What Flask answers beside the documents: errors, in the site's own words, and nothing of the request."""

import logging
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from werkzeug.test import Client

from feedsvc.kinds import ERROR
from feedsvc.publication import headers
from feedsvc.settings import Settings
from feedsvc.web.app import create_app
from tests.web.published import NOT_FOUND, make_page, publish

GUARDS = {name for name, _ in headers.PLAIN}


@pytest.fixture
def publication(tmp_path: Path) -> Path:
    path = tmp_path / "publication.db"
    publish(path, make_page(), NOT_FOUND)
    return path


def make_client(publication: Path) -> Client:
    return Client(create_app(Settings(publication=publication)))


def test_the_environment_says_which_publication_is_served(publication: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FEEDSVC_PUBLICATION", str(publication))
    monkeypatch.setenv("FEEDSVC_PUBLISHER", "off")
    app = create_app()
    assert app.settings.publication == publication
    assert app.instance_path == str(publication.parent)
    assert Client(app).get("/covid/").data == make_page().body


def test_where_nothing_is_there_the_sites_own_page_says_so(publication: Path) -> None:
    response = make_client(publication).get("/nowhere/%3Cscript%3E?q=<script>")
    assert (response.status_code, response.data, response.mimetype) == (404, NOT_FOUND.body, "text/html")
    assert response.headers["Content-Security-Policy"] == ERROR.policy
    assert response.headers["Cache-Control"] == headers.cache_control(ERROR, None)
    assert set(response.headers.keys()) >= GUARDS


def test_without_that_page_a_line_says_so(publication: Path) -> None:
    publish(publication, removals=["/404.html"])
    response = make_client(publication).get("/nowhere")
    assert (response.status_code, response.data, response.mimetype) == (404, b"404 Not Found\n", "text/plain")
    assert response.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("path", ["/", "/covid/rss.xml", "/nowhere"])
def test_before_the_first_publish_the_reader_is_asked_to_come_back(tmp_path: Path, path: str) -> None:
    response = make_client(tmp_path / "instance" / "publication.db").get(path)
    assert (response.status_code, response.mimetype) == (503, "text/plain")
    assert int(response.headers["Retry-After"]) > 0
    assert set(response.headers.keys()) >= GUARDS
    assert response.headers["Cache-Control"] == "no-store"


def test_a_damaged_document_is_not_said_to_be_missing(publication: Path) -> None:
    """Feed readers remember a 404, and the next publish mends it."""
    with closing(sqlite3.connect(publication)) as connection, connection:
        connection.execute("UPDATE body SET gzip = zeroblob(100) WHERE gzip IS NOT NULL")
    client = make_client(publication)
    assert client.get("/covid/").status_code == 503
    assert client.get("/healthz").status_code == 200


def test_without_a_readable_page_for_it_nothing_is_said_to_be_missing(publication: Path) -> None:
    publish(publication, make_page("/404.html", b"<p>nothing here</p>" * 50, kind=ERROR))
    with closing(sqlite3.connect(publication)) as connection, connection:
        connection.execute("UPDATE body SET gzip = zeroblob(100) WHERE gzip IS NOT NULL")
    assert make_client(publication).get("/nowhere").status_code == 503


def test_a_route_refuses_other_methods_with_those_it_has(publication: Path) -> None:
    response = make_client(publication).post("/readyz")
    assert (response.status_code, response.data) == (405, b"405 Method Not Allowed\n")
    assert response.headers["Allow"] == "GET, HEAD, OPTIONS"
    assert set(response.headers.keys()) >= GUARDS


def test_a_route_tells_its_methods_in_one_order(publication: Path) -> None:
    assert make_client(publication).options("/readyz").headers["Allow"] == "GET, HEAD, OPTIONS"


def test_a_failure_tells_the_reader_nothing_and_the_log_no_forged_line(
    publication: Path, caplog: pytest.LogCaptureFixture
) -> None:
    app = create_app(Settings(publication=publication))

    def fail(_rest: str) -> str:
        raise RuntimeError("a secret")

    app.add_url_rule("/fail/<path:_rest>", view_func=fail)
    with caplog.at_level(logging.ERROR):
        response = Client(app).get("/fail/%0aforged")
    assert (response.status_code, response.data) == (500, b"500 Internal Server Error\n")
    assert set(response.headers.keys()) >= GUARDS
    assert [record.message for record in caplog.records] == ["a request failed"]
    assert "RuntimeError: a secret" in caplog.text
    assert "forged" not in caplog.text


@pytest.mark.parametrize("host", ["evil.example", "a b", "", "evil.example:x"])
@pytest.mark.parametrize("path", ["//healthz", "/healthz//", "/covid//", "//nowhere//"])
def test_no_answer_leads_to_where_the_host_says(publication: Path, path: str, host: str) -> None:
    response = make_client(publication).get(path, headers={"Host": host})
    assert response.status_code in (200, 301, 400, 404)
    assert response.headers.get("Location", "/covid/") == "/covid/"
    assert b"evil" not in response.data


def test_doubled_slashes_are_another_address(publication: Path) -> None:
    app = create_app(Settings(publication=publication))
    app.add_url_rule("/a/b", view_func=lambda: "here")
    assert [Client(app).get(path).status_code for path in ("/a/b", "/a//b")] == [200, 404]
