"""The fields of an update and of ``site.yaml``: which there are, what each holds, and how an editor explains them.

Every value arrives as text; the readers of ``values`` decide what it means.
"""

from datetime import datetime, time
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, PlainValidator, WithJsonSchema

from feedsvc.content import values
from feedsvc.content.dates import Moment
from feedsvc.content.files import File
from feedsvc.model import Site
from feedsvc.wording import WORDINGS

DEFAULT_TIME = time(9)
EVENTS_AT_MOST = 10
CHANGES_AT_MOST = 50


def _schema(**more: Any) -> WithJsonSchema:
    """What an editor checks: text, with more about it."""
    return WithJsonSchema({"type": "string", "minLength": 1, **more})


_SLUG_PATTERN = f"^{values.SLUG.pattern}$"
Slug = Annotated[str, values.reader(values.read_slug), _schema(pattern=_SLUG_PATTERN)]
CategorySlug = Annotated[str, values.reader(values.read_category_slug), _schema(pattern=_SLUG_PATTERN)]
Mix = Annotated[
    list[CategorySlug],
    AfterValidator(values.distinct),
    WithJsonSchema(
        {
            "type": "array",
            "items": {"type": "string", "pattern": _SLUG_PATTERN},
            "minItems": 2,
            "uniqueItems": True,
        }
    ),
]
Instant = Annotated[datetime, values.reader(values.read_instant), _schema()]
MomentOf = Annotated[Moment, values.reader(values.read_moment), _schema()]
EventId = Annotated[str, values.reader(values.read_slug), _schema(pattern=_SLUG_PATTERN)]
Language = Annotated[str, values.reader(values.read_language), _schema(pattern=f"^{values.LANGUAGE.pattern}$")]
_SITE_LANGUAGES = "|".join("".join(f"[{letter.upper()}{letter}]" for letter in code) for code in WORDINGS)
SiteLanguage = Annotated[
    str, values.reader(values.read_site_language), _schema(pattern=f"^({_SITE_LANGUAGES})(-[A-Za-z0-9]{{1,8}})*$")
]
Title = Annotated[str, values.line(values.TITLE_LIMIT), _schema(maxLength=values.TITLE_LIMIT)]
Paragraph = Annotated[str, values.paragraph(values.SUMMARY_LIMIT), _schema(maxLength=values.SUMMARY_LIMIT)]
WebAddress = Annotated[str, values.reader(values.read_web_address), _schema(pattern="^https?://")]
Attachment = Annotated[File, values.reader(lambda text, reading: reading.files.attachment(text)), _schema()]
Artwork = Annotated[File, values.reader(lambda text, reading: reading.files.artwork(text)), _schema()]
Picture = Annotated[File, values.reader(lambda text, reading: reading.files.picture(text)), _schema()]
Favicon = Annotated[File, values.reader(lambda text, reading: reading.files.favicon(text)), _schema()]
CategoryName = Annotated[str, values.reader(values.read_category), _schema(pattern=_SLUG_PATTERN)]


def _one_or_many(names: tuple[str, ...] = ()) -> WithJsonSchema:
    """What an editor checks: a slug or a list of them; with ``names`` it offers these."""
    item: dict[str, Any] = {"type": "string", "pattern": _SLUG_PATTERN}
    if names:
        item["enum"] = list(names)
    return WithJsonSchema({"anyOf": [item, {"type": "array", "items": item, "minItems": 1, "uniqueItems": True}]})


class _Record(BaseModel):
    """A group of fields; no other fields than the ones named."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True, hide_input_in_errors=True)


class ImageRecord(_Record):
    """The picture of an update."""

    src: Picture = Field(description="Name of a picture in content/files.", examples=["masks.png"])
    alt: Paragraph = Field(description="What the picture shows, in words.", examples=["A nurse puts on a mask"])


class AttachmentRecord(_Record):
    """A file offered with an update."""

    file: Attachment = Field(description="Name of a file in content/files.", examples=["flyer.pdf"])
    title: Title = Field(description="What the file is.", examples=["Flyer to print"])


class EventRecord(_Record):
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


class ChangeRecord(_Record):
    """A correction."""

    date: Instant = Field(description="When it was made: a date, or a date and a time.", examples=["2026-03-02 14:30"])
    note: Paragraph = Field(description="What was changed, in a sentence.", examples=["The room is 4, not 3."])


class EntryRecord(_Record):
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
        list[CategoryName], BeforeValidator(values.listed), AfterValidator(values.distinct), _one_or_many()
    ] = Field(description="One or more categories of site.yaml.", examples=["[covid]"])
    summary: Paragraph = Field(
        description=f"The news in a sentence or two, without markup, at most {values.SUMMARY_LIMIT} characters.",
        examples=["From Monday, masks are required on all wards."],
    )
    body: Annotated[str, PlainValidator(values.read_body), _schema()] = Field(
        description="The text in Markdown, indented by two spaces below a line body: |",
        examples=["|"],
    )
    id: Annotated[str, values.reader(values.read_id), _schema(pattern=f"^{values.STEM.pattern}$")] | None = Field(
        None,
        description="Permanent id; without it the file's name. Write it before you rename a published file.",
        examples=["2026-03-01-masks"],
    )
    slug: Slug | None = Field(
        None, description="Last part of the address; without it the file's name after the date.", examples=["masks"]
    )
    aliases: Annotated[list[Slug], BeforeValidator(values.listed), AfterValidator(values.distinct), _one_or_many()] = (
        Field(default_factory=list, description="Slugs that it had before; their addresses lead to the new one.")
    )
    updated: Instant | None = Field(
        None, description="When it was last changed so that readers should see it again.", examples=["2026-03-02 14:30"]
    )
    expires: Annotated[datetime, values.reader(values.read_expiry), _schema()] | None = Field(
        None,
        description="When it leaves feeds and lists; its page stays and says so. A date means the end of that day.",
        examples=["2026-03-31"],
    )
    deadline: MomentOf | None = Field(
        None,
        description="The last day to do it, or the last moment: a date, or a date and a time.",
        examples=["2026-03-15 17:00"],
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
    urgent_until: Annotated[datetime, values.reader(values.read_expiry), _schema()] | None = Field(
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
    link: Annotated[tuple[str, File | None] | None, values.reader(values.read_link), _schema()] = Field(
        None,
        description="A page elsewhere that the update is about: https:, http:, mailto:, or a path of this site.",
        examples=["https://example.org/order"],
    )
    image: ImageRecord | None = Field(None, description="A picture and what it shows.")
    attachments: list[AttachmentRecord] = Field(default_factory=list, description="Files offered with the update.")
    related: Annotated[list[Slug], BeforeValidator(values.listed), AfterValidator(values.distinct), _one_or_many()] = (
        Field(default_factory=list, description="Slugs of other updates.", examples=["[masks-at-the-doors]"])
    )
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


class CategoryRecord(_Record):
    """A subject with feeds of its own."""

    slug: CategorySlug = Field(description="Its part of the address. Never change it.", examples=["covid"])
    title: Title = Field(description="Its name.", examples=["COVID"])
    description: Paragraph = Field(description="What its updates are about.", examples=["Rules and news about COVID."])
    since: Instant = Field(description="The date on which it began.", examples=["2026-01-15"])
    aliases: Annotated[
        list[CategorySlug], BeforeValidator(values.listed), AfterValidator(values.distinct), _one_or_many()
    ] = Field(
        default_factory=list,
        description="Slugs that it had before, the first of them first: their addresses lead on, subscribers stay.",
    )


class SiteRecord(_Record):
    """What content/site.yaml says about the publication."""

    title: Title = Field(description="The name of the site.", examples=["Local 1199 updates"])
    description: Paragraph = Field(description="What the site publishes.", examples=["News for members of Local 1199."])
    base_url: Annotated[str, values.reader(values.read_base_url), _schema(pattern="^https?://")] = Field(
        description="Public address of the site; FEEDSVC_BASE_URL takes its place.",
        examples=["https://news.example.org/"],
    )
    authority: Annotated[
        str, values.reader(values.read_authority), _schema(pattern=f"^{values.AUTHORITY.pattern}$")
    ] = Field(
        description="Names the site in permanent ids (RFC 4151): a domain and a year in which it was yours. "
        "Never change it.",
        examples=["example.org,2026"],
    )
    language: SiteLanguage = Field(
        description="Language of pages and feeds, and of every update that names no other: "
        f"{' or '.join(WORDINGS)}, also with a region as in es-MX.",
        examples=["en"],
    )
    time_zone: Annotated[ZoneInfo, values.reader(values.read_zone), _schema()] = Field(
        description="Zone of the times in updates, as the IANA names it.", examples=["America/New_York"]
    )
    author: Title = Field(description="Name of the union local.", examples=["Local 1199"])
    contact_url: Annotated[str, values.reader(values.read_contact), _schema(pattern="^(https?://|mailto:)")] = Field(
        description="Where readers can write: an https: or mailto: link.", examples=["mailto:news@example.org"]
    )
    rights: Paragraph = Field(description="Who may reuse the texts.", examples=["Free to share with our name"])
    license_url: WebAddress = Field(
        description="The licence in full.", examples=["https://creativecommons.org/licenses/by/4.0/"]
    )
    icon: Artwork = Field(
        description="Name of a square PNG picture in content/files, at least 144 pixels wide.", examples=["icon.png"]
    )
    logo: Artwork = Field(
        description="Name of a PNG picture in content/files, twice as wide as high.", examples=["logo.png"]
    )
    favicon: Favicon = Field(description="Name of an SVG picture in content/files.", examples=["favicon.svg"])
    categories: list[CategoryRecord] = Field(
        description="The subjects, in the order in which readers see them; at least one.", examples=["|"], min_length=1
    )
    mixes: list[Mix] | None = Field(
        None,
        description="Which categories can be followed together, each mix a list of slugs; "
        "without this line all mixes of up to four categories.",
        examples=[[["covid", "pay"]]],
    )
    default_time: Annotated[time, values.reader(values.read_time), _schema(pattern="^[0-9]{1,2}:[0-9]{2}$")] = Field(
        DEFAULT_TIME, description="Time of updates that are dated without one (09:00)."
    )
    feed_length: Annotated[
        int,
        values.reader(values.read_feed_length),
        WithJsonSchema({"type": ["integer", "string"], "minimum": 20, "maximum": 100, "pattern": "^[0-9]{2,3}$"}),
    ] = Field(30, description="How many updates a feed carries at most, from 20 to 100 (30).")
    embed_on: list[Annotated[str, values.reader(values.read_embedding_site), _schema(pattern="^https?://[^/]+/?$")]] = (
        Field(
            default_factory=list,
            description="Sites that may show updates in a frame, such as https://sister.example or "
            "https://*.sister.example; without it all may.",
        )
    )


def entry_schema(site: Site | None = None) -> dict[str, Any]:
    """The JSON Schema of an update; with a site, editors offer its categories."""
    schema = _finished(EntryRecord)
    event = schema["properties"]["event"]
    event["anyOf"] = [
        {"type": "string", "minLength": 1},
        event["items"],
        {"type": event.pop("type"), "items": event.pop("items"), "minItems": 1, "maxItems": EVENTS_AT_MOST},
    ]
    if site:
        names = _one_or_many(tuple(category.slug for category in site.categories))
        schema["properties"]["categories"].update(names.json_schema)
    return schema


def site_schema() -> dict[str, Any]:
    """The JSON Schema of ``site.yaml``."""
    return _finished(SiteRecord)


def _finished(record: type[_Record]) -> dict[str, Any]:
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
