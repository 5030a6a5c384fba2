"""No client takes more than its share of the worker: not of a turn, not of the threads, not of the memory."""

import logging
import re
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from feedsvc.settings import Settings
from feedsvc.web.app import create_app
from feedsvc.web.worker import FeedWorker
from feedsvc.web.worker.conversation import HEADS_AT_ONCE
from feedsvc.web.worker.loop import READY_AT_ONCE
from tests.web.published import NOT_FOUND, make_page, publish
from tests.web.serving import (
    MEDIUM,
    PATIENCE,
    SMALL,
    Served,
    StubApp,
    get,
    read_all,
    read_response,
    serving,
    wait_until,
)
from tests.web.test_worker_life import HastyWorker


@pytest.fixture
def ours(tmp_path: Path) -> Iterator[Served]:
    with serving(FeedWorker, tmp_path, keepalive=75) as served:
        yield served


def asked(caplog: pytest.LogCaptureFixture) -> list[str]:
    """The paths of all requests in the order in which they were answered, as the access log has it."""
    return [record.getMessage() for record in caplog.records if record.name == "gunicorn.access"]


@pytest.mark.parametrize(
    ("query", "share"), [("?{}", 1), ("", HEADS_AT_ONCE)], ids=["heads not seen before", "one head again and again"]
)
def test_a_pipeline_lets_others_go_first_after_its_share(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, query: str, share: int
) -> None:
    caplog.set_level(logging.INFO, "gunicorn.access")
    with (
        serving(FeedWorker, tmp_path, accesslog="-", access_log_format="%(U)s") as served,
        served.connect() as hog,
        served.connect() as other,
    ):
        hog.sendall(get("/small"))
        read_response(hog)
        hog.sendall(get("/held") + b"".join(get("/small" + query.format(number)) for number in range(100)))
        assert served.app.responder.holding.wait(PATIENCE)
        other.sendall(get("/number"))
        served.app.responder.may_go.set()
        read_response(other)
        for _ in range(101):
            assert read_response(hog)[1] == SMALL
    assert asked(caplog).count("/small") == 101
    assert asked(caplog).index("/number") <= 3 * share + 3


def test_the_heartbeat_goes_on_while_a_crowd_keeps_the_loop_at_work(tmp_path: Path) -> None:
    """However many are ready at once, so many at most are dealt with before the tick has its chance."""
    beats: list[float] = []

    class SlowApp(StubApp):
        def __init__(self) -> None:
            super().__init__()
            answer = self.responder.answer

            def answer_slowly(environ: dict[str, Any]) -> Any:
                if environ["PATH_INFO"] == "/small":
                    beats.append(served.worker.tmp.last_update())
                    served.app.waiting.wait(1.5 / READY_AT_ONCE)
                return answer(environ)

            self.responder.answer = answer_slowly  # type: ignore[method-assign]

    with serving(FeedWorker, tmp_path, SlowApp(), keepalive=75) as served:
        first, *crowd = [served.connect() for _ in range(2 * READY_AT_ONCE + 1)]
        for client in crowd:
            client.sendall(get("/number"))
            read_response(client)
        first.sendall(get("/held"))
        assert served.app.responder.holding.wait(PATIENCE)
        for number, client in enumerate(crowd):
            client.sendall(get(f"/small?{number}"))
        served.app.responder.may_go.set()
        for client in crowd:
            assert read_response(client)[1] == SMALL
        for client in (first, *crowd):
            client.close()
    assert len(set(beats)) > 1


# Answers arrive whole.


@pytest.mark.parametrize(
    "head", [get("/medium", "Connection: close"), get("/medium", version="1.0")], ids=["HTTP/1.1", "HTTP/1.0"]
)
@pytest.mark.parametrize("more", [b"\r\n", get("/small")], ids=["an empty line", "another request"])
def test_the_last_answer_arrives_whole_whatever_the_client_sends_after_its_request(
    ours: Served, head: bytes, more: bytes
) -> None:
    """RFC 9112 section 9.6: closing on what was not read resets the connection, and the answer's end is lost."""
    for _ in range(5):
        with ours.connect(buffer=4096) as client:
            client.sendall(head)
            wait_until(lambda: ours.worker.nr and not ours.loop.connections.reading)
            client.sendall(more)
            assert read_all(client).endswith(MEDIUM)
        wait_until(lambda: not len(ours.loop.connections))
        ours.worker.nr = 0


# Threads.


def test_a_request_that_only_waits_for_a_thread_is_not_cut_off(tmp_path: Path) -> None:
    with serving(HastyWorker, tmp_path, threads=1) as served, served.connect() as first, served.connect() as second:
        first.sendall(get("/wait"))
        assert served.app.waiting.wait(PATIENCE)
        second.sendall(get("/stream"))
        wait_until(lambda: len(served.loop.conversation.loans) == 2)
        assert first.recv(1) == b"", "its time is up, and it is the thread that it holds"
        served.app.may_go.set()
        assert read_all(second).endswith(b"3\r\none\r\n3\r\ntwo\r\n0\r\n\r\n")


def test_health_and_missing_pages_need_no_thread(tmp_path: Path) -> None:
    publish(tmp_path / "publication.db", make_page(), NOT_FOUND)
    app: Any = create_app(Settings(publication=tmp_path / "publication.db"))
    stub = StubApp()
    app.add_url_rule("/wait", view_func=lambda: b"".join(stub.wait({})[2]))
    with serving(FeedWorker, tmp_path, app, threads=1) as served, served.connect() as holder, served.connect() as next_:
        holder.sendall(get("/wait"))
        next_.sendall(get("/wait"))
        assert stub.waiting.wait(PATIENCE)
        assert served.exchange(get("/healthz")).endswith(b'\r\n\r\n{"status":"ok"}\n')
        assert served.exchange(get("/nowhere")).endswith(NOT_FOUND.body)
        stub.may_go.set()
        assert read_response(next_)[1] == b"done"


# Trust.


def test_what_a_proxy_is_refused_for_is_not_remembered_for_strangers_nor_the_other_way_round(tmp_path: Path) -> None:
    head = get("/small", "X-Forwarded-Proto: https", "X-Forwarded-Ssl: off", "Connection: close")

    def ask_from(address: str) -> int:
        with socket.create_connection(served.address, PATIENCE, (address, 0)) as client:
            client.sendall(head)
            status = re.match(rb"HTTP/1.1 (\d+) ", read_all(client))
            assert status is not None
            return int(status[1])

    with serving(FeedWorker, tmp_path, forwarded_allow_ips="127.0.0.1") as served:
        addresses = ["127.0.0.1", "127.0.0.2"] * 3
        assert [ask_from(address) for address in addresses] == [400, 200] * 3
