"""Atom 1.0 against the grammar of RFC 4287, appendix B, and what feedgen would lose of it."""

from dataclasses import replace
from pathlib import Path

import pytest
from lxml import etree

from feedsvc.formats.atom import ATOM
from feedsvc.model import Feed
from feedsvc.places import ALL
from tests.formats.samples import full_entry, full_feed, parse
from tests.make import PDF, SELF_URL, SPREADSHEET, make_entry, make_feed, make_site

NAMESPACE = "{http://www.w3.org/2005/Atom}"
LANG = "{http://www.w3.org/XML/1998/namespace}lang"
GRAMMAR = etree.RelaxNG(etree.parse(str(Path(__file__).with_name("atom.rng"))))


def _root(feed: Feed) -> etree._Element:
    return etree.fromstring(ATOM.render(feed, SELF_URL))


@pytest.mark.parametrize(
    "feed",
    [
        full_feed(),
        make_feed(make_entry(summary="")),
        make_feed(make_entry(), place=ALL),
        make_feed(full_entry(), trimmed=frozenset({full_entry().id})),
    ],
    ids=["full", "no summary", "all updates", "trimmed"],
)
def test_the_document_follows_the_grammar(feed: Feed) -> None:
    assert GRAMMAR.validate(_root(feed)), GRAMMAR.error_log


@pytest.mark.parametrize("name", ["id", "title", "updated"])
def test_the_grammar_would_notice_what_is_missing(name: str) -> None:
    """A judge that accepts everything is none."""
    for parent in (_root(full_feed()), _root(full_feed()).find(f"{NAMESPACE}entry")):
        assert parent is not None
        (element,) = parent.findall(NAMESPACE + name)
        parent.remove(element)
        assert not GRAMMAR.validate(parent.getroottree())


def test_every_attachment_is_an_attachment() -> None:
    """Left alone, feedgen bares an entry's links of rel, type, title and length, and readers see no file."""
    (entry,) = parse(ATOM.render(make_feed(full_entry()), SELF_URL)).entries
    files = [(file.href, file.type, file.length, file.title) for file in entry.enclosures]
    assert files == [(file.url, file.media_type, str(file.length), file.title) for file in (PDF, SPREADSHEET)]


def test_every_link_says_what_it_is() -> None:
    (entry,) = _root(make_feed(full_entry(enclosures=()))).findall(f"{NAMESPACE}entry")
    assert [dict(link.items()) for link in entry.findall(f"{NAMESPACE}link")] == [
        {"rel": "alternate", "href": "https://news.example.org/updates/update-1/", "type": "text/html"},
        {"rel": "via", "href": "https://health.example.org/rules?a=1&b=2"},
        {"rel": "related", "href": "https://news.example.org/updates/update-7/", "type": "text/html"},
    ]


def test_the_feed_has_its_id_author_icon_logo_and_page() -> None:
    feed = full_feed()
    seen = parse(ATOM.render(feed, SELF_URL)).feed
    assert (seen.id, seen.author, seen.icon) == (feed.id, "Local 1107", feed.site.icon.url)
    assert seen.logo == feed.site.logo.url
    (page,) = [(link.href, link.type) for link in seen.links if link.rel == "alternate"]
    assert page == (feed.home_url, "text/html")


def test_the_generator_carries_the_version() -> None:
    generator = _root(full_feed()).find(f"{NAMESPACE}generator")
    assert generator is not None
    assert (generator.text, generator.get("version")) == ("feedsvc", "1.0.0")


def test_content_is_escaped_html_and_summary_plain_text() -> None:
    """Left alone, feedgen writes CDATA as a type, or parses the author's markup as XML."""
    (entry,) = _root(make_feed(make_entry(content_html="<p>One<br>two &amp; ]]&gt;</p>"))).findall(f"{NAMESPACE}entry")
    content, summary = entry.find(f"{NAMESPACE}content"), entry.find(f"{NAMESPACE}summary")
    assert content is not None
    assert summary is not None
    assert (content.get("type"), content.text) == ("html", "<p>One<br>two &amp; ]]&gt;</p>")
    assert summary.get("type") is None


def test_an_entry_without_a_summary_has_no_summary_element() -> None:
    (entry,) = _root(make_feed(make_entry(summary=""))).findall(f"{NAMESPACE}entry")
    assert entry.find(f"{NAMESPACE}summary") is None


def test_languages_stand_on_the_feed_and_on_entries_of_another() -> None:
    root = _root(replace(full_feed(), site=make_site(language="en-US")))
    assert root.get(LANG) == "en-US"
    assert [entry.get(LANG) for entry in root.findall(f"{NAMESPACE}entry")] == ["es", None]


def test_categories_carry_term_and_label() -> None:
    (entry,) = _root(make_feed(full_entry())).findall(f"{NAMESPACE}entry")
    assert [dict(mark.items()) for mark in entry.findall(f"{NAMESPACE}category")] == [
        {"term": "covid", "scheme": "https://news.example.org/", "label": "COVID"},
        {"term": "pay", "scheme": "https://news.example.org/", "label": "Pay"},
    ]


def test_dates_are_those_of_the_entry() -> None:
    (entry,) = _root(make_feed(full_entry())).findall(f"{NAMESPACE}entry")
    assert entry.findtext(f"{NAMESPACE}published") == "2026-02-01T09:00:00-05:00"
    assert entry.findtext(f"{NAMESPACE}updated") == "2026-03-04T00:06:07-05:00"
