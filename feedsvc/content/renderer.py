"""The Markdown renderer: what it is asked for, and where it says that things stand.

It shows raw HTML as the text it is. Only two tildes strike: a single one, as in ``8am~5pm``, stays what it is.
"""

import re
from urllib.parse import unquote

import comrak

from feedsvc.content.comments import Prepared
from feedsvc.errors import BadValueError

# the renderer writes every < of the author's as an entity, so what these find are its own elements
_LINK = re.compile(r'<(?:a|img) data-sourcepos="([0-9]+):([0-9]+)-')
_FOOTNOTE = re.compile(r'<li data-sourcepos="([0-9]+):([0-9]+)-[^"]*" id="fn-([^"]*)">')
_REFERENCE = re.compile(r'<a href="#fn-([^"]*)" id="fnref-')

_EXTENSIONS = comrak.ExtensionOptions()
_EXTENSIONS.table = True
_EXTENSIONS.autolink = True
_EXTENSIONS.strikethrough = True
_EXTENSIONS.subscript = True  # takes single tildes away from the strikethrough; they are put back as they were
_EXTENSIONS.tasklist = True
_EXTENSIONS.footnotes = True
_PARSING = comrak.ParseOptions()
_PARSING.smart = True
_WITH_ALL_FOOTNOTES = comrak.ParseOptions()
_WITH_ALL_FOOTNOTES.leave_footnote_definitions = True


def _rendering(*, with_places: bool) -> comrak.RenderOptions:
    """How to render; every link passes so that a bad one can be named, and the sanitiser sees to it."""
    options = comrak.RenderOptions()
    options.escape = True
    options.unsafe_ = True
    options.sourcepos = with_places
    return options


_PLAIN = _rendering(with_places=False)
_WITH_PLACES = _rendering(with_places=True)
Position = tuple[int, int]  # line and column of what was written, both from 1


def render_raw(prepared: Prepared) -> str:
    """The HTML as the renderer has it."""
    raw: str = comrak.render_markdown(prepared.text, _EXTENSIONS, _PARSING, _PLAIN)
    return raw.replace("<sub>", "~").replace("</sub>", "~") if "<sub>" in raw else raw


def link_places(prepared: Prepared) -> list[Position]:
    """Where each link and picture stands, in the order of the HTML: a second rendering, for when it is needed."""
    raw: str = comrak.render_markdown(prepared.text, _EXTENSIONS, _PARSING, _WITH_PLACES)
    return [_place(prepared, found) for found in _LINK.finditer(raw)]


def lost_footnotes(prepared: Prepared) -> list[tuple[Position, BadValueError]]:
    """Footnotes that the renderer would drop: those that nothing refers to, and those that stand there twice."""
    if "[^" not in prepared.text or "]:" not in prepared.text:
        return []
    raw: str = comrak.render_markdown(prepared.text, _EXTENSIONS, _WITH_ALL_FOOTNOTES, _WITH_PLACES)
    wanted, seen = set(_REFERENCE.findall(raw)), set()
    lost = []
    for found in _FOOTNOTE.finditer(raw):
        sign = f"[^{unquote(found[3])}]"
        is_second = sign in seen
        seen.add(sign)
        if is_second:
            what = f"the footnote {sign} stands here a second time"
            fix = f"write another word in place of {sign}, here and in the text"
        elif found[3] not in wanted:
            what, fix = f"nothing refers to the footnote {sign}", f"write {sign} where it belongs, or delete the line"
        else:
            continue
        lost.append((_place(prepared, found), BadValueError(f"{what}, so it would be lost", fix)))
    return lost


def _place(prepared: Prepared, found: re.Match[str]) -> Position:
    """Where something stands that the renderer names by line and octet."""
    line, octet = int(found[1]), int(found[2])
    before = prepared.text.split("\n")[line - 1].encode()[: octet - 1]
    return prepared.place(line, len(before.decode(errors="replace")) + 1)
