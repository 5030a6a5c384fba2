"""One update's file becomes an Entry, or all that is wrong with it."""

import hashlib
import os
import re
from collections.abc import Iterable
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from feedsvc import urls
from feedsvc.content.body import render_body
from feedsvc.content.check import mark_of, read_record
from feedsvc.content.faults import shortened
from feedsvc.content.files import File, Files
from feedsvc.content.images import image_of
from feedsvc.content.leftovers import leftover_problems
from feedsvc.content.markup import Rendered, filter_xml_text
from feedsvc.content.nodes import Fields, Text, compose
from feedsvc.content.notes.entry_notes import note_entry
from feedsvc.content.schema import EntryRecord
from feedsvc.content.sheet import Sheet, open_sheet
from feedsvc.content.source import LoadedEntry, Source
from feedsvc.content.values import BODY_LIMIT, SLUG, STEM, Reading
from feedsvc.errors import ContentError, Problem
from feedsvc.model import Author, Enclosure, Entry, Site

_DATED = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}-(?=.)")


@dataclass(frozen=True, slots=True)
class Draft:
    """A file as read, its body not yet rendered; ``record`` is None when ``problems`` kept it from being one."""

    source: Source
    sheet: Sheet
    fields: Fields
    record: EntryRecord | None
    problems: list[Problem]


def load_entry(source: Source, site: Site, files: Files) -> LoadedEntry:
    """The entry of a file; ContentError with all that is wrong in it."""
    return complete_entry(draft_entry(source, site, files), site, files)


def draft_entry(source: Source, site: Site, files: Files) -> Draft:
    """The first half of loading; ContentError when the file cannot even be read as fields."""
    sheet = open_sheet(source)
    fields, problems = compose(sheet)
    reading = Reading(
        files=files,
        zone=ZoneInfo(site.time_zone),
        default_time=site.default_time,
        base_url=site.base_url,
        categories=tuple(category.slug for category in site.categories),
    )
    record, found = read_record(EntryRecord, fields, sheet, reading, problems)
    return Draft(source, sheet, fields, record, [*problems, *found])


def complete_entry(draft: Draft, site: Site, files: Files) -> LoadedEntry:
    """The second half: the entry of a draft; ContentError with all that is wrong in the file."""
    source, sheet, fields, record, problems = draft.source, draft.sheet, draft.fields, draft.record, draft.problems
    stem = os.path.splitext(source.name.rpartition("/")[2])[0]  # noqa: PTH122  # pathlib would cost a twentieth of it all
    slug = (record.slug if record else None) or _slug(stem)
    body = fields.nodes.get("body")
    rendered = Rendered()
    if isinstance(body, Text) and len(body.plain) <= BODY_LIMIT:
        rendered, found = render_body(
            body, sheet, site.base_url, files, urls.absolute(site.base_url, urls.update_path(slug))
        )
        problems += found
    problems += _name_problems(fields, sheet, stem)
    if record is not None:
        problems += _between_fields(record, fields, sheet, slug)
        problems += [] if record.draft else leftover_problems(fields, sheet)
    if record is None or problems:
        raise ContentError(problems)
    offered, shown = _used(record, rendered)
    used = _once((*offered, *shown))
    entry = _entry(record, rendered, site, stem, _digest(source, site, used))
    return LoadedEntry(
        source=source.name,
        entry=entry,
        id_mark=mark_of(fields, sheet, "id") if record.id else sheet.top(),
        slug_mark=mark_of(fields, sheet, "slug") if record.slug else sheet.top(),
        related_marks=tuple(
            (other, mark_of(fields, sheet, "related", number)) for number, other in enumerate(record.related)
        ),
        files=tuple(file.name for file in used),
        offered=tuple(file.name for file in offered),
        pictures=tuple(picture for file in shown for picture in file.pictures),
        notes=note_entry(record, fields, sheet, rendered, site),
    )


def _entry(record: EntryRecord, rendered: Rendered, site: Site, stem: str, digest: str) -> Entry:
    """The noun from a record without faults."""
    slug = record.slug or _slug(stem)
    return Entry(
        id=urls.entry_id(site, record.id or stem),
        slug=slug,
        title=filter_xml_text(record.title),
        published=record.published,
        updated=record.updated or record.published,
        categories=tuple(category.slug for category in site.categories if category.slug in record.categories),
        summary=filter_xml_text(record.summary),
        content_html=rendered.content_html,
        permalink=urls.absolute(site.base_url, urls.update_path(slug)),
        digest=digest,
        expires=record.expires,
        change_note=filter_xml_text(record.change_note) if record.change_note else None,
        author=Author(name=filter_xml_text(record.author)) if record.author else None,
        language=record.lang,
        link=record.link[0] if record.link else None,
        image=image_of(record.image.src, filter_xml_text(record.image.alt), site.base_url) if record.image else None,
        pictures=tuple({image.url: image for image in rendered.images}.values()),
        enclosures=tuple(
            Enclosure(
                url=urls.absolute(site.base_url, urls.file_path(attachment.file.name)),
                media_type=attachment.file.media_type,
                length=attachment.file.length,
                title=filter_xml_text(attachment.title),
            )
            for attachment in record.attachments
        ),
        related=tuple(record.related),
        draft=record.draft,
    )


def _slug(stem: str) -> str:
    """The slug of a file's name: what follows the date, if it begins with one."""
    return _DATED.sub("", stem, count=1)


def _name_problems(fields: Fields, sheet: Sheet, stem: str) -> list[Problem]:
    """A file's name that cannot serve as slug or id, where the file does not say them itself."""
    if "slug" not in fields.nodes and not SLUG.fullmatch(_slug(stem)):
        what = f"the file's name gives the address {shortened(_slug(stem))}"
    elif "id" not in fields.nodes and not STEM.fullmatch(stem):
        what = f"the file's name gives the id {shortened(stem)}"
    else:
        return []
    fix = "rename it with lower-case letters, digits and hyphens, such as 2026-03-01-masks-are-back.yaml"
    return [sheet.problem(sheet.top(), "", what, fix)]


def _between_fields(record: EntryRecord, fields: Fields, sheet: Sheet, slug: str) -> list[Problem]:
    """What two fields say against each other."""
    problems = []
    if record.updated and record.updated < record.published:
        mark = mark_of(fields, sheet, "updated")
        what = "the date lies before published"
        problems.append(sheet.problem(mark, "updated", what, "write the later date, or delete the line"))
    if record.expires and record.expires <= record.published:
        mark = mark_of(fields, sheet, "expires")
        what = "the date lies before published"
        problems.append(sheet.problem(mark, "expires", what, "write a later date, or delete the line"))
    if slug in record.related:
        mark = mark_of(fields, sheet, "related", record.related.index(slug))
        problems.append(sheet.problem(mark, "related", f"{slug!r} is this update itself", "delete it"))
    return problems


def _used(record: EntryRecord, rendered: Rendered) -> tuple[tuple[File, ...], tuple[File, ...]]:
    """Every file that the entry offers, and every one that it shows; each once, in order of name."""
    offered = [*rendered.files, *(attachment.file for attachment in record.attachments)]
    if record.link and record.link[1]:
        offered.append(record.link[1])
    return _once(offered), _once((*rendered.shown, *((record.image.src,) if record.image else ())))


def _once(files: Iterable[File]) -> tuple[File, ...]:
    """Each file once, in order of name."""
    return tuple(sorted({file.name: file for file in files}.values(), key=lambda file: file.name))


def _digest(source: Source, site: Site, used: tuple[File, ...]) -> str:
    """The name of exactly this content: what was written, how the site reads it, and the files it uses."""
    digest = hashlib.sha256(source.data)
    # the octets come first and their number follows, so that no two lists of parts run together to the same
    parts = [str(len(source.data)), source.name, site.digest, *(file.digest for file in used)]
    digest.update("\0".join(parts).encode("utf-8", "surrogateescape"))  # a file's name need not be UTF-8
    return digest.hexdigest()
