"""A whole content folder at once, good and bad, and what its files say against each other."""

from collections.abc import Collection, Sequence
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from feedsvc.content.conflicts import find_conflicts
from feedsvc.content.entry import load_entry
from feedsvc.content.files import Files
from feedsvc.content.folder import UnsettledError, list_sources, read_source, source_name
from feedsvc.content.ledger import EMPTY, LEDGER, Ledger, read_ledger
from feedsvc.content.ledger_check import LedgerCheck, check_authority
from feedsvc.content.nodes import compose
from feedsvc.content.site import load_site
from feedsvc.content.source import Content, LoadedEntry, LoadedSite
from feedsvc.content.source_text import decode_source
from feedsvc.content.twins import note_twins
from feedsvc.errors import ContentError, Note, Problem
from feedsvc.model import Site
from feedsvc.settings import Settings

ATTEMPTS = 3  # at pictures that change while they are read


def load_content(
    root: Path, settings: Settings, as_of: datetime | None = None, without: Collection[str] = ()
) -> Content:
    """Everything in a content folder. What is wrong with it is in ``problems``, and nothing is raised for it.

    ``as_of`` separates what waits from what is public; without it nothing is said of that. The sources ``without`` are
    not read.
    """
    loaded, problems = _load_site(root, settings)
    names: list[str] = []
    is_listed = False
    try:
        names = [name for name in list_sources(root) if name not in without]
        is_listed = True
    except ContentError as error:
        problems += error.problems
    entries, refused = _load_all(root, names, loaded.site if loaded else None, settings)
    ledger, found = _read_ledger(root)
    problems += [*refused, *found]
    own = ledger.under(loaded.site.authority) if loaded else EMPTY
    for found in find_conflicts(entries, ledger=own).values():
        problems += found
    notes: list[Problem] = [*ledger.notes, *(loaded.notes if loaded else ())]
    if loaded and is_listed:
        against = LedgerCheck(root, loaded.site, own, as_of)
        problems += check_authority(root, loaded.site, ledger)
        problems += against.problems(entries, unread=[name for name in names if name not in entries])
        notes += note_twins(entries, loaded.site, as_of)
        blamed = {problem.file for problem in problems}
        notes += against.notes({name: entry for name, entry in entries.items() if name not in blamed})
    return Content(
        site=loaded,
        entries=entries,
        problems=tuple(sorted(set(problems))),
        notes=tuple(sorted({Note.of(note) for note in notes})),
    )


def _load_site(root: Path, settings: Settings) -> tuple[LoadedSite | None, list[Problem]]:
    """The site, and what keeps it from being loaded."""
    try:
        return load_site(root, settings), []
    except ContentError as error:
        return None, [*error.problems]


def _load_all(
    root: Path, names: Sequence[str], site: Site | None, settings: Settings
) -> tuple[dict[str, LoadedEntry], list[Problem]]:
    """Every entry, and what is wrong with the files that are none; their pictures are made all at once."""
    files = Files(root, settings.kept_pictures, defers=True)
    entries: dict[str, LoadedEntry] = {}
    problems: dict[str, tuple[Problem, ...]] = {}
    left = names
    for _ in range(ATTEMPTS):
        for name in left:
            try:
                entry = _load(root, name, site, files)
            except ContentError as error:
                problems[name] = error.problems
            else:
                problems.pop(name, None)
                if entry:
                    entries[name] = entry
        if not files.wanted:
            break
        with suppress(UnsettledError):  # then they are said not to be made
            files.make()
        left = list(problems)
    return entries, [problem for found in problems.values() for problem in found]


def _read_ledger(root: Path) -> tuple[Ledger, Sequence[Problem]]:
    """The ledger and what is wrong with it."""
    try:
        ledger = read_ledger(root)
    except UnsettledError as error:
        return EMPTY, [_unsettled(source_name(root, LEDGER), error)]
    return ledger, ledger.problems


def _load(root: Path, name: str, site: Site | None, files: Files) -> LoadedEntry | None:
    """An entry; without a site, only what is wrong with its file as YAML."""
    try:
        source = read_source(root, name)
    except UnsettledError as error:
        raise ContentError([_unsettled(name, error)]) from None
    if site:
        return load_entry(source, site, files)
    if problems := compose(decode_source(source)).problems:
        raise ContentError(problems)
    return None


def _unsettled(name: str, error: UnsettledError) -> Problem:
    """That a file changed while it was read."""
    return Problem(file=name, message=str(error), fix="load again when it is written")
