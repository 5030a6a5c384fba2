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
from dataclasses import dataclass, field
from typing import Any

from feedsvc.web.worker.reply_cache import Reply

CHUNK = 8 * 1024  # octets read at once, as in the stock worker
DRAINED_AT_MOST = 64 * 1024  # octets read from a client after goodbye, as in the stock worker


@dataclass(slots=True, eq=False)
class Connection:
    """One client."""

    sock: socket.socket
    client: Any  # the peer's address as accept() gives it; empty for a Unix socket
    server: Any  # the listener's address
    is_trusted: bool = False  # whether the client is a proxy that may say how it was asked
    received: bytes = b""  # octets not yet answered
    unsent: Sequence[memoryview] = ()  # the rest of a reply, which the client must read first
    reply: Reply | None = None  # the one that ``unsent`` belongs to
    drained: int = 0  # octets thrown away since we said goodbye
    fd: int = field(init=False)
    queue: "Queue" = field(init=False)  # it stands in exactly one from the moment the worker knows it
    since: float = field(init=False)  # when it began to wait there; seconds of the monotonic clock

    def __post_init__(self) -> None:
        self.fd = self.sock.fileno()


class Queue(OrderedDict[Connection, None]):
    """Connections that wait for the same thing, the longest waiting first.

    ``events`` is the epoll mask, ``limit`` the seconds a connection may wait, ``ready`` what is done with a connection
    whose socket reports an event.
    """

    def __init__(self, events: int, limit: float, ready: Callable[[Connection], None]) -> None:
        super().__init__()
        self.events = events
        self.limit = limit
        self.ready = ready

    def put(self, connection: Connection, now: float) -> None:
        """Let ``connection`` wait here from now on; it must have left any other queue."""
        connection.queue = self
        connection.since = now
        self[connection] = None
        self.move_to_end(connection)

    def longest(self) -> Connection | None:
        """The connection that has waited longest; None when the queue is empty."""
        return next(iter(self), None)


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


def transmit(sock: socket.socket, parts: Sequence[bytes | memoryview]) -> int | None:
    """How many octets of ``parts`` the kernel has taken to send them; None at the end of the connection."""
    try:
        if len(parts) == 1:
            return sock.send(parts[0], socket.MSG_DONTWAIT)  # the quicker call of the two
        return sock.sendmsg(parts, (), socket.MSG_DONTWAIT)
    except BlockingIOError:
        return 0
    except OSError:
        return None


def is_writable(sock: socket.socket) -> bool:
    """Whether the kernel has much room for what is to be sent, by the rule of epoll."""
    poll = select.poll()
    poll.register(sock, select.POLLOUT)
    return bool(poll.poll(0))


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
    head: float = 10.0  # the last octet of a head, counted from its first, or from connecting
    write: float = 30.0  # the client to take any octet of an answer
    linger: float = 2.0  # the client's end after ours
    loan: float = 30.0  # the end of a thread's work on it
    arrival: float = 0.1  # its first octets before it may be put out to make room for another


class Connections:
    """The connections in the loop; ``read`` and ``write`` are called with one that is ready for it."""

    def __init__(self, read: Callable[[Connection], None], write: Callable[[Connection], None], limits: Limits) -> None:
        self._arrival = limits.arrival
        self.epoll = select.epoll()
        self.now = time.monotonic()  # of the present turn of the loop
        self.next_tick = self.now  # when the loop looks at limits again, as it does once a second
        self.by_fd: dict[int, Connection] = {}  # by file descriptor, as epoll reports them
        self.idle = Queue(select.EPOLLIN, limits.idle, read)
        self.reading = Queue(select.EPOLLIN, limits.head, read)
        self.writing = Queue(select.EPOLLOUT, limits.write, write)
        self.lingering = Queue(select.EPOLLIN, limits.linger, self._drain)

    def __len__(self) -> int:
        return len(self.by_fd)

    def add(self, connection: Connection, queue: Queue) -> None:
        """Let ``connection`` wait in ``queue``."""
        self.by_fd[connection.fd] = connection
        self.epoll.register(connection.fd, queue.events)
        queue.put(connection, self.now)

    def take_out(self, connection: Connection) -> None:
        """Let someone else have ``connection``."""
        self.epoll.unregister(connection.fd)
        self._forget(connection)

    def drop(self, connection: Connection) -> None:
        """Close ``connection``, which also takes it out of the epoll set."""
        self._forget(connection)
        connection.sock.close()

    def move(self, connection: Connection, queue: Queue) -> None:
        """Let ``connection`` wait in ``queue`` from now on."""
        if connection.queue.events != queue.events:
            self.epoll.modify(connection.fd, queue.events)
        del connection.queue[connection]
        queue.put(connection, self.now)

    def rest(self, connection: Connection) -> None:
        """Let ``connection`` be idle until the client sends more; from the next tick on, to note it once a second."""
        if connection.queue is self.idle:
            self.idle.put(connection, self.next_tick)
        else:
            self.move(connection, self.idle)

    def say_goodbye(self, connection: Connection) -> None:
        """End our side and wait for the client's end; closing on unread octets would cut off what it has yet to get."""
        connection.received = b""
        try:
            connection.sock.shutdown(socket.SHUT_WR)
        except OSError:
            self.drop(connection)
        else:
            self.move(connection, self.lingering)

    def expire(self) -> None:
        """Drop the connections that have waited too long."""
        for queue in (self.idle, self.reading, self.writing, self.lingering):
            while (oldest := queue.longest()) is not None and self.now - oldest.since >= queue.limit:
                self.drop(oldest)

    def expendable(self) -> Connection | None:
        """The connection that would be missed least; None when all are at work or came a moment ago."""
        reading = self.reading.longest()
        if reading is not None and self.now - reading.since < self._arrival:
            reading = None
        return self.lingering.longest() or self.idle.longest() or reading

    def hurry(self, limit: float) -> None:
        """Give clients whose next request has not come at most ``limit`` seconds for it."""
        for queue in (self.idle, self.reading):
            queue.limit = min(queue.limit, limit)
            for connection in queue:
                connection.since = self.now

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
        del connection.queue[connection]
        del self.by_fd[connection.fd]


class Doors:
    """The listening sockets, which an epoll set watches while they are open."""

    def __init__(self, listeners: Iterable[Any], epoll: select.epoll) -> None:
        self._epoll = epoll
        self._listeners = {listener.fileno(): (listener.accept, listener.getsockname()) for listener in listeners}
        self.are_open = False

    def __iter__(self) -> Iterator[int]:
        return iter(self._listeners)

    def open(self) -> None:
        """Let clients in. Who does so anew stands last in the line of workers, of which the kernel wakes the first."""
        self.close()
        self.are_open = True
        for fd in self._listeners:
            # Exclusive: a new connection wakes one worker, not all of them.
            self._epoll.register(fd, select.EPOLLIN | select.EPOLLEXCLUSIVE)

    def close(self) -> None:
        """Let clients wait outside."""
        if self.are_open:
            self.are_open = False
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


def raise_file_limit() -> int:
    """The number of files this process may open, after raising it as far as the system allows."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    return hard  # Linux knows no infinite limit here
