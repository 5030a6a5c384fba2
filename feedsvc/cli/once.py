"""What commands that publish have in common: one publish, or what stands in its place, and what it did."""

import sys
from contextlib import closing
from dataclasses import replace
from functools import partial

import click

from feedsvc.cli.terminal import progress_bar
from feedsvc.errors import report
from feedsvc.object_stores import open_store
from feedsvc.publishing.once import publish_content
from feedsvc.publishing.quarantine import outlive
from feedsvc.publishing.request import PLAIN, Outcome, Request
from feedsvc.publishing.timings import TIMINGS
from feedsvc.settings import Settings, now

NEW_ADDRESS = "Publish even if every link moves to another base URL than that of the publication."


def publish_once(settings: Settings, request: Request = PLAIN) -> Outcome:
    """Publish once, with bars, in a child that may die of a file."""
    return outlive(partial(_publish_here, settings, request))


def _publish_here(settings: Settings, request: Request) -> Outcome:
    with progress_bar() as progress, progress_bar("pictures") as pictures:
        return publish_content(settings, now(), replace(request, progress=progress, pictures=pictures), TIMINGS)


def follow_once(settings: Settings) -> None:
    """Take over what the store of replicas says now."""
    from feedsvc.replicating.follower import Following  # noqa: PLC0415  # sites of one machine need not wait for it

    with closing(Following(open_store(settings.follow), settings)) as following:
        click.echo(f"Follows {settings.follow}: generation {following.step()}.")


def say(outcome: Outcome) -> None:
    """What a publish did; exit 1 when something waits to be confirmed."""
    if outcome.problems:
        click.echo(report(outcome.problems), err=True)
        click.echo("These are held back until they are mended; everything else is published.", err=True)
    for event in outcome.events:
        click.echo(f"note: {event}", err=True)
    if outcome.notes:
        click.echo(report(outcome.notes), err=True)
    changed = f"{outcome.written} documents written, {outcome.removed} removed"
    click.echo(f"Published generation {outcome.generation}: {outcome.entries} updates, {changed}.")
    if outcome.held:
        click.echo(f"Held back: {outcome.held}. Confirm it with: feedsvc publish --confirm-removal", err=True)
        sys.exit(1)
