"""``site.yaml`` becomes the Site, or messages."""

# ruff: noqa: E501  # a message is compared as a whole

import re
from datetime import UTC, datetime, time
from pathlib import Path

import pytest

from feedsvc.content.site import load_site
from feedsvc.content.site_schema import site_schema
from feedsvc.errors import ContentError
from feedsvc.model import Author, Category, Image, Site
from feedsvc.settings import Settings
from tests.content.samples import make_root, png, shown_at

SETTINGS = Settings()
CATEGORY = "\n  - slug: {}\n    title: A\n    description: B\n    since: {}"


def messages(root: Path) -> list[str]:
    """What is wrong with the site."""
    try:
        load_site(root, SETTINGS)
    except ContentError as error:
        return [str(problem).removeprefix("content/site.yaml:") for problem in error.problems]
    return []


def test_every_field_arrives(tmp_path: Path) -> None:
    root = make_root(
        tmp_path,
        default_time="18:30",
        feed_length="25",
        base_url="https://news.example.org/local",
        embed_on="[https://*.sister.example, 'http://b.example:81/']",
        hubs="[https://hub.example/a?b=c, 'http://127.0.0.1:81/', https://hub.example/a?b=c]",
    )
    loaded = load_site(root, SETTINGS)
    base_url = "https://news.example.org/local/"
    since = datetime(2026, 1, 5, 23, 30, tzinfo=UTC)
    assert loaded.site == Site(
        title="Local 1107",
        description="Short news for members.",
        base_url=base_url,
        authority="news.example.org,2026",
        language="en",
        time_zone="America/New_York",
        author=Author(name="Local 1107"),
        contact_url="mailto:news@example.org",
        rights="Free to share with our name",
        license_url="https://creativecommons.org/licenses/by/4.0/",
        icon=Image(
            url=base_url + shown_at(root, "icon.png", 144),
            alt="Local 1107",
            media_type="image/png",
            width=144,
            height=144,
        ),
        logo=Image(
            url=base_url + shown_at(root, "logo.png", 200),
            alt="Local 1107",
            media_type="image/png",
            width=200,
            height=100,
        ),
        favicon_url=loaded.site.favicon_url,
        touch_icon_url=base_url + shown_at(root, "icon.png", 180, "touch"),
        maskable_icon_url=base_url + shown_at(root, "icon.png", 512, "maskable"),
        default_time=time(18, 30),
        feed_length=25,
        embed_on=("https://*.sister.example", "http://b.example:81"),
        hubs=("https://hub.example/a?b=c", "http://127.0.0.1:81/"),
        categories=(
            Category(slug="covid", title="COVID", description="Rules.", since=since),
            Category(slug="pay", title="Pay", description="Raises.", since=since),
        ),
        digest=loaded.site.digest,
    )
    assert re.fullmatch(r"https://news.example.org/local/pictures/icon\.[0-9a-f]{16}\.svg", loaded.site.favicon_url)
    assert loaded.files == ("icon.png", "icon.svg", "logo.png")


def test_the_shipped_site_is_right() -> None:
    assert load_site(Path(__file__).parents[2] / "content", SETTINGS).site.categories[0].slug == "covid"


@pytest.mark.parametrize("tag", ["en", "en-US", "es", "es-MX", "ES-419"])
def test_a_language_with_words_is_taken_with_any_region(tag: str, tmp_path: Path) -> None:
    """By the service as by an editor that follows the schema."""
    assert load_site(make_root(tmp_path, language=tag), SETTINGS).site.language == tag
    pattern = site_schema()["properties"]["language"]["pattern"]
    assert re.fullmatch(pattern, tag)
    assert not re.fullmatch(pattern, "fr-CA")


def test_what_is_left_out_has_its_usual_value(tmp_path: Path) -> None:
    site = load_site(make_root(tmp_path), SETTINGS).site
    assert (site.default_time, site.feed_length) == (time(9), 30)


@pytest.mark.parametrize(
    ("slugs", "mixes", "expected"),
    [
        ("ab", None, ""),
        ("abc", None, "ab ac bc"),
        ("abcd", None, "ab ac ad bc bd cd abc abd acd bcd"),
        ("abcde", None, ""),
        ("abcde", "[[e, a], [b, d, c], [a, e]]", "ae bcd"),
        ("abc", "[]", ""),
    ],
)
def test_all_mixes_of_few_categories_or_those_that_are_named(
    slugs: str, mixes: str | None, expected: str, tmp_path: Path
) -> None:
    categories = "".join(CATEGORY.format(f"of-{slug}", "2026-01-05").replace("of-", "") for slug in slugs)
    more = {} if mixes is None else {"mixes": mixes}
    site = load_site(make_root(tmp_path, categories=categories, **more), SETTINGS).site
    assert ["".join(mix) for mix in site.mixes] == expected.split()


@pytest.mark.parametrize(
    ("mixes", "message"),
    [
        ("[[covid]]", "mixes: 'covid' alone is no mix; name at least two categories, or delete the line"),
        ("[[covid, pay]]", "mixes: all categories together have a page and feeds already; delete the line"),
        ("[[covid, wages]]", "mixes: the site has no category 'wages'; write one of covid, pay"),
        ("[[covid, covid]]", "mixes: 'covid' stands there twice; keep one of them"),
        ("[[]]", "mixes: the list is empty; write at least one, or delete the line"),
    ],
)
def test_a_mix_that_is_none_is_named(mixes: str, message: str, tmp_path: Path) -> None:
    (found,) = messages(make_root(tmp_path, mixes=mixes))
    assert found.partition(" ")[2] == message


def test_settings_decide_on_the_address(tmp_path: Path) -> None:
    root = make_root(tmp_path)
    site = load_site(root, Settings(base_url="http://127.0.0.1:8000/")).site
    assert site.base_url == "http://127.0.0.1:8000/"
    assert site.icon.url == "http://127.0.0.1:8000/" + shown_at(root, "icon.png", 144)


def test_digest_follows_meaning_and_pictures(tmp_path: Path) -> None:
    root = make_root(tmp_path)
    first = load_site(root, SETTINGS).site.digest
    site_file = root / "site.yaml"
    site_file.write_text("# a note\n" + site_file.read_text())
    assert load_site(root, SETTINGS).site.digest == first
    address = load_site(root, Settings(base_url="http://localhost/")).site.digest
    (root / "files" / "icon.png").write_bytes(png(145, 145))
    assert len({first, address, load_site(root, SETTINGS).site.digest}) == 3


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        (
            "base_url",
            "news.example.org",
            "3:11: base_url: 'news.example.org' is not the address of a site; write one such as https://news.example.org/",
        ),
        (
            "base_url",
            "https://a.org/?x",
            "3:11: base_url: 'https://a.org/?x' is not the address of a site; write one such as https://news.example.org/",
        ),
        (
            "authority",
            "Local 1107",
            "4:12: authority: 'Local 1107' names no authority; write a domain of yours and a year in which it was yours, such as example.org,2026",
        ),
        (
            "time_zone",
            "America/New_Yrok",
            "6:12: time_zone: unknown time zone 'America/New_Yrok'; write America/New_York",
        ),
        (
            "language",
            "fr-CA",
            "5:11: language: pages and feeds have no words in 'fr-CA'; write en (English) or es (Spanish), or such a one with a region as in es-MX; an update may be in any language",
        ),
        ("language", "español", "5:11: language: 'español' is not a language tag; write one such as en or es-MX"),
        ("time_zone", "../etc", "6:12: time_zone: unknown time zone '../etc'; write one such as America/New_York"),
        (
            "contact_url",
            "news@example.org",
            "8:14: contact_url: 'news@example.org' is not a link; write mailto:news@example.org",
        ),
        (
            "contact_url",
            "ftp://a",
            "8:14: contact_url: 'ftp://a' is not a web address; write it in full such as https://example.org/page",
        ),
        (
            "license_url",
            "CC BY",
            "10:14: license_url: 'CC BY' is not a web address; write it in full such as https://example.org/page",
        ),
        (
            "icon",
            "logo.png",
            '11:7: icon: "logo.png" is image/png of 200 by 100 pixels; use a square PNG of at least 144 pixels',
        ),
        (
            "logo",
            "icon.png",
            '12:7: logo: "icon.png" is image/png of 144 by 144 pixels; use a PNG twice as wide as high',
        ),
        ("favicon", "icon.png", "13:10: favicon: 'icon.png' is not an SVG picture; use a file ending in .svg"),
        (
            "default_time",
            "noon",
            "23:15: default_time: 'noon' is not a time of day; write hours and minutes such as 09:00",
        ),
        (
            "default_time",
            "24:00",
            "23:15: default_time: '24:00' is not a time of day; write hours and minutes such as 09:00",
        ),
        (
            "default_time",
            "00:00",
            "23:15: default_time: midnight makes an update look older than one of the evening before; write a time such as 09:00",
        ),
        (
            "feed_length",
            "19",
            "23:14: feed_length: '19' is not a number from 20 to 100; write such a number, or delete the line",
        ),
        (
            "feed_length",
            "many",
            "23:14: feed_length: 'many' is not a number from 20 to 100; write such a number, or delete the line",
        ),
        (
            "embed_on",
            "[https://sister.example/news/]",
            "23:12: embed_on: 'https://sister.example/news/' is a page, not a site; write https://sister.example",
        ),
        (
            "embed_on",
            "['https://a.example;script-src']",
            "23:12: embed_on: 'https://a.example;script-src' is not a web address; write it in full such as https://example.org/page",
        ),
        (
            "hubs",
            "[http://hub.example/]",
            "23:8: hubs: 'http://hub.example/' is not safe on the way; write https://hub.example/",
        ),
        (
            "hubs",
            f"[{', '.join(f'https://hub.example/{number}' for number in range(11))}]",
            "23:7: hubs: the list has 11 hubs, the limit is 10; keep those that are in use",
        ),
        (
            "embed_on",
            f"[{', '.join(f'https://{number}.example' for number in range(101))}]",
            "23:11: embed_on: the list has 101 sites, the limit is 100; keep those that are in use",
        ),
        (
            "mixes",
            f"[{'[covid, pay], ' * 101}]",
            "23:8: mixes: the list has 101 mixes, the limit is 100; keep those that are in use",
        ),
        (
            "categories",
            f"[{'{slug: a, title: A, description: B., since: 2026-01-05}, ' * 51}]",
            "14:13: categories: the list has 51 categories, the limit is 50; keep those that are in use",
        ),
        ("hubs", "[hub]", "23:8: hubs: 'hub' is not a web address; write it in full such as https://example.org/page"),
        (
            "hubs",
            "['https://hub.example/#a']",
            "23:8: hubs: 'https://hub.example/#a' names a part of a page, which no hub is; write it without # and the rest",
        ),
        ("categories", "[]", "14:13: categories: the list is empty; write at least one item"),
        ("categories", "covid", "14:13: categories: text where a list is expected; begin its first line with -"),
        (
            "categories",
            CATEGORY.format("es", "2026-01-05"),
            "15:11: categories.slug: 'es' is an address of the site's own; choose another word, such as covid or pay-2026",
        ),
        (
            "categories",
            CATEGORY.format("2026", "2026-01-05"),
            "15:11: categories.slug: '2026' is an address of the site's own; choose another word, such as covid or pay-2026",
        ),
        (
            "categories",
            CATEGORY.format("embed", "2026-01-05"),
            "15:11: categories.slug: 'embed' is an address of the site's own; choose another word, such as covid or pay-2026",
        ),
        (
            "categories",
            CATEGORY.format("pay", "2026-02-03") + CATEGORY.format("covid", "2026-02-03\n    aliases: [old, pay]"),
            "23:20: categories.aliases: a category has the slug 'pay', or had it; delete it",
        ),
        (
            "categories",
            CATEGORY.format("pay", f"2026-02-03\n    aliases: [{', '.join(f'a-{number}' for number in range(21))}]"),
            (
                "19:14: categories.aliases: the list has 21 former slugs, the limit is 20; "
                "keep those whose addresses are still followed"
            ),
        ),
        (
            "categories",
            CATEGORY.format("pay", "2026-02-30"),
            "18:12: categories.since: 2026-02-30 does not exist: February 2026 has 28 days; write a day from 2026-02-01 to 2026-02-28",
        ),
        (
            "categories",
            CATEGORY.format("pay", "2026-01-05") * 2,
            "19:11: categories.slug: an earlier category has the slug 'pay'; write another one",
        ),
        ("title", None, "1:1: title: the field is missing; add a line such as title: Local 1199 updates"),
    ],
)
def test_mistake_is_named(field: str, value: str | None, message: str, tmp_path: Path) -> None:
    assert messages(make_root(tmp_path, **{field: value})) == [message]


def test_part_of_a_zone_is_no_zone(tmp_path: Path) -> None:
    """In the zone database it is a folder, and opening it as a zone is an error of the system's."""
    (message,) = messages(make_root(tmp_path, time_zone="America"))
    assert message.startswith("6:12: time_zone: unknown time zone 'America'; write America/")


def test_square_gif_is_no_icon(tmp_path: Path) -> None:
    root = make_root(tmp_path, icon="icon.gif")
    (root / "files" / "icon.gif").write_bytes(b"GIF89a\xc8\x00\xc8\x00")
    assert messages(root) == ['11:7: icon: "icon.gif" is image/gif; use a square PNG of at least 144 pixels']


def test_dates_are_read_by_the_files_own_zone(tmp_path: Path) -> None:
    site = load_site(make_root(tmp_path, time_zone="Asia/Tokyo", default_time='"10:00"'), SETTINGS).site
    assert site.categories[0].since == datetime(2026, 1, 5, 1, 0, tzinfo=UTC)


def test_missing_site_is_named(tmp_path: Path) -> None:
    (message,) = messages(tmp_path / "content")
    assert message.startswith("1:1: the file cannot be read (No such file or directory); name the folder that holds")


WORDS = (
    "updates files static embed subscribe healthz readyz metrics feed feeds rss atom all index search pictures poster"
)


@pytest.mark.parametrize("slug", [*WORDS.split(), "es", "en", "fr", "1999", "2026", "9999"])
@pytest.mark.parametrize("field", ["slug", "aliases"])
def test_no_category_has_or_had_an_address_of_the_site_s_own(field: str, slug: str, tmp_path: Path) -> None:
    written = slug if field == "slug" else f"covid\n    aliases: [{slug}]"
    (message,) = messages(make_root(tmp_path, categories=CATEGORY.format(written, "2026-01-05")))
    assert f"categories.{field}: {slug!r} is an address of the site's own; choose another word" in message
