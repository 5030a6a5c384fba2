"""``site.yaml`` becomes the Site, or all that is wrong with it."""

import hashlib
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from itertools import combinations
from pathlib import Path
from zoneinfo import ZoneInfo

from feedsvc import urls
from feedsvc.content.dates import read_time
from feedsvc.content.files import File, Files
from feedsvc.content.folder import SITE, read_source, source_name
from feedsvc.content.images import home_icons, image_of
from feedsvc.content.markup import filter_xml_text
from feedsvc.content.media_types import PNG
from feedsvc.content.nodes import compose
from feedsvc.content.records import read_record
from feedsvc.content.site_schema import DEFAULT_TIME, SiteRecord
from feedsvc.content.source import LoadedSite
from feedsvc.content.source_text import decode_source
from feedsvc.content.translations import note_untranslated, translation_problems, translations_of
from feedsvc.content.value_errors import in_quotes
from feedsvc.content.values import Reading, read_zone
from feedsvc.content.written import Fields, Slip
from feedsvc.errors import BadValueError, ContentError
from feedsvc.model import Author, Category, Site
from feedsvc.settings import Settings

ICON_PIXELS = 144
MIXED_AT_MOST = 4  # categories, all of whose mixes are published


def load_site(root: Path, settings: Settings) -> LoadedSite:
    """The site of a content folder; ContentError with all that is wrong in its ``site.yaml``."""
    written = compose(decode_source(read_source(root, source_name(root, SITE))))
    record, problems = read_record(SiteRecord, written, _reading(written.fields, Files(root, settings.kept_pictures)))
    if record is not None:
        problems += map(written.problem, (*_categories_wrong(record), *_mixes_wrong(record), *_pictures_wrong(record)))
        problems += translation_problems(record, written)
    if record is None or problems:
        raise ContentError(problems)
    used = (record.icon, record.logo, record.favicon)
    return LoadedSite(
        site=_site(record, settings.base_url or record.base_url, used),
        files=tuple(sorted({file.name for file in used})),
        pictures=(*(picture for file in used for picture in file.pictures), *home_icons(record.icon)),
        notes=tuple(map(written.problem, note_untranslated(record))),
    )


def _reading(fields: Fields, files: Files) -> Reading:
    """What the dates are read against: the file's own zone and time, or stand-ins when those are at fault."""
    reading = Reading(files=files, zone=ZoneInfo("UTC"), default_time=DEFAULT_TIME, base_url="")
    try:
        reading = replace(reading, zone=read_zone(str(fields.plain.get("time_zone"))))
        return replace(reading, default_time=read_time(str(fields.plain.get("default_time", DEFAULT_TIME))))
    except BadValueError:
        return reading


def _site(record: SiteRecord, base_url: str, used: tuple[File, ...]) -> Site:
    """The noun from a record without faults."""
    title = filter_xml_text(record.title)
    touch, maskable = home_icons(record.icon)
    site = Site(
        title=title,
        description=filter_xml_text(record.description),
        base_url=base_url,
        authority=record.authority,
        language=record.language,
        time_zone=record.time_zone.key,
        author=Author(name=filter_xml_text(record.author)),
        contact_url=record.contact_url,
        rights=filter_xml_text(record.rights),
        license_url=record.license_url,
        icon=image_of(record.icon, title, base_url),
        logo=image_of(record.logo, title, base_url),
        favicon_url=urls.absolute(base_url, record.favicon.pictures[0].path),
        touch_icon_url=urls.absolute(base_url, touch.path),
        maskable_icon_url=urls.absolute(base_url, maskable.path),
        default_time=record.default_time,
        feed_length=record.feed_length,
        categories=tuple(_categories(record)),
        mixes=tuple(_mixes(record)),
        digest="",
        embed_on=tuple(record.embed_on),
        hubs=tuple(dict.fromkeys(record.hubs)),
    )
    # the values as they were understood, so that a comment in the file changes nothing
    translated = replace(site, translations=translations_of(record, site))
    said = "\0".join([repr(translated), *(file.digest for file in used)])
    digest = hashlib.sha256(said.encode()).hexdigest()
    editions = tuple(replace(edition, digest=digest) for edition in translated.translations)
    return replace(translated, digest=digest, translations=editions)


def _categories(record: SiteRecord) -> Iterator[Category]:
    for number, category in enumerate(record.categories):
        yield Category(
            slug=category.slug,
            title=filter_xml_text(category.title),
            description=filter_xml_text(category.description),
            since=category.since,
            aliases=tuple(category.aliases),
            # some seconds later: no update, which is written for a minute, has the instant of a farewell
            ended=category.ended and category.ended + timedelta(seconds=45 + number % 15),
        )


def _mixes(record: SiteRecord) -> Iterator[tuple[str, ...]]:
    """The mixes of categories that are named, or all while they are few; each in the site's order, smaller ones first.

    All categories together are no mix.
    """
    slugs = [category.slug for category in record.categories]
    if record.mixes is not None:
        yield from dict.fromkeys(tuple(sorted(mix, key=slugs.index)) for mix in record.mixes)
    elif len(slugs) <= MIXED_AT_MOST:
        for size in range(2, len(slugs)):
            yield from combinations(slugs, size)


def _mixes_wrong(record: SiteRecord) -> Iterator[Slip]:
    """Mixes of categories that the site does not have, or of too few or all of them."""
    slugs = [category.slug for category in record.categories]
    for number, mix in enumerate(record.mixes or ()):
        unknown = next((slug for slug in mix if slug not in slugs), None)
        if unknown is not None:
            what = f"the site has no category {unknown!r}"
            fix = f"write one of {', '.join(slugs)}"
        elif len(mix) < 2:
            what, fix = f"{mix[0]!r} alone is no mix", "name at least two categories, or delete the line"
        elif len(mix) == len(slugs):
            what, fix = "all categories together have a page and feeds already", "delete the line"
        else:
            continue
        yield Slip(("mixes", number), what, fix)


def _categories_wrong(record: SiteRecord) -> Iterator[Slip]:
    """Categories that share an address, now or before, or end before they begin."""
    taken: set[str] = set()
    for number, category in enumerate(record.categories):
        if category.slug in taken:
            what = f"an earlier category has the slug {category.slug!r}"
            yield Slip(("categories", number, "slug"), what, "write another one")
        taken.add(category.slug)
        if category.ended and category.ended <= category.since:
            yield Slip(("categories", number, "ended"), "it ended before it began", "write a later date")
    for number, category in enumerate(record.categories):
        for place, alias in enumerate(category.aliases):
            if alias in taken:
                what = f"a category has the slug {alias!r}, or had it"
                yield Slip(("categories", number, "aliases", place), what, "delete it")
            taken.add(alias)


def _pictures_wrong(record: SiteRecord) -> Iterator[Slip]:
    """An icon or logo of another kind or shape than feeds and readers show."""
    for name, file in (("icon", record.icon), ("logo", record.logo)):
        width, height = (file.pictures[-1].made.width, file.pictures[-1].made.height) if file.pictures else (0, 0)
        fits, wanted = width == 2 * height, "a PNG twice as wide as high"
        if name == "icon":
            fits, wanted = width == height >= ICON_PIXELS, f"a square PNG of at least {ICON_PIXELS} pixels"
        if file.media_type != PNG or not fits:
            size = f" of {width} by {height} pixels" if file.pictures else ""
            what = f"{in_quotes(file.name)} is {file.media_type}{size}"
            yield Slip((name,), what, f"use {wanted}")
