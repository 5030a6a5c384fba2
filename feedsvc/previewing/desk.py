"""Every update of the content folder as it stands now, and the proof of one, for the pages of a preview."""

import json
import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import fields
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from feedsvc.content.entry import load_entry
from feedsvc.content.files import Files
from feedsvc.content.folder import UnsettledError, list_sources, read_source
from feedsvc.content.ledger import read_ledger
from feedsvc.content.ledger_check import LedgerCheck
from feedsvc.content.site import load_site
from feedsvc.content.source import LoadedEntry
from feedsvc.content.twins import note_twins
from feedsvc.documents.listed import list_entry, standing
from feedsvc.errors import ContentError, Note, Problem
from feedsvc.feeds import ALONE, make_archive
from feedsvc.formats.json_feed import JSON_FEED
from feedsvc.model import Entry, Site
from feedsvc.pages.desk import Item, Proof
from feedsvc.places import ALL
from feedsvc.publication.reader import Reader
from feedsvc.settings import Settings
from feedsvc.urls import update_path

WORDPRESS_WORDS = 55
BROKEN = "held back"
_CARD = re.compile(rb'<meta property="og:image" content="([^"]*)">')


class Desk:
    """What lies in the content folder, read again when it changed. ``settings`` are those of the preview."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._files = Files(settings.content, settings.kept_pictures)
        self._known: dict[str, tuple[str, LoadedEntry | None]] = {}
        self._site = load_site(settings.content, settings)

    @property
    def site(self) -> Site:
        """The site as it was last good."""
        return self._site.site

    def token(self) -> str:
        """What changes with anything that a page of the preview shows."""
        with Reader(self._settings.publication) as reader:
            said = [*reader.site_problems(), *(problem for problem, _ in reader.held_back()), *reader.notes()]
            return f"{reader.generation()}-{hash(tuple(map(str, said)))}"

    def items(self, as_of: datetime) -> tuple[list[Item], list[Problem]]:
        """Every update, newest first and what is broken before all; and what is said of other files."""
        entries, said = dict(self._entries()), dict[str, list[Problem]]()
        with Reader(self._settings.publication) as reader:
            found = [*reader.site_problems(), *(held for held, _ in reader.held_back()), *reader.notes()]
        for problem in dict.fromkeys((*found, *self._compare(entries, as_of))):
            said.setdefault(problem.file, []).append(problem)
        items = [self._item(name, loaded, said.pop(name, []), as_of) for name, loaded in entries.items()]
        items.sort(key=lambda item: (item.state != BROKEN, item.state != "draft", -item.instant, item.source))
        return items, [problem for found in said.values() for problem in found]

    def proof(self, file: str, as_of: datetime) -> Proof | None:
        """All that members will see of an update, by the name of its file; None when there is no such file."""
        items, _ = self.items(as_of)
        item = next((item for item in items if item.file == file), None)
        if item is None:
            return None
        loaded = self._known[item.source][1]
        if loaded is None:
            return Proof(item=item)
        entry, site = loaded.entry, self.site
        feed = make_archive(site, ALL, [entry], ALONE)
        told = json.loads(JSON_FEED.render(feed, site.base_url))["items"][0]
        return Proof(
            item=item,
            summary=told.get("summary", ""),
            words=_first_words(told.get("summary", "")),
            mail=told["content_html"],
            page=None if item.state == BROKEN else update_path(entry.slug),
            card=self._card(entry),
            dates=tuple(_dates(entry, site)),
        )

    def _compare(self, entries: Mapping[str, LoadedEntry | None], as_of: datetime) -> Iterator[Problem]:
        """What ``check`` says besides: of the site, of updates against each other, and against the ledger."""
        root, loaded = self._settings.content, {name: one for name, one in entries.items() if one}
        with suppress(UnsettledError):
            ledger = read_ledger(root)
            against = LedgerCheck(root, self.site, ledger.under(self.site.authority), as_of)
            yield from (*ledger.problems, *against.problems(loaded, unread=entries.keys() - loaded.keys()))
            yield from map(Note.of, (*ledger.notes, *against.notes(loaded)))
        yield from map(Note.of, (*self._site.notes, *note_twins(loaded, self.site, as_of)))

    def _entries(self) -> Iterator[tuple[str, LoadedEntry | None]]:
        with suppress(ContentError, UnsettledError):  # then the last good one stands in, as it does for members
            self._site = load_site(self._settings.content, self._settings)
        for name, stamp in list_sources(self._settings.content).items():
            known = self._known.get(name)
            if known is None or known[0] != stamp:
                known = self._known[name] = (stamp, self._load(name))
            yield name, known[1]

    def _load(self, name: str) -> LoadedEntry | None:
        try:
            return load_entry(read_source(self._settings.content, name), self.site, self._files)
        except (ContentError, UnsettledError):
            return None  # what is wrong with it, the publisher says

    def _item(self, source: str, loaded: LoadedEntry | None, said: list[Problem], as_of: datetime) -> Item:
        file, entry = Path(source).name, loaded.entry if loaded else None
        if loaded is None or entry is None:
            return Item(source=source, file=file, title=file, state=BROKEN, instant=0, said=tuple(said))
        state = standing(list_entry(loaded, self.site), int(as_of.timestamp())).value
        return Item(
            source=source,
            file=file,
            title=entry.title,
            state=state,
            when=_said(entry.published, self.site),
            instant=int(entry.published.timestamp()),
            said=tuple(said),
        )

    def _card(self, entry: Entry) -> str | None:
        with Reader(self._settings.publication) as reader:
            _, page = reader.read(update_path(entry.slug))
        found = _CARD.search(page.variants.identity) if page else None
        return found[1].decode() if found else None


def _first_words(text: str) -> str:
    words = text.split()
    return " ".join(words[:WORDPRESS_WORDS]) + (" […]" if len(words) > WORDPRESS_WORDS else "")


def _said(instant: datetime, site: Site) -> str:
    return f"{instant.astimezone(ZoneInfo(site.time_zone)):%a %Y-%m-%d %H:%M}"


def _dates(entry: Entry, site: Site) -> Iterator[tuple[str, str]]:
    """Every instant at which something happens with the update, by the name of its field, and every event."""
    for field in fields(entry):
        value = getattr(entry, field.name)
        if isinstance(value, datetime):
            yield field.name.replace("_", " "), _said(value, site)
    for event in entry.announced:
        name = "deadline" if event.is_deadline else f"event {event.location or ''}".strip()
        yield name, f"{_said(event.start, site)} to {_said(event.end, site)}"
