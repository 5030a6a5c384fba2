"""The commands that write files for those who write: a new update, a correction, a withdrawal."""

from datetime import datetime
from zoneinfo import ZoneInfo

import click

from feedsvc.cli.terminal import explained, read_places
from feedsvc.content.amend import Amendment, amend, find_update
from feedsvc.content.ledger import read_ledger, record
from feedsvc.content.loader import load_content
from feedsvc.content.new_update import NewUpdate, write_new_update
from feedsvc.content.site import load_site
from feedsvc.errors import ContentError
from feedsvc.settings import now


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
