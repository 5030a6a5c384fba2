"""What hosts of files are to say and where they are to lead: rules by pattern, made of the documents of an export.

What a document says of itself follows from its kind (``feedsvc.kinds``); here each such sort is told by patterns of
addresses, so that rules are few however many updates there are. How a host writes rules is a module each.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from feedsvc import urls
from feedsvc.exporting.patterns import candidates, decide, expression, is_dynamic
from feedsvc.exporting.tree import ExportedFile, Redirect
from feedsvc.kinds import ERROR, GONE, MOVED
from feedsvc.publication.headers import Headers

HUB = 'rel="hub"'
BLOCKS_AT_MOST, PATTERNS_AT_MOST, LINES_AT_MOST = 100, 100, 2_000  # what the stricter of the usual hosts read


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """What documents of one sort say besides what all say. The first rule whose ``pattern`` matches tells.

    ``over`` are patterns of later rules that match some of the same documents. A feed leads a person to its page.
    ``links`` are the links that all of them have, as ``ExportedFile.links``.
    """

    pattern: str
    fields: Headers
    status: int = 200
    is_feed: bool = False
    over: frozenset[str] = frozenset()
    links: tuple[str, ...] = ()

    @property
    def content_type(self) -> str:
        """The value of Content-Type."""
        return dict(self.fields)["Content-Type"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """All that a host of the export is to know. Paths are below ``prefix``, the path of the site's base URL.

    ``common`` are the fields of every document. ``redirects`` lead from one path each, ``ways`` from all that a pattern
    matches. At the paths of ``gone`` there are pages with the status 410. ``hubs`` are links that those at
    ``topics`` have, too.
    """

    prefix: str
    common: Headers
    rules: tuple[Rule, ...]
    redirects: tuple[Redirect, ...]
    ways: tuple[Redirect, ...]
    gone: tuple[str, ...]
    gone_fields: Headers
    feed_names: tuple[str, ...]
    hubs: tuple[str, ...]
    topics: tuple[str, ...]

    def warnings(self) -> Iterator[str]:
        """What some hosts would leave out of ``_headers`` and ``_redirects``."""
        counts = (
            (len(self.rules) + 1, BLOCKS_AT_MOST, "blocks in _headers"),
            (len(self.redirects), LINES_AT_MOST, "lines in _redirects"),
            (len(self.ways), PATTERNS_AT_MOST, "patterns in _redirects"),
        )
        for count, most, what in counts:
            if count > most:
                yield f"{count} {what}, and some hosts read no more than {most}"


def make_rules(prefix: str, files: Sequence[ExportedFile], redirects: Iterable[Redirect]) -> Rules:
    """The rules of an export of these documents; their bodies are not looked at."""
    gone = [file for file in files if file.status == GONE.status]
    errors = [file for file in files if file.status == ERROR.status]
    shared = set.intersection(*(set(file.fields) for file in files)) if files else set()
    common = {field for field in shared if field[0] != "Content-Type"}

    def own(file: ExportedFile) -> Headers:
        return tuple(field for field in file.fields if field not in common)

    sorts = {file.path: (own(file), file.page_path is not None) for file in files if file.status == 200}
    found = decide(sorts)
    hubs = tuple(dict.fromkeys(each for file in files for each in file.links if each.endswith(HUB)))
    over: dict[str, set[str]] = {pattern: set() for pattern in found}
    links: dict[str, tuple[str, ...]] = {}
    for file in (file for file in files if file.status == 200):
        told = set(candidates(file.path))
        first, *others = (pattern for pattern in found if pattern in told)
        over[first].update(others)
        links[first] = tuple(each for each in links.get(first, file.links) if each in file.links and each not in hubs)
    rules = [
        *(Rule(pattern=file.path, fields=own(file), status=file.status) for file in errors),
        *(
            Rule(pattern=pattern, fields=fields, is_feed=is_feed, over=frozenset(over[pattern]), links=links[pattern])
            for pattern, (fields, is_feed) in found.items()
        ),
    ]
    ways = list(dict.fromkeys((*_habits(files), *_orders(files))))
    return Rules(
        prefix=prefix,
        common=tuple(field for field in files[0].fields if field in common) if files else (),
        rules=tuple(rules),
        redirects=_by_weight((*(way for way in ways if not is_dynamic(way.path)), *redirects)),
        ways=tuple(way for way in ways if is_dynamic(way.path)),
        gone=tuple(file.path for file in gone),
        gone_fields=next((file.fields for file in gone), ()),
        feed_names=tuple(sorted({file.path.rpartition("/")[2] for file in files if file.page_path is not None})),
        hubs=hubs,
        topics=tuple(file.path for file in files if any(each in hubs for each in file.links)),
    )


def _habits(files: Sequence[ExportedFile]) -> Iterator[Redirect]:
    """The addresses at which people look for a feed: by pattern, unless there is a document at one of them."""
    paths = {file.path for file in files}
    for file in files:
        folder, _, name = file.path.rpartition("/")
        if file.page_path != f"{folder}/":
            continue
        marked = "".join(f"/:{letter}" for letter, _ in zip("abcdef", folder.split("/")[1:], strict=False))
        for habit in (habit for habit, meant in urls.HABITUAL_FEED_NAMES.items() if meant == name):
            way = Redirect(path=f"{marked}/{habit}", target=f"{marked}/{name}")
            if marked and any(re.fullmatch(expression(way.path), path) for path in paths):
                way = Redirect(path=f"{folder}/{habit}", target=file.path)
            if way.path not in paths:
                yield way


def _orders(files: Iterable[ExportedFile]) -> Iterator[Redirect]:
    """The other orders of each mix, with all that lies there; also in a folder, such as that of a language."""
    pages = {file.path for file in files if file.path.endswith("/")}
    mixes = [(mix, [*urls.other_orders(mix)]) for mix in sorted(pages) if mix.count("/") == 2]
    within = {path[path.index("/", 1) :] for path in pages if path.count("/") == 3}
    for folder in ("", "/:a"):
        for mix, others in mixes:
            if not folder or mix in within:
                yield from (Redirect(path=f"{folder}{other}*", target=f"{folder}{mix}:splat") for other in others)


def _by_weight(redirects: Iterable[Redirect]) -> tuple[Redirect, ...]:
    """Those to cards last, for there is one for each update, and nothing leads to it but what was copied long ago.

    Before them come those that are not for ever.
    """
    return tuple(sorted(redirects, key=lambda redirect: (leads_to_card(redirect), redirect.status != MOVED.status)))


def leads_to_card(redirect: Redirect) -> bool:
    """Whether the picture of a page was there."""
    return redirect.path.endswith(f"/{urls.CARD}")


def below(prefix: str, redirect: Redirect) -> Redirect:
    """A redirect as it is on the host."""
    return replace(redirect, path=prefix + redirect.path, target=prefix + redirect.target)
