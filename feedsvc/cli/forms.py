"""The command that writes the officer's page: a form for updates, in place of text files."""

import json
import os
from html import escape
from pathlib import Path

import click

from feedsvc.cli.terminal import explained, read_places
from feedsvc.content.form import EDITORS, PAGE, form_config
from feedsvc.content.site import load_site
from feedsvc.errors import FeedsvcError

MARK = "This page is for officers alone"


class FormError(FeedsvcError):
    """The page cannot be written there; the text says why."""


@click.command()
@click.argument("directory", type=click.Path(file_okay=False, path_type=Path))
@click.option("--repository", "repo", required=True, help="Where the content is kept, such as our-local/updates.")
@click.option(
    "--backend",
    "name",
    type=click.Choice(["github", "gitlab", "gitea"]),
    default="github",
    show_default=True,
    help="Who keeps it.",
)
@click.option("--branch", default="main", show_default=True, help="Branch that is published.")
@click.option("--editor", type=click.Choice([*EDITORS]), default="sveltia", show_default=True, help="Whose form it is.")
@click.option("--script", help="Address of the editor's script, if it is not to come from where it is released.")
def cms(directory: Path, editor: str, script: str | None, **backend: str) -> None:
    """Write a page into DIRECTORY for writing updates in a form.

    Run it again when categories change.
    """
    with explained():
        settings = read_places()
        site = load_site(settings.content, settings).site
        page, settled, form = directory / "index.html", directory / "config.yml", EDITORS[editor]
        is_ours = page.is_file() and MARK in page.read_text(encoding="utf-8", errors="replace")
        if not is_ours and (other := next((path for path in (page, settled) if os.path.lexists(path)), None)):
            raise FormError(f"{other} is there already, and is not of this command; give another folder")
        content = settings.content.name if settings.content.is_absolute() else settings.content.as_posix()
        config = form_config(site, content, backend, form)
        directory.mkdir(parents=True, exist_ok=True)
        proof = "" if script else f' integrity="{form.digest}" crossorigin="anonymous"'
        page.write_text(PAGE.format(script=escape(script or form.script), proof=proof), encoding="utf-8", newline="\n")
        text = json.dumps(config, indent=2, ensure_ascii=False)  # which is YAML, too
        settled.write_text(f"{text}\n", encoding="utf-8", newline="\n")
        click.echo(f"Wrote {page} and {settled}. Commit them, and open the page where your host shows it.")
