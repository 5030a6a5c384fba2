"""Hands each generation of a publication to a store of replicas; the pointer is moved last, and on condition."""

import secrets
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace

from feedsvc.errors import FeedsvcError
from feedsvc.kinds import DAY
from feedsvc.object_stores import ConflictError, ObjectStore
from feedsvc.publication.replica import Snapshot
from feedsvc.publication.store import Store
from feedsvc.replicating.blobs import ATTRIBUTES, fetch_generation, keep
from feedsvc.replicating.follower import Follower, last_taken
from feedsvc.replicating.manifest import Pointer, WrongError, digest_of, dump
from feedsvc.replicating.packing import Packing
from feedsvc.replicating.pointer import PointerObject
from feedsvc.replicating.record import Record, read_record, record_path, write_record
from feedsvc.replicating.sweep import sweep
from feedsvc.settings import Settings

PROBE = "probe"


class CarelessStoreError(FeedsvcError):
    """The store writes although a condition does not hold."""


class AnotherPublisherError(FeedsvcError):
    """Another publisher has moved the pointer, once more."""


class Replicator:
    """Keeps a store at what one publication holds. ``clock`` gives seconds since 1970.

    ``adopted`` is called when the publication was brought to what another publisher wrote.
    """

    def __init__(
        self,
        store: ObjectStore,
        settings: Settings,
        clock: Callable[[], float],
        adopted: Callable[[], None] = lambda: None,
    ) -> None:
        self._store = store
        self._settings = settings
        self._clock = clock
        self._adopted = adopted
        self._is_probed = False
        self._pointer = PointerObject(store)
        self._packing = Packing(store)

    def step(self) -> int:
        """Bring the store to what is published, if it is not; the generation.

        ObjectStoreError, WrongError and StoreError when that cannot be done now. AnotherPublisherError when it is not
        to be done any more, CarelessStoreError when the store is unfit for it.
        """
        record = read_record(self._settings.publication)
        if record.is_over:
            raise self._over()
        self._probe()
        pointer = self._pointer.look()
        with closing(Snapshot(self._settings.publication)) as snapshot:
            generation, taken = snapshot.generation(), "" if record.stands else last_taken(snapshot).digest
            if pointer is not None and pointer.digest in {taken, record.proposed}:
                record = self._note(replace(record, stands=pointer.digest, generation=pointer.generation, proposed=""))
            if pointer is not None and (record.stands != pointer.digest or pointer.generation > generation):
                snapshot.close()
                return self._give_way(pointer, record)
            if generation and (pointer is None or pointer.generation != generation):
                self._send(snapshot, pointer, record)
        return generation

    def tidy(self) -> None:
        """Remove what nobody needs any more, and write again what is missing."""
        pointer = self._pointer.look()
        if pointer is None or read_record(self._settings.publication).stands != pointer.digest:
            return
        self._packing.blobs.clear()  # before any of them goes: what comes back a day later is to be sent again
        if sweep(self._store, pointer, self._clock()):
            self._packing.forget()
            with closing(Snapshot(self._settings.publication)) as snapshot:
                self._packing.pack(snapshot)

    def _probe(self) -> None:
        """CarelessStoreError when the store moves things although their conditions do not hold."""
        if self._is_probed:
            return
        keep(self._store, PROBE, b"")
        for etag in ("", f'"{secrets.token_hex(16)}"'):
            try:
                self._store.put(PROBE, b"", ATTRIBUTES, is_new=not etag, instead_of=etag)
            except ConflictError:
                continue
            raise CarelessStoreError(
                "the store of replicas writes although a condition (If-Match, If-None-Match) does not hold, so two "
                "publishers could take turns there; use a store that heeds them"
            )
        self._is_probed = True

    def _give_way(self, pointer: Pointer, record: Record) -> int:
        """Adopt what another publisher wrote, and its memory; the second time within a day, stop."""
        publication, now, is_own = self._settings.publication, self._clock(), record.stands == pointer.digest
        if not is_own and pointer.generation <= record.generation:  # who moves it on adopts it first, and goes on
            raise WrongError(f"the store of replicas says what was there before generation {record.generation}")
        if not is_own and record.gave_way and abs(now - record.gave_way) < DAY:
            self._note(replace(record, is_over=True))
            raise self._over()
        with closing(Store(publication)) as store:
            Follower(self._store, self._settings).take(pointer, store, is_publisher=True)
            given = record.gave_way if is_own else now
            self._note(Record(stands=pointer.digest, generation=pointer.generation, gave_way=given))
            self._adopted()
            return store.generation()

    def _over(self) -> AnotherPublisherError:
        return AnotherPublisherError(
            "another publisher writes to the store of replicas, too, so this one writes there no more; "
            f"end one of the two, then delete {record_path(self._settings.publication)}"
        )

    def _send(self, snapshot: Snapshot, pointer: Pointer | None, record: Record) -> None:
        """Write what the store lacks of a generation, and then move the pointer there."""
        if pointer is None:
            self._packing.forget()
        elif not self._packing.count:
            self._packing.know(fetch_generation(self._store, pointer))
        generation = self._packing.pack(snapshot)
        octets = dump(generation)
        proposed = Pointer(generation=generation.generation, digest=digest_of(octets))
        keep(self._store, proposed.key, octets)
        self._note(replace(record, proposed=proposed.digest))
        self._pointer.move(proposed)
        self._note(replace(record, stands=proposed.digest, generation=proposed.generation, proposed=""))

    def _note(self, record: Record) -> Record:
        if record != read_record(self._settings.publication):
            write_record(self._settings.publication, record)
        return record
