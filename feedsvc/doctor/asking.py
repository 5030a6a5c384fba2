"""The only place from which this program asks somebody else: an address, with the fields of one client."""

import http.client
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.error import HTTPError
from urllib.request import HTTPRedirectHandler, Request, build_opener

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


class _NoRedirect(HTTPRedirectHandler):
    """Leave redirects to whoever asks."""

    def redirect_request(self, *_: object) -> None:
        """Follow nothing."""


_OPENER = build_opener(_NoRedirect)


def ask(url: str, fields: Iterable[tuple[str, str]]) -> Answer:
    """The answer at an address of the web; AskError when there is none."""
    try:
        with _open(Request(url, headers=dict(fields))) as response:  # noqa: S310  # http alone
            return _read(response)
    except (OSError, http.client.HTTPException, ValueError) as fault:
        raise AskError(f"{cut(url, 100)} does not answer: {cut(str(getattr(fault, 'reason', fault)), 200)}") from None


def _open(request: Request) -> http.client.HTTPResponse | HTTPError:
    """An answer of any status; its body is still to come."""
    try:
        response: http.client.HTTPResponse = _OPENER.open(request, timeout=PATIENCE)
    except HTTPError as refusal:
        return refusal
    return response


def _read(response: http.client.HTTPResponse | HTTPError) -> Answer:
    fields: dict[str, str] = {}
    for name, value in response.headers.items():
        fields[name.lower()] = f"{fields[name.lower()]}, {value}" if name.lower() in fields else value
    return Answer(response.status or 0, fields, _decode(response.read(AT_MOST), fields.get("content-encoding", "")))


def _decode(body: bytes, coding: str) -> bytes:
    """The body without its coding, as far as anybody reads it; as it came where that cannot be undone."""
    try:
        if coding == "gzip":
            return zlib.decompressobj(16 + zlib.MAX_WBITS).decompress(body, AT_MOST)
        return brotli.Decompressor().process(body, output_buffer_limit=AT_MOST) if coding == "br" else body
    except (zlib.error, brotli.error):
        return body
