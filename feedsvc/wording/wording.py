"""Every sentence that the program says to readers, as one value per language: the noun, and how it says what varies.

Documents of the same content have the same words, so nothing here depends on a place, a page or a format.
"""

from dataclasses import dataclass
from datetime import datetime

KILO = 1000


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Wording:
    """The program's own words in one language; equal to itself alone, so that it is a cheap key.

    ``{name}`` marks what is filled in; each field has the same marks in every language.
    """

    # around every page
    skip: str
    nav: str
    subscribe: str
    promise: tuple[str, ...]
    promise_title: str
    promise_text: str
    contact: str
    document_title: str
    # places and lists
    latest: str
    latest_empty: str
    subjects: str
    all_updates: str
    all_updates_text: str
    feeds_of: str
    updates: str
    empty_title: str
    empty_text: str
    not_found_title: str
    not_found_text: str
    not_found_home: str
    # how to subscribe
    how_title: str
    how_text: str
    how_steps: tuple[tuple[str, str], ...]
    addresses: str
    other_formats: str
    copy: str
    copied: str
    address_of: str
    formats_title: str
    format_purposes: dict[str, str]  # by file name
    format_purpose_unknown: str
    everything_title: str
    everything_text: str
    everything_link: str
    next_title: str
    next_text: str
    all_ways: str
    # in an update and around it
    published: str
    updated: str
    by: str
    changed: str
    corrected: str
    expired: str
    expired_since: str
    link: str
    more_at: str
    write_to: str
    read_whole: str
    files: str
    attachments: str
    table: str
    related: str
    neighbours: str
    newer: str
    older: str
    # in feeds
    about_title: str
    about_subject: str
    about_site: str
    feed_comment: str
    # files and dates
    media_types: dict[str, str]
    image_type: str
    months: tuple[str, ...]
    short_months: tuple[str, ...]
    weekdays: tuple[str, ...]
    date: str
    instant: str

    def say_date(self, local: datetime) -> str:
        """The day: ``March 2, 2026``."""
        return self.date.format(month=self.months[local.month - 1], day=local.day, year=local.year)

    def say_instant(self, local: datetime) -> str:
        """Weekday, day, clock and zone: ``Monday, March 2, 2026, 9:00 am PST``."""
        zone = str(local.tzname())
        return self.instant.format(
            weekday=self.weekdays[local.weekday()],
            date=self.say_date(local),
            hour=local.hour % 12 or 12,
            minute=local.minute,
            half="am" if local.hour < 12 else "pm",
            zone=zone if zone.isalpha() else f"UTC{zone}",
        )

    def say_size(self, octets: int) -> str:
        """A size as file managers show it: ``820 bytes``, ``47 kB``, ``1.2 MB``."""
        if octets < KILO:
            return f"{octets} bytes"
        if octets < 999_500:
            return f"{octets / KILO:.0f} kB"
        return f"{octets / KILO**2:.1f} MB"

    def say_media_type(self, media_type: str) -> str:
        """A media type as people call it: ``PDF``, ``Word document``, ``Image``; the subtype when it has no name."""
        if media_type.startswith("image/"):
            return self.image_type
        return self.media_types.get(media_type, media_type.rpartition("/")[2].upper())
