"""What readers were told of an update's dates and places, in a word: whether that changed and nobody was told."""

import hashlib
from collections.abc import Iterable

from feedsvc.model import Entry

NOTHING = "none"  # the digest of no dates
DATES = rb"dates-(?:0|[1-9]\d{0,3})-(?:[0-9a-f]{8}|none)"


def say_dates(entry: Entry) -> str:
    """``dates-1-0123abcd``: of how many corrections readers know, and a digest of all dates with their places."""
    said = [
        (event.key, event.start.timestamp(), event.end.timestamp(), event.is_whole_day, event.location, event.url)
        for event in entry.events
    ]
    digest = hashlib.sha256(repr(said).encode()).hexdigest()[:8] if said else NOTHING
    return f"dates-{entry.sequence}-{digest}"


def announces(word: str) -> bool:
    """Whether an update of which that was said has any date."""
    return bool(word) and not word.endswith(f"-{NOTHING}")


def is_moved(earlier: Iterable[str], now: str) -> bool:
    """Whether a date or its place is another than all that was said before with as many corrections."""
    told = {word for word in earlier if word.rpartition("-")[0] == now.rpartition("-")[0]}
    return any(map(announces, told)) and now not in told
