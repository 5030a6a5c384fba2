"""What a publish leaves for the next one, beside what everybody may read: typed, and a text each in the publication."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from functools import cache
from typing import Any, get_type_hints

from pydantic import TypeAdapter

from feedsvc.content.source import LoadedSite
from feedsvc.errors import Problem
from feedsvc.publishing.removals import Withheld

LASTING = ("site", "is_told_address", "withheld")  # which mean the same to another release, where it can read them


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """Why a source is held back, and the ``version`` of it and its ``files`` that this was found out of.

    ``release`` is what it was condemned under: the program, and the site where a document choked. ``digests`` are the
    loaded versions that choked.
    """

    version: str
    release: str
    problem: Problem
    files: tuple[str, ...] = ()
    digests: tuple[str, ...] = ()


@dataclass(slots=True, kw_only=True)
class Left:
    """Where the next publish goes on: what is known of the last one that cannot be taken from its documents.

    ``site`` is the last good one and ``is_told_address`` whether its base URL was a setting's, not its own.
    ``site_stamp`` and ``files`` are stamps as they were. ``stuck`` are documents that cannot be made for no update's
    fault, by path; ``verdicts`` are by source.
    """

    site: LoadedSite | None = None
    is_told_address: bool = False
    site_stamp: str = ""
    files: Mapping[str, str] = field(default_factory=dict)
    stuck: Mapping[str, Problem] = field(default_factory=dict)
    verdicts: Mapping[str, Verdict] = field(default_factory=dict)
    withheld: Withheld = field(default_factory=Withheld)

    def to_texts(self) -> dict[str, str]:
        """A text for each field, by name."""
        return {name: adapter.dump_json(getattr(self, name)).decode() for name, adapter in _adapters().items()}

    @staticmethod
    def from_texts(texts: Mapping[str, str], *, is_ours: bool) -> "Left":
        """What the texts say that make sense here; of what another release wrote (not ``is_ours``), what lasts."""
        found: dict[str, Any] = {}
        for name, adapter in _adapters().items():
            if name in texts and (is_ours or name in LASTING):
                try:
                    found[name] = adapter.validate_json(texts[name])
                except ValueError:
                    continue
        return Left(**found)


@cache
def _adapters() -> dict[str, TypeAdapter[Any]]:
    hints = get_type_hints(Left)
    return {each.name: TypeAdapter(hints[each.name]) for each in fields(Left)}
