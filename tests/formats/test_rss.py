"""RSS 2.0 as the specification and the RSS Board's profile have it; judged by lxml on the document's own elements."""

import tomllib
from pathlib import Path

import pytest
from lxml import etree

from feedsvc.formats.rss import RSS
from feedsvc.model import Feed
from tests.formats.samples import full_entry, full_feed, parse
from tests.make import PDF, SELF_URL, make_entry, make_feed, make_image, make_site

ENCODED = "{http://purl.org/rss/1.0/modules/content/}encoded"
DC = "{http://purl.org/dc/elements/1.1/}"


def _channel(feed: Feed) -> etree._Element:
    root = etree.fromstring(RSS.render(feed, SELF_URL))
    assert (root.tag, root.get("version"), len(root)) == ("rss", "2.0", 1)
    return root[0]


def test_the_channel_has_what_readers_need_once() -> None:
    channel = _channel(full_feed())
    tags = [element.tag for element in channel if not str(element.tag).startswith(("{", "item"))]
    assert sorted(tags) == sorted(
        ("title", "link", "description", "copyright", "docs", "generator", "image", "language", "lastBuildDate", "ttl")
    )
    assert channel.findtext("ttl") == "10"
    assert channel.findtext("docs") == "https://www.rssboard.org/rss-specification"
    assert channel.findtext("lastBuildDate") == "Wed, 04 Mar 2026 00:06:07 -0500"


def test_the_channel_links_to_the_page_whatever_other_links_there_are() -> None:
    """Left alone, feedgen takes the link that was added last."""
    feed = full_feed()
    assert [element.text for element in _channel(feed).findall("link")] == [feed.home_url]


def test_the_generator_names_the_released_version() -> None:
    project = tomllib.loads((Path(__file__).parents[2] / "pyproject.toml").read_text())["project"]
    assert _channel(full_feed()).findtext("generator") == f"{project['name']} {project['version']}"


@pytest.mark.parametrize(
    ("width", "height", "shown"),
    [(512, 512, ("144", "144")), (100, 90, ("100", "90")), (144, 1600, ("36", "400")), (9000, 9, ("144", "1"))],
)
def test_the_image_is_the_channels_and_within_the_limits(width: int, height: int, shown: tuple[str, str]) -> None:
    feed = make_feed(site=make_site(icon=make_image(width=width, height=height)))
    image = _channel(feed).find("image")
    assert image is not None
    assert (image.findtext("title"), image.findtext("link")) == (feed.title, feed.home_url)
    assert image.findtext("url") == feed.site.icon.url
    assert (image.findtext("width"), image.findtext("height")) == shown


def test_the_summary_comes_before_the_content() -> None:
    """Readers that take the first text they meet would otherwise show neither in full."""
    (item,) = _channel(make_feed(full_entry())).findall("item")
    tags = [element.tag for element in item]
    assert tags.index("description") < tags.index(ENCODED)


def test_an_entry_without_a_summary_has_its_content_for_description() -> None:
    (item,) = _channel(make_feed(make_entry(summary="", content_html="<p>All of it.</p>"))).findall("item")
    assert item.findtext("description") == "<p>All of it.</p>"
    assert item.find(ENCODED) is None


def test_the_description_is_html_so_its_marks_are_escaped_twice() -> None:
    (item,) = _channel(make_feed(make_entry(summary='<b> & "it\'s"'))).findall("item")
    assert item.findtext("description") == '&lt;b&gt; &amp; "it\'s"'


def test_an_item_has_one_enclosure_the_first() -> None:
    (item,) = _channel(make_feed(full_entry())).findall("item")
    assert [dict(element.items()) for element in item.findall("enclosure")] == [
        {"url": PDF.url, "length": "48213", "type": "application/pdf"}
    ]


def test_the_guid_is_the_id_and_no_address() -> None:
    entry = make_entry()
    (item,) = _channel(make_feed(entry)).findall("item")
    (guid,) = item.findall("guid")
    assert (guid.text, guid.get("isPermaLink")) == (entry.id, "false")


def test_the_byline_needs_no_e_mail_address() -> None:
    """Left alone, feedgen drops an author without one."""
    (item,) = _channel(make_feed(full_entry())).findall("item")
    assert item.findtext(f"{DC}creator") == "Bargaining team"
    assert item.find("author") is None


def test_an_entrys_language_is_told_where_it_has_one() -> None:
    told, untold = _channel(full_feed()).findall("item")
    assert told.findtext(f"{DC}language") == "es"
    assert untold.find(f"{DC}language") is None


def test_namespaces_are_declared_once_at_the_root() -> None:
    """Entries are finished apart from their document and must not bring declarations along."""
    document = RSS.render(full_feed(), SELF_URL)
    assert document.count(b"xmlns") == document[: document.index(b"<channel>")].count(b"xmlns") == 5


def test_a_text_that_looks_like_the_documents_end_does_not_end_it() -> None:
    entry = make_entry(title="</channel></rss>", summary="</item>", content_html="<p>]]&gt;</channel></p>")
    parsed = parse(RSS.render(make_feed(entry, make_entry(2)), SELF_URL))
    assert [item.title for item in parsed.entries] == ["</channel></rss>", "Update 2"]


def test_a_title_with_signs_survives_readers_that_decode_it_twice() -> None:
    """The RSS Board's profile wants & and < by number in titles, and the W3C's validator warns without that."""
    title = "Q&A: <18 and 3 & more &amp; less"
    written = RSS.render(make_feed(make_entry(1, title=title)), SELF_URL)
    assert b"<title>Q&#x26;A: &#x3C;18 and 3 &#x26; more &#x26;amp; less</title>" in written
    assert etree.fromstring(written).findtext("channel/item/title") == title
