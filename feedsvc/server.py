"""The service as it is deployed: ``python -m feedsvc.server`` becomes gunicorn, or says what the settings lack.

gunicorn reads some variables before it reads our configuration, and what it cannot read ends in a traceback.
"""

import errno
import os
import socket
import sys
from time import sleep

from feedsvc.server_settings import is_bound_otherwise, read_server_settings
from feedsvc.settings import CHOOSE_PLACE, SettingsError, check_content, check_publication, lies_for_now, read_settings
from feedsvc.system import CAN_FORK, WITHOUT_POSIX

TRIES, PAUSE = 5, 1.0  # seconds: a host may start the next service while the last one ends
OTHER_PORT = "set PORT to another number, or BIND to another address, or end what listens there"
COMMAND = ("-m", "gunicorn", "-c", "python:feedsvc.gunicorn_conf", "feedsvc.wsgi:app")


def main() -> None:
    """Start gunicorn in place of this process; what follows on the command line is handed on to it."""
    if not CAN_FORK:
        raise SystemExit(f"{WITHOUT_POSIX}, which gunicorn needs; run: feedsvc serve, or export the site to files")
    try:
        settings = read_settings()
        check_content(settings.content)
        check_publication(settings.publication)
        server = read_server_settings()
        if not is_bound_otherwise(sys.argv[1:]):
            _await_address(server.bind)
    except SettingsError as error:
        raise SystemExit(str(error)) from None
    if lies_for_now(settings.publication):
        sys.stderr.write(f"The publication lies in {settings.publication.parent} for now; {CHOOSE_PLACE}.\n")
    os.execv(sys.executable, [sys.executable, *COMMAND, *sys.argv[1:]])  # noqa: S606  # no shell is wanted


def _await_address(bind: str) -> None:
    """Wait until nobody listens there; gunicorn, which waits as long, does not say what to do."""
    host, _, port = bind.rpartition(":")
    if bind.startswith(("unix:", "fd:")):
        return
    family = socket.AF_INET6 if host.startswith("[") else socket.AF_INET
    for attempt in range(TRIES):
        try:
            socket.create_server((host.strip("[]"), int(port)), family=family).close()
        except OSError as fault:
            if fault.errno != errno.EADDRINUSE or attempt == TRIES - 1:
                code = fault.errno or 0  # below 0 it is the resolver's
                why = os.strerror(code) if code > 0 else fault.strerror
                raise SettingsError(f"cannot listen on {bind}: {why}; {OTHER_PORT}") from None
            sleep(PAUSE)
        else:
            return


if __name__ == "__main__":
    main()
