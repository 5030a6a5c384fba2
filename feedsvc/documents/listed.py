"""The line of an update in the index, and how it stands at an instant. Times are whole seconds since 1970 (UTC)."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from enum import Enum
from typing import Literal, NamedTuple

from feedsvc import urls
from feedsvc.content.announced import say_dates
from feedsvc.content.source import LoadedEntry, Picture
from feedsvc.errors import Note
from feedsvc.feeds import ENTRY_OCTETS, cut
from feedsvc.formats import measure
from feedsvc.kinds import DAY
from feedsvc.languages import primary, spoken
from feedsvc.model import Entry, Site
from feedsvc.timestamps import event_dates

TOLD_FOR = 30 * DAY  # how long readers have to meet a correction or a withdrawal
BURIED_FOR = 366 * DAY  # how long feeds say that they held a withdrawn one
KEPT_IN_CALENDARS = 366 * DAY  # how long an event stands there after its end

Trait = tuple[Literal["alias", "offer", "picture of", "picture at", "translation of"], str]


class Reminder(NamedTuple):
    """What reminds of an update's deadline: its id, when its file says that, and when it was given to be."""

    id: str
    written: int
    given: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """The line of an update: what places and orders it, and what its documents depend on."""

    source: str
    id: str
    slug: str
    title: str
    written: int  # the instant in its file
    published: int  # the one it was given, which no other update has
    expires: int | None
    categories: tuple[str, ...]
    language: str | None = None
    spoken: str = ""  # the same without script and region, the site's where the file names none
    is_own: bool = True  # whether that is the site's first language
    edition: str | None = None  # the language in whose places it stands, besides those of all languages
    digest: str
    draft: bool
    files: tuple[str, ...]
    related: tuple[str, ...]
    notes: tuple[Note, ...] = ()
    offered: tuple[str, ...] | None = None  # None: an earlier release wrote the line, and offered every file
    pictures: tuple[Picture, ...] = ()
    dates: tuple[tuple[int, int], ...] = ()  # start and end of each event, in the order of starts
    announced: str = ""  # what readers were told of its dates; an earlier release did not say
    deadline: int | None = None  # when it passes
    reminders: tuple[Reminder, ...] = ()  # of the deadline, and of those before it was moved
    urgent_until: int | None = None
    told_until: int | None = None  # until when it stays in feeds, for a correction or a withdrawal
    is_withdrawn: bool = False
    replaces: str | None = None
    translation_of: str | None = None
    aliases: tuple[str, ...] = ()
    updated: int = 0  # when it was last changed; an earlier release did not say
    octets: int = ENTRY_OCTETS  # at most, in a feed

    @property
    def offers(self) -> tuple[str, ...]:
        """The files that are published as they are, but for what pictures tell."""
        return self.files if self.offered is None else self.offered

    @property
    def mentions(self) -> tuple[str, ...]:
        """The slugs of other updates that it leads to."""
        return (*self.related, *filter(None, (self.replaces, self.translation_of)))

    @property
    def traits(self) -> Iterator[Trait]:
        """What it is found by besides its address while it has a page."""
        yield from (("alias", alias) for alias in self.aliases)
        yield from (("offer", file) for file in self.offers)
        if self.translation_of is not None:
            yield "translation of", self.translation_of
        for picture in self.pictures:
            yield "picture of", picture.file
            yield "picture at", picture.path

    @property
    def rank(self) -> tuple[int, str, str]:
        """Sorts newest first, the id as tie-break; ends in the source name, which is what a list is read for."""
        return (-self.published, self.id, self.source)

    @property
    def last_end(self) -> int | None:
        """When the last of its events ends; None without any."""
        return max(end for _, end in self.dates) if self.dates else None  # asked of all at a start, which most have not

    @property
    def turns(self) -> Iterator[int]:
        """Every instant at which its documents come to say something else by themselves."""
        yield self.published
        for turn in (self.expires, self.urgent_until, self.told_until):
            if turn is not None:
                yield turn
        for reminder in self.reminders:
            yield reminder.given
        if self.is_withdrawn and self.told_until is not None:
            yield self.told_until + BURIED_FOR
        if self.last_end is not None:
            yield from (end for _, end in self.dates)
            yield self.last_end + KEPT_IN_CALENDARS

    def reminding(self, instant: int) -> Iterator["Listed"]:
        """What feeds remind of beside it, while it is shown: until the deadline passes, or it is taken back."""
        if not self.is_withdrawn and (self.deadline is None or self.deadline <= instant):
            return
        for reminder in self.reminders:
            if reminder.given <= instant:
                yield replace(
                    self,
                    id=reminder.id,
                    published=reminder.given,
                    digest=f"{self.digest} {reminder.id} {reminder.given}",
                    related=(),
                    replaces=None,
                )


def list_entry(loaded: LoadedEntry, site: Site) -> Listed:
    """The line of a loaded update."""
    entry = loaded.entry
    told = [change.date for change in (*entry.changes, entry.withdrawal) if change]
    deadline = entry.deadline
    return Listed(
        source=loaded.source,
        id=entry.id,
        slug=entry.slug,
        title=entry.title,
        written=int(entry.published.timestamp()),
        published=int(entry.published.timestamp()),
        expires=int(entry.expires.timestamp()) if entry.expires else None,
        categories=entry.categories,
        language=entry.language,
        spoken=primary(spoken(entry, site)),
        is_own=primary(spoken(entry, site)) == primary(site.first_language),
        edition=entry.edition,
        digest=entry.digest,
        draft=entry.draft,
        files=loaded.files,
        offered=loaded.offered,
        pictures=loaded.pictures,
        related=entry.related,
        notes=loaded.notes,
        dates=tuple((int(event.start.timestamp()), int(event.end.timestamp())) for event in entry.events),
        announced=say_dates(entry),
        deadline=int(deadline.end.timestamp()) if deadline else None,
        reminders=tuple(_reminders(entry, site)),
        urgent_until=int(entry.urgent_until.timestamp()) if entry.urgent_until else None,
        told_until=int(max(told).timestamp()) + TOLD_FOR if told else None,
        is_withdrawn=entry.withdrawal is not None,
        replaces=entry.replaces,
        translation_of=entry.translation_of,
        aliases=entry.aliases,
        updated=int(entry.updated.timestamp()),
        octets=measure(cut(entry, site)),  # with all that it leads to, seen or not
    )


def _reminders(entry: Entry, site: Site) -> Iterator[Reminder]:
    if entry.deadline and entry.reminder:
        last_day = datetime.fromisoformat(event_dates(entry.deadline, site)[1]).date()
        written = int(entry.reminder.timestamp())
        yield Reminder(urls.reminder_id(entry.id, last_day), written, written)


class Standing(Enum):
    """How an update stands at an instant."""

    DRAFT = "draft"
    WAITING = "waiting"
    SHOWN = "shown"
    EXPIRED = "expired"  # out of lists and feeds, but its page stays
    WITHDRAWN = "withdrawn"  # the same, and its page says that it is gone

    @property
    def has_page(self) -> bool:
        """Whether an update that stands so has a page."""
        return self in (Standing.SHOWN, Standing.EXPIRED, Standing.WITHDRAWN)


def standing(line: Listed, instant: int) -> Standing:
    """How an update stands at an instant."""
    if line.draft:
        return Standing.DRAFT
    if instant < line.published:
        return Standing.WAITING
    if line.is_withdrawn and line.told_until is not None and line.told_until <= instant:
        return Standing.WITHDRAWN
    return Standing.EXPIRED if line.expires is not None and line.expires <= instant else Standing.SHOWN


def next_turn(line: Listed, instant: int) -> int | None:
    """When an update next comes to stand or to be shown otherwise than at ``instant``; None when it never does."""
    turns = [] if line.draft else [turn for turn in line.turns if turn > instant]
    return min(turns) if turns else None
