"""gunicorn's own events in the form of ours, on standard output."""

import logging
import sys
from typing import Any

from gunicorn.glogging import Logger

from feedsvc.logs import FORMATTERS
from feedsvc.settings import read_settings


class ServerLog(Logger):  # type: ignore[misc]  # gunicorn has no types
    """gunicorn's logger; a dictionary for ``logconfig_dict`` would switch on a line per request, which is costly."""

    def setup(self, cfg: Any) -> None:
        """Set up as gunicorn does, then change form and stream of what goes to the terminal."""
        super().setup(cfg)
        formatter = FORMATTERS[read_settings().log]()
        for handler in (*self.error_log.handlers, *self.access_log.handlers):
            handler.setFormatter(formatter)
            if isinstance(handler, logging.StreamHandler) and handler.stream is sys.stderr:
                handler.setStream(sys.stdout)
