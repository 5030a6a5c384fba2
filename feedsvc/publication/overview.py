"""Everything that who operates the machine may want to know of a publication, from its files, in words and as JSON.

What is told here is for them alone: files, drafts and what waits for its time.
"""

from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from feedsvc.errors import Problem, printable
from feedsvc.publication.condition import Condition, examine, is_at_work
from feedsvc.publication.memory import count_remembered, memory_path
from feedsvc.publication.outbox import Told, read_outbox
from feedsvc.publication.reader import Reader
from feedsvc.publication.rows import Line


@dataclass(frozen=True, slots=True, kw_only=True)
class Overview:
    """The condition of a publication at ``now``, with all that the public is not told.

    ``held_back`` are problems and since when they keep a file back. ``waiting`` and ``drafts`` are lines of updates as
    the publication lists them. ``remembered`` is how many updates the memory knows; None when it cannot be read.
    ``told`` is how it goes with those who are told of changes.
    """

    publication: Path
    now: float
    condition: Condition
    held_back: tuple[tuple[Problem, int], ...]
    waiting: tuple[Line, ...]
    drafts: tuple[Line, ...]
    remembered: int | None
    told: tuple[Told, ...]

    def as_json(self) -> dict[str, Any]:
        """The overview for programs; instants are in ISO 8601."""
        found = self.condition
        return {
            "status": found.status,
            "since": _instant(found.since),
            "reasons": [
                {"cause": reason.cause.label, "words": reason.cause.words, "since": _instant(reason.since)}
                for reason in found.reasons
            ],
            "publication": str(self.publication),
            "generation": found.generation,
            "entries": found.entries,
            "held_back": [
                {
                    "file": problem.file,
                    "line": problem.line,
                    "column": problem.column,
                    "message": str(problem),
                    "since": _instant(since),
                }
                for problem, since in self.held_back
            ],
            "waiting": [{**_described(line), "published": _instant(line.published)} for line in self.waiting],
            "drafts": [_described(line) for line in self.drafts],
            "publisher": self._publisher(),
            "replicas": self._replicas(),
            "memory": {"file": str(memory_path(self.publication)), "updates": self.remembered},
            "announced": [_announced(each) for each in self.told],
        }

    def as_text(self) -> str:
        """The overview for people."""
        return "\n".join(printable(line) for line in self._lines())

    def _lines(self) -> Iterator[str]:
        told = self.as_json()
        yield f"Status: {told['status']}" + (f", since {told['since']}" if told["since"] else "")
        for reason in told["reasons"]:
            yield f"  {reason['words']}" + (f", since {reason['since']}" if reason["since"] else "")
        yield f"Published: {told['entries']} updates, in generation {told['generation']}, in {told['publication']}"
        yield f"Held back: {self.condition.held_back} files"
        yield from (f"  {held['message']} (since {held['since']})" for held in told["held_back"])
        yield f"Waiting: {len(self.waiting)} updates"
        yield from (f"  {line['published']} {line['file']}: {line['title']}" for line in told["waiting"])
        yield f"Drafts: {len(self.drafts)}"
        yield from (f"  {line['file']}: {line['title']}" for line in told["drafts"])
        yield from _of_publisher(told["publisher"])
        if told["replicas"]:
            said = f" (last said: {told['replicas']['last_said']})" if told["replicas"]["last_said"] else ""
            yield f"Replicas: generation {told['replicas']['generation']} at {told['replicas']['agreed']}{said}"
        known = "not to be read" if self.remembered is None else f"{self.remembered} updates"
        yield f"Memory: {known}, in {told['memory']['file']}"
        yield from map(_of_target, self.told)

    def _publisher(self) -> dict[str, Any] | None:
        publishing, supervision = self.condition.publishing, self.condition.supervision
        if publishing is None:
            return None
        return {
            "is_alive": is_at_work(publishing, self.now),
            "process": publishing.pid,
            "since": _instant(publishing.started),
            "last_heard": _instant(publishing.beat),
            "last_said": publishing.said,
            "publishes": dict(publishing.counts),
            "ends": 0 if supervision is None else supervision.total,
            "last_end": "" if supervision is None else supervision.said,
        }

    def _replicas(self) -> dict[str, Any] | None:
        found = self.condition.replication
        if found is None:
            return None
        return {"generation": found.generation, "agreed": _instant(found.agreed), "last_said": found.said}


def survey(publication: Path, now: float) -> Overview:
    """The overview of a publication, whatever is there of it; StoreError where another release wrote it."""
    with ExitStack() as closing:

        def open_reader() -> Reader:
            reader = Reader(publication)
            closing.callback(reader.close)
            return reader

        condition = examine(publication, open_reader, now)
        held_back: list[tuple[Problem, int]] = []
        lines: list[Line] = []
        if condition.generation:
            reader = open_reader()
            since = reader.state()[1].site_since
            held_back = [*((problem, since) for problem in reader.site_problems()), *reader.held_back()]
            lines = sorted(reader.listed(), key=lambda line: line.published)
    return Overview(
        publication=publication,
        now=now,
        condition=condition,
        held_back=tuple(held_back),
        waiting=tuple(line for line in lines if not line.is_draft and line.published > now),
        drafts=tuple(line for line in lines if line.is_draft),
        remembered=count_remembered(publication),
        told=read_outbox(memory_path(publication)),
    )


def _described(line: Line) -> dict[str, Any]:
    return {"file": line.source, "title": line.title}


def _announced(told: Told) -> dict[str, Any]:
    return {
        "name": told.name,
        "owed": told.owed,
        "accepted": told.accepted,
        "given_up": told.given_up,
        "failing_since": _instant(told.since),
        "next_try": _instant(told.due) if told.since else None,
        "last_answer": told.said,
    }


def _of_target(told: Told) -> str:
    """How it goes with one who is told; that a hub accepted something does not mean that it delivered it."""
    line = f"Announced to {told.name}: {told.accepted} accepted, {told.owed} to be told"
    line += f", {told.given_up} given up" if told.given_up else ""
    line += f", refusing since {_instant(told.since)}, next try {_instant(told.due)}" if told.since else ""
    return line + (f" (last answer: {told.said})" if told.said else "")


def _of_publisher(told: Mapping[str, Any] | None) -> Iterator[str]:
    if told is None:
        yield "Publisher: none has ever been heard of here"
        return
    word = "alive" if told["is_alive"] else "not running"
    yield f"Publisher: {word}, process {told['process']} since {told['since']}, last heard of {told['last_heard']}"
    yield "  publishes: " + ", ".join(f"{count} {outcome}" for outcome, count in told["publishes"].items())
    if told["ends"]:
        yield f"  ended unasked {told['ends']} times; the last time it {told['last_end']}"
    for line in told["last_said"].splitlines():
        yield f"  said: {line}"


def _instant(seconds: float | None) -> str | None:
    return datetime.fromtimestamp(int(seconds), UTC).isoformat() if seconds else None
