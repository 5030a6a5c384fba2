"""What feeds add to an entry's own text."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from feedsvc.formats.feed_item import feed_html, feed_item, summary_of
from feedsvc.formats.rss import RSS
from feedsvc.model import Enclosure
from tests.formats.samples import read
from tests.make import PDF, SELF_URL, make_entry, make_feed, make_image, make_site

SITE = make_site()
TEXT = "<p>Text.</p>"


def test_a_plain_entry_is_told_as_it_is() -> None:
    assert feed_html(make_entry(content_html=TEXT), SITE, trimmed=False) == TEXT


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
    assert feed_html(make_entry(content_html=TEXT, image=image), SITE, trimmed=False) == (
        f'<p><img src="{image.url}" alt="&quot;Strike&quot; &amp; &lt;hope&gt;" width="600" height="400"></p>\n{TEXT}'
    )


def test_a_picture_the_text_shows_is_not_shown_twice() -> None:
    image = make_image(url="https://news.example.org/files/a.png?x=1&y=2")
    body = '<p><img alt="" src="https://news.example.org/files/a.png?x=1&amp;y=2"></p>'
    assert feed_html(make_entry(content_html=body, image=image), SITE, trimmed=False) == body


def test_the_page_elsewhere_comes_after_the_text() -> None:
    entry = make_entry(content_html=TEXT, link="https://health.example.org/a?b=1&c=2")
    assert feed_html(entry, SITE, trimmed=False) == (
        f'{TEXT}\n<p><a href="https://health.example.org/a?b=1&amp;c=2">More at health.example.org</a></p>'
    )


def test_an_address_to_write_to_is_told_as_one() -> None:
    entry = make_entry(content_html=TEXT, link="mailto:steward@example.org?subject=Rooms")
    assert feed_html(entry, SITE, trimmed=False) == (
        f'{TEXT}\n<p><a href="mailto:steward@example.org?subject=Rooms">Write to steward@example.org</a></p>'
    )


def test_files_are_links_with_what_they_are() -> None:
    file = Enclosure(url=PDF.url, media_type="application/pdf", length=48_213, title="A & B")
    line = f'<li><a href="{PDF.url}">A &amp; B</a> (PDF, 48\N{NO-BREAK SPACE}kB)</li>'
    assert feed_html(make_entry(content_html=TEXT, enclosures=(file,)), SITE, trimmed=False) == (
        f"{TEXT}\n<p>Attachments:</p>\n<ul>\n{line}\n</ul>"
    )


def test_a_trimmed_correction_still_comes_first() -> None:
    entry = make_entry(content_html=TEXT, change_note="It is <4>?", summary="A & B", image=make_image())
    assert feed_html(entry, SITE, trimmed=True) == (
        "<p><strong>Corrected February 1, 2026:</strong> It is &lt;4&gt;?</p>\n"
        f'<p>A &amp; B <a href="{entry.permalink}">Read the whole update</a></p>'
    )


EVERYTHING: dict[str, Any] = {
    "change_note": "Sala 4",
    "link": "https://salud.example.org/",
    "enclosures": (PDF,),
    "content_html": TEXT,
}


@pytest.mark.parametrize(("around", "own"), [("en", "es-US"), ("es", None), ("es-MX", "es")])
def test_what_stands_in_an_entry_is_said_in_its_language(around: str, own: str | None) -> None:
    """And needs no mark, since the entry is of that language as a whole."""
    entry, site = make_entry(language=own, **EVERYTHING), make_site(language=around)
    assert feed_html(entry, site, trimmed=False).replace("\N{NO-BREAK SPACE}", " ") == (
        "<p><strong>Corregido el 1 de febrero de 2026:</strong> Sala 4.</p>\n<p>Text.</p>\n"
        '<p><a href="https://salud.example.org/">Más información en salud.example.org</a></p>\n'
        f'<p>Archivos adjuntos:</p>\n<ul>\n<li><a href="{PDF.url}">{PDF.title}</a> (PDF, 48 kB)</li>\n</ul>'
    )
    assert feed_html(entry, site, trimmed=True).endswith(f' <a href="{entry.permalink}">Leer el aviso completo</a></p>')
    assert summary_of(entry, site).startswith("Corregido el 1 de febrero de 2026: Sala 4. ")


def test_words_in_another_language_than_the_entry_s_say_so() -> None:
    """There is no French: it is the site's Spanish that stands in a French update."""
    entry, site = make_entry(language="fr", **EVERYTHING), make_site(language="es-MX")
    ours = ' lang="es-MX"'
    assert feed_html(entry, site, trimmed=False).replace("\N{NO-BREAK SPACE}", " ") == (
        f"<p><strong{ours}>Corregido el 1 de febrero de 2026:</strong> Sala 4.</p>\n<p>Text.</p>\n"
        f'<p{ours}><a href="https://salud.example.org/">Más información en salud.example.org</a></p>\n'
        f"<p{ours}>Archivos adjuntos:</p>\n<ul>\n"
        f'<li><a href="{PDF.url}">{PDF.title}</a> <span{ours}>(PDF, 48 kB)</span></li>\n</ul>'
    )
    assert f"{ours}>Leer el aviso completo</a>" in feed_html(entry, site, trimmed=True)
    (item,) = read(RSS, RSS.render(make_feed(entry, site=site), SELF_URL)).items
    assert item.summary.startswith(f"<span{ours}>Corregido el 1 de febrero de 2026:</span> Sala 4. ")


def test_an_entry_is_written_once_whichever_places_there_are_now() -> None:
    """Else a site in two languages would write each twice: to measure it, and to publish it."""
    site, entry = make_site(), make_entry(1)
    standing = replace(site, digest=f"{site.digest}/[('es', ())]")
    assert feed_item(entry, site) is feed_item(entry, standing)
    assert feed_item(entry, site) is not feed_item(entry, make_site(title="Another"))
