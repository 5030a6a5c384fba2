"""How the worker ends, and when it does not begin."""

import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from gunicorn.workers.gthread import ThreadWorker

from feedsvc.web.worker import FeedWorker
from tests.web.serving import LARGE, PATIENCE, SMALL, Served, get, read_all, read_response, serving, wait_until


@pytest.fixture
def ours(tmp_path: Path) -> Iterator[Served]:
    with serving(FeedWorker, tmp_path, keepalive=75) as served:
        yield served


def test_a_stop_answers_what_is_under_way_and_closes(ours: Served) -> None:
    with ours.connect() as idle, ours.connect() as busy, ours.connect() as reader:
        idle.sendall(get("/small"))
        read_response(idle)
        busy.sendall(get("/wait"))
        reader.sendall(get("/large"))
        assert ours.app.waiting.wait(PATIENCE)
        stopping = threading.Thread(target=ours.stop)
        stopping.start()
        wait_until(lambda: not ours.worker.alive)
        idle.sendall(get("/small"))
        head, body = read_response(idle)
        assert body == SMALL
        assert b"\r\nConnection: close\r\n" in head
        assert idle.recv(1) == b""
        ours.app.may_go.set()
        assert b"\r\nConnection: " in read_response(busy)[0]
        assert read_response(reader)[1] == LARGE
        stopping.join(PATIENCE)
    with pytest.raises(ConnectionRefusedError):
        ours.connect()


def test_who_waits_at_the_door_when_the_stop_comes_is_answered(ours: Served) -> None:
    with ours.connect() as first:
        first.sendall(get("/small"))
        read_response(first)
        first.sendall(get("/held"))
        assert ours.app.responder.holding.wait(PATIENCE)
        with ours.connect() as second:
            second.sendall(get("/small"))
            ours.worker.handle_exit(None, None)
            ours.app.responder.may_go.set()
            head, body = read_response(second)
            assert body == SMALL
            assert b"\r\nConnection: close\r\n" in head


def test_a_stop_does_not_wait_longer_than_it_may(tmp_path: Path) -> None:
    with serving(FeedWorker, tmp_path, graceful_timeout=2) as served, served.connect() as reader:
        reader.sendall(get("/endless"))
        with served.connect() as other:
            other.sendall(get("/large"))
            wait_until(lambda: served.loop.conversation.loans and len(served.loop.connections) == 1)
            served.stop()


def test_the_worker_stops_after_its_number_of_requests(tmp_path: Path) -> None:
    with serving(FeedWorker, tmp_path, max_requests=3) as served, served.connect() as client:
        for _ in range(3):
            client.sendall(get("/small"))
            assert read_response(client)[1] == SMALL
        served.thread.join(PATIENCE)
        assert not served.thread.is_alive()


def test_the_worker_stops_when_its_parent_is_gone(ours: Served) -> None:
    ours.worker.ppid = -1
    ours.thread.join(PATIENCE)
    assert not ours.thread.is_alive()


def test_without_keepalive_every_connection_closes(tmp_path: Path) -> None:
    with serving(FeedWorker, tmp_path, keepalive=0) as served, served.connect() as client:
        client.sendall(get("/small"))
        assert b"\r\nConnection: close\r\n" in read_all(client)


# Where the stock worker serves.


@pytest.mark.parametrize(
    "settings",
    [
        {"proxy_protocol": True},
        {"certfile": "x"},
        {"http2_cleartext": "both"},
        {"pre_request": lambda _worker, _request: None},
        {"post_request": lambda _worker, _request, _environ, _response: None},
    ],
    ids=lambda each: next(iter(each)),
)
def test_what_the_loop_cannot_do_is_left_to_the_stock_worker(
    tmp_path: Path, settings: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    served_by: list[Any] = []

    def run(worker: ThreadWorker) -> None:
        served_by.append(worker)

    monkeypatch.setattr(ThreadWorker, "run", run)
    with serving(FeedWorker, tmp_path, **settings) as served:
        served.thread.join(PATIENCE)
        assert served_by == [served.worker]


def test_an_application_without_a_responder_is_served_as_ever(tmp_path: Path) -> None:
    def app(_environ: dict[str, Any], start_response: Callable[..., Any]) -> list[bytes]:
        start_response("200 OK", [("Content-Length", "2")])
        return [b"ok"]

    with serving(FeedWorker, tmp_path, app) as served:
        assert served.exchange(get("/")).endswith(b"ok")
