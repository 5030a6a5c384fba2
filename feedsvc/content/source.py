"""What loading passes on: a file's bytes on the way in, an entry with its marks on the way out."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from feedsvc import urls
from feedsvc.errors import Note, Problem
from feedsvc.model import Entry, Site
from feedsvc.pictures.sizes import Made, name_made


@dataclass(frozen=True, slots=True)
class Mark:
    """A place in a source file; line and column count from 1, ``excerpt`` is that line."""

    line: int = 1
    column: int = 1
    excerpt: str = ""

    def problem(self, file: str, field: str, what: str, fix: str) -> Problem:
        """A problem at this place of the file of that name."""
        return Problem(
            file=file, line=self.line, column=self.column, field=field, message=what, fix=fix, excerpt=self.excerpt
        )


@dataclass(frozen=True, slots=True)
class Source:
    """A file as read: ``name`` as messages show it (``content/updates/2026-03-01-masks.yaml``), and its bytes."""

    name: str
    data: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """A picture to publish: made for a ``purpose`` of the file of that name and digest."""

    file: str
    digest: str
    purpose: str
    made: Made

    @property
    def path(self) -> str:
        """Its address, which changes with the source and with the settings of making."""
        return urls.picture_path(name_made(self.file, self.digest, self.made))


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadedEntry:
    """A valid entry with what only its file knows.

    The marks say where another file's clash would be reported; ``files`` are the names below ``content/files`` that
    the entry shows or offers, so that a change of one of them is a change of the entry. ``offered`` are those of them
    that are published as files, ``pictures`` what is published of those that are shown. ``notes`` say what will be
    published, but probably not as it is meant.
    """

    source: str
    entry: Entry
    id_mark: Mark
    slug_mark: Mark
    related_marks: tuple[tuple[str, Mark, str], ...] = ()
    files: tuple[str, ...] = ()
    offered: tuple[str, ...] = ()
    pictures: tuple[Picture, ...] = ()
    notes: tuple[Note, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadedSite:
    """The site with the names below ``content/files`` that it shows (icon, logo, favicon), and what is made of them.

    ``notes`` say what it says otherwise than its author probably means.
    """

    site: Site
    files: tuple[str, ...]
    pictures: tuple[Picture, ...] = ()
    notes: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """Everything a content folder holds, good and bad: one whole reading of it, for ``check`` and for tests.

    ``site`` is None when ``site.yaml`` itself is at fault. ``entries`` are keyed by source name. ``notes`` are what is
    no fault but is better known.
    """

    site: LoadedSite | None
    entries: Mapping[str, LoadedEntry] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()
    notes: tuple[Note, ...] = ()
