"""Octets under their own digest: whatever comes under another one is refused."""

from collections.abc import Iterator
from contextlib import suppress

from feedsvc.object_stores import ConflictError, ObjectStore
from feedsvc.replicating.manifest import (
    GENERATION_OCTETS,
    PART_OCTETS,
    Generation,
    Item,
    Pointer,
    WrongError,
    digest_of,
    load_generation,
    unpack_part,
)

FOLDER = "blobs"
ATTRIBUTES = {"Content-Type": "application/octet-stream", "Cache-Control": "private, no-store"}


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


def fetch_generation(store: ObjectStore, pointer: Pointer) -> Generation:
    """The generation that the pointer names."""
    return load_generation(fetch(store, pointer.key, pointer.digest, GENERATION_OCTETS), pointer)


def fetch_part(store: ObjectStore, generation: Generation, index: int) -> Iterator[tuple[Item, bytes]]:
    """The documents of a part, each with its body if that stands there."""
    octets = fetch_blob(store, generation.parts[index], PART_OCTETS)
    return unpack_part(octets, index, len(generation.parts))


def keep(store: ObjectStore, key: str, octets: bytes) -> None:
    """Write what is named by its digest; what is there already is the same."""
    with suppress(ConflictError):
        store.put(key, octets, ATTRIBUTES, is_new=True)
