"""A generation as blobs: what of it a store lacks is written, bodies before the parts that name them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from feedsvc.object_stores import ObjectStore
from feedsvc.object_stores.hands import Hands, many_hands
from feedsvc.publication.replica import Snapshot
from feedsvc.replicating.blobs import blob_key, keep
from feedsvc.replicating.manifest import (
    INLINE_OCTETS,
    Generation,
    Item,
    Row,
    choose_parts,
    digest_of,
    pack_claims,
    pack_part,
    part_of,
)


@dataclass(slots=True)
class _Packed:
    """A part as it was packed last: of which rows, under which name."""

    rows: Sequence[Row]
    name: str


@dataclass(slots=True)
class Packing:
    """Packs generation after generation for one store. What is known to lie there is not sent again.

    ``blobs`` are the names of such, ``count`` is how many parts there are.
    """

    store: ObjectStore
    blobs: set[str] = field(default_factory=set)
    count: int = 0
    _parts: dict[int, _Packed] = field(default_factory=dict)

    def know(self, generation: Generation) -> None:
        """Take what a generation names for there."""
        self.blobs, self.count, self._parts = {*generation.parts, generation.memory}, len(generation.parts), {}

    def forget(self) -> None:
        """Take nothing for granted."""
        self.blobs, self._parts = set(), {}

    def pack(self, snapshot: Snapshot) -> Generation:
        """Write what the store lacks of a generation, but for the generation itself."""
        state = snapshot.state()[1]
        return Generation(
            generation=snapshot.generation(),
            state={**state.to_rows(), "modified": str(state.modified)},
            memory=self._send_memory(snapshot),
            parts=self._send_parts(snapshot),
        )

    def _send_memory(self, snapshot: Snapshot) -> str:
        octets = pack_claims(snapshot.claims())
        name = digest_of(octets)
        if name not in self.blobs:
            self.blobs.add(self._keep((name, octets)))
        return name

    def _send_parts(self, snapshot: Snapshot) -> list[str]:
        rows = list(map(Row._make, snapshot.rows()))
        count = choose_parts(len(rows), self.count)
        if count != self.count:
            self._parts, self.count = {}, count
        cut: list[list[Row]] = [[] for _ in range(count)]
        for row in rows:
            cut[part_of(row.path, count)].append(row)
        known = self._parts
        changed = [index for index, part in enumerate(cut) if index not in known or known[index].rows != part]
        with many_hands() as hands:
            names = self._send(hands, snapshot, [cut[index] for index in changed])
        for index, name in zip(changed, names, strict=True):
            known[index] = _Packed(cut[index], name)
        return [known[index].name for index in range(count)]

    def _send(self, hands: Hands, snapshot: Snapshot, parts: Sequence[Sequence[Row]]) -> list[str]:
        """Write these parts; their names."""
        named: list[str] = []
        waiting: list[tuple[str, bytes]] = []

        def bodies() -> Iterator[tuple[str, bytes]]:
            for rows in parts:
                octets, apart = _pack(snapshot, rows)
                named.append(digest_of(octets))
                if named[-1] not in self.blobs:
                    waiting.append((named[-1], octets))
                    yield from (blob for blob in apart.items() if blob[0] not in self.blobs)

        for blobs in (bodies(), waiting):
            for name in hands.map(self._keep, blobs):
                self.blobs.add(name)
        return named

    def _keep(self, blob: tuple[str, bytes]) -> str:
        name, octets = blob
        keep(self.store, blob_key(name), octets)
        return name


def _pack(snapshot: Snapshot, rows: Sequence[Row]) -> tuple[bytes, dict[str, bytes]]:
    """The octets of a part, and the blobs that it names."""
    items: list[Item] = []
    inline: list[bytes] = []
    apart: dict[str, bytes] = {}
    for row in rows:
        codings = snapshot.codings(row.path)
        body = b"".join(coded for coded in codings if coded is not None)
        identity, gzip, br = (None if coded is None else len(coded) for coded in codings)
        name = digest_of(body) if len(body) >= INLINE_OCTETS else None
        if name is None:
            inline.append(body)
        else:
            apart[name] = body
        items.append(Item(row, (identity, gzip, br), name))
    return pack_part(items, inline), apart
