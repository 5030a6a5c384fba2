"""Every sentence that pages speak of their own accord, and how they say dates and sizes; so a language is one value."""

from dataclasses import dataclass, field
from datetime import datetime

KILO = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """The pages' own words in one language. ``{name}`` marks what is filled in."""

    skip: str
    nav: str
    home: str
    subscribe: str
    promise: tuple[str, ...]
    promise_title: str
    promise_text: str
    latest: str
    latest_empty: str
    subjects: str
    all_updates: str
    all_updates_text: str
    read_subject: str
    subject_page: str
    feeds_of: str
    how_title: str
    how_text: str
    how_steps: tuple[tuple[str, str], ...]
    addresses: str
    other_formats: str
    copy: str
    copied: str
    address_of: str
    formats_title: str
    format_purposes: dict[str, str] = field(hash=False)
    format_purpose_unknown: str
    everything_title: str
    everything_text: str
    everything_link: str
    updates: str
    empty_title: str
    empty_text: str
    published: str
    updated: str
    by: str
    changed: str
    expired: str
    expired_since: str
    link: str
    files: str
    media_types: dict[str, str] = field(hash=False)
    image_type: str
    table: str
    related: str
    neighbours: str
    newer: str
    older: str
    next_title: str
    next_text: str
    all_ways: str
    not_found_title: str
    not_found_text: str
    not_found_home: str
    contact: str
    document_title: str
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


ENGLISH = Wording(
    skip="Skip to the content",
    nav="Subjects",
    home="All updates",
    subscribe="Subscribe",
    promise=("No account", "No e-mail address", "No tracking"),
    promise_title="Our promise",
    promise_text=(
        "Following us needs no account and no e-mail address. This site sets no cookies, does not track who reads it, "
        "and loads nothing from other companies. Your own phone is the best place to read: an employer can see "
        "which sites its own computers and networks visit."
    ),
    latest="Latest updates",
    latest_empty="Nothing here yet. Subscribe now, and the first update will come to you.",
    subjects="Subjects",
    all_updates="All updates",
    all_updates_text="Everything we post, on every subject.",
    read_subject="Read {title}",
    subject_page="Updates on {title}",
    feeds_of="Feeds",
    how_title="How to subscribe",
    how_text=(
        "A feed brings new updates to your phone or computer by itself. "
        "You choose the subjects, and you can stop whenever you like."
    ),
    how_steps=(
        (
            "Get a feed app",
            (
                "Many are free and need no account: for example NetNewsWire on an iPhone, Feeder on Android, "
                "or Thunderbird on a computer."
            ),
        ),
        ("Copy an address", "Pick what you want to follow below and copy its address."),
        ("Paste it into the app", "Look for “Add” or a plus sign, then paste. New updates now come to you."),
    ),
    addresses="Pick what to follow",
    other_formats="Other formats",
    copy="Copy",
    copied="Copied",
    address_of="the address of {title}",
    formats_title="Which format?",
    format_purposes={
        "rss.xml": "Every feed app reads it. Take this one if you are not sure.",
        "atom.xml": "The same updates for apps that prefer Atom.",
        "feed.json": "The same updates for websites and programs that want to show them.",
    },
    format_purpose_unknown="The same updates for apps that ask for this format.",
    everything_title="Take everything",
    everything_text="One file with every subject. Import it into your feed app to follow them all at once.",
    everything_link="Download the list of feeds (OPML)",
    updates="Updates",
    empty_title="Nothing here yet",
    empty_text="We have not posted on this subject so far. Subscribe now, and the first update will come to you.",
    published="Published",
    updated="Updated",
    by="By {name}",
    changed="What changed",
    expired="This update has expired.",
    expired_since="It is kept for reference and stopped being current on",
    link="Read more at {host}",
    files="Files",
    media_types={
        "application/pdf": "PDF",
        "application/msword": "Word document",
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "Word document",
        "application/vnd.ms-excel": "Excel sheet",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "Excel sheet",
        "application/vnd.ms-powerpoint": "PowerPoint slides",
        "application/vnd.openxmlformats-officedocument.presentationml.presentation": "PowerPoint slides",
        "text/plain": "Text",
        "text/csv": "CSV table",
        "text/calendar": "Calendar file",
        "audio/mpeg": "Audio",
        "video/mp4": "Video",
    },
    image_type="Image",
    table="Table",
    related="Related updates",
    neighbours="Newer and older updates",
    newer="Newer",
    older="Older",
    next_title="Get the next update",
    next_text="Copy the address and add it to a feed app. No account, no e-mail address, no tracking.",
    all_ways="All subjects and how it works",
    not_found_title="This page is not here",
    not_found_text="The address may be mistyped, or the page has moved. These are the pages that we have:",
    not_found_home="See the latest updates",
    contact="Contact us",
    document_title="{title} · {site}",
    months=(
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ),
    short_months=("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"),
    weekdays=("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
    date="{month} {day}, {year}",
    instant="{weekday}, {date}, {hour}:{minute:02} {half} {zone}",
)
