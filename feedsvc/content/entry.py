"""One update's file becomes an Entry, or all that is wrong with it."""

import hashlib
import os
import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from feedsvc import urls
from feedsvc.content import markup
from feedsvc.content.events import events_of, reminder_of
from feedsvc.content.file_names import COPY, JOIN, RENAME, copied_from
from feedsvc.content.files import File, Files
from feedsvc.content.images import image_of
from feedsvc.content.leftovers import leftover_problems
from feedsvc.content.markup import Rendered, filter_xml_text
from feedsvc.content.nodes import compose
from feedsvc.content.notes.entry_notes import note_entry
from feedsvc.content.records import read_record
from feedsvc.content.schema import EntryRecord
from feedsvc.content.slips import find_slips
from feedsvc.content.source import LoadedEntry, Mark, Source
from feedsvc.content.source_text import decode_source
from feedsvc.content.values import BODY_LIMIT, SLUG, STEM, Reading
from feedsvc.content.withdrawn import NoFiles, as_withdrawn
from feedsvc.content.written import Written
from feedsvc.errors import ContentError, Problem, shortened
from feedsvc.model import Author, Change, Enclosure, Entry, Site

_DATED = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}-(?=.)")


@dataclass(frozen=True, slots=True)
class ParsedEntry:
    """A file as read, its body not yet rendered; ``record`` is None when ``problems`` kept it from being one."""

    source: Source
    written: Written
    record: EntryRecord | None
    problems: list[Problem]


def load_entry(source: Source, site: Site, files: Files) -> LoadedEntry:
    """The entry of a file; ContentError with all that is wrong in it."""
    return complete_entry(parse_entry(source, site, files), site, files)


def parse_entry(source: Source, site: Site, files: Files) -> ParsedEntry:
    """The first half of loading; ContentError when the file cannot even be read as fields."""
    written = compose(decode_source(source))
    reading = Reading(
        files=NoFiles(files.folder.parent) if "withdrawn" in written.fields.plain else files,
        zone=ZoneInfo(site.time_zone),
        default_time=site.default_time,
        base_url=site.base_url,
        categories=tuple(category.slug for category in site.categories),
        aliases={alias: category.slug for category in site.categories for alias in category.aliases},
    )
    return ParsedEntry(source, written, *read_record(EntryRecord, written, reading))


def complete_entry(parsed: ParsedEntry, site: Site, files: Files) -> LoadedEntry:
    """The second half: the entry of what was parsed; ContentError with all that is wrong in the file."""
    source, written, record, problems = parsed.source, parsed.written, parsed.record, [*parsed.problems]
    stem = os.path.splitext(source.name.rpartition("/")[2])[0]  # noqa: PTH122  # pathlib would cost a twentieth of it all
    slug = (record.slug if record else None) or _slug(stem)
    permalink = urls.absolute(site.base_url, urls.update_path(slug))
    rendered = Rendered()
    is_said = "withdrawn" not in written.fields.plain  # else nobody is shown the text, nor what it leads to
    if is_said and written.body and len(written.body.plain) <= BODY_LIMIT:
        text = unicodedata.normalize("NFC", written.body.plain)
        rendered = markup.render(text, site.base_url, files, permalink)
        for fault, line, column in rendered.findings:
            problems.append(written.problem_in_body(line, column, fault.what, fault.fix))
    problems += _name_problems(written, stem, files)
    if record is not None:
        problems += map(written.problem, find_slips(record, slug))
        problems += [] if record.draft else leftover_problems(written)
    if record is None or problems:
        raise ContentError(problems)
    offered, shown = _used(record, rendered)
    used = _once((*offered, *shown))
    entry = _entry(record, rendered, site, stem, _digest(source, site, used))
    return LoadedEntry(
        source=source.name,
        entry=entry,
        id_mark=written.mark("id") if record.id else written.source_text.top(),
        slug_mark=written.mark("slug") if record.slug else written.source_text.top(),
        related_marks=tuple(_related_marks(record, written)),
        files=tuple(file.name for file in used),
        offered=tuple(file.name for file in offered),
        pictures=tuple(picture for file in shown for picture in file.pictures),
        notes=note_entry(record, written, rendered, site),
    )


def _entry(record: EntryRecord, rendered: Rendered, site: Site, stem: str, digest: str) -> Entry:
    """The noun from a record without faults."""
    slug = record.slug or _slug(stem)
    changes = _changes(record)
    entry = Entry(
        id=urls.entry_id(site, record.id or stem),
        slug=slug,
        title=filter_xml_text(record.title),
        published=record.published,
        updated=max([record.updated or record.published, *(change.date for change in changes)]),
        categories=tuple(category.slug for category in site.categories if category.slug in record.categories),
        summary=filter_xml_text(record.summary),
        content_html=rendered.content_html,
        permalink=urls.absolute(site.base_url, urls.update_path(slug)),
        digest=digest,
        events=events_of(record, ZoneInfo(site.time_zone)),
        reminder=reminder_of(record, ZoneInfo(site.time_zone), site.default_time),
        expires=record.expires,
        changes=changes,
        aliases=tuple(record.aliases),
        replaces=record.replaces,
        translation_of=record.translation_of,
        urgent_until=record.urgent_until,
        author=Author(name=filter_xml_text(record.author)) if record.author else None,
        language=record.lang,
        edition=site.edition_of(record.lang),
        link=record.link[0] if record.link else None,
        image=image_of(record.image.src, filter_xml_text(record.image.alt), site.base_url)
        if record.image and not record.withdrawn
        else None,
        pictures=tuple({image.url: image for image in rendered.images}.values()),
        enclosures=_enclosures(record, site),
        related=tuple(record.related),
        draft=record.draft,
    )
    return as_withdrawn(entry, record, site)


def _enclosures(record: EntryRecord, site: Site) -> tuple[Enclosure, ...]:
    return tuple(
        Enclosure(
            url=urls.absolute(site.base_url, urls.file_path(attachment.file.name)),
            media_type=attachment.file.media_type,
            length=attachment.file.length,
            title=filter_xml_text(attachment.title),
        )
        for attachment in record.attachments
    )


def _related_marks(record: EntryRecord, written: Written) -> Iterator[tuple[str, Mark, str]]:
    """Every slug of another update, with its place and the field that names it."""
    for number, other in enumerate(record.related):
        yield other, written.mark("related", number), "related"
    for name in ("replaces", "translation_of"):
        if other := getattr(record, name):
            yield other, written.mark(name), name


def _changes(record: EntryRecord) -> tuple[Change, ...]:
    """Every correction, the newest last."""
    changes = [Change(date=each.date, note=filter_xml_text(each.note)) for each in record.changes]
    if record.change_note:
        changes.append(Change(date=record.updated or record.published, note=filter_xml_text(record.change_note)))
    return tuple(sorted(changes, key=lambda change: change.date))


def _slug(stem: str) -> str:
    """The slug of a file's name: what follows the date, if it begins with one."""
    return _DATED.sub("", stem, count=1)


def _name_problems(written: Written, stem: str, files: Files) -> list[Problem]:
    """A file's name that cannot serve as slug or id, where the file does not say them itself."""
    if "slug" not in written.fields.nodes and not SLUG.fullmatch(_slug(stem)):
        what = f"the file's name gives the address {shortened(_slug(stem))}"
    elif "id" not in written.fields.nodes and not STEM.fullmatch(stem):
        what = f"the file's name gives the id {shortened(stem)}"
    else:
        return []
    fix, stems = RENAME, files.stems_of_updates()
    if original := copied_from(stem, stems):
        what = f"by its name, this is {COPY.format(original)}"
        if original in stems:
            fix = f"{JOIN.format(original)}; if it is none, {RENAME}"
        else:
            what += ", and the file that it is a copy of is not there"
    return [written.source_text.problem(written.source_text.top(), "", what, fix)]


def _used(record: EntryRecord, rendered: Rendered) -> tuple[tuple[File, ...], tuple[File, ...]]:
    """Every file that the entry offers, and every one that it shows; each once, in order of name."""
    if record.withdrawn:
        return (), ()
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
