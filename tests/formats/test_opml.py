"""OPML 2.0: what a reader imports when it takes all feeds at once."""

from email.utils import parsedate_to_datetime

from lxml import etree

from feedsvc.feeds import make_feed
from feedsvc.formats.opml import render_opml
from feedsvc.places import places_of
from tests.make import make_entry, make_site

SITE = make_site(title="Local <1107> & co")
FEEDS = [make_feed(SITE, place, [make_entry(3)] if place.categories else []) for place in places_of(SITE)]


def test_the_list_holds_each_feed_once_all_updates_first() -> None:
    """One format per place, so that an import does not subscribe twice."""
    outlines = etree.fromstring(render_opml(SITE, FEEDS)).findall("body/outline")
    assert [outline.get("xmlUrl") for outline in outlines] == [
        "https://news.example.org/rss.xml",
        "https://news.example.org/covid/rss.xml",
        "https://news.example.org/bargaining/rss.xml",
        "https://news.example.org/training/rss.xml",
        "https://news.example.org/pay/rss.xml",
    ]


def test_an_outline_says_what_a_reader_shows() -> None:
    outline = etree.fromstring(render_opml(SITE, FEEDS)).findall("body/outline")[1]
    assert dict(outline.items()) == {
        "text": "Local <1107> & co: COVID",
        "title": "Local <1107> & co: COVID",
        "type": "rss",
        "version": "RSS2",
        "xmlUrl": "https://news.example.org/covid/rss.xml",
        "htmlUrl": "https://news.example.org/covid/",
        "description": "Updates on COVID for members.",
        "language": "en",
    }


def test_the_head_has_the_title_and_the_date_of_the_newest_change() -> None:
    root = etree.fromstring(render_opml(SITE, FEEDS))
    assert (root.tag, root.get("version")) == ("opml", "2.0")
    assert root.findtext("head/title") == SITE.title
    changed = root.findtext("head/dateModified") or ""
    assert parsedate_to_datetime(changed) == make_entry(3).updated
    assert changed == "Tue, 03 Feb 2026 09:00:00 -0500", "in the site's own zone"


def test_two_renders_are_equal_bytes() -> None:
    assert render_opml(SITE, FEEDS) == render_opml(SITE, tuple(FEEDS))
