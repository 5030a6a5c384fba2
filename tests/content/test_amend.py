"""Corrections and withdrawals that a command writes into the file of an update."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from feedsvc.content.amend import AmendError, Amendment, amend, find_update
from feedsvc.content.entry import load_entry
from feedsvc.content.files import Files
from feedsvc.content.source import LoadedEntry, Source
from tests.content.samples import NAME, SITE, entry_text, make_root

NOON = datetime(2026, 3, 5, 17, tzinfo=UTC)
CORRECTION = Amendment(text='Room 4: not "3" # yet', instant=NOON)
WITHDRAWAL = Amendment(text="The employer took it back.", instant=NOON, is_withdrawal=True)
ON_ONE_LINE = "{title: T, published: 2026-03-01, categories: covid, summary: S, body: B}"
LINE = "published: 2026-03-01 09:00\n"


def write(root: Path, data: bytes, amendment: Amendment) -> bytes:
    path = root.parent / NAME
    path.write_bytes(data)
    amend(root, SITE, load_entry(Source(NAME, data), SITE, Files(root)), amendment)
    return path.read_bytes()


def test_the_lines_come_below_the_date_and_all_else_stays(tmp_path: Path) -> None:
    root, before = make_root(tmp_path), entry_text()
    corrected = before.replace(
        LINE, f"{LINE}changes:\n  - date: 2026-03-05 12:00\n    note: 'Room 4: not \"3\" # yet'\n"
    )
    assert write(root, before.encode(), CORRECTION).decode() == corrected
    later = Amendment(text="Hall B.", instant=NOON.replace(hour=18))
    again = corrected.replace("changes:\n", 'changes:\n  - date: 2026-03-05 13:00\n    note: "Hall B."\n')
    assert write(root, corrected.encode(), later).decode() == again
    withdrawn = f'{LINE}withdrawn: 2026-03-05 12:00\nreason: "The employer took it back."\n'
    assert write(root, again.encode(), WITHDRAWAL).decode() == again.replace(LINE, withdrawn)


@pytest.mark.parametrize("indent", ["", "    "])
def test_items_are_indented_as_those_that_are_there(indent: str, tmp_path: Path) -> None:
    before = entry_text(changes=f"# ours\n{indent}- date: 2026-03-02\n{indent}  note: a").encode()
    after = write(make_root(tmp_path), before, CORRECTION)
    assert f"changes: # ours\n{indent}- date: 2026-03-05 12:00\n{indent}  note: 'Room" in after.decode()


def test_windows_line_ends_and_a_mark_at_the_beginning_stay(tmp_path: Path) -> None:
    before = b"\xef\xbb\xbf" + entry_text().replace("\n", "\r\n").encode()
    after = write(make_root(tmp_path), before, WITHDRAWAL)
    assert after.replace(b'withdrawn: 2026-03-05 12:00\r\nreason: "The employer took it back."\r\n', b"") == before


def test_a_file_may_end_with_the_date(tmp_path: Path) -> None:
    before = entry_text(published=None, title="A").rstrip() + "\npublished: 2026-03-01"
    assert write(make_root(tmp_path), before.encode(), WITHDRAWAL).startswith(f"{before}\nwithdrawn: ".encode())


@pytest.mark.parametrize(
    ("before", "amendment", "message"),
    [
        (entry_text(withdrawn="2026-03-02", reason="a"), WITHDRAWAL, "withdrawn: the field stands here twice"),
        (entry_text(changes="[{date: 2026-03-02, note: a}]"), CORRECTION, "changes: the field stands here twice"),
        (entry_text(), Amendment(text="a" * 281, instant=NOON), "the text has 281 characters, the limit is 280"),
        (ON_ONE_LINE, CORRECTION, "no line of the file begins with published"),
    ],
)
def test_nothing_is_written_that_could_not_be_read(
    before: str, amendment: Amendment, message: str, tmp_path: Path
) -> None:
    root = make_root(tmp_path)
    with pytest.raises(AmendError, match="by hand") as refused:
        write(root, before.encode(), amendment)
    assert message in str(refused.value)
    assert (root.parent / NAME).read_text() == before


def test_an_update_is_found_by_slug_and_by_file(tmp_path: Path) -> None:
    loaded = load_entry(Source(NAME, entry_text(slug="masks").encode()), SITE, Files(make_root(tmp_path)))
    for wanted in ("masks", NAME, "2026-03-01-masks-are-back"):
        assert find_update({NAME: loaded}, wanted) is loaded
    with pytest.raises(AmendError, match="did you mean 'masks'"):
        find_update({NAME: loaded}, "maks")
    with pytest.raises(AmendError, match="write the name of its file"):
        find_update({NAME: loaded}, "?")


def test_what_somebody_else_wrote_meanwhile_is_not_written_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root, theirs = make_root(tmp_path), entry_text(title="Theirs")

    def look_at_it(*given: Any) -> LoadedEntry:  # in which time a colleague saves
        loaded = load_entry(*given)
        (root.parent / NAME).write_text(theirs)
        return loaded

    monkeypatch.setattr("feedsvc.content.amend.load_entry", look_at_it)
    with pytest.raises(AmendError, match="just now; look at it, then run this again"):
        write(root, entry_text().encode(), CORRECTION)
    assert (root.parent / NAME).read_text() == theirs
