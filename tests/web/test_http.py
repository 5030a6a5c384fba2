"""HTTP as clients meet it: exact octets through real sockets, the same through both doors."""

import gzip
import re
from pathlib import Path

import brotli
import pytest

from tests.harness.client import Client
from tests.harness.folder import FLYER, publish_folder, publish_site, write_update
from tests.harness.service import DOORS, serving

FEEDS = {"rss.xml": "application/rss+xml", "atom.xml": "application/atom+xml", "feed.json": "application/feed+json"}
HTML = "text/html; charset=utf-8"
DOCUMENTS = {
    "/": HTML,
    "/covid/": HTML,
    "/updates/update-3/": HTML,
    "/covid/rss.xml": "application/rss+xml; charset=utf-8",
    "/atom.xml": "application/atom+xml; charset=utf-8",
    "/pay/feed.json": "application/feed+json; charset=utf-8",
    "/feeds.opml": "text/x-opml; charset=utf-8",
    "/favicon.ico": "image/x-icon",
    "/files/flyer.pdf": "application/pdf",
}
FEED, PAGE, FILE, NOWHERE = "/covid/rss.xml", "/covid/", "/files/flyer.pdf", "/no/such/page"
READERS = {"identity": bytes, "gzip": gzip.decompress, "br": brotli.decompress}
NAVIGATION = "Sec-Fetch-Dest: document"
LONG_AGO, IN_TIME = "Mon, 05 Jan 2015 00:00:00 GMT", "Fri, 01 Jan 2100 00:00:00 GMT"
GUARDS = {"x-content-type-options", "referrer-policy", "permissions-policy", "content-security-policy"}


def find_asset(client: Client) -> str:
    """The address of the style sheet, as a page names it."""
    found = re.search(rb'href="(/static/style\.\w+\.css)"', client.ask("/").body)
    assert found
    return found[1].decode()


# What a document says about itself.


@pytest.mark.parametrize("path", DOCUMENTS)
def test_a_document_says_what_it_is_and_how_long_it_keeps(client: Client, path: str) -> None:
    response = client.ask(path)
    assert (response.status, response.reason) == (200, "OK")
    assert response["Content-Type"] == DOCUMENTS[path]
    assert int(response["Content-Length"]) == len(response.body) > 0
    assert re.fullmatch(r'"[0-9a-f]{32}"', response["ETag"])
    assert "max-age=" in response["Cache-Control"]
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response.names() >= GUARDS | {"last-modified", "vary", "date"}
    assert "set-cookie" not in response.names()
    assert "frame-ancestors 'none'" in response["Content-Security-Policy"]


def test_an_asset_is_kept_for_a_year(client: Client) -> None:
    response = client.ask(find_asset(client))
    assert response["Cache-Control"] == "max-age=31536000, immutable"
    assert response["Content-Type"] == "text/css; charset=utf-8"


@pytest.mark.parametrize(
    ("path", "key"),
    [
        ("/", "place-all"),
        ("/rss.xml", "place-all"),
        ("/covid/", "place-covid"),
        ("/covid/2026/", "place-covid-2026"),
        ("/embed/covid/", "place-covid"),
        ("/updates/update-3/", "update-update-3"),
        ("/updates/update-3/embed/", "update-update-3"),
        ("/files/flyer.pdf", "file-flyer.pdf"),
    ],
)
def test_a_purge_key_names_what_changes_together_and_no_more(client: Client, path: str, key: str) -> None:
    response = client.ask(path)
    assert (response["Surrogate-Key"], response["Cache-Tag"]) == (f"all {key} {path}", f"all,{key},{path}")


@pytest.mark.parametrize(("path", "status"), [("/no/such/page/", 404), ("/covid", 301), ("/feed", 301)])
def test_what_is_said_in_the_place_of_a_document_goes_when_there_is_one(client: Client, path: str, status: int) -> None:
    """A cache knows it by the address, which is told when something appears there."""
    response = client.ask(f"{path}?a=b")
    assert response.status == status
    keys = response["Surrogate-Key"].split()
    assert (keys[0], keys[-1]) == ("all", path)
    assert response["Cache-Tag"].split(",") == keys


def test_an_address_without_a_path_is_that_of_the_home_page(client: Client) -> None:
    response = client.ask("HTTP://news.example.org")
    assert response["Surrogate-Key"].split(" ")[-1] == response["Cache-Tag"].split(",")[-1] == "/"


def test_an_address_of_any_length_and_signs_is_no_other_key(client: Client) -> None:
    for path in ("/" + "x" * 3_000, "/a%20b%2Cc%0Ad/"):
        response = client.ask(path)
        assert len(response["Surrogate-Key"].split()) <= 3
        assert len(response["Surrogate-Key"]) < 1_200


def test_a_page_shares_no_windows_with_other_sites(client: Client) -> None:
    for path in ("/", "/updates/update-3/", NOWHERE):
        assert client.ask(path)["Cross-Origin-Opener-Policy"] == "same-origin"
    assert "cross-origin-opener-policy" not in client.ask(FEED).names()


def test_a_feed_links_to_itself_and_its_page_and_may_be_read_from_anywhere(client: Client) -> None:
    response = client.ask(FEED)
    assert '<https://news.example.org/covid/rss.xml>; rel="self"; type="application/rss+xml"' in response["Link"]
    assert '<https://news.example.org/covid/>; rel="alternate"; type="text/html"' in response["Link"]
    assert response["Access-Control-Allow-Origin"] == "*"
    assert "ETag" in response["Access-Control-Expose-Headers"]


def test_a_page_may_not_be_read_from_elsewhere(client: Client) -> None:
    assert "access-control-allow-origin" not in client.ask(PAGE).names()


# Content codings (RFC 9110 section 12.5.3).


@pytest.mark.parametrize("path", [PAGE, FEED, "/atom.xml", "/pay/feed.json", "/feeds.opml"])
def test_each_coding_is_the_same_document_under_a_tag_of_its_own(client: Client, path: str) -> None:
    answers = {coding: client.ask(path, f"Accept-Encoding: {coding}") for coding in READERS}
    assert {read(answers[coding].body) for coding, read in READERS.items()} == {answers["identity"].body}
    assert len({answer["ETag"] for answer in answers.values()}) == len(READERS)
    assert [answers[coding].every("Content-Encoding") for coding in READERS] == [[], ["gzip"], ["br"]]
    assert all("Accept-Encoding" in answer["Vary"] for answer in answers.values())
    assert max(len(answers["gzip"].body), len(answers["br"].body)) < len(answers["identity"].body)


@pytest.mark.parametrize(
    ("field", "coding"),
    [
        ("", "identity"),
        ("gzip", "gzip"),
        ("GZIP", "gzip"),
        ("x-gzip", "gzip"),
        ("gzip, deflate, br, zstd", "br"),
        ("br;q=0.2, gzip;q=0.8", "gzip"),
        ("gzip;q=0.0", "identity"),
        ("deflate, zstd", "identity"),
        ("*", "br"),
        ("*;q=0", None),
        ("identity;q=0", None),
        ("identity;q=0, gzip", "gzip"),
        ("*;q=0, identity", "identity"),
        ("*;q=0.5, br;q=0", "gzip"),
    ],
)
def test_the_coding_is_the_one_that_the_client_likes_best(client: Client, field: str, coding: str | None) -> None:
    response = client.ask(FEED, f"Accept-Encoding: {field}")
    assert response.status == (406 if coding is None else 200)
    assert response.every("Content-Encoding") == ([coding] if coding in ("gzip", "br") else [])
    assert "Accept-Encoding" in response["Vary"]


def test_codings_on_two_lines_are_one_list(client: Client) -> None:
    assert client.ask(FEED, "Accept-Encoding: gzip", "Accept-Encoding: identity;q=0.5")["Content-Encoding"] == "gzip"


def test_what_would_not_shrink_is_not_coded(client: Client) -> None:
    assert client.ask(FILE, "Accept-Encoding: gzip, br").every("Content-Encoding") == []
    assert client.ask(FILE, "Accept-Encoding: gzip, identity;q=0").status == 406


# Preconditions (RFC 9110 section 13).


@pytest.mark.parametrize("coding", READERS)
@pytest.mark.parametrize(
    ("held", "status"),
    [
        ('"{}"', 304),
        ('W/"{}"', 304),
        ('"other", "{}"', 304),
        ('"other" , W/"{}" ,"more"', 304),
        ("*", 304),
        ('"other"', 200),
        ('"{}x"', 200),
        ('"', 200),
        ("", 200),
    ],
)
def test_a_held_tag_is_revalidated(client: Client, coding: str, held: str, status: int) -> None:
    accepted = f"Accept-Encoding: {coding}"
    tag = client.ask(FEED, accepted)["ETag"].strip('"')
    assert client.ask(FEED, accepted, f"If-None-Match: {held.format(tag)}").status == status


def test_who_wants_only_what_it_knows_is_refused_anything_else(client: Client) -> None:
    held = client.ask(FEED)
    met = [f"If-Match: {held['ETag']}", "If-Match: *", f"If-Unmodified-Since: {held['Last-Modified']}"]
    unmet = ['If-Match: "other"', f"If-Match: W/{held['ETag']}", f"If-Unmodified-Since: {LONG_AGO}"]
    assert [client.ask(FEED, field).status for field in met] == [200, 200, 200]
    for field in unmet:
        response = client.ask(FEED, field, f"If-None-Match: {held['ETag']}")
        assert (response.status, response["Cache-Control"]) == (412, "no-store")
    assert client.ask(FEED, "If-Unmodified-Since: never").status == 200
    assert client.ask(FEED, f"If-Match: {held['ETag']}", f"If-Unmodified-Since: {LONG_AGO}").status == 200


@pytest.mark.parametrize("mine", READERS)
def test_a_tag_revalidates_its_own_coding_only(client: Client, mine: str) -> None:
    tag = client.ask(FEED, f"Accept-Encoding: {mine}")["ETag"]
    found = {c: client.ask(FEED, f"Accept-Encoding: {c}", f"If-None-Match: {tag}").status for c in READERS}
    assert found == {coding: 304 if coding == mine else 200 for coding in READERS}


def test_the_form_that_apache_gives_a_tag_revalidates_what_is_compressed(client: Client) -> None:
    tag = client.ask(FEED)["ETag"].strip('"')
    assert client.ask(FEED, "Accept-Encoding: gzip", f'If-None-Match: "{tag}-gzip"').status == 304


def test_dates_revalidate_where_there_are_no_tags(client: Client) -> None:
    seen = client.ask(FEED)["Last-Modified"]
    assert client.ask(FEED, f"If-Modified-Since: {seen}").status == 304
    assert client.ask(FEED, f"If-Modified-Since: {IN_TIME}").status == 304
    assert client.ask(FEED, f"If-Modified-Since: {LONG_AGO}").status == 200
    assert client.ask(FEED, "If-Modified-Since: yesterday").status == 200


def test_a_tag_is_asked_before_a_date(client: Client) -> None:
    response = client.ask(FEED)
    assert client.ask(FEED, 'If-None-Match: "other"', f"If-Modified-Since: {IN_TIME}").status == 200
    assert client.ask(FEED, f"If-None-Match: {response['ETag']}", f"If-Modified-Since: {LONG_AGO}").status == 304


@pytest.mark.parametrize("path", DOCUMENTS)
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_a_304_carries_what_rfc_9110_section_15_4_5_wants(client: Client, path: str, method: str) -> None:
    whole = client.ask(path)
    response = client.ask(path, f"If-None-Match: {whole['ETag']}", method=method)
    assert (response.status, response.body) == (304, b"")
    for name in ("ETag", "Cache-Control", "Vary", "Last-Modified"):
        assert response[name] == whole[name]
    assert response["Date"]
    assert not response.names() & {"content-type", "content-length", "content-encoding", "transfer-encoding"}
    assert not response.names() & {"content-security-policy", "referrer-policy", "permissions-policy", "link"}
    assert response.every("Access-Control-Allow-Origin") == whole.every("Access-Control-Allow-Origin")
    assert response["X-Content-Type-Options"] == "nosniff"


# Methods (RFC 9110 section 9).


@pytest.mark.parametrize("path", [*DOCUMENTS, NOWHERE, "/feed", "/healthz"])
@pytest.mark.parametrize("field", ["Accept-Encoding: identity", "Accept-Encoding: gzip", NAVIGATION])
def test_head_says_what_get_says_without_the_body(client: Client, path: str, field: str) -> None:
    whole, response = client.ask(path, field).told(), client.ask(path, field, method="HEAD").told()
    assert response.body == b""
    assert (response.status, response.fields) == (whole.status, whole.fields)


@pytest.mark.parametrize("path", [FEED, PAGE, FILE, "/feeds.opml"])
def test_options_answers_a_preflight(client: Client, path: str) -> None:
    asked = ("Origin: https://clinic.example", "Access-Control-Request-Method: GET")
    response = client.ask(path, *asked, "Access-Control-Request-Headers: if-none-match", method="OPTIONS")
    assert (response.status, response.body) == (204, b"")
    assert response["Access-Control-Allow-Origin"] == "*"
    assert set(response["Access-Control-Allow-Methods"].split(", ")) == {"GET", "HEAD", "OPTIONS"}
    assert "if-none-match" in response["Access-Control-Allow-Headers"].lower()
    assert int(response["Access-Control-Max-Age"]) > 0
    assert "access-control-allow-credentials" not in response.names()


@pytest.mark.parametrize("path", [FEED, PAGE, FILE, "/healthz"])
@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "TRACE", "PROPFIND"])
def test_other_methods_are_refused_with_those_that_are_not(client: Client, path: str, method: str) -> None:
    response = client.ask(path, "X-Private: secret", method=method)
    assert response.status == 405
    assert set(response["Allow"].split(", ")) == {"GET", "HEAD", "OPTIONS"}
    assert b"secret" not in response.body
    assert response["Cache-Control"] == "no-store"
    assert response["Connection"] == "close"


# Ranges (RFC 9110 section 14).


@pytest.mark.parametrize(
    ("asked", "start", "stop"),
    [
        ("0-99", 0, 100),
        ("100-", 100, len(FLYER)),
        ("-7", len(FLYER) - 7, len(FLYER)),
        ("5-5", 5, 6),
        (f"10-{len(FLYER) * 9}", 10, len(FLYER)),
        (f"-{len(FLYER) * 9}", 0, len(FLYER)),
    ],
)
def test_a_part_of_an_attachment_is_that_part(client: Client, asked: str, start: int, stop: int) -> None:
    response = client.ask(FILE, f"Range: bytes={asked}")
    assert (response.status, response.body) == (206, FLYER[start:stop])
    assert response["Content-Range"] == f"bytes {start}-{stop - 1}/{len(FLYER)}"
    assert response["Content-Length"] == str(stop - start)
    whole = client.ask(FILE)
    assert whole["Accept-Ranges"] == "bytes"
    for name in ("ETag", "Cache-Control", "Vary", "Last-Modified", "Content-Type"):
        assert response[name] == whole[name]


def test_a_part_beyond_the_end_is_refused_with_the_length(client: Client) -> None:
    response = client.ask(FILE, f"Range: bytes={len(FLYER)}-")
    assert (response.status, response["Content-Range"]) == (416, f"bytes */{len(FLYER)}")


@pytest.mark.parametrize("asked", ["bytes=0-1,5-9", "pages=1-2", "bytes=9-2", "bytes=", "bytes=a-b", "0-5", "=", ""])
def test_a_range_that_is_not_understood_is_ignored(client: Client, asked: str) -> None:
    response = client.ask(FILE, f"Range: {asked}")
    assert (response.status, response.body) == (200, FLYER)


def test_a_part_is_given_only_of_what_the_client_holds(client: Client) -> None:
    whole = client.ask(FILE)
    holds = {
        whole["ETag"]: 206,
        f"W/{whole['ETag']}": 200,
        '"other"': 200,
        whole["Last-Modified"]: 206,
        LONG_AGO: 200,
        "nonsense": 200,
    }
    found = {held: client.ask(FILE, "Range: bytes=0-1", f"If-Range: {held}").status for held in holds}
    assert found == holds


def test_only_a_get_of_an_attachment_has_parts(client: Client) -> None:
    assert client.ask(FILE, "Range: bytes=0-1", method="HEAD").status == 200
    assert client.ask(FEED, "Range: bytes=0-1").status == 200
    assert client.ask(FILE, "Range: bytes=0-1", "If-None-Match: *").status == 304


# People in browsers, and addresses that are nearly right.


@pytest.mark.parametrize("place", ["/", "/covid/", "/pay/"])
@pytest.mark.parametrize("name", FEEDS)
def test_a_browser_that_navigates_to_a_feed_is_led_to_the_page(client: Client, place: str, name: str) -> None:
    response = client.ask(place + name, NAVIGATION, 'If-None-Match: "x"', "Range: bytes=0-1")
    assert (response.status, response["Location"]) == (303, f"{place}subscribe/")
    assert (response["Cache-Control"], response["Vary"]) == ("no-store", "Sec-Fetch-Dest")
    assert b'id="subscribe"' in client.ask(place).body
    assert "Sec-Fetch-Dest" in client.ask(place + name)["Vary"]


@pytest.mark.parametrize("destination", ["empty", "iframe", "script", "Document", "document, document"])
def test_whoever_does_not_navigate_gets_the_feed(client: Client, destination: str) -> None:
    assert client.ask(FEED, f"Sec-Fetch-Dest: {destination}").told() == client.ask(FEED).told()


def test_a_browser_that_navigates_elsewhere_gets_what_is_there(client: Client) -> None:
    for path in (PAGE, FILE, "/feeds.opml", NOWHERE):
        assert client.ask(path, NAVIGATION).told() == client.ask(path).told()


@pytest.mark.parametrize(
    ("path", "place"),
    [
        ("/feed", "/rss.xml"),
        ("/rss", "/rss.xml"),
        ("/atom", "/atom.xml"),
        ("/feed/", "/rss.xml"),
        ("/feed.xml", "/rss.xml"),
        ("/index.xml", "/rss.xml"),
        ("/covid/feed", "/covid/rss.xml"),
        ("/covid/atom", "/covid/atom.xml"),
        ("/covid", "/covid/"),
        ("/COVID/", "/covid/"),
        ("/Covid", "/covid/"),
        ("/COVID/RSS.xml", "/covid/rss.xml"),
        ("/updates/update-3", "/updates/update-3/"),
        ("/rss.xml/", "/rss.xml"),
        ("//rss.xml", "/rss.xml"),
        ("//", "/"),
        ("//covid", "/covid/"),
        ("/covid//rss.xml//", "/covid/rss.xml"),
        ("///updates//update-3", "/updates/update-3/"),
    ],
)
def test_an_address_that_is_nearly_right_leads_on(client: Client, path: str, place: str) -> None:
    for method in ("GET", "HEAD"):
        response = client.ask(path, method=method)
        assert (response.status, response["Location"]) == (301, place)
        assert "max-age" in response["Cache-Control"]
    assert client.ask(place).status == 200
    for method in ("OPTIONS", "POST"):
        assert client.ask(path, method=method).told() == client.ask(place, method=method).told()


def test_where_nothing_is_there_is_help(client: Client) -> None:
    response = client.ask("/no/<script>/page?q=<script>")
    assert (response.status, response["Content-Type"]) == (404, HTML)
    assert b"<script>" not in response.body
    for path in ("/", "/covid/", "/pay/", "/covid/rss.xml"):
        assert f'href="{path}"'.encode() in response.body
    assert response.names() >= GUARDS
    assert "max-age=60" in response["Cache-Control"]
    assert client.ask("/404.html").status == 404


def test_health_is_never_cached(client: Client) -> None:
    for path in ("/healthz", "/readyz"):
        response = client.ask(path)
        assert (response.status, response["Cache-Control"]) == (200, "no-store")
        assert response["Content-Type"] == "application/json"
        assert response.names() >= GUARDS
        assert not response.names() & {"etag", "last-modified", "set-cookie"}


# Publishing under a running service.


@pytest.mark.parametrize("door", DOORS)
def test_a_service_that_starts_before_the_first_publish_answers_after_it(tmp_path: Path, door: str) -> None:
    (tmp_path / "instance").mkdir()
    with serving(tmp_path / "instance" / "publication.db", door) as service:
        client = service.client
        for path in (FEED, PAGE, NOWHERE):
            response = client.ask(path)
            assert (response.status, response["Cache-Control"]) == (503, "no-store")
            assert int(response["Retry-After"]) > 0
        assert [client.ask(path).status for path in ("/healthz", "/readyz")] == [200, 503]
        publish_site(tmp_path)
        assert [client.ask(path).status for path in (FEED, PAGE, NOWHERE, "/readyz")] == [200, 200, 404, 200]


@pytest.mark.parametrize("door", DOORS)
def test_what_is_published_is_served_with_the_next_request(tmp_path: Path, door: str) -> None:
    publication = publish_site(tmp_path)
    with serving(publication, door) as service:
        client = service.client
        before = client.ask(FEED)
        write_update(tmp_path / "content", 4, title="Brand new")
        publish_folder(tmp_path / "content", publication)
        after = client.ask(FEED, f"If-None-Match: {before['ETag']}")
        assert (after.status, b"Brand new" in after.body, b"Brand new" in before.body) == (200, True, False)
