"""One request to somebody else's server, and what came of it. The only place that opens a connection.

Certificates are verified. Nothing is followed to another host, nobody is listened to for longer than a moment, and of
what is said only the beginning is read.
"""

import http.client
import socket
import ssl
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from email.utils import parsedate_to_datetime
from threading import Timer
from urllib.parse import SplitResult, urljoin, urlsplit

from feedsvc.announcing.target import Answer, Asking
from feedsvc.formats.format import GENERATOR

SECONDS = 10.0  # for one request and its answer
OCTETS = 64 * 1024  # of an answer that are read
REDIRECTS = 2
FOLLOWED = (301, 302, 307, 308)  # with the same method: nobody turns what we say into a question
WAITED_AT_MOST = 24 * 3_600.0  # seconds that a server may ask for


def ask(asking: Asking, now: float) -> Answer:
    """Ask; whatever goes wrong is an answer, too."""
    try:
        return _follow(asking, now)
    except (OSError, http.client.HTTPException) as fault:
        what = f"{type(fault).__name__}: {fault}" if str(fault) else type(fault).__name__
        return Answer(status=0, words=f"no answer {what}")
    except ValueError as fault:  # whose words repeat what cannot be sent, which may be a secret
        return Answer(status=0, words=f"no answer {type(fault).__name__}")


def _follow(asking: Asking, now: float) -> Answer:
    url, status = asking.url, 0
    for _ in range(1 + REDIRECTS):
        answer, location = _ask_once(asking, urlsplit(url), now)
        status, other = answer.status, urljoin(url, location)
        if status not in FOLLOWED or not location:
            return answer
        if urlsplit(other)[:2] != urlsplit(url)[:2]:
            return Answer(status=status, words="leads to another host")
        url = other
    return Answer(status=status, words="leads round in a circle")


def _ask_once(asking: Asking, url: SplitResult, now: float) -> tuple[Answer, str]:
    """An answer, and where it leads."""
    path = f"{url.path or '/'}{'?' + url.query if url.query else ''}"
    with closing(_connect(url)) as connection:
        connection.connect()
        with _for_a_moment(connection.sock):
            connection.request(asking.method, path, asking.body, {"User-Agent": GENERATOR, **asking.fields})
            said = connection.getresponse()
            body = said.read(OCTETS)
    answer = Answer(
        status=said.status,
        words=said.reason,
        body=body,
        retry_after=_seconds(said.headers.get("Retry-After", ""), now),
    )
    return answer, said.headers.get("Location", "")


def _connect(url: SplitResult) -> http.client.HTTPConnection:
    host = url.hostname or ""
    if url.scheme == "https":
        return http.client.HTTPSConnection(host, url.port, timeout=SECONDS, context=ssl.create_default_context())
    return http.client.HTTPConnection(host, url.port, timeout=SECONDS)


@contextmanager
def _for_a_moment(line: socket.socket) -> Iterator[None]:
    """Let whoever waits for an octet at a time wait no longer; the connection lets go of its socket before the end."""
    timer = Timer(SECONDS, _hang_up, [line])
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


def _hang_up(line: socket.socket) -> None:
    with suppress(OSError):  # the other side did
        line.shutdown(socket.SHUT_RDWR)


def _seconds(text: str, now: float) -> float:
    """What Retry-After says (RFC 9110 section 10.2.3), in seconds or as a date; 0 where it says nothing of the kind."""
    try:
        seconds = float(text) if text.isascii() and text.isdigit() else parsedate_to_datetime(text).timestamp() - now
    except (ValueError, OverflowError):
        return 0.0
    return min(max(0.0, seconds), WAITED_AT_MOST)
