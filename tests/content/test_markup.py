"""Markdown becomes safe HTML, whatever somebody pastes."""

import re
import time
from pathlib import Path

import lxml.html
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feedsvc.content.files import Files
from feedsvc.content.markup import Rendered, filter_xml_text, render

BASE = "https://news.example.org/local/"
NO_FILES = Files(Path("/nowhere"))
ALLOWED = {
    *("a", "blockquote", "br", "code", "del", "em", "h2", "h3", "h4", "h5", "h6", "hr", "img", "li", "ol", "p"),
    *("pre", "strong", "sup", "table", "tbody", "td", "th", "thead", "tr", "ul"),
}
ATTRIBUTES = {"href", "title", "src", "alt", "width", "height", "loading", "start", "align", "id"}
XML_TEXT = re.compile("[\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]*")
HOSTILE = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<svg onload=alert(1)>",
    "<iframe src=javascript:alert(1)></iframe>",
    "<a href='javascript:alert(1)'>x</a>",
    "<style>@import 'https://evil.example/x.css';</style>",
    "<math><mtext><table><mglyph><style><!--</style><img title='--&gt;&lt;img src=1 onerror=alert(1)&gt;'>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
    "<form action=https://evil.example><input name=password></form>",
    "<base href=https://evil.example/>",
    "<meta http-equiv=refresh content='0;url=https://evil.example'>",
    "<object data=data:text/html,x></object>",
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt:alert(1))",
    "[x](javascript&#58;alert(1))",
    "[x](&#x6A;avascript:alert(1))",
    "[x](java\\\nscript:alert(1))",
    "[x](<java script:alert(1)>)",
    "[x](vbscript:msgbox(1))",
    "[x](data:text/html;base64,PHNjcmlwdD4=)",
    "[x](//evil.example)",
    "[x](\\\\evil.example)",
    "[x](file:///etc/passwd)",
    "![x](javascript:alert(1))",
    "![x](https://evil.example/pixel.gif)",
    "![x](data:image/svg+xml,<svg onload=alert(1)>)",
    '[x](https://a.example "onmouseover=alert(1) \\" onclick=\\"alert(1)")',
    '![a" onerror="alert(1)](files/x.png)',
    "<javascript:alert(1)>",
    "[x]: javascript:alert(1)\n\n[x]",
    '`<script>`\n\n    <script>\n\n```html"onload=alert(1)\n<script>\n```',
    "| <script> | x |\n|---|---|\n| <img src=x onerror=y> | [a](javascript:b) |",
    "# <b onclick=x>\n\n> <u style=position:fixed>",
    "&lt;script&gt; &#60;script&#62; &amp;lt;script",
    '[x](https://evil.example" onclick="alert(1))',
]


def rendered(text: str, files: Files = NO_FILES) -> Rendered:
    return render(text, BASE, files)


def html(text: str) -> str:
    """The HTML of a text without faults."""
    result = rendered(text)
    assert result.findings == []
    return result.content_html


def assert_safe(content_html: str) -> None:
    """As a browser's parser sees it: known elements, known attributes, harmless links."""
    assert XML_TEXT.fullmatch(content_html)
    for element in lxml.html.fragments_fromstring(f"<div>{content_html}</div>")[0].iterdescendants():
        assert element.tag in ALLOWED
        assert set(element.attrib) <= ATTRIBUTES
        for name in ("href", "src"):
            link = element.get(name)
            assert link is None or link.startswith(("https:", "http:", "mailto:", "tel:"))


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_is_named_or_shown_as_text(text: str) -> None:
    result = rendered(text)
    assert_safe(result.content_html)
    assert result.findings or result.content_html


@pytest.mark.parametrize(
    ("text", "content_html"),
    [
        ("a **b** *c* ~~d~~ `e`", "<p>a <strong>b</strong> <em>c</em> <del>d</del> <code>e</code></p>\n"),
        ("a <b>c</b>", "<p>a &lt;b&gt;c&lt;/b&gt;</p>\n"),
        ("\"a\" -- it's...", "<p>\u201ca\u201d \u2013 it\u2019s\u2026</p>\n"),
        ("a  \nb\\\nc", "<p>a<br>b<br>c</p>\n"),
        ("one\ntwo **b**\n*c*\n\nthree", "<p>one two <strong>b</strong> <em>c</em></p>\n<p>three</p>\n"),
        ("- one\n  two\n  - three\n    four", "<ul>\n<li>one two\n<ul>\n<li>three four</li>\n</ul>\n</li>\n</ul>\n"),
        ("> one\n> two", "<blockquote>\n<p>one two</p>\n</blockquote>\n"),
        ("```\none\n\ntwo\n```", "<pre><code>one\n\ntwo\n</code></pre>\n"),
        ("`one\ntwo`", "<p><code>one two</code></p>\n"),
        ("口罩\n回来", "<p>口罩回来</p>\n"),
        ("one\n\u00a0\ntwo\n \u00a0\u200b \nthree", "<p>one</p>\n<p>two</p>\n<p>three</p>\n"),
        ("8am~5pm and 6pm~9pm", "<p>8am~5pm and 6pm~9pm</p>\n"),
        ("~~a~b~~ ~c~", "<p><del>a~b</del> ~c~</p>\n"),
        ("a <!-- not yet --> b", "<p>a b</p>\n"),
        ("a\n<!-- not\n\nyet -->\nb <!-- no -->\nc", "<p>a b c</p>\n"),
        ("- a\n<!-- no -->\n- b", "<ul>\n<li>a</li>\n<li>b</li>\n</ul>\n"),
        ("<!-- no -->    a <!--> b --> c", "<p>a c</p>\n"),
        ("`<!-- a -->` <!-- b -->", "<p><code>&lt;!-- a --&gt;</code></p>\n"),
        ("~~~\n<!-- a -->\n~~~\n<!-- b -->\nc", "<pre><code>&lt;!-- a --&gt;\n</code></pre>\n<p>c</p>\n"),
        ("a `b <!-- c -->\n\nd` e", "<p>a `b</p>\n<p>d` e</p>\n"),
        ("a<br>b<BR/>**c**<br />\n(d)", "<p>a<br>b<br><strong>c</strong><br>(d)</p>\n"),
        ('[a<br>b](/pay/ "c<br>d")', f'<p><a href="{BASE}pay/" title="c d">a<br>b</a></p>\n'),
        ("<br>\n**b**", "<p><br><strong>b</strong></p>\n"),
        ("`a<br>b`", "<p><code>a&lt;br&gt;b</code></p>\n"),
        ("    a<br>b\n    c", "<pre><code>a\nb\nc\n</code></pre>\n"),
        ("- [ ] a\n- [x] b", "<ul>\n<li>☐ a</li>\n<li>☑ b</li>\n</ul>\n"),
        ("- [X] a\n\n  b", "<ul>\n<li><p>☑ a</p>\n<p>b</p>\n</li>\n</ul>\n"),
        ("3. a\n4. b", '<ol start="3">\n<li>a</li>\n<li>b</li>\n</ol>\n'),
        ("https://a.example/?b=1&c=2", '<p><a href="https://a.example/?b=1&amp;c=2">https://a.example/?b=1&amp;c=2</a></p>\n'),
        ("[t](tel:+15551234)", '<p><a href="tel:+15551234">t</a></p>\n'),
        ("[m](mailto:a@b.example?subject=x%20y)", '<p><a href="mailto:a@b.example?subject=x%20y">m</a></p>\n'),
        ("[p](/updates/a/)", f'<p><a href="{BASE}updates/a/">p</a></p>\n'),
        ("[p](pay/#x)", f'<p><a href="{BASE}pay/#x">p</a></p>\n'),
        ("a&#11;b&#xFFFF;c", "<p>abc</p>\n"),
        ("```py\na\n```", "<pre><code>a\n</code></pre>\n"),
    ],
)  # fmt: skip
def test_markdown_becomes_html(text: str, content_html: str) -> None:
    assert html(text) == content_html


def test_cell_of_a_table_can_hold_a_break() -> None:
    assert "<td>2<br>3</td>" in html("| a |\n|---|\n| 2<br>3 |")


def test_footnotes_lead_to_the_updates_own_page_and_back() -> None:
    """Two updates stand on one page of a reader, so the ids of one are no other's."""
    text = "3%.[^1] Again.[^1] More.[^a é]\n\n[^1]: See *article* 12.\n\n[^b]: x[^c]\n\n[^c]: y [^b]"
    pages = [render(text, BASE, NO_FILES, f"{BASE}updates/{slug}/").content_html for slug in ("one", "two")]
    ids = []
    for page, slug in zip(pages, ("one", "two"), strict=True):
        tree = lxml.html.fromstring(f"<div>{page}</div>")
        found = [element.get("id") for element in tree.iter() if element.get("id")]
        links = [link.get("href") for link in tree.iter("a")]
        assert len(found) == len(set(found)) == 7
        assert {str(link).removeprefix(f"{BASE}updates/{slug}/#") for link in links} == set(found)
        ids.append(set(found))
        assert "[^a é]" in page
        assert page.count("[1]</a></sup>") == 2
    assert not ids[0] & ids[1]


def test_links_beside_footnotes_are_named_where_they_stand() -> None:
    findings = rendered("x[^1] <!-- note --> [f](ftp://x)\n<br>[g](ftp://y)\n\n[^1]: y [h](ftp://z)").findings
    assert [(finding.line, finding.column) for finding in findings] == [(1, 21), (2, 5), (4, 9)]


@pytest.mark.parametrize(
    ("text", "message", "place"),
    [
        ("a\n\n b <!-- c", "a comment begins here and never ends; write --> where it ends", (3, 4)),
        (
            "a\n\n[^1]: b",
            "nothing refers to the footnote [^1], so it would be lost; write [^1] where it belongs, or delete the line",
            (3, 1),
        ),
        (
            "a[^1]\n\n[^1]: b\n\n[^1]: c",
            (
                "the footnote [^1] stands here a second time, so it would be lost; "
                "write another word in place of [^1], here and in the text"
            ),
            (5, 1),
        ),
    ],
)
def test_what_would_be_lost_is_named(text: str, message: str, place: tuple[int, int]) -> None:
    (finding,) = rendered(text).findings
    assert str(finding.fault) == message
    assert (finding.line, finding.column) == place


def test_table_keeps_its_alignment() -> None:
    assert '<td align="right">1</td>' in html("| a |\n|--:|\n| 1 |")


@pytest.mark.parametrize(
    ("text", "levels"),
    [("# a\n## b", ["h2", "h3"]), ("## a\n### b", ["h2", "h3"]), ("#### a", ["h2"]), ("# a\n###### b", ["h2", "h6"])],
)
def test_headings_begin_below_the_pages_own(text: str, levels: list[str]) -> None:
    """Whether an author begins with one # or two, no level of the page is skipped."""
    assert re.findall(r"<(h\d)>", html(text)) == levels


def test_raw_html_cannot_pass_for_the_renderers_own() -> None:
    """The text of a page about HTML stays what it is."""
    assert html('`<h1>` <a href="x">') == '<p><code>&lt;h1&gt;</code> &lt;a href="x"&gt;</p>\n'


PATHOLOGICAL = {
    "brackets": "[",
    "links": "[a](",
    "images": "![",
    "emphasis": "*a **b ",
    "closed emphasis": "**a *b c* d**",
    "tags": "<a ",
    "quotes": ">",
    "spaced quotes": "> ",
    "lists": "- ",
    "backticks": "`a``b",
    "entities": "&",
    "references": "[a]: b\n",
    "tables": "|a|\n|-|\n",
    "wide table": "|-",
    "autolinks": "http://a ",
    "mail": "a@b.c ",
    "mail links": "mailto:a@b.c ",
    "smart quotes": "\"'",
    "comments": "<!--",
    "underscores": "_a_*",
    "ordered": "1) ",
    "rules": "- - -\n",
}


@pytest.mark.parametrize("name", PATHOLOGICAL)
def test_pathological_text_takes_bounded_time(name: str) -> None:
    text = (PATHOLOGICAL[name] * 200_000)[:200_000]
    start = time.process_time()
    rendered(text)
    rendered(text[:100_000] + "\n[x](ftp://x)\n")  # a fault has it rendered twice
    rendered("|a|b\n" + text[:50_000] + "\n" + "|x\n" * 40_000)
    assert time.process_time() - start < 4  # seconds of a slow machine for the three of them


def test_nesting_up_to_the_limit_is_fine() -> None:
    assert html(">" * 20 + " a").count("<blockquote>") == 20
    assert [finding.line for finding in rendered("a\n\n" + ">" * 21 + " a").findings] == [3]
    nested = "".join("  " * level + "- a\n" for level in range(21))
    assert [finding.line for finding in rendered(nested).findings] == [21]


@settings(max_examples=150)
@given(st.text() | st.text(alphabet="<>[]()!*_`#-|\"'&;:/\\ \n\tajx1\x00\x0b￿"))
def test_any_text_becomes_safe_html(text: str) -> None:
    assert_safe(rendered(text).content_html)


@given(st.text())
def test_filter_leaves_exactly_what_xml_can_carry(text: str) -> None:
    kept = filter_xml_text(text)
    assert XML_TEXT.fullmatch(kept)
    assert kept == "".join(character for character in text if XML_TEXT.fullmatch(character))


@given(st.text(alphabet=st.characters(categories=("L", "N", "Zs")), min_size=1))
def test_words_come_through_unchanged(text: str) -> None:
    words = "x" + text + "x"
    assert "".join(lxml.html.fragment_fromstring(html(words)).itertext()).split() == words.split()
