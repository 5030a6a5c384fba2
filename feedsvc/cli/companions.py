"""The commands that a service starts beside who publishes: they tell others of it, and hand it to replicas."""

import os
import signal
import sys

import click

from feedsvc.announcing.sender import Announcer
from feedsvc.cli.terminal import explained, read_places
from feedsvc.logs import configure_logs
from feedsvc.replicating.handing import Handing
from feedsvc.replicating.rounds import Rounds
from feedsvc.settings import SettingsError, clock

ATTENTION = 4096  # octets of news at once
HANG_UP = getattr(signal, "SIGHUP", None)  # has who publishes look at everything; Windows has none


@click.command(hidden=True)  # a service starts it
@click.option("--parent", type=int, required=True, help="Stop when this is no longer the parent process.")
def announce(*, parent: int) -> None:
    """Tell hubs, caches and buckets what changed, again at each octet of standard input, until its end."""
    with explained():
        settings = read_places(is_waiting=True)
        configure_logs(settings.log)
        _attend(parent, Announcer(settings, clock))


@click.command(hidden=True)  # the same
@click.option("--parent", type=int, required=True, help="Stop when this is no longer the parent process.")
def replicate(*, parent: int) -> None:
    """Hand generations to the store of replicas, again at each octet of standard input, until its end."""
    with explained():
        settings = read_places(is_waiting=True)
        if not settings.replicate:
            raise SettingsError("no store of replicas is named; set FEEDSVC_REPLICATE")
        configure_logs(settings.log)

        def look_again() -> None:
            if HANG_UP is not None:
                os.kill(parent, HANG_UP)

        _attend(parent, Rounds(settings.publication, clock, Handing(settings, clock, look_again).step))


def _attend(parent: int, worker: Announcer | Rounds) -> None:
    """Let it work, at once at each octet of standard input, until the end of that or of the parent process."""
    signal.signal(
        signal.SIGTERM, lambda *_: sys.exit()
    )  # what is in hand is written down, and may be left at any point
    worker.start()
    while parent == os.getppid() and os.read(0, ATTENTION):
        worker.wake()
    worker.stop()
