"""The fields of an update: which there are, what each holds, and how an editor explains them."""

from datetime import datetime
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, Field, PlainValidator, WithJsonSchema

from feedsvc.content import values
from feedsvc.content.field_types import (
    Attachment,
    CategoryName,
    EventId,
    Instant,
    Language,
    MomentOf,
    Paragraph,
    Picture,
    Record,
    Slug,
    TimeBefore,
    Title,
    WebAddress,
    as_text,
    few_aliases,
    json_schema,
    one_or_many,
)
from feedsvc.content.files import File
from feedsvc.model import Site

EVENTS_AT_MOST = 10
CHANGES_AT_MOST = 50
ATTACHMENTS_AT_MOST = 50
few_related = values.at_most(20, "slugs", "keep those that matter most")


class ImageRecord(Record):
    """The picture of an update."""

    src: Picture = Field(description="Name of a picture in content/files.", examples=["masks.png"])
    alt: Paragraph = Field(description="What the picture shows, in words.", examples=["A nurse puts on a mask"])


class AttachmentRecord(Record):
    """A file offered with an update."""

    file: Attachment = Field(description="Name of a file in content/files.", examples=["flyer.pdf"])
    title: Title = Field(description="What the file is.", examples=["Flyer to print"])


class EventRecord(Record):
    """A meeting, a vote or another date."""

    start: MomentOf = Field(
        description="When it begins: a date and a time, or a date alone for a whole day.",
        examples=["2026-03-04 18:00"],
    )
    end: MomentOf | None = Field(
        None,
        description="When it ends; without it an hour later. Of whole days, the last one.",
        examples=["2026-03-04 20:00"],
    )
    place: Title | None = Field(None, description="Where it is, in a line.", examples=["Union hall"])
    url: WebAddress | None = Field(
        None, description="A web address: where to join or to register.", examples=["https://example.org/join"]
    )
    id: EventId | None = Field(
        None,
        description="Names it among several of an update; never change it once it is published.",
        examples=["night-shift"],
    )


class ChangeRecord(Record):
    """A correction."""

    date: Instant = Field(description="When it was made: a date, or a date and a time.", examples=["2026-03-02 14:30"])
    note: Paragraph = Field(description="What was changed, in a sentence.", examples=["The room is 4, not 3."])


class EntryRecord(Record):
    """One update: a file in content/updates, named by its date and a few words: 2026-03-01-masks-are-back.yaml."""

    title: Title = Field(
        description=f"The headline: one line, at most {values.TITLE_LIMIT} characters. In quotes when it has a colon.",
        examples=["Masks are back on all wards"],
    )
    published: Instant = Field(
        description="When it appears: a date, or a date and a time of the site's time zone. Later dates wait.",
        examples=["2026-03-01 09:00"],
    )
    categories: Annotated[
        list[CategoryName], BeforeValidator(values.listed), AfterValidator(values.distinct), one_or_many()
    ] = Field(description="One or more categories of site.yaml.", examples=["[covid]"])
    summary: Paragraph = Field(
        description=f"The news in a sentence or two, without markup, at most {values.SUMMARY_LIMIT} characters.",
        examples=["From Monday, masks are required on all wards."],
    )
    body: Annotated[str, PlainValidator(values.read_body), as_text()] = Field(
        description="The text in Markdown, indented by two spaces below a line body: |",
        examples=["|"],
    )
    id: Annotated[str, values.reader(values.read_id), as_text(pattern=f"^{values.STEM.pattern}$")] | None = Field(
        None,
        description="Permanent id; without it the file's name. Write it before you rename a published file.",
        examples=["2026-03-01-masks"],
    )
    slug: Slug | None = Field(
        None, description="Last part of the address; without it the file's name after the date.", examples=["masks"]
    )
    aliases: Annotated[
        list[Slug], BeforeValidator(values.listed), few_aliases, AfterValidator(values.distinct), one_or_many()
    ] = Field(
        default_factory=list,
        description="Slugs that it had before; their addresses lead to the new one.",
        examples=["[masks-in-march]"],
    )
    updated: Instant | None = Field(
        None, description="When it was last changed so that readers should see it again.", examples=["2026-03-02 14:30"]
    )
    expires: Annotated[datetime, values.reader(values.read_expiry), as_text()] | None = Field(
        None,
        description="When it leaves feeds and lists; its page stays and says so. A date means the end of that day.",
        examples=["2026-03-31"],
    )
    deadline: MomentOf | None = Field(
        None,
        description="The last day to do it, or the last moment: a date, or a date and a time.",
        examples=["2026-03-15 17:00"],
    )
    remind: TimeBefore | None = Field(
        None,
        description="How long before the deadline feeds remind of it, once: so many hours, days or weeks.",
        examples=["3 days"],
    )
    event: Annotated[
        list[EventRecord], BeforeValidator(values.listed_groups), values.at_most(EVENTS_AT_MOST, "dates")
    ] = Field(default_factory=list, description="A meeting, a vote or another date, or a list of them.")
    changes: Annotated[list[ChangeRecord], values.at_most(CHANGES_AT_MOST, "corrections")] = Field(
        default_factory=list,
        description="What was changed so that readers should see it again: a list; each has its date and a note.",
    )
    change_note: Paragraph | None = Field(
        None, description="What was changed, in a sentence, at the date of updated.", examples=["The room is 4, not 3."]
    )
    withdrawn: Instant | None = Field(
        None,
        description="When the update was taken back. Its text is replaced by the reason, everywhere.",
        examples=["2026-03-03 10:00"],
    )
    reason: Paragraph | None = Field(
        None,
        description="Why it was taken back, and where to go, in a sentence.",
        examples=["The county changed its order."],
    )
    replaces: Slug | None = Field(
        None, description="Slug of an earlier update that this one takes the place of.", examples=["masks-at-the-doors"]
    )
    translation_of: Slug | None = Field(
        None,
        description="Slug of the update that says the same in another language; their pages lead to each other.",
        examples=["masks-at-the-doors"],
    )
    urgent_until: Annotated[datetime, values.reader(values.read_expiry), as_text()] | None = Field(
        None,
        description="How long it stands above all others on pages. A date means the end of that day.",
        examples=["2026-03-05"],
    )
    author: Title | None = Field(
        None, description="Who wrote it; without it the site's author.", examples=["Safety committee"]
    )
    lang: Language | None = Field(
        None, description="Language of this update, such as es or ar, where it is not the site's.", examples=["es"]
    )
    link: Annotated[tuple[str, File | None] | None, values.reader(values.read_link), as_text()] = Field(
        None,
        description="A page elsewhere that the update is about: https:, http:, mailto:, or a path of this site.",
        examples=["https://example.org/order"],
    )
    image: ImageRecord | None = Field(None, description="A picture and what it shows.")
    attachments: Annotated[list[AttachmentRecord], values.at_most(ATTACHMENTS_AT_MOST, "files")] = Field(
        default_factory=list, description="Files offered with the update."
    )
    related: Annotated[
        list[Slug], BeforeValidator(values.listed), few_related, AfterValidator(values.distinct), one_or_many()
    ] = Field(default_factory=list, description="Slugs of other updates.", examples=["[masks-at-the-doors]"])
    draft: Annotated[
        bool,
        values.reader(values.read_draft),
        WithJsonSchema(
            {
                "anyOf": [
                    {"type": "boolean"},
                    {"type": "string", "pattern": "^([Yy]es|[Nn]o|[Oo]n|[Oo]ff|YES|NO|ON|OFF)$"},
                ]
            }
        ),
    ] = Field(default=False, description="true keeps the update from being published.", examples=["true"])


def entry_schema(site: Site | None = None) -> dict[str, Any]:
    """The JSON Schema of an update; with a site, editors offer its categories."""
    schema = json_schema(EntryRecord)
    event = schema["properties"]["event"]
    event["anyOf"] = [
        {"type": "string", "minLength": 1},
        event["items"],
        {"type": event.pop("type"), "items": event.pop("items"), "minItems": 1, "maxItems": EVENTS_AT_MOST},
    ]
    if site:
        names = one_or_many(tuple(category.slug for category in site.categories))
        schema["properties"]["categories"].update(names.json_schema)
    return schema
