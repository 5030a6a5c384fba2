"""Several people, their sync folders and their telephones' editors in one folder: all is named, and nothing is lost."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from feedsvc import Settings, load_content
from feedsvc.content.folder import look_over
from feedsvc.content.ignored_files import note_ignored
from feedsvc.content.source import Content
from tests.harness.folder import write_folder, write_update

SETTINGS = Settings(publication=Path("publication.db"))
STEM = "2026-02-01-update-1"
YAML = f"{STEM}.yaml"
COPIES = {
    "Dropbox": (
        *("{} (conflicted copy)", "{} (Ana's conflicted copy 2026-03-01)", "{} (Ana's conflicted copy 2026-03-01 (1))"),
        *("{} (Copia en conflicto de Ana 2026-03-01)", "{} (Case Conflict)", "{} (Unicode Encoding Conflict)"),
    ),
    "OneDrive": ("{}-DESKTOP-4F2A", "{}-Ana's MacBook Pro", "{}-Ana-PC", "{}-NURSE01", "{}-LAPTOP-7Q 2"),
    "Syncthing": ("{}.sync-conflict-20260301-101500-ABCDEFG", "{}.sync-conflict-20260301-101500"),
    "iCloud": ("{} 2", "{} 12"),
    "Google Drive": ("{} (1)", "{}(1)", "{}_conf(1)", "Copy of {}", "Copia de {}"),
    "Nextcloud": ("{} (conflicted copy 2026-03-01 101500)", "{}_conflict-20260301-101500"),
    "others": ("{} (ana@x.example conflict)", "{} [conflicted]", "{}.Conflict", "{}.yaml", "{}.yml"),
    "file managers": (
        "{} copy",
        "{} copy 2",
        "{} - Copy",
        "{} - Copy (2)",
        "{} copia 2",
        "{} - copia",
        "{} \u2013 copy",
    ),
    "Git": ("{}_LOCAL_4711", "{}_BACKUP_4711", "{}_REMOTE_4711"),
}
KNOWN_WITHOUT = [COPIES[name][0] for name in ("Dropbox", "OneDrive", "Syncthing", "iCloud", "Google Drive")]


def read(root: Path) -> Content:
    return load_content(root, SETTINGS, datetime(2026, 3, 1, tzinfo=UTC))


@pytest.mark.parametrize(("program", "copy"), [(name, copy) for name, copies in COPIES.items() for copy in copies])
@pytest.mark.parametrize("ending", [".yaml", ".md"])
def test_a_copy_that_a_program_made_is_named_and_the_update_stays(
    program: str, copy: str, ending: str, tmp_path: Path
) -> None:
    root, name = write_folder(tmp_path / "content"), copy.format(STEM) + ending
    text = write_update(root, 1).read_text()
    if ending == ".md":
        text = f"---\n{text.partition('body:')[0]}---\nThe text.\n"
    (root / "updates" / name).write_text(text)
    found = read(root)
    (problem,) = found.problems
    assert problem.file == f"content/updates/{name}", program
    assert problem.message.startswith(f"by its name, this is a copy of {STEM}, as programs make them")
    assert problem.fix.startswith(f"write into {STEM} what only this copy says, and delete the copy; if it is none, ")
    assert [loaded.source for loaded in found.entries.values()] == [f"content/updates/{YAML}"]


@pytest.mark.parametrize("copy", KNOWN_WITHOUT)
def test_a_copy_is_known_as_one_when_only_it_is_left(copy: str, tmp_path: Path) -> None:
    root = write_folder(tmp_path / "content")
    write_update(root, 1).rename(root / "updates" / f"{copy.format(STEM)}.yaml")
    (problem,) = read(root).problems
    assert f"a copy of {STEM}, as programs make them" in problem.message
    assert problem.message.endswith("and the file that it is a copy of is not there")
    assert problem.fix.startswith("rename it with lower-case letters, digits and hyphens"), "nothing to join it to"


@pytest.mark.parametrize("name", ["2026-02-01-Masks", "2026-02-01-masks are back", "2026-02-01-other (final) x"])
def test_a_name_that_somebody_typed_is_no_copy(name: str, tmp_path: Path) -> None:
    root = write_folder(tmp_path / "content", 1)
    write_update(root, 2).rename(root / "updates" / f"{name}.yaml")
    (problem,) = read(root).problems
    assert problem.message.startswith("the file's name gives the address")


@pytest.mark.parametrize(
    "name",
    [
        *(f"{YAML}.txt", f"{STEM}.txt", f"{STEM}.md.txt", f"{YAML} (1)", f"{YAML} 2", f"{YAML}.mine", f"{YAML}.r12"),
        *(f"{YAML}_conflict", f"{STEM}.docx", f"{STEM}.rtf"),
    ],
)
def test_a_second_file_of_another_kind_is_joined_before_it_is_deleted(name: str, tmp_path: Path) -> None:
    root = write_folder(tmp_path / "content", 1)
    (root / "updates" / name).write_text("title: A newer title\n")
    (note,) = note_ignored(root, look_over(root))
    assert note.message == f"the file is passed over: beside {YAML}, it is none or a copy"
    assert note.fix.startswith(f"write into content/updates/{YAML} what only this copy says, and delete the copy")
    assert len(read(root).entries) == 1


def test_a_copy_under_a_name_of_its_own_is_noted_as_what_it_is(tmp_path: Path) -> None:
    root = write_folder(tmp_path / "content", 1)
    text = (root / "updates" / YAML).read_text()
    (root / "updates" / f"{STEM}b.yaml").write_text(text)
    (root / "updates" / f"{STEM}c.yaml").write_text(text.replace("Update number 1", "Another"))
    copied, dated = read(root).notes
    assert str(copied).startswith(
        f"content/updates/{STEM}b.yaml:2:12: note: published: content/updates/{YAML} has the same title, date and "
        "time, as a copy has that a program made; delete one of the two, or write published: 2026-02-01 08:02"
    )
    assert "has the same date and time, and some readers" in str(dated)


TEXT = """\
title: Masks are back
published: 2026-02-01 09:00
categories: [covid]
summary: From Monday.
body: |
  Wear a mask.

  - On every ward
"""
CONFLICT = "<<<<<<< HEAD\nsummary: From Monday.\n=======\nsummary: From Tuesday.\n>>>>>>> ana\n"
WRONG_KIND = "save it as plain text with the encoding UTF-8"


@pytest.mark.parametrize(
    "octets",
    [
        TEXT.encode(),
        TEXT.replace("\n", "\r\n").encode(),
        TEXT.replace("\n", "\r").encode(),
        b"\xef\xbb\xbf" + TEXT.encode(),
        TEXT.rstrip("\n").encode(),
        TEXT.replace("\n", "  \n").encode(),
        f"\n\n{TEXT}".encode(),
        TEXT.replace("title: ", "title:\t").encode(),
        TEXT.replace("title: ", "title : ").encode(),
        TEXT.replace("01 09", "01\u00a009").encode(),
    ],
)
def test_what_an_editor_did_to_lines_and_spaces_is_read_as_it_was_meant(octets: bytes, tmp_path: Path) -> None:
    root = write_folder(tmp_path / "content")
    (root / "updates" / "2026-02-01-masks.yaml").write_bytes(octets)
    found = read(root)
    (loaded,) = found.entries.values()
    assert (found.problems, loaded.entry.title, loaded.entry.published.hour) == ((), "Masks are back", 17)
    assert "<li>On every ward</li>" in loaded.entry.content_html


@pytest.mark.parametrize(
    ("octets", "place", "said"),
    [
        (TEXT.encode("utf-16"), "1:1", f"the file is saved as UTF-16, as Notepad and Excel do {{}}{WRONG_KIND}"),
        (
            TEXT.encode("utf-16-le"),
            "1:1",
            f"the file is saved as UTF-16, as Notepad and PowerShell do {{}}{WRONG_KIND}",
        ),
        (
            TEXT.replace("Mo", "Mé").encode("cp1252"),
            "4:16",
            "the file is not saved as UTF-8 (byte 0xe9); save it with ",
        ),
        (
            bytes(500),
            "1:1",
            "the file holds nothing but zeros, as a crash or a sync folder leaves it; take an earlier ",
        ),
        (b"", "1:1", "the file is empty; write fields such as title"),
        (TEXT.partition("summary")[0].encode(), "1:1", "body: the field is missing; add a line body: |"),
        (
            TEXT.replace("Masks are", "\u201cCOVID: masks\u201d").encode(),
            "1:14",
            "title: a colon in text without quotes",
        ),
        (
            TEXT.replace("title: ", "title:\u00a0").encode(),
            "1:1",
            "a no-break space stands behind the colon; write title",
        ),
        (
            TEXT.replace("title: ", "title\uff1a").encode(),
            "1:1",
            "a full-width colon stands behind the name; write title",
        ),
        (
            TEXT.replace("  Wear", "\u00a0\u00a0Wear").encode(),
            "6:1",
            "no-break spaces, as web pages and Word have them",
        ),
        (TEXT.replace("  Wear", "\tWear").encode(), "6:1", "a tab stands where spaces are expected; write two spaces"),
        (TEXT.replace("title", "Title").encode(), "1:1", "Title: unknown field 'Title'; did you mean 'title'?"),
        (
            TEXT.replace("summary: From Monday.\n", CONFLICT).encode(),
            "4:1",
            "version control could not join two versions",
        ),
    ],
)
def test_what_an_editor_did_to_the_file_itself_is_named_where_it_stands(
    octets: bytes, place: str, said: str, tmp_path: Path
) -> None:
    root = write_folder(tmp_path / "content")
    (root / "updates" / "2026-02-01-masks.yaml").write_bytes(octets)
    problem = min(read(root).problems)
    begin, _, end = said.partition("{}")
    assert str(problem).startswith(f"content/updates/2026-02-01-masks.yaml:{place}: {begin}")
    assert str(problem).partition("\n")[0].endswith(end if "{}" in said else "")
