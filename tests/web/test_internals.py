"""What gunicorn must have for the loop, and what becomes of a worker whose gunicorn has not."""

import ast
import inspect
import logging
import sys
from pathlib import Path
from typing import Any

import gunicorn
import pytest
from gunicorn import http, util
from gunicorn.http import wsgi
from gunicorn.http.message import HeaderPolicy, Request
from gunicorn.http.unreader import IterUnreader, Unreader
from gunicorn.workers.gthread import PollableMethodQueue, TConn, ThreadWorker

import feedsvc.web.worker
from feedsvc.web.worker import FeedWorker, internals
from tests.web.serving import SMALL, StubApp, get, serving

PARAMETERS: dict[Any, str] = {
    http.get_parser: "cfg source source_addr http2_connection",
    util.http_date: "timestamp",
    wsgi.create: "req sock client server cfg response_class response_args",
    HeaderPolicy._peer_is_trusted_proxy: "self",  # noqa: SLF001 # it is what is pinned
    Request: "cfg unreader peer_addr req_number",
    Request.should_close: "self",
    IterUnreader: "iterable",
    Unreader.take_buffered: "self",
    Unreader.unread: "self data",
    TConn: "cfg sock client server",
    PollableMethodQueue.defer: "self callback args",
    PollableMethodQueue.run_callbacks: "self _fileobj max_callbacks",
    ThreadWorker.handle: "self conn",
    ThreadWorker.handle_error: "self req client addr exc",
    ThreadWorker.is_parent_alive: "self",
    ThreadWorker.notify: "self",
}
IMPORTED = {
    "gunicorn": {"SERVER", "http", "util"},
    "gunicorn.http": {"errors", "wsgi"},
    "gunicorn.http.errors": {"InvalidHeader", "LimitRequestHeaders", "NoMoreData"},
    "gunicorn.http.message": {"HeaderPolicy", "Request"},
    "gunicorn.http.unreader": {"IterUnreader"},
    "gunicorn.workers": {"gthread"},
    "gunicorn.workers.gthread": {"STOP_KEEPALIVE_LINGER", "TConn", "ThreadWorker"},
    "gunicorn.glogging": {"Logger"},
}


def test_gunicorn_takes_what_the_loop_gives_it() -> None:
    assert {name: " ".join(inspect.signature(name).parameters) for name in PARAMETERS} == PARAMETERS


def test_nothing_else_of_gunicorn_is_used() -> None:
    """A name that is new here belongs into the table above, and into that of ``internals``."""
    found: dict[str, set[str]] = {}
    for path in (Path(feedsvc.web.worker.__file__).parents[1]).rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("gunicorn"):
                found.setdefault(node.module or "", set()).update(alias.name for alias in node.names)
    assert found == IMPORTED


def is_loud_and_served(folder: Path, caplog: pytest.LogCaptureFixture, reason: str) -> bool:
    with serving(FeedWorker, folder, StubApp()) as served:
        assert served.exchange(get("/small")).endswith(SMALL)
        assert not hasattr(served.worker, "loop")
    (error,) = [record.getMessage() for record in caplog.records if record.levelno == logging.ERROR]
    return error.startswith("This gunicorn is not as expected") and reason in error and "-k gthread" in error


def test_under_another_release_the_stock_worker_serves_and_the_log_says_so(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gunicorn, "version_info", (28, 0, 0))
    assert is_loud_and_served(tmp_path, caplog, "release 28")


def test_without_a_name_that_it_needs_the_stock_worker_serves_and_the_log_says_so(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delattr(Unreader, "take_buffered")
    assert is_loud_and_served(tmp_path, caplog, "IterUnreader.take_buffered")


def test_without_a_module_that_it_needs_the_stock_worker_serves_and_the_log_says_so(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delattr(feedsvc.web.worker, "internals")
    monkeypatch.setitem(sys.modules, internals.__name__, None)
    assert is_loud_and_served(tmp_path, caplog, "internals")
