"""What the last publish left for whoever serves or watches; for the next publish it leaves texts besides."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields

SITE_PROBLEMS, NOTES = "site_problems", "notes"  # rows besides those of a ``State``


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """What is in force, for everybody. Instants are in seconds since 1970, None when there is none.

    ``basis`` is what all documents depended on besides the content: who wants more than this compares it first.
    ``prefix`` is the path of the base URL, ``categories`` are slugs with a space between, in the site's order.
    ``as_of`` is the instant that is shown, ``newest`` that of the newest update. ``next_change`` is when the documents
    next change by themselves, ``next_expiry`` when an update that is seen expires. ``site_since`` is since when the
    site has problems. ``modified`` is the latest Last-Modified, which the store says at its commit.
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

    def to_rows(self) -> dict[str, str]:
        """The rows of ``state`` that say so, but for ``modified``."""
        said = {name: "" if value is None else str(value) for name, value in asdict(self).items()}
        del said["modified"]
        return said

    @staticmethod
    def from_rows(rows: Mapping[str, str]) -> "State":
        """What the rows say that are there."""
        return State(
            basis=rows.get("basis", ""),
            prefix=rows.get("prefix", ""),
            categories=rows.get("categories", ""),
            entries=_instant(rows, "entries") or 0,
            newest=_instant(rows, "newest"),
            as_of=_instant(rows, "as_of"),
            next_change=_instant(rows, "next_change"),
            next_expiry=_instant(rows, "next_expiry"),
            site_since=_instant(rows, "site_since") or 0,
            modified=_instant(rows, "modified") or 0,
        )


NAMES = tuple(each.name for each in fields(State))


def _instant(rows: Mapping[str, str], name: str) -> int | None:
    text = rows.get(name)
    return int(text) if text else None
