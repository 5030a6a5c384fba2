"""Made pictures by the digest of their source: a folder that may be deleted at any time, and costs but time then."""

import hashlib
import json
import os
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import astuple
from pathlib import Path
from typing import Any

from feedsvc.pictures.sizes import SETTINGS, Made

ROOM = 1 << 30  # octets; those that were not asked for longest go first
ROOM_IN_MEMORY = 64 << 20  # octets, where no folder can be written
HEAD = 4096  # octets, which the list of what is in a file fits in

Octets = Sequence[tuple[Made, bytes]]


class PictureCache:
    """The folder, or (without one, or when it cannot be written) as much as the memory is to hold.

    A file is as ``pack`` makes it.
    """

    def __init__(self, folder: Path | None, room: int = ROOM) -> None:
        self._folder = folder
        self._room = room
        self._known: dict[str, tuple[Made, ...]] = {}
        self._in_memory: dict[str, Octets] = {}

    def made(self, name: str) -> tuple[Made, ...] | None:
        """What is kept under that name."""
        if name not in self._known and (head := self._head(name)) is not None:
            self._known[name] = tuple(made for made, _, _ in head)
        return self._known.get(name)

    def octets(self, name: str, made: Made) -> bytes | None:
        """The octets of one of these; None when they are not there any more, or not what they were."""
        for other, body in self._in_memory.get(name, ()):
            if other == made:
                return body
        with suppress(OSError, ValueError, KeyError, TypeError):
            data = self._path(name).read_bytes()
            at = data.index(b"\n") + 1
            for other, length, digest in read_head(data[:at]):
                if other == made and hashlib.sha256(body := data[at : at + length]).hexdigest() == digest:
                    return body
                at += length
        return None

    def put(self, name: str, finished: Octets) -> None:
        """Keep these: all of them at once, or (where there is no room) in memory."""
        self._known[name] = tuple(made for made, _ in finished)
        try:
            path = self._path(name)
            path.parent.mkdir(parents=True, exist_ok=True)
            beside = path.with_name(f".{name}.{os.getpid()}")
            beside.write_bytes(pack(finished))
            beside.replace(path)
        except OSError:
            self._in_memory[name] = finished
            while sum(len(body) for held in self._in_memory.values() for _, body in held) > ROOM_IN_MEMORY:
                del self._in_memory[next(iter(self._in_memory))]

    def prune(self) -> None:
        """Throw away what was not asked for longest, down to the room there is."""
        with suppress(OSError):
            found = sorted((status.st_mtime_ns, status.st_size, path) for path, status in self._files())
            whole = sum(size for _, size, _ in found)
            for _, size, path in found:
                if whole <= self._room:
                    break
                path.unlink(missing_ok=True)
                whole -= size

    def _files(self) -> list[tuple[Path, os.stat_result]]:
        return [(path, path.stat()) for path in (self._folder.iterdir() if self._folder else ())]

    def _head(self, name: str) -> list[tuple[Made, int, str]] | None:
        with suppress(OSError, ValueError, KeyError, TypeError):
            path = self._path(name)
            with path.open("rb") as file:
                line = file.readline(HEAD)
                head = read_head(line)
                if os.fstat(file.fileno()).st_size == len(line) + sum(length for _, length, _ in head):
                    os.utime(path)
                    return head
        return None

    def _path(self, name: str) -> Path:
        if self._folder is None:
            raise FileNotFoundError(name)
        return self._folder / f"{name}.{SETTINGS}"


def pack(finished: Octets) -> bytes:
    """A line of JSON that says what follows, and then just that."""
    head = [(*astuple(made), len(body), hashlib.sha256(body).hexdigest()) for made, body in finished]
    return b"".join((json.dumps(head).encode(), b"\n", *(body for _, body in finished)))


def read_head(line: bytes) -> list[tuple[Made, int, str]]:
    """What the first line of ``pack`` says; ValueError, KeyError or TypeError when it says nothing of the kind."""
    said: Any = json.loads(line)
    return [
        (Made(size=size, media_type=media_type, width=width, height=height), int(length), digest)
        for size, media_type, width, height, length, digest in said
    ]
