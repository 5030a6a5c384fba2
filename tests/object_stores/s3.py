"""A store that speaks S3 on a port of 127.0.0.1, keeps what it is given in memory, and answers as a test says.

Signatures are not looked at. What is sent and asked is written down, so that a test can count it.
"""

import hashlib
import os
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from html import escape, unescape
from http.server import BaseHTTPRequestHandler
from threading import Lock
from unittest import mock
from urllib.parse import parse_qs, unquote, urlsplit

from tests.harness.http_server import run_server

KEPT = ("content-type", "cache-control", "content-encoding", "content-disposition")
META = "x-amz-meta-"


@dataclass(frozen=True, slots=True)
class Kept:
    """An object: its body and the fields that an answer with it repeats."""

    body: bytes
    fields: Mapping[str, str]

    @property
    def etag(self) -> str:
        return f'"{hashlib.md5(self.body).hexdigest()}"'


@dataclass(slots=True)
class S3:
    """A running store. ``objects`` are by bucket and key; ``refuse`` gives the status of a request it does not serve.

    It is asked with the method and with bucket and key; 0 means that the request is served.
    """

    url: str
    objects: dict[str, Kept] = field(default_factory=dict)
    asked: list[tuple[str, str]] = field(default_factory=list)
    octets: int = 0
    refuse: Callable[[str, str], int] = lambda _method, _place: 0
    lock: Lock = field(default_factory=Lock)

    @property
    def environment(self) -> dict[str, str]:
        """What the engine is to find."""
        return {
            "AWS_ENDPOINT": self.url,
            "AWS_ALLOW_HTTP": "true",
            "AWS_ACCESS_KEY_ID": "key",
            "AWS_SECRET_ACCESS_KEY": "the-secret",
            "AWS_REGION": "us-east-1",
        }

    def keys(self, prefix: str) -> list[str]:
        """The keys below a bucket and folders, without those."""
        return sorted(place.removeprefix(prefix) for place in self.objects if place.startswith(prefix))


@contextmanager
def run_s3() -> Iterator[S3]:
    """A store until the block ends; the engine finds it in the environment."""

    class Handler(_Handler):
        store: S3

    with run_server(Handler) as port:
        Handler.store = S3(f"http://127.0.0.1:{port}")
        with mock.patch.dict(os.environ, Handler.store.environment):
            yield Handler.store


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    store: S3

    def _serve(self) -> None:
        url = urlsplit(self.path)
        place, query = unquote(url.path).removeprefix("/"), parse_qs(url.query, keep_blank_values=True)
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        with self.store.lock:
            self.store.asked.append((self.command, place))
            self.store.octets += len(body)
            if status := self.store.refuse(self.command, place):
                self._say(status, b"<Error><Code>Refused</Code><Message>the-secret</Message></Error>")
            elif "list-type" in query:
                self._list(place, query)
            elif "delete" in query:
                keys = re.findall(r"<Key>.*?</Key>", body.decode())
                for key in keys:
                    self.store.objects.pop(f"{place}/{unescape(key[5:-6])}", None)
                told = "".join(f"<Deleted>{key}</Deleted>" for key in keys)
                self._say(200, f"<DeleteResult>{told}</DeleteResult>".encode())
            elif self.command == "PUT":
                self._put(place, body)
            elif self.command == "DELETE":
                self.store.objects.pop(place, None)
                self._say(204)
            else:
                self._get(place)

    do_GET = do_HEAD = do_PUT = do_DELETE = do_POST = _serve  # noqa: N815

    def _list(self, bucket: str, query: Mapping[str, list[str]]) -> None:
        prefix, after = query.get("prefix", [""])[0], query.get("continuation-token", [""])[0]
        names = sorted(name.removeprefix(f"{bucket}/") for name in self.store.objects if name.startswith(f"{bucket}/"))
        found = [name for name in names if name.startswith(prefix) and name > after]
        parts = [
            f"<Contents><Key>{escape(name)}</Key><Size>{len(kept.body)}</Size><ETag>{escape(kept.etag)}</ETag>"
            "<LastModified>2026-01-01T00:00:00.000Z</LastModified></Contents>"
            for name in found[:1000]
            for kept in [self.store.objects[f"{bucket}/{name}"]]
        ]
        more = f"<NextContinuationToken>{escape(found[999])}</NextContinuationToken>" if len(found) > 1000 else ""
        self._say(200, f"<ListBucketResult>{more}{''.join(parts)}</ListBucketResult>".encode())

    def _put(self, place: str, body: bytes) -> None:
        there = self.store.objects.get(place)
        wanted = self.headers.get("If-Match")
        if (self.headers.get("If-None-Match") and there) or (wanted and (not there or there.etag != wanted)):
            self._say(412)
            return
        fields = {name: value for name, value in self.headers.items() if name.lower() in KEPT or META in name.lower()}
        self.store.objects[place] = kept = Kept(body, {"Content-Type": "binary/octet-stream", **_titled(fields)})
        self._say(200, ETag=kept.etag)

    def _get(self, place: str) -> None:
        kept = self.store.objects.get(place)
        if kept is None:
            self._say(404, b"<Error><Code>NoSuchKey</Code></Error>")
        elif self.headers.get("If-None-Match") == kept.etag:
            self._say(304, ETag=kept.etag)
        else:
            self._say(200, kept.body, ETag=kept.etag, **kept.fields)

    def _say(self, status: int, body: bytes = b"", **fields: str) -> None:
        self.send_response(status)
        about = {"Last-Modified": "Thu, 01 Jan 2026 00:00:00 GMT", "Content-Length": str(len(body))}
        for name, value in (about | fields).items():
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Keep the test's output to itself."""


def _titled(fields: Mapping[str, str]) -> dict[str, str]:
    return {name.title(): value for name, value in fields.items()}
