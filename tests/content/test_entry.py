"""A good file becomes exactly the entry it describes."""

# ruff: noqa: E501  # a message is compared as a whole

from datetime import UTC, datetime
from pathlib import Path

import pytest

from feedsvc.content.entry import load_entry
from feedsvc.content.files import Files
from feedsvc.content.source import Source
from feedsvc.errors import ContentError
from feedsvc.model import Author, Change, Enclosure, Entry, Image
from tests.content.samples import NAME, SITE, entry_text, load, make_root, messages, problems, shown_at
from tests.make import make_category, make_site

EVERY_FIELD = """\
# a note to the author
title: "Masks: back on all wards"
published: 2026-03-01 09:00
updated: 2026-03-02T10:30:15Z
expires: 2026-03-31
change_note: Ward 3 was missing.
categories: [pay, covid]
summary: >-
  From Monday,
  masks are required.
body: |
  # Why

  See [the flyer](files/flyer.pdf) -- and ![The badge](/files/icon.png "Ours").
id: masks-1
slug: masks
author: Safety committee
lang: es-MX
link: files/2026/pay%20scale.xlsx#rates
image: {src: icon.png, alt: The badge}
attachments:
  - file: flyer.pdf
    title: Flyer
  - {file: 2026/pay scale.xlsx, title: Scale}
related: [other, another-1]
draft: Yes  # until Monday
"""


def test_every_field_arrives(tmp_path: Path) -> None:
    root = make_root(tmp_path)
    loaded = load(EVERY_FIELD, root)
    entry = loaded.entry
    files = "https://news.example.org/files/"
    badge = "https://news.example.org/" + shown_at(root, "icon.png", 144)
    image = Image(url=badge, alt="The badge", media_type="image/png", width=144, height=144)
    assert entry == Entry(
        id="tag:news.example.org,2026:entry/masks-1",
        slug="masks",
        title="Masks: back on all wards",
        published=datetime(2026, 3, 1, 14, 0, tzinfo=UTC),
        updated=datetime(2026, 3, 2, 10, 30, 15, tzinfo=UTC),
        expires=datetime(2026, 4, 1, 3, 59, tzinfo=UTC),
        categories=("covid", "pay"),
        summary="From Monday, masks are required.",
        content_html=f'<h2>Why</h2>\n<p>See <a href="{files}flyer.pdf">the flyer</a> \u2013 and '
        f'<img src="{badge}" alt="The badge" width="144" height="144" loading="lazy" title="Ours">.</p>\n',
        permalink="https://news.example.org/updates/masks/",
        digest=entry.digest,
        changes=(Change(date=datetime(2026, 3, 2, 10, 30, 15, tzinfo=UTC), note="Ward 3 was missing."),),
        author=Author(name="Safety committee"),
        language="es-MX",
        link=files + "2026/pay%20scale.xlsx#rates",
        image=image,
        pictures=(image,),
        enclosures=(
            Enclosure(url=files + "flyer.pdf", media_type="application/pdf", length=9, title="Flyer"),
            Enclosure(
                url=files + "2026/pay%20scale.xlsx",
                media_type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
                length=2,
                title="Scale",
            ),
        ),
        related=("other", "another-1"),
        draft=True,
    )
    assert loaded.files == ("2026/pay scale.xlsx", "flyer.pdf", "icon.png")
    assert loaded.offered == ("2026/pay scale.xlsx", "flyer.pdf")
    assert ["https://news.example.org" + picture.path for picture in loaded.pictures] == [badge]
    assert (loaded.id_mark.line, loaded.id_mark.column, loaded.id_mark.excerpt) == (15, 5, "id: masks-1")
    assert (loaded.slug_mark.line, loaded.slug_mark.column) == (16, 7)
    assert [(slug, mark.column) for slug, mark, _ in loaded.related_marks] == [("other", 11), ("another-1", 18)]


def test_short_file_takes_id_and_slug_from_its_name(tmp_path: Path) -> None:
    loaded = load(entry_text(categories="covid", related="other"), make_root(tmp_path))
    assert loaded.source == NAME
    assert loaded.entry.id == "tag:news.example.org,2026:entry/2026-03-01-masks-are-back"
    assert loaded.entry.slug == "masks-are-back"
    assert loaded.entry.updated == loaded.entry.published
    assert loaded.entry.related == ("other",)
    assert loaded.slug_mark == loaded.id_mark
    assert (loaded.id_mark.line, loaded.id_mark.excerpt) == (1, "title: Masks are back")
    assert (loaded.entry.author, loaded.entry.link, loaded.entry.image, loaded.entry.draft) == (None, None, None, False)


@pytest.mark.parametrize(
    ("name", "slug"), [("masks.yaml", "masks"), ("2026-03-01.yml", "2026-03-01"), ("2026-03-01-a.b.yaml", None)]
)
def test_slug_is_the_name_without_its_date(name: str, slug: str | None, tmp_path: Path) -> None:
    root = make_root(tmp_path)
    source = "content/updates/" + name
    if slug:
        assert load(entry_text(), root, source).entry.slug == slug
    else:
        assert messages(entry_text(), root, source) == [
            "1:1: the file's name gives the address 'a.b'; rename it with lower-case letters, digits and hyphens, such as 2026-03-01-masks-are-back.yaml"
        ]


def test_name_that_only_the_id_needs_is_named_once(tmp_path: Path) -> None:
    root = make_root(tmp_path)
    text = entry_text(slug="masks")
    assert messages(text, root, "content/updates/My update.yaml") == [
        "1:1: the file's name gives the id 'My update'; rename it with lower-case letters, digits and hyphens, such as 2026-03-01-masks-are-back.yaml"
    ]
    assert load(text + "id: masks\n", root, "content/updates/M\udcff.yaml").entry.slug == "masks"


def test_values_stay_the_text_they_are(tmp_path: Path) -> None:
    """No Norway problem, no times to the base of sixty, no octal numbers."""
    root = make_root(tmp_path)
    for text in ("no", "12:30", "010", "1_000", "1.10", "2024-03-25", "null", "~", "0x1F"):
        assert load(entry_text(title=text), root).entry.title == text


@pytest.mark.parametrize(
    ("word", "meant"),
    [("true", True), ("TRUE", True), ("yes", True), ("On", True), ("false", False), ("No", False), ("off", False)],
)
def test_draft_takes_every_word_for_yes_and_no(word: str, *, meant: bool, tmp_path: Path) -> None:
    assert load(entry_text(draft=word), make_root(tmp_path)).entry.draft is meant


def test_text_is_composed_and_its_lines_joined(tmp_path: Path) -> None:
    """A letter with a separate accent equals the one typed as one (NFC)."""
    text = entry_text(title='"cafe\u0301\\tbar"', summary="|\n  One\n\n  two\n", body='"e\u0301"')
    entry = load(text, make_root(tmp_path)).entry
    assert (entry.title, entry.summary) == ("caf\u00e9 bar", "One two")
    assert entry.content_html == "<p>\u00e9</p>\n"


def test_byte_order_mark_and_foreign_line_ends_do_no_harm(tmp_path: Path) -> None:
    root = make_root(tmp_path)
    plain = load(entry_text(), root).entry
    windows = load(b"\xef\xbb\xbf" + entry_text().replace("\n", "\r\n").encode(), root)
    assert windows.entry.content_html == plain.content_html
    assert windows.slug_mark.excerpt == "title: Masks are back"
    assert problems(entry_text(title="").replace("\n", "\r"), root)[0].excerpt == "title: "


@pytest.mark.parametrize(
    ("link", "url"),
    [
        ("https://example.org", "https://example.org"),
        ("http://localhost:8000/a?b=ü", "http://localhost:8000/a?b=%C3%BC"),
        ("mailto:news@example.org", "mailto:news@example.org"),
        ("/updates/other/", "https://news.example.org/local/updates/other/"),
        ("../pay/./x/..", "https://news.example.org/local/pay/"),
        ("covid/?page=2#top", "https://news.example.org/local/covid/?page=2#top"),
        ("/files/flyer.pdf", "https://news.example.org/local/files/flyer.pdf"),
    ],
)
def test_links_count_from_the_root_of_the_site(link: str, url: str, tmp_path: Path) -> None:
    """Also on a site below a path of its host."""
    site = make_site(base_url="https://news.example.org/local/")
    source = Source(NAME, entry_text(link=link).encode())
    assert load_entry(source, site, Files(make_root(tmp_path))).entry.link == url


def test_digest_follows_text_name_site_and_files(tmp_path: Path) -> None:
    root = make_root(tmp_path)
    text = entry_text(body="|\n  [Flyer](files/flyer.pdf)\n")
    first = load(text, root).entry.digest
    assert load(text, root).entry.digest == first
    other_site = make_site(categories=(make_category("covid"),))
    others = {
        load(text + "# note\n", root).entry.digest,
        load(text, root, NAME.replace("masks", "mask")).entry.digest,
        load_entry(Source(NAME, text.encode()), other_site, Files(root)).entry.digest,
    }
    (root / "files" / "flyer.pdf").write_bytes(b"%PDF-1.7\n%another\n")
    others.add(load(text, root).entry.digest)
    assert len(others) == 4
    assert first not in others


def test_replaced_file_is_seen_by_the_same_files(tmp_path: Path) -> None:
    """One ``Files`` serves many loads, so what it remembers must not outlive the file."""
    root = make_root(tmp_path)
    files = Files(root)
    source = Source(NAME, entry_text(attachments="[{file: flyer.pdf, title: A}]").encode())
    before = load_entry(source, SITE, files).entry
    (root / "files" / "flyer.pdf").write_bytes(b"%PDF-1.7\n%longer\n")
    after = load_entry(source, SITE, files).entry
    assert (before.enclosures[0].length, after.enclosures[0].length) == (9, 17)
    assert before.digest != after.digest


def test_all_problems_of_a_file_come_at_once_in_order(tmp_path: Path) -> None:
    text = entry_text(title="Hall #3", published="soon", body="|\n  ![](files/icon.png)\n", draft="maybe")
    with pytest.raises(ContentError) as caught:
        load(text, make_root(tmp_path))
    assert [(problem.line, problem.field) for problem in caught.value.problems] == [
        (1, "title"),
        (2, "published"),
        (6, "body"),
        (8, "draft"),
    ]


def test_the_offending_line_is_shown_with_a_caret(tmp_path: Path) -> None:
    (problem,) = problems(entry_text(title="COVID: new rules"), make_root(tmp_path))
    assert problem.shown().split("\n")[1:] == ["    title: COVID: new rules", "                ^"]


def test_caret_stands_under_the_link_behind_wide_letters(tmp_path: Path) -> None:
    """The renderer could count octets; authors count letters."""
    root = make_root(tmp_path)
    (problem,) = problems(entry_text(body="|2\n    Ünïcödé [x](ftp://a)\n\n  Text\n"), root)
    assert (problem.line, problem.column) == (6, 13)
    (problem,) = problems(entry_text(body="|\n  Ünïcödé [x](ftp://a)\n"), root)
    assert (problem.line, problem.column, problem.excerpt) == (6, 11, "  Ünïcödé [x](ftp://a)")


def test_too_large_file_is_refused_unread(tmp_path: Path) -> None:
    assert messages(b"#" * (1024 * 1024 + 1), make_root(tmp_path)) == [
        "1:1: the file has 1048577 bytes, the limit is 1048576; shorten it, and put long texts into a file below files/"
    ]


def test_a_flood_of_faults_ends(tmp_path: Path) -> None:
    root = make_root(tmp_path)
    assert len(problems(entry_text() + "a: &x b\n" * 1000, root)) == 100
    assert len(problems("".join(map(chr, (*range(1, 9), *range(14, 32), *range(127, 160)))) * 50, root)) == 20


def test_soft_returns_are_the_line_ends_that_their_author_saw(tmp_path: Path) -> None:
    """Shift and Enter in a word processor, and what a page of the web has for it."""
    text = entry_text(title="Masks\u2028are back", body="|\n  Local 7600\x0b123 Example Street\u2029Exampletown\n")
    entry = load(text, make_root(tmp_path)).entry
    assert entry.title == "Masks are back"
    assert entry.content_html == "<p>Local 7600<br>123 Example Street<br>Exampletown</p>\n"


def test_what_nobody_sees_at_the_ends_of_a_value_is_not_there(tmp_path: Path) -> None:
    entry = load(entry_text(published="2026-03-08\u200b", title="\u00adMasks\u2060"), make_root(tmp_path)).entry
    assert (entry.published.day, entry.title) == (8, "Masks")
