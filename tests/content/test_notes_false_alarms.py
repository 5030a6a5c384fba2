"""What is written well is not noted: two hundred updates as people write them, and those that are shipped.

``real_updates`` holds them by where they come from (a word processor, mail, a PDF, a telephone). Each begins with a
line ``=== date time language``; then come a title, a summary, and the text.
"""

from pathlib import Path

import pytest

from feedsvc.content.entry import load_entry
from feedsvc.content.files import Files
from feedsvc.content.loader import load_content
from feedsvc.content.source import LoadedEntry, Source
from feedsvc.content.value_errors import in_quotes
from feedsvc.settings import Settings
from tests.content.samples import SITE
from tests.harness.folder import SHIPPED

ORIGINS = sorted((Path(__file__).parent / "real_updates").glob("*.txt"))


def load_real(block: str, number: int) -> LoadedEntry:
    """One of the updates, as a file."""
    head, title, summary, _, body = block.split("\n", 4)
    day, time, lang = head.split()
    indented = "".join(f"  {line}\n" if line else "\n" for line in body.split("\n"))
    text = (
        f"title: {in_quotes(title)}\npublished: {day} {time}\nlang: {lang}\ncategories: [covid]\n"
        f"summary: {in_quotes(summary)}\nbody: |\n{indented}"
    )
    return load_entry(
        Source(f"content/updates/{day}-update-{number}.yaml", text.encode()), SITE, Files(Path("/nowhere"))
    )


@pytest.mark.parametrize("origin", ORIGINS, ids=lambda path: path.stem)
def test_real_updates_are_not_noted(origin: Path) -> None:
    blocks = origin.read_text().removeprefix("=== ").split("\n=== ")
    assert len(blocks) == 50
    notes = [note for number, block in enumerate(blocks) for note in load_real(block, number).notes if not note.unless]
    assert [note.shown() for note in notes] == []


def test_shipped_updates_are_not_noted() -> None:
    content = load_content(SHIPPED, Settings(content=SHIPPED))
    assert [note for loaded in content.entries.values() for note in loaded.notes if not note.unless] == []
