"""What a publisher knows between two publishes: the publication and the content as they last were, taken from the file.

A publish changes it once all is read. One that fails then leaves it half changed; so it is taken from the file again.
"""

from dataclasses import dataclass
from pathlib import Path

from feedsvc.content.ledger import LEDGER, read_ledger
from feedsvc.documents import recipe
from feedsvc.documents.editions import next_turn
from feedsvc.documents.index import Index
from feedsvc.errors import Note, Problem
from feedsvc.model import Site
from feedsvc.publication.rows import Said, load_problems
from feedsvc.publication.state import NOTES, SITE_PROBLEMS
from feedsvc.publication.store import Store
from feedsvc.publishing.admission import Admission, claims_of
from feedsvc.publishing.entries import Entries
from feedsvc.publishing.holding import Holding
from feedsvc.publishing.left import Left
from feedsvc.publishing.notes import Notes
from feedsvc.publishing.request import MovedError
from feedsvc.publishing.scan import file_stamp
from feedsvc.publishing.sources import Sources, recall_sources
from feedsvc.settings import Settings

FORGIVEN_SECONDS = 2 * 86_400  # a clock set back by less takes nothing back that was seen


@dataclass(slots=True, kw_only=True)
class Known:
    """What is known of ``generation``, as it is to be seen at ``as_of``, made under ``basis``.

    ``problems`` say why ``site.yaml`` cannot be followed, ``since`` when it was first so. ``ledger`` is the stamp of
    the ledger that ``admission`` follows.
    """

    generation: int
    as_of: int
    basis: str
    left: Left
    problems: tuple[Problem, ...]
    since: int
    sources: Sources
    index: Index
    admission: Admission
    notes: Notes
    ledger: str = ""

    def refuse_move(self, site: Site, settings: Settings) -> None:
        """MovedError when this site would give every link another address, unless ``site.yaml`` alone says so."""
        address = self.left.site.site.base_url if self.left.site else site.base_url
        if site.base_url != address and (self.left.is_told_address or settings.base_url):
            raise MovedError(
                f"{settings.publication} is published at {address}, and this would change every link in it to "
                f"{site.base_url}; write FEEDSVC_BASE_URL={address} before the command, or FEEDSVC_PUBLICATION= and "
                "another file to try it apart, or add --new-address to move for good"
            )

    @property
    def next_change(self) -> int | None:
        """When something next comes to be seen otherwise by itself, in seconds since 1970; None when nothing does."""
        turn = next_turn(self.left.site.site, self.index) if self.left.site else None
        return min(filter(None, (turn, self.index.next_change)), default=None)

    def follow_ledger(self, root: Path, authority: str) -> tuple[list[str], set[str]]:
        """Read what was recorded of ids and addresses, if that has changed; what is wrong, and what may be gone."""
        found = f"{authority} {file_stamp(root / LEDGER)}"
        if found == self.ledger:
            return [], set()
        ledger = read_ledger(root)
        told = self.admission.follow(ledger.under(authority))
        self.ledger = found
        return [str(problem) for problem in ledger.problems], told


def recall(store: Store, entries: Entries, holding: Holding, as_of: int) -> Known:
    """Everything as the publication has it, as after a restart; the memory is told what it lost."""
    generation, state, texts = store.generation(), store.state(), store.texts()
    is_ours = state.basis.startswith(recipe.code_digest())  # else it may mean something else by the same words
    left = Left.from_texts(texts, is_ours=is_ours)
    holding.load(left)
    entries.forget()
    seen, basis = as_of if state.as_of is None else state.as_of, state.basis
    if seen - as_of > FORGIVEN_SECONDS:  # the clock was wrong then: nothing shown may be taken for due
        seen, basis = as_of, ""
    sources = recall_sources(store, entries.is_legible, is_ours=is_ours)
    index = Index(seen)
    index.fill(line for line in sources.lines().values() if line is not None)
    if store.memory.generation < generation:  # it was lost, or an earlier release wrote none
        store.remember([claim for line in index.shown() for claim in claims_of(line, seen)])
    stuck = holding.stuck.values()
    return Known(
        generation=generation,
        as_of=seen,
        basis=basis,
        left=left,
        problems=tuple(one for one in _legible(Problem, texts.get(SITE_PROBLEMS)) if one not in stuck),
        since=state.site_since or as_of,
        sources=sources,
        index=index,
        admission=Admission(store.memory, index.lines(), seen),
        notes=Notes(index.lines(), _legible(Note, texts.get(NOTES)), store.keys),
    )


def _legible(kind: type[Said], text: str | None) -> tuple[Said, ...]:
    try:
        return load_problems(kind, text or "[]")
    except ValueError:
        return ()
