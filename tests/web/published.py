"""A publication that a test fills document by document, and a clock that stands still until it is moved."""

from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from feedsvc.kinds import ATTACHMENT, ERROR, FEED, PAGE, Kind
from feedsvc.model import Document
from feedsvc.publication.batch import Batch
from feedsvc.publication.coding import encode, make_etag
from feedsvc.publication.rows import Finished, pack
from feedsvc.publication.state import State
from feedsvc.publication.store import Store
from feedsvc.web.responder import Answer, Responder

NOW = 1_790_000_000
COMMITTED = NOW - 60.5  # when everything is committed, unless told otherwise
MODIFIED = datetime.fromtimestamp(NOW - 60, UTC)


class Clock:
    """Seconds since 1970, as a test says."""

    def __init__(self) -> None:
        self.now = float(NOW)

    def __call__(self) -> float:
        """The time."""
        return self.now


def make_page(
    path: str = "/covid/", body: bytes = b"<p>hello</p>" * 50, kind: Kind = PAGE, **overrides: Any
) -> Document:
    """A page, unless told otherwise."""
    given: dict[str, Any] = {"media_type": "text/html"}
    return Document(path=path, kind=kind, body=body, **given | overrides)


def make_feed_document(path: str = "/covid/rss.xml", body: bytes = b"<rss/>" * 60, page: str = "/covid/") -> Document:
    """A feed of that page."""
    return make_page(path, body, kind=FEED, media_type="application/rss+xml", page_path=page)


def make_attachment(path: str = "/files/flyer.pdf", body: bytes = b"0123456789") -> Document:
    """A file that is not compressed."""
    return make_page(path, body, kind=ATTACHMENT, media_type="application/pdf")


NOT_FOUND = make_page("/404.html", b"<p>nothing here</p>", kind=ERROR)


def publish(
    publication: Path,
    *documents: Document,
    removals: Iterable[str] = (),
    next_expiry: int | None = None,
    prefix: str = "",
    categories: str = "",
    cdn_age: int = 0,
    committed: float = COMMITTED,
) -> None:
    """Add documents to a publication, which is made if it is not there."""
    state = State(prefix=prefix, categories=categories, cdn_age=cdn_age, next_expiry=next_expiry, entries=1)
    store = Store(publication, clock=lambda: committed)
    try:
        store.commit(Batch(documents=map(_finish, documents), removals=removals, state=state))
    finally:
        store.close()


def ask(responder: Responder, path: str, method: str = "GET", **fields: str) -> Answer | None:
    """The answer to a request; ``fields`` are named as WSGI does, without HTTP_."""
    named = {f"HTTP_{name}": value for name, value in fields.items()}
    return responder.answer({"REQUEST_METHOD": method, "PATH_INFO": path, **named})


def asked(responder: Responder, path: str, method: str = "GET", **fields: str) -> Answer:
    """The answer to a request that has one."""
    answer = ask(responder, path, method, **fields)
    assert answer is not None
    return answer


def field(answer: Answer, name: str) -> str:
    """The value of a field that is there once."""
    (value,) = [value for given, value in answer.headers if given == name]
    return value


def _finish(document: Document) -> Finished:
    variants = encode(document.body, document.media_type, brotli_level=document.kind.brotli)
    return pack(make_etag(document.body), document, make_etag(document.body), variants)
