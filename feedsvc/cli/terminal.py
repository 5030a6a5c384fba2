"""What commands have in common: their settings, messages instead of tracebacks, bars, and what a publish did."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from time import monotonic

import click

from feedsvc.errors import LINE_AT_MOST, FeedsvcError, cut, printable, report
from feedsvc.publishing.once import publish_content
from feedsvc.publishing.quarantine import outlive
from feedsvc.publishing.rendering import Progress
from feedsvc.publishing.request import PLAIN, Outcome, Request
from feedsvc.publishing.timings import TIMINGS
from feedsvc.settings import Settings, check_content, check_publication, now, read_settings

SHOW_PROGRESS_AFTER = 1.0  # seconds


@contextmanager
def explained() -> Iterator[None]:
    """What people can mend is said in words, with exit status 1; a bug keeps its traceback."""
    try:
        yield
    except (FeedsvcError, OSError) as fault:
        click.echo("\n".join(cut(printable(line), LINE_AT_MOST) for line in str(fault).split("\n")), err=True)
        sys.exit(1)


def read_places(*, is_waiting: bool = False) -> Settings:
    """The settings, and places that can be meant; who waits for content need not find a folder yet."""
    settings = read_settings()
    check_publication(settings.publication)
    if not is_waiting:
        check_content(settings.content)
    return settings


@contextmanager
def progress_bar(things: str = "documents", after: float = SHOW_PROGRESS_AFTER) -> Iterator[Progress]:
    """A bar of these things on standard error, from ``after`` seconds of work on, if somebody is there to see it."""
    began, is_shown = monotonic(), False

    def show(done: int, whole: int) -> None:
        nonlocal is_shown
        if sys.stderr.isatty() and (is_shown or monotonic() - began > after):
            is_shown = True
            filled = 30 * done // whole
            click.echo(f"\r[{'#' * filled}{'.' * (30 - filled)}] {done}/{whole} {things}", err=True, nl=False)

    yield show
    if is_shown:
        click.echo(err=True)


def publish_once(settings: Settings, request: Request = PLAIN) -> Outcome:
    """Publish once, with bars, in a child that may die of a file."""
    return outlive(partial(_publish_here, settings, request))


def _publish_here(settings: Settings, request: Request) -> Outcome:
    with progress_bar() as progress, progress_bar("pictures") as pictures:
        return publish_content(settings, now(), replace(request, progress=progress, pictures=pictures), TIMINGS)


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
