"""What feeds add to an entry's own text."""

from datetime import UTC, datetime

import pytest

from feedsvc.formats.content import summary_of, told
from feedsvc.model import Enclosure
from tests.make import PDF, make_entry, make_image, make_site

SITE = make_site()
TEXT = "<p>Text.</p>"


def test_a_plain_entry_is_told_as_it_is() -> None:
    assert told(make_entry(content_html=TEXT), SITE, trimmed=False) == TEXT


def test_the_date_of_a_correction_is_that_of_the_members_calendar() -> None:
    """Half past two at night in UTC is still the evening before in New York."""
    entry = make_entry(change_note="Room 4", updated=datetime(2026, 3, 1, 2, 30, tzinfo=UTC), summary="Meet.")
    assert summary_of(entry, SITE) == "Corrected February 28, 2026: Room 4. Meet."


@pytest.mark.parametrize("month", range(1, 13))
def test_months_have_their_english_names(month: int) -> None:
    moment = datetime(2026, month, 15, 12, tzinfo=UTC)
    entry = make_entry(change_note="Yes!", updated=moment, summary="")
    assert summary_of(entry, SITE) == f"Corrected {moment:%B %d, %Y}: Yes!"


def test_the_picture_comes_before_the_text_with_its_words_and_size() -> None:
    image = make_image(alt='"Strike" & <hope>')
    assert told(make_entry(content_html=TEXT, image=image), SITE, trimmed=False) == (
        f'<p><img src="{image.url}" alt="&quot;Strike&quot; &amp; &lt;hope&gt;" width="1200" height="800"></p>\n{TEXT}'
    )


def test_a_picture_the_text_shows_is_not_shown_twice() -> None:
    image = make_image(url="https://news.example.org/files/a.png?x=1&y=2")
    body = '<p><img alt="" src="https://news.example.org/files/a.png?x=1&amp;y=2"></p>'
    assert told(make_entry(content_html=body, image=image), SITE, trimmed=False) == body


def test_the_page_elsewhere_comes_after_the_text() -> None:
    entry = make_entry(content_html=TEXT, link="https://health.example.org/a?b=1&c=2")
    assert told(entry, SITE, trimmed=False) == (
        f'{TEXT}\n<p><a href="https://health.example.org/a?b=1&amp;c=2">More at health.example.org</a></p>'
    )


def test_an_address_to_write_to_is_told_as_one() -> None:
    entry = make_entry(content_html=TEXT, link="mailto:steward@example.org?subject=Rooms")
    assert told(entry, SITE, trimmed=False) == (
        f'{TEXT}\n<p><a href="mailto:steward@example.org?subject=Rooms">Write to steward@example.org</a></p>'
    )


def test_files_are_links_with_what_they_are() -> None:
    file = Enclosure(url=PDF.url, media_type="application/pdf", length=48_213, title="A & B")
    line = f'<li><a href="{PDF.url}">A &amp; B</a> (PDF, 48\N{NO-BREAK SPACE}kB)</li>'
    assert told(make_entry(content_html=TEXT, enclosures=(file,)), SITE, trimmed=False) == (
        f"{TEXT}\n<p>Attachments:</p>\n<ul>\n{line}\n</ul>"
    )


def test_a_trimmed_correction_still_comes_first() -> None:
    entry = make_entry(content_html=TEXT, change_note="It is <4>?", summary="A & B", image=make_image())
    assert told(entry, SITE, trimmed=True) == (
        "<p><strong>Corrected February 1, 2026:</strong> It is &lt;4&gt;?</p>\n"
        f'<p>A &amp; B <a href="{entry.permalink}">Read the whole update</a></p>'
    )
