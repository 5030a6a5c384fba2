"""What every feed format promises a reader. The judges are feedparser, expat, lxml and the bare JSON standard."""

import json
import locale
import os
import re
import subprocess
import sys
from calendar import timegm
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from html import unescape
from pathlib import Path
from xml.parsers import expat

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from feedsvc.feeds import make_feed as select_feed
from feedsvc.formats import FORMATS
from feedsvc.formats.atom import ATOM
from feedsvc.formats.format import FeedFormat
from feedsvc.formats.json_feed import JSON_FEED
from feedsvc.formats.rss import RSS
from feedsvc.languages import RIGHT_TO_LEFT_MARK
from feedsvc.model import Entry
from feedsvc.places import ALL, Place
from tests.formats.samples import WORDS, XML_FORMATS, entries_of_any_text, full_entry, full_feed, named, parse, read
from tests.make import PDF, SELF_URL, SINCE, make_category, make_entry, make_feed, make_image, make_site

every_format = pytest.mark.parametrize("fmt", FORMATS, ids=named)
every_xml_format = pytest.mark.parametrize("fmt", XML_FORMATS, ids=named)

ROOT = Path(__file__).parents[2]


def test_file_names_and_media_types_are_those_the_addresses_promise() -> None:
    """Subscribers hold these addresses; caches and readers hold these types."""
    assert [(fmt.file_name, fmt.title, fmt.media_type) for fmt in FORMATS] == [
        ("rss.xml", "RSS", "application/rss+xml"),
        ("atom.xml", "Atom", "application/atom+xml"),
        ("feed.json", "JSON Feed", "application/feed+json"),
    ]


@every_format
def test_the_feed_says_what_it_is_and_where(fmt: FeedFormat) -> None:
    feed = full_feed()
    seen = read(fmt, fmt.render(feed, SELF_URL))
    assert (seen.title, seen.description, seen.home_url) == (feed.title, feed.description, feed.home_url)
    assert (seen.self_url, seen.language) == (SELF_URL, feed.site.language)


@every_format
def test_every_field_of_an_entry_reaches_the_reader(fmt: FeedFormat) -> None:
    entry = full_entry()
    (item,) = read(fmt, fmt.render(make_feed(entry), SELF_URL)).items
    assert (item.id, item.title, item.url) == (entry.id, entry.title, entry.permalink)
    assert (item.published, item.updated) == (entry.published, entry.updated)
    assert item.author == "Bargaining team"
    assert item.tags == ("COVID", "Pay")
    assert item.files[0] == (PDF.url, PDF.media_type, PDF.length)
    assert item.summary.endswith(entry.summary)
    assert entry.content_html in item.content_html


@every_format
def test_an_entry_without_an_author_is_the_sites(fmt: FeedFormat) -> None:
    (item,) = read(fmt, fmt.render(make_feed(make_entry()), SELF_URL)).items
    assert item.author == "Local 1107"


@every_format
def test_a_correction_comes_first_in_summary_and_content(fmt: FeedFormat) -> None:
    (item,) = read(fmt, fmt.render(make_feed(full_entry()), SELF_URL)).items
    assert item.summary.startswith("Corregido el 4 de marzo de 2026: The rate is 4 %, not 5 %. Masks")
    assert item.content_html.startswith(
        "<p><strong>Corregido el 4 de marzo de 2026:</strong> The rate is 4 %, not 5 %.</p>"
    )


@every_format
def test_a_trimmed_entry_is_its_summary_and_the_way_to_its_page(fmt: FeedFormat) -> None:
    entry = full_entry(content_html="<p>Long.</p>" * 100, change_note=None)
    (item,) = read(fmt, fmt.render(make_feed(entry, trimmed=frozenset({entry.id})), SELF_URL)).items
    assert unescape(item.content_html) == (
        f'<p>{entry.summary} <a href="{entry.permalink}">Leer el aviso completo</a></p>'
    )


@every_format
def test_one_entry_is_told_trimmed_in_one_feed_and_whole_in_the_next(fmt: FeedFormat) -> None:
    """Finished entries are kept, and what is kept must not leak into a document that tells the entry otherwise."""
    entry = make_entry(content_html="<p>Whole.</p>")
    trimmed = fmt.render(make_feed(entry, trimmed=frozenset({entry.id})), SELF_URL)
    whole = fmt.render(make_feed(entry), SELF_URL)
    assert b"Whole." not in trimmed
    assert b"Whole." in whole


@every_format
def test_a_changed_site_changes_its_finished_entries(fmt: FeedFormat) -> None:
    entry = make_entry()
    fmt.render(make_feed(entry), SELF_URL)
    renamed = make_site(categories=(make_category(title="Virus"),))
    (item,) = read(fmt, fmt.render(make_feed(entry, site=renamed), SELF_URL)).items
    assert item.tags == ("Virus",)


@every_format
def test_entries_keep_the_feeds_order(fmt: FeedFormat) -> None:
    entries = [make_entry(n) for n in (3, 2, 1)]
    seen = read(fmt, fmt.render(make_feed(*entries), SELF_URL))
    assert [item.id for item in seen.items] == [entry.id for entry in entries]


@every_format
def test_instants_are_to_the_second(fmt: FeedFormat) -> None:
    """Fractions of a second are legal and break readers that match a pattern."""
    odd = SINCE + timedelta(microseconds=123_456)
    document = fmt.render(make_feed(make_entry(published=odd)), SELF_URL).decode()
    assert set(re.findall(r"[0-9T]+:00:00[^<\"]*", document)) <= {"05T10:00:00-05:00", "10:00:00 -0500"}


EVENING = datetime(2026, 3, 3, 2, 30, tzinfo=UTC)
ZONES = {
    "in winter": ("America/Los_Angeles", EVENING, "2026-03-02T18:30:00-08:00", "Mon, 02 Mar 2026 18:30:00 -0800"),
    "in summer": (
        "America/Los_Angeles",
        EVENING.replace(month=7),
        "2026-07-02T19:30:00-07:00",
        "Thu, 02 Jul 2026 19:30:00 -0700",
    ),
    "of half an hour": ("Asia/Kolkata", EVENING, "2026-03-03T08:00:00+05:30", "Tue, 03 Mar 2026 08:00:00 +0530"),
    "of none": ("UTC", EVENING, "2026-03-03T02:30:00+00:00", "Tue, 03 Mar 2026 02:30:00 +0000"),
}


@every_format
@pytest.mark.parametrize(("zone", "moment", "rfc3339", "rfc5322"), ZONES.values(), ids=ZONES.keys())
def test_every_date_has_the_offset_of_the_site_and_stays_the_same_instant(
    fmt: FeedFormat, zone: str, moment: datetime, rfc3339: str, rfc5322: str
) -> None:
    """Whoever embeds a feed cuts the day off the text; whoever reads it takes the instant."""
    feed = make_feed(make_entry(published=moment, updated=moment), site=make_site(time_zone=zone))
    document = fmt.render(feed, SELF_URL)
    (item,) = read(fmt, document).items
    assert (item.published, item.updated) == (moment, moment)
    dates = re.findall(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[^<\"]+|[A-Z][a-z]{2}, [^<]+[0-9]{4}", document.decode())
    assert dates == {RSS: [rfc5322, rfc5322, rfc3339], ATOM: [rfc3339] * 3, JSON_FEED: [rfc3339] * 2}[fmt]
    if fmt is not JSON_FEED:
        assert timegm(parse(document).feed.updated_parsed) == moment.timestamp()


@every_format
def test_no_e_mail_address_is_offered_to_harvesters(fmt: FeedFormat) -> None:
    assert b"@" not in fmt.render(full_feed(), SELF_URL)


@every_format
def test_an_empty_place_still_has_a_readable_feed(fmt: FeedFormat) -> None:
    site = make_site()
    (item,) = read(fmt, fmt.render(select_feed(site, Place((site.categories[1].slug,)), ()), SELF_URL)).items
    assert item.title == "About this feed: Bargaining"
    assert item.published == SINCE


@every_format
def test_two_renders_are_equal_bytes(fmt: FeedFormat) -> None:
    feed = full_feed()
    again = replace(feed, entries=tuple(replace(entry, digest=f"{entry.digest}!") for entry in feed.entries))
    assert fmt.render(feed, SELF_URL) == fmt.render(again, SELF_URL)


@every_format
def test_another_process_in_another_zone_renders_equal_bytes(fmt: FeedFormat) -> None:
    script = (
        "import hashlib, sys; from feedsvc.formats import FORMATS; from tests.formats.samples import full_feed;"
        f"from tests.make import SELF_URL; fmt = FORMATS[{FORMATS.index(fmt)}];"
        "print(hashlib.sha256(fmt.render(full_feed(), SELF_URL)).hexdigest())"
    )
    environment = os.environ | {"TZ": "Asia/Tokyo", "PYTHONHASHSEED": "7", "LC_ALL": "C"}
    done = subprocess.run(
        [sys.executable, "-c", script], env=environment, cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == sha256(fmt.render(full_feed(), SELF_URL)).hexdigest()


@every_format
def test_the_order_of_the_input_changes_nothing(fmt: FeedFormat) -> None:
    site = make_site()
    entries = [make_entry(n, published=SINCE + timedelta(days=n // 2)) for n in range(30)]
    forward = select_feed(site, ALL, entries)
    backward = select_feed(site, ALL, entries[::-1])
    assert fmt.render(forward, SELF_URL) == fmt.render(backward, SELF_URL)


# CPython 3.11 may fail to trace two threads that start at once; then the others do the work
@pytest.mark.filterwarnings("ignore:Exception ignored in thread started by")
@every_format
def test_threads_agree_and_leave_the_locale_alone(fmt: FeedFormat) -> None:
    """Left alone, feedgen switches the process's locale for each RSS date; two at once would leave it switched."""
    before = locale.setlocale(locale.LC_ALL)
    feeds = [make_feed(*(full_entry(n, title=f"{fmt.title} {thread}.{n}") for n in range(20))) for thread in range(8)]
    alone = [fmt.render(feed, SELF_URL) for feed in feeds]
    fresh = [
        replace(feed, entries=tuple(replace(entry, digest=f"{entry.digest} again") for entry in feed.entries))
        for feed in feeds
    ]
    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        with ThreadPoolExecutor(8) as pool:
            together = list(pool.map(lambda feed: fmt.render(feed, SELF_URL), fresh))
    finally:
        sys.setswitchinterval(interval)
    assert together == alone
    assert locale.setlocale(locale.LC_ALL) == before


@every_xml_format
def test_feedparser_and_expat_find_nothing_to_complain_of(fmt: FeedFormat) -> None:
    document = fmt.render(full_feed(), SELF_URL)
    assert document.startswith(b"<?xml version='1.0' encoding='UTF-8'?>")
    assert not parse(document).bozo
    assert expat.ParserCreate().Parse(document, True) == 1


@every_xml_format
def test_categories_carry_their_scheme(fmt: FeedFormat) -> None:
    (entry,) = parse(fmt.render(make_feed(full_entry()), SELF_URL)).entries
    assert {tag.scheme for tag in entry.tags} == {"https://news.example.org/"}


@every_xml_format
def test_a_picture_is_told_in_words_and_without_a_group(fmt: FeedFormat) -> None:
    """A group around a lone picture is invalid, and feedgen can say neither the words nor the lone picture."""
    document = fmt.render(make_feed(full_entry()), SELF_URL)
    media = "{http://search.yahoo.com/mrss/}"
    (content,) = etree.fromstring(document).iter(f"{media}content")
    image = make_image()
    assert dict(content.items()) == {
        "url": image.url,
        "medium": "image",
        "type": "image/jpeg",
        "width": "1200",
        "height": "800",
    }
    assert content.findtext(f"{media}description") == image.alt
    assert b"media:group" not in document
    (entry,) = parse(document).entries
    assert entry.media_thumbnail == [{"url": image.url, "width": "1200", "height": "800"}]


@every_xml_format
def test_the_licence_stands_in_the_feed(fmt: FeedFormat) -> None:
    """Left alone, feedgen drops every link but ``self`` from RSS."""
    feed = parse(fmt.render(full_feed(), SELF_URL)).feed
    (licence,) = [link.href for link in feed.links if link.rel == "license"]
    assert licence == "https://creativecommons.org/licenses/by/4.0/"
    assert feed.rights == "You may republish these updates with a link."


@every_xml_format
def test_each_document_names_its_own_address_and_type(fmt: FeedFormat) -> None:
    """One generator for both formats would give RSS the address of Atom."""
    for other in FORMATS:
        other.render(full_feed(), f"{SELF_URL}/{other.file_name}")
    feed = parse(fmt.render(full_feed(), f"{SELF_URL}/{fmt.file_name}")).feed
    (own,) = [(link.href, link.type) for link in feed.links if link.rel == "self"]
    assert own == (f"{SELF_URL}/{fmt.file_name}", fmt.media_type)


@every_xml_format
def test_the_generator_is_ours(fmt: FeedFormat) -> None:
    """Left alone, feedgen names itself."""
    feed = parse(fmt.render(full_feed(), SELF_URL)).feed
    assert feed.generator.startswith("feedsvc")
    assert b"python-feedgen" not in fmt.render(full_feed(), SELF_URL)


@every_xml_format
def test_the_date_of_the_feed_is_that_of_its_newest_change(fmt: FeedFormat) -> None:
    """Left alone, feedgen takes the clock's, and every render is new bytes."""
    feed = make_feed(make_entry(updated=SINCE + timedelta(days=40)))
    assert parse(fmt.render(feed, SELF_URL)).feed.updated_parsed[:6] == (2026, 2, 14, 15, 0, 0)


@every_xml_format
@settings(max_examples=40)
@given(entry=entries_of_any_text(), words=st.tuples(WORDS, WORDS, WORDS))
def test_any_text_gives_well_formed_xml_and_comes_back_whole(
    fmt: FeedFormat, entry: Entry, words: tuple[str, str, str]
) -> None:
    site = make_site(title=words[0], rights=words[1], categories=(make_category(title=words[2]),))
    feed = make_feed(entry, site=site)
    document = fmt.render(feed, SELF_URL)
    parse(document)
    root = etree.fromstring(document)
    atom = "{http://www.w3.org/2005/Atom}"
    names = ("item", "description", "{http://purl.org/rss/1.0/modules/content/}encoded", "category")
    if fmt is not RSS:
        names = (f"{atom}entry", f"{atom}summary", f"{atom}content", f"{atom}category")
    item = root.find(f".//{names[0]}")
    assert item is not None
    title = names[0].replace("entry", "title").replace("item", "title")
    assert (item.findtext(title) or "").removeprefix(RIGHT_TO_LEFT_MARK) == entry.title
    assert root.findtext(f".//{title}") == feed.title
    if entry.summary:
        summary = item.findtext(names[1]) or ""
        assert entry.summary in _as_text(fmt, summary)
    content = item.findtext(names[2]) or item.findtext(names[1]) or ""
    assert entry.content_html in content
    category = item.find(names[3])
    assert category is not None
    assert (category.get("label") or category.text) == words[2]


def _as_text(fmt: FeedFormat, summary: str) -> str:
    """RSS's description is HTML; only the three marks it escapes are undone, as its text may look like more."""
    if fmt is not RSS:
        return summary
    return summary.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


@settings(max_examples=100)
@given(entry=entries_of_any_text(), words=st.tuples(WORDS, WORDS))
def test_any_text_gives_json_and_comes_back_whole(entry: Entry, words: tuple[str, str]) -> None:
    site = make_site(title=words[0], categories=(make_category(title=words[1]),))
    feed = make_feed(entry, site=site)
    document = json.loads(JSON_FEED.render(feed, SELF_URL))
    (item,) = document["items"]
    title = item["title"].removeprefix(RIGHT_TO_LEFT_MARK)
    urgent = ["Urgent"] if entry.urgent_until else []
    assert (document["title"], title, item["tags"]) == (feed.title, entry.title, [words[1], *urgent])
    assert item.get("summary", "").endswith(entry.summary)
    assert entry.content_html in item["content_html"]
    assert [file["title"] for file in item.get("attachments", ())] == [file.title for file in entry.enclosures]
