"""Apps and companies that follow a feed for somebody, as ``services.toml`` names them."""

import functools
import tomllib
from dataclasses import dataclass
from importlib.resources import files
from typing import Any
from urllib.parse import quote


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """An app or a company, and where it is, or where it follows a feed."""

    name: str
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Services:
    """``apps`` are one for each kind of device; ``readers`` and ``mail`` lead to where they follow a feed."""

    apps: tuple[Service, ...]
    readers: tuple[Service, ...]
    mail: tuple[Service, ...]


def services_for(feed_url: str) -> Services:
    """All of them, for the feed at that address."""
    table = _table()
    feed = quote(feed_url, safe="")
    return Services(
        apps=tuple(Service(**table["apps"][device]) for device in ("iphone", "android", "computer")),
        readers=tuple(Service(name=row["name"], url=row["url"].format(feed=feed)) for row in table["readers"]),
        mail=tuple(Service(name=row["name"], url=row["url"].format(feed=feed)) for row in table["mail"]),
    )


@functools.cache
def _table() -> dict[str, Any]:
    return tomllib.loads(files("feedsvc.pages").joinpath("services.toml").read_text("utf-8"))
