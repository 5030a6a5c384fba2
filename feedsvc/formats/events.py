"""An entry's dates for programs: the RSS event module in RSS and Atom, and the members of a JSON Feed extension."""

from typing import Any

from lxml import etree

from feedsvc.formats.vocabulary import Vocabulary
from feedsvc.model import Entry, Site
from feedsvc.timestamps import event_dates

EV = "http://purl.org/rss/1.0/modules/event/"


def _add_event(element: etree._Element, entry: Entry, site: Site) -> None:
    """``ev:startdate``, ``ev:enddate`` and ``ev:location`` of the first event, else of the deadline.

    The module knows one event for each item, and readers keep one; the others are told in words.
    """
    event = min(entry.announced, key=lambda event: event.is_deadline, default=None)
    if not event:
        return
    start, end = event_dates(event, site)
    for name, text in (("startdate", start), ("enddate", end), ("location", event.location)):
        if text:
            etree.SubElement(element, f"{{{EV}}}{name}").text = text


EVENT_MODULE = Vocabulary("ev", EV, _add_event)


def describe_events(entry: Entry, site: Site) -> dict[str, Any]:
    """``deadline``, and ``events`` in the order of their starts; a whole day has no time of day."""
    described: dict[str, Any] = {}
    for event in entry.announced:
        start, end = event_dates(event, site)
        if event.is_deadline:
            described["deadline"] = end
        else:
            facts = {"start": start, "end": end, "place": event.location, "url": event.url}
            described.setdefault("events", []).append({key: value for key, value in facts.items() if value})
    return described
