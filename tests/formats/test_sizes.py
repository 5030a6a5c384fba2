"""How much feeds tell of an entry, and how large a feed becomes: what was measured, against the real documents."""

from bisect import bisect_left
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from feedsvc.feeds import DOCUMENT_OCTETS, ENTRY_OCTETS, FRAME_OCTETS
from feedsvc.feeds import make_feed as select_feed
from feedsvc.formats import FORMATS, measure
from feedsvc.formats.atom import ATOM
from feedsvc.formats.feed_item import RELATED_AT_MOST, feed_item
from feedsvc.formats.format import FeedFormat
from feedsvc.model import Author, Entry, Site
from feedsvc.places import ALL, Place
from tests.formats.samples import WORDS, entries_of_any_text, full_entry, named, read
from tests.make import SELF_URL, make_category, make_entry, make_feed, make_image, make_site

every_format = pytest.mark.parametrize("fmt", FORMATS, ids=named)
LATER = datetime(2027, 1, 1, tzinfo=UTC)
COMPANION = make_entry(99)
SLUGS = ("covid", "bargaining", "pay")
THE_WAY = "Read the whole update"


def octets(entry: Entry, site: Site) -> int:
    """What the entry adds to a document of the format that makes the most of it."""
    pair = make_feed(entry, COMPANION, site=site, place=ALL, updated=LATER)
    alone = make_feed(COMPANION, site=site, place=ALL, updated=LATER)
    return max(len(fmt.render(pair, SELF_URL)) - len(fmt.render(alone, SELF_URL)) for fmt in FORMATS)


@settings(max_examples=50)
@given(
    entry=entries_of_any_text(SLUGS[:1], SLUGS[1:], SLUGS),
    titles=st.tuples(WORDS, WORDS, WORDS),
    language=st.sampled_from(["en", "es-MX", "ar"]),
)
@example(entry=full_entry(language="ar"), titles=("a", "b", "c"), language="es-MX")
def test_an_entry_takes_in_a_document_what_was_measured(
    entry: Entry, titles: tuple[str, str, str], language: str
) -> None:
    categories = [make_category(slug, title=title) for slug, title in zip(SLUGS, titles, strict=True)]
    site = make_site(categories=tuple(categories), language=language)
    assert octets(entry, site) == measure(feed_item(entry, site))


TEXTS: dict[str, str] = {
    "paragraphs": "<p>Words &amp; <b>more</b> words, which go on for a while as they do in news.</p>\n",
    "nothing but marks": "&lt;&amp;&quot;",
    "quotes and breaks": '"\n\\\t',
    "four octets a character": "\U0001f637",
    "tags": "<br>",
}


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS.keys())
@pytest.mark.parametrize("make", [make_entry, full_entry])
def test_an_entry_is_told_in_full_up_to_twelve_kilobytes(text: str, make: Callable[..., Entry]) -> None:
    """The longest that is told in full takes at most 12 kB in each format, and one that is any longer takes more."""
    site = make_site()

    def lengthened(times: int) -> Entry:
        return make(1, related=(), content_html=text * times)

    def is_trimmed(times: int) -> bool:
        return bool(select_feed(site, ALL, [lengthened(times)]).trimmed)

    longest = bisect_left(range(ENTRY_OCTETS), True, key=is_trimmed) - 1
    assert octets(lengthened(longest), site) <= ENTRY_OCTETS == 12_000
    assert octets(lengthened(longest + 1), site) > ENTRY_OCTETS


@settings(max_examples=25)
@given(lengths=st.lists(st.integers(1, 700), min_size=1, max_size=30), related=st.integers(0, 30))
def test_every_format_and_every_place_tells_an_entry_alike(lengths: list[int], related: int) -> None:
    slugs = tuple(f"update-{n}" for n in range(related))
    entries = [
        make_entry(n, categories=("covid", "pay") if n % 3 else ("covid",), content_html="<p>Words.</p>" * length)
        for n, length in enumerate(lengths, 1)
    ]
    linked = [replace(entry, related=slugs, digest=f"{entry.digest} {related}") for entry in entries]
    site = make_site()
    feeds = [select_feed(site, place, given) for given in (entries, linked) for place in (ALL, Place(("covid",)))]
    feeds.append(select_feed(site, Place(("pay",)), [entry for entry in entries if "pay" in entry.categories]))
    told: dict[str, set[bool]] = {}
    for feed in feeds:
        for fmt in FORMATS:
            for item in read(fmt, fmt.render(feed, SELF_URL)).items:
                told.setdefault(item.id, set()).add(THE_WAY in item.content_html)
    assert all(len(ways) == 1 for ways in told.values())
    assert {entry.id for entry in entries} <= set(told) or len(lengths) > 20


BIG: dict[str, Callable[[int], Entry]] = {
    "thirty of middling length": lambda n: make_entry(n, content_html="<p>Words &amp; <b>more</b> words.</p>" * 140),
    "all far too long": lambda n: make_entry(n, content_html="<p>Words.</p>" * 20_000),
    "the newest alone too long": lambda n: make_entry(n, content_html="<p>Words.</p>" * (20_000 if n == 30 else 1)),
    "nothing but marks": lambda n: make_entry(n, content_html="&lt;&amp;&quot;" * 450),
    "nothing but quotes and breaks": lambda n: make_entry(n, content_html='"\n\\\t' * 1_300),
    "four octets a character": lambda n: make_entry(n, content_html="\U0001f637" * 2_700),
    "everything an entry can have": lambda n: full_entry(
        n, content_html="<p>Words.</p>" * 250, summary="A & <b>. " * 31
    ),
    "hundreds of files": lambda n: full_entry(n, enclosures=full_entry().enclosures * 200),
    "hundreds of related updates": lambda n: make_entry(n, related=tuple(f"update-{k}" for k in range(500))),
}


@every_format
@pytest.mark.parametrize("make", BIG.values(), ids=BIG.keys())
def test_a_document_stays_within_256_kilobytes_and_holds_at_least_twenty(
    fmt: FeedFormat, make: Callable[[int], Entry]
) -> None:
    feed = select_feed(make_site(), ALL, [make(n) for n in range(1, 31)])
    assert len(feed.entries) >= 20
    assert len(fmt.render(feed, SELF_URL)) <= DOCUMENT_OCTETS == 256_000


@every_format
@pytest.mark.parametrize("letter", ["&", "<", '"', "\U0001f637"])
def test_a_frame_of_the_longest_texts_has_room(fmt: FeedFormat, letter: str) -> None:
    title, paragraph, url = letter * 120, letter * 280, f"https://{'a' * 60}.example.org/?{'b&' * 300}"
    site = make_site(
        title=title,
        author=Author(name=title),
        rights=paragraph,
        license_url=url,
        icon=make_image(url=url),
        logo=make_image(url=url),
        favicon_url=url,
        categories=(make_category(title=title, description=paragraph),),
    )
    assert len(fmt.render(make_feed(make_entry(), site=site), url)) <= FRAME_OCTETS


def test_an_entry_in_a_feed_leads_to_so_many_others_and_no_more() -> None:
    entry = make_entry(related=tuple(f"update-{n}" for n in range(2, 100)))
    assert ATOM.render(make_feed(entry), SELF_URL).count(b'rel="related"') == RELATED_AT_MOST
