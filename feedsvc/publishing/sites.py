"""Whether a new ``site.yaml`` still has the categories of the updates that are published."""

from collections.abc import Iterable
from pathlib import Path

from feedsvc.content.folder import source_name
from feedsvc.documents.listed import Listed
from feedsvc.errors import Problem
from feedsvc.model import Site

NAMED = 5  # updates that a message names


def site_file(root: Path) -> str:
    """The name of ``site.yaml`` as messages show it."""
    return source_name(root, "site.yaml")


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


def missing_categories(lines: Iterable[Listed | None], site: Site, root: Path) -> list[Problem]:
    """What is said of a ``site.yaml`` that lacks categories which these updates are in."""
    problems = []
    for slug, names in sorted(strangers(lines, site).items()):
        shown = sorted(names)
        more = f" and {len(shown) - NAMED} more" if len(shown) > NAMED else ""
        what = f"there is no category {slug!r} any more, but {', '.join(shown[:NAMED])}{more} would be in it"
        fix = "put it back, or give these updates another category"
        problems.append(Problem(file=site_file(root), field="categories", message=what, fix=fix))
    return problems
