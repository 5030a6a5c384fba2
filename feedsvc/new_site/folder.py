"""The folder of a new site is written: all of it, or nothing; and what was there stays."""

import json
import os
import shutil
from collections.abc import Iterator
from datetime import datetime, timedelta
from importlib.resources import files
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from feedsvc.content.loader import load_content
from feedsvc.content.new_update import SCHEMA
from feedsvc.content.schema import entry_schema
from feedsvc.content.site_schema import site_schema
from feedsvc.content.value_errors import in_quotes
from feedsvc.errors import report
from feedsvc.new_site.answers import Answers, NewSiteError
from feedsvc.new_site.package import Package
from feedsvc.new_site.site_file import site_text
from feedsvc.new_site.texts import Texts, find_texts
from feedsvc.pages.cards import COLOURS
from feedsvc.pictures.artwork import draw_favicon, draw_icon, draw_logo
from feedsvc.settings import Settings

LICENCE = "https://creativecommons.org/licenses/by/4.0/"
# what is the same for every site: the name of the file here, and where it belongs
_FILES = {
    "README.md": "README.md",
    "LEEME.md": "LEEME.md",
    "Procfile": "Procfile",
    "gitignore": ".gitignore",
    "gitattributes": ".gitattributes",
    "check.yml": ".github/workflows/check.yml",
    "problems.json": ".github/problems.json",
}


def write_site(folder: Path, answers: Answers, package: Package, as_of: datetime) -> list[str]:
    """Write the site into ``folder``; the names of the files, in order.

    NewSiteError when one of them is there already, or when what comes of the answers is no good site.
    """
    local = as_of.astimezone(ZoneInfo(answers.time_zone))
    with TemporaryDirectory() as scratch:
        made = Path(scratch, "site")
        _write_content(made / "content", answers, local)
        for name, target in _FILES.items():
            _write(made / target, files("feedsvc.new_site").joinpath("files", name).read_bytes())
        _write(made / "requirements.txt", package.requirements.encode())
        if package.file:
            _write(made / package.file.name, package.file.read_bytes())
        content = load_content(made / "content", Settings(publication=Path(scratch, "publication.db")))
        if content.site is None or content.problems or content.notes:
            raise NewSiteError(report([*content.problems, *content.notes]))
        _write(made / "content" / "update.schema.json", _as_text(entry_schema(content.site.site)))
        names = sorted(path.relative_to(made).as_posix() for path in made.rglob("*") if path.is_file())
        if there := next(_in_the_way(folder, names), None):
            raise NewSiteError(f"{there} is there already; give another folder")
        shutil.copytree(made, folder, dirs_exist_ok=True)
    return names


def _in_the_way(folder: Path, names: list[str]) -> Iterator[Path]:
    """What has the place of a file, be it a link that leads nowhere, or is no folder where one is needed."""
    for name in names:
        place = folder / name
        if os.path.lexists(place):
            yield place
        above = (folder / parent for parent in Path(name).parents)
        yield from (parent for parent in above if os.path.lexists(parent) and not parent.is_dir())


def _write_content(content: Path, answers: Answers, local: datetime) -> None:
    texts, colour = find_texts(answers.language), COLOURS[sum(answers.name.encode()) % len(COLOURS)]
    said = {field: getattr(texts, field).format(name=answers.name) for field in ("title", "description", "rights")}
    values = said | {
        "base_url": answers.address,
        "authority": f"{urlsplit(answers.address).hostname},{local.year}",
        "language": answers.language,
        "time_zone": answers.time_zone,
        "author": answers.name,
        "contact_url": answers.contact,
        "license_url": LICENCE,
        "icon": "icon.png",
        "logo": "logo.png",
        "favicon": "icon.svg",
    }
    began = local.date() - timedelta(days=1)  # feeds say it with a time of day, which today may be still to come
    _write(content / "site.yaml", site_text(values, texts.categories, began).encode())
    _write(content / "site.schema.json", _as_text(site_schema()))
    _write(content / "files" / "icon.png", draw_icon(answers.name, colour))
    _write(content / "files" / "logo.png", draw_logo(answers.name, colour))
    _write(content / "files" / "icon.svg", draw_favicon(answers.name, colour))
    update = content / "updates" / f"{local:%Y-%m-%d}-{texts.first_slug}.yaml"
    _write(update, _first_update(texts, local).encode())


def _first_update(texts: Texts, local: datetime) -> str:
    body = texts.first_body.replace("\n", "\n  ").replace("\n  \n", "\n\n")
    return (
        f"# yaml-language-server: $schema={SCHEMA}\n"
        f"title: {in_quotes(texts.first_title)}\n"
        f"published: {local:%Y-%m-%d %H:%M}\n"
        f"categories: [{texts.categories[0][0]}]\n"
        f"summary: {in_quotes(texts.first_summary)}\n"
        f"body: |\n  {body}\n"
    )


def _as_text(schema: dict[str, object]) -> bytes:
    return (json.dumps(schema, indent=2, ensure_ascii=False) + "\n").encode()


def _write(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
