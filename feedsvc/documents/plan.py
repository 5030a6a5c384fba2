"""What every document is made from; pure: same content, same instant, same recipes."""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from urllib.parse import quote

from feedsvc.content.files import Files
from feedsvc.content.source import Picture
from feedsvc.documents.changed import Changed
from feedsvc.documents.index import Index
from feedsvc.documents.listed import Listed
from feedsvc.feeds import make_reminder
from feedsvc.kinds import Kind
from feedsvc.model import Document, Entry, Site
from feedsvc.places import Place
from feedsvc.publication.headers import ALL_KEY

HTML = "text/html"

Fetch = Callable[[str], Entry]  # source name -> entry


@dataclass(frozen=True, slots=True)
class Plan:
    """The site, which updates stand where, and where their text and files are."""

    site: Site
    site_pictures: tuple[Picture, ...]
    index: Index
    fetch: Fetch
    files: Files
    gone: Callable[[], Collection[str]] = frozenset  # addresses of updates that were public, and have no file any more
    years: dict[Place, list[int]] = field(default_factory=dict)  # in which places have updates, as far as it was asked

    def site_in(self, place: Place) -> Site:
        """The site as it speaks in a place."""
        return self.site.in_edition(place.language)

    def document(
        self, path: str, kind: Kind, place: Place, lines: Iterable[Listed] = (), media_type: str = HTML
    ) -> Document:
        """What is known of a document of a place that shows these updates, but for its body."""
        expires = self.index.first_turn(lines)
        return Document(path=path, kind=kind, media_type=media_type, expires=expires, tags=purge_tags(place))

    def everything(self) -> Changed:
        """What a cold publish makes: every document there is."""
        changed = self.index.everything()
        changed.files.update(picture.file for picture in self.site_pictures)
        return changed

    def fetch_all(self, lines: Iterable[Listed]) -> list[Entry]:
        """The updates of these lines."""
        return [self.fetch(line.source) for line in lines]

    def told_digest(self, line: Listed) -> str:
        """The digest of an update as feeds tell it: of its text, and of which of those it names as related are seen.

        It is never that of the update as it is written, where that names any.
        """
        return "+".join((line.digest, "told", *self._seen_related(line))) if line.mentions else line.digest

    def told(self, line: Listed) -> Entry:
        """An update as feeds tell it, which leads only to what is to be seen: no draft, nothing that waits."""
        entry = self.fetch(line.source)
        if line.mentions:
            seen = self._seen_related(line)
            entry = replace(
                entry,
                related=tuple(slug for slug in entry.related if slug in seen),
                replaces=entry.replaces if entry.replaces in seen else None,
                translation_of=entry.translation_of if entry.translation_of in seen else None,
                digest=self.told_digest(line),
            )
        if line.id == entry.id:
            return entry
        return make_reminder(self.site, entry, line.id, datetime.fromtimestamp(line.published, UTC))

    def _seen_related(self, line: Listed) -> tuple[str, ...]:
        return tuple(slug for slug in line.mentions if self.index.by_slug(slug) is not None)


def purge_tags(place: Place | None = None, *, update: str = "", file: str = "") -> tuple[str, ...]:
    """What caches know a document by: everything, and the place, the update (by its slug) or the file that it is of."""
    year = f"-{place.year}" if place and place.year else ""
    of_place = (f"place-{place.name}{year}",) if place else ()
    of_update = (f"update-{update}",) if update else ()
    return (ALL_KEY, *of_place, *of_update, *((f"file-{quote(file, safe='')}",) if file else ()))
