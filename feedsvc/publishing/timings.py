"""How long publishing waits for what; handed in, so that whoever embeds or tests it may wait less."""

from dataclasses import dataclass, replace

from feedsvc.publication.condition import IN_TIME
from feedsvc.publishing.journal import LIMITS, Limits


@dataclass(frozen=True, slots=True, kw_only=True)
class Timings:
    """All in seconds; a sequence is of the first time, the second and so on, the last one for ever."""

    look: float = 15.0  # to a look at everything, for what the system did not report (network mounts, restored stamps)
    poll: float = 1.0  # the same where the system reports nothing
    ask: float = 1.0  # how often to ask whether this is still wanted
    soon: float = 0.02  # to a further look at a tree that was not at rest
    retry: tuple[float, ...] = (1.0, 2.0, 5.0, 10.0, 30.0)  # after a fault
    start: float = 10.0  # for which a start waits for content that does not come to rest
    restless: float = 60.0  # after which what never comes to rest is left out, and everything else published
    hold: int = 120  # for which a removal must lie there unchanged to be meant
    told: float = 10.0  # until what a publish waits for is worth a word
    slow: float = IN_TIME  # after which a publish is
    writer: float = 5.0  # for which another writer of the publication is waited for
    limits: Limits = LIMITS


TIMINGS = Timings()
EMBEDDED = Timings(limits=replace(LIMITS, ends_process=False))  # in a program that has more to do than to publish
