"""The pages of a preview: every update with how it stands and what is said of its file, and the proof of one.

They are for officers, who read them in the language of the commands.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from operator import itemgetter

from feedsvc.errors import Note, Problem
from feedsvc.model import Site
from feedsvc.pages.environment import template
from feedsvc.wording import words_around


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """An update in the list; ``instant`` and ``when`` are of its publication, ``said`` problems and notes."""

    source: str
    file: str
    title: str
    state: str
    instant: int
    when: str = ""
    said: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """What members see of an update: in a reader (``summary``), in WordPress (``words``), in mail, as page and card.

    Only ``item`` is there of a file that cannot be read.
    """

    item: Item
    summary: str | None = None
    words: str | None = None
    mail: str | None = None
    page: str | None = None
    card: str | None = None
    dates: tuple[tuple[str, str], ...] = ()


def desk_page(site: Site, items: list[Item], said: list[Problem]) -> bytes:
    """Every update; ``said`` is of other files."""
    return _render("desk.html", site=site, items=items, said=said)


def proof_page(site: Site, proof: Proof) -> bytes:
    """One update as members will see it."""
    return _render("proof.html", site=site, proof=proof, item=proof.item)


def _render(name: str, site: Site, **given: object) -> bytes:
    return template(words_around(site), name).render(site=site, tell=_tell, **given).encode()


def _tell(said: Iterable[Problem]) -> list[tuple[str, str]]:
    """Text by the class it is shown in: what holds the file back, then what is better known."""
    told = [("note" if isinstance(one, Note) else "", one.shown()) for one in said]
    return sorted(told, key=itemgetter(0))  # else as they were, by line
