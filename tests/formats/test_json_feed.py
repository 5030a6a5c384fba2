"""JSON Feed 1.1 against a schema of the specification."""

import json
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator

from feedsvc.formats.json_feed import JSON_FEED
from feedsvc.model import Feed
from tests.formats.samples import full_entry, full_feed
from tests.make import PDF, SELF_URL, SPREADSHEET, make_entry, make_feed, make_site

SCHEMA = json.loads(Path(__file__).with_name("json_feed.schema.json").read_text())
JUDGE = Draft202012Validator(SCHEMA)


def _document(feed: Feed) -> dict[str, Any]:
    document: dict[str, Any] = json.loads(JSON_FEED.render(feed, SELF_URL))
    return document


def test_the_document_follows_the_schema() -> None:
    Draft202012Validator.check_schema(SCHEMA)
    bare = make_feed(make_entry(summary=""))
    for feed in (full_feed(), bare):
        assert [error.message for error in JUDGE.iter_errors(_document(feed))] == []


def test_the_schema_would_notice_what_is_wrong() -> None:
    """A judge that accepts everything is none."""
    document = _document(full_feed())
    item = document["items"][0]
    faults: tuple[dict[str, Any], ...] = (
        {"id": 7},
        {"summary": ""},
        {"attachments": []},
        {"date_published": "yesterday"},
        {"colour": "red"},
    )
    for wrong in faults:
        assert not JUDGE.is_valid(document | {"items": [item | wrong]})


def test_keys_stand_in_a_fixed_order() -> None:
    document = _document(make_feed(full_entry()))
    assert list(document) == [
        "version", "title", "home_page_url", "feed_url", "description", "user_comment", "language", "icon", "favicon",
        "authors", "items",
    ]  # fmt: skip
    assert list(document["items"][0]) == [
        "id", "url", "external_url", "title", "content_html", "summary", "date_published", "date_modified", "authors",
        "tags", "language", "image", "attachments",
    ]  # fmt: skip


def test_what_an_entry_does_not_have_is_left_out() -> None:
    (item,) = _document(make_feed(make_entry(summary="")))["items"]
    assert list(item) == ["id", "url", "title", "content_html", "date_published", "date_modified", "tags"]


def test_every_attachment_has_type_title_and_size() -> None:
    (item,) = _document(make_feed(full_entry()))["items"]
    assert item["attachments"] == [
        {"url": file.url, "mime_type": file.media_type, "title": file.title, "size_in_bytes": file.length}
        for file in (PDF, SPREADSHEET)
    ]


def test_the_rest_of_an_entry() -> None:
    entry = full_entry()
    (item,) = _document(make_feed(entry))["items"]
    assert (item["external_url"], item["language"]) == (entry.link, "es")
    assert entry.image
    assert item["image"] == entry.image.url


def test_the_feed_has_its_pictures_and_explains_itself() -> None:
    feed = full_feed()
    document = _document(feed)
    assert (document["icon"], document["favicon"]) == (feed.site.icon.url, feed.site.favicon_url)
    assert SELF_URL in document["user_comment"]


def test_letters_are_written_as_themselves() -> None:
    """Escapes would double the size of a feed in many languages."""
    assert "Año ✊".encode() in JSON_FEED.render(make_feed(make_entry(title="Año ✊")), SELF_URL)


def test_a_text_that_looks_like_the_documents_end_does_not_end_it() -> None:
    site = make_site(title='A ]} and "items":[]}')
    document = _document(make_feed(make_entry(title="]}"), make_entry(2, title='"]}'), site=site))
    assert document["title"] == 'A ]} and "items":[]}: COVID'
    assert [item["title"] for item in document["items"]] == ["]}", '"]}']
