"""Requests become answers: a look-up in what is already known of this generation, or one read of the publication.

Both doors (the WSGI layer and the worker class) ask here, so both say the same. An answer depends on the method, the
path, the validators, Accept-Encoding, Range and Sec-Fetch-Dest, and on nothing else of a request.
"""

import threading
from collections.abc import Callable, Mapping, MutableSequence
from contextlib import closing, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any
from urllib.parse import quote

from werkzeug.http import http_date

from feedsvc import urls
from feedsvc.kinds import MOVED
from feedsvc.publication.generation import SharedNumber
from feedsvc.publication.reader import Reader, Stored, StoreError, number_path
from feedsvc.web import headers, negotiation
from feedsvc.web.answer import Answer
from feedsvc.web.counts import Counts, counts_folder
from feedsvc.web.shelf import Shelf, size

ROOM = 16 * 1024 * 1024  # octets of documents that a worker keeps
ROOM_FOR_LARGE = 64 * 1024 * 1024  # octets of attachments, which many slow readers of one share
ROOM_FOR_ANSWERS = 64 * 1024 * 1024  # octets of answers and of what asked for them, each counted as if it shared none
LARGE = 512 * 1024  # octets
ANSWER_WEIGHT = 2_048  # octets that an answer takes beside its body
LOOK_AGAIN = 10  # seconds until a worker looks for what moves no number: a new schedule, another file
TRY_AGAIN = 1  # seconds, where the publication cannot be read
ALIVE = b'{"status":"ok"}\n'
SAFE_IN_PATH = "/:@!$&'()*+,;=-._~"  # RFC 3986 section 3.3
NOT_FOUND = 404
MOVED_STATUS = "301 Moved Permanently"  # not 308, at which Java's HttpURLConnection, Ruby 3.1 and Python 3.10 stop
REDIRECTS_LAST = f"public, max-age={MOVED.max_age}"

Asked = tuple[str, str, str | None, str | None, str | None, str | None, str | None, str | None]


@dataclass(slots=True)
class Epoch:
    """What is known while one generation lasts and the freshness told with it holds.

    ``seen`` is the shared number it was last found in force at, ``began`` and ``ends`` the clock times between which
    its answers stand, ``inode`` the file it was read from, ``seconds_left`` the time from then to the next expiry of an
    update (None: none is near enough to matter). ``is_dated`` says that every document's Last-Modified has come.
    """

    number: int
    inode: int
    generation: int
    seconds_left: int | None
    prefix: str
    seen: int
    began: float
    ends: float
    is_dated: bool = True
    answers: dict[Asked, Answer] = field(default_factory=dict)
    weight: int = 0  # octets of the answers
    missing: Answer | None = None  # what to say where there is nothing, once it was said
    documents: Shelf = field(default_factory=lambda: Shelf(ROOM))
    large: Shelf = field(default_factory=lambda: Shelf(ROOM_FOR_LARGE))

    def time_left(self, document: Stored) -> int | None:
        """The seconds until the document shows an update that has expired; None when that matters to no cache."""
        if self.seconds_left is None or document.expires is None:
            return None
        return max(0, int(document.expires - self.ends))

    def modified(self, document: Stored) -> int | None:
        """The document's Last-Modified; None while that second has not come (RFC 9110 section 8.8.2.1)."""
        return document.modified if self.is_dated or document.modified <= self.began else None

    def remember(self, asked: Asked, answer: Answer) -> None:
        """Keep an answer; all others go when there is no room for it."""
        weight = len(answer.body) + sum(len(part) for part in asked if part) + ANSWER_WEIGHT
        if self.weight + weight > ROOM_FOR_ANSWERS:
            self.answers.clear()
            self.weight = 0
        self.answers[asked] = answer
        self.weight += weight


class Responder:
    """Answers for the documents of one publication. Any number of threads may ask; ``clock`` gives seconds since 1970.

    While there is no publication to read, or a document in it cannot be, asking for it raises StoreError.
    """

    def __init__(
        self, publication: Path, clock: Callable[[], float], is_routed: Callable[[str], bool] = lambda _path: False
    ) -> None:
        self._publication = publication
        self._clock = clock
        self._is_routed = is_routed  # whether the application itself has something at a path
        self._shared: SharedNumber | None = None
        self._number: Callable[[], int] = _no_number  # the shared one, once there is one
        self._local = threading.local()
        self._turning = threading.Lock()
        self._epoch = Epoch(
            number=0, inode=-1, generation=-1, seconds_left=None, prefix="", seen=-1, began=0.0, ends=0.0
        )
        self._inode = -1
        self._counts: Counts | None = None

    def counters(self) -> MutableSequence[int]:
        """What this process counts its answers in, by cell (see ``counts``)."""
        if self._counts is None:  # not before the fork: each process counts for itself
            self._counts = Counts(counts_folder(self._publication))
        return self._counts.cells

    def generation(self) -> int:
        """A number that changes whenever equal requests may have other answers than before."""
        epoch = self._epoch
        if self._number() != epoch.seen or self._clock() >= epoch.ends:  # as in _current: a call would cost as much
            with suppress(StoreError):
                epoch = self._turn()
        return epoch.number

    def answer(self, environ: Mapping[str, Any]) -> Answer | None:
        """The answer to a WSGI request (PEP 3333), or None where the application has its own."""
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
        method, path = asked[:2]
        if path == urls.HEALTH:
            return _alive(method, self._epoch)
        while True:
            epoch = self._current()
            answer = epoch.answers.get(asked) or self._work_out(epoch, asked)
            if answer is not None or self._is_routed(path):
                return answer
            missing = epoch.missing = epoch.missing or self.not_found()
            if missing is None or missing.generation == epoch.number == self._epoch.number:  # else it may have come
                return replace(missing, body=b"") if missing is not None and method == "HEAD" else missing

    def not_found(self) -> Answer | None:
        """What to say where there is nothing; None when the publication has no page for that."""
        epoch, page = self._read(
            self._current(), urls.NOT_FOUND
        )  # not from the shelf: what else was asked may be there
        if page is None:
            return None
        body = page.variants.identity
        length = ("Content-Length", str(len(body)))
        fields = (*headers.full_headers(page), *headers.kept_headers(page, epoch.time_left(page)), *headers.OPEN)
        return Answer("404 Not Found", (length, *fields), body, epoch.number, page.kind.name)

    def reader(self) -> Reader:
        """This thread's connection to the publication as it is now."""
        inode = self._inode
        held: tuple[int, Reader] | None = getattr(self._local, "reader", None)
        if held is not None and held[0] == inode:
            return held[1]
        reader = Reader(self._publication)
        if held is not None:
            held[1].close()
        self._local.reader = (inode, reader)
        return reader

    def _current(self) -> Epoch:
        epoch = self._epoch
        if self._number() != epoch.seen or self._clock() >= epoch.ends:
            return self._turn()
        return epoch

    def _turn(self, met: int = 0) -> Epoch:
        """Open the newest generation, ``met`` or newer; the last one stays in force while there is nothing to read."""
        with self._turning:
            epoch, now = self._epoch, self._clock()
            try:
                shared = self._open_shared()
                shared.advance(met)
                if shared.read() != epoch.seen or now >= epoch.ends:
                    self._epoch = self._open_epoch(shared, epoch, now)
            except (StoreError, OSError) as fault:
                if epoch.generation < 1:
                    raise StoreError(f"nothing is published yet: {fault}") from fault
                epoch.seen, epoch.ends = self._number(), now + TRY_AGAIN
            return self._epoch

    def _open_shared(self) -> SharedNumber:
        if self._shared is None:
            self._shared = SharedNumber(number_path(self._publication))
            self._number = self._shared.read
        self._shared.refresh()
        return self._shared

    def _open_epoch(self, shared: SharedNumber, last: Epoch, now: float) -> Epoch:
        """The epoch of now, which is the last one when nothing has changed."""
        inode = self._publication.stat().st_ino
        if inode != self._inode:
            with closing(Reader(self._publication)) as fresh:
                if fresh.state()[0] < 1:  # it is being filled: the one in force is better
                    raise StoreError("the publication is empty")
            if shared.read() == last.seen:  # found by looking, not by being told: the other workers must look, too
                shared.advance(last.seen + 1)
            self._inode = inode
        seen = shared.read()
        generation, state = self.reader().state()
        shared.advance(generation)  # so that no other worker answers from an older one after this one has not
        seen = max(seen, generation)
        ends, seconds_left = _foresee(state.get("next_expiry", ""), now)
        modified = int(state.get("modified", "0"))
        is_dated = modified <= now
        if not is_dated:
            ends = min(ends, modified)
        known = (last.inode, last.generation)
        if (*known, last.seconds_left, last.is_dated) == (inode, generation, seconds_left, is_dated):
            last.seen, last.ends = seen, ends
            return last
        epoch = Epoch(last.number + 1, inode, generation, seconds_left, state["prefix"], seen, now, ends, is_dated)
        if known == (inode, generation):
            epoch.documents, epoch.large = last.documents, last.large
        return epoch

    def _work_out(self, epoch: Epoch, asked: Asked) -> Answer | None:
        path = self._own_path(epoch, asked[1])
        if path is None:
            return None
        epoch, document = self._find(epoch, path)
        if document is not None and document.kind.status != NOT_FOUND:
            answer = replace(_answer(document, epoch, asked), kind=document.kind.name)
        elif (target := self._moved(epoch, path)) is not None:
            answer = _answer_method(epoch, asked[0]) or _move(epoch, target)
        else:
            return None
        if len(answer.body) < LARGE and isinstance(answer.body, bytes):  # a view would keep the whole document
            epoch.remember(asked, answer)
        return answer

    def _own_path(self, epoch: Epoch, path: str) -> str | None:
        """A request's path as documents are filed: percent-encoded, below the base URL's own path."""
        quoted = quote(path.encode("latin-1"), safe=SAFE_IN_PATH)
        own = quoted.removeprefix(epoch.prefix)
        return own if quoted.startswith(epoch.prefix) and own[:1] in ("", "/") else None

    def _find(self, epoch: Epoch, path: str) -> tuple[Epoch, Stored | None]:
        """The document with the epoch that it belongs to, which is the newest by the time it is read."""
        document = epoch.documents.get(path) or epoch.large.get(path)
        return (epoch, document) if document is not None else self._read(epoch, path)

    def _read(self, epoch: Epoch, path: str) -> tuple[Epoch, Stored | None]:
        """What the publication itself has there; StoreError while it cannot say what is in force."""
        while True:
            generation, document = self.reader().read(path)
            if generation == epoch.generation:
                break
            newest = self._turn(generation)
            if newest is epoch:
                raise StoreError("what was read is not what is in force")  # the file is being replaced
            epoch = newest
        if document is not None:
            is_large = size(document) > LARGE or document.kind.is_bulky  # many, and no feed must give way to them
            (epoch.large if is_large else epoch.documents).put(document)
        return epoch, document

    def _moved(self, epoch: Epoch, path: str) -> str | None:
        """Where a near miss belongs: a missing final slash, capitals, or a habitual name of a feed."""
        for candidate in urls.near_misses(path):
            if self._find(epoch, candidate)[1] is not None:
                return candidate
        return None


def _no_number() -> int:
    return -1


def _foresee(next_expiry: str, now: float) -> tuple[float, int | None]:
    """Until when to rely on what is known now, and the seconds that are left by then to a near expiry."""
    ends = now + LOOK_AGAIN
    if not next_expiry:
        return ends, None
    expiry = int(next_expiry)
    if now < expiry - headers.HORIZON:
        return min(ends, expiry - headers.HORIZON), None
    ends = now + 1  # say every second anew how long an answer keeps
    return ends, max(0, int(expiry - ends))


def _answer(document: Stored, epoch: Epoch, asked: Asked) -> Answer:
    if (answer := _answer_method(epoch, asked[0])) is not None:
        return answer
    if document.kind is MOVED:
        return _move(epoch, str(document.page_path))
    if document.page_path is not None and asked[-1] == "document":
        target = f"{document.page_path}#{urls.SUBSCRIBE_ANCHOR}"
        return _redirect("303 See Other", epoch, target, ("Cache-Control", "no-store"), ("Vary", "Sec-Fetch-Dest"))
    return _represent(document, epoch, asked)


def _answer_method(epoch: Epoch, method: str) -> Answer | None:
    """What every address says to a method that does not ask for what is there; None to GET and HEAD."""
    if method == "OPTIONS":
        return Answer("204 No Content", headers.PREFLIGHT, b"", epoch.number)
    if method not in ("GET", "HEAD"):
        return _refusal("405 Method Not Allowed", epoch, ("Allow", headers.ALLOW))
    return None


def _alive(method: str, epoch: Epoch) -> Answer:
    """That the process answers: nothing more."""
    if method == "OPTIONS":
        return Answer("204 No Content", (("Allow", headers.ALLOW), *headers.PLAIN), b"", epoch.number)
    if method not in ("GET", "HEAD"):
        return _refusal("405 Method Not Allowed", epoch, ("Allow", headers.ALLOW))
    fields = (("Content-Length", str(len(ALIVE))), ("Content-Type", "application/json"), *headers.PLAIN)
    return Answer("200 OK", fields, ALIVE if method == "GET" else b"", epoch.number)


def _represent(document: Stored, epoch: Epoch, asked: Asked) -> Answer:
    """The document in the coding, and as much of it, as the request asks for."""
    method, _, accept_encoding, if_none_match, if_modified_since, wanted_range, if_range, _ = asked
    coded = document.variants.coded()
    coding = negotiation.choose_coding(accept_encoding, coded)
    if coding is None:
        return _refusal("406 Not Acceptable", epoch, ("Vary", headers.vary(document)))
    body = coded[coding]
    etag = document.etag if coding == negotiation.IDENTITY else f"{document.etag}-{coding}"
    modified = epoch.modified(document)
    validators = (("ETag", f'"{etag}"'), *((("Last-Modified", http_date(modified)),) if modified is not None else ()))
    kept = (*validators, *headers.kept_headers(document, epoch.time_left(document)))
    if negotiation.is_unchanged(if_none_match, if_modified_since, etag, modified):
        return Answer("304 Not Modified", kept, b"", epoch.number)
    fields = (*headers.full_headers(document), *kept)
    if coding != negotiation.IDENTITY:
        fields = (("Content-Encoding", coding), *fields)
    elif method == "GET" and wanted_range is not None and document.kind.has_ranges:
        part = negotiation.choose_range(wanted_range, if_range, etag, modified, len(body))
        if part is not None:
            return _part(part, body, fields, epoch)
    length = ("Content-Length", str(len(body)))
    return Answer("200 OK", (length, *fields), body if method == "GET" else b"", epoch.number)


def _part(part: tuple[int, int] | str, body: bytes, fields: headers.Headers, epoch: Epoch) -> Answer:
    if isinstance(part, str):
        return _refusal("416 Range Not Satisfiable", epoch, ("Content-Range", f"bytes */{len(body)}"))
    start, stop = part
    extent = (
        ("Content-Length", str(stop - start)),
        ("Content-Range", f"bytes {start}-{stop - 1}/{len(body)}"),
    )
    return Answer("206 Partial Content", (*extent, *fields), memoryview(body)[start:stop], epoch.number)


def _move(epoch: Epoch, target: str) -> Answer:
    return _redirect(MOVED_STATUS, epoch, target, ("Cache-Control", REDIRECTS_LAST))


def _redirect(status: str, epoch: Epoch, target: str, *fields: tuple[str, str]) -> Answer:
    location = ("Location", epoch.prefix + target)
    return _short(status, epoch, "", (location, *fields, *headers.OPEN, *headers.ALWAYS))


def _refusal(status: str, epoch: Epoch, *fields: tuple[str, str]) -> Answer:
    return _short(status, epoch, f"{status}\n", (*fields, *headers.OPEN, *headers.PLAIN))


def _short(status: str, epoch: Epoch, text: str, fields: headers.Headers) -> Answer:
    body = text.encode()
    described = (("Content-Length", str(len(body))), ("Content-Type", "text/plain; charset=utf-8"))
    return Answer(status, (*described, *fields), body, epoch.number)
