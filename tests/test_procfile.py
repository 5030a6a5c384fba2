"""A host starts the Procfile and asks at once; what it gets is the shipped content."""

import json
import shutil
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import feedparser
import pytest
import yaml

from tests.harness.folder import SHIPPED, write_update
from tests.harness.program import ROOT, Program, free_port

MEDIA_TYPES = {
    "rss.xml": "application/rss+xml; charset=utf-8",
    "atom.xml": "application/atom+xml; charset=utf-8",
    "feed.json": "application/feed+json; charset=utf-8",
}
SITE = yaml.safe_load((ROOT / "content" / "site.yaml").read_text())
PLACES = ["/", *(f"/{category['slug']}/" for category in SITE["categories"])]


@contextmanager
def running(folder: Path, **environment: str) -> Iterator[Program]:
    """What a host does with the Procfile, with these settings."""
    port = free_port()
    given = {"PORT": str(port), "FEEDSVC_PUBLICATION": str(folder / "publication.db")} | environment
    command = [sys.executable, "-m", "honcho", "start"]
    with Program(command, folder / "log", ("127.0.0.1", port), given) as service:
        yield service


@pytest.fixture(scope="module")
def content(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return Path(shutil.copytree(SHIPPED, tmp_path_factory.mktemp("service") / "content"))


@pytest.fixture(scope="module")
def service(content: Path) -> Iterator[Program]:
    with running(content.parent, FEEDSVC_CONTENT=str(content), WEB_CONCURRENCY="2") as service:
        yield service


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("file_name", MEDIA_TYPES)
def test_every_feed_of_every_place_is_served(service: Program, place: str, file_name: str) -> None:
    status, fields, body = service.get(place + file_name)
    assert status == 200
    assert fields["Content-Type"] == MEDIA_TYPES[file_name]
    if file_name == "feed.json":
        feed = json.loads(body)
        assert feed["version"] == "https://jsonfeed.org/version/1.1"
        assert feed["items"]
    else:
        parsed = feedparser.parse(body, response_headers={"content-type": fields["Content-Type"]})
        assert not parsed.bozo, parsed.get("bozo_exception")
        assert parsed.entries


def test_an_update_put_into_the_folder_appears_by_itself(service: Program, content: Path) -> None:
    assert "Masks are back" not in service.get("/covid/rss.xml")[2].decode()
    write_update(content, 2, title="Masks are back")
    service.wait_until_served("Masks are back", "/covid/rss.xml")


def test_the_first_connection_finds_everything_and_the_environment_decides_about_workers_and_port(
    tmp_path: Path,
) -> None:
    with running(tmp_path, WEB_CONCURRENCY="3") as service:
        status, _, body = service.get("/rss.xml")
        assert status == 200
        assert feedparser.parse(body).entries
        service.wait_for_log("Booting worker with pid", 3)
        assert service.get("/healthz")[0] == 200
        service.stop()
        with pytest.raises(ConnectionRefusedError):
            socket.create_connection(("127.0.0.1", service.port))
        assert service.log.count("Booting worker with pid") == 3
