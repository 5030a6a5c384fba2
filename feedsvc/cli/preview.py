"""The site on one's own machine, to look at while it is written."""

import os
import socket
import threading
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING

import click

from feedsvc.cli.once import publish_once, say
from feedsvc.cli.terminal import explained, read_places
from feedsvc.errors import FeedsvcError, cut
from feedsvc.logs import configure_logs
from feedsvc.publishing.watcher import Watcher
from feedsvc.settings import Settings, clock

if TYPE_CHECKING:
    from werkzeug.serving import BaseWSGIServer

OTHER_PLACE = "give another --host or --port"
EVERYWHERE = {  # with an address of no machine, and one of this
    "0.0.0.0": (socket.AF_INET, "192.0.2.1", "127.0.0.1"),  # noqa: S104  # asked for
    "::": (socket.AF_INET6, "2001:db8::1", "[::1]"),
}
PREVIEW = "preview.db"  # beside the publication: what is tried at home must not replace what is served


class ListenError(FeedsvcError):
    """Nobody can listen at the address asked for."""


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option(
    "--port", type=click.IntRange(0, 65535), default=8000, envvar="PORT", show_default=True, help="Port to listen on."
)
def serve(host: str, port: int) -> None:
    """Publish the content and serve it on this machine, to look at while you change it."""
    with explained():
        given = read_places()
        preview = given.publication.with_name(PREVIEW)
        # the watcher publishes
        settings = replace(given, publication=preview, pictures=given.kept_pictures, publisher=False)
        server = _listen(host, port, settings)
        address = f"http://{_reached(host)}:{server.server_port}/"
        settings = replace(settings, base_url=settings.base_url or address)
        say(publish_once(settings))
        configure_logs(settings.log)
        watcher = Watcher(settings, clock)
        threading.Thread(target=watcher.run, daemon=True).start()
        click.echo(f"Serving at {address} (stop with Ctrl+C)")
        server.serve_forever()  # until Ctrl+C, after which it closes by itself
        watcher.stop()
        click.echo("Stopped.")


def _reached(host: str) -> str:
    """The host as addresses write it; who listens everywhere is reached by an address of this machine."""
    if host in EVERYWHERE:
        family, elsewhere, here = EVERYWHERE[host]
        with suppress(OSError), socket.socket(family, socket.SOCK_DGRAM) as asking:
            asking.connect((elsewhere, 9))  # nothing is sent: it only finds the way out
            return _reached(str(asking.getsockname()[0]))
        return here
    return f"[{host}]" if ":" in host else host


def _listen(host: str, port: int, settings: Settings) -> "BaseWSGIServer":
    """A server at that address; ListenError when nobody can listen there."""
    from werkzeug.serving import make_server  # noqa: PLC0415  # other commands need not wait for it

    from feedsvc.web.app import create_app  # noqa: PLC0415

    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        socket.create_server((host, port), family=family).close()  # werkzeug would end in a traceback, or say less
        return make_server(host, port, create_app(settings), threaded=True)
    except (OSError, UnicodeError) as fault:
        code = getattr(fault, "errno", None) or 0  # below 0 it is the resolver's
        why = os.strerror(code) if code > 0 else cut(getattr(fault, "strerror", str(fault)), 100)
        raise ListenError(f"cannot listen on {cut(host, 100)}, port {port}: {why}; {OTHER_PLACE}") from None
