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
        announcer = Announcer(settings, clock)
        signal.signal(signal.SIGTERM, lambda *_: sys.exit())  # what is owed is written down
        announcer.start()
        while parent == os.getppid() and os.read(0, ATTENTION):
            announcer.wake()
        announcer.stop()


@click.command(hidden=True)  # the same
@click.option("--parent", type=int, required=True, help="Stop when this is no longer the parent process.")
def replicate(*, parent: int) -> None:
    """Hand generations to the store of replicas, again at each octet of standard input, until its end."""
    with explained():
        settings = read_places(is_waiting=True)
        if not settings.replicate:
            raise SettingsError("no store of replicas is named; set FEEDSVC_REPLICATE")
        configure_logs(settings.log)
        signal.signal(signal.SIGTERM, lambda *_: sys.exit())  # whatever is in hand may be left at any point

        def look_again() -> None:
            if HANG_UP is not None:
                os.kill(parent, HANG_UP)

        rounds = Rounds(settings.publication, clock, Handing(settings, clock, look_again).step)
        rounds.start()
        while parent == os.getppid() and os.read(0, ATTENTION):
            rounds.wake()
        rounds.stop()
