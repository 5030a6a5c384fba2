"""The gunicorn worker that hands out documents.

It is gunicorn's threaded worker with another main loop. There, a connection takes a thread as soon as it has sent one
octet; here, connections wait in an epoll set until a whole request head has come, so a thousand idle or dribbling
clients cost nothing but memory. A head that the application's responder can answer is answered in the loop, and the
reply is remembered under the exact octets of the head while the generation lasts. Everything else goes to the thread
pool and the stock code with the octets already read, and comes back to the loop if it is kept alive.

Departures from the stock worker, beside that:

- The hooks ``pre_request`` and ``post_request`` run for what the thread pool serves, not for what the loop answers.
- When all connections are taken, the longest idle one makes room; the stock worker stops accepting.
- Closing lingers in the loop (RFC 9112 section 9.6); the stock worker blocks up to two seconds on each client.
- A thread may hold a connection for ``loan_limit`` seconds; then its socket is shut down, which ends blocking calls.
- The request that reaches ``max_requests`` is answered like any other; the stop that it starts closes connections.
- The limit of open files is raised to what the system allows, and connections are kept below it.

It serves as the stock worker does, without any of this, where it cannot do better: without epoll, with TLS, HTTP/2,
the PROXY or uwsgi protocol, and for an application without a responder.
"""

import select
import time
from collections.abc import Mapping
from concurrent.futures import Future
from contextlib import suppress
from socket import MSG_DONTWAIT
from typing import Any

from gunicorn import http, util
from gunicorn.http import wsgi
from gunicorn.http.errors import NoMoreData
from gunicorn.workers.gthread import STOP_KEEPALIVE_LINGER, TConn, ThreadWorker

from feedsvc.settings import clock
from feedsvc.web.connection import (
    CHUNK,
    Connection,
    Connections,
    Doors,
    Limits,
    raise_file_limit,
    receive,
    shut_down,
    unsent_parts,
)
from feedsvc.web.heads import END, FixedSettings, read_head, wants_only_an_answer
from feedsvc.web.memo import NOTHING, LogEntry, Memo, Reply
from feedsvc.web.responding import Responder, Responding

ACCEPTED_AT_ONCE = 64
SENT_AT_ONCE = 256 * 1024  # octets; filling the kernel's buffers for one client would hold up the others
LEAVE_EARLY = 1.0  # seconds by which a stop ends before the arbiter loses patience
FILES_FOR_OTHER_USE = 100  # descriptors that connections leave to logs, threads and the application


class FeedWorker(ThreadWorker):  # type: ignore[misc] # gunicorn has no types
    """See the module. Limits are in seconds."""

    head_limit = 10.0  # from the first octet of a head, or from connecting, to its last
    write_limit = 30.0  # without the client taking an octet
    linger_limit = 2.0  # from our goodbye to the client's
    loan_limit = 30.0  # in the thread pool, its queue included

    alive: bool
    worker_connections: int

    def run(self) -> None:
        """Serve until told to stop, then stop gracefully."""
        if not self._fits():
            super().run()
            return
        self._prepare()
        while self.alive:
            self._turn()
        self._stop()

    def _fits(self) -> bool:
        """Whether this loop can serve what is configured; the stock loop can serve anything."""
        cfg = self.cfg
        return (
            hasattr(select, "epoll")
            and isinstance(self.wsgi, Responding)
            and not cfg.is_ssl
            and (cfg.proxy_protocol, cfg.http2_cleartext, cfg.protocol) == ("off", "off", "http")
        )

    def _prepare(self) -> None:
        self.responder: Responder = self.wsgi.responder
        self.counters = self.responder.counters()
        self.worker_connections = min(self.worker_connections, raise_file_limit() - FILES_FOR_OTHER_USE)
        self.settings = FixedSettings.of(self.cfg)
        self.memo = Memo(self.settings, whole=self.log.access_log_enabled)
        self.known: Mapping[bytes, Reply] = NOTHING  # what the memo holds under whole heads, while that is in force
        self.loans: dict[Connection, None] = {}  # the connections in the thread pool, the longest lent first
        limits = Limits(idle=self.cfg.keepalive, head=self.head_limit, write=self.write_limit, linger=self.linger_limit)
        self.connections = Connections(self._read, self._write, limits)
        self.connections.epoll.register(self.method_queue.fileno(), select.EPOLLIN)
        self.doors = Doors(self.sockets, self.connections.epoll)
        self._tick()

    # The loop.

    def _turn(self) -> None:
        """Wait for events, at most until the next tick, and deal with them."""
        connections = self.connections
        ready = connections.epoll.poll(max(0.0, connections.next_tick - time.monotonic()))
        connections.now = time.monotonic()
        if connections.now >= connections.next_tick:
            self._tick()
        self._renew()
        find = connections.by_fd.get
        for fd, _ in ready:
            connection = find(fd)
            if connection is not None:
                connection.queue.ready(connection)
            elif fd in self.doors:
                self._accept(fd)
            else:  # the thread pool, or one who was dropped to make room a moment ago
                self.method_queue.run_callbacks(None)

    def _renew(self) -> None:
        """Let ``known`` be what may be answered by what is remembered; nothing while stopping, for it keeps alive.

        Once a turn is enough. What is ready was sent before its turn began, so no client can have had an answer from a
        newer generation before it asked. Who was not told of as ready (newcomers, further heads) is looked up anew.
        """
        self.known = NOTHING
        if self.alive:
            with suppress(Exception):  # told the stock way, see _answer
                self.known = self.memo.replies(self.responder.generation())

    def _tick(self) -> None:
        """Do what is due once a second, when the second of the Date field changes."""
        self.connections.next_tick = self.connections.now + 1 - clock() % 1
        self.date = util.http_date().encode()
        self.notify()
        self.connections.expire()
        self._recall_loans()
        if self.alive:
            self.doors.open()
        if not self.is_parent_alive():
            self.alive = False

    def _accept(self, fd: int) -> None:
        """Let in who waits at a listener, up to a number that leaves the others their turn."""
        for _ in range(ACCEPTED_AT_ONCE):
            is_full = len(self.connections) + len(self.loans) >= self.worker_connections
            expendable = self.connections.expendable() if is_full else None
            if is_full and expendable is None:
                self.doors.close()  # until the next tick
                return
            try:
                newcomer = self.doors.admit(fd)
            except OSError as error:
                self._accept_later(error)
                return
            if newcomer is None:
                return
            if expendable is not None:
                self.connections.drop(expendable)
            self._welcome(newcomer)

    def _accept_later(self, error: OSError) -> None:
        """Close the doors until the next tick: the listener stays ready, so asking again at once would spin."""
        self.log.warning("Cannot accept connections for now: %s", error)
        self.doors.close()
        expendable = self.connections.expendable()
        if expendable is not None:
            self.connections.drop(expendable)

    def _welcome(self, connection: Connection) -> None:
        """Read from a new connection, for a request has often come with it; watch it only if it stays."""
        self.connections.add(connection, self.connections.reading)
        self._renew()
        self._read(connection)
        self.connections.watch(connection)

    # Requests.

    def _read(self, connection: Connection) -> None:
        """Read what has come, and answer what can be answered."""
        octets = receive(connection.sock)
        if octets is None:
            return
        if not octets:
            self.connections.drop(connection)
        elif connection.received:
            connection.received += octets
            self._work_off(connection, octets)
        elif (reply := self.known.get(octets)) is not None:
            self._send(connection, reply)
        else:
            connection.received = octets
            self._work_off(connection, octets)

    def _recall(self, head: bytes) -> Reply | None:
        """The remembered reply to ``head``, or to one that differs from it only in what no answer depends on."""
        self._renew()
        return self.memo.recall(head) if self.known is not NOTHING else None

    def _work_off(self, connection: Connection, news: bytes) -> None:
        """Answer the heads in ``received`` in their order, as long as the client takes the answers at once."""
        while connection.received:
            end = connection.received.find(END) + len(END)
            if end < len(END):
                self._await_rest(connection, news)
                return
            head, connection.received = connection.received[:end], connection.received[end:]
            reply = self._recall(head) or self._answer(connection, head)
            if reply is None or not self._send(connection, reply):
                return

    def _await_rest(self, connection: Connection, news: bytes) -> None:
        """Wait for the rest of a head, unless what has come is refused already, or is too much to be kept here."""
        if len(connection.received) >= CHUNK:
            self._lend(connection)
            return
        if b"\n" in news or len(connection.received) > self.settings.limit_request_line:
            try:
                read_head(self.settings, connection.received, connection.client)
            except NoMoreData:
                pass
            except Exception as error:  # noqa: BLE001 # handle_error tells a client's fault from ours
                self._refuse(connection, error)
                return
        if connection.queue is not self.connections.reading:
            self.connections.move(connection, self.connections.reading)

    def _answer(self, connection: Connection, head: bytes) -> Reply | None:
        """The reply to a head not seen before; None when it was refused or lent to the thread pool."""
        try:
            request = read_head(self.settings, head, connection.client)
        except Exception as error:  # noqa: BLE001 # handle_error tells a client's fault from ours
            self._refuse(connection, error)
            return None
        reply = self._ask(connection, request, head) if wants_only_an_answer(request) else None
        if reply is None:
            connection.received = head + connection.received
            self._lend(connection)
        return reply

    def _ask(self, connection: Connection, request: Any, head: bytes) -> Reply | None:
        """Ask the responder, and remember what it says; None when it has nothing to say, or fails."""
        try:
            _, environ = wsgi.create(request, connection.sock, connection.client, connection.server, self.settings)
            environ["wsgi.multithread"] = True
            answer = self.responder.answer(environ)
        except Exception:  # noqa: BLE001 # it fails again the stock way, which tells client and log
            return None
        if answer is None:
            return None
        close = not self.alive or not self.settings.keepalive or request.should_close()
        reply = Reply(request, answer, close=close)
        if self.log.access_log_enabled:
            reply.log = LogEntry.of(request, environ, answer)
        if self.alive:
            self.memo.remember(head, reply, answer.generation)
        return reply

    def _refuse(self, connection: Connection, error: Exception) -> None:
        """Answer a head that the parser refused as the stock worker does, and say goodbye."""
        self.handle_error(None, connection.sock, connection.client, error)
        self.connections.say_goodbye(connection)

    # Replies.

    def _send(self, connection: Connection, reply: Reply) -> bool:
        """Send ``reply``; whether it went out whole and the connection may go on to the next request."""
        connections = self.connections
        if reply.date is not self.date:
            reply.dated(self.date)
        try:
            if not reply.body:
                sent = connection.sock.send(reply.head, MSG_DONTWAIT)
            elif reply.size <= SENT_AT_ONCE:  # in two parts, so that no body is copied to stand behind a head
                sent = connection.sock.sendmsg((reply.head, reply.body), (), MSG_DONTWAIT)
            else:
                sent = 0  # the rest is sent when all others have had their turn
        except BlockingIOError:
            sent = 0
        except OSError:
            connections.drop(connection)
            return False
        self.counters[reply.cell] += 1
        self.nr += 1
        if self.nr >= self.max_requests:
            self._retire()
        if reply.log is not None:
            reply.log.write(self.log, connection.client, time.monotonic() - connections.now)
        if sent < reply.size or reply.close:
            self._leave(connection, reply, sent)
            return False
        if connection.since is not connections.next_tick:
            connections.rest(connection)
        return True

    def _leave(self, connection: Connection, reply: Reply, sent: int) -> None:
        """Close the connection, or leave it to wait until the client takes what is left of the answer."""
        if sent < reply.size:
            connection.unsent = unsent_parts((reply.head, reply.body), sent)
            connection.ending = reply.close
            self.connections.move(connection, self.connections.writing)
        else:
            self._end(connection)

    def _retire(self) -> None:
        """Begin the stop, if it has not begun: another worker takes this one's place."""
        if self.alive:
            self.log.info("Autorestarting worker after current request.")
            self.alive = False
            self._renew()

    def _write(self, connection: Connection) -> None:
        """Send more of an answer; the next request is looked at when the client has taken all of it."""
        try:
            sent = connection.sock.send(connection.unsent[0][:SENT_AT_ONCE], MSG_DONTWAIT)
        except BlockingIOError:
            return
        except OSError:
            self.connections.drop(connection)
            return
        connection.unsent = unsent_parts(connection.unsent, sent)
        if connection.unsent:
            self.connections.writing.touch(connection, self.connections.now)
        elif connection.ending:
            self._end(connection)
        else:
            self.connections.rest(connection)
            self._work_off(connection, connection.received)

    def _end(self, connection: Connection) -> None:
        """Close after the last answer; at once where the client wished it and has sent nothing we have not read."""
        if connection.received or not self.alive:
            self.connections.say_goodbye(connection)
        else:
            self.connections.drop(connection)

    # The stock way.

    def _lend(self, connection: Connection) -> None:
        """Hand the connection to the thread pool and the stock code, with what was read of it."""
        self.connections.take_out(connection)
        connection.since = self.connections.now
        loan = TConn(self.cfg, connection.sock, connection.client, connection.server)
        loan.parser = http.get_parser(self.cfg, connection.sock, connection.client)
        loan.parser.unreader.unread(connection.received)
        loan.initialized = True
        connection.received = b""
        self.loans[connection] = None
        future = self.tpool.submit(self.handle, loan)
        future.add_done_callback(lambda done: self.method_queue.defer(self._take_back, connection, loan, done))

    def _take_back(self, connection: Connection, loan: TConn, done: "Future[bool]") -> None:
        """Take a connection back from the thread pool. Called in the main thread."""
        del self.loans[connection]
        if connection.sock.fileno() < 0:
            return  # closed over there, after an error amid a response
        self.connections.add(connection, self.connections.idle)
        self.connections.watch(connection)
        if done.exception() is None and done.result():
            connection.received = loan.parser.unreader.take_buffered()
            self._work_off(connection, connection.received)
        else:
            self.connections.say_goodbye(connection)

    def _recall_loans(self) -> None:
        """End the calls in which threads wait for long: reading sees the end of the stream, writing a broken pipe."""
        for connection in self.loans:
            if self.connections.now - connection.since < self.loan_limit:
                break
            shut_down(connection.sock)

    # The stop.

    def _stop(self) -> None:
        """Answer what is under way, tell the clients to go, and leave within the graceful timeout."""
        self.doors.close()
        with suppress(OSError):
            for connection in self.doors.admit_all():  # the kernel has promised them an answer
                self._welcome(connection)
        for listener in self.sockets:
            listener.close()
        # As the stock worker does: a client may be sending its next request right now.
        self.connections.hurry(STOP_KEEPALIVE_LINGER)
        deadline = self.connections.now + self.cfg.graceful_timeout - LEAVE_EARLY
        while (self.connections or self.loans) and self.connections.now < deadline:
            self._turn()
        self.connections.close()
        self._end_loans()
        self.poller.close()
        self.method_queue.close()

    def _end_loans(self) -> None:
        """Stop the thread pool. The interpreter waits for threads on leaving, so they must not wait for clients."""
        for connection in self.loans:
            shut_down(connection.sock)
        self.tpool.shutdown(cancel_futures=True)
        for connection in self.loans:
            connection.sock.close()
