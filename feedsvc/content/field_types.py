"""What fields of content are made of: texts and what they mean, and groups of fields, as an editor explains them.

Every value arrives as text; the readers of ``values`` decide what it means.
"""

from datetime import datetime, timedelta
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, WithJsonSchema

from feedsvc.addresses import web_address
from feedsvc.content import values
from feedsvc.content.dates import Moment, read_time_before
from feedsvc.content.files import File


def as_text(**more: Any) -> WithJsonSchema:
    """What an editor checks: text, with more about it."""
    return WithJsonSchema({"type": "string", "minLength": 1, **more})


SLUG_PATTERN = f"^{values.SLUG.pattern}$"
_SLUG: dict[str, Any] = {"type": "string", "pattern": SLUG_PATTERN}
Slug = Annotated[str, values.plain_reader(values.read_slug), as_text(pattern=SLUG_PATTERN)]
CategorySlug = Annotated[str, values.plain_reader(values.read_category_slug), as_text(pattern=SLUG_PATTERN)]
Instant = Annotated[datetime, values.reader(values.read_instant), as_text()]
MomentOf = Annotated[Moment, values.reader(values.read_moment), as_text()]
TimeBefore = Annotated[
    timedelta, values.plain_reader(read_time_before), as_text(pattern="^ *[0-9]{1,2} *(hour|day|week)s? *$")
]
Language = Annotated[str, values.plain_reader(values.read_language), as_text(pattern=f"^{values.LANGUAGE.pattern}$")]
Title = Annotated[str, values.plain_reader(values.read_line), as_text(maxLength=values.TITLE_LIMIT)]
Paragraph = Annotated[str, values.plain_reader(values.read_paragraph), as_text(maxLength=values.SUMMARY_LIMIT)]
WebAddress = Annotated[str, values.plain_reader(web_address), as_text(pattern="^https?://")]
Attachment = Annotated[File, values.reader(lambda text, reading: reading.files.attachment(text)), as_text()]
Artwork = Annotated[File, values.reader(lambda text, reading: reading.files.artwork(text)), as_text()]
Picture = Annotated[File, values.reader(lambda text, reading: reading.files.picture(text)), as_text()]
Favicon = Annotated[File, values.reader(lambda text, reading: reading.files.favicon(text)), as_text()]
YES_OR_NO = {"type": "string", "pattern": "^([Yy]es|[Nn]o|[Oo]n|[Oo]ff|YES|NO|ON|OFF)$"}
YesOrNo = Annotated[
    bool, values.plain_reader(values.read_draft), WithJsonSchema({"anyOf": [{"type": "boolean"}, YES_OR_NO]})
]
CategoryName = Annotated[str, values.reader(values.read_category), as_text(pattern=SLUG_PATTERN)]


def one_or_many(names: tuple[str, ...] = ()) -> WithJsonSchema:
    """What an editor checks: a slug or a list of them; with ``names`` it offers these."""
    item = _SLUG | ({"enum": list(names)} if names else {})
    return WithJsonSchema({"anyOf": [item, _many(item, 1)]})


def _many(item: dict[str, Any], least: int) -> dict[str, Any]:
    return {"type": "array", "items": item, "minItems": least, "uniqueItems": True}


Mix = Annotated[list[CategorySlug], AfterValidator(values.distinct), WithJsonSchema(_many(_SLUG, 2))]


ALIASES_AT_MOST = 20  # each has documents of its own
few_aliases = values.at_most(ALIASES_AT_MOST, "former slugs", "keep those whose addresses are still followed")


class Record(BaseModel):
    """A group of fields; no other fields than the ones named."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True, hide_input_in_errors=True)


def required(description: str, example: object, **more: Any) -> Any:
    """A field that must be there: what an editor says of it, and what may stand there."""
    return Field(description=description, examples=[example], **more)


def optional(description: str, example: object = None, *, default: Any = None) -> Any:
    """A field that may be left out; ``default`` is what it then holds, or the kind of what is empty then."""
    how = "default_factory" if isinstance(default, type) else "default"
    examples = None if example is None else [example]
    return Field(description=description, examples=examples, **{how: default})


def json_schema(record: type[Record]) -> dict[str, Any]:
    """A record's schema with its dialect, and without defaults and null, which no file can say."""
    schema = record.model_json_schema()
    for part in (schema, *schema["$defs"].values()):
        for described in part["properties"].values():
            described.pop("default", None)
            choices = described.get("anyOf", [])
            if {"type": "null"} in choices:
                del described["anyOf"]
                described.update(choices[0])
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}
