"""A feed reader that members use, subscribed to the running service: what it takes for new, and what not."""

import os
import re
import sqlite3
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest

from feedsvc.feeds import make_feed
from feedsvc.formats.opml import render_opml
from feedsvc.places import Place
from tests.harness.folder import write_folder, write_update
from tests.harness.http_server import run_server
from tests.harness.judges import find_program
from tests.harness.service import Service
from tests.make import make_site

FEEDS = ("/rss.xml", "/covid/atom.xml", "/pay/rss.xml")
UPDATES = 21  # with twenty or more, the feed of all updates holds no entry about itself
PATIENCE = 60  # seconds


@pytest.fixture(scope="module")
def newsboat() -> str:
    return find_program("newsboat", package="newsboat")


class Reader:
    """Newsboat with a home of its own, subscribed to feeds of a service."""

    def __init__(self, program: str, home: Path, port: int, feeds: Sequence[str] = FEEDS) -> None:
        home.mkdir()
        self._home = home
        self._program = program
        self._cache = home / "cache.db"
        addresses = [f"http://127.0.0.1:{port}{feed}" for feed in feeds]
        (home / "urls").write_text("\n".join(addresses) + "\n")
        (home / "config").write_text("reload-threads 1\n")

    def _run(self, *arguments: str) -> str:
        files = [f"--url-file={self._home / 'urls'}", f"--config-file={self._home / 'config'}"]
        done = subprocess.run(
            [self._program, *files, f"--cache-file={self._cache}", *arguments],
            env={"HOME": str(self._home), "PATH": os.environ["PATH"], "LANG": "C.UTF-8"},
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def unread_after_reload(self) -> int:
        """Fetch every feed; how many entries the reader shows as unread then."""
        self._run("--execute=reload")
        said = re.search(r"(\d+) unread", self._run("--execute=print-unread"))
        assert said
        return int(said[1])

    @property
    def subscriptions(self) -> Path:
        """Where it keeps the addresses of its feeds."""
        return self._home / "urls"

    def take_list(self, opml: Path) -> None:
        """Subscribe to every feed of a list."""
        self._run(f"--import-from-opml={opml}")

    def titles(self) -> dict[str, str]:
        """What the reader holds: title by id."""
        with closing(sqlite3.connect(self._cache)) as cache:
            return dict(cache.execute("SELECT guid, title FROM rss_item"))

    def read_everything(self) -> None:
        """Mark every entry as read."""
        with closing(sqlite3.connect(self._cache)) as cache, cache:
            cache.execute("UPDATE rss_item SET unread = 0")


@contextmanager
def watched(service: Service) -> Iterator[tuple[int, list[int]]]:
    """A port that leads to the service, and the status of every answer that went through it."""
    statuses: list[int] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            status, fields, body = service.get(self.path, **dict(self.headers.items()) | {"Connection": "close"})
            statuses.append(status)
            self.send_response(status)
            for name, value in fields.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Keep the test's output to itself."""

    with run_server(Handler) as port:
        yield port, statuses


@pytest.fixture(scope="module")
def content(tmp_path_factory: pytest.TempPathFactory) -> Path:
    content = write_folder(tmp_path_factory.mktemp("readers") / "content", UPDATES - 1)
    write_update(content, UPDATES, categories="[covid, pay]")
    return content


@pytest.fixture(scope="module")
def service(content: Path) -> Iterator[Service]:
    with Service(content, workers=1) as service:
        yield service


@pytest.fixture
def reader(tmp_path: Path, newsboat: str, service: Service) -> Reader:
    return Reader(newsboat, tmp_path / "home", service.port)


def count_updates(content: Path) -> int:
    return len(list((content / "updates").iterdir()))


def test_every_entry_is_new_once(reader: Reader, content: Path) -> None:
    """An update in several feeds is one entry, and a feed of few updates has one about itself."""
    updates = count_updates(content)
    assert reader.unread_after_reload() == updates + 1
    assert sum(title.startswith("Update number") for title in reader.titles().values()) == updates
    assert "About this feed: Pay" in reader.titles().values()
    assert reader.unread_after_reload() == updates + 1


def test_what_was_read_stays_read(reader: Reader) -> None:
    reader.unread_after_reload()
    reader.read_everything()
    assert reader.unread_after_reload() == 0


def test_the_list_of_a_mix_brings_its_one_feed(newsboat: str, tmp_path: Path) -> None:
    site = make_site()
    mix = make_feed(site, Place(("covid", "pay")), ())
    (tmp_path / "list.opml").write_bytes(render_opml(site, [mix]))
    reader = Reader(newsboat, tmp_path / "home", port=1)
    reader.subscriptions.unlink()
    reader.take_list(tmp_path / "list.opml")
    assert reader.subscriptions.read_text().split()[0] == "https://news.example.org/covid_pay/rss.xml"


def test_a_feed_that_has_not_changed_is_not_sent_again(newsboat: str, service: Service, tmp_path: Path) -> None:
    """Asked a third time, for Newsboat keeps validators from the second time on."""
    with watched(service) as (port, statuses):
        reader = Reader(newsboat, tmp_path / "home", port)
        for _ in range(3):
            reader.unread_after_reload()
    assert statuses[: len(FEEDS)] == [200] * len(FEEDS)
    assert statuses[-len(FEEDS) :] == [304] * len(FEEDS)


def test_a_corrected_typo_makes_nothing_new(reader: Reader, service: Service, content: Path) -> None:
    reader.unread_after_reload()
    reader.read_everything()
    write_update(content, UPDATES, categories="[covid, pay]", title="Update number twenty-one")
    service.wait_until_served("Update number twenty-one")
    assert reader.unread_after_reload() == 0
    assert "Update number twenty-one" in reader.titles().values(), "the correction has arrived"


def test_a_new_update_is_the_only_new_one(reader: Reader, service: Service, content: Path) -> None:
    reader.unread_after_reload()
    reader.read_everything()
    write_update(content, UPDATES + 1, categories="[pay, covid]")
    service.wait_until_served(f"Update number {UPDATES + 1}")
    assert reader.unread_after_reload() == 1
    assert f"Update number {UPDATES + 1}" in reader.titles().values()
