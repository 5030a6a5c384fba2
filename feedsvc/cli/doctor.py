"""The command that looks for what is in the way: at an address, or on this machine."""

import sys

import click

from feedsvc.cli.terminal import explained
from feedsvc.doctor import examine_address, examine_machine
from feedsvc.settings import clock, read_settings


@click.command()
@click.argument("url", required=False)
def doctor(url: str | None) -> None:
    """Say what keeps a site from its readers, and what to mend.

    Without an address it looks at this machine; it exits with 1 if anything is to be mended.

    At an address it asks as feed readers and other sites do, and names what a wall against bots, a cache or a proxy
    does to them.
    """
    with explained():
        findings = examine_address(url, clock()) if url else examine_machine(read_settings(), clock())
        ill = 0
        for finding in findings:
            click.echo(str(finding))
            ill += not finding.is_well
    sys.exit(1 if ill else 0)
