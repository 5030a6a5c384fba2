"""Everything ambient, declared once: the environment becomes frozen ``Settings``; nobody else reads it or the clock."""

import difflib
import hashlib
import os
import stat
import tempfile
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from feedsvc import destinations
from feedsvc.addresses import site_address
from feedsvc.errors import FeedsvcError, cut, printable, shortened
from feedsvc.object_stores import check_store_url, overlap

PREFIX = "FEEDSVC_"
# what each says is the field of ``Settings`` of the same name
NAMES = {
    "FEEDSVC_CONTENT": "folder with site.yaml, updates/ and files/ (default: content)",
    "FEEDSVC_BASE_URL": "public address of the site, in place of base_url in site.yaml",
    "FEEDSVC_PUBLICATION": "file that holds the finished publication (default: instance/publication.db)",
    "FEEDSVC_LOG": "plain or json (default: plain)",
    "FEEDSVC_METRICS": "1 shows counts for Prometheus at /metrics (default: there is no such page)",
    "FEEDSVC_PURGE": "cache that is told of changes, such as varnish http://127.0.0.1:6081/ (default: none)",
    "FEEDSVC_PURGE_TOKEN": "secret that this cache wants to hear (default: none)",
    "FEEDSVC_BUCKET": "bucket that holds a copy of the site, such as s3://bucket/prefix (default: none)",
    "FEEDSVC_REPLICATE": "private store that replicas follow, such as s3://bucket/replicas (default: none)",
    "FEEDSVC_FOLLOW": "store of another service that this one follows, in place of content (default: none)",
    "FEEDSVC_PUBLISHER": "off keeps this service from starting a publishing process (default: auto)",
}
SERVING = frozenset({"FEEDSVC_METRICS", "FEEDSVC_PUBLISHER"})  # concern who serves alone

DATABASE = b"SQLite format 3\0"
DATABASES = (".db", ".sqlite", ".sqlite3")  # a file of such a name was a publication, however damaged it is
CHOOSE_PLACE = "set FEEDSVC_PUBLICATION to a file in a folder that can be written and lasts"


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
    ``replicate`` is the store that this service hands its generations to, ``follow`` the one it takes them from.
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
    replicate: str = ""
    follow: str = ""
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
    settings = Settings(
        content=Path(given.get("FEEDSVC_CONTENT", "") or "content"),
        publication=_named(Path(given.get("FEEDSVC_PUBLICATION", "") or default_publication())),
        base_url=_check(given, "FEEDSVC_BASE_URL", site_address) or None,
        log="json" if log == "json" else "plain",
        metrics=_choose(given, "FEEDSVC_METRICS", "0", "1") == "1",
        publisher=_choose(given, "FEEDSVC_PUBLISHER", "auto", "off") == "auto",
        purge=_check(given, "FEEDSVC_PURGE", destinations.check_caches),
        purge_token=_check(given, "FEEDSVC_PURGE_TOKEN", destinations.check_tokens),
        bucket=_check(given, "FEEDSVC_BUCKET", check_store_url),
        replicate=_check(given, "FEEDSVC_REPLICATE", check_store_url),
        follow=_check(given, "FEEDSVC_FOLLOW", check_store_url),
    )
    if settings.replicate and settings.follow:
        raise SettingsError(
            "FEEDSVC_REPLICATE and FEEDSVC_FOLLOW are both set; who follows hands nothing on: unset one"
        )
    check_apart(settings, settings.bucket)
    return settings


def check_apart(settings: Settings, place: str) -> None:
    """SettingsError when a copy for readers is to go where replicas are kept, or around or within it."""
    for name, store in (("FEEDSVC_REPLICATE", settings.replicate), ("FEEDSVC_FOLLOW", settings.follow)):
        if store and place and overlap(store, place):
            raise SettingsError(
                f"{name} and the bucket for readers share a folder; whoever may write to replicas owns the site: "
                "keep them in a private bucket of their own"
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
    handed_on = [name for name in NAMES if name not in SERVING]
    given = {name: str(getattr(settings, name.removeprefix(PREFIX).lower()) or "") for name in handed_on}
    return {name: value for name, value in os.environ.items() if name not in NAMES} | given


def cores() -> int:
    """The cores this process may run on."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def now() -> datetime:
    """The present instant, aware and UTC. The only reader of the clock."""
    return datetime.now(UTC)


clock = time.time  # seconds since 1970, for whoever asks many times a second
