"""Whatever is typed, no word that readers should see is lost, and what a message tells to write is accepted."""

import html
import re
from pathlib import Path

import lxml.html
from hypothesis import given, settings
from hypothesis import strategies as st

from feedsvc.content.comments import prepare
from feedsvc.content.files import Files
from feedsvc.content.markup import render
from feedsvc.errors import Note
from tests.content.samples import entry_text, load, problems

NOWHERE = Path("/nowhere")
MANY = settings(max_examples=60)
# every word is its own, so that none can hide behind another
SIGNS = st.sampled_from(
    (
        *(
            " ",
            "\n",
            "\n\n",
            "  \n",
            "\n\n    ",
            "\n- ",
            "\n1. ",
            "\n> ",
            "\n# ",
            "\n\n## ",
            "**",
            "*",
            "~~",
            "~",
            "`",
            "_",
        ),
        *("\n```\n", "\n~~~\n", "<br>", "<BR/>", "<u>", "</u>", "<!", "-->", "[", "]", "(", ")", "![", "](", "[^a]"),
        *("\n\n[^a]: ", "|", "\n|", "|---|", "\n|---|\n", "- [ ] ", "- [x] ", "<", ">", "&", "&amp;", "\\", ": ", "\t"),
        *("%%", "—", "\x0b"),
    )
)
WORD = st.integers(0, 10_000).map(lambda number: f"w{number}w")
TEXT = st.lists(st.one_of(WORD, SIGNS), min_size=1, max_size=40).map("".join)
MARKED = ("<b>{0}</b> {1}", "**{0}** {1}", "{0} &amp; {1}", "{0} <5{1}", "[{0}](a) {1}", "`{0}` {1}")
PLAIN = st.text(alphabet="abcdefgh ", min_size=1, max_size=12).map(str.strip).filter(bool)


def words(text: str) -> list[str]:
    return re.findall(r"w[0-9]+w", text)


@MANY
@given(TEXT)
def test_every_word_of_a_text_is_shown_unless_something_is_named(text: str) -> None:
    """A link's address, its definition and what stands behind a fence, of which a note speaks, are no such words."""
    rendered = render(text, "https://news.example.org/", Files(NOWHERE), "https://news.example.org/updates/a/")
    if rendered.findings:
        return
    tree = lxml.html.fromstring(f"<div>{rendered.content_html}</div>")
    links = [value for element in tree.iter() for value in element.attrib.values()]
    shown = " ".join(["".join(map(str, tree.itertext())), *map(str, links)])
    defined = " ".join(re.findall(r"^[ >]*\[[^\]]+\]:.*(?:\n.*)?", text, re.MULTILINE))
    images = " ".join(re.findall(r"\]\([^)]*", text))
    fences = " ".join(re.findall(r"(?:~{3,}|`{3,})(.*)", text))
    assert set(words(text)) <= set(words(f"{shown} {defined} {images} {fences}"))


@MANY
@given(TEXT, TEXT, TEXT)
def test_a_comment_is_never_published_and_takes_nothing_along(before: str, secret: str, after: str) -> None:
    secret = secret.replace("-->", "").replace("w", "s")
    before, after = (part.replace("`", "").replace("~", "").replace("<!", "") for part in (before, after))
    prepared = prepare(f"{before}<!--{secret}-->{after}")
    assert not re.search(r"s[0-9]+s", prepared.text)
    assert words(prepared.text) == words(before + after)


@MANY
@given(TEXT)
def test_places_in_a_prepared_text_are_those_of_what_was_written(text: str) -> None:
    text = text.replace("<!", "<!-- x\ny -->").replace("-->-->", "-->")
    prepared = prepare(text)
    lines, written = prepared.text.split("\n"), text.replace("\x0b", "\u2028").split("\n")
    for number, line in enumerate(lines, 1):
        for found in re.finditer(r"w[0-9]+w", line):
            at_line, at_column = prepared.place(number, found.start() + 1)
            assert written[at_line - 1][at_column - 1 :].startswith(found[0])


@MANY
@given(PLAIN, PLAIN, st.sampled_from(["spaced", "apart", "swapped", "host", "phone", "stars", "tildes", "bullets"]))
def test_what_a_note_tells_to_write_is_accepted(first: str, second: str, kind: str) -> None:
    """The words of the note, put where the slip stands, leave nothing to note."""
    name = first.replace(" ", "-")
    slips = {
        "spaced": f"[{second}](https://example.org/{first} x)",
        "apart": f"[{second}] (https://example.org/{name})",
        "swapped": f"({second})[https://example.org/{name}]",
        "host": f"{name}.example",
        "phone": "909-555-0123",
        "stars": f"** {second} **",
        "tildes": f"~~ {second} ~~",
        "bullets": f"• {second}",
    }
    slip = slips[kind]
    body = f"One [two]({slip}) three." if kind in ("host", "phone") else f"{slip}\n"
    (note,) = notes(body)
    told = re.sub(r"^write |, without spaces inside$", "", note.fix)
    mended = body.replace(slip, told)
    assert mended != body
    assert notes(mended) == []


@MANY
@given(
    PLAIN,
    PLAIN,
    st.sampled_from(["<b>{0}</b> {1}", "**{0}** {1}", "{0} &amp; {1}", "{0} <5{1}", "[{0}](a) {1}", "`{0}` {1}"]),
)
def test_what_a_note_tells_to_write_in_a_field_is_accepted(first: str, second: str, pattern: str) -> None:
    text = entry_text(summary=f'"{pattern.format(first, second)} and more"')
    (note,) = load(text, NOWHERE).notes
    mended = text.replace(note.excerpt, note.fix.removeprefix("write "))
    entry = load(mended, NOWHERE)
    assert entry.notes == ()
    assert html.unescape(entry.entry.summary).split()[-1] == "more"


@MANY
@given(st.sampled_from(["title", "published", "summary", "lang", "draft", "categories"]), st.text(max_size=20), PLAIN)
def test_the_first_line_that_a_problem_tells_to_write_is_accepted_or_another_one_is_named(
    field: str, noise: str, word: str
) -> None:
    """Advice that is followed does not lead in a circle: the same problem never stands there again."""
    text = entry_text(**{field: f"{word}{noise}"})
    first = next(iter(problems(text, NOWHERE)), None)
    told = re.match(rf"write ({field}: .*)", first.fix) if first else None
    if first and told and first.excerpt in text:
        again = problems(text.replace(first.excerpt, told[1], 1), NOWHERE)
        assert (first.line, first.message) not in [(one.line, one.message) for one in again]


def notes(body: str) -> list[Note]:
    indented = "".join(f"  {line}\n" for line in body.split("\n"))
    return list(load(entry_text(body="|\n" + indented), NOWHERE).notes)
