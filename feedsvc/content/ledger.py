"""The ledger: every update that is or ever was public, with its instant, id and address, in a file beside the content.

A line is ``2026-03-01T17:00:00Z tag:news.example.org,2026:entry/2026-03-01-masks masks``; of an update that announces
dates it also has a word for those. People add ``deleted`` to the line of an update that they took away for good. Lines
are sorted when recorded, and read in any order, for version control merges two ledgers by keeping the lines of both.
The service reads the ledger and never writes it.
"""

import os
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from feedsvc.content.announced import DATES, announces, say_dates
from feedsvc.content.calendar_days import YEARS
from feedsvc.content.folder import OutsideError, read_inside, source_name
from feedsvc.content.replacing import replace_file
from feedsvc.content.source import LoadedEntry, Mark
from feedsvc.content.unique_instants import give_instants, kept_instant
from feedsvc.errors import ContentError, Problem

LEDGER = "ledger.txt"
DELETED = "deleted"
_LIMIT = 64 * 1024 * 1024  # octets
_SHOWN = 20  # a binary file would otherwise fill pages
_LINE = re.compile(
    rb"[ \t]*(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ)[ \t]+(tag:[!-~]{1,400})[ \t]+([a-z0-9-]{1,80})(?:[ \t]+("
    + DATES
    + rb"))?(?:[ \t]+(deleted))?[ \t]*"
)
_LINE_END = re.compile(rb"\r\n|\r|\n")
_MERGE_MARK = re.compile(rb"(?:<{7}|={7}|>{7}|\|{7})(?: .*)?")
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_WIDE_MARKS = (b"\xff\xfe", b"\xfe\xff")
_REWRITE = "run: feedsvc check --record, which writes the file anew"
_EXAMPLE = "2026-03-01T17:00:00Z tag:news.example.org,2026:entry/2026-03-01-masks masks"
Rank = tuple[bool | int | str, ...]  # sorts first who was first
_Words = tuple[bytes, ...]  # of a line; the fourth and fifth are empty unless it says dates or deleted


@dataclass(frozen=True, slots=True)
class Line:
    """One update as it was public once: ``id`` is its tag URI, ``address`` its slug."""

    instant: datetime  # aware, UTC, whole seconds
    id: str
    address: str
    dates: str = ""  # what readers were told of its dates, if it has any
    is_deleted: bool = False  # an officer wrote that it is gone for good; id and address stay its own
    number: int = field(default=0, compare=False)  # where in the file it stands, from 1

    def __str__(self) -> str:
        """The line as it stands in the file."""
        words = (f"{self.instant:%Y-%m-%dT%H:%M:%SZ}", self.id, self.address, self.dates, DELETED * self.is_deleted)
        return " ".join(filter(None, words))

    @property
    def second(self) -> int:
        """The instant in seconds since 1970."""
        return int(self.instant.timestamp())


@dataclass(frozen=True, slots=True, kw_only=True)
class Ledger:
    """What the file says: its good lines, each once, in order.

    ``problems`` are lines that cannot be read and were left out. ``notes`` are what a recording puts right. ``by_id``
    is, of several lines of one id, the earliest: since then the id is taken. By id, too, are all ``addresses`` that an
    update ever had, the oldest first, all ``instants`` that it was given, in seconds since 1970, and all that was said
    of its ``dates``. ``holders`` are, by address, the ids of the updates that had it first.
    """

    lines: tuple[Line, ...] = ()
    problems: tuple[Problem, ...] = ()
    notes: tuple[Problem, ...] = ()
    by_id: Mapping[str, Line] = field(default_factory=dict)
    addresses: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    instants: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    dates: Mapping[str, frozenset[str]] = field(default_factory=dict)
    holders: Mapping[str, str] = field(default_factory=dict)

    def rank_for_id(self, entry_id: str, address: str, written: int, source: str) -> Rank:
        """Sorts updates that want one id: first who is recorded with it, then the earlier, then by name.

        ``written`` is the date in the file ``source``, in seconds since 1970. ``x.yaml`` comes before ``x-copy.yaml``.
        """
        is_recorded = address in self.addresses.get(entry_id, ())
        is_dated = kept_instant(written, self.instants.get(entry_id, ()), ()) is not None
        name, ending = os.path.splitext(source)  # noqa: PTH122  # pathlib has no such parts
        return (not is_recorded, not is_dated, written, name, ending)

    def rank_for_address(self, entry_id: str, address: str, written: int, source: str) -> Rank:
        """Sorts updates that want one address; of several that are one update by their id, who has that comes first."""
        is_holder = self.holders.get(address) == entry_id
        return (not is_holder, *self.rank_for_id(entry_id, address, written, source))

    @property
    def deleted(self) -> frozenset[str]:
        """The ids of which people wrote that they are gone for good."""
        return frozenset(line.id for line in self.lines if line.is_deleted)

    def under(self, authority: str) -> "Ledger":
        """The ledger of one site: without lines whose ids have another authority, which hold nothing there."""
        prefix = f"tag:{authority}:"
        own = [line for line in self.lines if line.id.startswith(prefix)]
        return self if len(own) == len(self.lines) else _ledger(own, self.problems, self.notes)


EMPTY = Ledger()


def read_ledger(root: Path) -> Ledger:
    """The ledger of a content folder, empty when there is none; UnsettledError when it is just being written."""
    name = source_name(root, LEDGER)
    try:
        data = read_inside(root, LEDGER, _LIMIT)
    except OutsideError as error:
        return _unreadable(name, str(error))
    except OSError as error:
        is_there = os.path.lexists(root / LEDGER)
        return _unreadable(name, f"the file cannot be read ({error.strerror})") if is_there else EMPTY
    if isinstance(data, int):
        return _unreadable(name, f"the file has {data} bytes, the limit is {_LIMIT}")
    if data.startswith(_WIDE_MARKS):
        problem = Mark().problem(name, "", "the file is saved as UTF-16", "save it with the encoding UTF-8")
        return Ledger(problems=(problem,))
    return _parse(name, data)


def record(root: Path, entries: Iterable[LoadedEntry], as_of: datetime) -> int:
    """Add what is public at ``as_of`` and not in the ledger yet; the number of new lines. No line is removed.

    ContentError when lines of it cannot be read, because they would be lost; OSError when it cannot be written.
    """
    ledger = read_ledger(root)
    if ledger.problems:
        raise ContentError(ledger.problems)
    new = {str(line) for line in new_lines(ledger, entries, as_of)}
    is_in_order = all(line.number == place for place, line in enumerate(ledger.lines, 1))
    if new or ledger.notes or not is_in_order:
        lines = sorted({*map(str, ledger.lines), *new})
        replace_file(root / LEDGER, "".join(f"{line}\n" for line in lines).encode("ascii"))
    return len(new)


def new_lines(ledger: Ledger, entries: Iterable[LoadedEntry], as_of: datetime) -> list[Line]:
    """The lines that a recording adds, in order of (published, source name)."""
    public = [loaded for loaded in entries if is_public(loaded, as_of)]
    public.sort(key=lambda loaded: (loaded.entry.published, loaded.source))
    written = [(loaded.entry.id, int(loaded.entry.published.timestamp())) for loaded in public]
    given = give_instants(written, ledger.instants)
    known = {(line.second, line.id, line.address) for line in ledger.lines}
    lines = []
    for entry in (loaded.entry for loaded in public):
        dates, said = say_dates(entry), ledger.dates.get(entry.id, frozenset())
        is_said = dates in said or not (said or announces(dates))
        if (given[entry.id], entry.id, entry.slug) not in known or not is_said:
            instant = datetime.fromtimestamp(given[entry.id], UTC)
            lines.append(Line(instant, entry.id, entry.slug, "" if is_said else dates))
    return lines


def is_public(loaded: LoadedEntry, as_of: datetime) -> bool:
    """Whether the update is neither a draft nor waiting for its time."""
    return not loaded.entry.draft and loaded.entry.published <= as_of


def _parse(name: str, data: bytes) -> Ledger:
    """Every line that can be read, and what is wrong with the others."""
    notes = []
    if data.startswith(_BYTE_ORDER_MARK):
        data = data.removeprefix(_BYTE_ORDER_MARK)
        notes.append(Mark().problem(name, "", "the file begins with a byte order mark", _REWRITE))
    if b"\r" in data:
        number = len(_LINE_END.findall(data[: data.index(b"\r") + 1]))
        notes.append(Mark(number).problem(name, "", "lines end with CR, as Windows writes them", _REWRITE))
    found: list[tuple[_Words, int]] = []
    odd: list[tuple[int, bytes]] = []
    for number, text in enumerate(_LINE_END.split(data) if notes else data.split(b"\n"), start=1):
        match = _LINE.fullmatch(text)
        if match:
            found.append((match.groups(b""), number))
        elif text.strip():
            odd.append((number, text))
    found.sort()
    problems = [_odd(name, number, text) for number, text in odd[:_SHOWN]]
    lines: list[Line] = []
    last: _Words | None = None
    for words, number in found:
        if words != last:
            last = words
            try:
                lines.append(_line(words, number))
            except ValueError:
                what = f"no update can have the instant {words[0].decode()}"
                problems.append(Mark(number).problem(name, "", what, "correct it, or delete the line"))
    return _ledger(lines, problems, notes)


def _line(words: _Words, number: int) -> Line:
    """ValueError when no calendar or clock shows the instant, or no file may say it."""
    instant, entry_id, address, dates, deleted = words
    moment = datetime.fromisoformat(instant.decode())
    if not YEARS[0] - 1 <= moment.year <= YEARS[-1] + 1:  # for a local date of the first or last year may lie outside
        raise ValueError
    return Line(moment, entry_id.decode(), address.decode(), dates.decode(), bool(deleted), number)


def _ledger(lines: Sequence[Line], problems: Iterable[Problem], notes: Iterable[Problem]) -> Ledger:
    """The ledger of lines in order, with its look-ups."""
    by_id: dict[str, Line] = {}
    addresses: dict[str, tuple[str, ...]] = {}
    seconds: dict[str, tuple[int, ...]] = {}
    dates: dict[str, frozenset[str]] = {}
    holders: dict[str, str] = {}
    for line in lines:
        if line.dates:
            dates[line.id] = dates.get(line.id, frozenset()) | {line.dates}
        holders.setdefault(line.address, line.id)
        if by_id.setdefault(line.id, line) is line:
            addresses[line.id], seconds[line.id] = (line.address,), (line.second,)
            continue
        addresses[line.id] = tuple(dict.fromkeys((*addresses[line.id], line.address)))
        seconds[line.id] = tuple(dict.fromkeys((*seconds[line.id], line.second)))
    return Ledger(
        lines=tuple(lines),
        problems=tuple(sorted(problems)[:_SHOWN]),
        notes=tuple(notes),
        by_id=by_id,
        addresses=addresses,
        instants=seconds,
        dates=dates,
        holders=holders,
    )


def _odd(name: str, number: int, text: bytes) -> Problem:
    """What is wrong with a line that is none."""
    if _MERGE_MARK.fullmatch(text):
        what, fix = "this mark was left by a merge", "delete the line and keep the ledger's lines around it"
        return Mark(number, 1, text.decode(errors="replace")).problem(name, "", what, fix)
    try:
        shown = text.decode()
    except UnicodeDecodeError as error:
        what = f"the line is not saved as UTF-8 (byte 0x{text[error.start]:02x})"
        column = len(text[: error.start].decode()) + 1
        return Mark(number, column).problem(name, "", what, f"write it like {_EXAMPLE}, or delete it")
    for column, character in enumerate(shown, start=1):
        if not character.isprintable() and character != "\t":
            what = f"the control character U+{ord(character):04X} cannot stand here"
            return Mark(number, column).problem(name, "", what, f"delete it, so that the line is like {_EXAMPLE}")
    what = "this is no line of the ledger"
    fix = f"write instant, id and address, such as {_EXAMPLE}, or delete it"
    return Mark(number, 1, shown).problem(name, "", what, fix)


def _unreadable(name: str, what: str) -> Ledger:
    """A ledger of nothing, since there is something in its place that cannot be read."""
    fix = "put the last good file in its place, or delete it and run: feedsvc check --record"
    return Ledger(problems=(Mark().problem(name, "", what, fix),))
