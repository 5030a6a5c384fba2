"""What has to be known of a local before it has a site, how it is asked, and what an answer may be."""

import os
from collections.abc import Callable
from dataclasses import dataclass
from zoneinfo import available_timezones

from feedsvc.addresses import site_address
from feedsvc.content.source_text import INVISIBLE, invisible_name
from feedsvc.content.values import read_contact, read_site_language, read_zone
from feedsvc.errors import BadValueError, FeedsvcError
from feedsvc.wording import WORDINGS

NAME_LIMIT = 80  # characters


class NewSiteError(FeedsvcError):
    """No site can be begun there, or from that; the text says why and what to do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """What is known of the local. Each value is as ``site.yaml`` has it."""

    name: str
    language: str
    time_zone: str
    address: str
    contact: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One of the answers: its field, how it is asked for, an ``example``, and what is made of it."""

    field: str
    words: str
    example: str
    read: Callable[[str], str]
    default: Callable[[], str | None] = lambda: None

    def take(self, text: str) -> str:
        """The value; NewSiteError when it cannot be meant."""
        try:
            return self.read(" ".join(text.split()))
        except BadValueError as fault:
            raise NewSiteError(str(fault)) from None


def _read_name(text: str) -> str:
    if found := INVISIBLE.search(text):
        raise BadValueError(f"{invisible_name(found[0])} in it cannot be seen", "write the name without it")
    if len(text) > NAME_LIMIT:
        raise BadValueError(f"the name has {len(text)} characters", f"write one of at most {NAME_LIMIT}")
    if not any(map(str.isprintable, text)):
        raise BadValueError("a site needs a name", "write it such as Local 1199")
    return text


def _read_contact(text: str) -> str:
    return read_contact(f"mailto:{text}" if "@" in text and "/" not in text and ":" not in text else text)


def _read_zone(text: str) -> str:
    """The zone, also by its city alone: ``New York``."""
    city = f"/{text.replace(' ', '_')}".lower()
    known = [zone for zone in available_timezones() if zone.lower().endswith(city)]
    return read_zone(min(known, default=text)).key


def _zone_of_this_machine() -> str | None:
    """Where the system says it by a link; elsewhere nobody guesses."""
    zone = os.path.realpath("/etc/localtime").rpartition("zoneinfo/")[2]
    return zone if "/" in zone and zone in available_timezones() else None


QUESTIONS = (
    Question(field="name", words="Name of your local", example="Local 1199", read=_read_name),
    Question(
        field="language",
        words=f"Language of the site ({', '.join(f'{code} for {words.name}' for code, words in WORDINGS.items())})",
        example="es-MX",
        default=lambda: next(iter(WORDINGS)),
        read=read_site_language,
    ),
    Question(
        field="time_zone",
        words="Time zone of the clock on your wall",
        example="America/New_York",
        default=_zone_of_this_machine,
        read=_read_zone,
    ),
    Question(
        field="address",
        words="Address that the site will have",
        example="https://updates.local1199.example/",
        read=site_address,
    ),
    Question(
        field="contact",
        words="Where members can write to you: a page, or a mail address",
        example="https://local1199.example/contact",
        read=_read_contact,
    ),
)
