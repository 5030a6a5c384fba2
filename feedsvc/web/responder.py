"""Requests become answers: a look-up in what is already known of this epoch, or one read of the publication.

Both doors (the WSGI layer and the worker class) ask here, so both say the same.
"""

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import cached_property, partial
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote

from feedsvc import urls
from feedsvc.kinds import ERROR, MOVED
from feedsvc.publication import headers
from feedsvc.publication.database import StoreError
from feedsvc.publication.rows import Stored
from feedsvc.web.cache import LARGE
from feedsvc.web.counts import OTHER, counts_folder, take_counts
from feedsvc.web.following import Epoch, Following, OutdatedError, Replies
from feedsvc.web.negotiation import Asked
from feedsvc.web.representation import Said, answer_method, come_back, live, move, represent, represent_error

ANSWER_WEIGHT = 2_048  # octets that an answer takes beside its body
SAFE_IN_PATH = "/:@!$&'()*+,;=-._~"  # RFC 3986 section 3.3


@dataclass(frozen=True, slots=True)
class Answer:
    """A finished response.

    ``status`` is ``"200 OK"``. ``headers`` hold everything but Date, Server and Connection; Content-Length is that of
    the body a GET would carry (RFC 9110 section 8.6) and absent from a 304. ``body`` is empty for HEAD and 304; that of
    a 206 is a view, so that a part costs no copy. ``kind`` is that of the document, for whoever counts answers.

    ``replies`` are those of the epoch from which it was made, None where it may not be remembered; not the epoch, which
    nobody who is still sent something shall keep. ``document`` is there if the body is large: as long as anybody holds
    it, others are answered with the same octets.
    """

    status: str
    headers: headers.Headers
    body: bytes | memoryview
    replies: Replies | None = None
    kind: str = OTHER
    document: Stored | None = None

    @property
    def is_small(self) -> bool:
        """Whether it is worth remembering; a view would keep all of its document."""
        return len(self.body) < LARGE and isinstance(self.body, bytes)


class Responder:
    """Answers for the documents of one publication. Any number of threads may ask; ``clock`` gives seconds since 1970.

    ``epoch`` is what is in force; StoreError while nothing is.
    """

    def __init__(
        self, publication: Path, clock: Callable[[], float], is_routed: Callable[[str], bool] = lambda _path: False
    ) -> None:
        self._publication = publication
        self._is_routed = is_routed  # whether the application itself has something at a path
        self._following = Following(publication, clock)
        self.epoch = self._following.epoch
        self.reader = self._following.reader

    @cached_property  # not before the fork: each process counts for itself
    def counts(self) -> "memoryview[int]":
        """What this process counts its answers in, by cell (see ``counts``)."""
        return take_counts(counts_folder(self._publication))

    def answer(self, environ: Mapping[str, Any]) -> Answer | None:
        """The answer to a WSGI request (PEP 3333), or None where the application has its own. It waits for nobody."""
        asked = Asked.of(environ)
        if asked.path == urls.HEALTH:  # that the process answers: nothing more
            return _make(live(asked.method), asked)
        while True:
            try:
                epoch = self.epoch()
                return epoch.answers.get(asked) or self._work_out(epoch, asked)
            except OutdatedError:
                continue  # as often as something is published meanwhile
            except StoreError:
                return None if self._is_routed(asked.path) else _make(come_back(), asked)

    def own_path(self, path: str) -> str:
        """A path of a WSGI environ as the application knows it: without that of the site, which a proxy may keep."""
        with suppress(StoreError):
            return _without(self.epoch().prefix, path)
        return path

    def _work_out(self, epoch: Epoch, asked: Asked) -> Answer | None:
        answer = self._look_up(epoch, asked)
        if answer is not None:
            if answer.is_small:
                weight = len(answer.body) + sum(len(part) for part in asked if part) + ANSWER_WEIGHT
                epoch.answers.keep(asked, answer, weight)
            return answer
        path = _without(epoch.prefix, asked.path)
        if path == urls.HEALTH:
            return _make(live(asked.method), asked)
        if self._is_routed(path):
            return None
        page = self._following.find(epoch, urls.NOT_FOUND)
        missed = _own_paths(epoch, asked.path)[0]
        return None if page is None else _make(represent_error(page, epoch, missed), asked, epoch, page)

    def _look_up(self, epoch: Epoch, asked: Asked) -> Answer | None:
        """What a document answers, or a way to the one that was meant; None where there is neither."""
        paths, find = _own_paths(epoch, asked.path), partial(self._following.find, epoch)
        document = next(filter(None, map(find, paths)), None)
        if document is not None and document.kind is not ERROR:
            return _make(represent(document, epoch, asked), asked, epoch, document)
        missed = (near for path in paths for near in urls.near_misses(path, epoch.categories))
        meant = next(filter(None, map(find, missed)), None)
        if meant is None:
            return None
        target, kind = (str(meant.page_path), meant.kind) if meant.kind.leads_on else (meant.path, MOVED)
        return _make(answer_method(asked.method) or move(epoch, paths[0], target, kind), asked, epoch)


def _without(prefix: str, path: str) -> str:
    """A path of a WSGI environ without the site's, where it begins with it."""
    begin = unquote(prefix, "latin-1")
    return path.removeprefix(begin) if path.startswith(f"{begin}/") else path


def _own_paths(epoch: Epoch, path: str) -> tuple[str, ...]:
    """A request's path as documents are filed: percent-encoded, below the base URL's own path.

    A proxy in front, or whoever mounts the application at a path, has taken that off, or has not.
    """
    quoted = quote(path.encode("latin-1"), safe=SAFE_IN_PATH)
    own = quoted.removeprefix(epoch.prefix)
    is_kept = epoch.prefix and quoted.startswith(epoch.prefix) and own[:1] in ("", "/")
    return (own, quoted) if is_kept else (quoted,)


def _make(said: Said, asked: Asked, epoch: Epoch | None = None, document: Stored | None = None) -> Answer:
    status, fields, body = said
    replies, kind = None if epoch is None else epoch.replies, OTHER if document is None else document.kind.name
    answer = Answer(status, fields, b"" if asked.method == "HEAD" else body, replies, kind)
    return answer if answer.is_small else replace(answer, document=document)
