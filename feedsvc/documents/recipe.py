"""A document that exists: what is known of it, its key and the way to make its body; and one that does not.

The key digests everything that the document depends on, the code included, so a publish renders exactly those documents
whose key differs from the stored one.
"""

import hashlib
import sys
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import cache
from importlib import metadata, resources
from importlib.resources.abc import Traversable

from feedsvc.model import Document

MAKERS = (
    "feedgen",
    "icalendar",
    "lxml",
    "jinja2",
    "comrak",
    "nh3",
    "brotli",
    "deflate",
    "segno",
)  # another release may make other bytes


@dataclass(frozen=True, slots=True)
class Recipe:
    """A document that exists, but for its body; ``make`` gives that, and has no error path."""

    document: Document
    key: str
    make: Callable[[], bytes]

    @property
    def path(self) -> str:
        """The document's address."""
        return self.document.path

    def render(self) -> Document:
        """The document with its body."""
        return replace(self.document, body=self.make())


@dataclass(frozen=True, slots=True)
class Absent:
    """A path at which there is nothing, or nothing any more; with ``below``, everything there that has no recipe."""

    path: str
    below: bool = False


def make_recipe(document: Document, make: Callable[[], bytes], *depends: str) -> Recipe:
    """The recipe of a document whose body ``make`` gives; it depends on the code, and on what ``depends`` says."""
    said = "\0".join((code_digest(), document.kind.name, document.path, *depends))
    return Recipe(document, hashlib.sha256(said.encode()).hexdigest()[:32], make)


@cache
def code_digest() -> str:
    """A digest of everything in this program that may change a document's bytes."""
    digest = hashlib.sha256(f"{zlib.ZLIB_RUNTIME_VERSION} {sys.version_info[:2]}".encode())
    for name in MAKERS:
        digest.update(f"{name} {metadata.version(name)}\n".encode())
    for name, file in sorted(_code(resources.files("feedsvc"), "")):
        digest.update(f"{name} {len(file)}\n".encode() + file)
    return digest.hexdigest()


def _code(folder: Traversable, prefix: str) -> Iterator[tuple[str, bytes]]:
    for item in folder.iterdir():
        if item.is_file():
            if not item.name.endswith(".md"):
                yield prefix + item.name, item.read_bytes()
        elif item.name not in ("__pycache__", "recipes"):
            yield from _code(item, f"{prefix}{item.name}/")
