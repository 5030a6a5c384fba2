"""The sources as they are now, each read once, and by itself where it may end the process that reads it."""

import logging
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import partial

from feedsvc.content.files import Files
from feedsvc.content.folder import UnsettledError
from feedsvc.content.site import load_site
from feedsvc.content.source import LoadedSite
from feedsvc.errors import ContentError
from feedsvc.model import Site
from feedsvc.publishing.holding import Holding
from feedsvc.publishing.journal import Journal
from feedsvc.publishing.parallel import map_in_processes
from feedsvc.publishing.quarantine import Death, alone, describe, fault_problem
from feedsvc.publishing.reading import ReadSource, dead_reading, read_all, restless_reading, try_all
from feedsvc.publishing.request import Request
from feedsvc.publishing.sites import missing_categories, site_file, strangers
from feedsvc.publishing.sources import Sources
from feedsvc.settings import Settings

ATTEMPTS = 3  # at pictures that change while sources are read
log = logging.getLogger("feedsvc.publication")


class SourceReader:
    """Reads the sources of one content folder; what ends a process is condemned, and not touched again."""

    def __init__(self, settings: Settings, files: Files, journal: Journal, holding: Holding) -> None:
        self._settings = settings
        self._files = files
        self._journal = journal
        self._holding = holding

    def read_site(self, known: Sources) -> LoadedSite:
        """The site as its file says; ContentError when it cannot be in force.

        That is so, too, when published updates are in categories that it lacks, and their files still say so.
        """
        name = site_file(self._settings.content)
        if condemned := self._holding.verdicts.get(name):
            raise ContentError([condemned.problem])
        site = self._load_site(name)
        lines = known.lines()
        strange = {stranger for found in strangers(lines.values(), site.site).values() for stranger in found}
        names = sorted(strange - self._holding.delta.gone)
        now = self._read(names, site.site, Request(is_urgent=True)) if names else {}
        left = [lines[name] for name in names if now[name].listed is None]
        if problems := missing_categories(left, site.site, self._settings.content):
            raise ContentError(problems)
        return site

    def _load_site(self, name: str) -> LoadedSite:
        """ContentError with whatever keeps it from being read, foreseen or not, or ends a process that reads it."""
        load = partial(load_site, self._settings.content, self._settings)
        if name in self._journal.suspects and isinstance(death := alone(partial(_try, load), self._journal), Death):
            problem = fault_problem(name, f"reading it {death.cause}")
            self._holding.condemn_reading(name, problem)
            raise ContentError([problem])
        with self._journal.watch([name]):
            try:
                return load()
            except (ContentError, UnsettledError):
                raise
            except Exception as fault:  # whatever it was, it is this file's fault
                problem = fault_problem(name, f"the program fails on it ({describe(fault)})")
                raise ContentError([problem]) from fault

    def read(self, names: Sequence[str], site: Site, known: Sources, request: Request) -> dict[str, ReadSource]:
        """Every one of these sources; UnsettledError when one is being written, unless the ``request`` is urgent."""
        readings = self._read(names, site, request)
        for name, reading in readings.items():
            if reading.unsettled is not None and not request.is_urgent:
                raise UnsettledError(reading.unsettled)
            if reading.unsettled is not None:
                readings[name] = restless_reading(name)
            if reading.trace and known.problems(name) != reading.problems:
                log.error("%s cannot be read\n%s", name, reading.trace)
        return readings

    def _read(self, names: Sequence[str], site: Site, request: Request) -> dict[str, ReadSource]:
        """The sources, read again once the pictures that they want are made."""
        readings = self._read_once(names, site)
        for _ in range(ATTEMPTS):
            wanted = {picture for reading in readings.values() for picture in reading.wanted}
            if not wanted:
                break
            self._make(wanted, request)
            readings |= self._read_once([name for name, reading in readings.items() if reading.wanted], site)
        return readings

    def _make(self, wanted: set[tuple[str, str]], request: Request) -> None:
        """Make pictures; what changes meanwhile is said not to be made yet when the ``request`` is urgent."""
        self._files.wanted = wanted
        try:
            self._files.make(request.pictures)
        except UnsettledError:
            if not request.is_urgent:
                raise
            for picture in sorted(wanted):  # so that one file in motion keeps no other from being made
                self._files.wanted = {picture}
                with suppress(UnsettledError):
                    self._files.make()

    def _read_once(self, names: Sequence[str], site: Site) -> dict[str, ReadSource]:
        verdicts = self._holding.verdicts
        readings = {
            name: ReadSource(problems=(verdict.problem,), choked=verdict.digests)
            for name in names
            if (verdict := verdicts.get(name))
        }
        left = [name for name in names if name not in readings]
        given = (self._settings, self._files, site)
        found_all = map_in_processes(partial(read_all, *given), left, self._journal, trial=partial(try_all, *given))
        for name, found in found_all:
            if isinstance(found, Death):
                readings[name] = dead_reading(name, found)
                self._holding.condemn_reading(name, readings[name].problems[0])
            else:
                readings[name] = found
        return readings


def _try(load: Callable[[], LoadedSite]) -> None:
    """Read it for nothing: only whether the process lives through it is asked."""
    with suppress(Exception):
        load()
