"""The command that says how publishing goes; monitors ask it often, so it loads little."""

import json
import sys

import click

from feedsvc.cli.terminal import explained
from feedsvc.publication.overview import survey
from feedsvc.settings import clock, read_settings


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Say it in JSON, for programs.")
def status(*, as_json: bool) -> None:
    """Say how publishing goes.

    That is what is published, held back, waiting or a draft; exit 1 unless all is well.
    """
    with explained():
        found = survey(read_settings().publication, clock())
        click.echo(json.dumps(found.as_json(), indent=2) if as_json else found.as_text())
    sys.exit(0 if found.condition.status == "ok" else 1)
