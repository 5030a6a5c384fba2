"""The fields of an update: which there are, what each holds, and how an editor explains them."""

from datetime import datetime
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, PlainValidator

from feedsvc.content import values
from feedsvc.content.field_types import (
    Attachment,
    CategoryName,
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
    YesOrNo,
    as_text,
    few_aliases,
    json_schema,
    one_or_many,
    optional,
    required,
)
from feedsvc.content.files import File
from feedsvc.model import Site

EVENTS_AT_MOST = 10
CHANGES_AT_MOST = 50
ATTACHMENTS_AT_MOST = 50
few_related = values.at_most(20, "slugs", "keep those that matter most")


class ImageRecord(Record):
    """The picture of an update."""

    src: Picture = required("Name of a picture in content/files.", "masks.png")
    alt: Paragraph = required("What the picture shows, in words.", "A nurse puts on a mask")


class AttachmentRecord(Record):
    """A file offered with an update."""

    file: Attachment = required("Name of a file in content/files.", "flyer.pdf")
    title: Title = required("What the file is.", "Flyer to print")


class EventRecord(Record):
    """A meeting, a vote or another date."""

    start: MomentOf = required(
        "When it begins: a date and a time, or a date alone for a whole day.", "2026-03-04 18:00"
    )
    end: MomentOf | None = optional(
        "When it ends; without it an hour later. Of whole days, the last one.", "2026-03-04 20:00"
    )
    place: Title | None = optional("Where it is, in a line.", "Union hall")
    url: WebAddress | None = optional("A web address: where to join or to register.", "https://example.org/join")
    id: Slug | None = optional(
        "Names it among several of an update; never change it once it is published.", "night-shift"
    )


class ChangeRecord(Record):
    """A correction."""

    date: Instant = required("When it was made: a date, or a date and a time.", "2026-03-02 14:30")
    note: Paragraph = required("What was changed, in a sentence.", "The room is 4, not 3.")


class EntryRecord(Record):
    """One update: a file in content/updates, named by its date and a few words: 2026-03-01-masks-are-back.yaml."""

    title: Title = required(
        f"The headline: one line, at most {values.TITLE_LIMIT} characters. In quotes when it has a colon.",
        "Masks are back on all wards",
    )
    published: Instant = required(
        "When it appears: a date, or a date and a time of the site's time zone. Later dates wait.", "2026-03-01 09:00"
    )
    categories: Annotated[
        list[CategoryName], BeforeValidator(values.listed), AfterValidator(values.distinct), one_or_many()
    ] = required("One or more categories of site.yaml.", "[covid]")
    summary: Paragraph = required(
        f"The news in a sentence or two, without markup, at most {values.SUMMARY_LIMIT} characters.",
        "From Monday, masks are required on all wards.",
    )
    body: Annotated[str, PlainValidator(values.read_body), as_text()] = required(
        "The text in Markdown, indented by two spaces below a line body: |", "|"
    )
    id: Annotated[str, values.plain_reader(values.read_id), as_text(pattern=f"^{values.STEM.pattern}$")] | None = (
        optional(
            "Permanent id; without it the file's name. Write it before you rename a published file.", "2026-03-01-masks"
        )
    )
    slug: Slug | None = optional("Last part of the address; without it the file's name after the date.", "masks")
    aliases: Annotated[
        list[Slug], BeforeValidator(values.listed), few_aliases, AfterValidator(values.distinct), one_or_many()
    ] = optional("Slugs that it had before; their addresses lead to the new one.", "[masks-in-march]", default=list)
    updated: Instant | None = optional(
        "When it was last changed so that readers should see it again.", "2026-03-02 14:30"
    )
    expires: Annotated[datetime, values.reader(values.read_expiry), as_text()] | None = optional(
        "When it leaves feeds and lists; its page stays and says so. A date means the end of that day.", "2026-03-31"
    )
    deadline: MomentOf | None = optional(
        "The last day to do it, or the last moment: a date, or a date and a time.", "2026-03-15 17:00"
    )
    remind: TimeBefore | None = optional(
        "How long before the deadline feeds remind of it, once: so many hours, days or weeks.", "3 days"
    )
    event: Annotated[
        list[EventRecord], BeforeValidator(values.listed_groups), values.at_most(EVENTS_AT_MOST, "dates")
    ] = optional("A meeting, a vote or another date, or a list of them.", default=list)
    changes: Annotated[list[ChangeRecord], values.at_most(CHANGES_AT_MOST, "corrections")] = optional(
        "What was changed so that readers should see it again: a list; each has its date and a note.", default=list
    )
    change_note: Paragraph | None = optional(
        "What was changed, in a sentence, at the date of updated.", "The room is 4, not 3."
    )
    withdrawn: Instant | None = optional(
        "When the update was taken back. Its text is replaced by the reason, everywhere.", "2026-03-03 10:00"
    )
    reason: Paragraph | None = optional(
        "Why it was taken back, and where to go, in a sentence.", "The county changed its order."
    )
    replaces: Slug | None = optional(
        "Slug of an earlier update that this one takes the place of.", "masks-at-the-doors"
    )
    translation_of: Slug | None = optional(
        "Slug of the update that says the same in another language; their pages lead to each other.",
        "masks-at-the-doors",
    )
    urgent_until: Annotated[datetime, values.reader(values.read_expiry), as_text()] | None = optional(
        "How long it stands above all others on pages. A date means the end of that day.", "2026-03-05"
    )
    author: Title | None = optional("Who wrote it; without it the site's author.", "Safety committee")
    lang: Language | None = optional("Language of this update, such as es or ar, where it is not the site's.", "es")
    link: Annotated[tuple[str, File | None] | None, values.reader(values.read_link), as_text()] = optional(
        "A page elsewhere that the update is about: https:, http:, mailto:, or a path of this site.",
        "https://example.org/order",
    )
    image: ImageRecord | None = optional("A picture and what it shows.")
    attachments: Annotated[list[AttachmentRecord], values.at_most(ATTACHMENTS_AT_MOST, "files")] = optional(
        "Files offered with the update.", default=list
    )
    related: Annotated[
        list[Slug], BeforeValidator(values.listed), few_related, AfterValidator(values.distinct), one_or_many()
    ] = optional("Slugs of other updates.", "[masks-at-the-doors]", default=list)
    draft: YesOrNo = optional("true keeps the update from being published.", "true", default=False)


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
