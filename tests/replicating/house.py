"""A publisher and its replicas over one store, in this process: each step is taken when a test says so."""

import atexit
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from shutil import copytree, rmtree
from tempfile import mkdtemp

from feedsvc.object_stores import Listed, Object, ObjectStore, open_store
from feedsvc.publication.reader import Reader
from feedsvc.publication.rows import Stored
from feedsvc.publishing.once import publish_content
from feedsvc.replicating.follower import Following
from feedsvc.replicating.publisher import Replicator
from feedsvc.settings import Settings, now
from tests.harness.folder import write_folder, write_update

Fault = Callable[[str, str], None]


@dataclass(slots=True)
class Watched:
    """A store that says what it was asked for, and before that does what a test wants: ``fault`` may raise.

    ``instead`` has what it answers in place of what lies under a key, ``older`` by how many seconds it is.
    """

    store: ObjectStore = field(default_factory=lambda: open_store("memory:///"))
    asked: list[tuple[str, str]] = field(default_factory=list)
    fault: Fault = lambda _method, _key: None
    instead: dict[str, bytes] = field(default_factory=dict)
    octets: int = 0

    def get(self, key: str, known: str = "", *, most: int | None = None) -> Object | None:
        self._say("get", key)
        if key in self.instead:
            return Object(body=self.instead[key], etag="another")
        found = self.store.get(key, known, most=most)
        self.octets += len(found.body) if found else 0
        return found

    def put(
        self, key: str, body: bytes, attributes: Mapping[str, str], *, is_new: bool = False, instead_of: str = ""
    ) -> str:
        self._say("put", key)
        self.octets += len(body)
        return self.store.put(key, body, attributes, is_new=is_new, instead_of=instead_of)

    def listed(self, prefix: str = "") -> Iterator[Listed]:
        self._say("list", prefix)
        yield from self.store.listed(prefix)

    def delete(self, keys: Iterable[str]) -> None:
        self._say("delete", "")
        self.store.delete(keys)

    def _say(self, method: str, key: str) -> None:
        self.asked.append((method, key))
        self.fault(method, key)


@cache
def published(updates: int) -> Path:
    """A folder with content that is published: made once, because to make it takes longer than any test of it."""
    home = Path(mkdtemp(prefix="replicas"))
    atexit.register(rmtree, home, ignore_errors=True)
    settings = Settings(
        content=write_folder(home / "content", updates), publication=home / "instance" / "publication.db"
    )
    publish_content(settings, now())
    return home


class House:
    """A content folder with its publisher, which hands on to a store. ``now`` may be moved."""

    def __init__(self, home: Path, store: Watched, updates: int = 2) -> None:
        copytree(published(updates), home, dirs_exist_ok=True)
        self.content = home / "content"
        self.settings = Settings(content=self.content, publication=home / "instance" / "publication.db")
        self.store = store
        self.now = now().timestamp()
        self.restart()

    def restart(self) -> None:
        """Forget what only the process knew."""
        self.replicator = Replicator(self.store, self.settings, lambda: self.now)

    def publish(self) -> int:
        """Publish what the content says; the generation."""
        return publish_content(self.settings, now()).generation

    def hand_on(self) -> int:
        return self.replicator.step()

    def change(self, title: str, number: int = 1) -> int:
        """Give an update another title, publish that and hand it on; the generation."""
        write_update(self.content, number, title=title)
        self.publish()
        return self.hand_on()


class Replica:
    """A service that follows a store."""

    def __init__(self, home: Path, store: Watched) -> None:
        self.settings = Settings(publication=home / "publication.db")
        self.following = Following(store, self.settings)

    def look(self) -> int:
        return self.following.step()


def documents(settings: Settings) -> tuple[int, dict[str, Stored]]:
    """The generation of a publication, and every document with its date, by path."""
    with closing(Reader(settings.publication)) as reader:
        return reader.generation(), {document.path: document for document in reader.every()}
