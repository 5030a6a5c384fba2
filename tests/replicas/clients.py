"""Who reads all the while: clients of one replica, one that wanders, one of the cache. They note what must not be."""

import hashlib
import random
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from threading import Lock, Thread
from time import monotonic, sleep

PATHS = ("/rss.xml", "/", "/covid/atom.xml", "/feed.json", "/updates/update-1/", "/covid/", "/search/2026/1.json")
MARK = re.compile(rb"Publish number (\d+)")
PAUSE = 0.02  # seconds between requests


@dataclass(slots=True)
class Truth:
    """What the publisher served: the tags of each document by its path and number; when each number was first seen."""

    etags: dict[tuple[str, int], set[str]] = field(default_factory=dict)
    published: dict[int, float] = field(default_factory=dict)
    lock: Lock = field(default_factory=Lock)


@dataclass(slots=True)
class Client:
    """Asks again and again. ``ports`` are those of machines between which it wanders; ``seen`` is when it met what."""

    name: str
    ports: list[int]
    truth: Truth
    is_each_document_alone: bool = False
    answers: int = 0
    refused: int = 0
    back: list[str] = field(default_factory=list)
    mixed: list[str] = field(default_factory=list)
    seen: dict[int, float] = field(default_factory=dict)
    longest: float = 0.0
    is_over: bool = False
    unproven: list[tuple[str, int, str]] = field(default_factory=list)

    def start(self) -> Callable[[], None]:
        """Begin; what ends it."""
        thread = Thread(target=self._run, daemon=True)
        thread.start()

        def stop() -> None:
            self.is_over = True
            thread.join(60)

        return stop

    def _run(self) -> None:
        newest: dict[str, int] = {}
        while not self.is_over:
            port, path = random.choice(self.ports), random.choice(PATHS)
            asked = monotonic()
            try:
                connection = HTTPConnection("127.0.0.1", port, timeout=20)
                connection.request("GET", path)
                answer = connection.getresponse()
                # Varnish unpacks what it keeps packed, and says so
                body, etag = answer.read(), (answer.headers["ETag"] or "").removeprefix("W/").strip('"')
                etag = etag.removesuffix("-gzip")
                connection.close()
            except (OSError, HTTPException):
                self.refused += 1
                sleep(0.1)
                continue
            if answer.status != 200:
                self.refused += 1
                continue
            self.answers += 1
            self._judge(path, body, etag, asked, newest)
            sleep(PAUSE)

    def _judge(self, path: str, body: bytes, etag: str, asked: float, newest: dict[str, int]) -> None:
        numbers = {int(number) for number in MARK.findall(body)}
        if len(numbers) != 1 or hashlib.sha256(body).hexdigest()[:32] != etag:
            self.mixed.append(f"{path}: {sorted(numbers)} under {etag}")
            return
        (number,) = numbers
        self.unproven.append((path, number, etag))
        self.seen.setdefault(number, monotonic())
        key = path if self.is_each_document_alone else ""
        if number < newest.get(key, 0):
            newer = min(when for other, when in self.seen.items() if other > number)
            self.longest = max(self.longest, asked - newer)
            self.back.append(f"{path}: {number} after {newest[key]}, {asked - newer:.2f} s after a newer one was seen")
        newest[key] = max(number, newest.get(key, 0))

    def unknown(self) -> list[str]:
        """What it was given that the publisher never served."""
        return [
            f"{path}: {number} under {etag}"
            for path, number, etag in dict.fromkeys(self.unproven)
            if etag not in self.truth.etags.get((path, number), ())
        ]
