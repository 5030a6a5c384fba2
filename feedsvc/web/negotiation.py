"""What a request asks for: a document, in which coding, unless the client holds it, and which part of it.

Field values are parsed by Werkzeug; the rules are those of RFC 9110 sections 12.5.3 (Accept-Encoding),
13.1 and 13.2.2 (preconditions) and 14 (ranges). A value that makes a library raise, whatever it raises, says nothing.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from typing import Any, NamedTuple, TypeVar

from werkzeug.datastructures import Accept
from werkzeug.http import parse_accept_header, parse_date, parse_etags, parse_if_range_header, parse_range_header

IDENTITY = "identity"
ALIASES = {"x-gzip": "gzip"}  # RFC 9110 section 8.4.1.3

Parsed = TypeVar("Parsed")


class Asked(NamedTuple):
    """What a request asks for; an answer depends on nothing else of it."""

    method: str
    path: str  # as in a WSGI environ (PEP 3333): octets as Latin-1
    accept_encoding: str | None
    if_match: str | None
    if_unmodified_since: str | None
    if_none_match: str | None
    if_modified_since: str | None
    range: str | None
    if_range: str | None
    sec_fetch_dest: str | None

    @classmethod
    def of(cls, environ: Mapping[str, Any]) -> "Asked":
        """What a WSGI request asks for."""
        return cls(environ["REQUEST_METHOD"], environ["PATH_INFO"], *map(environ.get, _FIELDS))


_FIELDS = tuple(f"HTTP_{name.upper()}" for name in Asked._fields[2:])


def choose_coding(accept_encoding: str | None, available: Iterable[str]) -> str | None:
    """The coding to answer with, of those available in order of preference; None when none is acceptable."""
    codings = list(available)
    wanted = parse(lambda text: parse_accept_header(text, Accept), accept_encoding)
    if wanted is None:
        return IDENTITY
    qualities = {ALIASES.get(name.lower(), name.lower()): quality for name, quality in reversed(list(wanted))}
    best = max(codings, key=lambda coding: _quality(coding, qualities))  # the first of equals
    return best if _quality(best, qualities) > 0 else None


def parse(parser: Callable[[str], Parsed], text: str | None) -> Parsed | None:
    """What the parser makes of a field's value; None where there is none, or the parser fails at it."""
    if text is None:
        return None
    try:
        return parser(text)
    except Exception:  # noqa: BLE001  # what parsers fail with is not foreseen: a year too large is an OverflowError
        return None


def _quality(coding: str, qualities: dict[str, float]) -> float:
    if coding in qualities:
        return qualities[coding]
    if "*" in qualities:
        return qualities["*"]
    return 0.001 if coding == IDENTITY else 0  # acceptable unless refused, but the client named what it prefers


def is_unmet(if_match: str | None, if_unmodified_since: str | None, etag: str, modified: int | None) -> bool:
    """Whether the client wants only what it knows, and this is something else: 412 (RFC 9110 section 13.2.2)."""
    if if_match is not None:
        known = parse(parse_etags, if_match)
        return known is None or not known.contains(etag)
    known_at = parse(parse_date, if_unmodified_since)
    return known_at is not None and modified is not None and _instant(modified) > known_at


def is_unchanged(if_none_match: str | None, if_modified_since: str | None, etag: str, modified: int | None) -> bool:
    """Whether the client holds this very representation: 304 (RFC 9110 section 13.2.2).

    ``modified`` is the Last-Modified in seconds since 1970; without one no date says anything.
    """
    if if_none_match is not None:
        held = parse(parse_etags, if_none_match)
        return held is not None and held.contains_weak(etag)
    since = parse(parse_date, if_modified_since)
    return since is not None and modified is not None and _instant(modified) <= since


def choose_range(
    range_field: str | None, if_range: str | None, etag: str, modified: int | None, length: int
) -> tuple[int, int] | str | None:
    """The octets ``[start, stop)`` to answer with, ``"unsatisfiable"``, or None for the whole (RFC 9110 section 14)."""
    wanted = parse(parse_range_header, range_field)
    if wanted is None or wanted.units != "bytes" or len(wanted.ranges) != 1:
        return None
    if if_range is not None and not _may_continue(if_range, etag, modified):
        return None
    if wanted.ranges[0][0] < -length < 0:
        return 0, length  # Werkzeug refuses a last part that is longer than the whole (RFC 9110 section 14.1.2)
    return wanted.range_for_length(length) or "unsatisfiable"


def _may_continue(if_range: str, etag: str, modified: int | None) -> bool:
    """If-Range wants the strong comparison, and an exact date (RFC 9110 section 13.1.5)."""
    held = parse(parse_if_range_header, if_range)
    if held is None:
        return False
    if held.date is not None:
        return modified is not None and held.date == _instant(modified)
    return not if_range.startswith("W/") and held.etag == etag


def _instant(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)
