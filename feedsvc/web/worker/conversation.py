"""What is said on a connection: heads are read and answered in their order; what the client does not take yet waits."""

import time
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

from gunicorn import util
from gunicorn.http import wsgi
from gunicorn.http.errors import LimitRequestHeaders, NoMoreData

from feedsvc.web.request_head import require_host, wants_only_an_answer
from feedsvc.web.worker.connections import Connection, Connections, Limits, is_writable, receive, transmit, unsent_parts
from feedsvc.web.worker.internals import FixedSettings, is_trusted, read_head
from feedsvc.web.worker.loans import Loans
from feedsvc.web.worker.reply_cache import NOTHING, Reply

END = b"\r\n\r\n"
HEAD_AT_MOST = 8 * 1024  # octets
HEADS_AT_ONCE = 16  # from one connection before the others have their turn; of heads not seen before, one
SENT_AT_ONCE = 256 * 1024  # octets; filling the kernel's buffers for one client would hold up the others


class Conversation:
    """Answers, for ``worker``, the requests of any connection that is ready."""

    def __init__(self, worker: Any, limits: Limits) -> None:
        self._worker = worker
        self.connections = Connections(self.read, self.write, limits)
        self._settings = FixedSettings(worker.cfg)
        self._responder = worker.wsgi.responder
        self._counts = self._responder.counts
        self._known = NOTHING  # those of the epoch that is in force
        self.loans = Loans(worker, self.connections, lambda connection: self._work_off(connection, connection.received))
        self.turn_second()

    def turn_second(self) -> None:
        """Begin a second of the Date field."""
        self._date = util.http_date().encode()

    def renew(self) -> None:
        """Let ``_known`` be what may be answered by what is remembered; nothing while stopping, for it keeps alive.

        Once a turn is enough. Of what is ready, the first octet was sent before the turn began, and the answer is sent
        after: so this look lies within the request, even if its last octet came later, and the answer is one that was
        right while the client waited. No client that asks after it has had a newer answer gets an older one. Who was
        not told of as ready (newcomers, further heads) may have begun after this look, and is looked up anew.
        """
        self._known = NOTHING
        if self._worker.alive:
            try:
                self._known = self._responder.epoch().replies
            except Exception:  # noqa: BLE001 # told the stock way, see _ask
                return

    def welcome(self, connection: Connection) -> None:
        """Read from a new connection, for a request has often come with it."""
        connection.is_trusted = is_trusted(self._settings, connection.client)
        self.connections.add(connection, self.connections.reading)
        self.renew()
        self.read(connection)

    def read(self, connection: Connection) -> None:
        """Read what has come, and answer what can be answered."""
        octets = receive(connection.sock)
        if octets is None:
            return
        if not octets:
            self.connections.drop(connection)
        elif connection.received:
            connection.received += octets
            self._work_off(connection, octets)
        elif (reply := self._known[connection.is_trusted].get(octets)) is not None:
            if self._send(connection, reply) and connection.since is not self.connections.next_tick:
                self.connections.rest(connection)
        else:
            connection.received = octets
            self._work_off(connection, octets)

    def write(self, connection: Connection) -> None:
        """Go on where the connection was left: send more of a reply, or answer the next heads when all is sent."""
        if connection.unsent:
            sent = transmit(connection.sock, (connection.unsent[0][:SENT_AT_ONCE],))
            if sent is None:
                self.connections.drop(connection)
                return
            connection.unsent = unsent_parts(connection.unsent, sent)
            if connection.unsent:
                if sent:
                    self.connections.writing.put(connection, self.connections.now)
                return
        reply, connection.reply = connection.reply, None
        if reply is not None and reply.close:
            self.connections.say_goodbye(connection)
        elif connection.received:
            self._work_off(connection, connection.received)
        else:
            self.connections.rest(connection)

    def _work_off(self, connection: Connection, news: bytes) -> None:
        """Answer the heads in ``received`` in their order, as long as the client takes the answers at once.

        What is more than the connection's share waits in the queue of those who can be written to, which epoll has go
        round; and no more is read of it until then.
        """
        left = HEADS_AT_ONCE
        while connection.received:
            end = connection.received.find(END, 0, HEAD_AT_MOST) + len(END)
            if end < len(END):
                self._await_rest(connection, news)
                return
            if left <= 0:
                self.connections.move(connection, self.connections.writing)
                return
            head, connection.received = connection.received[:end], connection.received[end:]
            self.renew()
            reply = self._known[connection.is_trusted].get(head)
            left -= 1 if reply is not None else HEADS_AT_ONCE
            reply = reply or self._answer(connection, head)
            if reply is None or not self._send(connection, reply):
                return
        self.connections.rest(connection)

    def _await_rest(self, connection: Connection, news: bytes) -> None:
        """Wait for the rest of a head, unless what has come is refused already, or is too much for a head."""
        octets = connection.received[:HEAD_AT_MOST]
        if b"\n" in news or len(octets) > self._settings.limit_request_line or len(octets) == HEAD_AT_MOST:
            try:
                read_head(self._settings, octets, connection.client)
            except NoMoreData:
                if len(octets) == HEAD_AT_MOST:
                    self._refuse(connection, LimitRequestHeaders("limit request headers fields size"))
                    return
            except Exception as error:  # noqa: BLE001 # handle_error tells a client's fault from ours
                self._refuse(connection, error)
                return
        if connection.queue is not self.connections.reading:
            self.connections.move(connection, self.connections.reading)

    def _answer(self, connection: Connection, head: bytes) -> Reply | None:
        """The reply to a head not seen before; None when it was refused or lent to the thread pool."""
        try:
            request = read_head(self._settings, head, connection.client)
            require_host(request)
        except Exception as error:  # noqa: BLE001 # handle_error tells a client's fault from ours
            self._refuse(connection, error)
            return None
        reply = self._ask(connection, request, head) if wants_only_an_answer(request) else None
        if reply is None:
            connection.received = head + connection.received
            if is_writable(connection.sock):
                self.loans.lend(connection)
            else:  # a thread would wait until the client has read what it was sent before
                self.connections.move(connection, self.connections.writing)
        return reply

    def _ask(self, connection: Connection, request: Any, head: bytes) -> Reply | None:
        """Ask the responder, and remember what it says; None when it has nothing to say, or fails."""
        try:
            _, environ = wsgi.create(request, connection.sock, connection.client, connection.server, self._settings)
            environ["wsgi.multithread"] = True
            answer = self._responder.answer(environ)
        except Exception:  # noqa: BLE001 # it fails again the stock way, which tells client and log
            return None
        if answer is None:
            return None
        is_alive = self._worker.alive
        close = not is_alive or not self._settings.keepalive or request.should_close()
        reply = Reply(request, answer, self._date, close=close)
        if self._worker.log.access_log_enabled:
            said = SimpleNamespace(status=answer.status, sent=len(answer.body), headers=answer.headers)
            reply.logged = (request, environ, said)
        if is_alive:
            reply.remember(head, answer, is_trusted=connection.is_trusted)
        return reply

    def _refuse(self, connection: Connection, error: Exception) -> None:
        """Answer a head that is refused as the stock worker does, and say goodbye."""
        self._worker.handle_error(None, connection.sock, connection.client, error)
        self.connections.say_goodbye(connection)

    def _send(self, connection: Connection, reply: Reply) -> bool:
        """Send ``reply``; whether it went out whole and the connection may go on to the next request."""
        if reply.date is not self._date:
            reply.dated(self._date)
        # A large reply waits until all others have had their turn.
        sent = transmit(connection.sock, reply.parts) if reply.size <= SENT_AT_ONCE else 0
        if sent is None:
            self.connections.drop(connection)
            return False
        self._counts[reply.cell] += 1
        worker = self._worker
        worker.nr += 1
        if worker.nr >= worker.max_requests:
            self._retire()
        if reply.logged is not None:
            self._log(connection, *reply.logged)
        if sent < reply.size:
            connection.reply, connection.unsent = reply, unsent_parts(reply.parts, sent)
            self.connections.move(connection, self.connections.writing)
        elif reply.close:
            self.connections.say_goodbye(connection)
        else:
            return True
        return False

    def _log(self, connection: Connection, request: Any, environ: dict[str, Any], said: Any) -> None:
        if connection.client:
            environ = environ | {"REMOTE_ADDR": connection.client[0], "REMOTE_PORT": str(connection.client[1])}
        took = timedelta(seconds=time.monotonic() - self.connections.now)
        self._worker.log.access(said, request, environ, took)

    def _retire(self) -> None:
        """Begin the stop, if it has not begun: another worker takes this one's place."""
        if self._worker.alive:
            self._worker.log.info("Autorestarting worker after current request.")
            self._worker.alive = False
            self.renew()
