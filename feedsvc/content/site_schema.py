"""The fields of ``site.yaml``: which there are, what each holds, and how an editor explains them."""

from datetime import time
from functools import partial
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BeforeValidator, WithJsonSchema, create_model

from feedsvc.addresses import site_address
from feedsvc.content import dates, other_sites, values
from feedsvc.content.field_types import (
    Artwork,
    CategorySlug,
    Favicon,
    Instant,
    Mix,
    Paragraph,
    Record,
    Title,
    WebAddress,
    as_text,
    few_aliases,
    json_schema,
    one_or_many,
    optional,
    required,
)
from feedsvc.wording import WORDINGS

DEFAULT_TIME = time(9)
few = partial(values.at_most, fix="keep those that are in use")  # each has documents of its own, or is told every time
_SITE_LANGUAGES = "|".join("".join(f"[{letter.upper()}{letter}]" for letter in code) for code in WORDINGS)
SiteLanguage = Annotated[
    str, values.plain_reader(values.read_site_language), as_text(pattern=f"^({_SITE_LANGUAGES})(-[A-Za-z0-9]{{1,8}})*$")
]


class CategoryRecord(Record):
    """A subject with feeds of its own."""

    slug: CategorySlug = required("Its part of the address. Never change it.", "covid")
    title: Title = required("Its name.", "COVID")
    description: Paragraph = required("What its updates are about.", "Rules and news about COVID.")
    since: Instant = required("The date on which it began.", "2026-01-15")
    aliases: Annotated[
        list[CategorySlug], BeforeValidator(values.listed), few_aliases, AfterValidator(values.distinct), one_or_many()
    ] = optional(
        "Slugs that it had before, the first of them first: their addresses lead on, subscribers stay.", default=list
    )
    ended: Instant | None = optional(
        "When it ended. Its feeds say farewell, and its addresses that it is gone a year later.", "2027-01-15"
    )


class CategoryTranslation(Record):
    """A category in another language."""

    title: Title | None = optional("Its name.", "Salarios")
    description: Paragraph | None = optional("What its updates are about.", "Aumentos y pagos retroactivos.")


class TranslationRecord(Record):
    """The site in another language."""

    title: Title = required("The name of the site, another one than in its first language.", "Avisos del Local 1199")
    description: Paragraph | None = optional("What the site publishes.", "Noticias para miembros del Local 1199.")
    rights: Paragraph | None = optional("Who may reuse the texts.", "Se puede compartir con nuestro nombre")
    categories: dict[str, CategoryTranslation] = optional(
        "The categories by their slugs, each with its title and description.", default=dict
    )


Translations = create_model(  # type: ignore[call-overload]  # its fields are the languages there are
    "Translations",
    __base__=Record,
    __doc__="The site in its other languages.",
    **{code: (TranslationRecord | None, optional(f"The site in {words.name}.")) for code, words in WORDINGS.items()},
)


class SiteRecord(Record):
    """What content/site.yaml says about the publication."""

    title: Title = required("The name of the site.", "Local 1199 updates")
    description: Paragraph = required("What the site publishes.", "News for members of Local 1199.")
    base_url: Annotated[str, values.plain_reader(site_address), as_text(pattern="^https?://")] = required(
        "Public address of the site; FEEDSVC_BASE_URL takes its place.", "https://news.example.org/"
    )
    authority: Annotated[
        str, values.plain_reader(values.read_authority), as_text(pattern=f"^{values.AUTHORITY.pattern}$")
    ] = required(
        "Names the site in permanent ids (RFC 4151): a domain and a year in which it was yours. Never change it.",
        "example.org,2026",
    )
    language: SiteLanguage = required(
        "Language of pages and feeds, and of every update that names no other: "
        f"{' or '.join(WORDINGS)}, also with a region as in es-MX.",
        "en",
    )
    time_zone: Annotated[ZoneInfo, values.plain_reader(values.read_zone), as_text()] = required(
        "Zone of the times in updates, as the IANA names it.", "America/New_York"
    )
    author: Title = required("Name of the union local.", "Local 1199")
    contact_url: Annotated[str, values.plain_reader(values.read_contact), as_text(pattern="^(https?://|mailto:)")] = (
        required("Where readers can write: an https: or mailto: link.", "mailto:news@example.org")
    )
    rights: Paragraph = required("Who may reuse the texts.", "Free to share with our name")
    license_url: WebAddress = required("The licence in full.", "https://creativecommons.org/licenses/by/4.0/")
    icon: Artwork = required("Name of a square PNG picture in content/files, at least 144 pixels wide.", "icon.png")
    logo: Artwork = required("Name of a PNG picture in content/files, twice as wide as high.", "logo.png")
    favicon: Favicon = required("Name of an SVG picture in content/files.", "favicon.svg")
    categories: Annotated[list[CategoryRecord], few(50, "categories")] = required(
        "The subjects, in the order in which readers see them; at least one.", "|", min_length=1
    )
    mixes: Annotated[list[Mix], few(100, "mixes")] | None = optional(
        "Which categories can be followed together, each mix a list of slugs; "
        "without this line all mixes of up to four categories.",
        [["covid", "pay"]],
    )
    default_time: Annotated[time, values.plain_reader(dates.read_time), as_text(pattern="^[0-9]{1,2}:[0-9]{2}$")] = (
        optional("Time of updates that are dated without one (09:00).", default=DEFAULT_TIME)
    )
    feed_length: Annotated[
        int,
        values.plain_reader(values.read_feed_length),
        WithJsonSchema({"type": ["integer", "string"], "minimum": 20, "maximum": 100, "pattern": "^[0-9]{2,3}$"}),
    ] = optional("How many updates a feed carries at most, from 20 to 100 (30).", default=30)
    translations: Translations | None = optional(
        "The site in other languages: updates in these have places, pages and feeds of their own there."
    )
    embed_on: Annotated[
        list[
            Annotated[str, values.plain_reader(other_sites.read_embedding_site), as_text(pattern="^https?://[^/]+/?$")]
        ],
        few(100, "sites"),
    ] = optional(
        "Sites that may show updates in a frame, such as https://sister.example or "
        "https://*.sister.example; without it all may.",
        default=list,
    )
    hubs: Annotated[
        list[Annotated[str, values.plain_reader(other_sites.read_hub), as_text(pattern="^https?://")]], few(10, "hubs")
    ] = optional(
        "WebSub hubs that are told of every change, and tell subscribers in seconds.",
        ["https://hub.example/"],
        default=list,
    )


def site_schema() -> dict[str, Any]:
    """The JSON Schema of ``site.yaml``."""
    return json_schema(SiteRecord)
