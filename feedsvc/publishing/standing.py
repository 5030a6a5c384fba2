"""Documents of files that can no longer be offered, or not yet again: they stay as they last were."""

from urllib.parse import unquote

from feedsvc import urls
from feedsvc.content import Files, UnsettledError
from feedsvc.content.files import File
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


def may_stay(choked: Choked, known: Known) -> bool:
    """Whether a document that is ``choked.is_unsettled`` may stay as it is stored, or out.

    UnsettledError where a file has changed that was good a moment ago.
    """
    path, site, index = choked.path, known.site.loaded, known.index
    name = unquote(path.removeprefix(urls.file_path("")))
    names = {picture.file for line in index.shown() for picture in line.pictures if picture.path == path}
    is_of_updates = bool(names) or name != path
    is_of_site = site is None or not is_of_updates or path in {picture.path for picture in site.pictures}
    is_known = all(user in known.sources.held for used in names or {name} for user in index.users(used))
    if not is_known or (is_of_site and not known.site.problems):
        raise UnsettledError(choked.cause)
    return True
