from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedsvc.documents.changed import Changed
from feedsvc.documents.index import Index
from feedsvc.documents.listed import Listed, Standing, standing
from feedsvc.documents.twins import neighbours
from feedsvc.places import ALL, Place

CATEGORIES = ("covid", "pay")
PLACES = (ALL, *(Place((slug,)) for slug in CATEGORIES))
NOON = 1_000


def make_listed(number: int, **overrides: object) -> Listed:
    given: dict[str, object] = {
        "source": f"content/updates/{number}.yaml",
        "id": f"tag:example.org,2026:entry/{number}",
        "slug": f"update-{number}",
        "title": f"Update {number}",
        "written": number,
        "published": number,
        "expires": None,
        "categories": ("covid",),
        "digest": f"digest-{number}",
        "draft": False,
        "files": (),
        "related": (),
    }
    return Listed(**(given | overrides))  # type: ignore[arg-type]  # a factory takes any override


def advance(index: Index, as_of: int) -> Changed:
    changed = Changed()
    index.advance(as_of, changed)
    return changed


def lists(index: Index) -> list[list[str]]:
    return [[line.source for line in index.newest(place, 100)] for place in PLACES]


def test_a_list_is_newest_first_with_the_id_as_tie_break() -> None:
    index = Index(NOON)
    early, first, second = (
        make_listed(1, published=10),
        make_listed(2, published=20, id="tag:a"),
        make_listed(3, published=20, id="tag:b"),
    )
    index.fill([second, early, first])
    assert [line.source for line in index.newest(ALL, 10)] == [first.source, second.source, early.source]


def test_an_update_is_invisible_until_it_is_due() -> None:
    index = Index(NOON)
    index.fill([make_listed(1), make_listed(2, published=NOON + 60)])
    assert len(index) == 1
    assert index.next_change == NOON + 60
    changed = advance(index, NOON + 59)
    assert not any(map(changed.touches, PLACES))
    changed = advance(index, NOON + 60)
    assert [changed.touches(place) for place in PLACES] == [True, True, False]
    assert "update-2" in changed.slugs
    assert index.next_change is None


def test_an_expired_update_leaves_the_lists_and_keeps_its_page() -> None:
    index = Index(NOON)
    index.fill([make_listed(1), make_listed(2, expires=NOON + 60), make_listed(3)])
    assert index.next_change == NOON + 60
    line = index.by_slug("update-2")
    assert line is not None
    assert not index.is_expired(line)
    changed = advance(index, NOON + 60)
    assert [changed.touches(place) for place in PLACES] == [True, True, False]
    assert [found.source for found in index.newest(ALL, 9)] == ["content/updates/3.yaml", "content/updates/1.yaml"]
    assert index.is_expired(line)
    assert neighbours(index, line) == (None, None)
    assert [found.source for found in index.shown()] == [f"content/updates/{number}.yaml" for number in (3, 2, 1)]
    index.change({line.source: None})
    assert index.by_slug("update-2") is None


def test_a_draft_is_never_in_a_list() -> None:
    index = Index(NOON)
    index.fill([make_listed(1, draft=True)])
    index.change({"content/updates/2.yaml": make_listed(2, draft=True)})
    assert len(index) == 0
    index.change({"content/updates/1.yaml": None})
    assert list(index.lines()) == [make_listed(2, draft=True)]
    assert index.next_change is None


def test_a_change_touches_the_neighbours_and_whoever_names_it_as_related() -> None:
    index = Index(NOON)
    index.fill([make_listed(number) for number in (1, 2, 3, 4)])
    index.change({"content/updates/9.yaml": make_listed(9, related=("update-2",))})
    changed = index.change({"content/updates/2.yaml": make_listed(2, digest="new")})
    assert changed.slugs == {"update-1", "update-2", "update-3", "update-9"}


def test_what_turns_at_one_instant_or_twice_in_a_long_night_stands_right_afterwards() -> None:
    """One queue of instants: what falls due together, and what came and expired while nobody looked."""
    index = Index(NOON)
    index.fill(
        [
            make_listed(1, published=NOON + 5, expires=NOON + 9),
            make_listed(2, published=NOON + 5, related=("update-1",)),
            make_listed(3, published=NOON + 4, expires=NOON + 5),
            make_listed(4, expires=NOON + 5),
        ]
    )
    assert [line.source[-6] for line in index.due(NOON + 5)] == ["3", "1", "2"]
    changed = advance(index, NOON + 7)
    assert lists(index)[0] == ["content/updates/1.yaml", "content/updates/2.yaml"]
    assert changed.slugs == {"update-1", "update-2", "update-3", "update-4"}
    assert (index.next_change, index.next_expiry) == (NOON + 9, NOON + 9)
    advance(index, NOON + 99)
    assert lists(index)[0] == ["content/updates/2.yaml"]
    assert index.next_change is None


@pytest.mark.parametrize(
    ("overrides", "expected"),
    [
        ({"draft": True}, [Standing.DRAFT] * 4),
        ({}, [Standing.WAITING, Standing.SHOWN, Standing.SHOWN, Standing.SHOWN]),
        ({"expires": 12}, [Standing.WAITING, Standing.SHOWN, Standing.EXPIRED, Standing.EXPIRED]),
        ({"expires": 5}, [Standing.WAITING, Standing.EXPIRED, Standing.EXPIRED, Standing.EXPIRED]),
    ],
)
def test_how_an_update_stands(overrides: dict[str, object], expected: list[Standing]) -> None:
    line = make_listed(1, published=10, **overrides)
    assert [standing(line, instant) for instant in (9, 10, 12, 13)] == expected


def test_a_line_of_an_earlier_release_offers_all_its_files() -> None:
    index = Index(NOON)
    index.fill([make_listed(1, files=("a.pdf",)), make_listed(2, files=("b.jpg",), offered=())])
    assert index.is_offered("a.pdf")
    assert not index.is_offered("b.jpg")


def test_a_file_is_offered_as_long_as_a_visible_update_uses_it() -> None:
    index = Index(NOON)
    index.fill(
        [make_listed(1, files=("a.pdf",), offered=("a.pdf",)), make_listed(2, files=("b.pdf",), published=NOON + 1)]
    )
    assert index.is_offered("a.pdf")
    assert not index.is_offered("b.pdf")
    assert index.users("b.pdf") == {"content/updates/2.yaml"}
    changed = index.change({"content/updates/1.yaml": None})
    assert changed.files == {"a.pdf"}
    assert not index.is_offered("a.pdf")


lines = st.builds(
    make_listed,
    st.integers(0, 12),
    published=st.integers(NOON - 3, NOON + 6),
    categories=st.sampled_from([("covid",), ("pay",), CATEGORIES]),
    digest=st.sampled_from(["a", "b"]),
    expires=st.one_of(st.none(), st.integers(NOON - 2, NOON + 7)),
    draft=st.booleans(),
    related=st.sampled_from([(), ("update-1",)]),
)


@given(st.lists(st.lists(lines, max_size=6), max_size=6))
def test_changes_one_after_another_leave_the_same_lists_as_one_filling(steps: Sequence[Sequence[Listed]]) -> None:
    """The lists depend on what there is, never on the order in which it came."""
    grown, final, as_of = Index(NOON), {}, NOON
    for as_of, step in enumerate(steps, NOON):
        changes: dict[str, Listed | None] = {line.source: line if line.digest == "a" else None for line in step}
        grown.advance(as_of, grown.change(changes))
        final.update(changes)
    fresh = Index(as_of)
    fresh.fill(line for line in final.values() if line is not None)
    assert lists(grown) == lists(fresh)
    assert grown.next_change == fresh.next_change
    assert list(grown.shown()) == list(fresh.shown())
    for line in fresh.shown():
        assert grown.is_expired(line) == fresh.is_expired(line)
        assert neighbours(grown, line) == neighbours(fresh, line)
        assert grown.by_slug(line.slug) == fresh.by_slug(line.slug)


@given(st.lists(lines, max_size=30))
def test_a_mix_is_the_newest_of_its_categories_each_once(found: Sequence[Listed]) -> None:
    index = Index(NOON + 3)
    index.fill({line.source: line for line in found}.values())
    everything = index.newest(ALL, 100)
    for categories in (("covid", "pay"), ("pay", "training"), ("covid", "pay", "training")):
        place = Place(categories)
        assert index.newest(place, 4) == [line for line in everything if place.holds(line)][:4]


def test_what_was_found_out_about_a_time_holds_until_an_update_of_it_changes() -> None:
    index, asked = Index(NOON), []

    def count(lines: Sequence[Listed], factor: int) -> int:
        asked.append(factor)
        return len(lines) * factor

    def answers() -> list[int]:
        return [index.between(ALL, 10, 20).ask(count, factor) for factor in (1, 100)]

    index.change({line.source: line for line in (make_listed(10), make_listed(20))})
    assert (answers(), answers(), asked) == ([1, 100], [1, 100], [1, 100])
    index.change({(other := make_listed(20, title="Another")).source: other})
    assert (answers(), asked) == ([1, 100], [1, 100])
    index.change({(one := make_listed(19)).source: one})
    assert (answers(), asked) == ([2, 200], [1, 100] * 2)
