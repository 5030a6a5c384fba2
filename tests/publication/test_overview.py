"""What operators are told on the machine itself."""

import json
import os
import re
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from feedsvc.publication.database import StoreError
from feedsvc.publication.overview import survey
from feedsvc.publication.status import Cause, Supervision, write_status
from feedsvc.publishing.reporter import Reporter
from feedsvc.settings import clock
from tests.harness.folder import publish_folder, write_folder, write_update

Ask = Callable[..., tuple[int, str]]


@pytest.fixture
def content(tmp_path: Path) -> Path:
    return write_folder(tmp_path / "content", 2)


@pytest.fixture
def publication(tmp_path: Path) -> Path:
    return tmp_path / "publication.db"


@pytest.fixture
def ask(content: Path, publication: Path, measured: None) -> Ask:  # noqa: ARG001
    """The command as an operator types it: its exit status and what it prints."""
    environment = os.environ | {"FEEDSVC_CONTENT": str(content), "FEEDSVC_PUBLICATION": str(publication)}
    command = [sys.executable, "-m", "feedsvc", "status"]

    def ask(*options: str) -> tuple[int, str]:
        done = subprocess.run([*command, *options], env=environment, capture_output=True, text=True, check=False)
        assert done.stderr == ""
        return done.returncode, done.stdout

    return ask


def beat(publication: Path) -> Reporter:
    """Be a publishing process that has just published."""
    reporter = Reporter(publication, clock)
    reporter.start()
    reporter.succeed("published", 0.5, "")
    return reporter


def test_all_is_well(content: Path, publication: Path, ask: Ask) -> None:
    publish_folder(content, publication)
    beat(publication)
    status, text = ask()
    assert status == 0
    assert re.match(r"Status: ok, since 2\d{3}-\d\d-\d\dT[\d:]+\+00:00\n", text)
    for line in (
        f"Published: 2 updates, in generation 1, in {publication}",
        "Held back: 0 files",
        "Waiting: 0 updates",
        "Drafts: 0",
        f"Publisher: alive, process {os.getpid()} since ",
        "  publishes: 1 published, 0 unchanged, 0 held, 0 failed",
        "Memory: 2 updates, in ",
    ):
        assert f"\n{line}" in text


def test_everything_is_told_to_people_and_to_programs(content: Path, publication: Path, ask: Ask) -> None:
    write_update(content, 3, title="A draft", draft="true")
    write_update(content, 4, title="Later", published="2126-01-01 09:00")
    write_update(content, 5, categories="[covd]")
    publish_folder(content, publication)
    (content / "site.yaml").write_text("title: [")
    publish_folder(content, publication)
    beat(publication).degrade(Cause.CHANGE_HELD, "held back:\x1b 2 of 3 updates would vanish")
    write_status(publication, Supervision(said="ended (status -9)", total=3))
    status, text = ask("--json")
    assert status == 1
    found: dict[str, Any] = json.loads(text)
    assert found["status"] == "degraded"
    assert [reason["cause"] for reason in found["reasons"]] == ["change-held", "site-held-back", "files-held-back"]
    assert {held["file"] for held in found["held_back"]} == {
        "content/site.yaml",
        "content/updates/2026-02-01-update-5.yaml",
    }
    assert all(held["message"].startswith(f"{held['file']}:{held['line']}:") for held in found["held_back"])
    waiting = {
        "file": "content/updates/2026-02-01-update-4.yaml",
        "title": "Later",
        "published": "2126-01-01T17:00:00+00:00",
    }
    assert found["waiting"] == [waiting]
    assert [draft["file"] for draft in found["drafts"]] == ["content/updates/2026-02-01-update-3.yaml"]
    publisher = found["publisher"]
    assert (publisher["is_alive"], publisher["ends"], publisher["process"]) == (True, 3, os.getpid())
    status, text = ask()
    assert status == 1
    assert "\x1b" not in text
    for line in (
        f"  {Cause.CHANGE_HELD.words}, since ",
        "Held back: 2 files",
        "  content/updates/2026-02-01-update-5.yaml:3:14: categories: ",
        "Waiting: 1 updates",
        "  2126-01-01T17:00:00+00:00 content/updates/2026-02-01-update-4.yaml: Later",
        "Drafts: 1",
        "  said: held back:\\x1b 2 of 3 updates would vanish",
        "  ended unasked 3 times; the last time it ended (status -9)",
    ):
        assert f"\n{line}" in text


def test_where_there_is_nothing_it_says_so(publication: Path, ask: Ask) -> None:
    status, text = ask()
    assert status == 1
    assert text.startswith("Status: unpublished\n  nobody publishes\n")
    assert "\nPublisher: none has ever been heard of here\n" in text
    assert text.endswith(f"Memory: not to be read, in {publication}-memory\n")
    assert json.loads(ask("--json")[1])["publisher"] is None


def test_one_that_has_ended_is_not_alive(content: Path, publication: Path, ask: Ask) -> None:
    publish_folder(content, publication)
    beat(publication).end()
    assert "\nPublisher: not running, process " in ask()[1]


def test_a_publication_that_cannot_be_read_is_told_of_by_the_status(content: Path, publication: Path, ask: Ask) -> None:
    publish_folder(content, publication)
    beat(publication)
    with closing(sqlite3.connect(publication)) as connection:
        connection.execute("DROP TABLE source")
    status, text = ask()
    assert status == 1
    assert text.startswith("Status: unpublished")
    assert "Publisher: alive" in text


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE source SET listed = replace(listed, 'published', 'issued')",
        "UPDATE source SET problems = replace(problems, 'message', 'text')",
        "UPDATE state SET value = replace(value, 'message', 'text') WHERE name = 'site_problems'",
    ],
)
def test_a_publication_of_another_release_is_told_of_in_a_line(content: Path, publication: Path, change: str) -> None:
    publish_folder(content, publication)
    write_update(content, 5, categories="[covd]")
    (content / "site.yaml").write_text("title: [")
    publish_folder(content, publication)
    with closing(sqlite3.connect(publication)) as connection, connection:
        connection.execute(change)
    with pytest.raises(StoreError, match="written by another release"):
        survey(publication, clock())
