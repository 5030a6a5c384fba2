"""Each mistake in YAML itself has its own message in plain language."""

# ruff: noqa: E501  # a message is compared as a whole

from pathlib import Path

import pytest

from tests.content.samples import entry_text, make_root, messages

MISTAKES: dict[str, tuple[str | bytes, list[str]]] = {
    "a colon in an unquoted title": (
        entry_text(title="COVID: new rules"),
        ['1:13: title: a colon in text without quotes begins a new field; write title: "COVID: new rules"'],
    ),
    "a colon at the end": (
        entry_text(summary="Note:"),
        ['4:14: summary: a colon in text without quotes begins a new field; write summary: "Note:"'],
    ),
    "a colon in a continued line": (
        entry_text(title="Masks\n  are: back"),
        [
            "2:3: this line continues the text above, and its colon begins a new field; begin a field in the same column as the one above; put a longer text with colons below a line such as body: |"
        ],
    ),
    "no space after the first colon": (
        "title:Masks\nsummary: x\n",
        ["1:1: title: a space is missing after the colon; write title: Masks"],
    ),
    "no space after the only colon": (
        "title:Masks\n",
        ["1:1: title: a space is missing after the colon; write title: Masks"],
    ),
    "a tab as indentation": (
        entry_text(image="\n\tsrc: icon.png"),
        ["9:1: a tab stands where spaces are expected; write two spaces in place of each tab"],
    ),
    "a tab in the body": (
        entry_text(body="|\n\tText"),
        ["6:1: a tab stands where spaces are expected; write two spaces in place of each tab"],
    ),
    "a duplicate field": (
        entry_text() + "title: Other\n",
        ["8:1: title: the field stands here twice, first on line 1; keep one of them"],
    ),
    "a duplicate field inside an item": (
        entry_text(attachments="\n  - file: flyer.pdf\n    title: A\n    title: B"),
        ["11:5: attachments.title: the field stands here twice, first on line 10; keep one of them"],
    ),
    "text lost to a comment": (
        entry_text(title="Hall #3 meeting"),
        [
            '1:8: title: everything from # on is a comment and would be lost; write title: "Hall #3 meeting", or put the comment on a line of its own'
        ],
    ),
    "a text that is a comment": (
        entry_text(summary="#1"),
        [
            '4:9: summary: everything from # on is a comment and would be lost; write summary: "#1", or put the comment on a line of its own'
        ],
    ),
    "a comment that ends a continued text": (
        entry_text(title="Hall #3\n  meeting"),
        [
            '1:8: title: everything from # on is a comment and would be lost; write title: "Hall #3", or put the comment on a line of its own'
        ],
    ),
    "a comment in an item": (
        entry_text(attachments="\n  - file: flyer.pdf\n    title: Flyer #2"),
        [
            '10:12: attachments.title: everything from # on is a comment and would be lost; write title: "Flyer #2", or put the comment on a line of its own'
        ],
    ),
    "a slug lost to a comment": (
        entry_text(slug="#1"),
        [
            '8:6: slug: everything from # on is a comment and would be lost; write slug: "#1", or put the comment on a line of its own'
        ],
    ),
    "a comment before a continued slug": (
        entry_text(slug="a #1\n  b"),
        ['8:7: slug: everything from # on is a comment and would be lost; write slug: "a #1"'],
    ),
    "a comment before a stray line": (
        entry_text(slug="a #1\nb"),
        ['8:7: slug: everything from # on is a comment and would be lost; write slug: "a #1"'],
    ),
    "a category lost to a comment": (
        entry_text(categories="\n  - #covid\n  - covid"),
        [
            '4:4: categories: everything from # on is a comment and would be lost; write "#covid", or put the comment on a line of its own'
        ],
    ),
    "a title that begins with an ampersand": (
        entry_text(title="&Dispute ballot opens"),
        ['1:8: title: & begins an anchor in YAML; write title: "&Dispute ballot opens"'],
    ),
    "a title that begins with an asterisk": (
        entry_text(title="*Dispute ballot opens"),
        ['1:8: title: * begins an alias in YAML; write title: "*Dispute ballot opens"'],
    ),
    "a title that begins with an exclamation mark": (
        entry_text(title="!Dispute ballot opens"),
        ['1:8: title: ! begins a tag in YAML; write title: "!Dispute ballot opens"'],
    ),
    "a title that begins with an at sign": (
        entry_text(title="@Dispute ballot opens"),
        ['1:8: title: @ is reserved in YAML; write title: "@Dispute ballot opens"'],
    ),
    "a title that begins with a per cent sign": (
        entry_text(title="%Dispute ballot opens"),
        ['1:8: title: % is reserved in YAML; write title: "%Dispute ballot opens"'],
    ),
    "a title that begins with a backtick": (
        entry_text(title="`Dispute ballot opens"),
        ['1:8: title: ` is reserved in YAML; write title: "`Dispute ballot opens"'],
    ),
    "bold text": (
        entry_text(title="**bold** news"),
        ['1:8: title: * begins an alias in YAML; write title: "**bold** news"'],
    ),
    "an anchor on a list": (
        entry_text(categories="&all\n  - covid"),
        ["3:13: categories: & has no meaning before a list or group; delete its word"],
    ),
    "an alias in a list": (
        entry_text(categories="\n  - *all"),
        ['4:5: categories: * begins an alias in YAML; write - "*all"'],
    ),
    "a tag on a group": (
        entry_text(image="!picture {src: icon.png, alt: A}"),
        ["8:8: image: ! has no meaning before a list or group; delete its word"],
    ),
    "an at sign in a list": (entry_text(categories="\n  - @all"), ['4:5: @ is reserved in YAML; write - "@all"']),
    "an ampersand on its own line": (
        entry_text(title="\n  &x Text"),
        ["2:3: title: & begins an anchor in YAML; delete it, or put text that begins with & in quotes"],
    ),
    "a title that begins with a bracket": (
        entry_text(title="[COVID] update"),
        ['1:8: title: [ begins a list in YAML; write title: "[COVID] update"'],
    ),
    "a title that begins with a brace": (
        entry_text(title="{new} rules"),
        ['1:8: title: { begins a group of fields in YAML; write title: "{new} rules"'],
    ),
    "a title that begins with a dash": (
        entry_text(title="- news"),
        ['1:8: title: - begins a list in YAML; write title: "- news"'],
    ),
    "a title that begins with a greater-than sign": (
        entry_text(summary="> 50 members"),
        ['4:10: summary: > begins a block of text on the next line in YAML; write summary: "> 50 members"'],
    ),
    "a title that ends a list": (
        entry_text(title="] news"),
        ['1:8: title: ] ends a list in YAML; write title: "] news"'],
    ),
    "a title that begins with a question mark": (
        entry_text(title="? news"),
        ['1:8: title: ? begins a field\'s name in YAML; write title: "? news"'],
    ),
    "a title that begins with a comma": (
        entry_text(title=", news"),
        ['1:8: title: , separates items of a list in YAML; write title: ", news"'],
    ),
    "a control character as an escape": (
        entry_text(title='"a\\x0bb"'),
        ["1:8: title: the control character U+000B cannot be published; delete its escape"],
    ),
    "a control character": (
        entry_text(title="a\x08b", summary="a\x08b\x7f"),
        [
            "1:9: the control character U+0008 cannot be published (it stands in 2 places); delete it",
            "4:13: the control character U+007F cannot be published; delete it",
        ],
    ),
    "a next line": (
        entry_text(title="a\x85b"),
        ["1:9: the control character U+0085 cannot be published; delete it"],
    ),
    "page breaks of a PDF": (
        entry_text(body="|\n  One.\x0cTwo.\x0c"),
        ["6:7: the page break of a PDF (U+000C) cannot be published (it stands in 2 places); delete it"],
    ),
    "two files in one": (
        entry_text() + "\ufeff" + entry_text(),
        ["8:1: a byte order mark inside the text (U+FEFF) cannot be published; delete it"],
    ),
    "a carriage return as an escape": (
        entry_text(title='"a\\rb"'),
        ["1:8: title: the control character U+000D cannot be published; delete its escape"],
    ),
    "Latin-1": (
        entry_text(title="café").encode("latin-1"),
        ["1:11: the file is not saved as UTF-8 (byte 0xe9); save it with the encoding UTF-8"],
    ),
    "UTF-16": (
        entry_text().encode("utf-16"),
        [
            "1:1: the file is saved as UTF-16, as Notepad and Excel do under the name Unicode; save it as plain text with the encoding UTF-8"
        ],
    ),
    "UTF-16 of another order": (
        b"\xfe\xff" + entry_text().encode("utf-16-be"),
        [
            "1:1: the file is saved as UTF-16, as Notepad and Excel do under the name Unicode; save it as plain text with the encoding UTF-8"
        ],
    ),
    "UTF-16 without a mark": (
        entry_text().encode("utf-16-le"),
        [
            "1:1: the file is saved as UTF-16, as Notepad and PowerShell do under the name Unicode; save it as plain text with the encoding UTF-8"
        ],
    ),
    "rich text": (
        "{\\rtf1\\ansi\\ansicpg1252\\cocoartf2639\n\\f0\\fs24 title: Masks are back\\ \n}",
        [
            "1:1: the file is rich text (RTF), as TextEdit and WordPad save it; make plain text of it, and save it as plain text with the encoding UTF-8"
        ],
    ),
    "a Word document": (
        b"PK\x03\x04\x14\0\x06\0",
        [
            "1:1: the file is a document of Word, Pages or another office program; copy its text into a file that is saved as plain text with the encoding UTF-8"
        ],
    ),
    "a document of an old Word": (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
        [
            "1:1: the file is a document of an old Word; copy its text into a file that is saved as plain text with the encoding UTF-8"
        ],
    ),
    "a PDF": (
        b"%PDF-1.7\n",
        ["1:1: the file is a PDF; copy its text into a file that is saved as plain text with the encoding UTF-8"],
    ),
    "a web archive": (
        b"bplist00\xd1\x01",
        [
            "1:1: the file is a web archive or a setting of a Mac; copy its text into a file that is saved as plain text with the encoding UTF-8"
        ],
    ),
    "a page of the web": (
        "<!DOCTYPE html>\n<html><body>Masks</body></html>\n",
        ["1:1: the file is a page of the web (HTML); write fields such as title: Masks are back"],
    ),
    "two versions in one file": (
        "title: Masks\n<<<<<<< HEAD\npublished: 2026-03-08\n=======\npublished: 2026-03-09\n>>>>>>> main\n",
        [
            "2:1: version control could not join two versions of this file, and left both of them in it; keep the lines of one version, and delete the other's and the lines with <<<<<<<, ======= and >>>>>>>"
        ],
    ),
    "signs of a conflict in the text": (entry_text(body="|\n  One <<<<<<< two.\n\n  >>>>>>> three.\n"), []),
    "no-break spaces before the text": (
        entry_text(body="|\n\u00a0\u00a0One.\n\u00a0 Two.\n"),
        [
            "6:1: no-break spaces, as web pages and Word have them, stand before this line (and before 1 more); write plain spaces in their place"
        ],
    ),
    "a no-break space before a list's item": (
        entry_text(attachments="\n\u00a0 - file: flyer.pdf\n    title: A"),
        [
            "9:1: no-break spaces, as web pages and Word have them, stand before this line; write plain spaces in their place"
        ],
    ),
    "a no-break space behind the colon": (
        "title:\u00a0Masks\n" + entry_text(title=None),
        ["1:1: a no-break space stands behind the colon; write title: Masks"],
    ),
    "a full-width colon": (
        "title\uff1a Masks\n" + entry_text(title=None),
        ["1:1: a full-width colon stands behind the name; write title: Masks"],
    ),
    "text that is not indented": (
        entry_text(body="|\n  One.\nTwo: three\nFour: five"),
        ["7:1: body: this line is not indented, so it does not belong to the text above; indent it by two spaces"],
    ),
    "text without any indentation": (
        entry_text(body="|\nOne.\nTwo."),
        ["6:1: body: this line is not indented, so it does not belong to the text above; indent it by two spaces"],
    ),
    "a list that is not indented": (
        entry_text(body="|\n  One.\n- badge\n- mask"),
        ["7:1: body: this line is not indented, so it does not belong to the text above; indent it by two spaces"],
    ),
    "a heading that is not indented": (
        entry_text(body="|\n  One.\n# Two\n  Three."),
        ["7:1: body: this line is not indented, so it does not belong to the text above; indent it by two spaces"],
    ),
    "a link that is not indented": (
        entry_text(body="|\n  One.\n[Two](a) three: x"),
        ["7:1: body: this line is not indented, so it does not belong to the text above; indent it by two spaces"],
    ),
    "bold words that are not indented": (
        entry_text(body="|\n  One.\n**Two** three.", author="A"),
        ["7:1: body: this line is not indented, so it does not belong to the text above; indent it by two spaces"],
    ),
    "text below the fields, as other programs have it": (
        "---\n" + entry_text(body=None) + "---\nThe text.\n",
        [
            "6:1: the line --- begins a second document; write body: | in its place, and indent the text below it by two spaces"
        ],
    ),
    "a list behind the colon of the body": (
        entry_text(body="- a\n- b"),
        [
            "5:7: body: - begins a list in YAML; write body: | and the text on the lines below it, indented by two spaces"
        ],
    ),
    "text behind the bar": (
        entry_text(body="| One.\n  Two."),
        [
            "5:7: body: | begins a block of text on the next line in YAML; write body: | and the text on the lines below it, indented by two spaces"
        ],
    ),
    "a colon in a body without a sign": (
        entry_text(body="\n  Bring these:\n  - badge"),
        [
            "6:3: body: a group of fields where text is expected; write body: | and the text on the lines below it, indented by two spaces"
        ],
    ),
    "Latin-1 further down": (
        entry_text(summary="naïve").encode("cp1252"),
        ["4:12: the file is not saved as UTF-8 (byte 0xef); save it with the encoding UTF-8"],
    ),
    "a merge key": (
        entry_text() + "<<: {a: b}\n",
        ["8:1: <<: << would merge other fields in; write the fields themselves"],
    ),
    "a second document": (
        "---\n" + entry_text() + "---\nText\n",
        [
            "9:1: the line --- begins a second document; delete it; in an update, text goes below body: | and is indented by two spaces"
        ],
    ),
    "deep nesting": (
        entry_text(title="[" * 20),
        ["1:23: title: the value is nested more than 16 levels deep; put quotes round text that begins with [ or {"],
    ),
    "a list as a field name": (
        "[a]: b\n" + entry_text(),
        [
            "1:1: a list or group stands where a field's name is expected; write name: value, and put quotes round text with [ or {"
        ],
    ),
    "a quote left open": (
        entry_text(title='"Masks are back'),
        ['1:8: title: the text begins with " and never ends; write title: "Masks are back"'],
    ),
    "an apostrophe in single quotes": (
        entry_text(title="'Don't come'"),
        ["1:8: title: the quoted text ends before the line does, at the second '; write title: \"Don't come\""],
    ),
    "an apostrophe after a quote": (
        entry_text(title="'Don't come"),
        ["1:8: title: the quoted text ends before the line does, at the second '; write title: \"Don't come\""],
    ),
    "quotes in quotes": (
        entry_text(title='"He said "no" again"'),
        ['1:8: title: the quoted text ends before the line does, at the second "; write title: \'He said "no" again\''],
    ),
    "text after a quote": (
        entry_text(title='"Masks" are back'),
        ['1:8: title: the quoted text ends before the line does, at the second "; write title: \'"Masks" are back\''],
    ),
    "a quote that swallows fields": (
        entry_text(title='"Masks are back', summary='"Soon"'),
        ['1:8: title: the text begins with " and does not end on its line; write title: "Masks are back"'],
    ),
    "a quote left open at the end": (
        entry_text(body='"Text'),
        ['5:7: body: the text begins with " and never ends; write body: "Text"'],
    ),
    "a quote left open in a list": (
        entry_text(categories='\n  - "covid'),
        ['4:5: the text begins with " and never ends; end the text with "'],
    ),
    "quoted items that go on": (
        entry_text(categories='\n  - "covid" rules'),
        ['4:5: the quoted text ends before the line does, at the second "; write - \'"covid" rules\''],
    ),
    "an unknown escape": (
        entry_text(title='"C:\\q"'),
        [
            "1:11: title: in double quotes a backslash begins an escape, and this one is unknown; write the text in single quotes, or two backslashes for one"
        ],
    ),
    "an unknown escape in a list": (
        entry_text(categories='["\\q"]'),
        [
            "3:15: categories: in double quotes a backslash begins an escape, and this one is unknown; write the text in single quotes, or two backslashes for one"
        ],
    ),
    "a list left open": (
        entry_text(categories="[covid"),
        ["3:13: categories: the list has no closing ]; end it with ]"],
    ),
    "a group left open": (
        entry_text(image="{src: icon.png"),
        ["8:8: image: the group of fields has no closing }; end it with }"],
    ),
    "a stray line": (
        entry_text() + "stray\n",
        ["8:1: body: this line is not indented, so it does not belong to the text above; indent it by two spaces"],
    ),
    "a stray line above the text": (
        "title: Masks\nstray\n" + entry_text(title=None),
        [
            "2:1: the line 'stray' belongs to no field; write name: value, or indent it by two spaces when it continues the text above"
        ],
    ),
    "a stray indented line": (
        entry_text() + " stray\n",
        [
            "8:2: the indentation of this line fits no line above it; begin a field in the first column; indent text below body: | by two spaces"
        ],
    ),
    "an indented first line": (
        "  " + entry_text(),
        [
            "2:1: the indentation of this line fits no line above it; begin a field in the first column; indent text below body: | by two spaces"
        ],
    ),
    "an item that does not line up": (
        entry_text(attachments="\n  - file: flyer.pdf\n  title: A"),
        [
            "10:3: this line is neither an item of the list above nor a field of its last item; begin an item with - and line its other fields up with the first one's name"
        ],
    ),
    "a list at the top": (
        "- title\n",
        ["1:1: the file holds a list where fields are expected; write fields such as title: Masks are back"],
    ),
    "text at the top": (
        "Masks are back\n",
        ["1:1: the file holds text where fields are expected; write fields such as title: Masks are back"],
    ),
    "nothing but a comment": ("# nothing\n", ["1:1: the file is empty; write fields such as title: Masks are back"]),
    "nothing": ("", ["1:1: the file is empty; write fields such as title: Masks are back"]),
    "no field name": (
        ": b\n",
        [
            "1:1: this is not valid YAML (did not find expected key); write name: value on one line, and put quotes round text with special signs"
        ],
    ),
    "a bad directive": (
        "%YAML x\n---\na: b\n",
        [
            "1:7: this is not valid YAML (did not find expected version number); write name: value on one line, and put quotes round text with special signs"
        ],
    ),
}


@pytest.mark.parametrize("name", MISTAKES)
def test_mistake_is_named_where_it_stands(name: str, tmp_path: Path) -> None:
    """All problems of the file, each with line, column, field, what is wrong and what to write instead."""
    text, expected = MISTAKES[name]
    assert messages(text, make_root(tmp_path)) == expected
