"""Takes over the generation that the pointer names: everything is fetched and checked before anything is written."""

import json
import mmap
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import astuple, replace
from functools import partial
from pathlib import Path
from tempfile import TemporaryFile
from time import monotonic
from typing import IO, NamedTuple

from feedsvc.announcing import owed, targets
from feedsvc.errors import FeedsvcError
from feedsvc.kinds import DAY
from feedsvc.object_stores import MissingError, ObjectStore
from feedsvc.object_stores.hands import many_hands
from feedsvc.publication.batch import Batch, Taken
from feedsvc.publication.coding import make_etag
from feedsvc.publication.replica import REPLICA, Snapshot
from feedsvc.publication.rows import Finished
from feedsvc.publication.state import State
from feedsvc.publication.store import Store
from feedsvc.replicating.blobs import fetch_blob, fetch_generation, fetch_part
from feedsvc.replicating.manifest import (
    BODY_OCTETS,
    MEMORY_OCTETS,
    NUMBER_AT_MOST,
    Claim,
    Generation,
    Item,
    Pointer,
    Row,
    WrongError,
    inflate,
    part_of,
    split,
    unpack_claims,
)
from feedsvc.replicating.pointer import PointerObject
from feedsvc.settings import Settings

CHECK_SECONDS = 60.0  # between looks whether the file was damaged


class BackwardsError(FeedsvcError):
    """The store names something older than what is served here."""


class ForeignError(FeedsvcError):
    """What is served here did not come from a store of replicas."""


class Standing(NamedTuple):
    """What of a store of replicas stands in a publication, which notes it as JSON."""

    generation: int = 0
    digest: str = ""
    memory: str = ""
    parts: Sequence[str] = ()


def last_taken(snapshot: Snapshot) -> Standing:
    """What was last taken over here, whatever was published on top of it."""
    return Standing(*json.loads(snapshot.replica()))


def standing(snapshot: Snapshot) -> Standing:
    """What stands in a publication; nothing once anything else was published there."""
    taken = last_taken(snapshot)
    return taken if taken.generation == snapshot.generation() else Standing()


def refuse(pointer: Pointer, publication: Path, *, generation: int, stands: Standing) -> None:
    """ForeignError or BackwardsError when a follower must not go on to what the pointer names."""
    if generation and not stands.generation:
        raise ForeignError(
            f"{publication} was published here and would be lost; "
            "name another file in FEEDSVC_PUBLICATION, or delete that one"
        )
    if pointer.generation < generation or (pointer.generation == generation and pointer.digest != stands.digest):
        raise BackwardsError(
            f"the store of replicas says generation {pointer.generation}, and {generation} was served here already; "
            f"if the store was meant to begin anew, delete {publication}"
        )


class _Fetched:
    """What a generation brings that is not here yet; the bodies lie in a file that nobody else sees."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self._end = file.write(b"\0")  # nothing can be mapped of an empty file
        self.items: dict[str, tuple[Item, int, int]] = {}  # by path: where its body is, and how long
        self.same: set[str] = set()
        self.claims: list[Claim] | None = None

    def put(self, item: Item, body: bytes) -> None:
        """Keep a document with its body."""
        self.items[item.row.path] = item, self._end, len(body)
        self._end += self._file.write(body)

    def documents(self) -> Iterator[Finished]:
        """What is to be written, in order of path."""
        self._file.flush()
        with mmap.mmap(self._file.fileno(), 0, access=mmap.ACCESS_READ) as octets:
            for path in sorted(self.items):
                item, at, length = self.items[path]
                yield Finished(path, item.row[1:-1], split(octets[at : at + length], item.lengths))


class Follower:
    """Brings one publication to what stands in a store."""

    def __init__(self, store: ObjectStore, settings: Settings) -> None:
        self._store = store
        self._settings = settings

    def take(self, pointer: Pointer, into: Store, *, is_publisher: bool = False) -> int:
        """Take over what the pointer names, in one transaction; how many documents changed.

        ObjectStoreError and WrongError leave everything as it was, and so does StoreError. What ``is_publisher``
        looks at all of its content at its next publish.
        """
        generation = fetch_generation(self._store, pointer)
        with closing(Snapshot(into.path)) as snapshot, TemporaryFile(dir=into.path.parent) as file:
            stands = standing(snapshot)
            fetched = _Fetched(file)
            base = snapshot.generation()
            removals = self._fetch(generation, stands, snapshot, fetched)
            if generation.memory != stands.memory:
                memory = fetch_blob(self._store, generation.memory, MEMORY_OCTETS)
                fetched.claims = unpack_claims(memory)
            snapshot.close()
            said = Standing(pointer.generation, pointer.digest, generation.memory, generation.parts)
            batch = self._batch(generation, fetched, is_publisher=is_publisher)
            batch.base, batch.removals, batch.texts = base, sorted(removals), {REPLICA: json.dumps(said)}
            into.commit(batch)
        return len(fetched.items) + len(removals)

    def _batch(self, generation: Generation, fetched: _Fetched, *, is_publisher: bool) -> Batch:
        """What is to be written of a generation."""
        try:
            state = State.from_rows(generation.state)
        except ValueError:
            raise WrongError("the generation says numbers that are none") from None
        if any(isinstance(said, int) and abs(said) > NUMBER_AT_MOST for said in astuple(state)):
            raise WrongError("the generation says numbers that are too large")
        told = targets(self._settings, state.hubs.split(), state.site_url)
        state = replace(state, cdn_age=DAY if self._settings.purge else 0, basis="" if is_publisher else state.basis)
        return Batch(
            documents=fetched.documents(),
            state=state,
            taken=Taken(
                number=generation.generation,
                modified=state.modified,
                dates={path: item.row.modified for path, (item, _, _) in fetched.items.items()},
                claims=fetched.claims,
            ),
            announce=partial(owed, told),
        )

    def _fetch(self, generation: Generation, stands: Standing, snapshot: Snapshot, fetched: _Fetched) -> set[str]:
        """Fetch the documents that are others here, or missing; the paths of those that are to go."""
        parts = generation.parts
        is_cut_alike = len(parts) == len(stands.parts)
        changed = {index for index, name in enumerate(parts) if not is_cut_alike or stands.parts[index] != name}
        rows = map(Row._make, snapshot.rows())
        here = {row.path: row for row in rows if part_of(row.path, len(parts)) in changed}
        with many_hands() as hands:
            found = hands.map(lambda index: self._read_part(generation, index, here), sorted(changed))
            apart: list[Item] = []
            for same, items in found:
                fetched.same |= same
                apart += [item for item, _ in items if item.blob]
                for item, body in items:
                    if not item.blob:
                        fetched.put(item, body)
            for item, body in hands.map(self._read_body, apart):
                fetched.put(item, body)
        return here.keys() - fetched.items.keys() - fetched.same

    def _read_part(
        self, generation: Generation, index: int, here: Mapping[str, Row]
    ) -> tuple[set[str], list[tuple[Item, bytes]]]:
        """The paths in a part that are the same here; the other documents, with their bodies if they stand there."""
        found = list(fetch_part(self._store, generation, index))
        same = {item.row.path for item, _ in found if here.get(item.row.path) == item.row}
        others = [(item, body) for item, body in found if item.row.path not in same]
        for item, body in others:
            if not item.blob:
                check_body(item, body)
        return same, others

    def _read_body(self, item: Item) -> tuple[Item, bytes]:
        body = fetch_blob(self._store, item.blob or "", BODY_OCTETS)
        check_body(item, body)
        return item, body


def check_body(item: Item, body: bytes) -> None:
    """WrongError unless a body opens, and has the tag that clients will know it by."""
    identity, gzip, _ = split(body, item.lengths)
    if make_etag(inflate(gzip or b"", BODY_OCTETS) if identity is None else identity) != item.row.etag:
        raise WrongError("a document is not what its tag says")


class Following:
    """Keeps a publication at what stands in a store."""

    def __init__(self, store: ObjectStore, settings: Settings) -> None:
        self._pointer = PointerObject(store)
        self._follower = Follower(store, settings)
        self._path = settings.publication
        self._into: Store | None = None
        self._stands: Standing | None = None
        self._next_check = 0.0

    def close(self) -> None:
        """Let go of the publication."""
        if self._into is not None:
            self._into.close()
        self._into = self._stands = None

    def step(self) -> int:
        """Look at the pointer, and take over what it names; the generation that stands here.

        MissingError before anything stands there. Any other fault leaves what is served as it is, too.
        """
        pointer = self._pointer.look()
        if pointer is None:
            raise MissingError("nothing was published into the store of replicas yet")
        into = self._open()
        generation = into.generation()
        if self._stands is None or self._stands.generation != generation:
            with closing(Snapshot(self._path)) as snapshot:
                self._stands = standing(snapshot)
        if pointer.digest != self._stands.digest:
            refuse(pointer, self._path, generation=generation, stands=self._stands)
            self._stands = None
            self._follower.take(pointer, into)
        return pointer.generation

    def _open(self) -> Store:
        """The publication, which may have been replaced or damaged meanwhile."""
        if self._into is None:
            self._into = Store(self._path)
        elif not self._into.is_in_place():
            self._into.reopen()
        elif monotonic() >= self._next_check:
            self._next_check = monotonic() + CHECK_SECONDS
            self._into.check()
        return self._into
