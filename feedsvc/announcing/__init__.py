"""What happens outside after a publish: a target is a module that makes one, and a line here.

Nothing of it ever delays or fails a publish. Who is told of what is written into the memory with the generation
(``owed``), and ``sender`` tells them.
"""

from collections.abc import Iterator, Mapping, Sequence

from feedsvc.announcing.caches import cache
from feedsvc.announcing.target import Target
from feedsvc.announcing.websub import hub
from feedsvc.publication.outbox import EVERYTHING, Owed
from feedsvc.settings import Settings

MANY = 300  # documents of one publish; where more changed, a cache is asked to let go of everything

__all__ = ["Target", "owed", "targets"]


def targets(settings: Settings, hubs: Sequence[str], site_url: str) -> tuple[Target, ...]:
    """Who is told of changes: caches first, for whoever is told then asks for what they hold."""
    if not settings.announces:
        return ()
    caches = [cache(settings.purge, settings.purge_token, site_url)] if settings.purge else []
    return (*caches, *(hub(url, site_url) for url in hubs))


def owed(told: Sequence[Target], moved: Mapping[str, str]) -> list[Owed]:
    """Who is to be told of which of these documents, given with their kinds."""
    return [pair for target in told for pair in _of_target(target, moved)]


def _of_target(target: Target, moved: Mapping[str, str]) -> Iterator[Owed]:
    paths = [path for path, kind in moved.items() if target.wants(path, kind)]
    if target.is_cache and len(paths) > MANY:
        paths = [EVERYTHING]
    return ((target.name, path) for path in paths)
