"""What updates that say the same in several languages say against each other, and which are still to be translated."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta

from feedsvc.content.source import LoadedEntry
from feedsvc.errors import Problem
from feedsvc.languages import spoken
from feedsvc.model import Entry, Site
from feedsvc.wording import find_wording

FRESH = timedelta(days=30)  # how long readers of another language may wait for it


def note_twins(entries: Mapping[str, LoadedEntry], site: Site, as_of: datetime | None) -> Iterator[Problem]:
    """Translations that cannot be told from what they translate, and (at an instant) what members wait for."""
    by_slug = {loaded.entry.slug: loaded for loaded in entries.values() if not loaded.entry.draft}
    groups = _groups(by_slug)
    for loaded in by_slug.values():
        entry = loaded.entry
        others = [other for other in groups[entry.slug] if other is not loaded]
        same = sorted(other.source for other in others if _language(other.entry, site) == _language(entry, site))
        mark = next((mark for _, mark, field in loaded.related_marks if field == "translation_of"), None)
        if same and mark:
            what = f"{same[0]} is in the same language, {_language(entry, site)}"
            fix = "write lang: and the language of this file, or delete the line"
            yield mark.problem(loaded.source, "translation_of", what, fix)
        if as_of and _is_awaited(entry, as_of):
            yield from _missing(loaded, others, site)


def _groups(by_slug: Mapping[str, LoadedEntry]) -> Mapping[str, list[LoadedEntry]]:
    """For each address the updates that say the same, itself included; each names another or is named."""
    groups = {slug: [loaded] for slug, loaded in by_slug.items()}
    for slug, loaded in by_slug.items():
        own, other = groups[slug], groups.get(loaded.entry.translation_of or slug)
        if other is not None and other is not own:
            other += own
            groups |= {each.entry.slug: other for each in own}
    return groups


def _missing(loaded: LoadedEntry, others: Iterable[LoadedEntry], site: Site) -> Iterator[Problem]:
    has = {_language(each.entry, site) for each in (loaded, *others)}
    for edition in site.translations:
        words = find_wording(edition.language)
        if edition.edition not in has and words:
            what = f"there is no version in {words.name}"
            lines = f"lang: {edition.edition} and translation_of: {loaded.entry.slug}"
            yield Problem(file=loaded.source, message=what, fix=f"write one in a file of its own, with {lines}")


def _is_awaited(entry: Entry, as_of: datetime) -> bool:
    """Whether it is new, urgent, or announces what is to come, and is not over."""
    if entry.withdrawal or entry.published > as_of or (entry.expires and entry.expires <= as_of):
        return False
    is_urgent = entry.urgent_until is not None and entry.urgent_until > as_of
    is_ahead = any(not event.is_over(as_of) for event in entry.events)
    return is_urgent or is_ahead or entry.published > as_of - FRESH


def _language(entry: Entry, site: Site) -> str:
    return spoken(entry, site).lower().partition("-")[0]
