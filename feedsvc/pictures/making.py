"""Where pictures are made: by children with limits, one for each core, each picture once, and kept.

Nothing here decodes anything. A picture whose child dies is refused; the next one is made by another child.
"""

import json
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from selectors import EVENT_READ, DefaultSelector
from typing import IO

from feedsvc.errors import FeedsvcError
from feedsvc.pictures.cache import PictureCache, read_head
from feedsvc.pictures.sizes import DAMAGED, Made, PictureError
from feedsvc.settings import cores
from feedsvc.system import CAN_POLL_PIPES

PROGRAM = (sys.executable, "-m", "feedsvc.pictures.worker")
OF_TIME = tuple(getattr(signal, name) for name in ("SIGPROF", "SIGALRM") if hasattr(signal, name))
SLOW = PictureError("takes too long to unpack", "make it smaller, and save it as JPEG or PNG")

Octets = list[tuple[Made, bytes]]
Progress = Callable[[int, int], None]  # pictures made, pictures in all


class MakingError(FeedsvcError):
    """No picture at all can be made at the moment; the text says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """A picture to make: ``key`` names its bytes, and ``read`` gives them when their turn has come."""

    key: str
    purpose: str
    read: Callable[[], bytes]


class PictureMaker:
    """Makes pictures, and knows what was made or refused."""

    def __init__(self, cache: PictureCache) -> None:
        self._cache = cache
        self._refused: dict[str, PictureError] = {}

    def known(self, key: str, purpose: str) -> tuple[Made, ...] | None:
        """What was made of those bytes; None when nothing was tried yet. PictureError when they were refused."""
        name = f"{key}-{purpose}"
        if name in self._refused:
            raise self._refused[name]
        return self._cache.made(name)

    def made(self, job: Job) -> tuple[Made, ...]:
        """What is made of those bytes, now if need be; PictureError when they are refused."""
        found = self.known(job.key, job.purpose)
        if found is None:
            self.make([job])
        return found or self.known(job.key, job.purpose) or ()

    def octets(self, job: Job, made: Made, clean: Callable[[bytes], bytes] | None = None) -> bytes:
        """The octets of a picture that was made before; it is made again if they were thrown away meanwhile.

        ``clean`` makes it of the source's without a decoder.
        """
        body = self._cache.octets(f"{job.key}-{job.purpose}", made)
        if body is None:
            finished = [(made, clean(job.read()))] if clean else next(_run([job]))[1]
            if isinstance(finished, PictureError):
                raise finished
            self._cache.put(f"{job.key}-{job.purpose}", finished)
            body = dict(finished)[made]
        return body

    def make(self, jobs: Sequence[Job], progress: Progress | None = None) -> None:
        """Make all of these on all cores; ``known`` says what became of each."""
        for number, (job, finished) in enumerate(_run(jobs), 1):
            name = f"{job.key}-{job.purpose}"
            if isinstance(finished, PictureError):
                self._refused[name] = finished
            else:
                self._cache.put(name, finished)
            if progress is not None:
                progress(number, len(jobs))
        self._cache.prune()


def _run_in_turn(jobs: Sequence[Job]) -> Iterator[tuple[Job, Octets | PictureError]]:
    """The same, one after the other, where nobody can wait for several children at once."""
    child: _Child | None = None
    try:
        for job in jobs:
            if child is None or not child.is_alive():
                child = _Child()
            child.give(job)
            yield child.result()
    finally:
        if child is not None:
            child.end()


def _run(jobs: Sequence[Job]) -> Iterator[tuple[Job, Octets | PictureError]]:
    """Each job with what became of it, as they are done."""
    if not CAN_POLL_PIPES:
        yield from _run_in_turn(jobs)
        return
    left = list(reversed(jobs))
    children: list[_Child] = []
    with DefaultSelector() as ready:

        def begin(child: _Child) -> None:
            child.give(left.pop())
            ready.register(child.said, EVENT_READ, child)

        try:
            for _ in range(min(cores(), len(jobs))):
                children.append(_Child())
                begin(children[-1])
            while ready.get_map():
                for event, _ in ready.select():
                    child: _Child = event.data
                    ready.unregister(child.said)
                    done = child.result()
                    if left:
                        if not child.is_alive():
                            child = _Child()
                            children.append(child)
                        begin(child)
                    yield done
        finally:
            for child in children:
                child.end()


class _Child:
    """A process that makes one picture after the other, until one kills it."""

    def __init__(self) -> None:
        try:
            self._process = subprocess.Popen(  # noqa: S603  # our own program
                PROGRAM, stdin=subprocess.PIPE, stdout=subprocess.PIPE
            )
        except OSError as error:
            raise MakingError(f"no process can be started to make pictures ({error.strerror})") from error
        self._given, self.said = _pipe(self._process.stdin), _pipe(self._process.stdout)
        self._job: Job | None = None
        if not self.said.readline():
            self.end()
            raise MakingError("the process that makes pictures does not start; its words are above")

    def give(self, job: Job) -> None:
        """Let it begin; a child that dies of it is found dead by ``result``."""
        self._job = job
        data = job.read()
        with suppress(BrokenPipeError):
            self._given.write(json.dumps({"purpose": job.purpose, "length": len(data)}).encode() + b"\n")
            self._given.write(data)
            self._given.flush()

    def result(self) -> tuple[Job, Octets | PictureError]:
        """What it made of its job."""
        job, self._job = self._job, None
        assert job is not None  # noqa: S101  # it was given one
        line = self.said.readline()
        if not line.endswith(b"\n"):  # it died
            self.end()
            return job, SLOW if -self._process.returncode in OF_TIME else DAMAGED
        answer = json.loads(line)
        if isinstance(answer, dict):
            return job, PictureError(*answer["refused"])
        return job, [(made, self.said.read(length)) for made, length, _ in read_head(line)]

    def is_alive(self) -> bool:
        """Whether it can take another job."""
        return self._process.poll() is None

    def end(self) -> None:
        """End it, if it has not ended: what it may be at is not wanted any more."""
        for pipe in (self._given, self.said):
            with suppress(OSError):
                pipe.close()
        if self._job is not None:
            self._process.kill()
        self._process.wait()


def _pipe(pipe: IO[bytes] | None) -> IO[bytes]:
    assert pipe is not None  # noqa: S101  # asked for
    return pipe
