"""Object stores, such as S3: octets with attributes, each under a key. ``engine`` alone knows the library for them.

Credentials, the region and the endpoint are found by the engine's own chain, in the environment under the names that
others use, too (``AWS_ACCESS_KEY_ID``, ``AWS_ENDPOINT``, ``AWS_ALLOW_HTTP``, ``AWS_TIMEOUT`` ...). No message holds
anything of them.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Protocol
from urllib.parse import urlsplit

from feedsvc.errors import FeedsvcError, shortened

SCHEMES = ("s3", "gs", "az", "memory")
CONTENT_TYPE, CACHE_CONTROL, CONTENT_ENCODING = "Content-Type", "Cache-Control", "Content-Encoding"
_BUCKET = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*", re.ASCII)
_PREFIX = re.compile(r"(?:/[A-Za-z0-9_-][A-Za-z0-9._-]*)*/?", re.ASCII)
_FIX = "write one such as s3://bucket/folder, without a password, whose folders are of letters, digits, -, _ and dots"


class ObjectStoreError(FeedsvcError):
    """A store does not do what it is asked; the text says why. ``is_final`` is whether asking again is of no use."""

    def __init__(self, text: str, *, is_final: bool = False) -> None:
        self.is_final = is_final
        super().__init__(text)


class MissingError(ObjectStoreError):
    """There is no such object, or no such bucket."""


class OversizeError(ObjectStoreError):
    """An object is larger than whoever asked for it can use."""


class ConflictError(ObjectStoreError):
    """Another object is there than the condition of a write says. Whoever wrote last may have been the same writer.

    For an answer that was lost is asked for again. So read what is there.
    """


@dataclass(frozen=True, slots=True, kw_only=True)
class Object:
    """An object as it was at one moment. ``attributes`` are header fields by name, and what else its writer noted."""

    body: bytes
    etag: str
    attributes: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, order=True)
class Listed:
    """An object in a list; ``size`` is in octets, ``modified`` in seconds since 1970 by the clock of the store."""

    key: str
    size: int
    etag: str
    modified: float


class ObjectStore(Protocol):
    """Objects below one prefix, which no key repeats. Every method raises ObjectStoreError, and waits for bounded time.

    A key is the text that a store keeps, never percent-encoded; folders of it are neither empty nor ``.`` or ``..``.
    """

    def get(self, key: str, known: str = "", *, most: int | None = None) -> Object | None:
        """The object; None while its etag is ``known``. MissingError when there is none.

        OversizeError, without reading it, when it has more than ``most`` octets.
        """
        ...

    def put(
        self, key: str, body: bytes, attributes: Mapping[str, str], *, is_new: bool = False, instead_of: str = ""
    ) -> str:
        """Write in one piece, with all of these attributes and no others; the new etag.

        ConflictError when it must be new and something is there, or something else is there than the etag
        ``instead_of``.
        """
        ...

    def listed(self, prefix: str = "") -> Iterator[Listed]:
        """All objects whose keys begin with these whole folders; where there is no bucket, MissingError."""
        ...

    def delete(self, keys: Iterable[str]) -> None:
        """Remove all of these that are there."""
        ...


def open_store(url: str) -> ObjectStore:
    """The store at an address such as ``s3://bucket/prefix``; nothing is asked of it yet.

    ObjectStoreError for an address that cannot be meant, and where the engine is not installed or cannot be set up.
    """
    checked = check_store_url(url)
    try:
        from feedsvc.object_stores.engine import open_engine  # noqa: PLC0415  # an extra
    except ImportError:
        raise ObjectStoreError(
            "object stores need the package obstore; install feedsvc[bucket]", is_final=True
        ) from None
    return open_engine(checked)


def check_store_url(url: str) -> str:
    """The address as it is always written, without a slash at its end; ObjectStoreError when it cannot be meant."""
    try:
        parts = urlsplit(url)
    except ValueError:
        raise _refusal("this") from None
    if parts.scheme not in SCHEMES:
        raise _refusal(shortened(parts.scheme) if parts.scheme else "this")
    is_place = _BUCKET.fullmatch(parts.netloc) or (parts.scheme == "memory" and not parts.netloc)
    if not is_place or not _PREFIX.fullmatch(parts.path) or "?" in url or "#" in url:
        raise _refusal(f"this {parts.scheme}")
    return f"{parts.scheme}://{parts.netloc}{parts.path.rstrip('/') if parts.netloc else parts.path}"


def overlap(one: str, other: str) -> bool:
    """Whether two addresses of stores are the same place, or one lies within the other."""
    first, second = (f"{check_store_url(url)}/" for url in (one, other))
    return first.startswith(second) or second.startswith(first)


def _refusal(what: str) -> ObjectStoreError:
    """Without the address itself, in which there may be a password."""
    return ObjectStoreError(f"{what} is no address of an object store; {_FIX}", is_final=True)
