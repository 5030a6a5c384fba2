"""Connections in the thread pool: what the loop does not answer goes to the stock code, with the octets read so far."""

import math
import socket
import time
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import suppress
from typing import Any

from gunicorn import http
from gunicorn.workers.gthread import TConn

from feedsvc.web.worker.connections import Connection, Connections


class Loans:
    """What the thread pool of ``worker`` holds. ``resume`` is called with a connection that comes back with octets."""

    def __init__(self, worker: Any, connections: Connections, resume: Callable[[Connection], None]) -> None:
        self._worker = worker
        self._connections = connections
        self._resume = resume
        self._lent: dict[Connection, None] = {}  # the longest lent first

    def __len__(self) -> int:
        return len(self._lent)

    def lend(self, connection: Connection) -> None:
        """Hand the connection to the stock code, with what was read of it."""
        self._connections.take_out(connection)
        connection.since = math.inf  # until a thread has it
        loan = TConn(self._worker.cfg, connection.sock, connection.client, connection.server)
        loan.parser = http.get_parser(self._worker.cfg, connection.sock, connection.client)
        loan.parser.unreader.unread(connection.received)
        loan.initialized = True
        connection.received = b""
        self._lent[connection] = None
        future = self._worker.tpool.submit(self._serve, connection, loan)
        future.add_done_callback(lambda done: self._worker.method_queue.defer(self._take_back, connection, loan, done))

    def recall(self, limit: float) -> None:
        """End the calls in which threads wait for over ``limit`` seconds: reading sees the end, writing a broken pipe.

        Threads take the longest lent first, so behind one that is not held too long there is none that is.
        """
        for connection in self._lent:
            if time.monotonic() - connection.since < limit:
                break
            shut_down(connection.sock)

    def end(self) -> None:
        """Stop the thread pool. The interpreter waits for threads on leaving, so they must not wait for clients."""
        for connection in self._lent:
            shut_down(connection.sock)
        self._worker.tpool.shutdown(cancel_futures=True)
        for connection in self._lent:
            connection.sock.close()

    def _serve(self, connection: Connection, loan: TConn) -> bool:
        """Called in a thread."""
        connection.since = time.monotonic()
        return bool(self._worker.handle(loan))

    def _take_back(self, connection: Connection, loan: TConn, done: "Future[bool]") -> None:
        """Take a connection back from the thread pool. Called in the main thread."""
        del self._lent[connection]
        if connection.sock.fileno() < 0:
            return  # closed over there, after an error amid a response
        self._connections.add(connection, self._connections.idle)
        if done.exception() is None and done.result():
            connection.received = loan.parser.unreader.take_buffered()
            self._resume(connection)
        else:
            self._connections.say_goodbye(connection)


def shut_down(sock: socket.socket) -> None:
    """End both directions of ``sock``, if they have not ended."""
    with suppress(OSError):
        sock.shutdown(socket.SHUT_RDWR)
