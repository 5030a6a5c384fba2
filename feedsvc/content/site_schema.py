"""The fields of ``site.yaml``: which there are, what each holds, and how an editor explains them."""

from datetime import time
from functools import partial
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BeforeValidator, Field, WithJsonSchema, create_model

from feedsvc.content import other_sites, values
from feedsvc.content.field_types import (
    SLUG_PATTERN,
    Artwork,
    CategorySlug,
    Favicon,
    Instant,
    Paragraph,
    Record,
    Title,
    WebAddress,
    as_text,
    few_aliases,
    json_schema,
    one_or_many,
)
from feedsvc.wording import WORDINGS

DEFAULT_TIME = time(9)
few = partial(values.at_most, fix="keep those that are in use")  # each has documents of its own, or is told every time
Mix = Annotated[
    list[CategorySlug],
    AfterValidator(values.distinct),
    WithJsonSchema(
        {
            "type": "array",
            "items": {"type": "string", "pattern": SLUG_PATTERN},
            "minItems": 2,
            "uniqueItems": True,
        }
    ),
]
_SITE_LANGUAGES = "|".join("".join(f"[{letter.upper()}{letter}]" for letter in code) for code in WORDINGS)
SiteLanguage = Annotated[
    str, values.reader(values.read_site_language), as_text(pattern=f"^({_SITE_LANGUAGES})(-[A-Za-z0-9]{{1,8}})*$")
]


class CategoryRecord(Record):
    """A subject with feeds of its own."""

    slug: CategorySlug = Field(description="Its part of the address. Never change it.", examples=["covid"])
    title: Title = Field(description="Its name.", examples=["COVID"])
    description: Paragraph = Field(description="What its updates are about.", examples=["Rules and news about COVID."])
    since: Instant = Field(description="The date on which it began.", examples=["2026-01-15"])
    aliases: Annotated[
        list[CategorySlug], BeforeValidator(values.listed), few_aliases, AfterValidator(values.distinct), one_or_many()
    ] = Field(
        default_factory=list,
        description="Slugs that it had before, the first of them first: their addresses lead on, subscribers stay.",
    )
    ended: Instant | None = Field(
        None,
        description="When it ended. Its feeds say farewell, and its addresses that it is gone a year later.",
        examples=["2027-01-15"],
    )


class CategoryTranslation(Record):
    """A category in another language."""

    title: Title | None = Field(None, description="Its name.", examples=["Salarios"])
    description: Paragraph | None = Field(
        None, description="What its updates are about.", examples=["Aumentos y pagos retroactivos."]
    )


class TranslationRecord(Record):
    """The site in another language."""

    title: Title = Field(
        description="The name of the site, another one than in its first language.", examples=["Avisos del Local 1199"]
    )
    description: Paragraph | None = Field(
        None, description="What the site publishes.", examples=["Noticias para miembros del Local 1199."]
    )
    rights: Paragraph | None = Field(
        None, description="Who may reuse the texts.", examples=["Se puede compartir con nuestro nombre"]
    )
    categories: dict[str, CategoryTranslation] = Field(
        default_factory=dict, description="The categories by their slugs, each with its title and description."
    )


Translations = create_model(  # type: ignore[call-overload]  # its fields are the languages there are
    "Translations",
    __base__=Record,
    __doc__="The site in its other languages.",
    **{
        code: (TranslationRecord | None, Field(None, description=f"The site in {words.name}."))
        for code, words in WORDINGS.items()
    },
)


class SiteRecord(Record):
    """What content/site.yaml says about the publication."""

    title: Title = Field(description="The name of the site.", examples=["Local 1199 updates"])
    description: Paragraph = Field(description="What the site publishes.", examples=["News for members of Local 1199."])
    base_url: Annotated[str, values.reader(values.read_base_url), as_text(pattern="^https?://")] = Field(
        description="Public address of the site; FEEDSVC_BASE_URL takes its place.",
        examples=["https://news.example.org/"],
    )
    authority: Annotated[
        str, values.reader(values.read_authority), as_text(pattern=f"^{values.AUTHORITY.pattern}$")
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
    time_zone: Annotated[ZoneInfo, values.reader(values.read_zone), as_text()] = Field(
        description="Zone of the times in updates, as the IANA names it.", examples=["America/New_York"]
    )
    author: Title = Field(description="Name of the union local.", examples=["Local 1199"])
    contact_url: Annotated[str, values.reader(values.read_contact), as_text(pattern="^(https?://|mailto:)")] = Field(
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
    categories: Annotated[list[CategoryRecord], few(50, "categories")] = Field(
        description="The subjects, in the order in which readers see them; at least one.", examples=["|"], min_length=1
    )
    mixes: Annotated[list[Mix], few(100, "mixes")] | None = Field(
        None,
        description="Which categories can be followed together, each mix a list of slugs; "
        "without this line all mixes of up to four categories.",
        examples=[[["covid", "pay"]]],
    )
    default_time: Annotated[time, values.reader(values.read_time), as_text(pattern="^[0-9]{1,2}:[0-9]{2}$")] = Field(
        DEFAULT_TIME, description="Time of updates that are dated without one (09:00)."
    )
    feed_length: Annotated[
        int,
        values.reader(values.read_feed_length),
        WithJsonSchema({"type": ["integer", "string"], "minimum": 20, "maximum": 100, "pattern": "^[0-9]{2,3}$"}),
    ] = Field(30, description="How many updates a feed carries at most, from 20 to 100 (30).")
    translations: Translations | None = Field(
        None,
        description="The site in other languages: updates in these have places, pages and feeds of their own there.",
    )
    embed_on: Annotated[
        list[Annotated[str, values.reader(other_sites.read_embedding_site), as_text(pattern="^https?://[^/]+/?$")]],
        few(100, "sites"),
    ] = Field(
        default_factory=list,
        description="Sites that may show updates in a frame, such as https://sister.example or "
        "https://*.sister.example; without it all may.",
    )
    hubs: Annotated[
        list[Annotated[str, values.reader(other_sites.read_hub), as_text(pattern="^https?://")]], few(10, "hubs")
    ] = Field(
        default_factory=list,
        description="WebSub hubs that are told of every change, and tell subscribers in seconds.",
        examples=[["https://hub.example/"]],
    )


def site_schema() -> dict[str, Any]:
    """The JSON Schema of ``site.yaml``."""
    return json_schema(SiteRecord)
