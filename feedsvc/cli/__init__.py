"""The command line: ``feedsvc serve``, ``check``, ``publish``, ``export``, ``status``, ``new`` and more for authors.

Commands ask and say; what they do is done in other rooms.
"""

import gc
import sys
from importlib import import_module
from io import TextIOWrapper
from pathlib import Path

import click

HOMES = {  # the module here that has the command, in order of use: each is loaded when its command is asked for
    "init": "beginners",
    "new": "new",
    "check": "check",
    "preview": "preview",
    "serve": "preview",
    "cms": "forms",
    "correct": "authors",
    "withdraw": "authors",
    "export": "export",
    "publish": "publish",
    "status": "health",
    "doctor": "doctor",
    "announce": "companions",
    "replicate": "companions",
}


class _Commands(click.Group):
    """All commands; a start costs what the one asked for needs."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002  # as click asks it
        return [*HOMES]

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002  # the same
        """Say what each command does without loading it: all together take ten times as long as this."""
        commands = {name: _told(name) for name in HOMES}
        shown = {name: command for name, command in commands.items() if not command.hidden}
        room = formatter.width - 6 - max(map(len, shown))
        with formatter.section("Commands"):
            formatter.write_dl([(name, command.get_short_help_str(room)) for name, command in shown.items()])

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002  # the same
        if cmd_name not in HOMES:
            return None
        home = f"{__name__}.{HOMES[cmd_name]}"
        if home not in sys.modules:
            _load(home)
        found: click.Command = getattr(sys.modules[home], cmd_name)
        return found


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="feedsvc")
def main() -> None:
    """Publish updates as feeds and pages. Settings are FEEDSVC_ variables; the README lists them."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")  # a console of Windows may lack letters of the text


def _load(home: str) -> None:
    """Import it. What modules hold stays: to look for rubbish in it takes a tenth of a start, and of each end."""
    gc.disable()
    try:
        import_module(home)
    finally:
        gc.freeze()
        gc.enable()


def _told(name: str) -> click.Command:
    """As much of a command as its code says without being run."""
    import ast  # noqa: PLC0415  # whoever does not ask for help need not wait for it

    module = ast.parse(Path(__file__).with_name(f"{HOMES[name]}.py").read_bytes())
    code = next(node for node in module.body if isinstance(node, ast.FunctionDef) and node.name == name)
    is_hidden = "hidden=True" in ast.unparse(code.decorator_list[0])
    return click.Command(name, help=ast.get_docstring(code), hidden=is_hidden)
