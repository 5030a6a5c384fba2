"""An entry's dates as pages show them: the words of the feeds, in a ``<time>``, and schema.org for search engines."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from markupsafe import Markup

from feedsvc.model import Entry, Event, Site
from feedsvc.pages.frame import local_href
from feedsvc.timestamps import event_dates, local
from feedsvc.wording import words_inside
from feedsvc.wording.leads import say_event
from feedsvc.wording.wording import Wording

BEGINNING = datetime.min.replace(tzinfo=UTC)  # when nothing that a page shows is over yet


@dataclass(frozen=True, slots=True, kw_only=True)
class Present:
    """What a page of a place says at an instant: what is over by then, what is coming, and what is urgent."""

    as_of: datetime = BEGINNING
    coming: Sequence[Entry] = ()  # by the start of the next event
    urgent: Sequence[Entry] = ()
    ended: Sequence[Entry] = ()  # what says that a category has


NOTHING = Present()


def show_dates(site: Site, entry: Entry, words: Wording, own: Markup, as_of: datetime) -> list[Markup]:
    """Each date in a line, in these words, and whether it is over at ``as_of``; ``own`` marks the entry's texts."""
    return [_show(site, event, words, own, is_over=event.is_over(as_of)) for event in entry.announced]


def _show(site: Site, event: Event, words: Wording, own: Markup, *, is_over: bool) -> Markup:
    start, _ = event_dates(event, site)
    parts = [
        Markup("<b>{}</b>").format(words.deadline if event.is_deadline else words.event),
        Markup('<time datetime="{}" data-end="{}">{}</time>').format(
            start,
            local(event.end, site).isoformat(),
            keep_together(say_event(event, site, words)),
        ),
    ]
    if is_over:
        parts.append(
            Markup('<strong class="over">{}</strong>').format(words.closed if event.is_deadline else words.over)
        )
    if event.location:
        parts.append(Markup("<b>{}</b> <span{}>{}</span>").format(words.location, own, event.location))
    if event.url:
        parts.append(Markup('<a href="{}">{}</a>').format(local_href(site, event.url), words.say_link(event.url)))
    return Markup(" ").join(parts)


def keep_together(words: str) -> str:
    """The words of an instant, of which no line begins with ``pm`` or the time zone."""
    return "\N{NO-BREAK SPACE}".join(words.rsplit(" ", 2))


def describe_events(site: Site, entry: Entry) -> list[dict[str, Any]]:
    """Each date as a schema.org Event; a whole day has no time of day."""
    return [_describe(site, entry, event) for event in entry.announced]


def _describe(site: Site, entry: Entry, event: Event) -> dict[str, Any]:
    start, end = event_dates(event, site)
    words, _ = words_inside(entry, site)
    where = []
    if event.location:
        where.append({"@type": "Place", "name": event.location, "address": event.location})
    if event.url:
        where.append({"@type": "VirtualLocation", "url": event.url})
    facts = {
        "@context": "https://schema.org",
        "@type": "Event",
        "name": f"{words.deadline} {entry.title}" if event.is_deadline else entry.title,
        "description": entry.summary,
        "startDate": start,
        "endDate": end,
        "eventStatus": "https://schema.org/EventScheduled",
        "location": where,
        "organizer": {"@type": "Organization", "name": site.author.name, "url": site.base_url},
        "url": entry.permalink,
    }
    return {key: value for key, value in facts.items() if value}
