"""What is noted of updates that say the same in several languages."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from feedsvc.content.loader import load_content
from feedsvc.settings import Settings
from tests.content.samples import make_root
from tests.content.test_translations import WHOLE

NOW = datetime(2026, 3, 10, tzinfo=UTC)
ONE = "title: A title of its own\npublished: {published}\ncategories: [pay]\nsummary: One sentence.\nbody: Two.\n{more}"


def notes(tmp_path: Path, translations: str = WHOLE, **written: str) -> list[str]:
    """What is noted of updates with these lines more; a first line that is a date is when it is published."""
    root = make_root(tmp_path, translations=translations)
    for number, (name, lines) in enumerate(written.items(), 1):
        published, _, more = lines.partition("|")
        when = published or f"2025-01-0{number}"
        (root / "updates" / f"2025-01-01-{name}.yaml").write_text(ONE.format(published=when, more=more))
    content = load_content(root, Settings(), NOW)
    assert content.problems == ()
    return [str(note).removeprefix("content/updates/2025-01-01-") for note in content.notes]


def test_a_translation_into_the_same_language_is_none(tmp_path: Path) -> None:
    (found,) = notes(tmp_path, a="", b="|translation_of: a")
    assert found == (
        "b.yaml:6:17: note: translation_of: content/updates/2025-01-01-a.yaml is in the same language, en; "
        "write lang: and the language of this file, or delete the line"
    )


def test_two_in_one_language_are_named(tmp_path: Path) -> None:
    found = notes(tmp_path, a="", b="|translation_of: a\nlang: es", c="|translation_of: a\nlang: es-MX")
    assert [note.partition(": note: ")[0] for note in found] == ["b.yaml:6:17", "c.yaml:6:17"]


def test_twins_are_well(tmp_path: Path) -> None:
    assert notes(tmp_path, a="2026-03-01", b="2026-03-02|translation_of: a\nlang: es") == []


@pytest.mark.parametrize(
    ("lines", "is_noted"),
    [
        ("2026-03-01", True),
        ("", False),
        ("|urgent_until: 2026-04-01", True),
        ("|deadline: 2026-04-01", True),
        ("|deadline: 2026-03-01", False),
        ("2026-03-01|lang: es", False),
        ("2026-03-01|expires: 2026-03-05", False),
        ("2026-03-20", False),
        ("2026-03-01|draft: true", False),
        ("2026-03-01|withdrawn: 2026-03-02\nreason: It was wrong.", False),
    ],
)
def test_what_members_of_another_language_wait_for_is_named(tmp_path: Path, lines: str, *, is_noted: bool) -> None:
    expected = (
        "a.yaml:1:1: note: there is no version in Spanish; write one in a file of its own, with lang: es and "
        "translation_of: a"
    )
    assert notes(tmp_path, a=lines) == [expected] * is_noted


def test_a_site_in_one_language_waits_for_nothing(tmp_path: Path) -> None:
    assert notes(tmp_path, translations="{}", a="2026-03-01") == []


def test_a_translation_of_nothing_or_of_itself_is_a_problem(tmp_path: Path) -> None:
    root = make_root(tmp_path)
    for name, other in (("a", "masks"), ("b", "b")):
        text = ONE.format(published=f"2025-01-01 0{len(name)}:00", more=f"translation_of: {other}")
        (root / "updates" / f"2025-01-01-{name}.yaml").write_text(text)
    assert [
        str(problem).removeprefix("content/updates/2025-01-01-") for problem in load_content(root, Settings()).problems
    ] == [
        "a.yaml:6:17: translation_of: no update has the slug 'masks'; write the slug of an update, or delete it",
        "b.yaml:6:17: translation_of: 'b' is this update itself; write the slug of the other one",
    ]
