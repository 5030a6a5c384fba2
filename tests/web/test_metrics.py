import sys
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families
from werkzeug.test import Client

from feedsvc.publication.status import CAUSES, Cause, Supervision, write_status
from feedsvc.settings import Settings
from feedsvc.web.app import create_app
from tests.harness.folder import write_folder, write_update
from tests.web.test_health import NOW, publish


def read_metrics(client: Client) -> dict[tuple[str, str], float]:
    """Value by name and label values, as Prometheus' own parser reads them."""
    response = client.get("/metrics")
    assert response.status_code == 200
    assert response.headers["Cache-Control"] == "no-store"
    families = list(text_string_to_metric_families(response.text))
    return {
        (sample.name, " ".join(sample.labels.values())): sample.value
        for family in families
        for sample in family.samples
    }


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(content=tmp_path / "content", publication=tmp_path / "publication.db", metrics=True)


def test_requests_are_counted_by_kind_and_status(settings: Settings) -> None:
    write_folder(settings.content, updates=1)
    publish(settings)
    client = Client(create_app(settings))
    etag = client.get("/rss.xml").headers["ETag"]
    client.get("/rss.xml", headers={"If-None-Match": etag})
    client.get("/nothing")
    client.get("/updates/update-1/")
    found = read_metrics(client)
    assert found["feedsvc_requests_total", "feed 200"] == 1
    assert found["feedsvc_requests_total", "feed 304"] == 1
    assert found["feedsvc_requests_total", "update 200"] == 1
    assert found["feedsvc_requests_total", "error 404"] == 1


def test_the_publication_is_told(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    write_folder(settings.content, updates=2)
    write_update(settings.content, 3, categories="[covd]")
    publish(settings)
    newest = timedelta(hours=1) + NOW
    monkeypatch.setattr("feedsvc.web.app.clock", newest.timestamp)
    found = read_metrics(Client(create_app(settings)))
    assert found["feedsvc_generation", ""] == 1
    assert found["feedsvc_entries", ""] == 2
    assert found["feedsvc_held_back_files", ""] == 1
    assert found["feedsvc_newest_entry_age_seconds", ""] > 3600


def test_it_is_told_how_it_goes_with_hubs(settings: Settings) -> None:
    write_folder(settings.content, updates=1)
    site = settings.content / "site.yaml"
    site.write_text(site.read_text() + "hubs: [https://hub.example/]\n")
    publish(settings)
    found = read_metrics(Client(create_app(settings)))
    assert found["feedsvc_announcing_owed", "hub https://hub.example/"] == 9
    assert found["feedsvc_announced_total", "hub https://hub.example/"] == 0
    assert found["feedsvc_announcing_given_up_total", "hub https://hub.example/"] == 0


def test_publishing_is_told_as_the_publisher_noted_it(settings: Settings) -> None:
    write_folder(settings.content, updates=1)
    reporter = publish(settings)
    for outcome in ("published", "failed", "failed"):
        reporter.count(outcome)
    reporter.degrade(Cause.CHANGE_HELD, "most of it would vanish")
    write_status(settings.publication, Supervision(total=4))
    found = read_metrics(Client(create_app(settings)))
    assert found["feedsvc_publishes_total", "published"] == 2
    assert found["feedsvc_publishes_total", "failed"] == 2
    assert found["feedsvc_publishes_total", "held"] == 0
    assert found["feedsvc_publish_duration_seconds", ""] == 0.25
    assert found["feedsvc_publisher_ends_total", ""] == 4
    assert {cause for name, cause in found if name == "feedsvc_degraded"} == CAUSES.keys()
    assert [cause for (name, cause), value in found.items() if name == "feedsvc_degraded" and value] == ["change-held"]


def test_a_bad_site_counts_as_held_back(settings: Settings) -> None:
    write_folder(settings.content, updates=0)
    publish(settings)
    (settings.content / "site.yaml").write_text("title: [")
    publish(settings)
    found = read_metrics(Client(create_app(settings)))
    assert found["feedsvc_held_back_files", ""] == 1
    assert ("feedsvc_newest_entry_age_seconds", "") not in found


def test_before_the_first_publish_there_is_little_to_tell(settings: Settings) -> None:
    found = read_metrics(Client(create_app(settings)))
    assert found["feedsvc_generation", ""] == 0
    assert ("feedsvc_entries", "") not in found
    assert found["feedsvc_degraded", "no-publisher"] == 1


def test_unasked_there_is_no_such_page(settings: Settings) -> None:
    write_folder(settings.content)
    publish(settings)
    assert Client(create_app(replace(settings, metrics=False))).get("/metrics").status_code == 404


def test_without_the_package_there_is_no_such_page_and_the_log_says_why(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    write_folder(settings.content)
    publish(settings)
    monkeypatch.setitem(sys.modules, "prometheus_client.exposition", None)
    monkeypatch.delitem(sys.modules, "feedsvc.web.metrics", raising=False)
    assert Client(create_app(settings)).get("/metrics").status_code == 404
    assert "FEEDSVC_METRICS needs the package prometheus-client" in caplog.text
