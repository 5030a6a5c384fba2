"""Requests become answers: a look-up in what is already known of this generation, or one read of the publication.

Both doors (the WSGI layer and the worker class) ask here, so both say the same. An answer depends on the method, the
path, the validators, Accept-Encoding, Range and Sec-Fetch-Dest, and on nothing else of a request.
"""

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from pathlib import Path
from typing import Any
from urllib.parse import quote

from werkzeug.http import http_date

from feedsvc import urls
from feedsvc.publication.generation import SharedNumber
from feedsvc.publication.reader import Reader, Stored, StoreError, number_path
from feedsvc.web import headers, negotiation
from feedsvc.web.answer import Answer
from feedsvc.web.shelf import Shelf, size

ROOM = 16 * 1024 * 1024  # octets of documents that a worker keeps
ROOM_FOR_LARGE = 64 * 1024 * 1024  # octets of attachments, which many slow readers of one share
LARGE = 512 * 1024  # octets
ANSWERS_AT_MOST = 8_192
FOREVER = float("inf")
SAFE_IN_PATH = "/:@!$&'()*+,;=-._~"  # RFC 3986 section 3.3
REDIRECTS_LAST = "public, max-age=3600"

Asked = tuple[str, str, str | None, str | None, str | None, str | None, str | None, str | None]


@dataclass(slots=True)
class Epoch:
    """What is known while one generation lasts and the freshness told with it holds.

    ``seen`` is the shared number it was opened at, ``ends`` the clock time until which its answers stand,
    ``seconds_left`` the time to the next scheduled change (None: none is near enough to matter).
    """

    number: int
    seen: int
    generation: int
    ends: float
    seconds_left: int | None
    prefix: str
    answers: dict[Asked, Answer] = field(default_factory=dict)
    documents: Shelf = field(default_factory=lambda: Shelf(ROOM))
    large: Shelf = field(default_factory=lambda: Shelf(ROOM_FOR_LARGE))


class Responder:
    """Answers for the documents of one publication. Any number of threads may ask; ``clock`` gives seconds since 1970.

    Every method that reads raises StoreError while there is no publication to read.
    """

    def __init__(self, publication: Path, clock: Callable[[], float]) -> None:
        self._publication = publication
        self._clock = clock
        self._shared: SharedNumber | None = None
        self._local = threading.local()
        self._turning = threading.Lock()
        self._epoch = Epoch(0, -1, -1, 0.0, None, "")
        self._inode = -1

    def generation(self) -> int:
        """A number that changes whenever equal requests may have other answers than before."""
        return self._current().number

    def answer(self, environ: Mapping[str, Any]) -> Answer | None:
        """The answer to a WSGI request (PEP 3333), or None when no document has to do with it."""
        get = environ.get
        asked: Asked = (
            environ["REQUEST_METHOD"],
            environ["PATH_INFO"],
            get("HTTP_ACCEPT_ENCODING"),
            get("HTTP_IF_NONE_MATCH"),
            get("HTTP_IF_MODIFIED_SINCE"),
            get("HTTP_RANGE"),
            get("HTTP_IF_RANGE"),
            get("HTTP_SEC_FETCH_DEST"),
        )
        epoch = self._current()
        answer = epoch.answers.get(asked)
        return answer if answer is not None else self._work_out(epoch, asked)

    def document(self, path: str) -> Stored | None:
        """The document at a path (percent-encoded, below the base URL) of the newest generation."""
        return self._find(self._current(), path)[1]

    def reader(self) -> Reader:
        """This thread's connection to the publication as it is now."""
        held: tuple[int, Reader] | None = getattr(self._local, "reader", None)
        if held is not None and held[0] == self._inode:
            return held[1]
        reader = Reader(self._publication)
        if held is not None:
            held[1].close()
        self._local.reader = (self._inode, reader)
        return reader

    def _current(self) -> Epoch:
        epoch = self._epoch
        if self._shared is None or self._shared.read() != epoch.seen or self._clock() >= epoch.ends:
            return self._turn()
        return epoch

    def _turn(self) -> Epoch:
        """Open the newest generation; the last one stays in force while the publication cannot be read."""
        with self._turning:
            shared = self._open_shared()
            epoch, now = self._epoch, self._clock()
            if shared.read() == epoch.seen and now < epoch.ends:
                return epoch
            try:
                self._epoch = self._open_epoch(shared, epoch.number + 1, now)
            except (StoreError, OSError):
                if epoch.generation < 1:
                    raise
            return self._epoch

    def _open_shared(self) -> SharedNumber:
        if self._shared is None:
            try:
                self._shared = SharedNumber(number_path(self._publication))
            except OSError as fault:
                raise StoreError(f"no publication at {self._publication}: {fault.strerror}") from fault
        self._shared.refresh()
        return self._shared

    def _open_epoch(self, shared: SharedNumber, number: int, now: float) -> Epoch:
        self._inode = self._publication.stat().st_ino
        seen = shared.read()
        generation, state = self.reader().state()
        if generation < 1:
            raise StoreError("nothing is published yet")
        shared.advance(generation)  # so that no other worker answers from an older one after this one has not
        ends, seconds_left = FOREVER, None
        if state["next_change"]:
            next_change = int(state["next_change"])
            ends = next_change - headers.HORIZON
            if now >= ends:  # near enough: say every second anew how long an answer keeps
                ends, seconds_left = now + 1, max(0, int(next_change - now))
        return Epoch(number, max(seen, generation), generation, ends, seconds_left, state["prefix"])

    def _work_out(self, epoch: Epoch, asked: Asked) -> Answer | None:
        path = self._own_path(epoch, asked[1])
        if path is None:
            return None
        epoch, document = self._find(epoch, path)
        if document is not None and document.kind != "error":
            answer = _answer(document, epoch, asked)
        elif (target := self._moved(epoch, path)) is not None:
            answer = _redirect(HTTPStatus.PERMANENT_REDIRECT, epoch, target, ("Cache-Control", REDIRECTS_LAST))
        else:
            return None
        if len(epoch.answers) >= ANSWERS_AT_MOST:
            epoch.answers.clear()
        if len(answer.body) < LARGE:
            epoch.answers[asked] = answer
        return answer

    def _own_path(self, epoch: Epoch, path: str) -> str | None:
        """A request's path as documents are filed: percent-encoded, below the base URL's own path."""
        if not path.startswith(epoch.prefix):
            return None
        return quote(path.removeprefix(epoch.prefix).encode("latin-1"), safe=SAFE_IN_PATH)

    def _find(self, epoch: Epoch, path: str) -> tuple[Epoch, Stored | None]:
        """The document with the epoch that it belongs to, which is the newest by the time it is read."""
        while True:
            document = epoch.documents.get(path) or epoch.large.get(path)
            if document is not None:
                return epoch, document
            generation, document = self.reader().read(path)
            if generation == epoch.generation:
                break
            if self._shared is not None:
                self._shared.advance(generation)
            epoch = self._turn()
        if document is not None:
            (epoch.documents if size(document) <= LARGE else epoch.large).put(document)
        return epoch, document

    def _moved(self, epoch: Epoch, path: str) -> str | None:
        """Where a near miss belongs: a missing final slash, capitals, or a habitual name of a feed."""
        for candidate in urls.near_misses(path):
            if self._find(epoch, candidate)[1] is not None:
                return candidate
        return None


def _answer(document: Stored, epoch: Epoch, asked: Asked) -> Answer:
    method, destination = asked[0], asked[-1]
    if method == "OPTIONS":
        return Answer("204 No Content", headers.PREFLIGHT, b"", epoch.number)
    if method not in ("GET", "HEAD"):
        return _refusal(HTTPStatus.METHOD_NOT_ALLOWED, epoch, ("Allow", headers.ALLOW))
    if document.page_path is not None and destination == "document":
        target = f"{document.page_path}#{urls.SUBSCRIBE_ANCHOR}"
        return _redirect(HTTPStatus.SEE_OTHER, epoch, target, ("Cache-Control", "no-store"), ("Vary", "Sec-Fetch-Dest"))
    return _represent(document, epoch, asked)


def _represent(document: Stored, epoch: Epoch, asked: Asked) -> Answer:
    """The document in the coding, and as much of it, as the request asks for."""
    method, _, accept_encoding, if_none_match, if_modified_since, wanted_range, if_range, _ = asked
    coded = document.variants.coded()
    coding = negotiation.choose_coding(accept_encoding, coded)
    if coding is None:
        return _refusal(HTTPStatus.NOT_ACCEPTABLE, epoch, ("Vary", headers.vary(document)))
    body = coded[coding]
    etag = document.etag if coding == negotiation.IDENTITY else f"{document.etag}-{coding}"
    validators = (("ETag", f'"{etag}"'), ("Last-Modified", http_date(document.updated)))
    kept = (*validators, *headers.kept_headers(document, epoch.seconds_left))
    if negotiation.is_unchanged(if_none_match, if_modified_since, etag, document.updated):
        return Answer("304 Not Modified", kept, b"", epoch.number)
    fields = (*headers.full_headers(document), *kept)
    if coding != negotiation.IDENTITY:
        fields = (("Content-Encoding", coding), *fields)
    elif method == "GET" and wanted_range is not None and headers.RULES[document.kind].has_ranges:
        part = negotiation.choose_range(wanted_range, if_range, etag, document.updated, len(body))
        if part is not None:
            return _part(part, body, fields, epoch)
    length = ("Content-Length", str(len(body)))
    return Answer("200 OK", (length, *fields), body if method == "GET" else b"", epoch.number)


def _part(part: tuple[int, int] | str, body: bytes, fields: headers.Headers, epoch: Epoch) -> Answer:
    if isinstance(part, str):
        return _refusal(HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE, epoch, ("Content-Range", f"bytes */{len(body)}"))
    start, stop = part
    extent = (
        ("Content-Length", str(stop - start)),
        ("Content-Range", f"bytes {start}-{stop - 1}/{len(body)}"),
    )
    return Answer("206 Partial Content", (*extent, *fields), body[start:stop], epoch.number)


def _redirect(status: HTTPStatus, epoch: Epoch, target: str, *fields: tuple[str, str]) -> Answer:
    location = ("Location", epoch.prefix + target)
    return _short(status, epoch, "", (location, *fields, *headers.OPEN, *headers.ALWAYS))


def _refusal(status: HTTPStatus, epoch: Epoch, *fields: tuple[str, str]) -> Answer:
    return _short(status, epoch, f"{status.value} {status.phrase}\n", (*fields, *headers.OPEN, *headers.PLAIN))


def _short(status: HTTPStatus, epoch: Epoch, text: str, fields: headers.Headers) -> Answer:
    body = text.encode()
    described = (("Content-Length", str(len(body))), ("Content-Type", "text/plain; charset=utf-8"))
    return Answer(f"{status.value} {status.phrase}", (*described, *fields), body, epoch.number)
