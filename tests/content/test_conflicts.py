"""Whose an id and an address are: the ledger's, then the earlier published, then the first by name."""

from pathlib import Path

import pytest

from feedsvc.content.conflicts import find_conflicts
from feedsvc.content.ledger import EMPTY, LEDGER, read_ledger
from feedsvc.content.source import LoadedEntry
from tests.content.samples import entry_text, load, make_root

TAG = "tag:news.example.org,2026:entry/"
MARCH, APRIL, LATER = "2026-03-01 09:00", "2026-04-01 09:00", "2199-01-01 09:00"
X_IN_MARCH = f"2026-03-01T14:00:00Z {TAG}x x"


def check(root: Path, ledger: str | None, **updates: dict[str, str]) -> dict[str, list[str]]:
    """What is said of each file that must yield, by its name; ``x_copy`` is the file ``x-copy.yaml``."""
    (root / LEDGER).write_text(f"{ledger}\n" if ledger else "")
    entries: dict[str, LoadedEntry] = {}
    for key, fields in updates.items():
        name = f"content/updates/{key.replace('_', '-')}.yaml"
        entries[name] = load(entry_text(**fields), root, name)
    found = find_conflicts(entries, ledger=read_ledger(root) if ledger else EMPTY)
    return {
        name.removeprefix("content/updates/"): [f"{problem.field}: {problem.message}" for problem in problems]
        for name, problems in found.items()
    }


@pytest.mark.parametrize(
    ("updates", "newcomer", "holder"),
    [
        ({"b": {"published": MARCH}, "a": {"published": APRIL, "slug": "b"}}, "a", "b"),
        ({"b": {"published": APRIL}, "a": {"published": APRIL, "slug": "b"}}, "b", "a"),
        ({"x": {}, "x_copy": {"slug": "x"}}, "x-copy", "x"),
        ({"x": {}, "a": {"published": "2020-01-01", "slug": "x", "draft": "true"}}, "a", "x"),
        ({"x": {"published": LATER}, "a": {"slug": "x", "draft": "true"}}, "a", "x"),
        ({"x": {}, "a": {"slug": "x", "published": LATER}}, "a", "x"),
    ],
)
def test_without_a_ledger_the_earlier_published_wins_and_a_draft_claims_nothing(
    tmp_path: Path, updates: dict[str, dict[str, str]], newcomer: str, holder: str
) -> None:
    slug = updates[holder].get("slug", holder)
    expected = {f"{newcomer}.yaml": [f"slug: the slug '{slug}' belongs to content/updates/{holder}.yaml"]}
    assert check(make_root(tmp_path), None, **updates) == expected


@pytest.mark.parametrize(
    ("newcomer", "x"),
    [
        ({"published": "2020-01-01"}, {}),
        ({"published": "2020-01-01"}, {"published": APRIL}),
        ({"published": MARCH}, {"published": LATER}),
        ({"published": MARCH}, {"draft": "true"}),
    ],
)
def test_who_is_in_the_ledger_keeps_id_and_address(tmp_path: Path, newcomer: dict[str, str], x: dict[str, str]) -> None:
    root = make_root(tmp_path)
    assert check(root, X_IN_MARCH, x=x, a=newcomer | {"slug": "x"}) == {
        "a.yaml": ["slug: the slug 'x' belongs to content/updates/x.yaml"]
    }
    assert check(root, X_IN_MARCH, x=x, a=newcomer | {"id": "x"}) == {
        "a.yaml": [f"id: the id {TAG}x belongs to content/updates/x.yaml"]
    }


def test_an_address_stays_the_ledgers_when_its_file_is_gone_or_moved(tmp_path: Path) -> None:
    root = make_root(tmp_path)
    said = {"a.yaml": [f"slug: the slug 'x' belongs to {TAG}x, as ledger.txt says"]}
    assert check(root, X_IN_MARCH, a={"slug": "x"}) == said
    assert check(root, X_IN_MARCH, a={"slug": "x"}, x={"slug": "y"}) == said
    assert check(root, f"{X_IN_MARCH} deleted", a={"slug": "x"}) == said


def test_the_fix_is_the_line_to_write(tmp_path: Path) -> None:
    root, name = make_root(tmp_path), "content/updates/2026-03-02-x.yaml"
    (root / LEDGER).write_text(f"{X_IN_MARCH}\n2026-03-03T14:00:00Z {TAG}z z\n")
    ledger = read_ledger(root)
    (problem,) = find_conflicts({name: load(entry_text(), root, name)}, ledger=ledger)[name]
    assert problem.fix == "write id: x if this is that update, else a line such as slug: x-2"
    (problem,) = find_conflicts({name: load(entry_text(id="z"), root, name)}, ledger=ledger)[name]
    assert problem.fix == "write a line such as slug: x-2"
    again = load(entry_text(id="x"), root, name)
    assert find_conflicts({name: again}, ledger=ledger) == {}


def test_an_address_that_people_wrote_down_for_a_second_update_is_its_own_too(tmp_path: Path) -> None:
    root = make_root(tmp_path)
    both = f"{X_IN_MARCH}\n2026-04-01T13:00:00Z {TAG}y x"
    assert check(root, both, x={"slug": "moved"}, y={"slug": "x", "published": APRIL}) == {}
    assert check(root, both, x={}, y={"slug": "x", "published": APRIL}) == {
        "y.yaml": ["slug: the slug 'x' belongs to content/updates/x.yaml"]
    }


def test_a_former_address_at_which_another_update_stands_is_named(tmp_path: Path) -> None:
    assert check(make_root(tmp_path), None, x={}, a={"aliases": "[old, x]"}) == {
        "a.yaml": [
            "aliases: content/updates/x.yaml has the address 'x', so nothing leads from there to this update",
        ]
    }


def test_of_two_that_claim_one_former_address_the_later_one_is_named_and_a_draft_before_any(tmp_path: Path) -> None:
    root = make_root(tmp_path)
    early, late = {"aliases": "old", "published": MARCH}, {"aliases": "[older, old]", "published": APRIL}
    said = "aliases: content/updates/x.yaml had the address 'old', so nothing leads from there to this update"
    assert check(root, None, a=late, x=early) == {"a.yaml": [said]}
    assert check(root, None, a=late, x=early | {"draft": "true"}) == {"x.yaml": [said.replace("x.yaml", "a.yaml")]}
