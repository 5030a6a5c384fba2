"""Whether the site that ``site.yaml`` describes can be in force; while it cannot, the last good one is."""

from collections.abc import Callable, Collection, Iterable, Mapping
from functools import partial
from pathlib import Path

from feedsvc.content.folder import UnsettledError, source_name
from feedsvc.content.site import load_site
from feedsvc.content.source import LoadedSite
from feedsvc.documents.listed import Listed
from feedsvc.errors import ContentError, Problem
from feedsvc.model import Site
from feedsvc.publishing.journal import Journal
from feedsvc.publishing.quarantine import Death, alone, describe, fault_problem
from feedsvc.settings import Settings

NAMED = 5  # updates that a message names


def site_file(root: Path) -> str:
    """The name of ``site.yaml`` as messages show it."""
    return source_name(root, "site.yaml")


def read_site(root: Path, settings: Settings, journal: Journal) -> LoadedSite | Death:
    """The site as its file says, or how a process ended that read it.

    ContentError with whatever else keeps it from being read, foreseen or not.
    """
    name = site_file(root)
    if name in journal.suspects:
        tried = alone(partial(_try, root, settings), journal)
        if isinstance(tried, Death):
            return tried
    with journal.watch([name]):
        try:
            return load_site(root, settings)
        except (ContentError, UnsettledError):
            raise
        except Exception as fault:  # whatever it was, it is this file's fault
            problem = fault_problem(name, f"the program fails on it ({describe(fault)})")
            raise ContentError([problem]) from fault


def _try(root: Path, settings: Settings) -> str:
    """Read it for nothing."""
    try:
        load_site(root, settings)
    except Exception as fault:  # noqa: BLE001  # only whether the process lives through it is asked
        return describe(fault)
    return ""


def strangers(lines: Iterable[Listed | None], site: Site) -> dict[str, list[str]]:
    """By category that the site does not have: the updates that would be published in it."""
    known = {category.slug for category in site.categories}
    found: dict[str, list[str]] = {}
    for line in lines:
        if line is not None and not line.draft:
            for slug in line.categories:
                if slug not in known:
                    found.setdefault(slug, []).append(line.source)
    return found


def missing_categories(found: Mapping[str, Collection[str]], root: Path) -> list[Problem]:
    """What is said of a ``site.yaml`` that lacks categories which updates are in."""
    problems = []
    for slug, names in sorted(found.items()):
        shown = sorted(names)
        more = f" and {len(shown) - NAMED} more" if len(shown) > NAMED else ""
        what = f"there is no category {slug!r} any more, but {', '.join(shown[:NAMED])}{more} would be in it"
        fix = "put it back, or give these updates another category"
        problems.append(Problem(file=site_file(root), field="categories", message=what, fix=fix))
    return problems


def check_categories(
    site: Site,
    lines: Mapping[str, Listed | None],
    gone: Collection[str],
    read: Callable[[list[str]], Mapping[str, Listed | None]],
    root: Path,
) -> None:
    """ContentError when published updates are in categories that a new site lacks, and their files still say so.

    ``read`` gives what their files hold for that site.
    """
    names = sorted({name for names in strangers(lines.values(), site).values() for name in names} - set(gone))
    if names:
        now = read(names)
        left = strangers([lines[name] for name in names if now.get(name) is None], site)
        if left:
            raise ContentError(missing_categories(left, root))
