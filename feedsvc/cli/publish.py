"""The command that publishes: once, as a service does at its start, or again and again."""

import os
import signal
from collections.abc import Callable
from typing import TYPE_CHECKING

import click

from feedsvc.announcing.sender import send_now
from feedsvc.cli.once import NEW_ADDRESS, follow_once, publish_once, say
from feedsvc.cli.terminal import explained, read_places
from feedsvc.logs import configure_logs
from feedsvc.publishing.quarantine import outlive
from feedsvc.publishing.request import Request
from feedsvc.settings import Settings, clock

if TYPE_CHECKING:
    from feedsvc.publishing.following import Follow
    from feedsvc.publishing.watcher import Watcher


@click.command()
@click.option("--watch", "is_watching", is_flag=True, help="Stay, and publish whenever the content changes.")
@click.option("--confirm-removal", is_flag=True, help="Publish even if more than half of all updates would vanish.")
@click.option("--new-address", is_flag=True, help=NEW_ADDRESS)
@click.option("--parent", type=int, hidden=True, help="With --watch: stop when this is no longer the parent process.")
@click.option("--logged", is_flag=True, hidden=True, help="Say what happens as log lines, and never fail.")
def publish(*, is_watching: bool, confirm_removal: bool, new_address: bool, parent: int | None, logged: bool) -> None:
    """Bring the publication up to date with the content.

    Bad files are reported and held back.
    """
    with explained():
        settings = read_places(is_waiting=is_watching or logged)
        if is_watching:
            _watch(settings, parent)
        elif logged:
            configure_logs(settings.log)
            run = _keeper(settings).run_once
            run() if settings.follow else outlive(run)
        elif settings.follow:
            follow_once(settings)
        else:
            outcome = publish_once(settings, Request(may_drop=confirm_removal, may_move=new_address))
            try:
                say(outcome)
            finally:
                send_now(settings, clock)
                if settings.replicate:
                    from feedsvc.replicating.handing import hand_on_now  # noqa: PLC0415  # few have replicas

                    hand_on_now(settings, clock)


def _watch(settings: Settings, parent: int | None) -> None:
    configure_logs(settings.log)

    def is_wanted() -> bool:
        return parent in (None, os.getppid())

    watcher = _keeper(settings, is_wanted)
    signal.signal(signal.SIGTERM, lambda *_: watcher.stop())
    signal.signal(signal.SIGINT, lambda *_: watcher.stop())
    if hasattr(signal, "SIGHUP"):
        signal.signal(signal.SIGHUP, lambda *_: watcher.look_again())
    watcher.run()


def _keeper(settings: Settings, is_wanted: Callable[[], bool] = lambda: True) -> "Follow | Watcher":
    """What keeps the publication up to date: with the content, or with what another service published."""
    if settings.follow:
        from feedsvc.publishing.following import Follow  # noqa: PLC0415  # one publish need not wait for it

        return Follow(settings, clock, is_wanted)
    from feedsvc.publishing.watcher import Watcher  # noqa: PLC0415  # the same

    return Watcher(settings, clock, is_wanted)
