"""A server of this process, which answers as a test says."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

POLL_SECONDS = 0.02  # until it sees that it is to end


@contextmanager
def run_server(
    handler: Callable[..., BaseHTTPRequestHandler], secure: Callable[[ThreadingHTTPServer], None] = lambda _: None
) -> Iterator[int]:
    """The port of a server until the block ends; ``secure`` may prepare it for TLS."""
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        server.daemon_threads = True
        secure(server)
        thread = Thread(target=server.serve_forever, args=[POLL_SECONDS])
        thread.start()
        try:
            yield server.server_port
        finally:
            server.shutdown()
            thread.join()
