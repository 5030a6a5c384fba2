"""Whether a file that is saved now would appear in time: the publication and the status beside it, judged together.

Every cause for which it would not is named, so that health, metrics and the command line say the same.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from feedsvc.publication.database import StoreError
from feedsvc.publication.reader import Reader
from feedsvc.publication.state import State
from feedsvc.publication.status import CAUSES, Cause, Publishing, Replication, Supervision, read_status

IN_TIME = 15.0  # seconds within which a saved file appears, and within which the publishing process is heard of
DEATHS_ALLOWED = 1  # in a row: the second is no accident


@dataclass(frozen=True, slots=True)
class Reason:
    """A cause and since when it holds, in seconds since 1970 (None: it was never otherwise)."""

    cause: Cause
    since: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """The state of a publication: what is in force, and everything that keeps a saved file from appearing in time.

    ``generation`` is 0 while nothing is published, ``entries`` counts the updates in the feeds, ``held_back`` the files
    that are not published as they stand, and ``newest`` is the instant of the newest update. ``replication`` is None
    where there is no store of replicas, and ``pointer_age`` for how many seconds that has not said what stands here.
    """

    generation: int
    entries: int
    held_back: int
    reasons: tuple[Reason, ...]
    ok_since: float | None
    publishing: Publishing | None
    supervision: Supervision | None
    newest: int | None
    replication: Replication | None = None
    pointer_age: float | None = None

    @property
    def status(self) -> Literal["ok", "degraded", "unpublished"]:
        """The whole in a word."""
        if not self.generation:
            return "unpublished"
        return "degraded" if self.reasons else "ok"

    @property
    def since(self) -> float | None:
        """Since when ``status`` is what it is, as far as that is known."""
        if not self.reasons:
            return self.ok_since
        return min((reason.since for reason in self.reasons if reason.since), default=None)


def examine(publication: Path, open_reader: Callable[[], Reader], now: float) -> Condition:
    """The condition at ``now``; where there is nothing to read, the status alone says it."""
    try:
        reader = open_reader()
        generation, state = reader.state()
        files, files_since = reader.count_held_back()
        is_site_held = reader.is_site_held()
    except StoreError:
        generation, state, files, files_since, is_site_held = 0, State(), 0, None, False
    publishing, supervision = read_status(publication, Publishing), read_status(publication, Supervision)
    replication = read_status(publication, Replication)
    if replication is not None and not replication.agreed:
        replication = None
    reasons = [*_of_publishing(publishing, supervision, now), *_of_replication(replication, now)]
    if is_site_held:
        reasons.append(Reason(Cause.SITE_HELD, float(state.site_since)))
    if files:
        reasons.append(Reason(Cause.FILES_HELD, files_since))
    return Condition(
        generation=generation,
        entries=state.entries,
        held_back=files + is_site_held,
        reasons=tuple(reasons),
        ok_since=publishing.since if publishing else None,
        publishing=publishing,
        supervision=supervision,
        newest=state.newest,
        replication=replication,
        pointer_age=None if replication is None else max(0.0, now - replication.agreed),
    )


def is_at_work(publishing: Publishing | None, now: float) -> bool:
    """Whether there is a publishing process: one that has just been heard of, and has not said that it is the end."""
    return publishing is not None and not publishing.is_over and not _is_silent(publishing, now)


def _is_silent(publishing: Publishing, now: float) -> bool:
    return abs(now - publishing.beat) > IN_TIME  # a beat of the future is of a clock that was wrong


def _of_publishing(publishing: Publishing | None, supervision: Supervision | None, now: float) -> list[Reason]:
    reasons = []
    if publishing is None or _is_silent(publishing, now):  # one that ended is replaced by then
        reasons.append(Reason(Cause.NO_PUBLISHER, publishing.beat if publishing else None))
    if supervision is not None and supervision.deaths > DEATHS_ALLOWED:
        reasons.append(Reason(Cause.PUBLISHER_ENDS, supervision.since))
    if publishing is not None and publishing.cause in CAUSES:
        reasons.append(Reason(CAUSES[publishing.cause], publishing.since))
    elif publishing is not None and publishing.behind is not None and now - publishing.behind > IN_TIME:
        reasons.append(Reason(Cause.PUBLISHING_SLOW, publishing.behind))
    return reasons


def _of_replication(replication: Replication | None, now: float) -> list[Reason]:
    if replication is None or now - replication.agreed <= IN_TIME:
        return []
    return [Reason(CAUSES.get(replication.cause, Cause.REPLICAS_UNHEARD), replication.agreed)]
