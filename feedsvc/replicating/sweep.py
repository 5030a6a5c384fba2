"""Removes what lies in a store of replicas and has been of no use for a day."""

from contextlib import suppress

from feedsvc.kinds import DAY
from feedsvc.object_stores import MissingError, ObjectStore
from feedsvc.object_stores.hands import Hands, many_hands
from feedsvc.replicating.blobs import FOLDER, blob_key, fetch_generation, fetch_part
from feedsvc.replicating.manifest import GENERATIONS, Generation, Pointer


def sweep(store: ObjectStore, pointer: Pointer, now: float) -> set[str]:
    """Remove old generations and blobs; the blobs that the generation that stands names, and that are not there.

    What is younger than a day stays, and what the generation names that stands or the one that stood a day ago.
    """
    old = {each.key for each in store.listed(GENERATIONS) if now - each.modified > DAY}
    dated = [found for found in map(_named, old) if found is not None]
    before = max(dated, key=lambda found: found.generation, default=pointer)
    with many_hands() as hands:
        wanted = _names(store, hands, pointer)
        needed = wanted if before == pointer else wanted | _names(store, hands, before)
    ages = {each.key.removeprefix(f"{FOLDER}/"): now - each.modified for each in store.listed(FOLDER)}
    gone = [blob_key(name) for name, age in ages.items() if age > DAY and name not in needed]
    store.delete([*sorted(old - {pointer.key, before.key}), *sorted(gone)])
    return wanted - ages.keys()


def _named(key: str) -> Pointer | None:
    """The pointer that would name a generation; None for what is none."""
    number, _, digest = key.removeprefix(f"{GENERATIONS}/").partition("-")
    with suppress(ValueError):
        return Pointer(generation=int(number), digest=digest)
    return None


def _names(store: ObjectStore, hands: Hands, pointer: Pointer) -> set[str]:
    """Every blob that a generation is made of, as far as its parts are there."""
    found = fetch_generation(store, pointer)
    names = {found.memory, *found.parts}
    for apart in hands.map(lambda index: _apart(store, found, index), range(len(found.parts))):
        names |= apart
    return names


def _apart(store: ObjectStore, generation: Generation, index: int) -> set[str]:
    with suppress(MissingError):
        return {item.blob for item, _ in fetch_part(store, generation, index) if item.blob}
    return set()
