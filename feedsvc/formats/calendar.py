"""iCalendar (RFC 5545, RFC 7986): the dates of entries as calendars subscribe to them. The only user of icalendar.

All times are in UTC, so that a file needs no time zone of its own. Nothing here is taken from the clock or made at
random: an event is known by its entry's id and its own key, and is as old as its entry says.
"""

from collections.abc import Iterator, Sequence
from datetime import timedelta
from functools import lru_cache

import icalendar

from feedsvc.formats.feed_item import KEPT_ITEMS, FeedItem, feed_item
from feedsvc.model import Entry, Event, Site
from feedsvc.timestamps import local
from feedsvc.wording import words_inside
from feedsvc.wording.leads import sentence
from feedsvc.wording.wording import Wording

END = b"END:VCALENDAR"
PRODUCER = "-//feedsvc//feedsvc//EN"
REFRESH = timedelta(hours=6)
OCTETS_AT_MOST = 900_000  # Google reads no more than 1 MB
FRAME_OCTETS = 2_000
MOMENT = timedelta(minutes=15)  # what calendars show for a deadline at a time of day
# line ends of other standards, and what parsers stop at; other control characters no entry has
_UNSEEN = dict.fromkeys((0x7F, 0x85, 0x2028, 0x2029, 0xFEFF, *range(0x20)), " ") | {ord("\n"): "\n"}


def render_calendar(site: Site, title: str, entries: Sequence[Entry]) -> bytes:
    """The dates of these entries, those that were withdrawn as cancelled; the oldest are left out where it is too long.

    ``entries`` are in the order of the ends of their last events.
    """
    calendar = icalendar.Calendar()
    calendar.add("version", "2.0")
    calendar.add("prodid", PRODUCER)
    for name in ("name", "x-wr-calname"):
        calendar.add(name, icalendar.vText(title.translate(_UNSEEN)))
    calendar.add("refresh-interval", icalendar.vDuration(REFRESH), parameters={"value": "DURATION"})
    calendar.add("x-published-ttl", icalendar.vDuration(REFRESH))
    room = OCTETS_AT_MOST - FRAME_OCTETS
    held: list[bytes] = []
    for event in (event for entry in reversed(entries) for event in _events(feed_item(entry, site))):
        room -= len(event)
        if room < 0:
            break
        held.append(event)
    head, end, rest = calendar.to_ical().rpartition(END)
    return b"".join((head, *reversed(held), end, rest))


def uid_of(entry: Entry, event: Event) -> str:
    """What calendars know the event by, for good."""
    return f"{entry.id}#{event.key}" if event.key else entry.id


@lru_cache(KEPT_ITEMS)
def _events(item: FeedItem) -> tuple[bytes, ...]:
    """The entry's dates as every calendar holds them, the last first."""
    words, _ = words_inside(item.entry, item.site)
    return tuple(_event(item.entry, event, item.site, words).to_ical() for event in reversed(item.entry.events))


def _event(entry: Entry, event: Event, site: Site, words: Wording) -> icalendar.Event:
    written = icalendar.Event()
    written.add("uid", uid_of(entry, event))
    written.add("dtstamp", entry.updated.replace(microsecond=0))
    written.add("last-modified", entry.updated.replace(microsecond=0))
    written.add("sequence", entry.sequence)
    if event.is_whole_day:
        written.add("dtstart", local(event.start, site).date())
        written.add("dtend", local(event.end, site).date())
    else:
        written.add("dtstart", event.start)
        written.add("dtend", event.end + MOMENT if event.is_deadline else event.end)
    title = f"{words.deadline} {entry.title}" if event.is_deadline else entry.title
    if entry.withdrawal:
        title = words.cancelled_title.format(title=entry.withdrawal.title)
    written.add("summary", title.translate(_UNSEEN))
    written.add("description", "\n".join(_describe(entry, event, site, words)).translate(_UNSEEN))
    if where := event.location or event.url:
        written.add("location", where.translate(_UNSEEN))
    written.add("url", entry.permalink)
    labels = (site.in_edition(entry.edition).category(slug).title for slug in entry.categories)
    written.add("categories", [label.replace(",", "") for label in labels])
    written.add("status", "CANCELLED" if entry.withdrawal else "CONFIRMED")
    is_free = event.is_whole_day or event.is_deadline or entry.withdrawal
    written.add("transp", "TRANSPARENT" if is_free else "OPAQUE")
    if is_free:
        written.add("x-microsoft-cdo-busystatus", "FREE")
    return written


def _describe(entry: Entry, event: Event, site: Site, words: Wording) -> Iterator[str]:
    """Plain text, the address of the entry's page last."""
    if not entry.withdrawal:
        for change in entry.changes[-1:]:
            when = words.say_date(local(change.date, site))
            yield f"{words.corrected.format(when=when)} {sentence(change.note)}"
    yield entry.summary
    if event.url and event.location:
        yield event.url
    yield entry.permalink
