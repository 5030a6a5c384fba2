"""What is said of a publication by its status, state for state."""

from pathlib import Path

import pytest

from feedsvc.publication.condition import IN_TIME, examine, is_at_work
from feedsvc.publication.reader import Reader
from feedsvc.publication.status import CAUSES, Publishing, Supervision, write_status
from tests.harness.folder import publish_folder, write_folder, write_update

NOW = 1_790_000_000.0
LONG = NOW - IN_TIME - 1
SHORT = NOW - IN_TIME + 1

ROWS: dict[str, tuple[Publishing | None, Supervision | None, list[tuple[str, float | None]]]] = {
    "all is well": (Publishing(beat=NOW), None, []),
    "nobody was ever heard of": (None, None, [("no-publisher", None)]),
    "it was heard of a moment ago": (Publishing(beat=SHORT), None, []),
    "another one takes over": (Publishing(beat=SHORT, is_over=True), None, []),
    "it is not heard of": (Publishing(beat=LONG), None, [("no-publisher", LONG)]),
    "the clock was wrong": (Publishing(beat=NOW + 3600), None, [("no-publisher", NOW + 3600)]),
    "it ended once": (Publishing(beat=NOW), Supervision(deaths=1, since=SHORT, total=9), []),
    "it ends and ends": (Publishing(beat=NOW), Supervision(deaths=2, since=SHORT), [("publisher-ends", SHORT)]),
    "it is busy": (Publishing(beat=NOW, behind=SHORT), None, []),
    "it is busy for long": (Publishing(beat=NOW, behind=LONG), None, [("publishing-slow", LONG)]),
    "the cause is known": (
        Publishing(beat=NOW, behind=LONG, cause="change-held", since=SHORT),
        None,
        [("change-held", SHORT)],
    ),
    "a cause of another release": (Publishing(beat=NOW, behind=LONG, cause="what"), None, [("publishing-slow", LONG)]),
    "all at once": (
        Publishing(beat=LONG, cause="publishing-fails", since=LONG),
        Supervision(deaths=5, since=SHORT),
        [("no-publisher", LONG), ("publisher-ends", SHORT), ("publishing-fails", LONG)],
    ),
}


@pytest.mark.parametrize("name", ROWS)
def test_each_state_has_its_causes(tmp_path: Path, name: str) -> None:
    publishing, supervision, causes = ROWS[name]
    publication = tmp_path / "publication.db"
    for record in (publishing, supervision):
        if record is not None:
            write_status(publication, record)
    condition = examine(publication, lambda: Reader(publication), NOW)
    assert [(reason.cause.label, reason.since) for reason in condition.reasons] == causes
    assert condition.status == "unpublished"
    assert condition.since == (min((since for _, since in causes if since), default=None) if causes else 0.0)


def test_what_lies_in_the_publication_is_counted(tmp_path: Path) -> None:
    content = write_folder(tmp_path / "content", 2)
    publication = tmp_path / "publication.db"
    write_update(content, 3, categories="[covd]")
    publish_folder(content, publication)
    write_status(publication, Publishing(beat=NOW))
    condition = examine(publication, lambda: Reader(publication), NOW)
    assert (condition.status, condition.generation, condition.entries, condition.held_back) == ("degraded", 1, 2, 1)
    assert [reason.cause.label for reason in condition.reasons] == ["files-held-back"]


def test_a_process_that_has_ended_is_not_at_work() -> None:
    assert is_at_work(Publishing(beat=SHORT), NOW)
    assert not is_at_work(Publishing(beat=SHORT, is_over=True), NOW)
    assert not is_at_work(Publishing(beat=LONG), NOW)
    assert not is_at_work(None, NOW)


def test_no_cause_is_told_with_a_word_of_content() -> None:
    assert all("/" not in cause.words and "yaml" not in cause.words for cause in CAUSES.values())
