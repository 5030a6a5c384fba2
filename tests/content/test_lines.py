"""A body means the lines that its author typed, whatever sign stands behind its name."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.content.samples import entry_text, load, make_root, messages

LIST = "\n  Bring these:\n  - badge\n  - mask\n\n  The deadline\n  is Friday."
HTML = "<p>Bring these:</p>\n<ul>\n<li>badge</li>\n<li>mask</li>\n</ul>\n<p>The deadline is Friday.</p>\n"


@pytest.mark.parametrize("sign", ["|", ">", ">-", ">+", "|-", "|+", "> # a comment", ">2", ">-2"])
def test_lines_below_any_sign_are_the_authors(sign: str, tmp_path: Path) -> None:
    for end in ("", "\n\n# a comment\nauthor: A"):
        text = entry_text(body=sign + LIST + end)
        assert load(text, make_root(tmp_path / sign[0] / str(len(end)))).entry.content_html == HTML
        assert load(text.replace("\n", "\r\n"), tmp_path / "content").entry.content_html == HTML


def test_list_behind_the_colon_stays_a_list(tmp_path: Path) -> None:
    body = "Bring these things\n  to the hall.\n\n  - badge\n  - mask\n    - spare"
    html = load(entry_text(body=body), make_root(tmp_path)).entry.content_html
    assert html == (
        "<p>Bring these things to the hall.</p>\n<ul>\n<li>badge</li>\n<li>mask\n"
        "<ul>\n<li>spare</li>\n</ul>\n</li>\n</ul>\n"
    )


def test_only_the_body_keeps_its_lines(tmp_path: Path) -> None:
    entry = load(entry_text(summary=">\n  One.\n\n  Two.", body=">\n  A\n\n  B"), make_root(tmp_path)).entry
    assert entry.summary == "One. Two."


@pytest.mark.parametrize(
    ("body", "place"),
    [
        (">\n  One.\n\n  [a](ftp://a)\n", "8:3"),
        (">-\n\n  One [a](ftp://a)\n", "7:7"),
        ("One [a](ftp://a)", "5:11"),
        ("One\n  two\n\n  three [a](ftp://a)", "8:9"),
        ("\n  One\n    - two [a](ftp://a)", "7:11"),
    ],
)
def test_fault_is_named_where_it_stands(body: str, place: str, tmp_path: Path) -> None:
    (message,) = messages(entry_text(body=body), make_root(tmp_path))
    assert message.startswith(f"{place}: body: the link")


@settings(max_examples=200)
@given(
    st.lists(st.text(alphabet="ab -*#.", max_size=12), min_size=1, max_size=8).map(
        lambda lines: ["x", *(line.rstrip() for line in lines)]
    )
)
def test_text_below_a_fold_reads_as_below_a_bar(lines: list[str]) -> None:
    written = "\n".join(("  " + line).rstrip() for line in lines)
    both = [load(entry_text(body=f"{sign}\n{written}\n"), Path("/nowhere")).entry.content_html for sign in "|>"]
    assert both[0] == both[1]
