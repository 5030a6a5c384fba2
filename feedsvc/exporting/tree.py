"""What an export holds: each document as a file with its name, body and fields, and what leads from address to address.

Where it goes is decided elsewhere; here is nothing that one kind of host reads and another does not.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from urllib.parse import unquote

from feedsvc import urls
from feedsvc.publication import headers
from feedsvc.publication.reader import Reader
from feedsvc.publication.rows import Stored

FORMER_CARDS = 1_000  # from which an export leads on at most


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportedFile:
    """A document for any host of files; ``path`` is where readers ask for it, with the site's prefix.

    ``modified`` is what the host is to give as its Last-Modified, in seconds since 1970. ``fields`` are those of the
    header table that say the same whatever a request asks for.
    """

    name: str  # with slashes, below the place that the export goes to
    path: str
    media_type: str
    body: bytes
    modified: int
    fields: headers.Headers


@dataclass(frozen=True, slots=True, kw_only=True)
class Redirect:
    """A path of the site that is no file, and the path to ask for instead."""

    path: str
    target: str
    status: int


def read_tree(reader: Reader) -> Iterator[ExportedFile | Redirect]:
    """Everything of one generation, in order of path; StoreError when it cannot be read."""
    prefix = reader.state()[1].prefix
    for document in reader.every():
        status = document.kind.status
        if 300 <= status < 400:
            yield Redirect(path=prefix + document.path, target=f"{prefix}{document.page_path}", status=status)
        else:
            yield _file(document, prefix)
            yield from _habitual(document, prefix)
            for other in urls.other_orders(document.path):
                yield Redirect(path=prefix + other, target=prefix + document.path, status=301)


def former_cards(redirects: Iterable[Redirect], earlier: Iterable[str]) -> list[Redirect]:
    """The ways from cards of the past, which are among the ``earlier`` paths in their order, to those of the present.

    No host of files can be told that in general: a card that there is would match, too.
    """
    ways = {each.path: each.target for each in redirects}
    cards = ((path, ways.get(urls.way_to_card(path) or "", path)) for path in dict.fromkeys(earlier))
    return [Redirect(path=path, target=card, status=301) for path, card in cards if path != card][-FORMER_CARDS:]


def file_name(path: str) -> str:
    """Where a document's path lies below the place: a page of a place is a folder with an ``index.html``."""
    name = unquote(path.removeprefix("/"))
    return f"{name}index.html" if not name or name.endswith("/") else name


def _file(document: Stored, prefix: str) -> ExportedFile:
    fields = (*headers.full_headers(document), *headers.kept_headers(document, None))
    return ExportedFile(
        name=file_name(document.path),
        path=prefix + document.path,
        media_type=document.media_type,
        body=document.variants.identity,
        modified=document.modified,
        fields=tuple((name, value) for name, value in fields if name not in ("Vary", "Accept-Ranges")),
    )


def _habitual(feed: Stored, prefix: str) -> Iterator[Redirect]:
    """The addresses at which people look for a feed."""
    for habit, name in urls.HABITUAL_FEED_NAMES.items():
        if feed.page_path and feed.path == feed.page_path + name:
            yield Redirect(path=f"{prefix}{feed.page_path}{habit}", target=prefix + feed.path, status=301)
