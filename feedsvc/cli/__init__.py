"""The command line: ``feedsvc serve``, ``check``, ``publish``, ``export``, ``status``, ``new`` and more for authors.

Commands ask and say; what they do is done in other rooms.
"""

import gc
import sys
from importlib import import_module
from io import TextIOWrapper

import click

HOMES = {  # the module here that has the command, in order of use: each is loaded when its command is asked for
    "init": "beginners",
    "new": "authors",
    "check": "authors",
    "preview": "preview",
    "serve": "preview",
    "cms": "forms",
    "correct": "authors",
    "withdraw": "authors",
    "export": "operators",
    "publish": "operators",
    "status": "health",
    "doctor": "doctor",
    "announce": "operators",
    "replicate": "replicas",
}


class _Commands(click.Group):
    """All commands; a start costs what the one asked for needs."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002  # as click asks it
        return [*HOMES]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002  # the same
        if cmd_name not in HOMES:
            return None
        gc.disable()  # modules stay: to look for rubbish among them takes a tenth of a start
        try:
            found: click.Command = getattr(import_module(f"{__name__}.{HOMES[cmd_name]}"), cmd_name)
        finally:
            gc.enable()
        return found


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="feedsvc")
def main() -> None:
    """Publish updates as feeds and pages. Settings are FEEDSVC_ variables; the README lists them."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")  # a console of Windows may lack letters of the text
