"""What is said to who asks for a document: status, fields and body, by the rules of RFC 9110."""

from http import HTTPStatus

from werkzeug.http import http_date

from feedsvc import urls
from feedsvc.kinds import Kind
from feedsvc.publication import headers
from feedsvc.publication.rows import Stored
from feedsvc.web import negotiation
from feedsvc.web.following import Epoch
from feedsvc.web.negotiation import Asked

Said = tuple[str, headers.Headers, bytes | memoryview]

ALIVE = b'{"status":"ok"}\n'


def represent(document: Stored, epoch: Epoch, asked: Asked) -> Said:
    """What a document answers."""
    said = answer_method(asked.method)
    if said is not None:
        return said
    if document.kind.leads_on:
        return move(epoch, document.path, str(document.page_path), document.kind)
    if document.kind.status == HTTPStatus.GONE:
        return represent_error(document, epoch, document.path)
    if document.page_path is not None and asked.sec_fetch_dest == "document":
        target = urls.visit_path(document.page_path)
        return _redirect("303 See Other", epoch, target, headers.VISIT_FIELDS)
    return _represent_content(document, epoch, asked)


def represent_error(page: Stored, epoch: Epoch, path: str) -> Said:
    """The page that says why there is nothing else at a path; any site may see that."""
    status = HTTPStatus(page.kind.status)
    kept = headers.kept_headers(page, epoch.time_left(page))
    fields = headers.with_path((*headers.full_headers(page), *kept, *headers.OPEN), path)
    return _with_length(f"{status} {status.phrase}", page.variants.identity, fields)


def answer_method(method: str, options: headers.Headers = headers.PREFLIGHT) -> Said | None:
    """What an address says to a method that does not ask for what is there; None to GET and HEAD."""
    if method == "OPTIONS":
        return "204 No Content", options, b""
    if method not in ("GET", "HEAD"):
        return _refuse("405 Method Not Allowed", ("Allow", headers.ALLOW))
    return None


def live(method: str) -> Said:
    """That the process answers."""
    said = answer_method(method, (("Allow", headers.ALLOW), *headers.PLAIN))
    return said or _with_length("200 OK", ALIVE, (("Content-Type", "application/json"), *headers.PLAIN))


def come_back() -> Said:
    """That what is there cannot be read now; never 404, which readers remember."""
    text = "The updates are being published. Please try again in a moment.\n"
    return _with_text("503 Service Unavailable", text, (("Retry-After", "5"), *headers.PLAIN))


def move(epoch: Epoch, path: str, target: str, kind: Kind) -> Said:
    """That another path is the right one; never by 308, at which Java's HttpURLConnection and Ruby 3.1 stop."""
    status = HTTPStatus(kind.status)
    return _redirect(f"{status} {status.phrase}", epoch, target, headers.with_path(headers.MOVED_FIELDS, path))


def _represent_content(document: Stored, epoch: Epoch, asked: Asked) -> Said:
    """The document in the coding, and as much of it, as the request asks for."""
    coded = document.variants.coded()
    coding = negotiation.choose_coding(asked.accept_encoding, coded)
    if coding is None:
        return _refuse("406 Not Acceptable", ("Vary", headers.vary(document)))
    body = coded[coding]
    etag = document.etag if coding == negotiation.IDENTITY else f"{document.etag}-{coding}"
    modified = epoch.modified(document)
    if negotiation.is_unmet(asked.if_match, asked.if_unmodified_since, etag, modified):
        return _refuse("412 Precondition Failed", ("Vary", headers.vary(document)))
    validators = (("ETag", f'"{etag}"'), *((("Last-Modified", http_date(modified)),) if modified is not None else ()))
    kept = (*validators, *headers.kept_headers(document, epoch.time_left(document), epoch.cdn_age))
    if negotiation.is_unchanged(asked.if_none_match, asked.if_modified_since, etag, modified):
        return "304 Not Modified", kept, b""
    fields = (*headers.full_headers(document), *kept)
    if coding != negotiation.IDENTITY:
        fields = (("Content-Encoding", coding), *fields)
    elif asked.method == "GET" and asked.range is not None and document.kind.has_ranges:
        part = negotiation.choose_range(asked.range, asked.if_range, etag, modified, len(body))
        if part is not None:
            return _represent_part(part, body, fields)
    return _with_length("200 OK", body, fields)


def _represent_part(part: tuple[int, int] | str, body: bytes, fields: headers.Headers) -> Said:
    if isinstance(part, str):
        return _refuse("416 Range Not Satisfiable", ("Content-Range", f"bytes */{len(body)}"))
    start, stop = part
    extent = ("Content-Range", f"bytes {start}-{stop - 1}/{len(body)}")
    return _with_length("206 Partial Content", memoryview(body)[start:stop], (extent, *fields))


def _redirect(status: str, epoch: Epoch, target: str, fields: headers.Headers) -> Said:
    return _with_text(status, "", (("Location", epoch.prefix + target), *fields))


def _refuse(status: str, *fields: tuple[str, str]) -> Said:
    return _with_text(status, f"{status}\n", (*fields, *headers.OPEN, *headers.PLAIN))


def _with_text(status: str, text: str, fields: headers.Headers) -> Said:
    return _with_length(status, text.encode(), (("Content-Type", "text/plain; charset=utf-8"), *fields))


def _with_length(status: str, body: bytes | memoryview, fields: headers.Headers) -> Said:
    return status, (("Content-Length", str(len(body))), *fields), body
