"""The command that writes the officer's page: a form for updates, in place of text files."""

import json
import os
from html import escape
from pathlib import Path

import click

from feedsvc.cli.terminal import explained, read_places
from feedsvc.content.form import DIGEST, PAGE, SCRIPT, form_config
from feedsvc.content.site import load_site
from feedsvc.errors import FeedsvcError

MARK = "Sveltia CMS"


class FormError(FeedsvcError):
    """The page cannot be written there; the text says why."""


@click.command()
@click.argument("directory", type=click.Path(file_okay=False, path_type=Path))
@click.option("--repository", required=True, help="Where the content is kept, such as our-local/updates.")
@click.option("--backend", type=click.Choice(["github", "gitlab", "gitea"]), default="github", show_default=True)
@click.option("--branch", default="main", show_default=True, help="Branch that is published.")
@click.option("--script", default=SCRIPT, show_default=True, help="Address of the editor's script.")
def cms(directory: Path, repository: str, backend: str, branch: str, script: str) -> None:
    """Write into DIRECTORY the page on which officers write updates in a form; run it again when categories change."""
    with explained():
        settings = read_places()
        site = load_site(settings.content, settings).site
        page, form = directory / "index.html", directory / "config.yml"
        is_ours = page.is_file() and MARK in page.read_text(encoding="utf-8", errors="replace")
        if not is_ours and (other := next((path for path in (page, form) if os.path.lexists(path)), None)):
            raise FormError(f"{other} is there already, and is not of this command; give another folder")
        content = settings.content.name if settings.content.is_absolute() else settings.content.as_posix()
        config = form_config(site, content, {"name": backend, "repo": repository, "branch": branch})
        directory.mkdir(parents=True, exist_ok=True)
        proof = f' integrity="{DIGEST}" crossorigin="anonymous"' if script == SCRIPT else ""
        page.write_text(PAGE.format(script=escape(script), proof=proof), encoding="utf-8", newline="\n")
        text = json.dumps(config, indent=2, ensure_ascii=False)  # which is YAML, too
        form.write_text(f"{text}\n", encoding="utf-8", newline="\n")
        click.echo(f"Wrote {page} and {form}. Commit them, and open the page where your host shows it.")
