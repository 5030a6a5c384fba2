"""Where the server listens and with how many workers, in the variables that hosts set."""

import os
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from feedsvc.errors import shortened
from feedsvc.settings import SettingsError, cores

WORKERS_AT_MOST = 4  # unless set otherwise: each holds a copy of the program, and four answer for any union local
_BIND = re.compile(r"unix:.+|fd://[0-9]{1,5}|(?:[A-Za-z0-9._-]+|\[[0-9A-Fa-f:.%]+\]):(?P<port>[0-9]{1,5})", re.ASCII)


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
