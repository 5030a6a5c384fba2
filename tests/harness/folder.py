"""A small content folder on disk, written file by file."""

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path
from textwrap import dedent, indent

from feedsvc.publication.memory import memory_path
from feedsvc.publishing.once import publish_content
from feedsvc.settings import Settings, now

SHIPPED = Path(__file__).parents[2] / "content"
FLYER = b"%PDF-1.7\n" + bytes(range(256)) * 400
SITE = """\
title: Local 7 Updates
description: News for members.
base_url: https://news.example.org/
authority: news.example.org,2026
language: en-US
time_zone: America/Los_Angeles
author: Local 7
contact_url: mailto:office@news.example.org
rights: You may show these updates on your own site.
license_url: https://creativecommons.org/licenses/by/4.0/
icon: icon.png
logo: logo.png
favicon: icon.svg
default_time: "09:00"
categories:
  - slug: covid
    title: COVID
    description: Rules at work.
    since: 2026-01-05
  - slug: pay
    title: Pay
    description: Raises.
    since: 2026-01-06
"""


def write_folder(root: Path, updates: int = 0) -> Path:
    """A content folder with a site, its artwork and ``updates`` numbered updates."""
    (root / "updates").mkdir(parents=True)
    (root / "files").mkdir()
    for name in ("icon.png", "logo.png", "icon.svg"):
        shutil.copy(SHIPPED / "files" / name, root / "files" / name)
    (root / "site.yaml").write_text(SITE)
    for number in range(1, updates + 1):
        write_update(root, number)
    return root


def write_update(root: Path, number: int, *, more: str = "", **fields: str) -> Path:
    """An update of 1 February 2026, ``number`` minutes after eight; ``more`` is further YAML."""
    given = {
        "title": f"Update number {number}",
        "published": f"2026-02-01 {8 + number // 60:02}:{number % 60:02}",
        "categories": "[covid]",
        "summary": f"What update {number} is about.",
    }
    path = root / "updates" / f"2026-02-01-update-{number}.yaml"
    lines = [f"{name}: {value}\n" for name, value in (given | fields).items() if name != "body"]
    body = indent(dedent(fields.get("body", f"The text of update {number}.")), "  ")
    path.write_text("".join(lines) + more + f"body: |\n{body}\n")
    return path


def publish_folder(root: Path, publication: Path) -> None:
    """Publish a folder once, at the present moment."""
    publish_content(Settings(content=root, publication=publication, pictures=Settings().kept_pictures), now())


def write_site(root: Path) -> Path:
    """A content folder with three updates, one of which offers a file."""
    write_folder(root, updates=2)
    (root / "files" / "flyer.pdf").write_bytes(FLYER)
    attachment = "attachments:\n  - file: flyer.pdf\n    title: Flyer\n"
    write_update(root, 3, title="A flyer", categories="[covid, pay]", more=attachment)
    return root


def publish_site(folder: Path) -> Path:
    """The publication of such a folder."""
    publication = folder / "instance" / "publication.db"
    publish_folder(write_site(folder / "content"), publication)
    return publication


def copy_memory(publication: Path, other: Path) -> None:
    """Let a publication that is still to be made remember what another one does."""
    with (
        closing(sqlite3.connect(memory_path(publication))) as memory,
        closing(sqlite3.connect(memory_path(other))) as copy,
    ):
        memory.backup(copy)
