"""The one object of a store of replicas that changes: it says which generation stands."""

from feedsvc.object_stores import MissingError, ObjectStore
from feedsvc.replicating.blobs import ATTRIBUTES
from feedsvc.replicating.manifest import POINTER_OCTETS, Pointer, dump, load_pointer

POINTER = "current"


class PointerObject:
    """The pointer as it was last seen; asking again costs an empty answer while it stays."""

    def __init__(self, store: ObjectStore) -> None:
        self._store = store
        self._etag = ""
        self._said: Pointer | None = None

    def look(self) -> Pointer | None:
        """What it says now; None before the first word. ObjectStoreError or WrongError where nothing is learned."""
        try:
            found = self._store.get(POINTER, self._etag, most=POINTER_OCTETS)
        except MissingError:
            self._etag, self._said = "", None
        else:
            if found is not None:
                self._said, self._etag = load_pointer(found.body), found.etag
        return self._said

    def move(self, to: Pointer) -> None:
        """Have it say another generation; ConflictError unless it still said what was last seen."""
        self._store.put(POINTER, dump(to), ATTRIBUTES, is_new=self._said is None, instead_of=self._etag)
