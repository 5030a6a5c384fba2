"""A whole content folder at once, good and bad, and what its files say against each other."""

from collections.abc import Collection, Iterable, Mapping
from pathlib import Path

from feedsvc.content.entry import load_entry
from feedsvc.content.faults import nearest
from feedsvc.content.files import Files
from feedsvc.content.folder import UnsettledError, list_sources, read_source
from feedsvc.content.nodes import compose
from feedsvc.content.sheet import open_sheet
from feedsvc.content.site import load_site
from feedsvc.content.source import Content, LoadedEntry, LoadedSite, Mark
from feedsvc.errors import ContentError, Problem
from feedsvc.model import Site
from feedsvc.settings import Settings

_MANY = 5000  # beyond so many updates a near slug is not looked for


def load_content(root: Path, settings: Settings) -> Content:
    """Everything in a content folder. What is wrong with it is in ``problems``, and nothing is raised for it."""
    problems: list[Problem] = []
    loaded: LoadedSite | None = None
    names: list[str] = []
    try:
        loaded = load_site(root, settings)
    except ContentError as error:
        problems += error.problems
    try:
        names = [source.name for source in list_sources(root)]
    except ContentError as error:
        problems += error.problems
    entries: dict[str, LoadedEntry] = {}
    files = Files(root)
    for name in names:
        try:
            entry = _load(root, name, loaded.site if loaded else None, files)
        except ContentError as error:
            problems += error.problems
        else:
            if entry:
                entries[name] = entry
    for found in cross_check(entries).values():
        problems += found
    return Content(site=loaded, entries=entries, problems=tuple(sorted(set(problems))))


def cross_check(
    entries: Mapping[str, LoadedEntry], other_slugs: Collection[str] = frozenset()
) -> dict[str, list[Problem]]:
    """By source name, what files say against each other: ids and slugs used twice, related updates that are not there.

    Of files that share an id or slug the first by name keeps it. ``other_slugs`` are those of updates beyond
    ``entries``, for a check of a few among many.
    """
    problems: dict[str, list[Problem]] = {}
    ids: dict[str, str] = {}
    slugs: dict[str, str] = {}
    for name in sorted(entries):
        loaded = entries[name]
        holder = ids.setdefault(loaded.entry.id, name)
        if holder != name:
            what = f"the id {loaded.entry.id} belongs to {holder}"
            fix = "write another id, or delete one of the two files"
            problems.setdefault(name, []).append(_problem(name, loaded.id_mark, "id", what, fix))
        holder = slugs.setdefault(loaded.entry.slug, name)
        if holder != name:
            what = f"the slug {loaded.entry.slug!r} belongs to {holder}"
            fix = f"write a line such as slug: {loaded.entry.slug[:76].rstrip('-')}-2"
            problems.setdefault(name, []).append(_problem(name, loaded.slug_mark, "slug", what, fix))
    known = slugs.keys() | other_slugs
    for name, loaded in entries.items():
        missing = [(slug, mark) for slug, mark in loaded.related_marks if slug not in known]
        if missing:
            problems.setdefault(name, []).extend(_unrelated(name, missing, known))
    return problems


def _load(root: Path, name: str, site: Site | None, files: Files) -> LoadedEntry | None:
    """An entry; without a site, only what is wrong with its file as YAML."""
    try:
        source = read_source(root, name)
    except UnsettledError as error:
        raise ContentError([_problem(name, Mark(1, 1, ""), "", str(error), "load again when it is written")]) from None
    if site:
        return load_entry(source, site, files)
    _fields, problems = compose(open_sheet(source))
    if problems:
        raise ContentError(problems)
    return None


def _unrelated(name: str, missing: Iterable[tuple[str, Mark]], known: Collection[str]) -> list[Problem]:
    """The slugs that no update has, each with the near one."""
    problems = []
    for slug, mark in missing:
        near = nearest(slug, sorted(known)) if len(known) <= _MANY else None
        fix = f"did you mean {near!r}?" if near else "write the slug of an update, or delete it"
        problems.append(_problem(name, mark, "related", f"no update has the slug {slug!r}", fix))
    return problems


def _problem(name: str, mark: Mark, field: str, what: str, fix: str) -> Problem:
    """A problem at a mark of a file."""
    return Problem(
        file=name, line=mark.line, column=mark.column, field=field, message=what, fix=fix, excerpt=mark.excerpt
    )
