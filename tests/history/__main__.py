"""A feed reader that is not ours follows the links of feeds back to the first update: ``python -m tests.history``.

It is the library ``reader`` (pip install reader sgmllib3k), with a store of its own: what it kept after the walk is
compared with the content, by id, title and date. Feeds come over HTTP from this process, for random content of several
shapes.
"""

import importlib
import json
import random
import sys
import threading
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import feedparser

from feedsvc.model import Entry
from tests.documents.test_archives import House, make_at
from tests.make import BASE_URL

BEGIN = datetime(2024, 12, 31, 20, tzinfo=UTC)
SEED = 16
MOST = 1_000  # documents of a walk
SHAPES: Mapping[str, tuple[int, timedelta]] = {
    "none": (0, timedelta()),
    "one year": (60, timedelta(days=5)),
    "thousands": (2_500, timedelta(hours=4)),
    "all in one day": (600, timedelta(seconds=100)),
}
NAMES = ("rss.xml", "atom.xml", "feed.json")


def make_house(shape: str, random_: random.Random) -> House:
    """A site with as many updates, a step apart on the average and of random lengths."""
    count, step = SHAPES[shape]
    house = House()
    entries = []
    for number in range(count):
        words = f"<p>{'word ' * random_.randrange(1, 2_400)}</p>"
        categories = random_.choice([("covid",), ("pay",), ("covid", "pay")])
        when = BEGIN + number * step + timedelta(seconds=random_.randrange(60))
        entries.append(make_at(number, when, content_html=words, categories=categories))
    house.publish(*entries)
    house.publish_everything()
    return house


def serve(house: House) -> ThreadingHTTPServer:
    """The documents of the site at an address of this machine, their links included."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            document = house.get(BASE_URL + self.path[1:])
            body = document.body.replace(BASE_URL.encode(), address(server).encode())
            self.send_response(200)
            self.send_header("Content-Type", document.media_type)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server


def address(server: ThreadingHTTPServer) -> str:
    return f"http://127.0.0.1:{server.server_port}/"


def walk(reader: Any, house: House, server: ThreadingHTTPServer, start: str) -> Iterator[Any]:
    """All that the reader keeps of each document, from the feed to the oldest."""
    url: str | None = address(server) + start
    for _ in range(MOST):
        if not url:
            return
        reader.add_feed(url, exist_ok=True)
        reader.update_feed(url)
        yield from reader.get_entries(feed=url)
        url = _next(house, url.removeprefix(address(server)), server)
    raise AssertionError(f"{start} has no end")


def _next(house: House, path: str, server: ThreadingHTTPServer) -> str | None:
    """Where the document leads on to, as programs read it."""
    body = house.get(BASE_URL + path).body.replace(BASE_URL.encode(), address(server).encode())
    if path.endswith(".json"):
        found: str | None = json.loads(body).get("next_url")
        return found
    links = feedparser.parse(body).feed.links
    return next((link.href for link in links if link.rel == "prev-archive"), None)


def compare(kept: Iterator[Any], expected: Mapping[str, Entry]) -> list[str]:
    """What differs between what was kept and the content."""
    found = {entry.id: entry for entry in kept if "/about" not in entry.id}
    differences = [f"missing: {missing}" for missing in expected.keys() - found.keys()]
    differences += [f"not ours: {strange}" for strange in found.keys() - expected.keys()]
    for entry_id in expected.keys() & found.keys():
        own, theirs = expected[entry_id], found[entry_id]
        if (own.title, own.published) != (theirs.title, theirs.published):
            differences.append(f"{entry_id}: {theirs.title}, {theirs.published}")
    return differences


def main() -> int:
    make_reader = importlib.import_module("reader").make_reader  # which only this needs
    random_, failed = random.Random(SEED), 0
    print(f"seed {SEED}")
    for shape in SHAPES:
        house = make_house(shape, random_)
        with serve(house) as server:
            for place in ("", "covid/"):
                expected = {
                    entry.id: entry for entry in house.entries.values() if not place or "covid" in entry.categories
                }
                for name in NAMES if place else NAMES[:1]:
                    reader = make_reader(":memory:", feed_root="")
                    differences = compare(walk(reader, house, server, place + name), expected)
                    documents = len(list(reader.get_feeds()))
                    print(
                        f"{shape}, /{place}{name}: {len(expected)} updates in {documents} documents", *differences[:5]
                    )
                    failed += bool(differences)
            server.shutdown()
    return min(failed, 1)


if __name__ == "__main__":
    sys.exit(main())
