"""What our service is measured against, as WSGI applications.

``BENCH_TREE`` is an exported tree, ``BENCH_FEED`` the path of a document in it.

``constant`` answers anything with the same octets and the fields that our service gives the document (a host of the
exported tree is told them, too), plain or zipped as asked: nothing in Python can be faster under the same server.
``view`` is a Flask view that holds the same documents. ``generated`` builds the feed with feedgen for every request.
"""

import os
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from feedgen.feed import FeedGenerator
from flask import Flask, Response, request
from werkzeug import Response as AnyResponse

from feedsvc.content.loader import load_content
from feedsvc.model import Entry, Site
from feedsvc.settings import read_settings

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

PATH = os.environ["BENCH_FEED"]
FILE = Path(os.environ["BENCH_TREE"]) / PATH.removeprefix("/")
PLAIN = FILE.read_bytes()
ZIPPED = FILE.with_name(f"{FILE.name}.gz").read_bytes()
MEDIA_TYPE = "application/atom+xml"
FIELDS = {
    "Cache-Control": "public, max-age=300",
    "X-Content-Type-Options": "nosniff",
    "Access-Control-Allow-Origin": "*",
    "Vary": "Accept-Encoding",
}


def _told_fields() -> list[tuple[str, str]]:
    """What the exported tree tells its host to say of the document."""
    text = (FILE.parents[PATH.count("/") - 1] / "_headers").read_text("utf-8")
    blocks = {lines[0]: lines[1:] for lines in (block.splitlines() for block in f"\n{text}".split("\n/")[1:])}
    told = [line.strip().partition(": ") for pattern in ("*", PATH[1:]) for line in blocks[pattern]]
    return [(name, value) for name, _, value in told if not name.startswith("!")]  # that takes back an earlier block


CONSTANT = [
    ("Content-Length", str(len(PLAIN))),
    *_told_fields(),
    ("ETag", '"constant"'),
    ("Last-Modified", "Thu, 01 Jan 2026 00:00:00 GMT"),
    ("Vary", "Accept-Encoding, Sec-Fetch-Dest"),
]
CONSTANT_ZIPPED = [("Content-Encoding", "gzip"), ("Content-Length", str(len(ZIPPED))), *CONSTANT[1:]]


def constant(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
    """One answer, whatever was asked."""
    if "HTTP_ACCEPT_ENCODING" in environ:
        start_response("200 OK", list(CONSTANT_ZIPPED))
        return (ZIPPED,)
    start_response("200 OK", list(CONSTANT))
    return (PLAIN,)


view = Flask("view", static_folder=None)
generated = Flask("generated", static_folder=None)


@view.get(PATH)
def show_document() -> AnyResponse:
    """The document at hand, in the coding that was asked for, or 304."""
    is_zipped = request.accept_encodings["gzip"] > 0
    response = Response(ZIPPED if is_zipped else PLAIN, mimetype=MEDIA_TYPE)
    response.headers.update(FIELDS)
    if is_zipped:
        response.headers["Content-Encoding"] = "gzip"
    response.set_etag("zipped" if is_zipped else "plain")
    return response.make_conditional(request)


def _newest() -> tuple[Site, list[Entry]]:
    content = load_content(read_settings().content, read_settings())
    if content.site is None:
        raise SystemExit("the content of the benchmark cannot be loaded")
    entries = sorted((loaded.entry for loaded in content.entries.values()), key=lambda entry: entry.published)
    return content.site.site, entries[-content.site.site.feed_length :]


SITE, NEWEST = _newest()


@generated.get(PATH)
def build_document() -> AnyResponse:
    """The feed, built anew from entries at hand."""
    feed = FeedGenerator()
    feed.id(SITE.base_url)
    feed.title(SITE.title)
    feed.subtitle(SITE.description)
    feed.updated(_newest_change())
    feed.link(href=SITE.base_url, rel="alternate")
    for entry in NEWEST:
        item = feed.add_entry()
        item.id(entry.id)
        item.title(entry.title)
        item.published(entry.published)
        item.updated(entry.updated)
        item.link(href=entry.permalink)
        item.summary(entry.summary)
        item.content(entry.content_html, type="html")
    response = Response(feed.atom_str(), mimetype=MEDIA_TYPE)
    response.headers.update(FIELDS)
    response.add_etag()
    return response.make_conditional(request)


def _newest_change() -> datetime:
    return max(entry.updated for entry in NEWEST)
