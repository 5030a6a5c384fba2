"""The commands that write into the file of an update: a correction, a withdrawal."""

from datetime import datetime

import click

from feedsvc.cli.terminal import explained, read_places
from feedsvc.content.amend import Amendment, amend, find_update
from feedsvc.content.ledger import read_ledger, record
from feedsvc.content.loader import load_content
from feedsvc.errors import ContentError
from feedsvc.settings import now


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
