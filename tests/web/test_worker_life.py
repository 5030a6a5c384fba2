"""What the worker does beside answering: generations, slow clients, limits, crowds, its log."""

import errno
import logging
import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from feedsvc.web.following import ROOM, Epoch
from feedsvc.web.worker import FeedWorker
from feedsvc.web.worker.connections import Limits
from feedsvc.web.worker.conversation import HEAD_AT_MOST
from feedsvc.web.worker.loop import ACCEPTED_AT_ONCE
from feedsvc.web.worker.reply_cache import REPLY_WEIGHT
from tests.web.serving import (
    LARGE,
    MEDIUM,
    PATIENCE,
    SMALL,
    Served,
    StubApp,
    StubResponder,
    get,
    read_all,
    read_response,
    serving,
    wait_until,
)


class HastyWorker(FeedWorker):
    """A worker whose patience tests can outlast, and a busy machine cannot."""

    limits = partial(Limits, head=0.5, write=0.5, linger=0.5, loan=0.5)


class PatientWorker(FeedWorker):
    """A worker that gives newcomers more time than a busy machine takes."""

    limits = partial(Limits, arrival=30)


@pytest.fixture
def ours(tmp_path: Path) -> Iterator[Served]:
    with serving(FeedWorker, tmp_path, keepalive=75) as served:
        yield served


@pytest.fixture
def hasty(tmp_path: Path) -> Iterator[Served]:
    with serving(HastyWorker, tmp_path, keepalive=1) as served:
        yield served


# Memory.


def test_a_new_generation_shows_in_the_very_next_answer_of_an_open_connection(ours: Served) -> None:
    with ours.connect() as client:
        for number in (1, 1, 2, 2, 3):
            ours.app.responder.number = number
            client.sendall(get("/number"))
            assert read_response(client)[1] == str(number).encode()


class Late(list[int]):
    """Counts, and a listener, at which a new generation comes: after an answer, and when a newcomer is let in."""

    def __init__(self, responder: StubResponder) -> None:
        super().__init__(responder.counts)
        self.responder = responder
        self.is_late = False

    def __setitem__(self, cell: Any, count: Any) -> None:
        super().__setitem__(cell, count)
        self.responder.number += self.is_late

    def at(self, listener: socket.socket) -> Any:
        """The listener, at which that happens."""
        late = self

        class Listener(Scarce):
            def accept(self) -> tuple[socket.socket, Any]:
                accepted = super().accept()
                late.responder.number += late.is_late
                return accepted

        return Listener(listener, [])


def test_a_generation_that_comes_amid_a_turn_shows_to_who_was_not_ready_before_it(tmp_path: Path) -> None:
    app = StubApp()
    app.responder.counts = late = Late(app.responder)
    with serving(FeedWorker, tmp_path, app, listener_type=late.at) as served, served.connect() as client:
        for _ in range(2):
            client.sendall(get("/number"))
            assert read_response(client)[1] == b"1", "remembered"
        late.is_late = True
        with served.connect() as newcomer:
            newcomer.sendall(get("/number") * 4)
            shown = [int(read_response(newcomer)[1]) for _ in range(4)]
            assert shown[0] > 1
            assert shown == list(range(shown[0], shown[0] + 4))


def test_the_same_head_is_put_to_the_responder_once_in_a_generation(ours: Served) -> None:
    with ours.connect() as client:
        for fields in ((), (), ("User-Agent: Reader/2",), ("User-Agent: Reader/2",), ()):
            client.sendall(get("/small", *fields))
            assert read_response(client)[1] == SMALL
    assert ours.app.responder.asked == 2


def test_heads_without_end_do_not_fill_the_memory(ours: Served) -> None:
    count = ROOM // REPLY_WEIGHT + 10
    last = get("/number", "Connection: close")
    ours.exchange(b"".join(get("/number", f'If-None-Match: "x{number}"') for number in range(count)) + last)
    assert sum(map(len, ours.app.responder.epoch().replies)) < count


def test_the_date_of_a_remembered_answer_moves_on(ours: Served) -> None:
    dates: set[bytes] = set()
    with ours.connect() as client:
        while len(dates) < 2:
            client.sendall(get("/small"))
            dates.add(read_response(client)[0].split(b"Date: ")[1][:29])


def test_a_responder_that_fails_is_asked_again_through_the_application(ours: Served) -> None:
    ours.app.responder.faults.append(OSError("no publication yet"))
    assert ours.exchange(get("/small")).startswith(b"HTTP/1.1 404 ")
    ours.app.responder.faults.clear()
    assert ours.exchange(get("/small")).endswith(SMALL)


class FailingResponder:
    """One that knows its epoch and no answer."""

    counts: tuple[int, ...] = ()

    def epoch(self) -> Epoch:
        return Epoch()

    def answer(self, _environ: dict[str, Any]) -> None:
        raise LookupError("lost")


def test_an_answer_that_fails_is_the_applications_to_explain(tmp_path: Path) -> None:
    app = StubApp()
    app.responder = FailingResponder()  # type: ignore[assignment]
    with serving(FeedWorker, tmp_path, app) as served:
        assert served.exchange(get("/small")).startswith(b"HTTP/1.1 500 ")


# Slow clients.


def test_a_large_body_reaches_a_slow_reader_whole_and_the_next_request_is_answered(ours: Served) -> None:
    with ours.connect() as client:
        client.sendall(get("/large") + get("/small"))
        with ours.connect() as other:
            other.sendall(get("/small"))
            assert read_response(other)[1] == SMALL
        assert read_response(client)[1] == LARGE
        assert read_response(client)[1] == SMALL


def test_a_connection_closes_after_a_large_body_if_it_was_to_close(ours: Served) -> None:
    assert ours.exchange(get("/large", "Connection: close")).endswith(LARGE)


def test_no_more_is_read_from_a_client_that_does_not_read(ours: Served) -> None:
    """Else its requests, or our answers, would pile up in memory."""
    with ours.connect() as client:
        client.sendall(get("/large"))
        client.settimeout(0.5)
        with pytest.raises(TimeoutError):
            client.sendall(get("/large") * 1_000_000)
        (connection,) = ours.loop.connections.by_fd.values()
        assert len(connection.received) < 10_000


def test_a_client_that_goes_amid_an_answer_is_forgotten(ours: Served) -> None:
    with ours.connect() as client:
        client.sendall(get("/large"))
        read_some = client.recv(1000)
        client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")  # closing resets
    assert read_some
    assert ours.exchange(get("/small")).endswith(SMALL)
    wait_until(lambda: not len(ours.loop.connections))


def test_a_client_that_resets_is_forgotten(ours: Served) -> None:
    with ours.connect() as client:
        client.sendall(get("/small"))
        read_response(client)
        client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
    wait_until(lambda: not len(ours.loop.connections))


@pytest.mark.parametrize(
    "octets",
    [b"", b"GET /small", get("/small"), get("/small") + b"GET", get("/small", "Content-Length: 5", method="POST")],
    ids=["silent", "slow head", "idle", "slow second head", "slow body"],
)
def test_a_client_that_lets_us_wait_is_dropped(hasty: Served, octets: bytes) -> None:
    with hasty.connect() as client:
        client.sendall(octets)
        read_all(client)


@pytest.mark.parametrize("path", ["/large", "/endless"])
def test_a_client_that_does_not_read_is_dropped(hasty: Served, path: str) -> None:
    with hasty.connect() as client:
        client.sendall(get(path))
        wait_until(lambda: hasty.worker.nr == 1)
        wait_until(lambda: not len(hasty.loop.connections) and not hasty.loop.conversation.loans)
        assert hasty.exchange(get("/small")).endswith(SMALL)


def test_a_client_that_asks_again_and_again_stays(hasty: Served) -> None:
    """It is noted once a second, by the clock of the loop, that it is not idle."""
    with hasty.connect() as client:
        ends = time.monotonic() + 3.5
        while time.monotonic() < ends:
            client.sendall(get("/small"))
            assert read_response(client)[1] == SMALL
        assert read_all(client) == b"", "and goes once it is idle"


def test_a_body_that_never_comes_does_not_keep_its_thread(hasty: Served) -> None:
    with hasty.connect() as client:
        client.sendall(get("/echo", "Content-Length: 5", method="PUT"))
        read_all(client)
    wait_until(lambda: not hasty.loop.conversation.loans)


def test_a_client_that_does_not_say_goodbye_is_left_behind(hasty: Served) -> None:
    with hasty.connect() as client:
        client.sendall(b"nonsense\r\n\r\n")
        assert read_all(client).startswith(b"HTTP/1.1 400 ")
        wait_until(lambda: not len(hasty.loop.connections))


def test_what_comes_after_a_refusal_is_thrown_away_within_bounds(ours: Served) -> None:
    with ours.connect() as client:
        client.sendall(b"nonsense\r\n\r\n")
        with pytest.raises(OSError, match=r"reset|Broken pipe"):
            client.sendall(b"x" * 100_000_000)
        wait_until(lambda: not len(ours.loop.connections))


def test_an_answer_arrives_whole_though_the_client_sent_more_than_was_wanted(ours: Served) -> None:
    """Closing on unread octets resets the connection, and a reset discards what the client has not read yet."""
    for _ in range(20):
        with ours.connect() as client:
            client.sendall(get("/small", "Connection: close") + b"x" * 30_000)
            assert read_all(client).endswith(SMALL)


def test_after_anything_but_a_plain_request_the_connection_closes(ours: Served) -> None:
    """An application that did not read the body leaves it to be taken for a request."""
    smuggled = get("/small", "Transfer-Encoding: chunked", method="POST") + b"0\r\n\r\n" + get("/small")
    assert ours.exchange(smuggled).count(b"HTTP/1.1 ") == 1
    assert ours.exchange(get("/small", method="DELETE") + get("/small")).count(b"HTTP/1.1 ") == 1


# Threads.


def test_documents_are_answered_while_all_threads_wait(ours: Served) -> None:
    waiting = [ours.connect() for _ in range(8)]
    for client in waiting:
        client.sendall(get("/wait"))
    assert ours.app.waiting.wait(PATIENCE)
    assert ours.exchange(get("/small")).endswith(SMALL)
    ours.app.may_go.set()
    for client in waiting:
        with client:
            assert read_response(client)[1] == b"done"
            client.sendall(get("/small"))
            assert read_response(client)[1] == SMALL, "back in the loop"


def test_no_thread_waits_for_clients_that_do_not_read_what_they_were_sent_before(ours: Served) -> None:
    with ExitStack() as leaving:
        for _ in range(2 * ours.worker.cfg.threads):
            leaving.enter_context(ours.connect(buffer=4096)).sendall(get("/bulk") * 100)
        wait_until(lambda: len(ours.loop.connections.writing) == 2 * ours.worker.cfg.threads)
        assert ours.exchange(get("/bulk")).endswith(MEDIUM)


def test_an_application_that_breaks_off_closes_the_connection(ours: Served) -> None:
    assert ours.exchange(get("/broken")).endswith(b"\r\n\r\n12345")
    wait_until(lambda: not ours.loop.conversation.loans)


def test_a_head_of_more_than_8_kib_is_refused_finished_or_not(ours: Served) -> None:
    fields = [f"X-{number}: {'a' * 1000}" for number in range(7)]
    room = HEAD_AT_MOST - len(get("/small", *fields, "X: "))
    assert ours.exchange(get("/small", *fields, "X: " + "a" * room)).endswith(SMALL)
    too_long = get("/small", *fields, "X: " + "a" * (room + 1))
    for packets in ([too_long], [too_long[:-1]], [too_long[:100], too_long[100:]], [too_long[:-1], too_long[-1:]]):
        assert ours.exchange(*packets).startswith(b"HTTP/1.1 431 Request Header Fields Too Large\r\n")


# Crowds.


def test_the_longest_idle_connection_makes_room_for_a_new_one(tmp_path: Path) -> None:
    with serving(FeedWorker, tmp_path, worker_connections=5, threads=1, keepalive=75) as served:
        clients = []
        for _ in range(6):
            clients.append(served.connect())
            clients[-1].sendall(get("/small"))
            read_response(clients[-1])
        assert clients[0].recv(1) == b"", "the longest idle one was closed"
        clients[1].sendall(get("/small"))
        assert read_response(clients[1])[1] == SMALL
        for client in clients:
            client.close()


def test_who_came_a_moment_ago_is_not_put_out_before_the_request_can_come(tmp_path: Path) -> None:
    with serving(PatientWorker, tmp_path, worker_connections=2) as served, ExitStack() as leaving:
        clients = [leaving.enter_context(served.connect()) for _ in range(6)]
        wait_until(lambda: len(served.loop.connections) == 2)
        for client in clients:
            client.sendall(get("/small", "Connection: close"))
            assert read_response(client)[1] == SMALL


def test_new_clients_wait_while_every_connection_is_at_work(tmp_path: Path) -> None:
    with serving(FeedWorker, tmp_path, worker_connections=2, threads=2) as served:
        busy = [served.connect() for _ in range(2)]
        for client in busy:
            client.sendall(get("/wait"))
        wait_until(lambda: len(served.loop.conversation.loans) == 2)
        with served.connect() as waiting:
            waiting.sendall(get("/small"))
            waiting.settimeout(0.5)
            spent = time.process_time()
            with pytest.raises(TimeoutError):
                waiting.recv(1)
            assert time.process_time() - spent < 0.25, "the loop waits as well"
            waiting.settimeout(PATIENCE)
            served.app.may_go.set()
            for client in busy:
                assert read_response(client)[1] == b"done"
                client.close()
            assert read_response(waiting)[1] == SMALL


class Scarce:
    """A listener whose accept() fails for a while, as it does when descriptors run out."""

    def __init__(self, listener: socket.socket, faults: list[OSError]) -> None:
        self.listener = listener
        self.faults = faults

    def __getattr__(self, name: str) -> Any:
        return getattr(self.listener, name)

    def accept(self) -> tuple[socket.socket, Any]:
        if self.faults:
            raise self.faults.pop()
        return self.listener.accept()


def test_want_of_descriptors_is_survived_at_the_cost_of_the_longest_idle(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    faults: list[OSError] = []
    with (
        serving(FeedWorker, tmp_path, listener_type=lambda listener: Scarce(listener, faults)) as served,
        served.connect() as idle,
    ):
        idle.sendall(get("/small"))
        read_response(idle)
        faults += [OSError(errno.EMFILE, "none left"), OSError(errno.EMFILE, "none left"), ConnectionAbortedError()]
        assert served.exchange(get("/small")).endswith(SMALL)
        assert idle.recv(1) == b""
    assert not faults
    assert caplog.text.count("Cannot accept connections for now: [Errno 24] none left") == 2


def test_a_crowd_at_the_door_is_let_in(tmp_path: Path) -> None:
    clients: list[socket.socket] = []

    def crowd(listener: socket.socket) -> socket.socket:
        """Clients who are there before the worker is."""
        clients.extend(socket.create_connection(listener.getsockname(), PATIENCE) for _ in range(2 * ACCEPTED_AT_ONCE))
        return listener

    with serving(FeedWorker, tmp_path, listener_type=crowd):
        for client in clients:
            with client:
                client.sendall(get("/small"))
                assert read_response(client)[1] == SMALL


# The log.


def test_the_access_log_tells_who_asked_for_what_even_when_the_answer_was_remembered(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "gunicorn.access")
    line = '%(h)s "%(r)s" %(s)s %(b)s %(a)s'
    with serving(FeedWorker, tmp_path, accesslog="-", access_log_format=line) as served:
        for agent in "112":
            served.exchange(get("/small", f"User-Agent: {agent}"))
    lines = [record.getMessage() for record in caplog.records if record.name == "gunicorn.access"]
    assert lines == [f'127.0.0.1 "GET /small HTTP/1.1" 200 {len(SMALL)} {agent}' for agent in "112"]


def test_clients_of_a_unix_socket_are_served_and_logged(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "gunicorn.access")
    with serving(FeedWorker, tmp_path, unix=True, accesslog="-") as served:
        for _ in range(2):
            assert served.exchange(get("/small")).endswith(SMALL)
    assert len([record for record in caplog.records if record.name == "gunicorn.access"]) == 2
