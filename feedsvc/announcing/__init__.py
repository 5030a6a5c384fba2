"""What happens outside after a publish: a target is a module that makes one, and a line here.

Nothing of it ever delays or fails a publish. Who is told of what is written into the memory with the generation
(``owed``), and ``sender`` tells them.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from feedsvc.announcing.caches import cache
from feedsvc.announcing.target import Target
from feedsvc.announcing.websub import hub
from feedsvc.publication.outbox import EVERYTHING, Owed
from feedsvc.settings import Settings, clock

__all__ = ["Target", "owed", "targets"]


def targets(settings: Settings, hubs: Sequence[str], site_url: str) -> tuple[Target, ...]:
    """Who is told of changes, in the order in which they are."""
    if not settings.announces:
        return ()
    caches = [cache(place, token, site_url) for place, token in settings.caches]
    return (*_copies(settings), *_told_apart(caches), *(hub(url, site_url) for url in hubs))


def _copies(settings: Settings) -> Iterator[Target]:
    if settings.bucket:
        from feedsvc.announcing.buckets import bucket  # noqa: PLC0415  # it loads all of exporting

        yield bucket(settings.bucket, settings.publication, clock)


def _told_apart(caches: Sequence[Target]) -> Iterator[Target]:
    """Of several on one host, of whose addresses no more is named, each has a number."""
    names = [target.name for target in caches]
    for number, target in enumerate(caches):
        before = names[:number].count(target.name)
        yield replace(target, name=f"{target.name} ({before + 1})") if before else target


def owed(told: Sequence[Target], moved: Mapping[str, str]) -> list[Owed]:
    """Who is to be told of which of these documents, given with their kinds."""
    pairs: list[Owed] = []
    for target in told:
        paths = [path for path, kind in moved.items() if target.wants(path, kind)]
        if target.named_at_most is not None and len(paths) > target.named_at_most:
            paths = [EVERYTHING]
        pairs += ((target.name, path) for path in paths)
    return pairs
