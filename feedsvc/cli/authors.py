"""The commands of those who write: what is wrong with the content, and the file of a new update."""

import sys
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import click

from feedsvc.cli.once import publish_once
from feedsvc.cli.terminal import explained, read_places
from feedsvc.content.amend import Amendment, amend, find_update
from feedsvc.content.folder import SITE, source_name
from feedsvc.content.ledger import LEDGER, new_lines, read_ledger, record
from feedsvc.content.loader import load_content
from feedsvc.content.new_update import NewUpdate, write_new_update
from feedsvc.content.site import load_site
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


@click.command()
@click.argument("title")
@click.option("--category", "categories", multiple=True, help="Slug of a category; may be given more than once.")
@click.option("--slug", help="Last part of the address; made from the title when not given.")
@click.option("--markdown", "is_markdown", is_flag=True, help="Write a .md file: the text stands below the fields.")
def new(title: str, categories: tuple[str, ...], slug: str | None, *, is_markdown: bool) -> None:
    """Write the file of a new update.

    Comments in it say what goes where.
    """
    with explained():
        settings = read_places()
        site = load_site(settings.content, settings).site
        local = now().astimezone(ZoneInfo(site.time_zone))
        start = NewUpdate(title=title, categories=categories, slug=slug, local=local, is_markdown=is_markdown)
        path = write_new_update(settings.content, site, start)
        click.echo(f"Wrote {path}. Edit it, delete the line 'draft: true', then run: feedsvc check")


@click.command()
@click.argument("update")
@click.argument("note")
def correct(update: str, note: str) -> None:
    """Write into the file of UPDATE that it was corrected.

    UPDATE is its slug, or the file; NOTE says what was corrected, in a sentence.

    Readers see the update again, with the note at its head. Correct the text itself, too.
    """
    _amend(update, Amendment(text=note, instant=_this_minute()))


@click.command()
@click.argument("update")
@click.argument("reason")
def withdraw(update: str, reason: str) -> None:
    """Write into the file of UPDATE that it is taken back.

    UPDATE is its slug, or the file; REASON says why, and where to go.

    Everywhere, the reason takes the place of its text. Leave the file where it is.
    """
    _amend(update, Amendment(text=reason, instant=_this_minute(), is_withdrawal=True))


def _amend(update: str, amendment: Amendment) -> None:
    with explained():
        settings, as_of = read_places(), now()
        content = load_content(settings.content, settings)
        if content.site is None:
            raise ContentError(content.problems)
        amended = amend(settings.content, content.site.site, find_update(content.entries, update), amendment)
        click.echo(f"Wrote into {amended.source}. Look at it, then run: feedsvc check")
        if read_ledger(settings.content).lines:
            record(settings.content, [amended], as_of)


def _this_minute() -> datetime:
    return now().replace(second=0, microsecond=0)


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
