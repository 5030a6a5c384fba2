"""A feed reader and a calendar program follow random edits: run as ``python -m tests.life``.

The library ``reader`` sees each step of a history: it must hold every entry that a feed ever held, once, and take for
changed only what its author changed, however time goes on. ical.js must read of every calendar what icalendar does.
Both are installed into a folder of their own. Before, Debian's programs see one thing after the other (``programs``).
"""

import argparse
import json
import subprocess
import time
import venv
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import feedparser
import icalendar

from feedsvc.publication.reader import Reader
from tests.harness.judges import find_program
from tests.life.programs import follow
from tests.soak.histories import History

HERE = Path(__file__).parent
READER, ICAL = ("reader==3.26", "sgmllib3k==1.0.0"), "ical.js@2.2.1"
FEEDS = ("atom.xml", "rss.xml", "feed.json")


class Judges:
    """The two programs, and what the reader has seen of one history."""

    def __init__(self, tools: Path, folder: Path) -> None:
        self._python, self._modules = tools / "venv" / "bin" / "python", tools / "node_modules"
        self._folder = folder
        self._seen: set[tuple[str, str]] = set()  # feed and id of everything that was ever published
        self._content: dict[str, bytes] = {}

    @staticmethod
    def install(tools: Path) -> None:
        """Put both programs into a folder."""
        venv.create(tools / "venv", with_pip=True)
        subprocess.run([tools / "venv" / "bin" / "python", "-m", "pip", "install", "--quiet", *READER], check=True)
        npm = find_program("npm", package="npm")
        subprocess.run(
            [npm, "install", "--silent", "--no-audit", "--no-fund", "--prefix", str(tools), ICAL], check=True
        )

    def look(self, history: History) -> tuple[int, int]:
        """Look at what is published after a step; how many entries were new and how many changed."""
        documents = {
            found.path: found.variants.identity for found in Reader(history.path).every() if not found.kind.leads_on
        }
        self._read_calendars([body for path, body in documents.items() if path.endswith(".ics")])
        touched = self._touched(history.root)
        for feed in FEEDS:
            path = self._folder / "feeds" / feed
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(documents[f"/{feed}"])
            ids = _ids(feed, documents[f"/{feed}"])
            assert len(ids) == len(set(ids)), (feed, ids)
            self._seen |= {(feed, one) for one in ids}
        command: list[str | Path] = [
            self._python,
            HERE / "follow.py",
            self._folder / "reader.db",
            self._folder / "feeds",
            *FEEDS,
        ]
        found: Any = json.loads(subprocess.run(command, stdout=subprocess.PIPE, check=True).stdout)
        assert found["failed"] == []
        assert {(feed, one) for feed, one in found["held"]} == self._seen
        changed = {one for _, one, status in found["told"] if status == "modified"}
        assert touched is None or {one.partition("#")[0].rpartition("/")[2] for one in changed} <= touched, changed
        return sum(status == "new" for _, _, status in found["told"]), len(changed)

    def _touched(self, root: Path) -> set[str] | None:
        """What was edited, by the ends of ids, with what another edit may change; None when all may have changed."""
        content = {str(path): path.read_bytes() for path in sorted(root.rglob("*")) if path.is_file()}
        before, self._content = self._content, content
        edited = {path for path in before.keys() | content.keys() if before.get(path) != content.get(path)}
        if not before or any("/updates/" not in path for path in edited):
            return None
        stems = {Path(path).stem for path in edited}
        slugs = [stem.partition("-update-")[2] for stem in stems]
        leading = {Path(path).stem for path, text in content.items() if any(_names(text, slug) for slug in slugs)}
        return stems | leading

    def _read_calendars(self, calendars: list[bytes]) -> None:
        environment = {"ICAL": str(self._modules / "ical.js" / "dist" / "ical.js"), "TZ": "UTC"}
        given = json.dumps([body.decode() for body in calendars]).encode()
        command: list[str | Path] = [find_program("node", package="nodejs"), HERE / "read.js"]
        done = subprocess.run(command, input=given, stdout=subprocess.PIPE, env=environment, check=True)
        for events, body in zip(json.loads(done.stdout), calendars, strict=True):
            assert events == [list(event) for event in _events(body)]
            assert len({event[0] for event in events}) == len(events)


def _names(text: bytes, slug: str) -> bool:
    leads = (f"{field}: update-{slug}\n".encode() for field in ("replaces", "translation_of"))
    return bool(slug) and any(lead in text for lead in leads)


def _ids(feed: str, body: bytes) -> list[str]:
    if feed.endswith(".json"):
        return [item["id"] for item in json.loads(body)["items"]]
    return [entry.id for entry in feedparser.parse(body).entries]


def _events(calendar: bytes) -> Iterator[tuple[Any, ...]]:
    read: Any = icalendar.Calendar.from_ical(calendar)
    for event in read.walk("VEVENT"):
        start, end = (_said(event[name].dt) for name in ("DTSTART", "DTEND"))
        yield str(event["UID"]), start, end, str(event["STATUS"]), int(event["SEQUENCE"]), str(event["SUMMARY"])


def _said(moment: Any) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ") if isinstance(moment, datetime) else str(moment)


def play(tools: Path, seed: int, steps: int) -> Mapping[str, int]:
    """Follow so many steps of one history; how many entries were new and changed."""
    counted: Counter[str] = Counter()
    with TemporaryDirectory() as folder:
        history, judges = History(Path(folder), seed), Judges(tools, Path(folder))
        try:
            for _ in range(steps):
                history.step()
                new, changed = judges.look(history)
                counted.update(new=new, changed=changed)
        finally:
            history.store.close()
    return counted


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--steps", type=int, default=400)
    parser.add_argument("--seed", type=int, default=7)
    given = parser.parse_args()
    follow()
    began, each, counted = time.monotonic(), min(100, given.steps), Counter[str]()
    with TemporaryDirectory() as tools:
        Judges.install(Path(tools))
        for seed in range(given.seed, given.seed + given.steps // each):
            counted.update(play(Path(tools), seed, each))
            print(f"seed {seed}: {dict(counted)}, {time.monotonic() - began:.0f} seconds", flush=True)


if __name__ == "__main__":
    main()
