"""What files say against each other and against the ledger: ids and addresses used twice, related updates not there.

Who keeps an id and an address is the ledger's rule (``Ledger.rank_for_id``), by which publishing goes, too. A draft
takes nothing from what is published or waits. (Who waits has a later ``published`` than all that are public.)
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from functools import partial

from feedsvc.content.ledger import EMPTY, LEDGER, Ledger, Rank
from feedsvc.content.source import LoadedEntry
from feedsvc.content.value_errors import nearest_or
from feedsvc.errors import Problem

_MANY = 5000  # beyond so many updates a near slug is not looked for


def find_conflicts(
    entries: Mapping[str, LoadedEntry], other_slugs: Collection[str] = frozenset(), *, ledger: Ledger = EMPTY
) -> dict[str, list[Problem]]:
    """By source name, what is wrong between these files.

    ``other_slugs`` are those of updates beyond ``entries``, for a check of a few among many.
    """
    problems: dict[str, list[Problem]] = {}
    ids: dict[str, str] = {}
    slugs: dict[str, str] = {}
    for loaded in sorted(entries.values(), key=partial(_rank, ledger.rank_for_id)):
        ids.setdefault(loaded.entry.id, loaded.source)
    for loaded in sorted(entries.values(), key=partial(_rank, ledger.rank_for_address)):
        slugs.setdefault(loaded.entry.slug, loaded.source)
    former, known = _former(entries.values()), slugs.keys() | other_slugs
    for name, loaded in entries.items():
        if found := [
            *_id_taken(loaded, ids[loaded.entry.id]),
            *_slug_taken(loaded, slugs[loaded.entry.slug], ledger),
            *_aliases_taken(loaded, slugs, former),
            *_unrelated(loaded, known),
        ]:
            problems[name] = found
    return problems


def _rank(rank: Callable[[str, str, int, str], Rank], loaded: LoadedEntry) -> Rank:
    """As publishing sorts them, but for a draft: it may be the update that is recorded, and else comes last."""
    entry = loaded.entry
    is_recorded, *rest = rank(entry.id, entry.slug, int(entry.published.timestamp()), loaded.source)
    return (is_recorded, entry.draft, *rest)


def describe_clash(loaded: LoadedEntry, first: LoadedEntry) -> list[Problem]:
    """Why an update must yield to another that was first with its id, its address, or both."""
    same_id, same_slug = loaded.entry.id == first.entry.id, loaded.entry.slug == first.entry.slug
    by_id = _id_taken(loaded, first.source) if same_id else []
    return by_id + (_slug_taken(loaded, first.source, EMPTY) if same_slug else [])


def explicit_id(entry_id: str) -> str:
    """What an author writes after ``id:`` for the tag URI of an update."""
    return entry_id.partition(":entry/")[2] or entry_id


def other_slug(slug: str) -> str:
    """A slug like this one, for a line that can be pasted."""
    return f"{slug[:76].rstrip('-')}-2"


def _id_taken(loaded: LoadedEntry, holder: str) -> list[Problem]:
    """That another file has the id."""
    if holder == loaded.source:
        return []
    what = f"the id {loaded.entry.id} belongs to {holder}"
    return [loaded.id_mark.problem(loaded.source, "id", what, "write another id, or delete one of the two files")]


def _slug_taken(loaded: LoadedEntry, holder: str, ledger: Ledger) -> list[Problem]:
    """That another file has the address, or that another update had it first."""
    slug = loaded.entry.slug
    fix = f"write a line such as slug: {other_slug(slug)}"
    first = ledger.holders.get(slug)
    if holder != loaded.source:
        what = f"the slug {slug!r} belongs to {holder}"
    elif first and slug not in ledger.addresses.get(loaded.entry.id, ()):
        what = f"the slug {slug!r} belongs to {first}, as {LEDGER} says"
        if loaded.entry.id not in ledger.by_id:
            fix = f"write id: {explicit_id(first)} if this is that update, else a line such as slug: {other_slug(slug)}"
    else:
        return []
    return [loaded.slug_mark.problem(loaded.source, "slug", what, fix)]


def _former(entries: Iterable[LoadedEntry]) -> dict[str, str]:
    """Where each former address leads: the source of the update that was published first with it."""
    former: dict[str, str] = {}
    for loaded in sorted(entries, key=lambda loaded: (loaded.entry.draft, loaded.entry.published, loaded.source)):
        for alias in loaded.entry.aliases:
            former.setdefault(alias, loaded.source)
    return former


def _aliases_taken(loaded: LoadedEntry, slugs: Mapping[str, str], former: Mapping[str, str]) -> Iterator[Problem]:
    """The former addresses at which another update stands now, or that lead to one that was published earlier."""
    for alias in loaded.entry.aliases:
        holder = slugs.get(alias) or former.get(alias, loaded.source)
        if holder != loaded.source:
            verb = "has" if alias in slugs else "had"
            what = f"{holder} {verb} the address {alias!r}, so nothing leads from there to this update"
            yield loaded.slug_mark.problem(loaded.source, "aliases", what, f"delete {alias} from aliases")


def _unrelated(loaded: LoadedEntry, known: Collection[str]) -> Iterator[Problem]:
    """The slugs that no update has, each with the near one."""
    for slug, mark, field in loaded.related_marks:
        if slug not in known:
            near = sorted(known) if len(known) <= _MANY else ()
            fix = nearest_or(slug, near, "write the slug of an update, or delete it")
            yield mark.problem(loaded.source, field, f"no update has the slug {slug!r}", fix)
