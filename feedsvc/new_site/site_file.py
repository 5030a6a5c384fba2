"""``site.yaml`` of a new site: every field of the schema with what it holds, those that are not needed as comments."""

import json
from collections.abc import Iterator, Mapping
from datetime import date, time
from textwrap import wrap
from typing import Any

from feedsvc.content.site_schema import CategoryRecord, SiteRecord
from feedsvc.content.value_errors import in_quotes

WIDTH = 118
_HEAD = (
    "# yaml-language-server: $schema=site.schema.json\n"
    "# The site itself. Change a value behind the colon, and keep the word before it. A line that begins with # is"
    " a note\n# to you and is never published. After a change run: feedsvc check\n"
)


def site_text(values: Mapping[str, str], categories: tuple[tuple[str, str, str], ...], since: date) -> str:
    """The file; ``values`` are by field, ``categories`` slug, title and description."""
    parts = [_HEAD]
    for name, field in SiteRecord.model_fields.items():
        if name == "categories":
            lines = [*_category_notes(), f"{name}:", *_items(categories, since)]
        elif name in values or field.is_required():
            lines = [f"{name}: {in_quotes(values.get(name, str(_example(field))))}"]
        else:
            lines = [f"# {name}: {_flow(_example(field))}"]
        parts.append("\n".join([*_note(field), *lines, ""]))
    return "\n".join(parts)


def _note(field: Any) -> list[str]:
    needed = "" if field.is_required() else " Not needed; to use it, delete the # before the next line."
    return [f"# {line}" for line in wrap(f"{field.description}{needed}", WIDTH)]


def _category_notes() -> Iterator[str]:
    """A line for each field of a category."""
    for name, field in CategoryRecord.model_fields.items():
        lines = wrap(f"{name}: {field.description}", WIDTH - 4)
        yield from (f"#   {line}" for line in lines)


def _items(categories: tuple[tuple[str, str, str], ...], since: date) -> Iterator[str]:
    for slug, title, description in categories:
        yield f"  - slug: {slug}"
        yield f"    title: {in_quotes(title)}"
        yield f"    description: {in_quotes(description)}"
        yield f"    since: {since}"


def _example(field: Any) -> Any:
    """What may stand there."""
    return field.examples[0] if field.examples else field.get_default(call_default_factory=True)


def _flow(value: Any) -> str:
    """A value on one line of YAML."""
    return json.dumps(f"{value:%H:%M}" if isinstance(value, time) else value, ensure_ascii=False)
