"""Texts in the publication that only publishing understands: updates as they were loaded, and their lines."""

from collections.abc import Iterable

from pydantic import TypeAdapter

from feedsvc.content.source import LoadedEntry
from feedsvc.documents.listed import Listed

_LOADED = TypeAdapter(LoadedEntry)
_LINES = TypeAdapter(list[Listed | None])


def dump_entry(loaded: LoadedEntry) -> str:
    """The text of a loaded update."""
    return _LOADED.dump_json(loaded).decode()


def load_entry(text: str) -> LoadedEntry:
    """What ``dump_entry`` wrote; ValueError when it makes no sense here."""
    return _LOADED.validate_json(text)


def dump_line(line: Listed) -> str:
    """The text of an update's line."""
    return _LINES.dump_json([line]).decode()[1:-1]


def load_lines(texts: Iterable[str | None]) -> list[Listed | None]:
    """What ``dump_line`` wrote, None where it wrote nothing; ValueError when it makes no sense here."""
    return _LINES.validate_json(f"[{','.join(text or 'null' for text in texts)}]")
