"""The command line: ``feedsvc serve``, ``check``, ``publish``, ``export``, ``status``, ``new`` and more for authors.

``beginners`` has the command of those who have no site yet, ``authors`` those of who write,
``operators`` those of who runs the service, ``preview`` the one that
shows a site at home. Commands ask and say; what they do is done in other rooms.
"""

import click

from feedsvc.cli.authors import check, correct, new, withdraw
from feedsvc.cli.beginners import init
from feedsvc.cli.operators import export, publish, status
from feedsvc.cli.preview import serve

COMMANDS = (init, serve, check, publish, export, new, correct, withdraw, status)


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="feedsvc")
def main() -> None:
    """Publish updates as feeds and pages. Settings are FEEDSVC_ variables; the README lists them."""


for command in COMMANDS:
    main.add_command(command)
