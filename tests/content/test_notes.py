"""Each kind of slip that is published otherwise than meant has a note of its own, in plain language.

``noted.txt`` is the table. A case begins with ``=== `` and its name, or with a field and its value, below which
``@body`` may say the text. A line that begins with ``=> `` is a note as a person reads it, without the file's name.
"""

import re
import time
from pathlib import Path

import pytest

from tests.content.samples import entry_text, load, make_root, png

TABLE = Path(__file__).with_name("noted.txt")
CASES = {case.split("\n", 1)[0]: case for case in TABLE.read_text().removeprefix("=== ").split("\n=== ")}


def read_case(name: str) -> tuple[str, list[str]]:
    """The file of a case, and its notes."""
    lines = CASES[name].split("\n")[1:]
    expected = [line.removeprefix("=> ") for line in lines if line.startswith("=> ")]
    body = [line for line in lines if not line.startswith("=> ") and line != "@body"]
    changes: dict[str, str | None] = {}
    if name.startswith("@"):
        field, value = name[1:].split(": ", 1)
        changes[field] = "\n".join([value, *(body if "@body" not in lines else [])]).rstrip("\n")
    if not name.startswith("@") or "@body" in lines:
        changes["body"] = "|\n" + "".join(f"  {line}\n" if line else "\n" for line in body)
    return entry_text(**changes), expected


def make_files(folder: Path) -> Path:
    root = make_root(folder)
    (root / "files" / "empty.pdf").write_bytes(b"")
    (root / "files" / "told.pdf").write_bytes(b"%PDF-1.4 /Author (Jane)")
    (root / "files" / "rally photo.png").write_bytes(png(40, 30))
    return root


def notes_of(text: str, root: Path) -> list[str]:
    return [re.sub(r"^content/\S+?yaml:", "", str(note)) for note in load(text, root).notes]


@pytest.mark.parametrize("name", CASES)
def test_slip_is_noted_where_it_stands(name: str, tmp_path: Path) -> None:
    """All notes of the file, each with line, column, field, what readers see and what to write instead."""
    text, expected = read_case(name)
    assert expected
    assert notes_of(text, make_files(tmp_path)) == expected


def test_the_table_is_long() -> None:
    assert len(CASES) > 100


@pytest.mark.parametrize(
    "slip",
    [
        *("[a](b c) ", "[a] (/b) ", "** a ", "• a\n", "a\tb\n", "Friday, March 5. ", "[a](/b) ", "<u> ", "{{", "[[a|"),
        "%%a ",
    ],
)
def test_a_text_of_slips_alone_is_told_in_few_words_and_soon(slip: str, tmp_path: Path) -> None:
    start = time.process_time()
    body = "".join(f"  {line}\n" for line in (slip * 2000).split("\n"))
    assert len(notes_of(entry_text(body=f"|\n{body}"), make_root(tmp_path))) <= 60
    assert time.process_time() - start < 4  # seconds of a slow machine
