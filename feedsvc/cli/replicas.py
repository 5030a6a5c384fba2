"""The commands of a site on several machines: one hands generations on, the others take them."""

import os
import signal
import sys
from contextlib import closing

import click

from feedsvc.cli.terminal import explained, read_places
from feedsvc.logs import configure_logs
from feedsvc.object_stores import open_store
from feedsvc.publishing.following import Follow
from feedsvc.replicating.follower import Following
from feedsvc.replicating.handing import Handing
from feedsvc.replicating.rounds import Rounds
from feedsvc.settings import Settings, SettingsError, clock

ATTENTION = 4096  # octets of news at once
HANG_UP = getattr(signal, "SIGHUP", None)  # has who publishes look at everything; Windows has none


@click.command(hidden=True)  # a service starts it
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


def follow_once(settings: Settings, *, logged: bool = False) -> None:
    """Take over what the store of replicas says now; what keeps us from it is raised, or only ``logged``."""
    if logged:
        configure_logs(settings.log)
        Follow(settings, clock).run_once()
        return
    with closing(Following(open_store(settings.follow), settings)) as following:
        click.echo(f"Follows {settings.follow}: generation {following.step()}.")
