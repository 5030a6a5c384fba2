"""The one funnel from Markdown to HTML: render, check and resolve links, sanitise, filter for XML.

Raw HTML is shown as the text it is. Whatever the renderer lets through, the sanitiser decides last on elements,
attributes and schemes; only the XML filter comes after it, since decoding ``&#11;`` is the sanitiser's doing.
"""

import html
import re
from dataclasses import dataclass, field
from typing import NamedTuple

import nh3

from feedsvc.content import links
from feedsvc.content.comments import Prepared, UnclosedError, locate, prepare
from feedsvc.content.files import File, Files
from feedsvc.content.finish import join_lines, place_footnotes, show_boxes
from feedsvc.content.images import image_of
from feedsvc.content.renderer import link_places, lost_footnotes, render_raw
from feedsvc.errors import SHOWN_AT_MOST, BadValueError, cut, shortened
from feedsvc.model import Image

NESTING_LIMIT = 20  # the sanitiser's time grows with the square of nested quotes and lists
CELL_LIMIT = 20_000  # the renderer fills up short rows, so a wide head makes much of little
HTML_LIMIT = 400_000  # characters; the sanitiser's time grows with the square of a run of entities
FAULTS_AT_MOST = SHOWN_AT_MOST + 2  # so many that it is said that there are more
MAIL_LIMIT = 1000  # the renderer descends once for each @ of a line, and too deep a descent kills the process
SCHEMES = frozenset({"http", "https", "mailto", "tel"})
# str.translate runs over ASCII many times faster than a search for the same characters
_NOT_XML = dict.fromkeys([*range(9), 0xB, 0xC, *range(0xE, 0x20), *range(0xD800, 0xE000), 0xFFFE, 0xFFFF])
_TABLE_RULE = re.compile(r"^[ \t>]*[|:-][ \t|:-]*$", re.MULTILINE)
_LIST_OR_QUOTE = re.compile(r"<(/?)(?:blockquote|[ou]l)[ >]")
_MARKERS = re.compile(r"(?:[ \t]|>|[-*+](?=[ \t])|[0-9]{1,9}[.)](?=[ \t]))*")
# the renderer writes every < of the author's as an entity, so these are its own elements
_ELEMENT = re.compile(
    r'<(?:(?P<end>/?)h(?P<level>[1-6])>|(?P<kind>a href|img src)="(?P<url>[^"]*)"(?: alt="(?P<alt>[^"]*)")?)'
)
_CLEANER = nh3.Cleaner(
    tags={
        *("a", "blockquote", "br", "code", "del", "em", "h2", "h3", "h4", "h5", "h6", "hr", "img", "li", "ol", "p"),
        *("pre", "strong", "sup", "table", "tbody", "td", "th", "thead", "tr", "ul"),
    },
    attributes={
        "a": {"href", "title"},
        "img": {"src", "alt", "title", "width", "height", "loading"},
        "li": {"id"},
        "ol": {"start"},
        "sup": {"id"},
        "td": {"align"},
        "th": {"align"},
    },
    url_schemes=set(SCHEMES),
    url_relative="deny",
    link_rel=None,
)


class Finding(NamedTuple):
    """A fault in the text; ``line`` and ``column`` count from 1 within it."""

    fault: BadValueError
    line: int
    column: int


@dataclass(slots=True)
class Rendered:
    """Safe HTML, the files it leads to, the pictures it shows and their files, in the order of the text.

    With ``findings``, which say what is wrong with the text, the HTML is not to be used. ``raw`` is the HTML before
    links were made absolute, with the text's own line ends.
    """

    content_html: str = ""
    raw: str = ""
    prepared: Prepared | None = None
    files: list[File] = field(default_factory=list)
    shown: list[File] = field(default_factory=list)
    images: list[Image] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)


def filter_xml_text(text: str) -> str:
    """``text`` without the characters that XML 1.0 cannot carry (section 2.2)."""
    return text.translate(_NOT_XML)


def render(written: str, base_url: str, files: Files, permalink: str = "") -> Rendered:
    """Markdown as safe HTML with absolute links; footnotes lead to places of the page at ``permalink``."""
    refused = _wide_table(written) or _many_addresses(written)
    if refused:
        return Rendered(findings=[refused])
    try:
        prepared = prepare(written)
    except UnclosedError as error:
        return Rendered(findings=[Finding(error.fault, *locate(written, error.start))])
    raw = render_raw(prepared)
    findings = _refuse(prepared, raw)
    if findings:
        return Rendered(findings=findings)
    raw = place_footnotes(show_boxes(raw), html.escape(permalink))
    # the highest heading is h2, whether the author began with one # or with two
    highest = next((level for level in range(1, 7) if f"<h{level}>" in raw), 2)
    resolver = _Resolver(base_url, files, 2 - highest, Rendered(raw=raw, prepared=prepared))
    resolved, rendered = _ELEMENT.sub(resolver.element, raw), resolver.rendered
    if resolver.faults:
        places = link_places(prepared)
        rendered.findings = [Finding(fault, *places[number]) for number, fault in resolver.faults]
    else:
        rendered.content_html = join_lines(filter_xml_text(_CLEANER.clean(resolved)))
    return rendered


def _refuse(prepared: Prepared, raw: str) -> list[Finding]:
    """Why the renderer's HTML cannot be used as it is."""
    if _is_deep(raw):
        return [_deepest(prepared.written)]
    if len(raw) > HTML_LIMIT:
        what = f"the text becomes {len(raw)} characters of HTML, the limit is {HTML_LIMIT}"
        return [Finding(BadValueError(what, "shorten it, or attach it as a file"), 1, 1)]
    return [Finding(fault, *place) for place, fault in lost_footnotes(prepared)]


@dataclass(slots=True)
class _Resolver:
    """Rewrites the renderer's elements one by one, and keeps files, and faults by the number of the link."""

    base_url: str
    known: Files
    shift: int
    rendered: Rendered
    faults: list[tuple[int, BadValueError]] = field(default_factory=list)
    number: int = -1

    def element(self, found: re.Match[str]) -> str:
        """A heading in its place below the page's, a link made absolute, a picture with its size."""
        level = found["level"]
        if level:
            return f"<{found['end']}h{min(6, int(level) + self.shift)}>"
        self.number += 1
        if len(self.faults) == FAULTS_AT_MOST:
            return found[0]
        url = html.unescape(found["url"])
        try:
            return self.picture(url, found["alt"]) if found["kind"] == "img src" else self.link(url)
        except BadValueError as fault:
            self.faults.append((self.number, fault))
            return found[0]

    def link(self, url: str) -> str:
        """``<a href="...`` up to the closing quote."""
        target, file = links.resolve(url, self.base_url, self.known, SCHEMES)
        if file:
            self.rendered.files.append(file)
        return f'<a href="{html.escape(target)}"'

    def picture(self, url: str, alt: str) -> str:
        """``<img`` with everything but the title. From this site only: a foreign picture tells who reads."""
        if not alt.strip():
            what = f"the image {shortened(url)} has no description"
            raise BadValueError(what, f"write ![what it shows]({cut(url, 100)})")
        name = links.file_name(url)
        if name is None:
            what = f"the image {shortened(url)} does not lie in content/files"
            bare = "photo.jpg" if url.lower().startswith("data:") else url.rpartition("/")[2]
            raise BadValueError(what, f"put the picture there and write files/{cut(bare, 100)}")
        file = self.known.picture(name)
        image = image_of(file, filter_xml_text(html.unescape(alt)), self.base_url)
        self.rendered.shown.append(file)
        self.rendered.images.append(image)
        width, height = image.smallest.in_column
        return (
            f'<img src="{html.escape(image.smallest.url)}" alt="{alt}" width="{width}" height="{height}" loading="lazy"'
        )


def _is_deep(raw: str) -> bool:
    """Whether quotes and lists are nested beyond the limit."""
    depth = 0
    for found in _LIST_OR_QUOTE.finditer(raw):
        depth += -1 if found[1] else 1
        if depth > NESTING_LIMIT:
            return True
    return False


def _deepest(text: str) -> Finding:
    """The line that begins with most markers and indentation."""
    begins = [len(_MARKERS.match(line)[0]) for line in text.split("\n")]  # type: ignore[index]  # it matches nothing, too
    line = begins.index(max(begins)) + 1
    what = f"quotes or lists are nested more than {NESTING_LIMIT} levels deep"
    return Finding(BadValueError(what, "write it with fewer levels"), line, 1)


def _wide_table(text: str) -> Finding | None:
    """A table that the renderer would blow up."""
    if "|" not in text:
        return None
    rows = text.count("\n") + 1
    for found in _TABLE_RULE.finditer(text):
        if (found[0].count("|") + 1) * rows > CELL_LIMIT:
            what = f"the table has room for more than {CELL_LIMIT} cells"
            return Finding(BadValueError(what, "attach it as a file"), text.count("\n", 0, found.start()) + 1, 1)
    return None


def _many_addresses(text: str) -> Finding | None:
    """More mail addresses than the renderer can be trusted with."""
    count = text.count("@")
    what = f"the text has {count} @ signs, the limit is {MAIL_LIMIT}"
    return Finding(BadValueError(what, "attach it as a file"), 1, 1) if count > MAIL_LIMIT else None
