"""The gunicorn worker that hands out documents.

It is gunicorn's threaded worker with another main loop. There, a connection takes a thread as soon as it has sent one
octet; here, it waits in an epoll set until a whole request head has come. What the application's responder can answer
is answered in the loop; all else goes to the thread pool and the stock code with the octets already read, and comes
back to the loop if it is kept alive.

Departures from the stock worker, beside that:

- A head of more than 8 KiB is refused (431); the stock worker lets a client dribble hundreds into a thread.
- When all connections are taken, the longest idle one makes room; the stock worker stops accepting.
- Closing lingers in the loop (RFC 9112 section 9.6); the stock worker blocks up to two seconds on each client.
- A thread gets a connection only when it can be written to, so that none waits for a client that does not read.
- A thread may hold a connection for ``Limits.loan`` seconds; then its socket is shut down, which ends blocking calls.
- The request that reaches ``max_requests`` is answered like any other; the stop that it starts closes connections.
- The limit of open files is raised to what the system allows, and connections are kept below it.

What grows with clients, and how far:

- connections: ``worker_connections``, each with at most 16 KiB that it has sent and that is not answered yet;
- answers being sent: none is a copy. Documents at hand have a bound (``cache``); a large one that had to make room is
  shared by all who are still sent it, and who does not read is dropped after ``Limits.write`` seconds;
- remembered answers, and replies to strangers and to trusted proxies: 64 MiB each, counted as if they shared nothing;
- the thread pool's queue: a connection has one place in it at most.

It serves as the stock worker does, without any of this, where it cannot do better: without epoll, with TLS, HTTP/2,
the PROXY or uwsgi protocol, with hooks on requests that are not ours, which might change any answer, and for an
application without a responder. And it does so, with an error in the log, where gunicorn is not as the loop expects it
(``internals``).
"""

import select
from collections.abc import Callable

from gunicorn.workers.gthread import ThreadWorker

from feedsvc.web.request_head import pre_request
from feedsvc.web.worker.connections import Limits


class FeedWorker(ThreadWorker):  # type: ignore[misc] # gunicorn has no types
    """See the module."""

    limits: Callable[..., Limits] = Limits

    def run(self) -> None:
        """Serve until told to stop, then stop gracefully."""
        if hasattr(self.wsgi, "stand_for_election"):  # where our configuration has not done so
            self.wsgi.stand_for_election()
        lacking = self._lacking()
        if lacking:
            self.log.error("This gunicorn is not as expected (%s): serving as -k gthread does", "; ".join(lacking))
        if lacking or not self._fits():
            super().run()
            return
        from feedsvc.web.worker.loop import Loop  # noqa: PLC0415 # it needs what was just found to be there

        self.loop = Loop(self, self.limits(idle=self.cfg.keepalive))
        self.loop.run()

    def _lacking(self) -> list[str]:
        try:
            from feedsvc.web.worker import internals  # noqa: PLC0415 # gunicorn may have moved what it imports
        except ImportError as error:
            return [str(error)]
        return internals.missing(self)

    def _fits(self) -> bool:
        """Whether the loop can serve what is configured; the stock loop can serve anything."""
        cfg = self.cfg
        hooks = (cfg.settings["pre_request"], cfg.settings["post_request"])
        return (
            hasattr(select, "epoll")
            and hasattr(self.wsgi, "responder")
            and not cfg.is_ssl
            and (cfg.proxy_protocol, cfg.http2_cleartext, cfg.protocol) == ("off", "off", "http")
            and all(hook.get() in (hook.default, pre_request) for hook in hooks)
        )
