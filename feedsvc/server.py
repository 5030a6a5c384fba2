"""The service as it is deployed: ``python -m feedsvc.server`` becomes gunicorn, or says what the settings lack.

gunicorn reads some variables before it reads our configuration, and what it cannot read ends in a traceback.
"""

import os
import sys

from feedsvc.settings import SettingsError, check_content, check_publication, read_server_settings, read_settings

COMMAND = ("-m", "gunicorn", "-c", "python:feedsvc.gunicorn_conf", "feedsvc.wsgi:app")


def main() -> None:
    """Start gunicorn in place of this process; what follows on the command line is handed on to it."""
    try:
        settings = read_settings()
        check_content(settings.content)
        check_publication(settings.publication)
        read_server_settings()
    except SettingsError as error:
        raise SystemExit(str(error)) from None
    os.execv(sys.executable, [sys.executable, *COMMAND, *sys.argv[1:]])  # noqa: S606  # no shell is wanted


if __name__ == "__main__":
    main()
