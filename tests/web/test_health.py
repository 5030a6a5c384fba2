"""What anybody is told of how publishing goes, and what nobody is told."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from werkzeug.test import Client

from feedsvc.publication.status import Cause
from feedsvc.publication.store import Store
from feedsvc.publishing.publisher import Publisher
from feedsvc.publishing.reporter import Reporter
from feedsvc.settings import Settings, clock
from feedsvc.web.app import create_app
from tests.harness.folder import SITE, write_folder, write_update

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
TOLD = {"status", "since", "reason", "generation", "entries", "held_back"}


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(content=tmp_path / "content", publication=tmp_path / "instance" / "publication.db")


def publish(settings: Settings) -> Reporter:
    """Publish as a process does that lives now, and is heard of; its part of the status."""
    store = Store(settings.publication)
    try:
        Publisher(settings, store).publish(NOW)
    finally:
        store.close()
    reporter = Reporter(settings.publication, clock)
    reporter.start()
    reporter.succeed("published", 0.25, "")
    return reporter


def ready(settings: Settings) -> dict[str, Any]:
    response = Client(create_app(settings)).get("/readyz")
    assert response.json is not None
    assert (response.status_code, response.mimetype) == (
        503 if not response.json["generation"] else 200,
        "application/json",
    )
    assert response.headers["Cache-Control"] == "no-store"
    assert response.json.keys() == TOLD
    found: dict[str, Any] = response.json
    return found


def test_a_process_that_lives_says_so_whatever_is_published(settings: Settings) -> None:
    response = Client(create_app(settings)).get("/healthz")
    assert (response.status_code, response.json) == (200, {"status": "ok"})
    assert response.headers["Cache-Control"] == "no-store"


def test_readiness_waits_for_the_first_publish_and_names_no_file(settings: Settings) -> None:
    for step in ("no folder", "folder", "empty file"):
        if step == "folder":
            settings.publication.parent.mkdir()
        if step == "empty file":
            Store(settings.publication).close()
        assert ready(settings) == {
            "status": "unpublished",
            "since": None,
            "reason": "nothing is published yet; nobody publishes",
            "generation": 0,
            "entries": 0,
            "held_back": 0,
        }
    reporter = Reporter(settings.publication, clock)
    reporter.start()
    reporter.degrade(Cause.CONTENT_UNUSABLE, f"{settings.content}/site.yaml:1:1: it cannot be read")
    assert ready(settings)["reason"] == "nothing is published yet; the content cannot be used"
    write_folder(settings.content, updates=1)
    publish(settings)
    assert ready(settings)["status"] == "ok"


def test_readiness_counts_what_is_served(settings: Settings) -> None:
    write_folder(settings.content, updates=3)
    reporter = publish(settings)
    since = datetime.fromtimestamp(int(reporter.record.since), UTC).isoformat()
    told = {"status": "ok", "since": since, "reason": None, "generation": 1, "entries": 3, "held_back": 0}
    assert ready(settings) == told


def test_readiness_counts_what_is_held_back_and_says_since_when(settings: Settings) -> None:
    write_folder(settings.content, updates=1)
    write_update(settings.content, 2, categories="[covd]")
    write_update(settings.content, 3, categories="[covd]", title="COVID: two mistakes in a file")
    publish(settings)
    found = ready(settings)
    assert (found["status"], found["held_back"], found["reason"]) == ("degraded", 2, "files are held back")
    assert found["since"] == NOW.isoformat()


def test_readiness_tells_of_a_site_that_cannot_be_followed(settings: Settings) -> None:
    write_folder(settings.content, updates=1)
    publish(settings)
    (settings.content / "site.yaml").write_text(SITE.replace("title: Local 7 Updates", "titel: Local 7 Updates"))
    publish(settings)
    found = ready(settings)
    assert (found["status"], found["entries"], found["held_back"]) == ("degraded", 1, 1)
    assert (found["reason"], found["since"]) == ("the description of the site is not followed", NOW.isoformat())


def test_everything_that_is_amiss_is_named_at_once(settings: Settings) -> None:
    write_folder(settings.content, updates=1)
    write_update(settings.content, 2, categories="[covd]")
    publish(settings).degrade(Cause.CHANGE_HELD, "12 of 13 updates would vanish")
    assert ready(settings)["reason"] == f"{Cause.CHANGE_HELD.words}; files are held back"


def test_not_a_word_of_a_file_a_draft_or_what_waits_is_told(settings: Settings) -> None:
    """Nor when the next update appears, nor anything that changes with it."""
    settings = replace(settings, metrics=True)
    write_folder(settings.content, updates=1)
    publish(settings)
    before = ready(settings)
    write_update(settings.content, 2, title='"Secret: strike vote"', draft="true")
    write_update(settings.content, 3, title='"Secret: lockout"', published="2026-03-02 09:00")
    publish(settings)
    assert {**ready(settings), "since": None} == {**before, "since": None}
    write_update(settings.content, 4, title="Secret: broken", draft="true")
    publish(settings).degrade(Cause.CHANGE_HELD, "secret: 1 of 1 updates would vanish")
    client = Client(create_app(settings))
    for path in ("/readyz", "/metrics", "/healthz"):
        told = client.get(path).text.lower()
        for word in (
            "secret",
            "strike",
            "yaml",
            "update-",
            "draft",
            "waiting",
            "2026-03-02",
            str(settings.content).lower(),
        ):
            assert word not in told
