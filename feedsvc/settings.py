"""Everything ambient, declared once: the environment becomes frozen ``Settings``; nobody else reads it or the clock."""

import difflib
import os
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

PREFIX = "FEEDSVC_"
NAMES = {
    "FEEDSVC_CONTENT": "folder with site.yaml, updates/ and files/ (default: content)",
    "FEEDSVC_BASE_URL": "public address of the site, in place of base_url in site.yaml",
    "FEEDSVC_PUBLICATION": "file that holds the finished publication (default: instance/publication.db)",
    "FEEDSVC_LOG": "plain or json (default: plain)",
}


WORKERS_AT_MOST = 4  # unless told otherwise: each holds a copy of the program, and four answer for any union local


class SettingsError(Exception):
    """An environment variable that cannot be meant as it stands; the text says what to write."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """The service's surroundings. ``base_url`` ends in ``/`` or is None, when ``site.yaml`` decides."""

    content: Path = Path("content")
    publication: Path = Path("instance/publication.db")
    base_url: str | None = None
    log: Literal["plain", "json"] = "plain"


def read_settings(environment: Mapping[str, str] | None = None) -> Settings:
    """Settings from the environment; SettingsError for an unknown ``FEEDSVC_`` name or a value that cannot be meant."""
    given = os.environ if environment is None else environment
    for name in sorted(given):
        if name.startswith(PREFIX) and name not in NAMES:
            near = difflib.get_close_matches(name, NAMES, n=1)
            hint = f"did you mean {near[0]}?" if near else f"known names are {', '.join(NAMES)}"
            raise SettingsError(f"unknown setting {name}; {hint}")
    log = given.get("FEEDSVC_LOG", "") or "plain"
    if log not in ("plain", "json"):
        raise SettingsError(f"FEEDSVC_LOG is {log!r}; write plain or json")
    base_url = given.get("FEEDSVC_BASE_URL", "") or None
    return Settings(
        content=Path(given.get("FEEDSVC_CONTENT", "") or "content"),
        publication=Path(given.get("FEEDSVC_PUBLICATION", "") or "instance/publication.db"),
        base_url=None if base_url is None else check_base_url(base_url),
        log="json" if log == "json" else "plain",
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerSettings:
    """Where the server listens (``host:port``) and with how many workers, in the variables that hosts set."""

    bind: str
    workers: int


def read_server_settings(environment: Mapping[str, str] | None = None) -> ServerSettings:
    """``PORT`` and ``WEB_CONCURRENCY``, empty as good as unset; SettingsError for what cannot be meant."""
    given = os.environ if environment is None else environment
    port = given.get("PORT", "")
    workers = given.get("WEB_CONCURRENCY", "")
    return ServerSettings(
        bind=f"0.0.0.0:{check_number('PORT', port, 65535)}" if port else "127.0.0.1:8000",
        workers=check_number("WEB_CONCURRENCY", workers, 1000) if workers else min(cores(), WORKERS_AT_MOST),
    )


def check_number(name: str, text: str, most: int) -> int:
    """``text`` as a number from 1 to ``most``; SettingsError if it is none."""
    if text.isascii() and text.isdigit() and 1 <= int(text) <= most:
        return int(text)
    raise SettingsError(f"{name} is {text!r}; write a number from 1 to {most}, or nothing")


def cores() -> int:
    """The cores this process may run on."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def check_base_url(text: str) -> str:
    """``text`` with its final slash; SettingsError unless it is an http(s) address without query or fragment."""
    parts = urlsplit(text)
    if parts.scheme not in ("http", "https") or not parts.netloc or parts.query or parts.fragment:
        raise SettingsError(f"FEEDSVC_BASE_URL is {text!r}; write an address such as https://news.example.org/")
    return text if text.endswith("/") else text + "/"


def now() -> datetime:
    """The present instant, aware and UTC. The only reader of the clock."""
    return datetime.now(UTC)


clock = time.time  # seconds since 1970, for who asks many times a second
