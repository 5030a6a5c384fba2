"""Patterns of addresses, and which of them tell documents of one sort from all others.

A pattern is what hosts read in ``_headers`` and ``_redirects``: ``*`` is any text, ``:a`` all of a folder's name. How
many are needed depends on what sorts of documents there are, not on how many documents.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Iterator, Mapping
from string import ascii_lowercase
from typing import TypeVar

from feedsvc import urls

Sort = TypeVar("Sort", bound=Hashable)

FILE_ROOMS = tuple(path.strip("/") for path in (urls.FILES, urls.PICTURES, urls.asset_path("")))  # without pages
ROOMS = (*FILE_ROOMS, *(path.strip("/") for path in (urls.UPDATES, urls.EMBED)))
_MARKS = re.compile(r"\*|:[a-z]\b")


def candidates(path: str) -> Iterator[str]:
    """Patterns that match a path, the most general first and the path itself last."""
    *folders, name = path.removeprefix("/").split("/")
    ending = f"*.{name.rpartition('.')[2]}" if "." in name and not name.endswith(".html") else ""
    rooms = folders[:1] if folders and folders[0] in ROOMS else []
    within = [rest for rest in ("*", ending) if rest] if name and rooms and rooms[0] in FILE_ROOMS else []
    yield from (f"/{rooms[0]}/{rest}" for rest in within)
    yield from [f"/{ending}"] if ending else []
    if folders and name:
        yield f"/*/{name}"
    if folders:
        marks = [f":{letter}" for letter, _ in zip(ascii_lowercase, folders, strict=False)]
        yield f"/{'/'.join((*marks, name))}"
        if rooms:
            yield f"/{'/'.join((*rooms, *marks[1:], name))}"
        if rooms and len(folders) > 2:
            yield f"/{'/'.join((*rooms, *marks[1:-1], folders[-1], name))}"
    yield path


def expression(pattern: str) -> str:
    """A pattern as a regular expression of a whole path, which every host understands."""
    parts = _MARKS.split(pattern)
    marks = [".*" if mark == "*" else "[^/]+" for mark in _MARKS.findall(pattern)]
    return "".join(re.escape(part) + mark for part, mark in zip(parts, [*marks, ""], strict=True))


def rewriting(path: str, target: str) -> tuple[str, str]:
    """A way by pattern as a regular expression, which matches no sign that could lead elsewhere, and its target."""
    names = iter(range(1, 10))
    matched = re.sub(r"\*$", r"([\\w./-]*)", re.sub(r":[a-z]\b", r"([\\w-]+)", path))
    ending = "" if path.endswith("*") else "/?"
    return matched + ending, re.sub(r":(?:splat|[a-z])\b", lambda _: f"${next(names)}", target)


def is_dynamic(pattern: str) -> bool:
    """Whether it is of more than one path."""
    return _MARKS.search(pattern) is not None


def decide(sorts: Mapping[str, Sort]) -> dict[str, Sort]:
    """Which sort each path is of, by few patterns: the first that matches a path tells it, so their order matters.

    Those come first that match no path of another sort. Those of pages come last: to some hosts a slash at the end
    means nothing, and a pattern of folders matches files, too.
    """
    found: dict[str, Sort] = {}
    left = {path: tuple(dict.fromkeys(candidates(path))) for path in sorts}
    pure = {pattern for pattern in _pure(left, sorts) if is_dynamic(pattern)}
    while left:
        covered = Counter(pattern for patterns in left.values() for pattern in patterns)
        telling = (covered.keys() & pure) or _pure(left, sorts)
        # of those that match no more than others, one of the rarest sort: it is in the way of patterns for the rest
        rarity = Counter(sorts[path] for path in left)
        ranks = {
            pattern: (rarity[sorts[path]], rank)
            for path, patterns in left.items()
            for rank, pattern in enumerate(patterns)
        }
        best = min(telling, key=lambda pattern: (-covered[pattern], ranks[pattern], pattern))
        paths = [path for path, patterns in left.items() if best in patterns]
        found[best] = sorts[paths[0]]
        for path in paths:
            del left[path]
    return {pattern: found[pattern] for pattern in sorted(found, key=lambda pattern: pattern.endswith("/"))}


def _pure(paths: Mapping[str, Iterable[str]], sorts: Mapping[str, Sort]) -> set[str]:
    """The patterns that match paths of one sort alone."""
    told: dict[str, set[Sort]] = defaultdict(set)
    for path, patterns in paths.items():
        for pattern in patterns:
            told[pattern].add(sorts[path])
    return {pattern for pattern, found in told.items() if len(found) == 1}
