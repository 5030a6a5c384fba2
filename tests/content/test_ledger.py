"""The ledger's file: what can be read of it, how it is written, and that version control merges it."""

import os
import subprocess
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import pytest

from feedsvc.content.folder import UnsettledError
from feedsvc.content.ledger import LEDGER, Line, read_ledger, record
from feedsvc.content.loader import load_content
from feedsvc.errors import ContentError
from feedsvc.settings import Settings
from tests.content.samples import entry_text, make_root
from tests.harness.program import ROOT

TAG = "tag:news.example.org,2026:entry/"
NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
AS_OF = datetime(2026, 6, 1, tzinfo=UTC)
FIRST = f"2026-03-01T12:00:00Z {TAG}2026-03-01-masks masks"
SECOND = f"2026-03-02T12:00:00Z {TAG}2026-03-02-pay pay"


def write_ledger(root: Path, data: bytes | str) -> Path:
    path = root / LEDGER
    path.write_bytes(data if isinstance(data, bytes) else data.encode())
    return path


def add_update(root: Path, stem: str, **changes: str) -> None:
    (root / "updates" / f"{stem}.yaml").write_text(entry_text(**changes))


def record_all(root: Path) -> int:
    content = load_content(root, Settings(), AS_OF)
    assert not content.problems
    return record(root, content.entries.values(), AS_OF)


def test_a_line_is_instant_id_and_address(tmp_path: Path) -> None:
    root = make_root(tmp_path)
    write_ledger(root, f"{FIRST}\n")
    ledger = read_ledger(root)
    assert ledger.lines == (Line(NOON, f"{TAG}2026-03-01-masks", "masks"),)
    assert ledger.lines[0].instant.tzinfo is UTC
    assert (ledger.problems, ledger.notes) == ((), ())
    assert ledger.by_id == {f"{TAG}2026-03-01-masks": ledger.lines[0]}
    assert ledger.holders.get("masks") == f"{TAG}2026-03-01-masks"
    assert ledger.holders.get("pay") is None
    assert [str(line) for line in ledger.lines] == [FIRST]


def test_no_ledger_is_an_empty_one(tmp_path: Path) -> None:
    assert read_ledger(make_root(tmp_path)).lines == ()
    assert read_ledger(tmp_path / "nowhere").problems == ()


def test_order_and_repetition_mean_nothing(tmp_path: Path) -> None:
    """As a merge leaves them."""
    root = make_root(tmp_path)
    write_ledger(root, f"{SECOND}\n\n{FIRST}\n  {SECOND}  \n{SECOND.replace(' ', chr(9))}")
    ledger = read_ledger(root)
    assert [str(line) for line in ledger.lines] == [FIRST, SECOND]
    assert [line.number for line in ledger.lines] == [3, 1]
    assert (ledger.problems, ledger.notes) == ((), ())


def test_of_several_lines_the_earliest_tells_who_was_first(tmp_path: Path) -> None:
    root = make_root(tmp_path)
    later = f"2026-03-05T12:00:00Z {TAG}2026-03-01-masks masks-again"
    thief = f"2026-03-09T12:00:00Z {TAG}thief masks"
    write_ledger(root, f"{thief}\n{later}\n{FIRST}\n")
    ledger = read_ledger(root)
    assert ledger.by_id[f"{TAG}2026-03-01-masks"].instant == NOON
    assert ledger.addresses[f"{TAG}2026-03-01-masks"] == ("masks", "masks-again")
    assert ledger.holders.get("masks") == f"{TAG}2026-03-01-masks"
    assert "tag:none" not in ledger.addresses


ODD = [
    (b"<<<<<<< ours", "this mark was left by a merge; delete the line"),
    (b"=======", "this mark was left by a merge; delete the line"),
    (b">>>>>>> 1a2b3c", "this mark was left by a merge; delete the line"),
    (b"||||||| base", "this mark was left by a merge; delete the line"),
    (b"caf\xe9", "3:4: the line is not saved as UTF-8 (byte 0xe9); write it like 2026-"),
    (b"a\0b", "3:2: the control character U+0000 cannot stand here; delete it"),
    ("a\u200eb".encode(), "3:2: the control character U+200E cannot stand here; delete it"),
    (b"# a remark", "this is no line of the ledger; write instant, id and address, such as 2026-"),
    (SECOND.encode() + b" gone", "this is no line of the ledger"),
    (SECOND.encode().replace(b"T12", b" 12"), "this is no line of the ledger"),
    (SECOND.encode().replace(b" pay", b" ../pay"), "this is no line of the ledger"),
    (SECOND.encode() + b" dates-0-12345678 gone", "this is no line of the ledger"),
    (SECOND.encode() + b" dates-1-123", "this is no line of the ledger"),
    (SECOND.encode() + b" deleted dates-0-12345678", "this is no line of the ledger"),
    (SECOND.encode().replace(b"-02T", b"-32T"), "no update can have the instant 2026-03-32T12:00:00Z; correct it"),
    (SECOND.encode().replace(b"2026-03-02T", b"0001-01-01T"), "no update can have the instant 0001-01-01T12:00:00Z"),
]


@pytest.mark.parametrize(("line", "message"), ODD)
def test_a_bad_line_is_named_and_the_others_count(tmp_path: Path, line: bytes, message: str) -> None:
    root = make_root(tmp_path)
    before = b"%s\n\n%s\n%s\n" % (FIRST.encode(), line, SECOND.encode())
    path = write_ledger(root, before)
    ledger = read_ledger(root)
    assert [str(each) for each in ledger.lines] == [FIRST, SECOND]
    (problem,) = ledger.problems
    assert str(problem).startswith("content/ledger.txt:3:")
    assert message in str(problem)
    with pytest.raises(ContentError, match=r"content/ledger\.txt:3:"):
        record(root, [], AS_OF)
    assert path.read_bytes() == before


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (FIRST.encode("utf-16"), "1:1: the file is saved as UTF-16; save it with the encoding UTF-8"),
        (bytes(range(256)) * 40, "1:1: the control character U+0000 cannot stand here"),
    ],
)
def test_a_file_of_another_kind_is_told_in_few_words(tmp_path: Path, data: bytes, message: str) -> None:
    root = make_root(tmp_path)
    write_ledger(root, data)
    ledger = read_ledger(root)
    assert ledger.lines == ()
    assert 1 <= len(ledger.problems) <= 20
    assert str(ledger.problems[0]).startswith(f"content/ledger.txt:{message}")


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (f"{FIRST}\n{SECOND}\r\n", "2:1: lines end with CR, as Windows writes them"),
        (f"{FIRST}\r{SECOND}\r", "1:1: lines end with CR, as Windows writes them"),
        (f"\ufeff{FIRST}\n{SECOND}\n", "1:1: the file begins with a byte order mark"),
    ],
)
def test_how_a_program_saved_it_loses_no_line_and_a_recording_mends_it(tmp_path: Path, data: str, message: str) -> None:
    root = make_root(tmp_path)
    path = write_ledger(root, data)
    ledger = read_ledger(root)
    assert [str(line) for line in ledger.lines] == [FIRST, SECOND]
    assert [str(note) for note in ledger.notes] == [
        f"content/ledger.txt:{message}; run: feedsvc check --record, which writes the file anew"
    ]
    assert record(root, [], AS_OF) == 0
    assert path.read_text() == f"{FIRST}\n{SECOND}\n"


def make_sparse(path: Path) -> None:
    """A file of a terabyte that takes no room."""
    path.touch()
    os.truncate(path, 1 << 40)


def test_what_is_no_file_is_named(tmp_path: Path) -> None:
    root = make_root(tmp_path)
    path = root / LEDGER
    makers: list[tuple[Callable[[], object], str]] = [
        (path.mkdir, "this is not a regular file"),
        (partial(os.mkfifo, path), "this is not a regular file"),
        (partial(path.symlink_to, "/etc/hostname"), "the link leads out of its folder"),
        (partial(path.symlink_to, "nowhere"), "the file cannot be read (No such file or directory)"),
        (partial(make_sparse, path), "the file has 1099511627776 bytes"),
    ]
    for make, what in makers:
        make()
        (problem,) = read_ledger(root).problems
        assert str(problem).startswith(f"content/ledger.txt:1:1: {what}")
        assert problem.fix.startswith("put the last good file in its place")
        if path.is_dir():
            path.rmdir()
        else:
            path.unlink()


def read_until_unsettled(root: Path) -> None:
    while True:
        read_ledger(root)


def test_a_ledger_that_is_just_being_written_is_read_again(tmp_path: Path) -> None:
    root = make_root(tmp_path)
    path = write_ledger(root, f"{FIRST}\n" * 4_000)
    done = threading.Event()

    def write() -> None:
        with path.open("r+b", buffering=0) as file:
            while not done.is_set():
                file.seek(0)
                file.write(b"2")

    writer = threading.Thread(target=write)
    writer.start()
    what = "content/ledger.txt:1:1: ledger.txt changed while it was being read; load again when it is written"
    found: set[str] = set()
    try:
        with pytest.raises(UnsettledError):
            read_until_unsettled(root)
        while what not in found:
            found = {str(problem) for problem in load_content(root, Settings()).problems}
    finally:
        done.set()
        writer.join()
    assert found == {what}


def test_a_recording_holds_what_is_public_and_nothing_else(tmp_path: Path) -> None:
    root = make_root(tmp_path)
    add_update(root, "2026-03-01-masks", published="2026-03-01 07:00")
    add_update(root, "2026-03-02-pay", published="2026-03-02 07:00", slug="raise", id="pay")
    add_update(root, "2026-03-03-expired", published="2026-03-03 07:00", expires="2026-03-04")
    add_update(root, "2026-03-04-secret-draft", published="2026-03-04 07:00", draft="true")
    add_update(root, "2026-08-01-secret-strike-vote", published="2026-08-01 07:00")
    assert record_all(root) == 3
    assert (root / LEDGER).read_bytes().decode() == (
        f"2026-03-01T12:00:00Z {TAG}2026-03-01-masks masks\n"
        f"2026-03-02T12:00:00Z {TAG}pay raise\n"
        f"2026-03-03T12:00:00Z {TAG}2026-03-03-expired expired\n"
    )
    assert record_all(root) == 0


def test_a_recording_removes_no_line_and_keeps_the_mode(tmp_path: Path) -> None:
    root = make_root(tmp_path)
    path = write_ledger(root, f"{SECOND} deleted\n{FIRST} deleted\n")
    path.chmod(0o664)
    add_update(root, "2026-02-01-early", published="2026-02-01 07:00")
    assert record_all(root) == 1
    early = f"2026-02-01T12:00:00Z {TAG}2026-02-01-early early"
    assert path.read_text() == f"{early}\n{FIRST} deleted\n{SECOND} deleted\n"
    assert path.stat().st_mode & 0o777 == 0o664
    assert sorted(each.name for each in root.iterdir()) == ["files", LEDGER, "site.yaml", "updates"]


def test_a_recording_that_fails_leaves_the_old_file(tmp_path: Path) -> None:
    root = make_root(tmp_path)
    path = write_ledger(root, f"{FIRST}\r\n")
    (root / f".{LEDGER}.{os.getpid()}.tmp").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(OSError, match="symbolic links"):
        record(root, [], AS_OF)
    assert path.read_bytes() == f"{FIRST}\r\n".encode()
    assert not (tmp_path / "elsewhere").exists()


def test_a_ledger_behind_a_link_stays_there(tmp_path: Path) -> None:
    root = make_root(tmp_path)
    (root / "files" / "kept.txt").write_text(f"{FIRST}\n")
    (root / LEDGER).symlink_to("files/kept.txt")
    add_update(root, "2026-03-01-masks", published="2026-03-01 07:00")
    add_update(root, "2026-03-02-pay", published="2026-03-02 07:00")
    assert record_all(root) == 1
    assert (root / LEDGER).is_symlink()
    assert (root / "files" / "kept.txt").read_text() == f"{FIRST}\n{SECOND}\n"


def test_updates_of_one_date_are_recorded_as_they_are_told(tmp_path: Path) -> None:
    root = make_root(tmp_path)
    for name in ("c", "a", "b"):
        add_update(root, name, published="2026-03-01 07:00")
    record_all(root)
    instants = {line.id.removeprefix(TAG): line.instant for line in read_ledger(root).lines}
    assert instants == {"a": NOON, "b": NOON + timedelta(seconds=1), "c": NOON + timedelta(seconds=2)}
    add_update(root, "0-first-by-name", published="2026-03-01 07:00")
    assert record_all(root) == 1
    assert read_ledger(root).lines[-1] == Line(NOON + timedelta(seconds=3), f"{TAG}0-first-by-name", "0-first-by-name")


def git(folder: Path, *arguments: str) -> str:
    command = ["git", "-c", "user.name=A", "-c", "user.email=a@example.org", "-c", "core.autocrlf=false", *arguments]
    return subprocess.run(command, cwd=folder, check=True, capture_output=True, text=True).stdout


def test_git_merges_what_two_branches_recorded(tmp_path: Path) -> None:
    """Both append at the same place, one of them in the middle too, and one says that an update is gone."""
    root = make_root(tmp_path)
    (tmp_path / ".gitattributes").write_text((ROOT / ".gitattributes").read_text())
    write_ledger(root, f"{FIRST}\n{SECOND}\n")
    git(tmp_path, "init", "--quiet", "--initial-branch", "main")
    git(tmp_path, "add", "--all")
    git(tmp_path, "commit", "--quiet", "--message", "begin")
    for branch, more in (("ours", [f"{SECOND} deleted"]), ("theirs", [SECOND])):
        git(tmp_path, "checkout", "--quiet", "-b", branch, "main")
        own = [f"2026-03-{day:02}T12:00:00Z {TAG}{branch}-{day} {branch}-{day}" for day in (1, 3, 5)]
        both = f"2026-03-04T12:00:00Z {TAG}both both"
        write_ledger(root, "".join(f"{line}\n" for line in sorted([FIRST, *more, *own, both])))
        git(tmp_path, "commit", "--quiet", "--all", "--message", branch)
    git(tmp_path, "merge", "--quiet", "--no-edit", "ours")
    assert git(tmp_path, "status", "--porcelain") == ""
    ledger = read_ledger(root)
    assert ledger.problems == ()
    assert {line.address for line in ledger.lines} == {
        *("masks", "pay", "both"),
        *(f"{branch}-{day}" for branch in ("ours", "theirs") for day in (1, 3, 5)),
    }
    assert ledger.deleted == {f"{TAG}2026-03-02-pay"}
    assert record(root, [], AS_OF) == 0
    lines = (root / LEDGER).read_text().splitlines()
    assert lines == sorted(set(lines))


def test_a_long_ledger_is_read_quickly(tmp_path: Path) -> None:
    root = make_root(tmp_path)
    write_ledger(
        root,
        "".join(
            f"{NOON + timedelta(minutes=number):%Y-%m-%dT%H:%M:%SZ} {TAG}update-{number} update-{number}\n"
            for number in range(100_000)
        ),
    )
    began = time.process_time()
    ledger = read_ledger(root)
    assert time.process_time() - began < 10  # seconds of a slow machine
    assert len(ledger.by_id) == 100_000


def test_lines_of_another_site_hold_nothing_here(tmp_path: Path) -> None:
    root = make_root(tmp_path)
    other = "2026-01-01T12:00:00Z tag:else.example.org,2020:entry/masks masks"
    write_ledger(root, f"{other}\n{FIRST}\n")
    ledger = read_ledger(root).under("news.example.org,2026")
    assert [str(line) for line in ledger.lines] == [FIRST]
    assert ledger.lines[0].number == 2
    assert ledger.holders.get("masks") == f"{TAG}2026-03-01-masks"
