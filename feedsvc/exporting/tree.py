"""What an export holds: each document as a file with its name, body and fields, and what leads from address to address.

Where it goes is decided elsewhere; here is nothing that one kind of host reads and another does not.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from urllib.parse import unquote

from feedsvc import urls
from feedsvc.kinds import Kind
from feedsvc.publication import headers
from feedsvc.publication.reader import Reader
from feedsvc.publication.rows import Stored

FORMER_CARDS = 1_000  # from which an export leads on at most
# what only a service can say of each document by itself, and what hosts say anyway
LEFT_OUT = frozenset(("Vary", "Accept-Ranges", "Link", "Surrogate-Key", "Cache-Tag"))


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportedFile:
    """A document for any host of files; ``path`` is where readers ask for it, below the site's prefix.

    ``etag`` is the bare tag of its body. ``modified`` is what the host is to give as its Last-Modified, in seconds
    since 1970. ``fields`` are those of the header table that all documents like it share; ``links`` are the values of
    Link, in which ``{self}`` stands for the own address, ``{folder}`` and ``{parent}`` for what it lies in.
    ``page_path`` is where a person who opens a feed is sent.
    """

    name: str  # with slashes, below the place that the export goes to
    path: str
    kind: Kind
    media_type: str
    body: bytes
    etag: str
    modified: int
    fields: headers.Headers
    page_path: str | None = None
    links: tuple[str, ...] = ()

    @property
    def status(self) -> int:
        """What an answer with it says where the host can."""
        return self.kind.status


@dataclass(frozen=True, slots=True, kw_only=True)
class Redirect:
    """A path below the site's prefix that is no file, and the path to ask for instead."""

    path: str
    target: str
    status: int = 301


def read_tree(reader: Reader, *, has_bodies: bool = True) -> Iterator[ExportedFile | Redirect]:
    """Everything of one generation, in order of path, perhaps without bodies; StoreError when it cannot be read."""
    base = reader.state()[1].site_url
    for document in reader.every() if has_bodies else reader.heads():
        if document.kind.leads_on:
            yield Redirect(path=document.path, target=str(document.page_path), status=document.kind.status)
        else:
            yield _file(document, base)


def former_cards(redirects: Iterable[Redirect], earlier: Iterable[str]) -> list[Redirect]:
    """The ways from cards of the past, which are among the ``earlier`` paths in their order, to those of the present.

    No host of files can be told that in general: a card that there is would match, too.
    """
    ways = {each.path: each.target for each in redirects}
    cards = ((path, ways.get(urls.way_to_card(path) or "", path)) for path in dict.fromkeys(earlier))
    return [Redirect(path=path, target=card) for path, card in cards if path != card][-FORMER_CARDS:]


def file_name(path: str) -> str:
    """Where a document's path lies below the place: a page of a place is a folder with an ``index.html``."""
    name = unquote(path.removeprefix("/"))
    return f"{name}index.html" if not name or name.endswith("/") else name


def _file(document: Stored, base: str) -> ExportedFile:
    fields = (*headers.full_headers(document), *headers.kept_headers(document, None))
    return ExportedFile(
        name=file_name(document.path),
        path=document.path,
        kind=document.kind,
        media_type=document.media_type,
        body=document.variants.identity,
        etag=document.etag,
        modified=document.modified,
        fields=tuple((name, value) for name, value in fields if name not in LEFT_OUT),
        page_path=document.page_path,
        links=tuple(headers.link(rel, _relative(url, document.path, base), kind) for rel, url, kind in document.links),
    )


def _relative(url: str, path: str, base: str) -> str:
    """An address of the site in words that hold for all documents that lie and lead alike; any other as it is."""
    if not base or not url.startswith(base):
        return url
    target, folder = url.removeprefix(base.removesuffix("/")), path[: path.rindex("/") + 1]
    parent = re.sub("[^/]+/$", "", folder)
    if target == path:
        return "{self}"
    if target.startswith(folder):
        return "{folder}" + target.removeprefix(folder)
    return "{parent}" + target.removeprefix(parent) if target.startswith(parent) else url
