"""What commands have in common: their settings, messages instead of tracebacks, and bars."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import monotonic

import click

from feedsvc.errors import LINE_AT_MOST, FeedsvcError, cut, printable
from feedsvc.settings import Settings, check_content, check_publication, read_settings

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
    if not (is_waiting or settings.follow):
        check_content(settings.content)
    return settings


@contextmanager
def progress_bar(things: str = "documents", after: float = SHOW_PROGRESS_AFTER) -> Iterator[Callable[[int, int], None]]:
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
