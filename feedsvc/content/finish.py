"""The renderer's HTML as readers' programs take it best: boxes, footnotes, and no line end inside a paragraph."""

import hashlib
import re
from collections import Counter

from feedsvc.content.comments import BREAK

# of a list's item, with the paragraph that it belongs into
_BOX = re.compile(r'<input type="checkbox"( checked="")? disabled="" /> *(\n<p> *)?')
_REFERENCE = re.compile(
    r'<sup class="footnote-ref"><a href="#fn-[^"]*" id="fnref-[^"]*" data-footnote-ref>([0-9]+)</a></sup>'
)
_NOTE = re.compile(r'<li id="fn-[^"]*">')
_BACK = re.compile(r'<a href="#fnref-[^"]*" class="footnote-backref"[^>]*-idx="([0-9-]+)"[^>]*>.*?</a>')
_SECTION = re.compile(r"<section[^>]*>")
_BLOCKS = ("p", "ul", "ol", "li", "h2", "h3", "h4", "h5", "h6", "hr", "blockquote", "pre")
_CELLS = ("table", "thead", "tbody", "tr", "td", "th")
# what stands before a line end between blocks, and what behind it
_ENDS = tuple(f"<{slash}{name}>" for name in (*_BLOCKS, *_CELLS) for slash in ("", "/"))
_BEGINS = tuple(f"<{slash}{name}" for name in ("p", "ul", "ol", "li", "h", "blockquote", "t") for slash in ("", "/"))
_OPENS = re.compile(r"<(?:ol|li|t[dh])(?: [^>]*)?>$")
_TAG = re.compile(r"<[^>]*>")
_BREAKS = re.compile(rf" *{BREAK}[ \n]*")
_WITHOUT_SPACES = re.compile(r"[\u3001-\u30ff\u3400-\u9fff\uff00-\uff60]")  # the signs of Chinese and Japanese


def show_boxes(raw: str) -> str:
    """Boxes to tick as signs, since readers' programs drop what can be filled in."""
    if "<input " not in raw:
        return raw
    return _BOX.sub(lambda found: ("<p>" if found[2] else "") + ("\u2611 " if found[1] else "\u2610 "), raw)


def place_footnotes(raw: str, permalink: str) -> str:
    """Footnotes with ids that no other update in a reader's list has, and links that lead to the update's own page."""
    if 'class="footnotes"' not in raw:
        return raw
    name = "fn-" + hashlib.sha256(permalink.encode()).hexdigest()[:10]
    seen: Counter[str] = Counter()

    def reference(found: re.Match[str]) -> str:
        number = found[1]
        seen[number] += 1
        own = number if seen[number] == 1 else f"{number}-{seen[number]}"
        # two spaces: this address is no author's
        return f'<sup id="{name}-from-{own}"><a  href="{permalink}#{name}-{number}">[{number}]</a></sup>'

    numbers = iter(range(1, len(raw)))
    text = _REFERENCE.sub(reference, raw)
    text = _NOTE.sub(lambda _found: f'<li id="{name}-{next(numbers)}">', text)
    text = _BACK.sub(lambda found: f'<a  href="{permalink}#{name}-from-{found[1]}">\u21a9</a>', text)
    return _SECTION.sub("<hr>", text).replace("</section>", "")


def join_lines(clean: str) -> str:
    """No line end within a paragraph, which some programs show as a break and others as nothing; code keeps its own."""
    before, *lines = clean.split("\n")
    parts = [before]
    is_code = "pre>" in before and _is_open(before)
    for line in lines:
        is_kept = is_code or before.endswith(_ENDS) or line.startswith(_BEGINS)
        parts.append("\n" if is_kept else _within(before, line))
        parts.append(line)
        if "pre>" in line:
            is_code = _is_open(line)
        before = line
    joined = "".join(parts)
    if BREAK not in joined:
        return joined
    joined = _TAG.sub(lambda found: found[0].replace(BREAK, " "), joined)  # no break inside a title or description
    return _BREAKS.sub(lambda found: "\n" if _is_open(joined, found.start()) else "<br>", joined)


def _within(before: str, after: str) -> str:
    """What stands in place of a line end that is not between two plain blocks."""
    if before.endswith("<br>"):
        return ""
    if not before or (before.endswith('">') and _OPENS.search(before)):
        return "\n"
    is_glued = not before.isascii() and _WITHOUT_SPACES.match(before[-1]) and _WITHOUT_SPACES.match(after)
    return "" if is_glued else " "


def _is_open(text: str, end: int | None = None) -> bool:
    """Whether code goes on behind a text, up to ``end``, in which it begins or ends."""
    return text.rfind("<pre>", 0, end) > text.rfind("</pre>", 0, end)
