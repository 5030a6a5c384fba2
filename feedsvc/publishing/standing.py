"""What stays as it last was though a file that it uses does not: documents, and versions of updates."""

import hashlib
from contextlib import suppress
from dataclasses import replace
from urllib.parse import unquote

from feedsvc import urls
from feedsvc.content.files import File, Files
from feedsvc.content.folder import UnsettledError
from feedsvc.content.source import LoadedEntry
from feedsvc.documents.listed import Listed, list_entry
from feedsvc.errors import BadValueError
from feedsvc.languages import primary
from feedsvc.model import Site
from feedsvc.publishing.entries import Entries
from feedsvc.publishing.known import Known
from feedsvc.publishing.rendering import Choked


class StandingFiles(Files):
    """The files as ``Plan`` asks for them, where one that can no longer be offered has no facts.

    Its document cannot be made then, and so stays as it last was.
    """

    def facts(self, name: str) -> File:
        """What is known of a file that was found good before, or of nothing where it has gone since."""
        try:
            return super().facts(name)
        except UnsettledError:
            return File(name=name, media_type="application/octet-stream", length=0, digest="")


def in_edition(before: Listed, site: Site, entries: Entries) -> Listed:
    """The version to stay in force, in the places of its language that the site has now."""
    edition, first = site.edition_of(before.language), primary(site.first_language)
    if (before.edition, before.is_own) == (edition, primary(before.language or first) == first):
        return before
    loaded = entries.load(before.source)
    digest = hashlib.sha256(f"{loaded.entry.digest} {edition} {first}".encode()).hexdigest()
    loaded = replace(loaded, entry=replace(loaded.entry, edition=edition, digest=digest))
    entries.put(before.source, loaded)
    return list_entry(loaded, site)


def fall_back(before: Listed, changed: set[str], known: Known, entries: Entries, files: Files) -> Listed | None:
    """The version to stay in force of a source that is held back, when these files have ``changed``.

    What was never seen does not come to be seen with files that it was not checked with. What is seen offers the files
    that are there now, so it tells their lengths.
    """
    if before.draft or not changed.intersection(before.files):
        return before
    if before.published > known.as_of:
        return None
    loaded = entries.load(before.source)
    now = {url: file for name in loaded.offered if (file := _offered(name, files)) for url in _urls(name, loaded)}
    enclosures = tuple(
        replace(one, media_type=now[one.url].media_type, length=now[one.url].length) if one.url in now else one
        for one in loaded.entry.enclosures
    )
    if enclosures == loaded.entry.enclosures:
        return before
    said = "\0".join([loaded.entry.digest, *(file.digest for file in now.values())])
    entry = replace(loaded.entry, enclosures=enclosures, digest=hashlib.sha256(said.encode()).hexdigest())
    entries.put(before.source, replace(loaded, entry=entry))
    return replace(before, digest=entry.digest)


def _offered(name: str, files: Files) -> File | None:
    with suppress(BadValueError, UnsettledError):
        return files.attachment(name)
    return None


def _urls(name: str, loaded: LoadedEntry) -> list[str]:
    """The addresses at which an update offers a file."""
    path = urls.file_path(name)
    return [one.url for one in loaded.entry.enclosures if one.url.endswith(path)]


def may_stay(choked: Choked, known: Known) -> bool:
    """Whether a document that is ``choked.is_unsettled`` may stay as it is stored, or out.

    UnsettledError where a file has changed that was good a moment ago.
    """
    path, site, index = choked.path, known.left.site, known.index
    name = unquote(path.removeprefix(urls.file_path("")))
    names = {picture.file for line in index.shown() for picture in line.pictures if picture.path == path}
    is_of_updates = bool(names) or name != path
    is_of_site = site is None or not is_of_updates or path in {picture.path for picture in site.pictures}
    is_known = all(user in known.sources.held for used in names or {name} for user in index.users(used))
    if not is_known or (is_of_site and not known.problems):
        raise UnsettledError(choked.cause)
    return True
