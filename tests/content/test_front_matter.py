"""An update in a ``.md`` file is the same update, and its mistakes are named in the same words, on their own lines."""

# ruff: noqa: E501  # a message is compared as a whole

import re
from pathlib import Path
from time import process_time

import pytest

from feedsvc import Reader, Settings, load_content
from feedsvc.content.amend import Amendment, amend
from feedsvc.content.entry import load_entry
from feedsvc.content.files import Files
from feedsvc.content.folder import list_sources
from feedsvc.content.front_matter import split
from feedsvc.content.source import Source
from tests.content import test_value_mistakes, test_yaml_mistakes
from tests.content.samples import NAME, SITE, entry_text, load, make_root, messages
from tests.content.test_amend import NOON
from tests.harness.folder import publish_folder, write_folder

MARKDOWN = NAME.replace(".yaml", ".md")
BODY = re.compile(r"^body: \|\n((?:(?:  .*)?\n)+)", re.MULTILINE)
FIELDS = "title: Masks are back\npublished: 2026-03-01 09:00\ncategories: [covid]\nsummary: From Monday.\n"
AT_THE_LEFT_EDGE = re.compile(r":\d+: body:|body: \||is not indented|belongs? to no field|indentation of this")


def in_markdown(text: str) -> tuple[str, dict[int, int]] | None:
    """The file with its text below its fields, and where each line went; None of one whose text is no plain block."""
    found = BODY.search(text)
    if found is None or BODY.search(text, found.end()):
        return None
    before, block = text[: found.start()].count("\n"), found[1].removesuffix("\n").split("\n")
    after = text[found.end() :].splitlines()
    fields = text[: found.start()] + text[found.end() :]
    if not fields.endswith("\n"):
        return None
    lines = {number: number + 1 for number in range(1, before + 1)}
    first = before + 2 + len(block)
    lines |= {number: number - len(block) for number in range(first, first + len(after) + 1)}
    lines |= {before + 2 + number: before + len(after) + 3 + number for number in range(len(block))}
    return f"---\n{fields}---\n" + "".join(f"{line[2:]}\n" for line in block), lines


def converted() -> dict[str, tuple[str, list[str]]]:
    """The tables of mistakes in YAML files, as far as they are not about the form of such a file."""
    rows = {}
    for name, (text, expected) in (test_value_mistakes.MISTAKES | test_yaml_mistakes.MISTAKES).items():
        changed = in_markdown(text) if isinstance(text, str) else None
        if name == "signs of a conflict in the text":  # which stand at the left edge here
            continue
        if changed is None or any(map(AT_THE_LEFT_EDGE.search, expected)):
            continue
        rows[name] = changed[0], sorted(moved(message, changed[1]) for message in expected)
    return rows


def moved(message: str, lines: dict[int, int]) -> str:
    """What is said of the same thing below its fields; the first field stands on the second line."""
    line, column, rest = message.split(":", 2)
    is_text = lines[int(line)] > lines[max(lines)] and int(line) < max(lines)  # which stands two columns further left
    rest = re.sub(r"first on line (\d+)", lambda found: f"first on line {lines[int(found[1])]}", rest)
    return f"{lines[int(line)]}:{int(column) - 2 * is_text}:{rest}"


ROWS = converted()


def test_most_mistakes_can_be_made_in_both_forms() -> None:
    assert len(ROWS) > 100


@pytest.mark.parametrize("name", ROWS)
def test_a_mistake_is_named_on_its_own_line_in_the_same_words(name: str, tmp_path: Path) -> None:
    text, expected = ROWS[name]
    assert messages(text, make_root(tmp_path), MARKDOWN) == expected


@pytest.mark.parametrize(
    "text",
    [
        f"---\n{FIELDS}---\nOne.\n\nTwo.\n",
        f"---\n{FIELDS}---\n\nOne.\n\nTwo.\n\n\n",
        f"\ufeff---\n{FIELDS}---\nOne.\n\nTwo.".replace("\n", "\r\n"),
        f"---\n{FIELDS}---\nOne.\n\nTwo.".replace("\n", "\r"),
        f"\n \n--- \n{FIELDS}---\t\nOne.\n\nTwo.",
        f"\u2014-\n{FIELDS}\u2013-\nOne.\n\nTwo.",  # the keyboards of telephones
        f"-----\n{FIELDS}# a note\n\n-----\nOne.\n\nTwo.",
        f"---\n{FIELDS}body: |\n  One.\n\n  Two.\n---\n\n",
    ],
)
def test_the_text_is_what_stands_below_the_fields(text: str, tmp_path: Path) -> None:
    entry = load(text, make_root(tmp_path), MARKDOWN).entry
    assert entry.content_html == "<p>One.</p>\n<p>Two.</p>\n"
    assert entry.title == "Masks are back"


def test_it_is_the_same_update_as_in_yaml(tmp_path: Path) -> None:
    root = make_root(tmp_path)
    text, _ = in_markdown(entry_text()) or ("", {})
    entry, other = load(text, root, MARKDOWN).entry, load(entry_text(), root).entry
    assert [entry.id, entry.slug, entry.content_html] == [other.id, other.slug, other.content_html]


def test_lines_of_dashes_and_of_what_looks_like_fields_belong_to_the_text(tmp_path: Path) -> None:
    text = f"---\n{FIELDS}---\nOne:\uff1a two\n\n---\n\n  title: x\n\n    code\n\nHead\n---\n\u00a0Last."
    html = load(text, make_root(tmp_path), MARKDOWN).entry.content_html
    assert html.count("<hr>") == 1
    assert "<h2>Head</h2>" in html.replace("h3", "h2")
    assert "<code>code" in html
    assert "title: x" in html


def test_a_long_line_of_dashes_is_read_as_soon_as_any_other() -> None:
    began = process_time()
    assert split("---\n" + "\u2014" * 20_000 + "x\n") is None
    assert process_time() - began < 0.5


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", "1:1: the file is empty; write a line ---, fields such as title: Masks are back, a line --- and the text"),
        (
            f"\n{FIELDS}---\nOne.",
            "2:1: the file does not begin with a line ---; write --- on a line of its own above the fields, and another one",
        ),
        (
            f"---\n{FIELDS}\nOne.\n",
            "7:1: no second line --- ends the fields; write --- on a line of its own between fields and text",
        ),
        (
            f"---\n{FIELDS}",
            "6:1: no second line --- ends the fields; write --- on a line of its own between fields and text",
        ),
        (f"---\n{FIELDS}---\n \n", "6:1: body: the value is empty; write it below the second line ---"),
        (
            f"---\n{FIELDS}body: One.\n---\nTwo.",
            "6:1: body: the text stands below the second line ---; put its text below that line, and delete the field",
        ),
        (f"---\n{FIELDS}---\n<<<<<<< HEAD\nOne.", "7:1: version control could not join two versions of this file, and"),
        (f"---\n{FIELDS}---\nOne.\n\n[a](nowhere.pdf)", "9:1: body: the link 'nowhere.pdf' leads to no page of this"),
        (f"---\n{FIELDS}---\n\nOne <!-- two", "8:5: body: a comment begins here and never ends; write --> where it"),
        (f"---\n{FIELDS}---\nOne.\x0cTwo.", "7:5: the page break of a PDF (U+000C) cannot be published; delete it"),
        (
            f"---\n{FIELDS}  stray: x\n---\nOne.",
            "6:3: this line continues the text above, and its colon begins a new field; begin a field in the same column as the one above; put a longer text with colons in quotes",
        ),
        (
            f"---\n{FIELDS}author: [A]\n stray\n---\nOne.",
            "7:2: the indentation of this line fits no line above it; begin a field in the first column; put the text below the second line ---",
        ),
        (f"---\n---\n{FIELDS}", "1:1: the file is empty; write fields such as title: Masks are back"),
    ],
)
def test_what_such_a_file_lacks_is_named_where_it_is_missing(text: str, expected: str, tmp_path: Path) -> None:
    (message,) = messages(text, make_root(tmp_path), MARKDOWN)
    assert message.startswith(expected)


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_a_correction_is_written_among_the_fields(end: str, tmp_path: Path) -> None:
    root = make_root(tmp_path)
    text = "published: 2020-01-01\n\nchanges:\n  - one\n"
    before = f"\ufeff---\n{FIELDS}---\n{text}".replace("\n", end).encode()
    (root.parent / MARKDOWN).write_bytes(before)
    loaded = load_entry(Source(MARKDOWN, before), SITE, Files(root))
    amended = amend(root, SITE, loaded, Amendment(text="Room 4.", instant=NOON))
    after = (root.parent / MARKDOWN).read_bytes().decode()
    lines = '09:00\nchanges:\n  - date: 2026-03-05 12:00\n    note: "Room 4."\ncategories'.replace("\n", end)
    assert lines in after
    assert after.endswith(text.replace("\n", end))
    assert [change.note for change in amended.entry.changes] == ["Room 4."]


def test_of_two_forms_of_one_update_the_published_one_stays_and_both_are_named(tmp_path: Path) -> None:
    root, publication = write_folder(tmp_path / "content", 1), tmp_path / "publication.db"
    publish_folder(root, publication)
    (yaml,) = (root / "updates").iterdir()
    text, _ = in_markdown(yaml.read_text()) or ("", {})
    yaml.with_suffix(".md").write_text(text.replace("Update number 1", "The other form"))
    publish_folder(root, publication)
    with Reader(publication) as published:
        _, page = published.read("/updates/update-1/")
        held_back = [problem for problem, _ in published.held_back()]
    assert page is not None
    assert b"Update number 1" in page.variants.identity
    assert [problem.file for problem in held_back] == ["content/updates/2026-02-01-update-1.md"] * 2
    assert all("belongs to content/updates/2026-02-01-update-1.yaml" in problem.message for problem in held_back)
    said = "\n".join(map(str, load_content(root, Settings(publication=publication)).problems))
    assert said.count("2026-02-01-update-1.md") == said.count("2026-02-01-update-1.yaml") == 2


def test_a_note_that_people_leave_for_each_other_is_no_update(tmp_path: Path) -> None:
    root = write_folder(tmp_path / "content")
    for name in ("README.md", "readme.es.md", "LICENSE.md", "2026-03-01-masks.MD", ".x.md", "#x.md"):
        (root / "updates" / name).write_text("Hello")
    assert [*list_sources(root)] == ["content/updates/2026-03-01-masks.MD"]
