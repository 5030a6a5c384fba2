"""The site on one's own machine, to look at while it is written."""

import logging
import os
import signal
import socket
import sys
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import click

from feedsvc.cli.once import publish_once, say
from feedsvc.cli.terminal import explained, read_places
from feedsvc.errors import FeedsvcError, cut
from feedsvc.logs import configure_logs
from feedsvc.previewing.gate import LOOPBACK
from feedsvc.publishing.watcher import Watcher
from feedsvc.settings import Settings, clock, now

if TYPE_CHECKING:
    from werkzeug.serving import BaseWSGIServer

OTHER_PLACE = "give another --host or --port"
EVERYWHERE = {  # with an address of no machine, and one of this
    "0.0.0.0": (socket.AF_INET, "192.0.2.1", "127.0.0.1"),  # noqa: S104  # asked for
    "::": (socket.AF_INET6, "2001:db8::1", "[::1]"),
}
PREVIEW = "preview.db"
TRIED = "preview-{port}.db"  # beside the publication: what is tried at home must not replace what is served


class ListenError(FeedsvcError):
    """Nobody can listen at the address asked for."""


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option(
    "--port", type=click.IntRange(0, 65535), default=8000, envvar="PORT", show_default=True, help="Port to listen on."
)
def serve(host: str, port: int) -> None:
    """Publish the content and show it on this machine.

    It is what members get; what you save appears by itself.
    """
    from feedsvc.web.app import create_app  # noqa: PLC0415  # other commands need not wait for it

    with explained():
        given = _at_home()
        server = _listen(host, port)
        tried = given.publication.with_name(TRIED.format(port=server.server_port))  # another port: other addresses
        address = f"http://{_reached(host)}:{server.server_port}/"
        settings = replace(given, publication=tried, base_url=given.base_url or address)
        say(publish_once(settings))
        configure_logs(settings.log)
        server.app = create_app(settings)
        _show(server, settings, f"Serving at {address}")


@click.command()
@click.option("--port", type=click.IntRange(0, 65535), default=8001, show_default=True, help="Port to listen on.")
def preview(port: int) -> None:
    """Show what you write, as you write it, on this computer alone.

    Drafts and what waits stand there, too, and beside each update what is wrong with it and what members will see.
    """
    from feedsvc.previewing.application import make_preview  # noqa: PLC0415  # the same

    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))  # so that nothing is left behind
    with explained(), TemporaryDirectory(prefix="feedsvc-preview-") as scratch:
        given = replace(_at_home(), publication=Path(scratch, PREVIEW), preview=now())
        server = _listen(LOOPBACK, port)
        address = f"http://{LOOPBACK}:{server.server_port}/"
        settings = replace(given, base_url=address)
        configure_logs(settings.log)
        logging.getLogger("werkzeug").setLevel(logging.WARNING)  # pages ask for news several times a second
        publish_once(settings)
        server.app = make_preview(settings, server.server_port, now)
        _show(server, settings, f"Preview at {address}_preview/")


def _at_home() -> Settings:
    """The settings for what is tried at home and stays there, with the pictures there are; the watcher publishes."""
    given = read_places()
    return replace(given, follow="", replicate="", pictures=given.kept_pictures, publisher=False, announces=False)


def _show(server: "BaseWSGIServer", settings: Settings, words: str) -> None:
    """Answer, and publish what changes, until Ctrl+C."""
    watcher = Watcher(settings, clock)
    watcher.start()
    click.echo(f"{words} (stop with Ctrl+C)")
    server.serve_forever()  # closes by itself
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


def _listen(host: str, port: int) -> "BaseWSGIServer":
    """A server at that address, which is still to be told its application; ListenError when nobody can listen there."""
    from werkzeug.serving import make_server  # noqa: PLC0415  # other commands need not wait for it

    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        socket.create_server((host, port), family=family).close()  # werkzeug would end in a traceback, or say less
        return make_server(host, port, lambda *_: (), threaded=True)
    except (OSError, UnicodeError) as fault:
        code = getattr(fault, "errno", None) or 0  # below 0 it is the resolver's
        why = os.strerror(code) if code > 0 else cut(getattr(fault, "strerror", str(fault)), 100)
        raise ListenError(f"cannot listen on {cut(host, 100)}, port {port}: {why}; {OTHER_PLACE}") from None
