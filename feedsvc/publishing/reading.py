"""A batch of sources is read: each becomes an update, or the reasons why it is none.

Reading, like rendering, goes step by step over a batch, not item by item: what a step needs then stays in the
processor's cache, which saves more than any step costs. What a step chokes on is tried once more by itself, when
nothing else is held in memory; if it chokes again, it is that one item's fault, and the others are as good as ever.
"""

import traceback
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, fields, replace
from functools import partial

from feedsvc.content.entry import ParsedEntry, complete_entry, parse_entry
from feedsvc.content.files import Files
from feedsvc.content.folder import UnsettledError, read_source
from feedsvc.content.previewed import show_early
from feedsvc.content.source import LoadedEntry
from feedsvc.documents.index import Index
from feedsvc.documents.listed import Listed, list_entry
from feedsvc.errors import ContentError, Problem
from feedsvc.model import Site
from feedsvc.publication.batch import rehearse
from feedsvc.publication.rows import SourceRow
from feedsvc.publishing.quarantine import Death, describe, fault_problem
from feedsvc.publishing.scan import check_name
from feedsvc.publishing.texts import dump_entry, dump_line
from feedsvc.settings import Settings

PARSED_OCTETS = 256 * 1024  # of sources held half read, which take a hundred times as much where one is all signs


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadSource:
    """One source file as read just now: its good version and that one's line, or why it has none.

    From process to process the good version travels as text.

    ``choked`` are versions that documents choked on, which therefore cannot stay in force. ``trace`` is for the log.
    ``wanted`` are pictures, by name and purpose, that this or one of its neighbours must be read again for.
    """

    loaded: LoadedEntry | str | None = None
    listed: Listed | None = None
    problems: tuple[Problem, ...] = ()
    unsettled: str | None = None
    choked: tuple[str, ...] = ()
    trace: str = ""
    wanted: frozenset[tuple[str, str]] = frozenset()

    def __reduce__(self) -> tuple[object, ...]:
        """How a reading travels."""
        given = {each.name: getattr(self, each.name) for each in fields(self)}
        if isinstance(self.loaded, LoadedEntry):
            given["loaded"] = dump_entry(self.loaded)
        return partial(ReadSource, **given), ()

    def chosen(self, before: Listed | None) -> Listed | None:
        """The version to be in force: the good one just read, else the one before if that can stay."""
        if self.listed is not None or before is None or before.digest in self.choked:
            return self.listed
        return before


def read_all(settings: Settings, files: Files, site: Site, names: Sequence[str]) -> list[ReadSource]:
    """Some source files as they are now."""
    readings: list[ReadSource | None] = []
    halves: list[ParsedEntry | ReadSource | None] = []
    held = 0
    for name in names:
        parsed = _parse(settings, files, site, name)
        halves.append(parsed)
        held += len(parsed.source.data) if isinstance(parsed, ParsedEntry) else 0
        if held > PARSED_OCTETS:
            readings += [_read(settings, files, site, parsed) for parsed in halves]
            halves, held = [], 0
    readings += [_read(settings, files, site, parsed) for parsed in halves]
    halves.clear()
    found = [
        _read_alone(settings, files, site, name) if reading is None else reading
        for name, reading in zip(names, readings, strict=True)
    ]
    wanted = frozenset(files.wanted)
    files.wanted.clear()
    return [replace(reading, wanted=wanted) if wanted and reading.problems else reading for reading in found]


def try_all(settings: Settings, files: Files, site: Site, names: Sequence[str]) -> list[ReadSource]:
    """The same for suspects: what is read is also indexed and written, for nothing."""
    readings = read_all(settings, files, site, names)
    for name, reading in zip(names, readings, strict=True):
        if reading.listed is not None and isinstance(reading.loaded, LoadedEntry):
            with suppress(Exception):  # which is answered where it happens in earnest
                Index(reading.listed.published).change({name: reading.listed})
                rehearse(name, SourceRow(stamp="", listed=dump_line(reading.listed)), dump_entry(reading.loaded))
    return readings


def _parse(settings: Settings, files: Files, site: Site, name: str) -> ParsedEntry | ReadSource | None:
    """None when something went wrong that nobody foresaw."""
    try:
        check_name(settings.content, name)
        return parse_entry(read_source(settings.content, name), site, files)
    except (ContentError, UnsettledError) as fault:
        return _failed(fault)
    except Exception:  # noqa: BLE001  # whatever it was, it is this item's fault alone
        return None


def _read(settings: Settings, files: Files, site: Site, parsed: ParsedEntry | ReadSource | None) -> ReadSource | None:
    if not isinstance(parsed, ParsedEntry):
        return parsed
    try:
        return _complete(settings, files, site, parsed)
    except (ContentError, UnsettledError) as fault:
        return _failed(fault)
    except Exception:  # noqa: BLE001  # the same
        return None


def _complete(settings: Settings, files: Files, site: Site, parsed: ParsedEntry) -> ReadSource:
    loaded = complete_entry(parsed, site, files)
    if settings.preview:
        loaded = show_early(loaded, site, settings.preview)
    return ReadSource(loaded=loaded, listed=list_entry(loaded, site))


def _read_alone(settings: Settings, files: Files, site: Site, name: str) -> ReadSource:
    try:
        check_name(settings.content, name)
        return _complete(settings, files, site, parse_entry(read_source(settings.content, name), site, files))
    except (ContentError, UnsettledError) as fault:
        return _failed(fault)
    except Exception as fault:  # noqa: BLE001  # it is said of the item, and the log has the rest
        problem = fault_problem(name, f"the program fails on it ({describe(fault)})")
        return ReadSource(problems=(problem,), trace=traceback.format_exc())


def _failed(fault: ContentError | UnsettledError) -> ReadSource:
    return ReadSource(problems=fault.problems) if isinstance(fault, ContentError) else ReadSource(unsettled=str(fault))


def dead_reading(name: str, death: Death) -> ReadSource:
    """What is known of a source whose reading ended the process that read it alone."""
    return ReadSource(problems=(fault_problem(name, f"reading it {death.cause}"),))


def restless_reading(name: str) -> ReadSource:
    """What is known of a source that changes whenever it is read, and for which nobody waits any more."""
    what, fix = "it changes again and again while it is read", "write it once, and then leave it alone"
    return ReadSource(problems=(Problem(file=name, message=what, fix=fix),))
