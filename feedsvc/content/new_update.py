"""The file of a new update: complete, commented, and a draft until its author says otherwise."""

import json
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from feedsvc.content.folder import ENDINGS
from feedsvc.content.front_matter import MARKDOWN
from feedsvc.content.value_errors import unknown_category
from feedsvc.errors import FeedsvcError
from feedsvc.model import Site

SCHEMA = "../update.schema.json"  # as seen from an update; editors follow it
SLUG_LENGTH = 60


# what ``_fill`` writes in place of an author's own words, by field; whoever leaves it there has not written it yet
LEFTOVERS = {
    "summary": "Say here in a sentence or two what members need to know.",
    "body": "Write the update here.",
    "changes.note": "What was corrected, in one sentence.",
    "event.place": "Where the meeting is",
    "event.url": "https://example.org/where-to-join-or-register",
    "link": "https://example.org/the-page-this-is-about",
    "attachments.title": "What the file is",
    "image.alt": "What the picture shows, for those who cannot see it",
}

_YAML_HEAD = """\
# yaml-language-server: $schema={schema}
# A line that begins with # is a note to yourself and is never published. Below "body: |" that is not so:
# there a # makes a heading, and a note to yourself is written <!-- like this -->.

"""
_MARKDOWN_HEAD = """\
---
# A line that begins with # is a note to yourself and is never published. Below the second line --- that is not so:
# there a # makes a heading, and a note to yourself is written <!-- like this -->.

"""
_FIELDS = """\
# Delete the next line when the update may be published.
draft: true

# Keep the quotation marks around the title; then it may contain a colon.
title: {title}

# The date and time of publication, local time. A time in the future publishes itself then.
published: {local:%Y-%m-%d %H:%M}

# One or more of: {known}
categories: [{chosen}]

# One or two sentences, at most 280 characters: what happened, what to do, by when.
summary: >-
  {left[summary]}

"""
_YAML_TEXT = """\
# The whole text. Leave two spaces before every line. An empty line starts a new paragraph,
# a line that starts with "- " is a list item, **this** is bold, and [this](https://example.org/) is a link.
body: |
  {left[body]}

"""
_MORE = """\
# When you need them, delete the # before a line:
# changes:
#   - date: {local:%Y-%m-%d %H:%M}
#     note: {left[changes.note]}
# urgent_until: {local:%Y-%m-%d} # on pages it stands above all others until the end of that day
# deadline: {later:%Y-%m-%d} 17:00 # without a time: the whole last day
# remind: 3 days # so long before the deadline, feeds remind of it
# event: # several: a list, in which each but one has a line such as id: night-shift
#   start: {later:%Y-%m-%d} 18:00
#   end: {later:%Y-%m-%d} 19:00 # without this line: an hour later
#   place: {left[event.place]}
#   url: {left[event.url]}
# link: {left[link]}
# attachments:
#   - file: name-of-a-file-in-content-files.pdf
#     title: {left[attachments.title]}
# image:
#   src: name-of-a-picture-in-content-files.jpg
#   alt: {left[image.alt]}
"""
_MARKDOWN_TEXT = """\
---

{left[body]}

<!-- An empty line starts a new paragraph, a line that starts with "- " is a list item, **this** is bold, and
[this](https://example.org/) is a link. Delete this note or leave it: it is never published. -->
"""
_YAML = _YAML_HEAD + _FIELDS + _YAML_TEXT + _MORE
_MARKDOWN = _MARKDOWN_HEAD + _FIELDS + _MORE + _MARKDOWN_TEXT


class NewUpdateError(FeedsvcError):
    """No file can be written for what was asked; the text says what to give instead."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewUpdate:
    """What is known of an update before it is written; ``local`` is the present in the site's zone.

    ``is_markdown`` writes a ``.md`` file, whose text stands below its fields.
    """

    title: str
    categories: Sequence[str]
    slug: str | None
    local: datetime
    is_markdown: bool = False


def write_new_update(root: Path, site: Site, start: NewUpdate) -> Path:
    """Write ``updates/<date>-<slug>.yaml`` (or ``.md``); never over another file."""
    text = " ".join(start.title.split())
    if not text or len(text) > 120:
        raise NewUpdateError("a title has 1 to 120 characters")
    known = [category.slug for category in site.categories]
    chosen = list(dict.fromkeys(start.categories)) or known[:1]
    for category in chosen:
        if category not in known:
            raise unknown_category(category, known)
    name = start.slug or make_slug(text)
    if not re.fullmatch(r"[a-z0-9-]{1,80}", name):
        raise NewUpdateError("no address can be made from that title; give one with --slug, such as --slug night-shift")
    path = root / "updates" / f"{start.local:%Y-%m-%d}-{name}{MARKDOWN if start.is_markdown else '.yaml'}"
    path.parent.mkdir(parents=True, exist_ok=True)
    for other in filter(Path.exists, map(path.with_suffix, ENDINGS)):
        raise NewUpdateError(f"{other} is there already; give another --slug")
    with path.open("x", encoding="utf-8", newline="\n") as file:
        file.write(_fill(_MARKDOWN if start.is_markdown else _YAML, text, chosen, known, start.local))
    return path


def make_slug(title: str) -> str:
    """The address of a title: its Latin letters and figures, cut at a word; empty when it has none."""
    folded = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    words = re.findall(r"[a-z0-9]+", folded)
    while len("-".join(words)) > SLUG_LENGTH and len(words) > 1:
        words.pop()
    return "-".join(words)[:SLUG_LENGTH]


def _fill(file: str, title: str, chosen: Sequence[str], known: Sequence[str], local: datetime) -> str:
    return file.format(
        schema=SCHEMA,
        title=json.dumps(title, ensure_ascii=False),
        known=", ".join(known),
        chosen=", ".join(chosen),
        local=local,
        later=local + timedelta(days=14),
        left=LEFTOVERS,
    )
