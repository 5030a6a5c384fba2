"""The command that says what is wrong with the content."""

import sys
from datetime import datetime
from pathlib import Path

import click

from feedsvc.cli.once import publish_once
from feedsvc.cli.terminal import explained, read_places
from feedsvc.content.folder import SITE, source_name
from feedsvc.content.ledger import LEDGER, new_lines, read_ledger, record
from feedsvc.content.source import Content
from feedsvc.errors import ContentError, report
from feedsvc.publishing.once import check_all
from feedsvc.settings import now


@click.command()
@click.option("--strict", is_flag=True, help="Exit with 1 if there is anything to note, too.")
@click.option("--record", "is_recording", is_flag=True, help="Add the updates that are public now to the ledger.")
def check(*, strict: bool, is_recording: bool) -> None:
    """Say everything that is wrong with the content.

    Exit 1 if anything is. A note names what will be published, but probably not as it is meant.
    """
    with explained():
        settings, as_of = read_places(), now()
        content = check_all(settings, as_of, publish_once)
        if content.notes:
            click.echo(report(content.notes), err=True)
        _say_ledger(settings.content, content, as_of, is_recording=is_recording)
        if content.problems:
            raise ContentError(content.problems)
        click.echo(_summary(content))
        if strict and content.notes:
            sys.exit(1)


def _say_ledger(root: Path, content: Content, as_of: datetime, *, is_recording: bool) -> None:
    """Record what is public and right; without being asked to, say how much of it is not in the ledger yet."""
    blamed = {problem.file for problem in content.problems}
    ledger, name = read_ledger(root), source_name(root, LEDGER)
    if ledger.problems or source_name(root, SITE) in blamed:
        return
    entries = [loaded for source, loaded in content.entries.items() if source not in blamed]
    if is_recording:
        click.echo(f"Recorded {record(root, entries, as_of)} updates in {name}.")
    elif ledger.lines and (new := new_lines(ledger, entries, as_of)):
        click.echo(f"{name}: note: {len(new)} updates are not in it yet; run: feedsvc check --record", err=True)


def _summary(content: Content) -> str:
    entries = [loaded.entry for loaded in content.entries.values()]
    drafts = sum(entry.draft for entry in entries)
    waiting = sum(not entry.draft and entry.published > now() for entry in entries)
    live = len(entries) - drafts - waiting
    opening = f"No mistakes, {len(content.notes)} to note" if content.notes else "All well"
    return f"{opening}: {live} updates live, {waiting} scheduled, {drafts} drafts."
