"""The command that writes the site into a folder or a bucket."""

from pathlib import Path

import click

from feedsvc.cli.once import NEW_ADDRESS, follow_once, publish_once, say
from feedsvc.cli.terminal import explained, read_places
from feedsvc.exporting.bucket import export_bucket
from feedsvc.exporting.directory import check_target, export_directory
from feedsvc.object_stores import ObjectStore, open_store
from feedsvc.publication.reader import Reader
from feedsvc.publication.replica import Snapshot
from feedsvc.publishing.request import Request
from feedsvc.settings import check_apart, clock

ANOTHER_EXPORT = "note: another export is writing there; this one begins when that has ended"


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
        with Snapshot(settings.publication) as snapshot:
            count = _write(snapshot, Path(place)) if store is None else _send(snapshot, store)
        click.echo(f"Exported {count} documents to {place.rstrip('/') if store else place}.")


def _write(reader: Reader, folder: Path) -> int:
    """Bring a folder up to date, and say that another export does just now; how many documents it holds."""
    exported = export_directory(reader, folder, lambda: click.echo(ANOTHER_EXPORT, err=True))
    for warning in exported.warnings:
        click.echo(f"note: {warning}", err=True)
    return exported.count


def _send(snapshot: Snapshot, store: ObjectStore) -> int:
    """Bring a bucket up to date, and say what that took; how many documents it holds."""
    sent = export_bucket(snapshot, store, int(clock()))
    click.echo(f"{sent}.")
    return sent.count
