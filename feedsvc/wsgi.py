"""The WSGI entry point: ``gunicorn feedsvc.wsgi:app``."""

from feedsvc.settings import SettingsError
from feedsvc.web.app import create_app

try:
    app = create_app()
except SettingsError as error:
    raise SystemExit(str(error)) from None  # one line instead of a traceback
