"""An export into an object store: what changed is sent, and nothing that an export did not write is touched.

Each address has its old document or its new one at every moment. New ones come before those that lead there, and what
is gone goes last, so that no page leads to what is not there yet.
"""

import hashlib
from collections.abc import Collection, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from itertools import groupby

from feedsvc.exporting.edge import SCRIPTS
from feedsvc.exporting.record import ExportError, Record
from feedsvc.exporting.rules import make_rules
from feedsvc.exporting.stand_ins import stand_ins
from feedsvc.exporting.tree import ExportedFile, Redirect, former_cards, read_tree
from feedsvc.kinds import DAY
from feedsvc.object_stores import (
    CACHE_CONTROL,
    CONTENT_TYPE,
    ConflictError,
    MissingError,
    Object,
    ObjectStore,
    ObjectStoreError,
)
from feedsvc.object_stores.hands import many_hands
from feedsvc.publication.headers import HORIZON, HTML, MOVED_FIELDS
from feedsvc.publication.replica import Snapshot

AT_ONCE = 8  # requests
NOTED_AFTER = 1_000  # objects: a run that is ended need not send them again
LASTS = DAY + HORIZON  # seconds for which an address with a digest is kept that nothing names any more
LAST = 5  # of the ranks
TRIES = 3  # when another export writes there, too
SCRIPT = {CONTENT_TYPE: "text/javascript; charset=utf-8", CACHE_CONTROL: "no-cache, max-age=0"}
DIGEST = "sha256"  # the attribute that holds it, of the body


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """What a run did. ``count`` is how many documents the export holds, ``octets`` how many were sent in bodies."""

    count: int
    record: Record
    sent: int = 0
    octets: int = 0
    removed: int = 0

    def __str__(self) -> str:
        """In a line."""
        return f"{self.sent} objects sent ({self.octets} octets), {self.removed} removed"


def export_bucket(snapshot: Snapshot, store: ObjectStore, now: int, known: Record | None = None) -> Sent:
    """Bring a bucket up to date with the publication at ``now``, in seconds since 1970.

    ``known`` is the record of an earlier run. ExportError or ObjectStoreError leaves every address consistent, and
    the next run goes on from there.
    """
    touched: set[str] = set()
    for _ in range(TRIES):
        record = Record.read(store, None if touched else known)
        record.doubt(touched)
        run = _Run(snapshot, store, record, now)
        try:
            return run.carry_out()
        except ConflictError:  # so nobody knows whose objects are there
            touched |= run.touched
    raise ExportError("another export writes there all the time; let one alone do it")


class _InTheWayError(ExportError):
    """What stands at a key was written by no export."""

    def __init__(self, key: str) -> None:
        self.key = key
        super().__init__(f"{key!r} is there, and no export wrote it; move it away, or name another prefix")


@dataclass(frozen=True, slots=True)
class _Item:
    """An object as it is to be; ``body`` is None where it is that of the document at ``path``."""

    key: str
    rank: int
    digest: str
    attributes: Mapping[str, str]
    path: str = ""
    body: bytes | None = None


@dataclass(slots=True)
class _Run:
    """One run. ``touched`` are the keys of what it may have changed, ``new`` those where nothing may be yet."""

    snapshot: Snapshot
    store: ObjectStore
    record: Record
    now: int
    touched: frozenset[str] = frozenset()
    new: frozenset[str] = frozenset()
    octets: int = 0

    def carry_out(self) -> Sent:
        """Do all there is to do."""
        files, redirects = self._read()
        before = self.record.extras()
        items = (*map(self._item, files), *self._stand_ins(files, redirects), *self._scripts(files, redirects))
        wanted = {item.key: item for item in items}
        self.record.keep_lasting({file.name for file in files if file.kind.is_immutable}, wanted.keys(), self.now)
        known = self.record.digests
        removed = [key for key in known if key not in wanted and self.now - self.record.gone.get(key, 0) >= LASTS]
        sent = [item for item in wanted.values() if known.get(item.key) != item.digest]
        sent.sort(key=lambda item: (item.rank, item.key))
        if sent or removed:
            self._claim([item.key for item in sent], removed)
            try:
                self._send(sent)
                self.store.delete([key for key in removed if self._is_ours(key)])
            except (ObjectStoreError, _InTheWayError) as fault:
                self._leave(fault)
                raise
            self.record.forget(removed)
        if sent or removed or before != self.record.extras():
            self.record.note(self.store)
        return Sent(count=len(files), record=self.record, sent=len(sent), octets=self.octets, removed=len(removed))

    def _leave(self, fault: Exception) -> None:
        """Note what is there, for it need not be sent again, and not to touch what is in the way."""
        if isinstance(fault, _InTheWayError):
            self.record.forget([fault.key])
        if not isinstance(fault, ConflictError):
            with suppress(ObjectStoreError):
                self.record.note(self.store)

    def _read(self) -> tuple[list[ExportedFile], list[Redirect]]:
        files: list[ExportedFile] = []
        redirects: list[Redirect] = []
        for each in read_tree(self.snapshot, has_bodies=False):
            redirects.append(each) if isinstance(each, Redirect) else files.append(each)
        return files, redirects

    def _stand_ins(self, files: list[ExportedFile], redirects: list[Redirect]) -> Iterator[_Item]:
        """What lies at former addresses, for whoever meets the store itself."""
        targets = {redirect.path: redirect.target for redirect in redirects}
        for each in stand_ins(redirects, files, self.snapshot.state()[1].site_url, lambda _name: b""):
            said = replace(each, fields=((CONTENT_TYPE, dict(each.fields)[CONTENT_TYPE]), *MOVED_FIELDS))
            if each.body:
                yield replace(self._item(replace(said, etag=_digest(each.body))), body=each.body)
            else:
                yield replace(self._item(said), path=targets[each.path])

    def _scripts(self, files: list[ExportedFile], redirects: list[Redirect]) -> Iterator[_Item]:
        """The rules for what runs in front of the bucket; the cards of the past are remembered for them."""
        earlier = [*self.record.former, *(f"/{key}" for key in sorted(self.record.digests))]
        cards = former_cards(redirects, earlier)
        self.record.former = [card.path for card in cards]
        state = self.snapshot.state()[1]
        rules = make_rules(state.prefix, files, [*redirects, *cards])
        for key, write in SCRIPTS.items():
            body = write(rules, state.site_url).encode()
            yield _Item(key=key, rank=LAST, digest=_digest(body), attributes=SCRIPT, body=body)

    def _item(self, file: ExportedFile) -> _Item:
        said = dict(file.fields)
        attributes = {name: said[name] for name in (CONTENT_TYPE, CACHE_CONTROL)}
        digest = _digest("\n".join((file.etag, *attributes.values())).encode())
        return _Item(key=file.name, rank=self._rank(file), digest=digest, attributes=attributes, path=file.path)

    def _rank(self, file: ExportedFile) -> int:
        """When it is sent: what is new and leads nowhere, what is new, pages of what is new, pages, feeds, the rest."""
        is_page = file.media_type == HTML
        if not self.record.digests.get(file.name):
            return 0 if file.kind.is_immutable or "Accept-Ranges" in dict(file.fields) else 2 if is_page else 1
        return 3 if is_page else 4 if file.page_path else LAST

    def _claim(self, sent: Collection[str], removed: Collection[str]) -> None:
        """Note what will be touched; if others do so at the same time, all but one of them fail at their next note."""
        self.record.doubt((*sent, *removed))
        self.new = frozenset(sent) & self.record.claimed
        self.record.note(self.store)
        self.touched = frozenset((*sent, *removed))

    def _send(self, items: list[_Item]) -> None:
        """Send them, those of a rank after all of the one before."""
        with many_hands(AT_ONCE, AT_ONCE) as hands:
            for _, group in groupby(items, key=lambda item: item.rank):
                with_bodies = ((item, self._body(item)) for item in group)
                for count, item in enumerate(hands.map(self._put, with_bodies), 1):
                    self.record.know(item.key, item.digest)
                    if count % NOTED_AFTER == 0:
                        self.record.note(self.store)

    def _body(self, item: _Item) -> bytes:
        _, document = self.snapshot.read(item.path)  # there is one: it is the same generation
        body = document.variants.identity if document and item.body is None else item.body or b""
        self.octets += len(body)
        return body

    def _is_ours(self, key: str) -> bool:
        """Whether an export wrote what is there."""
        if key not in self.record.claimed:
            return True
        with suppress(MissingError):
            found = self.store.get(key)
            return found is not None and _is_exported(found)
        return False

    def _put(self, sent: tuple[_Item, bytes]) -> _Item:
        item, body = sent
        attributes = {**item.attributes, DIGEST: hashlib.sha256(body).hexdigest()}
        try:
            self.store.put(item.key, body, attributes, is_new=item.key in self.new)
        except ConflictError:  # or it was sent twice, for the first answer was lost
            found = self.store.get(item.key)
            if found is None or not (found.body == body or _is_exported(found)):
                raise _InTheWayError(item.key) from None
            self.store.put(item.key, body, attributes)
        return item


def _is_exported(found: Object) -> bool:
    """Whether an object says of itself what exports do: it may be that of a run that was killed."""
    return found.attributes.get(DIGEST) == hashlib.sha256(found.body).hexdigest()


def _digest(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()[:16]
