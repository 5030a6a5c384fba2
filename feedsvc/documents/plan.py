"""What documents exist and what each depends on; pure: same content, same instant, same recipes."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cache, partial

from feedsvc import feeds, pages, urls
from feedsvc.content import Files
from feedsvc.content.source import Picture
from feedsvc.documents.index import Affected, Index, Listed
from feedsvc.documents.recipe import Recipe, make_key
from feedsvc.formats import FORMATS, FeedFormat, render_opml
from feedsvc.kinds import ASSET, ATTACHMENT, ERROR, FEED, ICON, MOVED, OPML, PAGE, PICTURE, UPDATE
from feedsvc.model import Document, Entry, Feed, Site
from feedsvc.pages import Asset
from feedsvc.pictures import WEBP, wrap_icon
from feedsvc.places import ALL, Place, places_of

PAGE_LENGTH = 50  # entries listed on the page of a place; older ones are reached from update to update
LATEST = 10  # entries listed on the landing page
FAVICON = "/favicon.ico"
HTML = "text/html"
OPML_TYPE = "text/x-opml"

Fetch = Callable[[str], Entry]  # source name -> entry


@dataclass(frozen=True, slots=True)
class Plan:
    """What every recipe is made from: the site, which updates are seen, and where their text and files are."""

    site: Site
    site_pictures: tuple[Picture, ...]
    index: Index
    fetch: Fetch
    files: Files

    def every(self) -> Iterator[Recipe]:
        """Every document of the site."""
        yield from self._of_site()
        for place in places_of(self.site):
            yield from self._of_place(place)
        shown = list(self.index.shown())
        for listed in shown:
            yield self._of_update(listed)
        yield from self._of_files({file for listed in shown for file in listed.offers})
        shown_pictures = (picture for line in shown for picture in line.pictures)
        yield from self._of_pictures({picture.file for picture in (*self.site_pictures, *shown_pictures)})

    def affected(self, affected: Affected) -> Iterator[Recipe]:
        """The documents that a change may have touched, as they are now."""
        for place in places_of(self.site):
            if place in affected.places:
                yield from self._of_place(place)
        for source in sorted(affected.sources):
            if (listed := self.index.find(source)) is not None:
                yield self._of_update(listed)
        yield from self._of_files(filter(self.index.is_offered, affected.files))
        yield from self._of_pictures(affected.files)

    def _of_site(self) -> Iterator[Recipe]:
        site = self.site

        def error_page() -> Document:
            return Document(
                path=urls.NOT_FOUND,
                kind=ERROR,
                media_type=HTML,
                body=pages.not_found_page(site, FORMATS),
            )

        def opml() -> Document:
            every = [feeds.make_feed(site, place, ()) for place in places_of(site)]
            return Document(path=urls.OPML, kind=OPML, media_type=OPML_TYPE, body=render_opml(site, every))

        yield Recipe(urls.NOT_FOUND, make_key("error", site.digest), error_page)
        yield Recipe(urls.OPML, make_key("opml", site.digest), opml)
        yield self._favicon()
        for asset in pages.assets():
            yield _of_asset(asset)

    def _of_place(self, place: Place) -> Iterator[Recipe]:
        site = self.site
        shelf = self.index.newest(place, PAGE_LENGTH)
        told = shelf[: site.feed_length]

        @cache
        def feed() -> Feed:
            return feeds.make_feed(site, place, [self._seen(line) for line in told])

        for fmt in FORMATS:
            path = place.path + fmt.file_name
            digests = [self._seen_digest(line) for line in told]
            yield Recipe(path, make_key("feed", path, site.digest, *digests), partial(_feed_document, fmt, place, feed))

        length = LATEST if place == ALL else PAGE_LENGTH
        digests = [line.digest for line in shelf[:length]]

        def page() -> Document:
            entries = [self.fetch(line.source) for line in shelf[:length]]
            return Document(
                path=place.path,
                kind=PAGE,
                media_type=HTML,
                body=(
                    pages.landing_page(site, FORMATS, entries)
                    if place == ALL
                    else pages.place_page(site, FORMATS, place, entries)
                ),
                expires=_first_expiry(entries),
                tags=_tags(*place.categories),
                links=tuple(
                    ("alternate", urls.absolute(site.base_url, place.path + fmt.file_name), fmt.media_type)
                    for fmt in FORMATS
                ),
            )

        yield Recipe(place.path, make_key("page", place.path, site.digest, *digests), page)

    def _of_update(self, listed: Listed) -> Recipe:
        path = urls.update_path(listed.slug)
        newer, older = self.index.neighbours(listed)
        is_expired = self.index.is_expired(listed)
        related = [line for slug in listed.related if (line := self.index.by_slug(slug)) is not None]
        near = [text for line in (newer, older) for text in ((line.slug, line.title) if line else ("", ""))]
        key = make_key(
            "expired" if is_expired else "update",
            self.site.digest,
            listed.digest,
            *near,
            *(line.digest for line in related),
        )

        def page() -> Document:
            entry = self.fetch(listed.source)
            neighbours = pages.Neighbours(
                newer=newer,
                older=older,
                related=tuple(self.fetch(line.source) for line in related),
            )
            as_of = entry.expires if is_expired and entry.expires else pages.BEGINNING
            return Document(
                path=path,
                kind=UPDATE,
                media_type=HTML,
                body=pages.update_page(self.site, FORMATS, entry, neighbours, as_of=as_of),
                expires=None if is_expired else _first_expiry([entry]),
                tags=_tags(*entry.categories),
                links=(("canonical", entry.permalink, HTML),),
            )

        return Recipe(path, key, page)

    def _seen_digest(self, line: Listed) -> str:
        """The digest of an update and of which of those it names as related are to be seen."""
        return "+".join((line.digest, *self._seen_related(line)))

    def _seen(self, line: Listed) -> Entry:
        """An update that leads only to what is to be seen: no draft, nothing that waits."""
        entry = self.fetch(line.source)
        if not line.related:
            return entry
        return replace(entry, related=self._seen_related(line), digest=self._seen_digest(line))

    def _seen_related(self, line: Listed) -> tuple[str, ...]:
        return tuple(slug for slug in line.related if self.index.by_slug(slug) is not None)

    def _of_files(self, names: Iterable[str]) -> Iterator[Recipe]:
        for name in sorted(names):
            path = urls.file_path(name)
            yield Recipe(path, make_key("attachment", path, self.files.facts(name).digest), partial(self._file, name))

    def _file(self, name: str) -> Document:
        return Document(
            path=urls.file_path(name),
            kind=ATTACHMENT,
            media_type=self.files.facts(name).media_type,
            body=self.files.read(name),
            tags=_tags(),
        )

    def _of_pictures(self, files: Iterable[str]) -> Iterator[Recipe]:
        """What is made of these files and shown, and the way to it from where the file itself would be."""
        made: dict[str, Picture] = {}
        for file in sorted(files):
            pictures = [*self.index.pictures(file), *(own for own in self.site_pictures if own.file == file)]
            made |= {picture.path: picture for picture in pictures}
            shown = [picture for picture in pictures if picture.made.media_type != WEBP]
            if shown and not self.index.is_offered(file):
                target = max(shown, key=lambda picture: (picture.made.width, picture.path)).path
                path = urls.file_path(file)
                yield Recipe(path, make_key("moved", path, target), partial(_moved, path, target))
        for path, picture in made.items():  # of two files with equal bytes and names, one
            yield Recipe(path, make_key("picture", path), partial(self._picture, path, picture))

    def _picture(self, path: str, picture: Picture) -> Document:
        return Document(
            path=path,
            kind=PICTURE,
            media_type=picture.made.media_type,
            body=self.files.octets(picture),
            tags=_tags(),
        )

    def _favicon(self) -> Recipe:
        icon = self.site.icon

        def render() -> Document:
            path = icon.url.removeprefix(self.site.base_url)
            made = next(picture for picture in self.site_pictures if picture.path == f"/{path}")
            body = wrap_icon(self.files.octets(made), icon.width, icon.height)
            return Document(path=FAVICON, kind=ICON, media_type="image/x-icon", body=body)

        return Recipe(FAVICON, make_key("icon", self.site.digest), render)


def _feed_document(fmt: FeedFormat, place: Place, make: Callable[[], Feed]) -> Document:
    feed, path = make(), place.path + fmt.file_name
    self_url = urls.absolute(feed.site.base_url, path)
    return Document(
        path=path,
        kind=FEED,
        media_type=fmt.media_type,
        body=fmt.render(feed, self_url),
        expires=_first_expiry(feed.entries),
        tags=_tags(*place.categories),
        links=(("self", self_url, fmt.media_type), ("alternate", feed.home_url, HTML)),
        page_path=place.path,
    )


def _moved(path: str, target: str) -> Document:
    """The way from an earlier address to that where the same is to be had now."""
    return Document(path=path, kind=MOVED, media_type="text/plain", body=target.encode(), page_path=target)


def _of_asset(asset: Asset) -> Recipe:
    path = urls.asset_path(asset.name_with_digest)
    return Recipe(
        path,
        make_key("asset", path),
        lambda: Document(path=path, kind=ASSET, media_type=asset.media_type, body=asset.body),
    )


def _tags(*slugs: str) -> tuple[str, ...]:
    """Purge keys: everything, and each category that the document shows."""
    return ("all", *(f"category-{slug}" for slug in slugs))


def _first_expiry(entries: Iterable[Entry]) -> int | None:
    """When the first of these expires, in seconds since 1970."""
    return min((int(entry.expires.timestamp()) for entry in entries if entry.expires), default=None)
