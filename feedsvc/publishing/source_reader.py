"""The sources as they are now, each read once, and by itself where it may end the process that reads it."""

import logging
from collections.abc import Sequence
from contextlib import suppress
from functools import partial

from feedsvc.content.files import Files
from feedsvc.content.folder import UnsettledError
from feedsvc.content.source import LoadedSite
from feedsvc.documents.listed import Listed
from feedsvc.errors import ContentError
from feedsvc.model import Site
from feedsvc.pictures.studio import Progress
from feedsvc.publishing.holding import Holding
from feedsvc.publishing.journal import Journal
from feedsvc.publishing.parallel import map_in_processes
from feedsvc.publishing.quarantine import Death, fault_problem
from feedsvc.publishing.reading import ReadSource, dead_reading, read_all, restless_reading, try_all
from feedsvc.publishing.sites import check_categories, read_site, site_file
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
        """The site as its file says; ContentError when it cannot be in force."""
        root, name = self._settings.content, site_file(self._settings.content)
        condemned = self._holding.verdicts.problem(name)
        if condemned is not None:
            raise ContentError([condemned])
        site = read_site(root, self._settings, self._journal)
        if isinstance(site, Death):
            problem = fault_problem(name, f"reading it {site.cause}")
            self._holding.condemn_reading(name, problem)
            raise ContentError([problem])

        def read(names: list[str]) -> dict[str, Listed | None]:
            return {name: reading.listed for name, reading in self._read(names, site.site).items()}

        check_categories(site.site, known.lines(), self._holding.delta.gone, read, root)
        return site

    def read(
        self,
        names: Sequence[str],
        site: Site,
        known: Sources,
        *,
        progress: Progress | None = None,
        is_urgent: bool = False,
    ) -> dict[str, ReadSource]:
        """Every one of these sources; UnsettledError when one is being written, unless ``is_urgent``.

        ``progress`` is told of the pictures that are made for them.
        """
        readings = self._read(names, site, progress, is_urgent=is_urgent)
        for name, reading in readings.items():
            if reading.unsettled is not None and not is_urgent:
                raise UnsettledError(reading.unsettled)
            if reading.unsettled is not None:
                readings[name] = restless_reading(name)
            if reading.trace and known.problems(name) != reading.problems:
                log.error("%s cannot be read\n%s", name, reading.trace)
        return readings

    def _read(
        self, names: Sequence[str], site: Site, progress: Progress | None = None, *, is_urgent: bool = True
    ) -> dict[str, ReadSource]:
        """The sources, read again once the pictures that they want are made."""
        readings = self._read_once(names, site)
        for _ in range(ATTEMPTS):
            wanted = {picture for reading in readings.values() for picture in reading.wanted}
            if not wanted:
                break
            self._make(wanted, progress, is_urgent=is_urgent)
            readings |= self._read_once([name for name, reading in readings.items() if reading.wanted], site)
        return readings

    def _make(self, wanted: set[tuple[str, str]], progress: Progress | None, *, is_urgent: bool) -> None:
        """Make pictures; what changes meanwhile is said not to be made yet when it ``is_urgent``."""
        self._files.wanted = wanted
        try:
            self._files.make(progress)
        except UnsettledError:
            if not is_urgent:
                raise
            for picture in sorted(wanted):  # so that one file in motion keeps no other from being made
                self._files.wanted = {picture}
                with suppress(UnsettledError):
                    self._files.make()

    def _read_once(self, names: Sequence[str], site: Site) -> dict[str, ReadSource]:
        verdicts = self._holding.verdicts
        readings = {name: reading for name in names if (reading := verdicts.reading(name)) is not None}
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
