"""What the values of fields mean: each reader turns a text into it, or raises a BadValueError in plain language."""

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, time
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from pydantic import AfterValidator, PlainValidator, ValidationInfo

from feedsvc.addresses import web_address
from feedsvc.content import dates, links
from feedsvc.content.files import File, Files
from feedsvc.content.programs import SOFT_RETURN
from feedsvc.content.value_errors import WrongShapeError, nearest, unknown_category
from feedsvc.errors import BadValueError, shortened
from feedsvc.wording import WORDINGS, find_wording

SLUG = re.compile(r"[a-z0-9-]{1,80}")
STEM = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,119}")
TITLE_LIMIT, SUMMARY_LIMIT = 120, 280
BODY_LIMIT = 200_000  # octets
LINK_SCHEMES = frozenset({"http", "https", "mailto"})
RESERVED = frozenset(
    {
        *("updates", "files", "static", "embed", "subscribe", "healthz", "readyz", "metrics"),
        *("feed", "feeds", "rss", "atom", "all", "index", "search", "pictures", "poster"),
    }
)
LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8})*")
AUTHORITY = re.compile(r"(?:[a-z0-9._-]+@)?[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?,[0-9]{4}(?:-[0-9]{2}){0,2}")
_ZONE = re.compile(r"[A-Za-z0-9_+-]+(?:/[A-Za-z0-9_+-]+)*")
_INKLESS = "".join(chr(code) for code in range(0x3001) if chr(code).isspace()) + "\u00ad\u200b\u2060\ufeff"
# what leaves no ink: spaces, joiners, marks, fillers
UNSEEN = frozenset({"Cc", "Cf", "Mn", "Zs", "Zl", "Zp"})
FILLERS = frozenset("\u115f\u1160\u2800\u3164\uffa0")  # letters by name, and empty
_WORDS = {"yes": True, "true": True, "on": True, "no": False, "false": False, "off": False}


@dataclass(frozen=True, slots=True)
class Reading:
    """What a value is read against."""

    files: Files
    zone: ZoneInfo
    default_time: time
    base_url: str
    categories: tuple[str, ...] = ()
    aliases: Mapping[str, str] = field(default_factory=dict)  # of categories: their slug by one that they had before


def text_of(value: object) -> str:
    """The value's text without space around it, NFC; BadValueError when it is no text or empty."""
    if not isinstance(value, str):
        raise WrongShapeError(value, "text", "write the text after the colon")
    text = unicodedata.normalize("NFC", value).strip()
    if not text.isascii():
        text = text.replace(SOFT_RETURN, " ").strip(_INKLESS)
        if text and all(unicodedata.category(sign) in UNSEEN or sign in FILLERS for sign in text):
            raise BadValueError("the value holds nothing that can be seen", "write it after the colon")
    if not text:
        raise BadValueError("the value is empty", "write it after the colon")
    return text


def reader(read: Callable[[str, Reading], Any]) -> PlainValidator:
    """A validator from a function of the text and what it is read against."""

    def validate(value: object, info: ValidationInfo[Any]) -> Any:
        return read(text_of(value), info.context)

    return PlainValidator(validate)


def plain_reader(read: Callable[[str], Any]) -> PlainValidator:
    """The same from a function of the text alone."""
    return reader(lambda text, _reading: read(text))


def read_line(text: str) -> str:
    """One line of plain text."""
    if "\n" in text:
        raise BadValueError("the text has more than one line", "write it on one line")
    return _at_most(text.replace("\t", " "), TITLE_LIMIT)


def read_paragraph(text: str) -> str:
    """Plain text whose lines are joined."""
    lines = (line.strip() for line in text.replace("\t", " ").split("\n"))
    return _at_most(" ".join(filter(None, lines)), SUMMARY_LIMIT)


def _at_most(text: str, limit: int) -> str:
    """The text; BadValueError when it has more characters."""
    if len(text) > limit:
        raise BadValueError(f"the text has {len(text)} characters, the limit is {limit}", "shorten it")
    return text


def read_body(value: object) -> str:
    """Markdown as it stands: its leading spaces can be code."""
    text_of(value)
    text = unicodedata.normalize("NFC", str(value))
    size = len(text.encode())
    if size > BODY_LIMIT:
        what = f"the text has {size} bytes, the limit is {BODY_LIMIT}"
        raise BadValueError(what, "shorten it, or attach it as a file")
    return text


def matching(pattern: re.Pattern[str], what: str, fix: str) -> Callable[[str], str]:
    """A reader of what matches; ``what`` is said of anything else, and ``fix`` is what to write instead."""

    def read(text: str) -> str:
        if not pattern.fullmatch(text):
            raise BadValueError(f"{shortened(text)} {what}", fix)
        return text

    return read


_SLUG_FIX = "write lower-case letters a to z, digits and hyphens, such as masks-are-back"
_ID_FIX = "write letters a to z, digits, hyphens, dots and underscores, such as 2026-03-01-masks"
_AUTHORITY_FIX = "write a domain of yours and a year in which it was yours, such as example.org,2026"
read_slug = matching(SLUG, "cannot be part of an address", _SLUG_FIX)
read_id = matching(STEM, "cannot be part of an id", _ID_FIX)
read_authority = matching(AUTHORITY, "names no authority", _AUTHORITY_FIX)  # RFC 4151 section 2.1
read_language = matching(LANGUAGE, "is not a language tag", "write one such as en or es-MX")


def read_category_slug(text: str) -> str:
    """A category's part of the address, which no page of the site may need."""
    slug = read_slug(text)
    if slug in RESERVED or re.fullmatch(r"[a-z]{2}|[0-9]{4}", slug):
        what = f"{slug!r} is an address of the site's own"
        raise BadValueError(what, "choose another word, such as covid or pay-2026")
    return slug


def read_category(text: str, reading: Reading) -> str:
    """One of the site's categories, also by a slug that it had before."""
    text = reading.aliases.get(text, text)
    if text in reading.categories:
        return text
    parts = [part.strip() for part in text.split(",")]
    if len(parts) > 1 and set(parts) <= set(reading.categories):
        raise BadValueError(f"{text!r} is one text, not a list", f"write categories: [{', '.join(parts)}]")
    raise unknown_category(text, reading.categories)


def listed(value: object) -> object:
    """A single text stands for a list of one."""
    return [value] if isinstance(value, str) and value.strip() else value


def distinct(names: list[str]) -> list[str]:
    """The names; BadValueError when there are none or one comes twice."""
    if not names:
        raise BadValueError("the list is empty", "write at least one, or delete the line")
    for number, name in enumerate(names):
        if name in names[:number]:
            raise BadValueError(f"{shortened(name)} stands there twice", "keep one of them")
    return names


def read_instant(text: str, reading: Reading) -> datetime:
    """A date, or a date with time."""
    return dates.read_instant(text, reading.zone, reading.default_time)


def read_expiry(text: str, reading: Reading) -> datetime:
    """A date, which means the last minute of that day, or a date with time."""
    return dates.read_instant(text, reading.zone, time(23, 59))


def read_moment(text: str, reading: Reading) -> dates.Moment:
    """A date, which means that whole day, or a date with time."""
    return dates.read_moment(text, reading.zone)


def listed_groups(value: object) -> object:
    """A single group of fields stands for a list of one, and a date for a group that says no more."""
    if not isinstance(value, list):
        value = [value]
    return [{"start": one} if isinstance(one, str) and one.strip() else one for one in value]


def at_most(limit: int, things: str, fix: str = "write the others in another update") -> AfterValidator:
    """A list of at most so many ``things``."""

    def check(items: list[Any]) -> list[Any]:
        if len(items) > limit:
            raise BadValueError(f"the list has {len(items)} {things}, the limit is {limit}", fix)
        return items

    return AfterValidator(check)


def read_link(text: str, reading: Reading) -> tuple[str, File | None]:
    """The address of a link, and the file it leads to."""
    return links.resolve(text, reading.base_url, reading.files, LINK_SCHEMES)


def read_draft(text: str) -> bool:
    """Yes or no."""
    known = _WORDS.get(text.lower())
    if known is None:
        raise BadValueError(f"{shortened(text)} is neither true nor false", "write true or false")
    return known


def read_site_language(text: str) -> str:
    """A language tag in whose language the program has words for pages and feeds."""
    tag = read_language(text)
    if not find_wording(tag):
        known = " or ".join(f"{code} ({words.name})" for code, words in WORDINGS.items())
        fix = f"write {known}, or such a one with a region as in es-MX; an update may be in any language"
        raise BadValueError(f"pages and feeds have no words in {shortened(tag)}", fix)
    return tag


def read_contact(text: str) -> str:
    """A web address or a mail address."""
    if text.startswith("mailto:"):
        return links.with_scheme(text, LINK_SCHEMES) or text
    if "@" in text and "/" not in text:
        raise BadValueError(f"{shortened(text)} is not a link", f"write mailto:{text}")
    return web_address(text)


def read_zone(text: str) -> ZoneInfo:
    """An IANA time zone."""
    if _ZONE.fullmatch(text):
        try:
            return ZoneInfo(text)
        except (ZoneInfoNotFoundError, OSError, ValueError):
            pass
    near = nearest(text, sorted(available_timezones()))
    raise BadValueError(f"unknown time zone {shortened(text)}", f"write {near or 'one such as America/New_York'}")


def read_feed_length(text: str) -> int:
    """How many updates a feed carries."""
    if not re.fullmatch(r"[0-9]{2,3}", text) or not 20 <= int(text) <= 100:
        what = f"{shortened(text)} is not a number from 20 to 100"
        raise BadValueError(what, "write such a number, or delete the line")
    return int(text)
