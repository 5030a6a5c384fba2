"""What all formats say of an entry alike, for programs: by elements of further namespaces, and by members in JSON.

A row of ``VOCABULARIES`` says it in RSS and in Atom by a namespace, and in JSON Feed by members of its extension.
"""

from collections.abc import Callable
from typing import Any, NamedTuple

from lxml import etree

from feedsvc.model import Entry, Site
from feedsvc.timestamps import event_dates, stamp

EV = "http://purl.org/rss/1.0/modules/event/"
MEDIA = "http://search.yahoo.com/mrss/"


class Vocabulary(NamedTuple):
    """A namespace with its usual prefix, and what is said in it.

    ``extend`` adds to an entry's element in RSS and Atom; ``describe`` gives members of JSON Feed's extension.
    """

    prefix: str
    namespace: str
    extend: Callable[[etree._Element, Entry, Site], None]
    describe: Callable[[Entry, Site], dict[str, Any]]


def _add_event(element: etree._Element, entry: Entry, site: Site) -> None:
    """``ev:startdate``, ``ev:enddate`` and ``ev:location`` of the first event, else of the deadline.

    The module knows one event for each item, and readers keep one; the others are said in words.
    """
    event = min(entry.announced, key=lambda event: event.is_deadline, default=None)
    if not event:
        return
    start, end = event_dates(event, site)
    for name, text in (("startdate", start), ("enddate", end), ("location", event.location)):
        if text:
            etree.SubElement(element, f"{{{EV}}}{name}").text = text


def _describe_dates(entry: Entry, site: Site) -> dict[str, Any]:
    """``deadline``, ``events`` in the order of their starts, and the entry's own; a whole day has no time of day."""
    described: dict[str, Any] = {}
    for event in entry.announced:
        start, end = event_dates(event, site)
        if event.is_deadline:
            described["deadline"] = end
        else:
            facts = {"start": start, "end": end, "place": event.location, "url": event.url}
            described.setdefault("events", []).append({key: value for key, value in facts.items() if value})
    dates = {
        "expires": entry.expires,
        "urgent_until": entry.urgent_until,
        "withdrawn": entry.withdrawal.date if entry.withdrawal else None,
    }
    return described | {name: stamp(date, site) for name, date in dates.items() if date}


def _add_image(element: etree._Element, entry: Entry, _site: Site) -> None:
    """``media:content`` with its description, and ``media:thumbnail``; without the group that feedgen would need."""
    image = entry.image
    if not image:
        return
    shown = image.smallest  # as in the content, so that no reader takes it for a second picture
    size = {"width": str(shown.width), "height": str(shown.height)}
    kind = {"medium": "image", "type": shown.media_type}
    content = etree.SubElement(element, f"{{{MEDIA}}}content", {"url": shown.url, **kind, **size})
    etree.SubElement(content, f"{{{MEDIA}}}description", type="plain").text = image.alt
    etree.SubElement(element, f"{{{MEDIA}}}thumbnail", {"url": shown.url, **size})


# in the order in which an entry says them; roots have declared them the other way round since they are there
VOCABULARIES = (
    Vocabulary("ev", EV, _add_event, _describe_dates),
    # JSON Feed has a name of its own for a picture
    Vocabulary("media", MEDIA, _add_image, lambda _entry, _site: {}),
)
NAMESPACES = {each.prefix: each.namespace for each in reversed(VOCABULARIES)}
