"""Queues know who has waited too long, and doors who waits outside."""

import resource
import select
import socket
import sys

import pytest

from feedsvc.web.worker.connections import Connection, Connections, Doors, Limits, raise_file_limit, unsent_parts
from feedsvc.web.worker.loans import shut_down


def connections(*socks: socket.socket) -> list[Connection]:
    return [Connection(sock, ("192.0.2.1", 1), ("127.0.0.1", 8000)) for sock in socks]


def test_those_who_waited_too_long_are_dropped_and_only_those() -> None:
    def nothing(_connection: Connection) -> None:
        raise AssertionError

    crowd = Connections(nothing, nothing, Limits(idle=10, head=3))
    pairs = [socket.socketpair() for _ in range(3)]
    first, second, third = connections(*(ours for ours, _ in pairs))
    for now, connection in enumerate((first, second, third)):
        crowd.now = now
        crowd.add(connection, crowd.idle)
    crowd.idle.put(first, 5)
    for crowd.now, left in ((10.9, [first, second, third]), (11, [first, third]), (14.9, [first]), (15, [])):
        crowd.expire()
        assert list(crowd.by_fd.values()) == left
    crowd.close()
    for _, theirs in pairs:
        assert theirs.recv(1) == b""
        theirs.close()


@pytest.mark.parametrize(
    ("sent", "left"), [(0, [b"abc", b"de"]), (2, [b"c", b"de"]), (3, [b"de"]), (4, [b"e"]), (5, [])]
)
def test_what_is_left_to_send_follows_what_was_sent(sent: int, left: list[bytes]) -> None:
    assert unsent_parts((b"abc", b"de"), sent) == left


def test_doors_open_and_close_as_often_as_asked() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener, select.epoll() as epoll:
        listener.setblocking(False)
        doors = Doors([listener], epoll)
        assert listener.fileno() in doors
        with socket.create_connection(listener.getsockname()):
            doors.close()
            doors.open()
            doors.open()
            assert epoll.poll(10) == [(listener.fileno(), select.EPOLLIN)]
            doors.close()
            doors.close()
            assert epoll.poll(0) == []
            admitted = doors.admit(listener.fileno())
            assert admitted is not None
            assert doors.admit(listener.fileno()) is None
            assert admitted.server == listener.getsockname()
            admitted.sock.close()


def test_small_answers_leave_at_once() -> None:
    """Linux hands the listener's TCP_NODELAY, which gunicorn sets, to what is accepted from it."""
    with socket.create_server(("127.0.0.1", 0)) as listener, select.epoll() as epoll:
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        doors = Doors([listener], epoll)
        with socket.create_connection(listener.getsockname()):
            admitted = doors.admit(listener.fileno())
            assert admitted is not None
            with admitted.sock:
                assert admitted.sock.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)


def test_a_connection_takes_little_memory() -> None:
    one, other = socket.socketpair()
    with one, other:
        (connection,) = connections(one)
        assert not hasattr(connection, "__dict__")
        assert sys.getsizeof(connection) < 200


def test_the_file_limit_is_raised_to_what_the_system_allows() -> None:
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (before[1] - 1, before[1]))
    try:
        assert raise_file_limit() == before[1]
        assert resource.getrlimit(resource.RLIMIT_NOFILE) == (before[1], before[1])
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, before)


def test_a_socket_may_be_shut_down_twice() -> None:
    one, other = socket.socketpair()
    with one, other:
        shut_down(one)
        other.close()
        shut_down(one)
        assert one.recv(1) == b""


def test_goodbye_to_who_is_silent_waits_and_to_who_reset_is_the_end() -> None:
    crowd = Connections(lambda _connection: None, lambda _connection: None, Limits(idle=10))
    with socket.create_server(("127.0.0.1", 0)) as listener:
        clients = [socket.create_connection(listener.getsockname()) for _ in range(2)]
        silent, reset = connections(*(listener.accept()[0] for _ in clients))
    for connection in (silent, reset):
        crowd.add(connection, crowd.idle)
    clients[1].setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")  # closing resets
    clients[1].close()
    for connection in (silent, reset):
        crowd.say_goodbye(connection)
    silent.queue.ready(silent)
    assert list(crowd.by_fd.values()) == [silent]
    crowd.close()
    clients[0].close()
