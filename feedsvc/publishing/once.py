"""One publish by somebody who does not stay: into the publication, or aside to see all that is wrong with content."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from feedsvc.content.loader import load_content
from feedsvc.content.source import Content
from feedsvc.errors import ContentError, Note
from feedsvc.publication.store import Store
from feedsvc.publishing.publisher import Publisher
from feedsvc.publishing.quarantine import ChildDiedError, outlive
from feedsvc.publishing.request import PLAIN, Outcome, Request
from feedsvc.publishing.timings import EMBEDDED, Timings
from feedsvc.settings import Settings


def publish_content(
    settings: Settings, as_of: datetime, request: Request = PLAIN, timings: Timings = EMBEDDED
) -> Outcome:
    """Bring the publication up to date with the content as it is to be seen at ``as_of``.

    ContentError when ``site.yaml`` is at fault and no earlier good one is known; StoreError when the publication cannot
    be written; any of them leaves it as it was. Files with mistakes are among the outcome's ``problems``.
    """
    store = Store(settings.publication)
    try:
        return Publisher(settings, store, timings).publish(as_of, request)
    finally:
        store.close()


def check_all(settings: Settings, as_of: datetime, publish: Callable[[Settings], Outcome]) -> Content:
    """All content with everything wrong in it: what does not load, and what does not render.

    It is read by a child: a file that ends the process that reads it is a problem like others. ``publish`` publishes
    in such a child, too.
    """
    deadly: frozenset[str] = frozenset()
    noted: tuple[Note, ...] = ()
    try:
        with TemporaryDirectory() as scratch:
            apart = replace(settings, publication=Path(scratch, "publication.db"), pictures=settings.kept_pictures)
            outcome = publish(apart)
        # what loads must render, too; and which addresses lead nowhere is known then
        known, deadly, noted = outcome.problems, outcome.deadly, outcome.notes
    except ContentError as fault:
        known = fault.problems
    try:
        content = outlive(partial(load_content, settings.content, settings, as_of, deadly), lives=1)
    except ChildDiedError:
        raise ContentError(known) from None
    named = {problem.file for problem in content.problems}
    more = [problem for problem in known if problem.file not in named]
    notes = tuple(sorted({*content.notes, *noted}))
    return replace(content, problems=tuple(sorted([*content.problems, *more])), notes=notes)
