"""What the last publish left for whoever serves or watches; for the next publish it leaves texts besides."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

SITE_PROBLEMS, NOTES = "site_problems", "notes"  # rows besides those of a ``State``


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """What is in force, for everybody. Instants are in seconds since 1970, None when there is none.

    ``basis`` is what all documents depended on besides the content: who wants more than this compares it first.
    ``prefix`` is the path of the base URL, ``categories`` are slugs with a space between, in the site's order.
    ``as_of`` is the instant that is shown, ``newest`` that of the newest update. ``next_change`` is when the documents
    next change by themselves, ``next_expiry`` when an update that is seen expires. ``site_since`` is since when the
    site has problems. ``modified`` is the latest Last-Modified, which the store says at its commit. ``hubs`` are
    addresses with a space between, ``site_url`` is the base URL, and ``cdn_age`` for how many seconds a cache that is
    told of changes may keep a document.
    """

    basis: str = ""
    prefix: str = ""
    categories: str = ""
    entries: int = 0
    newest: int | None = None
    as_of: int | None = None
    next_change: int | None = None
    next_expiry: int | None = None
    site_since: int = 0
    modified: int = 0
    hubs: str = ""
    site_url: str = ""
    cdn_age: int = 0

    def to_rows(self) -> dict[str, str]:
        """The rows of ``state`` that say so, but for ``modified``."""
        said = {name: getattr(self, name) for name in NAMES if name != "modified"}
        return {name: "" if value is None else str(value) for name, value in said.items()}

    @staticmethod
    def from_rows(rows: Mapping[str, str]) -> "State":
        """What the rows say that are there."""
        said = {name: rows[name] for name in NAMES if rows.get(name)}
        found: dict[str, Any] = {name: text if name in TEXTS else int(text) for name, text in said.items()}
        return State(**found)


NAMES = tuple(each.name for each in fields(State))
TEXTS = ("basis", "prefix", "categories", "hubs", "site_url")  # all others are numbers
