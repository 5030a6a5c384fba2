import os
import time
from dataclasses import replace
from datetime import UTC
from pathlib import Path

import pytest

from feedsvc import settings
from feedsvc.server_settings import read_server_settings
from feedsvc.settings import Settings, SettingsError, check_apart, environment_of, read_settings


def test_nothing_set_is_the_folder_as_it_is() -> None:
    assert read_settings({"HOME": "/root"}) == Settings(
        content=Path("content"), publication=Path("instance/publication.db"), base_url=None, log="plain", publisher=True
    )


def test_every_setting_is_followed() -> None:
    given = {
        "FEEDSVC_CONTENT": "/data/content",
        "FEEDSVC_PUBLICATION": "/var/lib/feedsvc/publication.db",
        "FEEDSVC_BASE_URL": "https://news.example.org/updates",
        "FEEDSVC_LOG": "json",
        "FEEDSVC_METRICS": "1",
        "FEEDSVC_PUBLISHER": "off",
        "FEEDSVC_PURGE": " varnish  http://127.0.0.1:6081/ ",
        "FEEDSVC_PURGE_TOKEN": "secret",
        "FEEDSVC_BUCKET": "s3://bucket/news/",
    }
    assert read_settings(given) == Settings(
        content=Path("/data/content"),
        publication=Path("/var/lib/feedsvc/publication.db"),
        base_url="https://news.example.org/updates/",
        log="json",
        metrics=True,
        publisher=False,
        purge="varnish http://127.0.0.1:6081/",
        purge_token="secret",
        bucket="s3://bucket/news",
    )


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("FEEDSVC_BASEURL", "x", "unknown setting FEEDSVC_BASEURL; did you mean FEEDSVC_BASE_URL?"),
        (
            "FEEDSVC_QUITE_OTHER_THING",
            "x",
            "unknown setting FEEDSVC_QUITE_OTHER_THING; known names are FEEDSVC_CONTENT,",
        ),
        ("FEEDSVC_LOG", "xml", "FEEDSVC_LOG is 'xml'; write plain or json"),
        ("FEEDSVC_PURGE", "squid http://a.example/", "no such cache is known; write one of: varnish https://"),
        ("FEEDSVC_PURGE", "varnish", "FEEDSVC_PURGE: what stands behind varnish is not where one is; write"),
        ("FEEDSVC_PURGE", "fastly a/b", "fastly and the id of your service there"),
        ("FEEDSVC_METRICS", "yes", "FEEDSVC_METRICS is 'yes'; write 0 or 1"),
        ("FEEDSVC_PUBLISHER", "no", "FEEDSVC_PUBLISHER is 'no'; write auto or off"),
        ("FEEDSVC_BASE_URL", "news.example.org", "write one such as https://news.example.org/"),
        ("FEEDSVC_BASE_URL", "https://news.example.org/?a=b", "write one such as https://news.example.org/"),
    ],
)
def test_what_cannot_be_meant_is_an_error_that_says_what_to_write(name: str, value: str, message: str) -> None:
    with pytest.raises(SettingsError) as caught:
        read_settings({name: value})
    assert message in str(caught.value)


def test_a_store_of_replicas_is_apart_from_what_readers_see_and_written_or_followed() -> None:
    store = {"FEEDSVC_REPLICATE": "s3://private/replicas/"}
    assert read_settings(store).replicate == "s3://private/replicas"
    assert read_settings({"FEEDSVC_FOLLOW": "s3://private/replicas"}).follow == "s3://private/replicas"
    for name in ("FEEDSVC_REPLICATE", "FEEDSVC_FOLLOW"):
        with pytest.raises(SettingsError, match=f"{name}: 'ftp' is no address of an object store; write one such as"):
            read_settings({name: "ftp://private/replicas"})
    with pytest.raises(SettingsError, match="are both set; who follows hands nothing on: unset one"):
        read_settings({**store, "FEEDSVC_FOLLOW": "s3://other"})
    as_it_is = ("s3://private/replicas", "s3://private/replicas/", "s3://private", "s3://private/replicas/site")
    for place in (*as_it_is, "S3://private/replicas", " s3://private", "s3://private/repli\tcas"):
        with pytest.raises(SettingsError, match="FEEDSVC_REPLICATE and the bucket for readers share a fold"):
            check_apart(read_settings(store), place)
        with pytest.raises(SettingsError, match="keep them in a private bucket of their own"):
            read_settings({"FEEDSVC_FOLLOW": "s3://private/replicas", "FEEDSVC_BUCKET": place})
    for place in ("s3://private/replicas2", "s3://private/site", "s3://public", "gs://private/replicas"):
        check_apart(read_settings(store), place)


def test_a_secret_is_taken_without_the_line_end_of_its_file_and_never_repeated() -> None:
    assert read_settings({"FEEDSVC_PURGE_TOKEN": " s3cr3t\n"}).purge_token == "s3cr3t"
    for text in ("s3cr3t\nmore", "s3cr3t\u00e9"):
        with pytest.raises(SettingsError, match="FEEDSVC_PURGE_TOKEN: it holds signs that no request can carry"):
            read_settings({"FEEDSVC_PURGE_TOKEN": text})


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("FEEDSVC_PURGE", "cloudflare 4711 s3cr3t"),
        ("FEEDSVC_PURGE", "varnish http://a.example/, s3cr3t"),
        ("FEEDSVC_PURGE", "webhook https://s3cr3t:s3cr3t@hooks.example/ s3cr3t"),
        ("FEEDSVC_PURGE", "s3cr3t https://hooks.example/"),
        ("FEEDSVC_PURGE_TOKEN", "s3cr3t\nmore"),
        ("FEEDSVC_BUCKET", "s3://key:s3cr3t@bucket/news"),
        ("FEEDSVC_BUCKET", "s3cr3t"),
    ],
)
def test_what_may_be_a_secret_is_not_repeated(name: str, value: str) -> None:
    with pytest.raises(SettingsError, match=f"^{name}: ") as caught:
        read_settings({name: value})
    assert "s3cr3t" not in str(caught.value)


def test_several_caches_have_a_secret_each_or_one_for_all() -> None:
    places = "varnish http://127.0.0.1:6081/, fastly abc"
    given = {"FEEDSVC_PURGE": " varnish http://127.0.0.1:6081/ ,fastly  abc"}
    for tokens, expected in {"a b": ["a", "b"], "a": ["a", "a"], "": ["", ""]}.items():
        settings = read_settings(given | {"FEEDSVC_PURGE_TOKEN": tokens})
        assert settings.purge == places
        assert settings.caches == list(zip(places.split(", "), expected, strict=True))
    assert read_settings({}).caches == []


def test_the_environment_is_read_when_nothing_else_is_given(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FEEDSVC_LOG", "json")
    assert read_settings().log == "json"


def test_another_process_is_given_the_same_content_and_publication(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FEEDSVC_CONTENT", "elsewhere")
    monkeypatch.setenv("FEEDSVC_METRICS", "1")
    given = Settings(content=Path("here"), publication=Path("there.db"), base_url="https://news.example.org/")
    environment = environment_of(given)
    assert environment["PATH"] == os.environ["PATH"]
    assert read_settings(environment) == replace(given, publisher=True)
    assert read_settings(environment_of(replace(given, base_url=None))).base_url is None


def test_the_server_listens_where_its_host_says() -> None:
    assert read_server_settings({"PORT": "8080", "WEB_CONCURRENCY": "3"}).bind == "0.0.0.0:8080"
    assert read_server_settings({"PORT": "8080", "WEB_CONCURRENCY": "3"}).workers == 3
    assert read_server_settings({"PORT": ""}).bind == "127.0.0.1:8000"


@pytest.mark.parametrize("environment", [{"PORT": "http"}, {"PORT": "70000"}, {"WEB_CONCURRENCY": "many"}])
def test_a_number_that_is_none_is_explained(environment: dict[str, str]) -> None:
    with pytest.raises(SettingsError, match="write a number from 1 to"):
        read_server_settings(environment)


def test_workers_follow_the_cores_up_to_four(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: set(range(64)))
    assert read_server_settings({}).workers == 4
    monkeypatch.delattr(os, "sched_getaffinity")
    monkeypatch.setattr(os, "cpu_count", lambda: None)
    assert read_server_settings({}).workers == 1


def test_the_clock_is_aware_and_agrees_with_itself() -> None:
    assert settings.now().tzinfo is UTC
    assert abs(settings.now().timestamp() - settings.clock()) < 5
    assert abs(settings.clock() - time.time()) < 5
