"""Every sentence that the program says to readers, as one value per language: the noun, and how it says what varies.

Documents of the same content have the same words, so nothing here depends on a place, a page or a format.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from feedsvc.wording.nouns import Embedding, FileKinds, Following, Poster, Searching

KILO = 1000
OFFICE = "application/vnd.openxmlformats-officedocument"
OPEN_DOCUMENT = "application/vnd.oasis.opendocument"


# by media type, or by what comes before its slash
KINDS: dict[str, Callable[[FileKinds], str]] = {
    "application/pdf": lambda kinds: kinds.pdf,
    "application/msword": lambda kinds: kinds.word,
    f"{OFFICE}.wordprocessingml.document": lambda kinds: kinds.word,
    "application/vnd.ms-excel": lambda kinds: kinds.excel,
    f"{OFFICE}.spreadsheetml.sheet": lambda kinds: kinds.excel,
    f"{OFFICE}.presentationml.presentation": lambda kinds: kinds.powerpoint,
    f"{OPEN_DOCUMENT}.text": lambda kinds: kinds.odt,
    f"{OPEN_DOCUMENT}.spreadsheet": lambda kinds: kinds.ods,
    "text/plain": lambda kinds: kinds.text,
    "text/csv": lambda kinds: kinds.csv,
    "text/calendar": lambda kinds: kinds.calendar,
    "application/epub+zip": lambda kinds: kinds.epub,
    "application/zip": lambda kinds: kinds.zip,
    "image": lambda kinds: kinds.image,
    "audio": lambda kinds: kinds.audio,
    "video": lambda kinds: kinds.video,
}


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Wording:
    """The program's own words in one language; equal to itself alone, so that it is a cheap key.

    ``{name}`` marks what is filled in; each field has the same marks in every language.
    """

    name: str  # of the language, in English
    own_name: str  # of the language, in itself
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
    older_updates: str
    of_year: str
    empty_title: str
    empty_text: str
    not_found_title: str
    not_found_text: str
    deleted_title: str
    deleted_text: str
    not_found_home: str
    # how to subscribe
    how_title: str
    how_text: str
    addresses: str
    other_formats: str
    copy: str
    copied: str
    address_of: str
    formats_title: str
    format_purposes: dict[str, str]  # by file name
    format_purpose_unknown: str
    mixes_title: str
    mixes_text: str
    mixes_legend: str
    mixes_go: str
    mixes_none: str
    mixes_list: str
    mixes_opml: str
    everything_title: str
    everything_text: str
    everything_link: str
    calendar_title: str
    calendar_text: str
    calendar_app: str
    calendar_google: str
    calendar_of: str
    next_title: str
    next_text: str
    # in an update and around it
    published: str
    updated: str
    by: str
    corrected: str
    withdrawn: str
    withdrawn_title: str
    cancelled_title: str
    replaced: str
    add_to_calendar: str
    share: str
    copy_link: str
    replaces: str
    translated: str
    urgent: str
    deadline: str
    reminder: str
    event: str
    location: str
    closed: str
    coming: str
    over: str
    expired: str
    expired_since: str
    more_at: str
    write_to: str
    read_whole: str
    attachments: str
    attachments_lead: str
    table: str
    related: str
    neighbours: str
    newer: str
    older: str
    # in feeds
    farewell_title: str
    farewell: str
    about_title: str
    about_subject: str
    about_site: str
    feed_comment: str
    # on other sites
    embedding: Embedding
    following: Following
    poster: Poster
    searching: Searching
    # files and dates
    file_facts: str
    file_kinds: FileKinds
    byte: str
    octets: str
    kilobytes: str
    megabytes: str
    months: tuple[str, ...]
    short_months: tuple[str, ...]
    weekdays: tuple[str, ...]
    halves: tuple[str, str]
    leaf: str
    date: str
    day: str
    span: str
    clock: str
    instant: str

    def say_date(self, local: datetime) -> str:
        """The day: ``March 2, 2026``."""
        return self.date.format(month=self.months[local.month - 1], day=local.day, year=local.year)

    def say_time(self, local: datetime) -> str:
        """The time of day: ``9:00 am``."""
        half = self.halves[local.hour // 12]
        return self.clock.format(hour=local.hour % 12 or 12, hour_of_24=local.hour, minute=local.minute, half=half)

    def say_instant(self, local: datetime) -> str:
        """Weekday, day, clock and zone: ``Monday, March 2, 2026, 9:00 am PST``."""
        return self._say_clock(local, self.say_time(local))

    def _say_clock(self, local: datetime, clock: str) -> str:
        zone = str(local.tzname())
        return self.instant.format(
            weekday=self.weekdays[local.weekday()],
            date=self.say_date(local),
            clock=clock,
            zone=zone if zone.isalpha() else f"UTC{zone}",
        )

    def say_day(self, local: datetime) -> str:
        """Weekday and day: ``Monday, March 2, 2026``."""
        return self.day.format(weekday=self.weekdays[local.weekday()], date=self.say_date(local))

    def say_period(self, start: datetime, end: datetime, *, is_whole_day: bool) -> str:
        """From when to when; what both have in common is said once. The last of whole days is the one before ``end``.

        ``Monday, March 2, 2026, 9:00 am to 11:00 am PST``.
        """
        if is_whole_day:
            first, last = self.say_day(start), self.say_day(end - timedelta(days=1))
            return first if first == last else self.span.format(start=first, end=last)
        if start == end:
            return self.say_instant(start)
        if start.date() == end.date() and start.tzname() == end.tzname():
            return self._say_clock(start, self.span.format(start=self.say_time(start), end=self.say_time(end)))
        return self.span.format(start=self.say_instant(start), end=self.say_instant(end))

    def say_link(self, url: str) -> str:
        """What a link to a page elsewhere is called, or (``mailto:``) one that writes to somebody."""
        address = urlsplit(url)
        if not address.hostname:
            return self.write_to.format(address=address.path)
        return self.more_at.format(host=address.hostname.removeprefix("www."))

    def say_file(self, media_type: str, octets: int) -> str:
        """What a file is: ``PDF, 48 kB``."""
        return self.file_facts.format(kind=self.say_kind(media_type), size=self.say_size(octets))

    def say_size(self, octets: int) -> str:
        """A size as file managers show it, in decimal units: ``820 bytes``, ``47 kB``, ``1.2 MB``."""
        if octets < KILO:
            return (self.byte if octets == 1 else self.octets).format(number=octets)
        if octets < 999_500:
            return self.kilobytes.format(number=octets / KILO)
        return self.megabytes.format(number=octets / KILO**2)

    def say_kind(self, media_type: str) -> str:
        """A media type as people call it: ``PDF``, ``Word document``, ``Image``; the subtype when it has no name."""
        kind = KINDS.get(media_type) or KINDS.get(media_type.partition("/")[0])
        return kind(self.file_kinds) if kind else media_type.rpartition("/")[2].upper()
