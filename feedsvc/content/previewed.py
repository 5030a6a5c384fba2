"""An update as a preview shows it: a draft or one that waits as if it were out, and marked, for its officers alone."""

from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

from feedsvc.content.source import LoadedEntry
from feedsvc.model import Site


def show_early(loaded: LoadedEntry, site: Site, as_of: datetime) -> LoadedEntry:
    """The update as it is, if it is public at ``as_of``; else with a mark before its title, as published just then."""
    entry = loaded.entry
    if entry.draft:
        mark = "DRAFT"
    elif entry.published > as_of:
        mark = f"WAITS UNTIL {entry.published.astimezone(ZoneInfo(site.time_zone)):%Y-%m-%d %H:%M}"
    else:
        return loaded
    published = min(entry.published, as_of)
    shown = replace(
        entry,
        draft=False,
        title=f"[{mark}] {entry.title}",
        published=published,
        updated=max(published, min(entry.updated, as_of)),
        digest=f"{entry.digest} {mark} {published}",
    )
    return replace(loaded, entry=shown)
