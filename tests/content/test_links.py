"""A link that deceives is published neither as ``link`` nor in a text, however it is written there."""

from pathlib import Path
from urllib.parse import urlsplit

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import html

from feedsvc.content.files import Files
from feedsvc.content.markup import render
from tests.content.samples import entry_text, load, make_root, problems
from tests.test_addresses import DECEIVING, GOOD

BASE = "https://news.example.org/"
# Words around it that make Markdown take the address for one.
PLACES = ("[pay](<{}>)", "<{}>", "[pay]: <{}>\n\n[pay]", "| {} |\n|---|\n| <{}> |", "> - [pay](<{}>)")


@pytest.mark.parametrize("text", DECEIVING)
def test_the_field_link_leads_where_it_says(text: str, tmp_path: Path) -> None:
    # YAML has an escape for what cannot be seen, and refuses it; what it lets pass is the link's to refuse
    (problem, *_) = problems(entry_text(link=f"'{text}'"), make_root(tmp_path))
    assert problem.field in ("link", "")
    assert problem.fix


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("text", DECEIVING)
def test_a_link_in_a_text_leads_where_it_says(text: str, place: str) -> None:
    rendered = render(place.replace("{}", text), BASE, Files(Path("/nowhere")))
    links = html.fragment_fromstring(rendered.content_html, "div").iterlinks()
    hosts = {urlsplit(link).netloc for _, _, link, _ in links}
    assert hosts <= {"union.example"}  # a space or control behind the host is written with %
    if place == PLACES[0]:
        assert hosts or rendered.findings
    assert all(finding.fault.fix for finding in rendered.findings)


@pytest.mark.parametrize("text", GOOD)
def test_a_link_that_works_is_published_in_both(text: str, tmp_path: Path) -> None:
    assert load(entry_text(link=f"'{text}'"), make_root(tmp_path)).entry.link == GOOD[text]
    rendered = render(f"[pay](<{text}>)", BASE, Files(Path("/nowhere")))
    assert rendered.findings == []
    assert f'href="{GOOD[text]}"' in rendered.content_html


@pytest.mark.parametrize(
    ("text", "fix"),
    [
        ("mailto://news@example.org", "write mailto:news@example.org"),
        ("files\\flyer.pdf", "write files/flyer.pdf"),
        ("pay\N{FULLWIDTH SOLIDUS}scale", "write pay/scale"),
        ("mailto:news\N{FULLWIDTH COMMERCIAL AT}example.org", "write mailto:news@example.org"),
        (
            "https\N{FULLWIDTH COLON}\N{FULLWIDTH SOLIDUS}\N{FULLWIDTH SOLIDUS}union.example",
            "write https://union.example",
        ),
    ],
)
def test_a_sign_that_only_looks_like_another_is_named(text: str, fix: str, tmp_path: Path) -> None:
    (problem,) = problems(entry_text(link=text), make_root(tmp_path))
    assert problem.fix == fix


BEGINNINGS = (
    "https://",
    "http://",
    "https://a.example",
    "https://a.example/",
    "https://[::1]",
    "mailto:",
    "tel:",
    "tel:/",
)
SIGNS = (*"abz09.-_:/?#[]@!$&'()*+,;=%~|^{}", "xn--", "%41", "..", "//", "ñ", "中", "\N{FRACTION SLASH}")


@settings(max_examples=300)
@given(st.sampled_from(BEGINNINGS), st.lists(st.sampled_from(SIGNS), max_size=8).map("".join))
def test_no_link_is_lost_without_a_word(beginning: str, rest: str) -> None:
    """What the sanitiser would drop is refused before."""
    rendered = render(f"[pay](<{beginning}{rest}>)", BASE, Files(Path("/nowhere")))
    assert rendered.findings or "<a href=" in rendered.content_html
