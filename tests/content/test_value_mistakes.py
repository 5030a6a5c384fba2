"""Each value that cannot be meant has its own message in plain language."""

# ruff: noqa: E501  # a message is compared as a whole

from pathlib import Path

import pytest

from feedsvc.content.schema import entry_schema
from tests.content.samples import entry_text, make_root, messages

FIELDS = ", ".join(entry_schema()["properties"])
MISTAKES: dict[str, tuple[str | bytes, list[str]]] = {
    "a misspelt field": (
        entry_text(title=None, tilte="Masks"),
        ["7:1: tilte: unknown field 'tilte'; did you mean 'title'?"],
    ),
    "an unknown field": (
        entry_text() + "colour: red\n",
        [f"8:1: colour: unknown field 'colour'; the fields are {FIELDS}"],
    ),
    "a field with an endless name": (
        entry_text() + "x" * 101 + ": y\n",
        ["8:1: " + "x" * 99 + "…: unknown field '" + "x" * 59 + f"…'; the fields are {FIELDS}"],
    ),
    "a misspelt field inside an item": (
        entry_text(attachments="\n  - file: flyer.pdf\n    titel: A"),
        ["10:5: attachments.titel: unknown field 'titel'; did you mean 'title'?"],
    ),
    "an unknown category": (
        entry_text(categories="[covd]"),
        [
            "3:14: categories: unknown category 'covd'; did you mean 'covid'? the categories are covid, bargaining, training, pay"
        ],
    ),
    "a category nothing is near": (
        entry_text(categories="[covid, weather]"),
        ["3:21: categories: unknown category 'weather'; the categories are covid, bargaining, training, pay"],
    ),
    "categories in one text": (
        entry_text(categories="covid, pay"),
        ["3:13: categories: 'covid, pay' is one text, not a list; write categories: [covid, pay]"],
    ),
    "no category in the list": (
        entry_text(categories="[]"),
        ["3:13: categories: the list is empty; write at least one, or delete the line"],
    ),
    "a category twice": (
        entry_text(categories="[pay, pay]"),
        ["3:13: categories: 'pay' stands there twice; keep one of them"],
    ),
    "missing fields": (
        entry_text(published=None, body=None),
        [
            "1:1: body: the field is missing; add a line body: |",
            "1:1: published: the field is missing; add a line such as published: 2026-03-01 09:00",
        ],
    ),
    "a missing field of an image": (
        entry_text(image="{src: icon.png}"),
        ["8:8: image.alt: the field is missing; add a line such as alt: A nurse puts on a mask"],
    ),
    "an empty title": (entry_text(title=""), ["1:7: title: the value is empty; write it after the colon"]),
    "an empty quoted title": (entry_text(title='"  "'), ["1:8: title: the value is empty; write it after the colon"]),
    "an empty image": (
        entry_text(image=""),
        ["8:7: image: the value is empty; write it after the colon, or delete the line"],
    ),
    "an empty author": (
        entry_text(author=""),
        ["8:8: author: the value is empty; write it after the colon, or delete the line"],
    ),
    "an empty list item": (
        entry_text(related="\n  -"),
        ["9:4: related: the value is empty; write it after the colon, or delete the line"],
    ),
    "an empty list": (entry_text(categories=""), ["3:12: categories: the value is empty; write it after the colon"]),
    "an empty category": (
        entry_text(categories='[""]'),
        ["3:14: categories: the value is empty; write it after the colon"],
    ),
    "a title in brackets": (
        entry_text(title="[COVID]"),
        ['1:8: title: a list where text is expected; write title: "[COVID]"'],
    ),
    "a title in braces": (
        entry_text(title="{a: b}"),
        ['1:8: title: a group of fields where text is expected; write title: "{a: b}"'],
    ),
    "the date 2026-02-30": (
        entry_text(published="2026-02-30"),
        [
            "2:12: published: 2026-02-30 does not exist: February 2026 has 28 days; write a day from 2026-02-01 to 2026-02-28"
        ],
    ),
    "the date 2026-13-01": (
        entry_text(published="2026-13-01"),
        ["2:12: published: 2026-13-01 does not exist: there is no month 13; write year-month-day such as 2026-03-01"],
    ),
    "the date 2026-03-01 25:00": (
        entry_text(published="2026-03-01 25:00"),
        [
            "2:12: published: 2026-03-01 25:00 does not exist: no clock shows that time; write a time from 00:00 to 23:59"
        ],
    ),
    "the date 2026-03-08 02:30": (
        entry_text(published="2026-03-08 02:30"),
        [
            "2:12: published: 2026-03-08 02:30 does not exist in America/New_York: clocks go forward then; write 2026-03-08 03:30"
        ],
    ),
    "the date 2026-11-01 01:30": (
        entry_text(published="2026-11-01 01:30"),
        [
            "2:12: published: 2026-11-01 01:30 happens twice in America/New_York: clocks go back then; write 2026-11-01 01:30-04:00 or 2026-11-01 01:30-05:00"
        ],
    ),
    "the date 3/1/2026": (
        entry_text(published="3/1/2026"),
        ["2:12: published: '3/1/2026' can mean March 1, 2026 or January 3, 2026; write 2026-03-01 or 2026-01-03"],
    ),
    "the date soon": (
        entry_text(published="soon"),
        [
            "2:12: published: 'soon' is not a date; write year-month-day and the time if it matters: nine in the morning of March 1, 2026 is 2026-03-01 09:00"
        ],
    ),
    "the date 99/99/2026": (
        entry_text(published="99/99/2026"),
        [
            "2:12: published: '99/99/2026' is not a date; write year-month-day and the time if it matters: nine in the morning of March 1, 2026 is 2026-03-01 09:00"
        ],
    ),
    "the date Foo 1, 2026": (
        entry_text(published="Foo 1, 2026"),
        [
            "2:12: published: 'Foo 1, 2026' is not a date; write year-month-day and the time if it matters: nine in the morning of March 1, 2026 is 2026-03-01 09:00"
        ],
    ),
    "the date 0206-01-01": (
        entry_text(published="0206-01-01"),
        ["2:12: published: the year of 0206-01-01 cannot be meant; write a year from 1970 to 2199"],
    ),
    "the date 2026-03-01 09:00+25:00": (
        entry_text(published="2026-03-01 09:00+25:00"),
        [
            "2:12: published: 2026-03-01 09:00+25:00 has an offset that no place uses; write one such as -05:00, or Z for UTC"
        ],
    ),
    "expired before it is published": (
        entry_text(expires="2026-02-28"),
        ["8:10: expires: the date lies before published; write a later date, or delete the line"],
    ),
    "updated before published": (
        entry_text(updated="2026-02-28"),
        ["8:10: updated: the date lies before published; write the later date, or delete the line"],
    ),
    "a bad slug": (
        entry_text(slug="Masks Are Back"),
        [
            "8:7: slug: 'Masks Are Back' cannot be part of an address; write lower-case letters a to z, digits and hyphens, such as masks-are-back"
        ],
    ),
    "a bad id": (
        entry_text(id="a b"),
        [
            "8:5: id: 'a b' cannot be part of an id; write letters a to z, digits, hyphens, dots and underscores, such as 2026-03-01-masks"
        ],
    ),
    "a bad language": (
        entry_text(lang="english!"),
        ["8:7: lang: 'english!' is not a language tag; write one such as en or es-MX"],
    ),
    "related to itself": (
        entry_text(related="masks-are-back"),
        ["8:10: related: 'masks-are-back' is this update itself; delete it"],
    ),
    "a bad related slug": (
        entry_text(related="[a-1, B]"),
        [
            "8:16: related: 'B' cannot be part of an address; write lower-case letters a to z, digits and hyphens, such as masks-are-back"
        ],
    ),
    "the link javascript:alert(1)": (
        entry_text(link="javascript:alert(1)"),
        [
            "8:7: link: the link 'javascript:alert(1)' begins with javascript:; use http:, https:, mailto: or a path of this site"
        ],
    ),
    "the link www.example.org": (
        entry_text(link="www.example.org"),
        ["8:7: link: the link 'www.example.org' has no scheme; write https://www.example.org"],
    ),
    "the link news@example.org": (
        entry_text(link="news@example.org"),
        ["8:7: link: the link 'news@example.org' has no scheme; write mailto:news@example.org"],
    ),
    "the link //example.org": (
        entry_text(link="//example.org"),
        ["8:7: link: the link '//example.org' has no scheme; write https://example.org"],
    ),
    "the link http://": (
        entry_text(link="http://"),
        ["8:7: link: 'http://' is not a web address; write it in full such as https://example.org/page"],
    ),
    "the link https://exa mple.org": (
        entry_text(link="https://exa mple.org"),
        ["8:7: link: the link 'https://exa mple.org' is not one address; write it without spaces (%20 stands for one)"],
    ),
    "the link https://[": (
        entry_text(link="https://["),
        ["8:7: link: 'https://[' is not a web address; write it in full such as https://example.org/page"],
    ),
    "the link https://héalth.example/": (
        entry_text(link="https://héalth.example/"),
        [
            "8:7: link: the host of 'https://héalth.example/' has other letters than a to z; write https://xn--halth-bsa.example/"
        ],
    ),
    'the link "#pay"': (
        entry_text(link='"#pay"'),
        ["8:7: link: the link '#pay' leads to a place inside a page; write the address of a page"],
    ),
    "the link flyer.pdf": (
        entry_text(link="flyer.pdf"),
        ["8:7: link: the link 'flyer.pdf' leads to no page of this site; write files/flyer.pdf for a file"],
    ),
    "the link files/none.pdf": (
        entry_text(link="files/none.pdf"),
        ["8:7: link: there is no file 'none.pdf' in content/files; put the file there, or correct its name"],
    ),
    "the link ftp://example.org": (
        entry_text(link="ftp://example.org"),
        ["8:7: link: the link 'ftp://example.org' begins with ftp:; use http:, https:, mailto: or a path of this site"],
    ),
    "a picture that is missing": (
        entry_text(image="{src: ikon.png, alt: A}"),
        ["8:14: image.src: there is no file 'ikon.png' in content/files; did you mean 'icon.png'?"],
    ),
    "a picture by its path": (
        entry_text(image="{src: files/icom.png, alt: A}"),
        ["8:14: image.src: there is no file 'files/icom.png' in content/files; did you mean 'icon.png'?"],
    ),
    "a picture outside": (
        entry_text(image="{src: ../site.yaml, alt: A}"),
        ["8:14: image.src: '../site.yaml' is not a name below content/files; write a file name such as flyer.pdf"],
    ),
    "a picture that is none": (
        entry_text(image="{src: flyer.pdf, alt: A}"),
        [
            "8:14: image.src: 'flyer.pdf' is not a picture; use a file ending in .avif, .gif, .heic, .heif, .jfif, .jpeg, .jpg, .png, .webp"
        ],
    ),
    "a broken picture": (
        entry_text(image="{src: broken.png, alt: A}"),
        [
            "8:14: image.src: 'broken.png' does not hold the picture that its ending promises; open it in a program that shows it, and save it as JPEG or PNG"
        ],
    ),
    "an image that is text": (
        entry_text(image="icon.png"),
        ["8:8: image: text where a group of fields is expected; write its fields below it, two spaces in"],
    ),
    "an empty description": (
        entry_text(image='{src: icon.png, alt: ""}'),
        ["8:29: image.alt: the value is empty; write it after the colon"],
    ),
    "attachments without dashes": (
        entry_text(attachments="{file: flyer.pdf, title: Flyer}"),
        ["8:14: attachments: a group of fields where a list is expected; begin its first line with -"],
    ),
    "an attachment that is text": (
        entry_text(attachments="[flyer.pdf]"),
        ["8:15: attachments: text where a group of fields is expected; write its fields below it, two spaces in"],
    ),
    "an attachment of a foreign kind": (
        entry_text(attachments="[{file: setup.exe, title: A}]"),
        [
            "8:22: attachments.file: 'setup.exe' has an ending that is not offered; use a file ending in .csv, .doc, .docx, .epub, .gif, .ics, .jfif, .jpeg, .jpg, .m4a, .mp3, .ods, .odt, .pdf, .png, .pptx, .txt, .webp, .xls, .xlsx, .zip"
        ],
    ),
    "an attachment that can run scripts": (
        entry_text(attachments="[{file: icon.svg, title: A}]"),
        [
            "8:22: attachments.file: 'icon.svg' can run scripts in a reader; use a file ending in .csv, .doc, .docx, .epub, .gif, .ics, .jfif, .jpeg, .jpg, .m4a, .mp3, .ods, .odt, .pdf, .png, .pptx, .txt, .webp, .xls, .xlsx, .zip"
        ],
    ),
    "an attachment that is missing": (
        entry_text(attachments="[{file: zzz.pdf, title: A}]"),
        [
            "8:22: attachments.file: there is no file 'zzz.pdf' in content/files; put the file there, or correct its name"
        ],
    ),
    "an image without description in the text": (
        entry_text(body="|\n  One.\n\n  ![](files/icon.png)\n"),
        ["8:3: body: the image 'files/icon.png' has no description; write ![what it shows](files/icon.png)"],
    ),
    "a script link in the text": (
        entry_text(body="|\n  See [this](javascript:alert(1)).\n"),
        [
            "6:7: body: the link 'javascript:alert(1)' begins with javascript:; use http:, https:, mailto:, tel: or a path of this site"
        ],
    ),
    "a missing file in the text": (
        entry_text(body="|\n  One.\n  [two](files/none.pdf)\n"),
        ["7:3: body: there is no file 'none.pdf' in content/files; put the file there, or correct its name"],
    ),
    "a foreign image in the text": (
        entry_text(body="|\n  ![A](https://example.org/a.png)\n"),
        [
            "6:3: body: the image 'https://example.org/a.png' does not lie in content/files; put the picture there and write files/a.png"
        ],
    ),
    "an image beside the text": (
        entry_text(body="|\n  ![A](icon.png)\n"),
        [
            "6:3: body: the image 'icon.png' does not lie in content/files; put the picture there and write files/icon.png"
        ],
    ),
    "an image that is none in the text": (
        entry_text(body="|\n  ![A](files/flyer.pdf)\n"),
        [
            "6:3: body: 'flyer.pdf' is not a picture; use a file ending in .avif, .gif, .heic, .heif, .jfif, .jpeg, .jpg, .png, .webp"
        ],
    ),
    "a fault in quoted text": (
        entry_text(body='"![](files/icon.png)"'),
        ["5:7: body: the image 'files/icon.png' has no description; write ![what it shows](files/icon.png)"],
    ),
    "several faults in the text": (
        entry_text(body="|\n  [a](ftp://a) [b](#b)\n"),
        [
            "6:3: body: the link 'ftp://a' begins with ftp:; use http:, https:, mailto:, tel: or a path of this site",
            "6:16: body: the link '#b' leads to a place inside a page; write the address of a page",
        ],
    ),
    "a title that nobody sees": (
        entry_text(title='"\\u200b\\u3164"'),
        ["1:8: title: the value holds nothing that can be seen; write it after the colon"],
    ),
    "words of the template": (
        entry_text(
            summary="Say here in a sentence or two what members need to know.",
            body="|\n  One.\n\n  Write the update here.\n",
            attachments="\n  - file: flyer.pdf\n    title: What the file is",
            image="\n  src: icon.png\n  alt: What the picture shows, for those who cannot see it",
        ),
        [
            "4:10: summary: this is what the file said before you wrote it; write your own words, or delete it",
            "8:3: body: this is what the file said before you wrote it; write your own words, or delete it",
            "12:12: attachments.title: this is what the file said before you wrote it; write your own words, or delete it",
            "15:8: image.alt: this is what the file said before you wrote it; write your own words, or delete it",
        ],
    ),
    "a draft that is neither": (
        entry_text(draft="maybe"),
        ["8:8: draft: 'maybe' is neither true nor false; write true or false"],
    ),
    "a list where text is expected": (
        entry_text(title="\n  - a"),
        ["2:3: title: a list where text is expected; write the text after the colon"],
    ),
    "a group where text is expected": (
        entry_text(summary="\n  a: b"),
        ["5:3: summary: a group of fields where text is expected; write the text after the colon"],
    ),
    "a list that goes on below": (
        entry_text(title="[a,\n  b]"),
        ["1:8: title: a list where text is expected; write the text after the colon"],
    ),
    "a title over the limit": (
        entry_text(title="x" * 121),
        ["1:8: title: the text has 121 characters, the limit is 120; shorten it"],
    ),
    "a summary over the limit": (
        entry_text(summary="x" * 281),
        ["4:10: summary: the text has 281 characters, the limit is 280; shorten it"],
    ),
    "a title of two lines": (
        entry_text(title="|\n  a\n  b"),
        ["1:8: title: the text has more than one line; write it on one line"],
    ),
    "a body over the limit": (
        entry_text(body="|\n  " + "é" * 100_001),
        ["5:7: body: the text has 200003 bytes, the limit is 200000; shorten it, or attach it as a file"],
    ),
    "nested quotes": (
        entry_text(body="|\n  One.\n\n  >>>>>>>>>>>>>>>>>>>>> x\n"),
        ["8:3: body: quotes or lists are nested more than 20 levels deep; write it with fewer levels"],
    ),
    "a wide table": (
        entry_text(body="|\n  |a|b|\n  |-|-|\n" + "  |a|\n" * 7000),
        ["7:3: body: the table has room for more than 20000 cells; attach it as a file"],
    ),
    "text that grows": (
        entry_text(body="|\n  " + "&" * 90_001),
        [
            "6:3: body: the text becomes 450013 characters of HTML, the limit is 400000; shorten it, or attach it as a file"
        ],
    ),
}


@pytest.mark.parametrize("name", MISTAKES)
def test_mistake_is_named_where_it_stands(name: str, tmp_path: Path) -> None:
    """All problems of the file, each with line, column, field, what is wrong and what to write instead."""
    text, expected = MISTAKES[name]
    assert messages(text, make_root(tmp_path)) == expected
