"""Instants as documents write them: with the site's own offset, so that the day in the text is the members' day.

Whoever embeds a feed often shows the first letters of a date, and a day in UTC would be tomorrow for an evening's news.
"""

from datetime import UTC, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from feedsvc.model import Event, Site


def local(moment: datetime, site: Site) -> datetime:
    """``moment`` in the site's zone, to the second; in UTC where the zone's offset then cannot be written in a feed."""
    return _local(moment, site.time_zone)


@lru_cache(1024)  # every format and page of an entry says the same few
def _local(moment: datetime, time_zone: str) -> datetime:
    shown = moment.replace(microsecond=0).astimezone(ZoneInfo(time_zone))
    offset = shown.utcoffset()
    # RFC 3339 section 5.6 and RFC 5322 section 3.3 know whole minutes; Liberia's had seconds until 1972
    return shown.astimezone(UTC) if offset and offset.seconds % 60 else shown


def stamp(moment: datetime, site: Site) -> str:
    """``moment`` as RFC 3339 has it, to the second: ``2026-03-02T18:30:00-08:00``."""
    return local(moment, site).isoformat()


def event_dates(event: Event, site: Site) -> tuple[str, str]:
    """First and last moment as RFC 3339 has them: an instant with its offset, or the whole first and last day."""
    if not event.is_whole_day:
        return stamp(event.start, site), stamp(event.end, site)
    start, end = local(event.start, site).date(), local(event.end, site).date() - timedelta(days=1)
    return start.isoformat(), end.isoformat()
