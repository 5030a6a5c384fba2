"""The commands that publish: into the publication, and from there into a folder or a bucket."""

import os
import signal
import sys
from pathlib import Path

import click

from feedsvc.announcing.sender import Announcer, send_now
from feedsvc.cli.once import publish_once, say
from feedsvc.cli.replicas import follow_once
from feedsvc.cli.terminal import explained, read_places
from feedsvc.exporting.bucket import export_bucket
from feedsvc.exporting.directory import check_target, export_directory
from feedsvc.logs import configure_logs
from feedsvc.object_stores import ObjectStore, open_store
from feedsvc.publication.reader import Reader
from feedsvc.publishing.following import Follow
from feedsvc.publishing.quarantine import outlive
from feedsvc.publishing.request import Request
from feedsvc.publishing.watcher import Watcher
from feedsvc.replicating.handing import hand_on_now
from feedsvc.settings import Settings, check_apart, clock

ATTENTION = 4096  # octets of news at once
ANOTHER_EXPORT = "note: another export is writing there; this one begins when that has ended"
NEW_ADDRESS = "Publish even if every link moves to another base URL than that of the publication."


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
        elif settings.follow:
            follow_once(settings, logged=logged)
        elif logged:
            configure_logs(settings.log)
            outlive(Watcher(settings, clock).run_once)
        else:
            outcome = publish_once(settings, Request(may_drop=confirm_removal, may_move=new_address))
            try:
                say(outcome)
            finally:
                send_now(settings, clock)
                hand_on_now(settings, clock)


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


@click.command()
@click.argument("place")
@click.option("--new-address", is_flag=True, help=NEW_ADDRESS)
def export(place: str, *, new_address: bool) -> None:
    """Write the site to PLACE, for any static host.

    PLACE is a folder, or a bucket such as s3://bucket/prefix.
    """
    with explained():
        settings = read_places()
        store = open_store(place) if "://" in place else None
        if store is None:
            check_target(Path(place), settings.content)
        else:
            check_apart(settings, place)
        if settings.follow:
            follow_once(settings)
        else:
            say(publish_once(settings, Request(may_move=new_address)))
        with Reader(settings.publication) as reader:
            count = _write(reader, Path(place)) if store is None else _send(reader, store)
        click.echo(f"Exported {count} documents to {place.rstrip('/') if store else place}.")


def _write(reader: Reader, folder: Path) -> int:
    """Bring a folder up to date, and say that another export does just now; how many documents it holds."""
    exported = export_directory(reader, folder, lambda: click.echo(ANOTHER_EXPORT, err=True))
    for warning in exported.warnings:
        click.echo(f"note: {warning}", err=True)
    return exported.count


def _send(reader: Reader, store: ObjectStore) -> int:
    """Bring a bucket up to date, and say what that took; how many documents it holds."""
    sent = export_bucket(reader, store, int(clock()))
    click.echo(f"{sent}.")
    return sent.count


def _watch(settings: Settings, parent: int | None) -> None:
    configure_logs(settings.log)

    def is_wanted() -> bool:
        return parent in (None, os.getppid())

    watcher = (Follow if settings.follow else Watcher)(settings, clock, is_wanted)
    signal.signal(signal.SIGTERM, lambda *_: watcher.stop())
    signal.signal(signal.SIGINT, lambda *_: watcher.stop())
    if hasattr(signal, "SIGHUP"):
        signal.signal(signal.SIGHUP, lambda *_: watcher.look_again())
    watcher.run()
