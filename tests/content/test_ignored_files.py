"""A file that somebody may take for an update, and that is none, is noted with the name it should have."""

# ruff: noqa: E501  # a message is compared as a whole

import re
from pathlib import Path

import pytest

from feedsvc.content.folder import Updates, list_sources, look_over
from feedsvc.content.ignored_files import note_ignored
from tests.content.samples import make_root

RENAME = "note: the file is passed over, since its name does not end in .yaml or .md; rename it to content/updates/"
TEXT = "is no update, so it is passed over; save its text as plain text (UTF-8) under the name content/updates/"
OFFER = "; to offer the document itself, put it into content/files"


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("updates/2026-03-01-masks.yaml.txt", RENAME + "2026-03-01-masks.yaml"),
        ("updates/2026-03-01-masks", RENAME + "2026-03-01-masks.yaml"),
        ("updates/2026-03-01 Masks are back.txt", RENAME + "2026-03-01-masks-are-back.yaml"),
        ("updates/2026-03-01-masks.yaml.markdown", RENAME + "2026-03-01-masks.md"),
        ("updates/2026-03-01-masks.md.txt", RENAME + "2026-03-01-masks.md"),
        ("updates/Reunión del lunes", RENAME + "reunion-del-lunes.yaml"),
        ("updates/你好.txt", RENAME + "update.yaml"),
        ("updates/2026-03-01-masks.docx", "note: a Word document " + TEXT + "2026-03-01-masks.yaml" + OFFER),
        ("updates/2026-03-01-masks.yaml.rtf", "note: a document of TextEdit or Word " + TEXT + "2026-03-01-masks.yaml"),
        ("updates/Flyer.pdf", "note: a PDF document " + TEXT + "flyer.yaml" + OFFER),
        (
            "updates/rally.jpg",
            (
                "note: the file is no update, so it is passed over; move it to content/files, or rename it to "
                "content/updates/rally.yaml if it holds the fields of an update"
            ),
        ),
        (
            "updates/2026/2026-03-01-masks.yaml",
            "note: the file lies in a subfolder, so it is passed over; move it to content/updates/2026-03-01-masks.yaml",
        ),
        (
            "2026-03-01-masks.yaml",
            (
                "note: the file lies beside the folder updates, so it is passed over; move it to "
                "content/updates/2026-03-01-masks.yaml"
            ),
        ),
    ],
)
def test_a_file_that_is_passed_over_is_noted(tmp_path: Path, name: str, expected: str) -> None:
    """And with the name that the note gives it is an update."""
    root = make_root(tmp_path)
    path = root / name
    path.parent.mkdir(exist_ok=True)
    path.write_text("")
    (note,) = note_ignored(root, look_over(root))
    assert str(note) == f"content/{name}:1:1: {expected}"
    given = re.findall(r"content/updates/\S+\.(?:yaml|md)", expected)[0]
    path.rename(tmp_path / given)
    assert note_ignored(root, look_over(root)) == ()
    assert [*list_sources(root)] == [given]


def test_a_subfolder_is_noted_once(tmp_path: Path) -> None:
    updates = make_root(tmp_path) / "updates"
    (updates / "2026").mkdir()
    for name in ("a.yaml", "b.yaml", "c.yml", "notes.txt"):
        (updates / "2026" / name).write_text("")
    (note,) = note_ignored(updates.parent, look_over(updates.parent))
    assert note.fix == "move it to content/updates/a.yaml, and the other 2 likewise"


@pytest.mark.parametrize(
    "name",
    [
        *("a.yaml", "B.YML", ".a.txt", "#a.yaml#", "~$a.docx", "a.yaml~", ".a.yaml.swp", "a.yaml.bak", "a.yaml.orig"),
        *("README", "README.md", "readme.txt", "Thumbs.db", "desktop.ini", "update.schema.json"),
    ],
)
def test_what_programs_leave_and_what_explains_the_folder_is_not_noted(tmp_path: Path, name: str) -> None:
    updates = make_root(tmp_path) / "updates"
    (updates / name).write_text("")
    assert note_ignored(updates.parent, look_over(updates.parent)) == ()


def test_folders_without_updates_and_folders_that_cannot_be_listed_are_not_noted(tmp_path: Path) -> None:
    root = make_root(tmp_path)
    (root / "updates" / "old").mkdir()
    assert note_ignored(root, look_over(root)) == ()
    assert note_ignored(tmp_path / "nowhere", Updates({}, [])) == ()


def test_a_folder_of_something_else_is_not_told_file_by_file(tmp_path: Path) -> None:
    root = make_root(tmp_path)
    for number in range(70):
        (root / "updates" / f"{number}.txt").write_text("")
    assert len(note_ignored(root, look_over(root))) == 50
