"""The WSGI entry point: ``gunicorn feedsvc.wsgi:app``."""

import sys

from feedsvc.settings import SettingsError
from feedsvc.web.app import create_app

BOOT_ERROR = 3  # after which gunicorn gives up instead of starting one worker after another

try:
    app = create_app()
except SettingsError as error:
    sys.stderr.write(f"{error}\n")  # one line instead of a traceback
    sys.exit(BOOT_ERROR)
