"""Octets under their own digest: whatever comes under another one is refused."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from typing import TypeVar

from feedsvc.object_stores import ConflictError, ObjectStore
from feedsvc.replicating.manifest import WrongError, digest_of

FOLDER = "blobs"
AT_ONCE = 16  # requests
ATTRIBUTES = {"Content-Type": "application/octet-stream", "Cache-Control": "private, no-store"}
Given = TypeVar("Given")
Made = TypeVar("Made")


def blob_key(name: str) -> str:
    """Where the blob of a digest lies."""
    return f"{FOLDER}/{name}"


def fetch(store: ObjectStore, key: str, digest: str, most: int) -> bytes:
    """The octets at a key; WrongError when they are not those of the digest, ObjectStoreError from the store."""
    found = store.get(key, most=most)
    if found is None or digest_of(found.body) != digest:
        raise WrongError(f"{key} is not what its name says")
    return found.body


def fetch_blob(store: ObjectStore, name: str, most: int) -> bytes:
    """A blob."""
    return fetch(store, blob_key(name), name, most)


def keep(store: ObjectStore, key: str, octets: bytes) -> None:
    """Write what is named by its digest; what is there already is the same."""
    with suppress(ConflictError):
        store.put(key, octets, ATTRIBUTES, is_new=True)


class Hands:
    """A ``map`` that works on several things at once and never far ahead; the first fault ends it."""

    def __init__(self, pool: ThreadPoolExecutor) -> None:
        self._pool = pool

    def map(self, function: Callable[[Given], Made], things: Iterable[Given]) -> Iterator[Made]:
        """What the function makes of each thing, in their order."""
        ahead: deque[Future[Made]] = deque()
        for thing in things:
            ahead.append(self._pool.submit(function, thing))
            if len(ahead) > 2 * AT_ONCE:
                yield ahead.popleft().result()
        while ahead:
            yield ahead.popleft().result()


@contextmanager
def many_hands() -> Iterator[Hands]:
    """Hands until the end of the block; what they have in hand by then is waited for, or never begun."""
    pool = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="replicas")
    try:
        yield Hands(pool)
    finally:
        pool.shutdown(wait=True, cancel_futures=True)
