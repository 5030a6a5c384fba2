"""Buckets that hold a copy of what is published: a publish is told by bringing the copy up to date."""

from collections.abc import Callable
from functools import lru_cache
from pathlib import Path

from feedsvc.announcing.target import COPIES, Answer, Target
from feedsvc.errors import FeedsvcError
from feedsvc.exporting.bucket import export_bucket
from feedsvc.exporting.record import Record
from feedsvc.kinds import DAY
from feedsvc.object_stores import ObjectStore, open_store
from feedsvc.publication.replica import Snapshot


def bucket(url: str, publication: Path, clock: Callable[[], float]) -> Target:
    """The bucket at an address."""
    copy = _known_copy(url, publication)
    return Target(
        name=f"bucket {url}",
        wants=lambda _path, _kind: True,
        ask=lambda _paths: lambda: copy.update(int(clock())),
        turn=COPIES,
        named_at_most=0,  # it is compared with all there is
        patience=3 * DAY,
    )


class _Copy:
    """A bucket and what is known of it."""

    def __init__(self, url: str, publication: Path) -> None:
        self._url = url
        self._publication = publication
        self._store: ObjectStore | None = None
        self._known: Record | None = None

    def update(self, now: int) -> Answer:
        """Bring it up to date."""
        known, self._known = self._known, None
        try:
            self._store = self._store or open_store(self._url)
            with Snapshot(self._publication) as snapshot:
                sent = export_bucket(snapshot, self._store, now, known)
        except FeedsvcError as fault:
            return Answer(status=0, words=str(fault))
        self._known = sent.record
        return Answer(status=200, words=str(sent))


_known_copy = lru_cache(maxsize=8)(_Copy)
