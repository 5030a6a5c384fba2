"""What exports wrote into a bucket, as they note it there: to send only what changed, and to remove nothing else.

A run notes what it is about to touch before it does, and what came of it afterwards. So whatever a run that was killed
leaves behind is known, and is written again.
"""

import gzip
import json
from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, Self

from feedsvc.errors import FeedsvcError
from feedsvc.object_stores import CACHE_CONTROL, CONTENT_TYPE, MissingError, ObjectStore

KEY = ".feedsvc-export.json.gz"
ATTRIBUTES = {CONTENT_TYPE: "application/gzip", CACHE_CONTROL: "no-store"}
UNSURE = ""  # the digest of what a run may have changed


class ExportError(FeedsvcError):
    """An export cannot be written where it is to go; the text says why. The last one stands, or what of it is newer."""


@dataclass(slots=True)
class Record:
    """``digests`` are of all objects, by key, of their bodies and attributes.

    ``lasting`` are the keys whose objects never change; ``gone`` says since when such a one is in no export any more,
    in seconds since 1970. ``former`` are paths of cards that others may have copied. ``etag`` is that of the note.
    ``claimed`` are those of the keys at which no export is known to have written: there may be what others put there.
    """

    digests: dict[str, str] = field(default_factory=dict)
    lasting: set[str] = field(default_factory=set)
    gone: dict[str, int] = field(default_factory=dict)
    former: list[str] = field(default_factory=list)
    claimed: set[str] = field(default_factory=set)
    etag: str = ""

    def doubt(self, keys: Iterable[str]) -> None:
        """Objects of these keys may be any, or not there."""
        doubtful = dict.fromkeys(keys, UNSURE)
        self.claimed |= doubtful.keys() - self.digests.keys()
        self.digests.update(doubtful)

    def know(self, key: str, digest: str) -> None:
        """This object is there."""
        self.digests[key] = digest
        self.claimed.discard(key)

    def forget(self, keys: Iterable[str]) -> None:
        """Objects of these keys are not there any more."""
        for key in keys:
            self.digests.pop(key, None)
            self.gone.pop(key, None)
            self.lasting.discard(key)
            self.claimed.discard(key)

    def extras(self) -> tuple[Any, ...]:
        """All that is noted besides the digests, as it is now."""
        return frozenset(self.lasting), tuple(self.gone.items()), tuple(self.former)

    def keep_lasting(self, lasting: Iterable[str], there: AbstractSet[str], now: int) -> None:
        """Take in the keys of immutable objects, and say since when each is in no export any more."""
        self.lasting.update(lasting)
        left = sorted((self.lasting & self.digests.keys()) - there)
        self.gone = {key: self.gone.get(key, now) for key in left}

    def note(self, store: ObjectStore) -> None:
        """Write it down. ConflictError when another export did meanwhile."""
        said = {
            "digests": self.digests,
            "lasting": sorted(self.lasting & self.digests.keys()),
            "gone": self.gone,
            "former": self.former,
            "claimed": sorted(self.claimed),
        }
        body = gzip.compress(json.dumps(said, separators=(",", ":")).encode(), mtime=0)
        self.etag = store.put(KEY, body, ATTRIBUTES, is_new=not self.etag, instead_of=self.etag)

    @classmethod
    def read(cls, store: ObjectStore, known: Self | None = None) -> Self:
        """What is noted, where ``known`` is not that; ExportError where somebody else keeps things."""
        try:
            found = store.get(KEY, known.etag if known else "")
        except MissingError:
            other = next((each.key for each in store.listed() if each.size), None)
            if other is None:
                return cls()
            raise ExportError(f"it holds {other!r}, which no export wrote; name a new or an empty prefix") from None
        if found is None and known is not None:
            return known
        with suppress(ValueError, LookupError, TypeError, AttributeError, OSError, EOFError):
            if found is not None:
                return cls._parsed(json.loads(gzip.decompress(found.body)), found.etag)
        raise ExportError(f"what {KEY} says there is not to be understood; name a new or an empty prefix")

    @classmethod
    def _parsed(cls, said: Any, etag: str) -> Self:
        return cls(
            digests={str(key): str(digest) for key, digest in said["digests"].items()},
            lasting={str(key) for key in said["lasting"]},
            gone={str(key): int(since) for key, since in said["gone"].items()},
            former=[str(path) for path in said["former"]],
            claimed={str(key) for key in said.get("claimed", ())},
            etag=etag,
        )
