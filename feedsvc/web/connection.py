"""Clients' connections as the worker's main loop sees them: an epoll set of sockets, and queues in which they wait.

The state of a connection is the queue it stands in. A queue knows which socket events its connections wait for, what
to do when they come and what to do when they do not come in time. Every connection of a queue has the same limit, so
the one that entered first is the first to be overdue, and looking for overdue connections means looking at the front.
"""

import resource
import select
import socket
import time
from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

CHUNK = 8 * 1024  # octets read at once, as in the stock worker; an unfinished head larger than this leaves the loop
DRAINED_AT_MOST = 64 * 1024  # octets read from a client after goodbye, as in the stock worker


class Connection:
    """One client. ``received`` are octets not yet answered, ``unsent`` the rest of an answer the client must read."""

    __slots__ = (
        "client",
        "drained",
        "ending",
        "fd",
        "queue",
        "received",
        "server",
        "since",
        "sock",
        "unsent",
        "watched",
    )

    queue: "Queue"  # a connection stands in exactly one queue from the moment the worker knows it
    since: float  # when it entered that queue, or last moved on in it; seconds of the monotonic clock

    def __init__(self, sock: socket.socket, client: Any, server: Any) -> None:
        self.sock = sock
        self.fd = sock.fileno()
        self.client = client  # the peer's address as accept() gives it; empty for a Unix socket
        self.server = server  # the listener's address
        self.watched = 0  # the events that the epoll set reports of it
        self.received = b""
        self.unsent: Sequence[memoryview] = ()
        self.ending = False  # whether the connection is closed once ``unsent`` is sent
        self.drained = 0  # octets thrown away since we said goodbye


class Queue:
    """Connections that wait for the same thing, the longest waiting first.

    ``events`` is the epoll mask, ``limit`` the seconds a connection may wait, ``ready`` what is done with a connection
    whose socket reports an event, ``overdue`` what is done with one that waited too long.
    """

    def __init__(
        self, events: int, limit: float, ready: Callable[[Connection], None], overdue: Callable[[Connection], None]
    ) -> None:
        self.events = events
        self.limit = limit
        self.ready = ready
        self._overdue = overdue
        self._waiting: OrderedDict[Connection, None] = OrderedDict()

    def __len__(self) -> int:
        return len(self._waiting)

    def add(self, connection: Connection, now: float) -> None:
        """Let ``connection`` wait here; it must have left its former queue."""
        connection.queue = self
        connection.since = now
        self._waiting[connection] = None

    def touch(self, connection: Connection, now: float) -> None:
        """Begin the wait of ``connection`` anew."""
        connection.since = now
        self._waiting.move_to_end(connection)

    def remove(self, connection: Connection) -> None:
        """Forget ``connection``."""
        del self._waiting[connection]

    def longest(self) -> Connection | None:
        """The connection that has waited longest; None when the queue is empty."""
        return next(iter(self._waiting), None)

    def restart(self, limit: float, now: float) -> None:
        """Give every connection ``limit`` seconds from now."""
        self.limit = limit
        for connection in self._waiting:
            connection.since = now

    def expire(self, now: float) -> None:
        """Deal with the connections that waited for longer than the limit."""
        oldest = self.longest()
        while oldest is not None and now - oldest.since >= self.limit:
            self._overdue(oldest)
            oldest = self.longest()


def receive(sock: socket.socket) -> bytes | None:
    """What has come; nothing at the end of the stream, or of its life; None when nothing has come yet.

    Sockets stay in blocking mode, as threads want them, and the loop says with each call that it will not wait.
    """
    try:
        return sock.recv(CHUNK, socket.MSG_DONTWAIT)
    except BlockingIOError:
        return None
    except OSError:
        return b""


def unsent_parts(parts: Iterable[bytes | memoryview], sent: int) -> list[memoryview]:
    """What is left of ``parts`` after their first ``sent`` octets, without copying."""
    left = []
    for part in parts:
        if sent < len(part):
            left.append(memoryview(part)[sent:])
        sent = max(0, sent - len(part))
    return left


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How many seconds a connection may wait for what."""

    idle: float  # the first octet of another request
    head: float  # the last octet of a head, counted from its first, or from connecting
    write: float  # the client to take any octet of an answer
    linger: float  # the client's end after ours


class Connections:
    """The connections in the loop; ``read`` and ``write`` are called with one that is ready for it."""

    def __init__(self, read: Callable[[Connection], None], write: Callable[[Connection], None], limits: Limits) -> None:
        self.epoll = select.epoll()
        self.now = time.monotonic()  # of the present turn of the loop
        self.next_tick = self.now  # when the loop looks at limits again, as it does once a second
        self.by_fd: dict[int, Connection] = {}  # by file descriptor, as epoll reports them
        self.idle = Queue(select.EPOLLIN, limits.idle, read, self.drop)
        self.reading = Queue(select.EPOLLIN, limits.head, read, self.drop)
        self.writing = Queue(select.EPOLLOUT, limits.write, write, self.drop)
        self.lingering = Queue(select.EPOLLIN, limits.linger, self._drain, self.drop)

    def __len__(self) -> int:
        return len(self.by_fd)

    def add(self, connection: Connection, queue: Queue) -> None:
        """Let ``connection`` wait in ``queue``, not yet watched."""
        self.by_fd[connection.fd] = connection
        queue.add(connection, self.now)

    def take_out(self, connection: Connection) -> None:
        """Let someone else have ``connection``."""
        self._watch(connection, 0)
        self._forget(connection)

    def drop(self, connection: Connection) -> None:
        """Close ``connection``, which also takes it out of the epoll set."""
        self._forget(connection)
        connection.sock.close()

    def move(self, connection: Connection, queue: Queue) -> None:
        """Let ``connection`` wait in another queue."""
        self._watch(connection, queue.events)
        connection.queue.remove(connection)
        queue.add(connection, self.now)

    def rest(self, connection: Connection) -> None:
        """Let ``connection`` be idle until the client sends more; from the next tick on, to note it once a second."""
        if connection.queue is self.idle:
            self.idle.touch(connection, self.next_tick)
        else:
            self.move(connection, self.idle)

    def watch(self, connection: Connection) -> None:
        """Watch for what the queue of ``connection`` waits for; does nothing for one that is gone by now."""
        if self.by_fd.get(connection.fd) is connection:
            self._watch(connection, connection.queue.events)

    def say_goodbye(self, connection: Connection) -> None:
        """End our side and wait for the client's end; closing on unread octets would cut off what it has yet to get."""
        try:
            connection.sock.shutdown(socket.SHUT_WR)
        except OSError:
            self.drop(connection)
        else:
            self.move(connection, self.lingering)

    def expire(self) -> None:
        """Drop the connections that have waited too long."""
        for queue in (self.idle, self.reading, self.writing, self.lingering):
            queue.expire(self.now)

    def expendable(self) -> Connection | None:
        """The connection that would be missed least; None when all are at work."""
        for queue in (self.lingering, self.idle, self.reading):
            longest = queue.longest()
            if longest is not None:
                return longest
        return None

    def hurry(self, limit: float) -> None:
        """Give clients whose next request has not come at most ``limit`` seconds for it."""
        for queue in (self.idle, self.reading):
            queue.restart(min(queue.limit, limit), self.now)

    def close(self) -> None:
        """Drop all connections."""
        for connection in list(self.by_fd.values()):
            self.drop(connection)
        self.epoll.close()

    def _drain(self, connection: Connection) -> None:
        """Throw away what a client sends after goodbye, within bounds."""
        octets = receive(connection.sock)
        if octets is None:
            return
        connection.drained += len(octets)
        if not octets or connection.drained > DRAINED_AT_MOST:
            self.drop(connection)

    def _forget(self, connection: Connection) -> None:
        connection.queue.remove(connection)
        del self.by_fd[connection.fd]

    def _watch(self, connection: Connection, events: int) -> None:
        """Have the epoll set report ``events`` of ``connection``; nothing at all for 0."""
        if connection.watched == events:
            return
        if not events:
            self.epoll.unregister(connection.fd)
        elif connection.watched:
            self.epoll.modify(connection.fd, events)
        else:
            self.epoll.register(connection.fd, events)
        connection.watched = events


class Doors:
    """The listening sockets, which an epoll set watches while they are open."""

    def __init__(self, listeners: Iterable[Any], epoll: select.epoll) -> None:
        self._epoll = epoll
        self._listeners = {listener.fileno(): (listener.accept, listener.getsockname()) for listener in listeners}
        self._is_open = False

    def __contains__(self, fd: int) -> bool:
        return fd in self._listeners

    def open(self) -> None:
        """Let clients in."""
        if not self._is_open:
            self._is_open = True
            for fd in self._listeners:
                # Exclusive: a new connection wakes one worker, not all of them.
                self._epoll.register(fd, select.EPOLLIN | select.EPOLLEXCLUSIVE)

    def close(self) -> None:
        """Let clients wait outside."""
        if self._is_open:
            self._is_open = False
            for fd in self._listeners:
                self._epoll.unregister(fd)

    def admit(self, fd: int) -> Connection | None:
        """Who waits at the listener ``fd``, None when nobody does; OSError for want of descriptors or memory."""
        accept, server = self._listeners[fd]
        try:
            sock, client = accept()
        except (BlockingIOError, ConnectionAbortedError):
            return None
        return Connection(sock, client, server)

    def admit_all(self) -> Iterator[Connection]:
        """Who waits at any listener."""
        for fd in self._listeners:
            while (connection := self.admit(fd)) is not None:
                yield connection


def raise_file_limit() -> int:
    """The number of files this process may open, after raising it as far as the system allows."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    return hard  # Linux knows no infinite limit here


def shut_down(sock: socket.socket) -> None:
    """End both directions of ``sock``, if they have not ended."""
    with suppress(OSError):
        sock.shutdown(socket.SHUT_RDWR)
