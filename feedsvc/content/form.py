"""The schema of an update as a form: the configuration of Sveltia CMS and Decap CMS.

Every field comes from ``entry_schema``, with its help and its rules, so that a new one joins by itself. What an editor
would be shown as a pattern becomes the kind of input that a telephone is good at: dates, pictures, choices.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import chain
from typing import Any

from feedsvc.content.files import FILES
from feedsvc.content.folder import UPDATES
from feedsvc.content.schema import entry_schema
from feedsvc.model import Site


@dataclass(frozen=True, slots=True, kw_only=True)
class Editor:
    """Whose form it is: its ``script``, and the ``digest`` of that (Subresource Integrity), as its page holds a token.

    One that does not ``know_optional_groups`` wants everything in a group that nobody fills in, such as a picture.
    """

    script: str
    digest: str
    knows_optional_groups: bool


EDITORS = {
    "sveltia": Editor(
        script="https://unpkg.com/@sveltia/cms@0.221.1/dist/sveltia-cms.js",
        digest="sha384-JQ+XsKx/UzwdTiNnFStza3XtqqQoVtyNPApkfvwlzZDfhe7giE9CnfQrpHqgv3k6",
        knows_optional_groups=True,
    ),
    "decap": Editor(
        script="https://unpkg.com/decap-cms@3.16.3/dist/decap-cms.js",
        digest="sha384-A/Gdn928CNLufmnGWGs9RM4Q9o8bSNLeJERqBFrBjwzL7FRpoLT3MPF8Tl0+Wd2p",
        knows_optional_groups=False,
    ),
}
PAGE = """\
<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>Write an update</title>
</head>
<body>
<!-- The editor comes from elsewhere. This page is for officers alone; no page for members loads it. -->
<script src="{script}"{proof}></script>
</body>
</html>
"""
LONG = 200  # characters, from which on a text is written in a box of several lines
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}(?P<time> [0-9]{2}:[0-9]{2})?")
_PICTURE = re.compile(r"[^ ]+\.(?:png|jpg)")
Schema = Mapping[str, Any]


def form_config(site: Site, content: str, backend: Schema, editor: Editor = EDITORS["sveltia"]) -> dict[str, Any]:
    """The whole configuration; ``content`` is the content folder as the repository names it."""
    schema = entry_schema(site)
    fields = _in_order(_fields(schema, schema, site), _text(schema["properties"]["body"]))
    if not editor.knows_optional_groups:  # then ``feedsvc check`` asks for what is missing
        groups = (field["fields"] for field in fields if field["widget"] == "object" and not field["required"])
        for part in chain.from_iterable(groups):
            part["required"] = False
    return {
        "backend": backend,
        "media_folder": f"{content}/{FILES}",
        "public_folder": FILES,
        "output": {"omit_empty_optional_fields": True},
        "collections": [
            {
                "name": UPDATES,
                "label": "Updates",
                "label_singular": "Update",
                "description": "Each update is a file. It is checked when it is saved, and published at its time.",
                "folder": f"{content}/{UPDATES}",
                "create": True,
                "extension": "md",
                "format": "yaml-frontmatter",
                "slug": "{{year}}-{{month}}-{{day}}-{{slug}}",
                "sortable_fields": ["published", "title"],
                "fields": fields,
            }
        ],
        "slug": {"encoding": "ascii", "clean_accents": True, "maxlength": 60},
    }


def _fields(group: Schema, schema: Schema, site: Site) -> list[dict[str, Any]]:
    """The inputs of a group of fields; ``schema`` is the whole, which names the groups within."""
    required = group.get("required", [])
    return [
        {
            "name": name,
            "label": name.replace("_", " ").capitalize(),
            "hint": field["description"].removesuffix(" In quotes when it has a colon."),  # which the form writes
            "required": name in required,
            **_widget(name, field, schema, site),
        }
        for name, field in group["properties"].items()
        if name != "body"
    ]


def _in_order(fields: list[dict[str, Any]], text: dict[str, Any]) -> list[dict[str, Any]]:
    """What is needed first, then what has parts (dates, pictures, files), then what is seldom used."""
    needed = [field for field in fields if field["required"]]
    grouped = [field for field in fields if not field["required"] and "fields" in field]
    return [*needed, text, *grouped, *(field for field in fields if field not in (*needed, *grouped))]


def _widget(name: str, field: Schema, schema: Schema, site: Site) -> dict[str, Any]:
    """The kind of input."""
    if name == "categories":
        known = [{"label": category.title, "value": category.slug} for category in site.categories]
        return {"widget": "select", "multiple": True, "min": 1, "options": known}
    options = field.get("anyOf", [field])
    lists = [option for option in options if option.get("type") == "array"]
    if any(option.get("type") == "boolean" for option in options):
        return {"widget": "boolean", "default": False}
    if lists and "$ref" in lists[0]["items"]:
        return {"widget": "list", "fields": _group(lists[0]["items"], schema, site)}
    if lists:
        return {"widget": "list"}
    if "$ref" in field:
        return {"widget": "object", "fields": _group(field, schema, site)}
    return _input(field)


def _group(reference: Schema, schema: Schema, site: Site) -> list[dict[str, Any]]:
    return _fields(schema["$defs"][reference["$ref"].rpartition("/")[2]], schema, site)


def _input(field: Schema) -> dict[str, Any]:
    """An input for a text, by its example, its length and its pattern."""
    example = str(field.get("examples", [""])[0])
    if found := _DATE.fullmatch(example):
        has_time = bool(found["time"])
        return {
            "widget": "datetime",
            "format": "YYYY-MM-DD HH:mm" if has_time else "YYYY-MM-DD",
            "time_format": "HH:mm" if has_time else False,
            "date_format": "YYYY-MM-DD",
        }
    if f"content/{FILES}" in field["description"]:
        return {"widget": "image" if _PICTURE.fullmatch(example) else "file"}
    if field.get("maxLength", 0) > LONG:
        return {"widget": "text"}
    pattern = field.get("pattern")
    return {"widget": "string"} | ({"pattern": [pattern, f"such as {example}"]} if pattern else {})


def _text(field: Schema) -> dict[str, Any]:
    """The text, which stands below the fields."""
    hint = str(field["description"]).partition(",")[0]
    return {"name": "body", "label": "Text", "hint": f"{hint}.", "required": True, "widget": "markdown"}
