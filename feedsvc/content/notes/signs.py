"""Signs of markup that stay signs, or that do what nobody meant."""

import re
from collections.abc import Iterator

from feedsvc.content.notes.written import Body, Remark, seek
from feedsvc.errors import shortened

_PAIR = re.compile(r"\*\*(?=\S)(?:[^*\n]|\*(?!\*))+?(?<=[^\s*])\*\*")
_STARS = re.compile(r"(?<!\*)\*\*(?!\*)")
_SPACED_STARS = re.compile(r"\*\*[ \t]*([^*\n]+?)[ \t]*\*\*")
_GLUED_STARS = re.compile(r"\*\*([^*\n]+?)([^\w\s*])\*\*(?=\w)|(?<=\w)\*\*([^\w\s*])([^*\n]+?)\*\*")
_TILDES = re.compile(r"~~[ \t]*([^~\n]+?)[ \t]*~~|~~")
_HASHES = re.compile(r"^[ ]{0,3}(#{2,6})([^\s#].*)$", re.MULTILINE)
_ASIDE = re.compile(r"^[ ]{0,3}#[ \t]+([^\W\d_A-ZÁÉÍÓÚÑÜ¿¡][^\n]*\s[^\n]*)$", re.MULTILINE)
_PERCENT = re.compile(r"%%\s*([^%\n]+?)\s*%%")
_CALLOUT = re.compile(r"^[ >]*(\[!([A-Za-z]+)\])[+-]?[ \t]*(.*)$", re.MULTILINE)
_BETWEEN_FIGURES = re.compile(r"[0-9]\*[0-9][^*\n]*[0-9]?\*[0-9]")
_TAG = re.compile(r"</?([A-Za-z][A-Za-z0-9:]*)(?:\s[^<>]*)?/?>")
_DELETE = "delete it, and its end if it has one"
_TAGS = {
    **dict.fromkeys(("b", "strong"), "write **words** for bold words"),
    **dict.fromkeys(("i", "em", "cite"), "write *words* for words in italics"),
    **dict.fromkeys(("u", "ins"), "delete it and its end; underlined words look like a link"),
    **dict.fromkeys(("s", "strike", "del"), "write ~~words~~ to strike them out"),
    **dict.fromkeys(("ul", "ol", "li"), "write each item as a line that begins with - and a space"),
    **dict.fromkeys(("h1", "h2", "h3", "h4", "h5", "h6"), "write ## and a space before the heading"),
    **dict.fromkeys(("p", "div", "center", "section", "article"), "delete it; an empty line begins a paragraph"),
    **dict.fromkeys(("table", "tr", "td", "th"), "write | one | two | for a row, and |---|---| below the first"),
    **dict.fromkeys(("span", "font", "small", "big", "sub", "sup", "o:p", "mark", "abbr", "figure", "iframe"), _DELETE),
    **dict.fromkeys(("script", "style", "video", "audio", "form", "input", "button", "meta", "link"), _DELETE),
    "a": "write [words](address) for a link",
    "img": "write ![what it shows](files/name-of-the-picture.jpg)",
    "hr": "write --- between two empty lines for a line across",
    "blockquote": "write > before each line of the quotation",
    "code": "write `words` for code",
    "pre": "write ``` above and below code",
}  # fmt: skip

# %%a note%% of other programs
percent = seek(_PERCENT, "{0} is shown to everybody", "write <!-- {1} -->, which is never published")


def stars(body: Body) -> Iterator[Remark]:
    """``** bold **``, ``**bold`` and ``**Note:**text``."""
    held = [found.span() for found in body.find(_PAIR)]
    for found in body.find(_GLUED_STARS):
        words = f"**{found[1]}{found[2]}**" if found[1] else f"**{found[3]}{found[4]}**"
        fix = f"write a space between it and the next letter: {words}"
        yield Remark(found.start(), "** is shown as it stands", fix)
        return
    for found in body.find(_STARS):
        if any(start <= found.start() < end for start, end in held):
            continue
        spaced = _SPACED_STARS.match(body.text, found.start())
        fix = f"write **{spaced[1]}**, without spaces inside" if spaced else "write ** at both ends of the bold words"
        yield Remark(found.start(), "** is shown as it stands", fix)
        if spaced:
            held.append(spaced.span())


def tildes(body: Body) -> Iterator[Remark]:
    """``~~ old ~~`` and ``~~old``."""
    for found in body.find(_TILDES):
        if found[0] in body.shown or not found[1]:
            spaced = f"write ~~{found[1]}~~, without spaces inside"
            fix = spaced if found[1] else "write ~~ at both ends of what is struck out"
            yield Remark(found.start(), "~~ is shown as it stands", fix)


def figures(body: Body) -> Iterator[Remark]:
    """``5*8 and 6*9``, whose stars vanish."""
    if "<em>" not in body.raw:
        return
    for found in body.find(_BETWEEN_FIGURES):
        if found[0] not in body.shown:
            what = f"the stars in {shortened(found[0])} vanish and put what stands between them in italics"
            yield Remark(found.start(), what, "write x for times, or \\* for a star")


def hashes(body: Body) -> Iterator[Remark]:
    """``##Heading`` without its space."""
    for found in body.find(_HASHES):
        if found[1] + found[2].split()[0] in body.shown:
            what = f"{found[1]} is shown as it stands, and makes no heading"
            yield Remark(found.start(1), what, f"write {found[1]} {found[2].strip()}")


def aside(body: Body) -> Iterator[Remark]:
    """``# not before Friday``: in the text this is a heading, not a note to oneself."""
    if "\n# " not in body.text and not body.text.startswith("# "):
        return
    for found in body.find(_ASIDE):
        what = f"the line {shortened(found[0].strip())} becomes a heading"
        fix = f"write <!-- {found[1].strip()} --> if it is a note to yourself, which is never published"
        yield Remark(found.start(), what, fix)


def callout(body: Body) -> Iterator[Remark]:
    """``> [!note]`` of other programs."""
    for found in body.find(_CALLOUT):
        if found[1] in body.shown:
            words = f": {found[3]}" if found[3] else ""
            fix = f"write **{found[2].capitalize()}{words}** and a line with > alone below it"
            yield Remark(found.start(1), f"{found[1]} is shown as it stands", fix)


def tags(body: Body) -> Iterator[Remark]:
    """``<u>word</u>``: each kind of tag once."""
    seen = set()
    for found in body.find(_TAG):
        name = found[1].lower()
        kind = _TAGS.get(name)
        if kind and kind not in seen:
            seen.add(kind)
            yield Remark(found.start(), f"the tag {shortened(found[0])} is shown as it stands", kind)
