"""The command that writes the file of a new update. It reads the site alone, so that nobody waits for it."""

from zoneinfo import ZoneInfo

import click

from feedsvc.cli.terminal import explained, read_places
from feedsvc.content.new_update import NewUpdate, write_new_update
from feedsvc.content.site import load_site
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
