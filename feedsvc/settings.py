"""Everything ambient, declared once: the environment becomes frozen ``Settings``; nobody else reads it or the clock."""

import difflib
import hashlib
import os
import re
import stat
import tempfile
import time
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from feedsvc import destinations
from feedsvc.addresses import site_address
from feedsvc.errors import BadValueError, FeedsvcError, cut, printable, shortened

PREFIX = "FEEDSVC_"
NAMES = {
    "FEEDSVC_CONTENT": "folder with site.yaml, updates/ and files/ (default: content)",
    "FEEDSVC_BASE_URL": "public address of the site, in place of base_url in site.yaml",
    "FEEDSVC_PUBLICATION": "file that holds the finished publication (default: instance/publication.db)",
    "FEEDSVC_LOG": "plain or json (default: plain)",
    "FEEDSVC_METRICS": "1 shows counts for Prometheus at /metrics (default: there is no such page)",
    "FEEDSVC_PURGE": "cache that is told of changes, such as varnish http://127.0.0.1:6081/ (default: none)",
    "FEEDSVC_PURGE_TOKEN": "secret that this cache wants to hear (default: none)",
    "FEEDSVC_BUCKET": "bucket that holds a copy of the site, such as s3://bucket/prefix (default: none)",
    "FEEDSVC_PUBLISHER": "off keeps this service from starting a publishing process (default: auto)",
}

DATABASE = b"SQLite format 3\0"
DATABASES = (".db", ".sqlite", ".sqlite3")  # a file of such a name was a publication, however damaged it is
CHOOSE_PLACE = "set FEEDSVC_PUBLICATION to a file in a folder that can be written and lasts"
WORKERS_AT_MOST = 4  # unless set otherwise: each holds a copy of the program, and four answer for any union local


_BIND = re.compile(r"unix:.+|fd://[0-9]{1,5}|(?:[A-Za-z0-9._-]+|\[[0-9A-Fa-f:.%]+\]):(?P<port>[0-9]{1,5})", re.ASCII)


class SettingsError(FeedsvcError):
    """An environment variable that cannot be meant as it stands; the text says what to write."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """The service's surroundings. ``base_url`` ends in ``/`` or is None, when ``site.yaml`` decides.

    ``metrics`` is whether there is a page of metrics. ``publisher`` is whether who serves also sees to it that one
    process publishes: it is what the environment gives unless set otherwise; a program that makes its own settings
    publishes by itself unless it says True. ``pictures`` is the folder of made pictures; beside the publication unless
    told otherwise. ``preview`` is the instant at which a preview began, which shows drafts and what waits, marked.
    ``purge`` names the kind of a cache and where it is, or several with commas between, ``purge_token`` is the secret
    of each in turn, or of all, with spaces between. ``bucket`` is the address of one that holds a copy of the site.
    ``announces`` is whether anybody is told of changes: of what is tried at home, nobody.
    """

    content: Path = Path("content")
    publication: Path = Path("instance/publication.db")
    base_url: str | None = None
    log: Literal["plain", "json"] = "plain"
    metrics: bool = False
    publisher: bool = False
    pictures: Path | None = None
    preview: datetime | None = None
    purge: str = ""
    purge_token: str = field(default="", repr=False)
    bucket: str = ""
    announces: bool = True

    @property
    def kept_pictures(self) -> Path:
        """Where pictures are kept that need not be made again."""
        return self.pictures or self.publication.with_name(f"{self.publication.name}-pictures")

    @property
    def caches(self) -> list[tuple[str, str]]:
        """Each cache with its secret."""
        return destinations.caches(self.purge, self.purge_token)


def read_settings(environment: Mapping[str, str] | None = None) -> Settings:
    """Settings from the environment; SettingsError for an unknown ``FEEDSVC_`` name or a value that cannot be meant."""
    given = os.environ if environment is None else environment
    for name in sorted(given):
        if name.startswith(PREFIX) and name not in NAMES:
            near = difflib.get_close_matches(name[:100], NAMES, n=1, cutoff=0.8)
            hint = f"did you mean {near[0]}?" if near else f"known names are {', '.join(NAMES)}"
            raise SettingsError(f"unknown setting {printable(cut(name, 100))}; {hint}")
    log = _choose(given, "FEEDSVC_LOG", "plain", "json")
    base_url = given.get("FEEDSVC_BASE_URL", "") or None
    return Settings(
        content=Path(given.get("FEEDSVC_CONTENT", "") or "content"),
        publication=_named(Path(given.get("FEEDSVC_PUBLICATION", "") or default_publication())),
        base_url=None if base_url is None else check_base_url(base_url),
        log="json" if log == "json" else "plain",
        metrics=_choose(given, "FEEDSVC_METRICS", "0", "1") == "1",
        publisher=_choose(given, "FEEDSVC_PUBLISHER", "auto", "off") == "auto",
        purge=_check(given, "FEEDSVC_PURGE", destinations.check_caches),
        purge_token=_check(given, "FEEDSVC_PURGE_TOKEN", destinations.check_tokens),
        bucket=_check(given, "FEEDSVC_BUCKET", destinations.check_bucket),
    )


def default_publication() -> Path:
    """Where the publication lies unless a setting says so: in ``instance``, or in a folder of our own for what passes.

    The second is for places that cannot be written, such as a read-only disk or another user's folder. What lies there
    may be gone after a restart, and with it the memory; SettingsError where nothing can be written there, either.
    """
    usual = Settings().publication
    if os.access(usual, os.F_OK) or _can_be_written(usual.parent):
        return usual
    user = os.getuid() if hasattr(os, "getuid") else 0
    digest = hashlib.sha256(os.fsencode(usual.absolute())).hexdigest()[:8]
    with suppress(OSError):
        folder = Path(tempfile.gettempdir()) / f"feedsvc-{user}-{digest}"
        folder.mkdir(mode=0o700, exist_ok=True)
        found = folder.lstat()
        if stat.S_ISDIR(found.st_mode) and found.st_uid == user and os.access(folder, os.W_OK | os.X_OK):
            return folder / usual.name
    raise SettingsError(f"the publication finds no place in {usual.parent}; {CHOOSE_PLACE}")


def lies_for_now(publication: Path) -> bool:
    """Whether the publication lies where it does for want of a better place."""
    with suppress(SettingsError):
        return publication.is_absolute() and publication == default_publication()
    return False


def _can_be_written(folder: Path) -> bool:
    """Whether a file can be made in a folder, which may have to be made itself."""
    nearest = next((place for place in (folder, *folder.absolute().parents) if os.access(place, os.F_OK)), folder)
    return os.access(nearest, os.W_OK | os.X_OK) and nearest.is_dir()


def check_content(path: Path) -> None:
    """SettingsError when the content is no folder; one that is not there may still appear."""
    with suppress(OSError):
        if not path.is_dir() and path.exists():
            raise SettingsError(
                f"FEEDSVC_CONTENT is {shortened(str(path), 100)}, a file; write the folder that holds site.yaml"
            )


def check_publication(path: Path) -> None:
    """SettingsError when something is there that was no publication: what is damaged is set aside, and made anew."""
    with suppress(OSError):
        if path.is_dir():
            raise _misplaced(path, "a folder")
        if path.exists() and not path.is_file():
            raise _misplaced(path, "which is no regular file")
        if path.suffix not in DATABASES and not _begins_with(path, DATABASE):
            raise _misplaced(path, "a file that holds something else")


def _named(path: Path) -> Path:
    """The path; SettingsError when it can only be a folder."""
    if path.name in ("", ".."):
        raise _misplaced(path, "a folder")
    return path


def _misplaced(path: Path, what: str) -> SettingsError:
    fix = "write a file of its own, such as instance/publication.db"
    return SettingsError(f"FEEDSVC_PUBLICATION is {shortened(str(path), 100)}, {what}; {fix}")


def _begins_with(path: Path, sign: bytes) -> bool:
    """Whether a file begins like that, or is empty."""
    with path.open("rb") as file:
        return file.read(len(sign)) in (sign, b"")


def _choose(given: Mapping[str, str], name: str, default: str, other: str) -> str:
    """The value of a setting that has two; empty is as good as unset."""
    value = given.get(name, "") or default
    if value not in (default, other):
        raise SettingsError(f"{name} is {shortened(value, 100)}; write {default} or {other}")
    return value


def _check(given: Mapping[str, str], name: str, check: Callable[[str], str]) -> str:
    """The value of a setting, trimmed and checked unless it is empty."""
    text = given.get(name, "").strip()
    try:
        return check(text) if text else ""
    except FeedsvcError as error:
        raise SettingsError(f"{name}: {error}") from None


def environment_of(settings: Settings) -> dict[str, str]:
    """The environment for a process of ours that is to publish the same content into the same publication."""
    given = {
        "FEEDSVC_CONTENT": str(settings.content),
        "FEEDSVC_PUBLICATION": str(settings.publication),
        "FEEDSVC_BASE_URL": settings.base_url or "",
        "FEEDSVC_LOG": settings.log,
        "FEEDSVC_PURGE": settings.purge,
        "FEEDSVC_PURGE_TOKEN": settings.purge_token,
        "FEEDSVC_BUCKET": settings.bucket,
    }
    return {name: value for name, value in os.environ.items() if name not in NAMES} | given


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerSettings:
    """Where the server listens (``host:port``) and with how many workers, in the variables that hosts set."""

    bind: str
    workers: int


def read_server_settings(environment: Mapping[str, str] | None = None) -> ServerSettings:
    """``PORT``, ``BIND`` and ``WEB_CONCURRENCY``, empty as good as unset; SettingsError for what cannot be meant.

    ``BIND`` says all that ``PORT`` can say, and goes before it.
    """
    given = os.environ if environment is None else environment
    port, bind = given.get("PORT", ""), given.get("BIND", "")
    workers = given.get("WEB_CONCURRENCY", "")
    for name in ("LISTEN_FDS", "LISTEN_PID"):  # gunicorn fails at them without a word that helps
        if given.get(name, "0").strip() != "0":
            check_number(name, given[name], 2**31)
    return ServerSettings(
        bind=_check_bind(bind)
        if bind
        else f"0.0.0.0:{check_number('PORT', port, 65535)}"
        if port
        else "127.0.0.1:8000",
        workers=check_number("WEB_CONCURRENCY", workers, 1000) if workers else min(cores(), WORKERS_AT_MOST),
    )


def _check_bind(text: str) -> str:
    """An address to listen at; SettingsError if it is none."""
    found = _BIND.fullmatch(text)
    if found and text.isprintable() and int(found["port"] or 1) <= 65535:
        return text
    raise SettingsError(
        f"BIND is {shortened(text, 100)}; write one such as 0.0.0.0:8000, [::]:8000 or unix:/run/feedsvc.sock"
    )


def check_number(name: str, text: str, most: int) -> int:
    """``text`` as a number from 1 to ``most``; SettingsError if it is none."""
    if text.isascii() and text.isdigit() and len(text) < 20 and 1 <= int(text) <= most:
        return int(text)
    raise SettingsError(f"{name} is {shortened(text, 100)}; write a number from 1 to {most}, or nothing")


def is_bound_otherwise(options: Iterable[str]) -> bool:
    """Whether systemd hands over sockets, or one of these options or gunicorn's own variable says where to listen."""
    given = [*options, *os.environ.get("GUNICORN_CMD_ARGS", "").split()]
    names = ("-b", "--bind", "--reuse-port", "-c", "--config")
    return os.environ.get("LISTEN_FDS", "0").strip() not in ("", "0") or any(each.startswith(names) for each in given)


def check_addresses(addresses: Iterable[object]) -> None:
    """SettingsError when no server can listen at one of the pairs of host and port; other kinds of address pass."""
    for address in addresses:
        if isinstance(address, tuple) and not 0 <= address[1] <= 65535:
            raise SettingsError(f"the port to bind is {address[1]}; write a number from 1 to 65535")


def cores() -> int:
    """The cores this process may run on."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def check_base_url(text: str) -> str:
    """``text`` with its final slash; SettingsError unless ``base_url`` in ``site.yaml`` may say the same."""
    try:
        return site_address(text)
    except BadValueError as error:
        raise SettingsError(f"FEEDSVC_BASE_URL: {error}") from None


def now() -> datetime:
    """The present instant, aware and UTC. The only reader of the clock."""
    return datetime.now(UTC)


clock = time.time  # seconds since 1970, for whoever asks many times a second
