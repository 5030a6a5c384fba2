"""The content against its ledger: what is named, with which line to write, and that writing it ends it."""

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

from feedsvc.content.ledger import LEDGER, read_ledger, record
from feedsvc.content.ledger_check import LedgerCheck
from feedsvc.content.loader import load_content
from feedsvc.content.source import Content
from feedsvc.settings import Settings
from tests.content.samples import entry_text, make_root

TAG = "tag:news.example.org,2026:entry/"
AS_OF = datetime(2026, 6, 1, 16, 30, 59, 7, tzinfo=UTC)
MASKS, PAY = "2026-03-01-masks", "2026-03-02-pay"
MASKS_LINE = f"2026-03-01T14:00:00Z {TAG}{MASKS} masks"
PAY_LINE = f"2026-03-02T14:00:00Z {TAG}{PAY} pay"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Two updates that were published and recorded."""
    root = make_root(tmp_path)
    write(root, MASKS)
    write(root, PAY, published="2026-03-02 09:00")
    assert record(root, look(root).entries.values(), AS_OF) == 2
    assert (root / LEDGER).read_text() == f"{MASKS_LINE}\n{PAY_LINE}\n"
    return root


def write(root: Path, stem: str, **fields: str | None) -> Path:
    path = root / "updates" / f"{stem}.yaml"
    path.write_text(entry_text(**fields))
    return path


def look(root: Path) -> Content:
    return load_content(root, Settings(), AS_OF)


def problems(root: Path) -> list[str]:
    return [str(problem) for problem in look(root).problems]


def notes(root: Path) -> list[str]:
    content = look(root)
    assert content.problems == ()
    return [str(note).replace(" note: ", " ", 1) for note in content.notes]


def test_what_is_as_recorded_gives_nothing_to_say(root: Path) -> None:
    assert (problems(root), notes(root)) == ([], [])
    assert load_content(root, Settings()).problems == ()


def test_a_deleted_file_is_named_until_its_line_says_so(root: Path) -> None:
    (root / "updates" / f"{MASKS}.yaml").unlink()
    fix = f"put its file back; if it is to be gone, write here: {MASKS_LINE} deleted"
    assert problems(root) == [f"content/ledger.txt:1:1: no file has the id {TAG}{MASKS} any more; {fix}"]
    assert look(root).problems[0].excerpt == MASKS_LINE
    (root / LEDGER).write_text(f"{PAY_LINE}\n{MASKS_LINE} deleted\n{MASKS_LINE}\n")
    assert problems(root) == []
    write(root, MASKS)
    assert notes(root) == [
        (
            f"content/ledger.txt:2:1: content/updates/{MASKS}.yaml has this id, so it is not deleted;"
            f" write here: {MASKS_LINE}"
        )
    ]
    (root / LEDGER).write_text(f"{PAY_LINE}\n{MASKS_LINE}\n")
    assert notes(root) == []


def test_a_file_with_a_mistake_is_not_deleted(root: Path) -> None:
    write(root, MASKS, title="COVID: masks")
    assert [problem.field for problem in look(root).problems] == ["title"]
    (root / "updates" / f"{MASKS}.yaml").rename(root / "updates" / "renamed.yaml")
    assert len(problems(root)) == 2
    write(root, "renamed", title="COVID: masks", id=f'"{MASKS}"')
    assert [problem.field for problem in look(root).problems] == ["title"]
    (root / "updates" / "renamed.yaml").chmod(0)
    (root / "updates" / "renamed.yaml").unlink()
    (root / "updates" / f"{MASKS}.yaml").symlink_to("/dev/zero")
    assert [problem.file for problem in look(root).problems] == [f"content/updates/{MASKS}.yaml"]


@pytest.mark.parametrize(
    ("stem", "what", "lines"),
    [
        (
            "2026-03-01-masks-on-all-wards",
            (
                f"1:1: id: it has the date of {TAG}{MASKS}, whose file is gone; write the lines id: {MASKS} and"
                " slug: masks if it is that update under another file name; if not, write into content/ledger.txt:"
                f" {MASKS_LINE} deleted"
            ),
            {"id": MASKS, "slug": "masks"},
        ),
        (
            "2026-03-09-masks",
            (
                f"1:1: slug: the slug 'masks' belongs to {TAG}{MASKS}, as ledger.txt says;"
                f" write id: {MASKS} if this is that update, else a line such as slug: masks-2"
            ),
            {"id": MASKS},
        ),
    ],
)
def test_a_renamed_file_is_named_once_and_the_lines_mend_it(
    root: Path, stem: str, what: str, lines: dict[str, str]
) -> None:
    (root / "updates" / f"{MASKS}.yaml").rename(root / "updates" / f"{stem}.yaml")
    assert problems(root) == [f"content/updates/{stem}.yaml:{what}"]
    write(root, stem, **lines)
    assert problems(root) == []


def test_one_file_alone_is_taken_for_a_renamed_one(root: Path) -> None:
    (root / "updates" / f"{MASKS}.yaml").unlink()
    write(root, "2026-03-01-more")
    write(root, "2026-03-01-yet-more")
    assert [problem.file for problem in look(root).problems] == ["content/updates/2026-03-01-more.yaml"]


def test_a_new_update_of_the_day_of_a_deleted_one_may_go_on(root: Path) -> None:
    (root / "updates" / f"{MASKS}.yaml").unlink()
    write(root, "2026-03-01-parking")
    assert "is gone; write the lines id:" in problems(root)[0]
    (root / LEDGER).write_text(f"{MASKS_LINE} deleted\n{PAY_LINE}\n")
    assert problems(root) == []


def test_a_changed_address_is_named_until_it_is_put_back_or_written_down(root: Path) -> None:
    write(root, MASKS, slug="mask-rules")
    line = f"2026-03-01T14:00:00Z {TAG}{MASKS} mask-rules"
    assert problems(root) == [
        (
            f"content/updates/{MASKS}.yaml:8:7: slug: the update was published at the address 'masks';"
            f" write slug: masks, or aliases: [masks]; if the change is meant, write into content/ledger.txt: {line}"
        )
    ]
    write(root, MASKS, slug="mask-rules", aliases="masks")
    assert problems(root) == []
    write(root, MASKS, slug="mask-rules")
    (root / LEDGER).write_text(f"{MASKS_LINE}\n{PAY_LINE}\n{line}\n")
    assert (problems(root), notes(root)) == ([], [])
    write(root, "2026-05-01-masks", published="2026-05-01 09:00")
    assert [problem.field for problem in look(root).problems] == ["slug"]


def test_an_id_used_by_another_update_is_named(root: Path) -> None:
    write(root, PAY, published="2026-05-02 09:00", id=MASKS, title="Something else")
    (root / "updates" / f"{MASKS}.yaml").unlink()
    assert problems(root)[1:] == [
        (
            f"content/updates/{PAY}.yaml:1:1: slug: the slug 'pay' belongs to {TAG}{PAY}, as ledger.txt says;"
            " write a line such as slug: pay-2"
        ),
        (
            f"content/updates/{PAY}.yaml:8:5: id: the id {TAG}{MASKS} belongs to the update of 2026-03-01 09:00 at the"
            f" address 'masks'; write id: {MASKS}-2 if this is another update, else slug: masks and"
            " published: 2026-03-01 09:00; if the change is meant, write into content/ledger.txt:"
            f" 2026-05-02T13:00:00Z {TAG}{MASKS} pay"
        ),
    ]


@pytest.mark.parametrize(
    ("fields", "note"),
    [
        (
            {"published": "2026-03-01 10:00"},
            (
                "2:12: published: it was published on 2026-03-01 09:00 and is dated anew;"
                " write published: 2026-03-01 09:00; if the change is meant, run: feedsvc check --record"
            ),
        ),
        (
            {"published": "2026-09-01 10:00"},
            (
                "2:12: published: it was published on 2026-03-01 09:00 and is dated anew and waits again;"
                " write published: 2026-03-01 09:00; if the change is meant, run: feedsvc check --record"
            ),
        ),
        (
            {"draft": "true"},
            (
                "8:8: draft: it was published on 2026-03-01 09:00 and is taken back;"
                " delete the line draft: true if it is not"
            ),
        ),
    ],
)
def test_a_changed_date_and_a_draft_are_notes(root: Path, fields: dict[str, str], note: str) -> None:
    write(root, MASKS, **fields)
    assert notes(root) == [f"content/updates/{MASKS}.yaml:{note}"]


def test_a_recording_follows_a_changed_date_and_keeps_the_old_line(root: Path) -> None:
    write(root, MASKS, published="2026-03-01 10:00")
    assert record(root, look(root).entries.values(), AS_OF) == 1
    again = f"2026-03-01T15:00:00Z {TAG}{MASKS} masks"
    assert (root / LEDGER).read_text() == f"{MASKS_LINE}\n{again}\n{PAY_LINE}\n"
    assert notes(root) == []


def test_a_new_update_dated_before_the_newest_is_a_note(root: Path) -> None:
    write(root, "2026-02-01-late", published="2026-02-01 09:00")
    assert notes(root) == [
        (
            "content/updates/2026-02-01-late.yaml:2:12: published: it is new, but dated before the newest update, so"
            " some readers never announce it; write published: 2026-06-01 12:30 if they are to"
        )
    ]
    assert load_content(root, Settings()).notes == ()
    record(root, look(root).entries.values(), AS_OF)
    assert notes(root) == []


def test_who_comes_to_a_date_and_time_that_is_taken_is_told_a_free_minute(root: Path) -> None:
    write(root, "a", published="2026-03-02 09:00", title="A")
    write(root, "b", published="2026-03-02 09:00", title="B")
    write(root, "c", published="2026-03-02 09:02")
    write(root, "d", published="2026-03-02 09:00", draft="true")
    write(root, "e", published="2026-03-01 08:00", updated="2026-03-02 09:02")
    same = "and some readers announce only one of the two"
    found = [note for note in notes(root) if "same date and time" in note]
    assert found == [
        (
            f"content/updates/a.yaml:2:12: published: content/updates/{PAY}.yaml has the same date and time, {same};"
            " write published: 2026-03-02 09:01"
        ),
        (
            f"content/updates/b.yaml:2:12: published: content/updates/{PAY}.yaml has the same date and time, {same};"
            " write published: 2026-03-02 09:04"
        ),
        (
            f"content/updates/e.yaml:8:10: updated: content/updates/c.yaml has the same date and time, {same};"
            " write updated: 2026-03-02 09:03"
        ),
    ]


def test_more_updates_of_one_minute_than_it_has_seconds_keep_what_they_were_given(tmp_path: Path) -> None:
    root = make_root(tmp_path)
    for number in range(70):
        write(root, f"update-{number}")
    assert record(root, look(root).entries.values(), AS_OF) == 70
    assert notes(root) == []
    assert record(root, look(root).entries.values(), AS_OF) == 0


def test_what_was_recorded_at_a_taken_instant_is_told_no_more(root: Path) -> None:
    write(root, "a", published="2026-03-02 09:00", title="A")
    record(root, look(root).entries.values(), AS_OF)
    assert notes(root) == []
    (root / "updates" / f"{PAY}.yaml").unlink()
    (root / LEDGER).write_text((root / LEDGER).read_text().replace(PAY_LINE, f"{PAY_LINE} deleted"))
    write(root, "b", published="2026-03-02 09:00", title="B")
    (note,) = [note for note in notes(root) if "same date and time" in note]
    assert note.startswith("content/updates/b.yaml:2:12: published: content/updates/a.yaml has the same")
    (root / "updates" / "a.yaml").unlink()
    (root / LEDGER).write_text(f"{MASKS_LINE}\n{PAY_LINE} deleted\n")
    (note,) = [note for note in notes(root) if "same date and time" in note]
    assert note.startswith("content/updates/b.yaml:2:12: published: an earlier update has the same")


def test_a_ledger_of_another_authority_is_one_problem(root: Path) -> None:
    site = root / "site.yaml"
    site.write_text(site.read_text().replace("news.example.org,2026", "else.example.org,2026"))
    assert problems(root) == [
        (
            "content/site.yaml:4:12: authority: all updates in content/ledger.txt have ids of news.example.org,2026;"
            " write authority: news.example.org,2026; if this is another site, delete content/ledger.txt"
        )
    ]
    (root / LEDGER).unlink()
    assert (problems(root), notes(root)) == ([], [])


def test_nothing_is_said_to_be_gone_when_nothing_can_be_known(root: Path) -> None:
    """Without a site no file has an id, and a folder that is not there holds all that is missed."""
    (root / "site.yaml").rename(root / "kept")
    assert [problem.file for problem in look(root).problems] == ["content/site.yaml"]
    (root / "kept").rename(root / "site.yaml")
    (root / "updates").rename(root / "kept")
    assert [problem.file for problem in look(root).problems] == ["content/updates"]


def test_of_very_many_notes_the_first_tell_their_line(tmp_path: Path) -> None:
    root = make_root(tmp_path)
    for number in range(103):
        write(root, f"update-{number:03}")
    told = look(root).notes
    assert [note.file for note in told] == [f"content/updates/update-{number:03}.yaml" for number in range(1, 103)]
    assert {note.line for note in told} == {1, 2}
    assert told[99].line == 2
    assert len({note.fix for note in told}) == 102


def test_a_file_that_goes_while_it_is_held_against_the_ledger_is_named_without_its_line(root: Path) -> None:
    path = write(root, MASKS, draft="true")
    content = look(root)
    assert content.site is not None
    path.unlink()
    (note,) = LedgerCheck(root, content.site.site, read_ledger(root), AS_OF).notes(content.entries)
    assert (note.file, note.line, note.field) == (f"content/updates/{MASKS}.yaml", 1, "draft")


SESSION = "{{start: 2026-03-20 18:00, place: {}}}"
ROOM = SESSION.format("Room 4")
TOLD_CHANGE = "[{date: 2026-03-05, note: Another room.}]"
BOTH = {"event": ROOM, "deadline": "2026-03-25"}


@pytest.mark.parametrize(
    ("before", "after", "named"),
    [
        ({"event": ROOM}, {"event": ROOM}, None),
        ({"event": ROOM}, {"event": ROOM.replace("18:00", "19:00")}, "event"),
        ({"event": ROOM}, {"event": SESSION.format("Room 5")}, "event"),
        ({"event": ROOM}, {"event": ROOM.replace("}", ", end: 2026-03-20 21:00}")}, "event"),
        ({"event": ROOM}, {"event": f"[{ROOM}, {{id: second, start: 2026-03-21}}]"}, "event"),
        ({"event": ROOM}, {}, "event"),
        ({"deadline": "2026-03-25"}, {"deadline": "2026-03-26"}, "deadline"),
        (BOTH, BOTH | {"deadline": "2026-03-26"}, "event"),
        ({"event": ROOM}, {"event": SESSION.format("Room 5"), "changes": TOLD_CHANGE}, None),
        ({"event": ROOM}, {"event": ROOM.replace("18:00", "19:00"), "updated": "2026-03-05"}, "event"),
        ({"event": ROOM, "changes": TOLD_CHANGE}, {"event": SESSION.format("Hall"), "changes": TOLD_CHANGE}, "event"),
        ({"event": ROOM}, {"event": ROOM, "title": "Another title"}, None),
        ({"event": ROOM}, {"event": SESSION.format("Hall"), "withdrawn": "2026-03-05", "reason": "It is off."}, None),
        ({}, {"event": ROOM}, None),
    ],
)
def test_a_date_or_place_that_moved_without_a_word_is_a_note(
    root: Path, before: dict[str, str], after: dict[str, str], named: str | None
) -> None:
    """Nobody who put it into a calendar by hand hears of it otherwise."""
    write(root, MASKS, **before)
    record(root, look(root).entries.values(), AS_OF)
    write(root, MASKS, **after)
    found = [note for note in notes(root) if "was announced" in note]
    assert len(found) == bool(named)
    if named:
        assert f": {named}: a date or place that was announced is another one now" in found[0]
        assert found[0].endswith(
            'run: feedsvc correct masks "what is new"; if no reader has to know, run: feedsvc check --record'
        )
        record(root, look(root).entries.values(), AS_OF)
        assert [note for note in notes(root) if "was announced" in note] == []


def test_the_ledger_says_what_readers_were_told_of_dates_and_an_old_one_is_still_good(root: Path) -> None:
    write(root, MASKS, event=ROOM)
    assert notes(root) == []
    assert record(root, look(root).entries.values(), AS_OF) == 1
    old, new, pay = (root / LEDGER).read_text().splitlines()
    assert (old, pay) == (MASKS_LINE, PAY_LINE)
    assert re.fullmatch(re.escape(MASKS_LINE) + r" dates-0-[0-9a-f]{8}", new)
    assert record(root, look(root).entries.values(), AS_OF) == 0
    (root / "updates" / f"{MASKS}.yaml").unlink()
    (problem,) = problems(root)
    assert problem.endswith(f"if it is to be gone, write here: {new} deleted")
