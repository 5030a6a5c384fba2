"""What operators are told."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from werkzeug.test import Client

from feedsvc.publication.publisher import Publisher
from feedsvc.publication.store import Store
from feedsvc.settings import Settings
from feedsvc.web.app import create_app
from tests.folder import SITE, write_folder, write_update

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(content=tmp_path / "content", publication=tmp_path / "instance" / "publication.db")


def publish(settings: Settings) -> None:
    store = Store(settings.publication)
    try:
        Publisher(settings, store).publish(NOW)
    finally:
        store.close()


def test_a_process_that_lives_says_so_whatever_is_published(settings: Settings) -> None:
    response = Client(create_app(settings)).get("/healthz")
    assert (response.status_code, response.json) == (200, {"status": "ok"})
    assert response.headers["Cache-Control"] == "no-store"


def test_readiness_waits_for_the_first_publish(settings: Settings) -> None:
    client = Client(create_app(settings))
    reasons = []
    for step in ("no folder", "folder", "empty file"):
        if step == "folder":
            settings.publication.parent.mkdir()
        if step == "empty file":
            Store(settings.publication).close()
        response = client.get("/readyz")
        assert response.json is not None
        assert (response.status_code, response.json["status"]) == (503, "unpublished")
        assert response.headers["Cache-Control"] == "no-store"
        reasons.append(response.json["reason"])
    assert ["no publication at" in reason for reason in reasons] == [True, True, False]
    write_folder(settings.content, updates=1)
    publish(settings)
    assert client.get("/readyz").status_code == 200


def test_readiness_tells_what_is_served_and_what_comes_next(settings: Settings) -> None:
    write_folder(settings.content, updates=3)
    write_update(settings.content, 4, published="2026-03-02 09:00")
    publish(settings)
    response = Client(create_app(settings)).get("/readyz")
    assert (response.status_code, response.mimetype) == (200, "application/json")
    assert response.json == {
        "status": "ok",
        "generation": 1,
        "entries": 3,
        "next_change": "2026-03-02T17:00:00+00:00",
        "held_change": None,
        "held_back": [],
    }


def test_readiness_names_the_file_the_line_and_the_remedy_of_what_is_held_back(settings: Settings) -> None:
    write_folder(settings.content, updates=1)
    write_update(settings.content, 2, categories="[covd]")
    publish(settings)
    response = Client(create_app(settings)).get("/readyz")
    assert response.json is not None
    assert (response.status_code, response.json["status"]) == (200, "degraded")
    (held,) = response.json["held_back"]
    assert (held["file"], held["line"]) == ("content/updates/2026-02-01-update-2.yaml", 3)
    assert (held["column"], held["since"]) == (14, NOW.isoformat())
    assert "covid" in held["message"]


def test_readiness_tells_of_a_site_that_cannot_be_followed(settings: Settings) -> None:
    write_folder(settings.content, updates=1)
    publish(settings)
    (settings.content / "site.yaml").write_text(SITE.replace("title: Local 7 Updates", "titel: Local 7 Updates"))
    publish(settings)
    response = Client(create_app(settings)).get("/readyz")
    assert response.json is not None
    assert (response.status_code, response.json["status"], response.json["entries"]) == (200, "degraded", 1)
    assert {held["file"] for held in response.json["held_back"]} == {"content/site.yaml"}
    assert {held["since"] for held in response.json["held_back"]} == {NOW.isoformat()}
