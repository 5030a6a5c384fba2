"""Content codings of a finished document: gzip and brotli, made once, kept only where they are smaller.

gzip is made by libdeflate, whose level 6 is smaller than zlib's level 9 in less than half its time; it writes no time
into what it makes.
"""

import hashlib
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

import brotli
import deflate

from feedsvc.kinds import BROTLI_BEST, GZIP

WORTH_CODING = 256  # octets; below that the fields around a body outweigh the gain
# of brotli, as powers of two: it needs one that holds the body, and a tenth of its time went to clearing larger ones
SMALLEST_WINDOW, LARGEST_WINDOW = 17, 22  # with less it searches in another way
COMPRESSIBLE = (
    "text/",
    "application/rss+xml",
    "application/atom+xml",
    "application/feed+json",
    "application/xml",
    "image/svg+xml",
)


@dataclass(frozen=True, slots=True)
class Variants:
    """One body in the codings that made it smaller (RFC 9110 section 8.4.1)."""

    identity: bytes
    gzip: bytes | None
    br: bytes | None

    def coded(self) -> Mapping[str, bytes]:
        """Body by coding name, identity last; the order is that of preference."""
        bodies = {"br": self.br, "gzip": self.gzip, "identity": self.identity}
        return {name: body for name, body in bodies.items() if body is not None}


def encode(body: bytes, media_type: str, *, brotli_level: int | None, gzip_level: int = GZIP) -> Variants:
    """``body`` and its codings (no brotli without a level); equal bytes for equal bodies, whatever the time."""
    if len(body) < WORTH_CODING or not media_type.startswith(COMPRESSIBLE):
        return Variants(body, None, None)
    return Variants(
        body,
        _if_smaller(bytes(deflate.gzip_compress(body, gzip_level)), body),
        None if brotli_level is None else _if_smaller(_brotli(body, brotli_level), body),
    )


def decode(gzip: bytes) -> bytes:
    """The body that ``encode`` made this gzip of; zlib.error when it was damaged since (its check sum tells)."""
    return zlib.decompress(gzip, wbits=16 + zlib.MAX_WBITS)


def make_etag(body: bytes) -> str:
    """The bare tag of those exact bytes (RFC 9110 section 8.8.3)."""
    return hashlib.sha256(body).hexdigest()[:32]


def _brotli(body: bytes, level: int) -> bytes:
    if level == BROTLI_BEST:
        return _best_brotli(body)
    window = min(LARGEST_WINDOW, max(SMALLEST_WINDOW, len(body).bit_length()))
    coded: bytes = brotli.compress(body, quality=level, lgwin=window)
    return coded


@lru_cache(maxsize=32)  # what is worth it is the same in every publish of a release
def _best_brotli(body: bytes) -> bytes:
    coded: bytes = brotli.compress(body, quality=BROTLI_BEST)
    return coded


def _if_smaller(coded: bytes, body: bytes) -> bytes | None:
    return coded if len(coded) < len(body) else None
