"""What Debian's newsboat, rss2email and khal make of each thing that happens to an update.

``python -m tests.life`` runs it. Newsboat and rss2email follow one feed and say how many entries are new to them; khal
reads the calendar beside it.
"""

import os
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from http.server import SimpleHTTPRequestHandler
from pathlib import Path
from tempfile import TemporaryDirectory

from feedsvc.exporting.directory import export_directory
from feedsvc.publication.reader import Reader as Publication
from feedsvc.publishing.once import publish_content
from feedsvc.settings import Settings
from tests.harness.folder import write_folder, write_update
from tests.harness.http_server import run_server
from tests.harness.judges import find_program
from tests.test_calendar_programs import CONFIG, shown
from tests.test_readers import UPDATES, Reader

FEED = "/covid/rss.xml"
MEETING = "event: {{start: 2026-04-20 18:00, place: {}}}\n"
R2E = """\
[DEFAULT]
from = feeds@example.org
to = member@example.org
email-protocol = maildir
maildir-path = {home}
maildir-mailbox = mail
"""


@dataclass(frozen=True)
class Seen:
    """How many entries are new in newsboat and in the mail, and the events that khal shows."""

    unread: int
    mails: int
    events: tuple[str, ...]  # start, title, status and place of each


class House:
    """Content, its export on a host that knows no rules, and the three programs."""

    def __init__(self, folder: Path, port: int) -> None:
        self.root = write_folder(folder / "content", UPDATES)
        self.public, self._publication = folder / "public", folder / "publication.db"
        self._newsboat = Reader(find_program("newsboat", package="newsboat"), folder / "newsboat", port, (FEED,))
        self._mail = Rss2Email(folder / "r2e", f"http://127.0.0.1:{port}{FEED}")
        (folder / "khal" / "calendar").mkdir(parents=True)
        (folder / "khal" / "config").write_text(CONFIG.format(folder=folder / "khal" / "calendar"))
        self._khal = [find_program("khal", package="khal"), "--config", str(folder / "khal" / "config")]

    def look(self, moment: str) -> Seen:
        """Publish at an instant, and look; afterwards nothing is unread."""
        settings = Settings(content=self.root, publication=self._publication, pictures=Settings().kept_pictures)
        instant = datetime.fromisoformat(moment).replace(tzinfo=UTC)
        outcome = publish_content(settings, instant)
        assert not outcome.problems, outcome.problems
        with Publication(self._publication) as reader:
            export_directory(reader, self.public)
        unread = self._newsboat.unread_after_reload()
        self._newsboat.read_everything()
        events = [line.split("|") for line in shown(self._khal, self.public / "covid" / "calendar.ics")]
        said = tuple(f"{start[5:]} {title} {status.strip()} {place}" for start, _, title, status, place, _ in events)
        return Seen(unread, self._mail.run(), said)


class Rss2Email:
    """Rss2email, which writes a mail into a folder for each entry that is new to it."""

    def __init__(self, home: Path, url: str) -> None:
        self._home = home
        for folder in ("cur", "new", "tmp"):
            (home / "mail" / folder).mkdir(parents=True)
        (home / "config").write_text(R2E.format(home=home))
        self._run("add", "local", url)

    def _run(self, *arguments: str) -> None:
        program = find_program("r2e", package="rss2email")
        command = [program, "--config", str(self._home / "config"), "--data", str(self._home / "data"), *arguments]
        environment = {"HOME": str(self._home), "PATH": os.environ["PATH"], "LANG": "C.UTF-8"}
        subprocess.run(command, capture_output=True, timeout=120, check=True, env=environment)

    def run(self) -> int:
        """Look at the feed; how many mails that gave."""
        before = len(list((self._home / "mail" / "new").iterdir()))
        self._run("run")
        return len(list((self._home / "mail" / "new").iterdir())) - before


def _edit(root: Path, number: int, more: str, **fields: str) -> None:
    write_update(root, number, more=more, **fields)


def _rename_file(root: Path, more: str) -> None:
    path = root / "updates" / "2026-02-01-update-2.yaml"
    path.with_stem("2026-02-01-another").write_text(path.read_text() + more)
    path.unlink()


def _write_site(root: Path, old: str, new: str) -> None:
    site = root / "site.yaml"
    assert old in site.read_text()
    site.write_text(site.read_text().replace(old, new))


NOTE = "changes: [{date: 2026-03-03 10:00, note: Another room.}]\n"
OFF = "withdrawn: 2026-03-04 10:00\nreason: No room is free.\n"
FIRST, MOVED = "04-20 18:00 Update number 1 CONFIRMED Hall", "04-20 18:00 Update number 1 CONFIRMED Room 4"
CANCELLED = "04-20 18:00 Cancelled: Update number 1 CANCELLED Room 4"
DEADLINE = "04-24 17:00 Deadline: Update number 3 CONFIRMED "
# what happens, when, and what is seen then: new in newsboat, new mails, and what khal shows
STAGES: tuple[tuple[str, Callable[[Path], None], str, Seen], ...] = (
    ("a meeting is announced", lambda root: _edit(root, 1, MEETING.format("Hall")), "2026-03-02", Seen(0, 0, (FIRST,))),
    (
        "correction",
        lambda root: _edit(root, 1, MEETING.format("Room 4") + NOTE),
        "2026-03-03T20:00",
        Seen(0, 0, (MOVED,)),
    ),
    (
        "withdrawal",
        lambda root: _edit(root, 1, MEETING.format("Room 4") + NOTE + OFF),
        "2026-03-05",
        Seen(0, 0, (CANCELLED,)),
    ),
    (
        "another slug with alias",
        lambda root: _edit(root, 2, "slug: other\naliases: [update-2]\n"),
        "2026-03-06",
        Seen(0, 0, (CANCELLED,)),
    ),
    (
        "another slug without alias",
        lambda root: _edit(root, 2, "slug: third\n"),
        "2026-03-07",
        Seen(0, 0, (CANCELLED,)),
    ),
    ("another file name without id", lambda root: _rename_file(root, ""), "2026-03-08", Seen(1, 1, (CANCELLED,))),
    (
        "the category renamed with alias",
        lambda root: _write_site(root, "slug: covid", "slug: health\n    aliases: [covid]"),
        "2026-03-09",
        Seen(0, 0, (CANCELLED,)),
    ),
    (
        "move of host",
        lambda root: _write_site(root, "https://news.example.org/", "https://elsewhere.example/"),
        "2026-03-10",
        Seen(0, 0, (CANCELLED,)),
    ),
    (
        "a deadline",
        lambda root: _edit(root, 3, "deadline: 2026-04-24 17:00\nremind: 3 days\n"),
        "2026-04-20",
        Seen(0, 0, (CANCELLED, DEADLINE)),
    ),
    ("its reminder", lambda _root: None, "2026-04-22T12:00", Seen(1, 1, (CANCELLED, DEADLINE))),
    ("nothing", lambda _root: None, "2026-04-23", Seen(0, 0, (CANCELLED, DEADLINE))),
)


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        """Keep what it says to itself."""


def follow() -> None:
    """Let everything happen, one after the other; AssertionError where a program sees something else."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        with run_server(partial(Quiet, directory=str(folder / "public"))) as port:
            house = House(folder, port)
            first = house.look("2026-03-01")
            print(f"subscribed: {first}", flush=True)
            assert first.unread == first.mails == UPDATES
            for what, happen, moment, expected in STAGES:
                happen(house.root)
                seen = house.look(moment)
                print(f"{what}: {seen}", flush=True)
                assert seen == expected, (what, expected)
