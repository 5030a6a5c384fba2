"""The only place from which this program asks somebody else: an address, with the fields of one client."""

import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from http.client import HTTPException, HTTPResponse
from urllib.request import HTTPErrorProcessor, Request, build_opener

import brotli

from feedsvc.errors import FeedsvcError, cut

PATIENCE = 20  # seconds
AT_MOST = 16 * 1024 * 1024  # octets


class AskError(FeedsvcError):
    """There is no answer; the text says why."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back. ``body`` is decoded; the names of ``fields`` are in lower case."""

    status: int
    fields: dict[str, str]
    body: bytes

    def __getitem__(self, name: str) -> str:
        """The value of a field, empty where there is none."""
        return self.fields.get(name.lower(), "")


class _AsItComes(HTTPErrorProcessor):
    """Take an answer of any status for what it is, and follow nothing."""

    def http_response(self, request: Request, response: HTTPResponse) -> HTTPResponse:  # noqa: ARG002  # as it is asked
        """As it came."""
        return response

    https_response = http_response


_OPENER = build_opener(_AsItComes)


def ask(url: str, fields: Iterable[tuple[str, str]]) -> Answer:
    """The answer at an address of the web; AskError when there is none."""
    try:
        with _OPENER.open(Request(url, headers=dict(fields)), timeout=PATIENCE) as response:  # noqa: S310  # http alone
            return _read(response)
    except (OSError, HTTPException, ValueError) as fault:
        raise AskError(f"{cut(url, 100)} does not answer: {cut(str(getattr(fault, 'reason', fault)), 200)}") from None


def _read(response: HTTPResponse) -> Answer:
    fields: dict[str, str] = {}
    for name, value in response.headers.items():
        fields[name.lower()] = f"{fields[name.lower()]}, {value}" if name.lower() in fields else value
    return Answer(response.status, fields, _decode(response.read(AT_MOST), fields.get("content-encoding", "")))


def _decode(body: bytes, coding: str) -> bytes:
    """The body without its coding, as far as anybody reads it; as it came where that cannot be undone."""
    try:
        if coding == "gzip":
            return zlib.decompressobj(16 + zlib.MAX_WBITS).decompress(body, AT_MOST)
        return brotli.Decompressor().process(body, output_buffer_limit=AT_MOST) if coding == "br" else body
    except (zlib.error, brotli.error):
        return body
