"""The service as it is deployed, on two machines: one publishes into a store, the other one follows it."""

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import pytest
from click.testing import CliRunner

from feedsvc.cli import main
from feedsvc.settings import Settings
from tests.harness.folder import write_folder, write_update
from tests.harness.service import Service
from tests.object_stores.s3 import S3, run_s3
from tests.replicating.house import documents

STORE = "s3://private/replicas"
PATHS = ("/", "/rss.xml", "/covid/feed.json", "/updates/update-1/", "/nothing")


@contextmanager
def publisher(home: Path) -> Iterator[Service]:
    content = write_folder(home / "content", updates=2)
    with Service(content, workers=1, is_measured=True, FEEDSVC_REPLICATE=STORE) as service:
        yield service


@contextmanager
def replica(home: Path) -> Iterator[Service]:
    home.mkdir()
    with Service(home / "no content", home / "instance" / "publication.db", workers=2, FEEDSVC_FOLLOW=STORE) as service:
        yield service


def says_its_date(service: Service) -> bool:
    return "Last-Modified" in service.get("/")[1]


@pytest.fixture(scope="module")
def store() -> Iterator[S3]:
    with run_s3() as store:
        yield store


def test_a_saved_file_is_on_every_machine_within_seconds_whatever_dies(
    store: S3, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with publisher(tmp_path / "one") as one:
        one.wait_until("the first generation in the store", lambda: "private/replicas/current" in store.objects)
        with replica(tmp_path / "two") as two:
            generation = two.ready()["generation"]
            assert generation >= 1, "it has everything before anybody asks"
            assert two.ready()["status"] == "ok"
            write_update(one.content, 1, title="On every machine")
            two.wait_until("the change", lambda: b"On every machine" in two.get("/rss.xml")[2])
            for each in (one, two):  # they say no date before its second has come
                each.wait_until("its date", partial(says_its_date, each))
            for path in PATHS:
                told = [each.get(path) for each in (one, two)]
                own = ("Date", "Connection")
                answers = [
                    (status, {name: value for name, value in fields.items() if name not in own}, body)
                    for status, fields, body in told
                ]
                assert answers[0] == answers[1]
            store.refuse = lambda _method, _place: 503
            os.kill(two.publisher(), signal.SIGKILL)
            write_update(one.content, 2, title="While the store is away")
            one.wait_until("it at home", lambda: b"While the store is away" in one.get("/rss.xml")[2])
            assert b"On every machine" in two.get("/rss.xml")[2]
            assert two.ready()["pointer_age"] >= 0
            store.refuse = lambda _method, _place: 0
            two.wait_until("it everywhere", lambda: b"While the store is away" in two.get("/rss.xml")[2])
            settings = [Settings(publication=each.publication) for each in (one, two)]
            two.wait_until("the same", lambda: documents(settings[0]) == documents(settings[1]))
            assert "Replicas: generation" in two.overview().as_text()
    monkeypatch.setenv("FEEDSVC_PUBLICATION", str(tmp_path / "three" / "publication.db"))
    monkeypatch.setenv("FEEDSVC_FOLLOW", STORE)
    run = CliRunner().invoke(main, ["export", str(tmp_path / "out")])
    assert run.exit_code == 0, run.output
    assert run.output.startswith(f"Follows {STORE}: generation ")
    assert b"While the store is away" in (tmp_path / "out" / "rss.xml").read_bytes()
