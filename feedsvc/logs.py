"""The log: one line per event on standard output, plain or JSON, without personal data or control characters."""

import json
import logging
import sys
from datetime import UTC, datetime
from typing import Literal

from feedsvc.errors import printable


class PlainFormatter(logging.Formatter):
    """``2026-03-01T12:00:00Z INFO published generation 3 ...``; a traceback follows on lines of its own."""

    def format(self, record: logging.LogRecord) -> str:
        """The event on one line, whatever its values hold."""
        line = f"{_instant(record)} {record.levelname} {printable(record.getMessage())}"
        return f"{line}\n{self.formatException(record.exc_info)}" if record.exc_info else line


class JsonFormatter(logging.Formatter):
    """One JSON object a line: time, level, logger, message, and the traceback of a bug."""

    def format(self, record: logging.LogRecord) -> str:
        """The event on one line, whatever its values hold."""
        event = {
            "time": _instant(record),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        if record.exc_info:
            event["traceback"] = self.formatException(record.exc_info)
        return json.dumps(event)


FORMATTERS: dict[str, type[logging.Formatter]] = {"plain": PlainFormatter, "json": JsonFormatter}


def configure_logs(form: Literal["plain", "json"]) -> None:
    """Send every event of this process to standard output in that form."""
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(FORMATTERS[form]())
    logging.basicConfig(level=logging.INFO, handlers=[handler], force=True)


def _instant(record: logging.LogRecord) -> str:
    return datetime.fromtimestamp(record.created, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
