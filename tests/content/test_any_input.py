"""Whatever a file holds, loading ends with an entry or with problems; never with a traceback or a crash."""

import json
import unicodedata
from dataclasses import asdict
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from feedsvc.content.entry import load_entry
from feedsvc.content.files import Files
from feedsvc.content.source import Source
from feedsvc.content.value_errors import in_quotes
from feedsvc.errors import SHOWN_AT_MOST, ContentError, Problem
from tests.content.samples import ENTRY_FIELDS, NAME, SITE, entry_text, make_root

MESSAGE_LIMIT = 1400  # characters of a message, whatever is wrong with how much text
MANY = settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
YAML_SIGNS = st.text(alphabet="abx: -#\n\t\"'[]{},&*!|>%@`?\\~<.=0é\ufeff\x85\u2028", max_size=80)
FIELDS = (*ENTRY_FIELDS, "id", "slug", "updated", "change_note", "author", "lang", "link", "image", "attachments",
          "related", "draft", "deadline", "event", "start", "end", "place", "url", "changes", "date",
          "note", "withdrawn", "reason", "replaces", "urgent_until", "src", "<<")  # fmt: skip


def take(data: bytes, name: str = NAME) -> tuple[Problem, ...]:
    """What is wrong with it, which must be well told; nothing for an entry."""
    try:
        load_entry(Source(name, data), SITE, Files(Path("/nowhere")))
    except ContentError as error:
        problems = error.problems
    else:
        return ()
    lines = data.decode("utf-8", "replace").count("\n") + data.count(b"\r") + 1
    assert problems
    for problem in problems:
        assert problem.message
        assert problem.fix
        assert 1 <= problem.line <= lines + 1
        assert problem.column >= 1
        assert not problem.excerpt or 1 <= problem.caret <= len(problem.excerpt) + 2
        assert len(str(problem)) <= MESSAGE_LIMIT
        assert len(problem.shown()) <= 2 * MESSAGE_LIMIT
        assert len(json.dumps(asdict(problem), ensure_ascii=False)) <= 2 * MESSAGE_LIMIT
    return problems


@MANY
@given(st.binary())
def test_any_octets(data: bytes) -> None:
    take(data)


@MANY
@given(YAML_SIGNS)
def test_any_yaml_signs(text: str) -> None:
    take(text.encode())


@MANY
@given(st.sampled_from(FIELDS), YAML_SIGNS | st.text())
def test_any_text_as_a_field(field: str, text: str) -> None:
    take(entry_text(**{field: text}).encode("utf-8", "surrogatepass"))


@MANY
@given(st.sampled_from(FIELDS), st.text())
def test_any_quoted_text_as_a_field(field: str, text: str) -> None:
    take(entry_text(**{field: in_quotes(text)}).encode("utf-8", "surrogatepass"))


@MANY
@given(st.integers(0, 150), st.binary(max_size=6), st.integers(0, 40))
def test_any_damage_to_a_good_file(start: int, data: bytes, lost: int) -> None:
    good = entry_text(attachments="\n  - file: flyer.pdf\n    title: Flyer").encode()
    take(good[:start] + data + good[start + lost :])


@MANY
@given(st.text(alphabet=st.characters(exclude_categories=("C", "Z", "M")), min_size=1, max_size=100))
def test_quoted_title_comes_through_unchanged(text: str) -> None:
    """What the messages tell authors to paste means what they wrote."""
    source = Source(NAME, entry_text(title=in_quotes(text)).encode())
    title = load_entry(source, SITE, Files(Path("/nowhere"))).entry.title
    assert title == unicodedata.normalize("NFC", text)


@pytest.mark.parametrize(
    "text",
    [
        "[" * 100_000,
        "{a: " * 100_000,
        "- " * 100_000,
        "? " * 100_000,
        "a: " + "[" * 900_000,
        "".join("  " * level + "a:\n" for level in range(700)),
        "a: &a [x]\n" + "".join(f"b{level}: &b{level} [*a, *a]\n" for level in range(20_000)),
        "a: &a {x: y}\n<<: [*a, *a, *a]\n",
        "&" * 100_000,
        "!" * 100_000,
        "%" * 100_000,
        '"' * 100_001,
        "'" * 100_001,
        "a: " + "\\" * 100_000,
        "\n" * 1_000_000,
        "a\n" * 400_000,
        ":" * 100_000,
        ": " * 100_000,
        "#" * 1_000_000,
        "a: " + " #" * 400_000,
        "\t" * 100_000,
        "x" * 1_000_000,
        "x" * 500_000 + ": " + "y" * 500_000,
        "title: " + "- " * 100_000 + ": x",
        "a: b c\n" * 100_000,
    ],
    ids=lambda text: repr(text[:12]),
)
def test_hostile_yaml_ends_soon(text: str) -> None:
    take(text.encode())


def test_every_field_at_once_can_be_wrong(tmp_path: Path) -> None:
    """The file of an author who tries everything gets one problem for each line."""
    text = "".join(f"{name}: [a, {{b: c}}]\n" for name in FIELDS if name not in ("<<", "src"))
    with pytest.raises(ContentError) as caught:
        load_entry(Source(NAME, text.encode()), SITE, Files(make_root(tmp_path)))
    assert len({problem.line for problem in caught.value.problems}) == len(FIELDS) - 2


BEGINNINGS = (
    "",
    "data:image/png;base64,",
    "[a](data:,",
    "![](data:x/",
    "![a](//",
    "https://[",
    "> ",
    "|\n  ![](",
    "- ",
    "[",
)
REPEATED = ("x", "/", "x, ", "\u202e", "é\t", "'", "[a](b c) ", "![](x.png)\n  ", "\\", "<", "a: b ", "# ", "💥")


@settings(max_examples=100)
@given(st.sampled_from(FIELDS), st.sampled_from(BEGINNINGS), st.sampled_from(REPEATED), st.sampled_from([0, "'", '"']))
def test_a_message_is_short_however_long_the_text_is(field: str, beginning: str, repeated: str, quote: str) -> None:
    value = f"{quote or ''}{beginning}{repeated * (150_000 // len(repeated))}{quote or ''}"
    problems = take(entry_text(**{field: value}).encode())
    assert len(problems) <= SHOWN_AT_MOST + 1
    take(f"{value}: x\n".encode())


def test_a_file_of_nothing_but_mistakes_is_told_up_to_a_number() -> None:
    text = entry_text() + "".join(f"a{number}: x\n" for number in range(3_000))
    problems = take(text.encode())
    assert len(problems) == SHOWN_AT_MOST + 1
    assert problems[-1].message == "more things are wrong from here on"
    assert ContentError(problems).problems == problems


@pytest.mark.parametrize("text", ["![](x.png)\n  ", "[a](ftp://b) ", "![x](y.png) "])
def test_a_text_of_nothing_but_bad_links_is_told_up_to_a_number(text: str) -> None:
    problems = take(entry_text(body=f"|\n  {text * (40_000 // len(text))}").encode())
    assert len(problems) == SHOWN_AT_MOST + 1
