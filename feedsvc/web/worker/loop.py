"""The main loop: waits for events, gives every connection that is ready its share of a turn, and ends the worker."""

import select
import time
from typing import Any

from gunicorn.workers.gthread import STOP_KEEPALIVE_LINGER

from feedsvc.settings import clock
from feedsvc.web.worker.connections import Doors, Limits, raise_file_limit
from feedsvc.web.worker.conversation import Conversation

# A turn does at most this much, whatever the clients do, before the heartbeat has its chance: so many connections get
# their share (see ``conversation``), and so many clients are let in, who get theirs.
READY_AT_ONCE = 64
ACCEPTED_AT_ONCE = 64
LEAVE_EARLY = 1.0  # seconds by which a stop ends before the arbiter loses patience
FILES_FOR_OTHER_USE = 100  # descriptors that connections leave to logs, threads and the application


class Loop:
    """Serves for ``worker``, which is gunicorn's, until it is told to stop."""

    def __init__(self, worker: Any, limits: Limits) -> None:
        self._worker = worker
        self._limits = limits
        worker.worker_connections = min(worker.worker_connections, raise_file_limit() - FILES_FOR_OTHER_USE)
        self.conversation = Conversation(worker, limits)
        self.connections = self.conversation.connections
        self.connections.epoll.register(worker.method_queue.fileno(), select.EPOLLIN)
        self._doors = Doors(worker.sockets, self.connections.epoll)
        self._tick()

    def run(self) -> None:
        """Serve, then stop gracefully."""
        while self._worker.alive:
            self._turn()
        self._stop()

    def _turn(self) -> None:
        """Wait for events, at most until the next tick, and deal with them."""
        connections = self.connections
        ready = connections.epoll.poll(max(0.0, connections.next_tick - time.monotonic()), READY_AT_ONCE)
        connections.now = time.monotonic()
        if connections.now >= connections.next_tick:
            self._tick()
        self.conversation.renew()
        for fd, _ in ready:
            connection = connections.by_fd.get(fd)
            if connection is not None:
                connection.queue.ready(connection)
            elif fd in self._doors:
                self._accept(fd)
            else:  # the thread pool, or one who was dropped to make room a moment ago
                self._worker.method_queue.run_callbacks(None)

    def _tick(self) -> None:
        """Do what is due once a second, when the second of the Date field changes."""
        self.connections.next_tick = self.connections.now + 1 - clock() % 1
        self.conversation.turn_second()
        self._worker.notify()
        self.connections.expire()
        self.conversation.loans.recall(self._limits.loan)
        if self._worker.alive and not self._doors.are_open:
            self._doors.open()
        if not self._worker.is_parent_alive():
            self._worker.alive = False

    def _accept(self, fd: int) -> None:
        """Let in who waits at a listener, up to a number that leaves the others their turn."""
        for _ in range(ACCEPTED_AT_ONCE):
            is_full = len(self.connections) + len(self.conversation.loans) >= self._worker.worker_connections
            expendable = self.connections.expendable() if is_full else None
            if is_full and expendable is None:
                self._doors.close()  # until the next tick
                return
            try:
                newcomer = self._doors.admit(fd)
            except OSError as error:
                self._accept_later(error)
                return
            if newcomer is None:
                break
            if expendable is not None:
                self.connections.drop(expendable)
            self.conversation.welcome(newcomer)
        if self._doors.are_open:
            self._doors.open()

    def _accept_later(self, error: OSError) -> None:
        """Close the doors until the next tick: the listener stays ready, so asking again at once would spin."""
        self._worker.log.warning("Cannot accept connections for now: %s", error)
        self._doors.close()
        expendable = self.connections.expendable()
        if expendable is not None:
            self.connections.drop(expendable)

    def _stop(self) -> None:
        """Answer what is under way, tell the clients to go, and leave within the graceful timeout."""
        worker, connections, loans = self._worker, self.connections, self.conversation.loans
        self._doors.close()
        for fd in self._doors:
            # The kernel has promised an answer to those who wait now, at most the backlog. Who comes after them is let
            # in by another worker, or refused: letting in all who come might never end.
            for _ in range(0, worker.cfg.backlog, ACCEPTED_AT_ONCE):
                self._accept(fd)
        for listener in worker.sockets:
            listener.close()
        # As the stock worker does: a client may be sending its next request right now.
        connections.hurry(STOP_KEEPALIVE_LINGER)
        deadline = connections.now + worker.cfg.graceful_timeout - LEAVE_EARLY
        while (connections or loans) and connections.now < deadline:
            self._turn()
        connections.close()
        loans.end()
        worker.poller.close()
        worker.method_queue.close()
