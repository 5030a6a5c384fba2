"""What looks like a link and is none, so that readers see brackets and an address."""

import re
from collections.abc import Iterator

from feedsvc.content.new_update import make_slug
from feedsvc.content.notes.written import Body, Remark, seek
from feedsvc.errors import shortened

_ADDRESS = r"(?:https?://|www\.|mailto:|tel:|files/|/)"
_SPACED = re.compile(r"(!?)\[([^\[\]]{1,200})\]\(([^()<>\n]*(?:\([^()\n]*\)[^()<>\n]*)*)\)")
_TITLED = re.compile(r"\s*\S+\s+(?:\"[^\"]*\"|'[^']*'|\([^()]*\))\s*|\s*\S*\s*")
_APART = re.compile(rf"(!?\[[^\[\]\n]+\])[ \t]+(\({_ADDRESS}[^()\s]*\))")
_SWAPPED = re.compile(rf"\(([^()\n]+)\)\[({_ADDRESS}[^\[\]\s]*)\]")
_WIKI = re.compile(r"(!?)\[\[([^\[\]\n|]+)(?:\|([^\[\]\n]+))?\]\]")
_UNCLOSED = re.compile(rf"\[([^\[\]\n]+)\]\(({_ADDRESS}[^()\s]*)(?<![.,;])(?=[^()\n]*$)", re.MULTILINE)
_NAMED = re.compile(r"\[([^\[\]\n]+)\]\[([^\[\]\n^]*)\]")
_WORDLESS = re.compile(r'<a href="([^"]*)"[^>]*>\s*</a>')
_NUMBER = re.compile(r"[^0-9+]+")

# [a steward] (https://example.org)
apart = seek(_APART, "a space stands before the bracket, so no link is made", "write {1}{2}")
# (the contract)[https://example.org]
swapped = seek(_SWAPPED, "the brackets are the other way round, so no link is made", "write [{1}]({2})")
# [the form](https://example.org/form without its bracket
unclosed = seek(_UNCLOSED, "the link has no closing bracket", "write [{1}]({2})")
# [the form][form] when no line says what [form] is
undefined = seek(
    _NAMED,
    "no line says where {0} leads, so no link is made",
    "write the address behind the words, as in [{1}](https://example.org/page)",
    is_shown=True,
)


def spaced(body: Body) -> Iterator[Remark]:
    """``[the flyer](files/Flyer March.pdf)``."""
    for found in body.find(_SPACED):
        if not _TITLED.fullmatch(found[3]):
            what = f"the address {shortened(found[3].strip())} has spaces, so no link is made of it"
            yield Remark(found.start(), what, f"write {found[1]}[{found[2]}]({_one_word(found[3].strip())})")


def _one_word(address: str) -> str:
    """The address without spaces, or between signs that let it have some."""
    if address.startswith("tel:"):
        return "tel:" + _NUMBER.sub("-", address[4:]).strip("-")
    if address.startswith("mailto:"):
        return "".join(address.replace(" at ", "@").replace(" dot ", ".").split())
    if address.startswith(("http:", "https:", "www.")):
        return address.replace(" ", "%20")
    return f"<{address}>"


def wiki(body: Body) -> Iterator[Remark]:
    """``[[masks are back]]`` and ``![[photo.png]]``."""
    for found in body.find(_WIKI):
        name, words = found[2].strip(), (found[3] or found[2]).strip()
        if found[1]:
            fix = f"write ![what it shows](<files/{name}>)"
        else:
            fix = f"write [{words}](/updates/{make_slug(name)}/), with the address of that page"
        yield Remark(found.start(), f"{found[0]} is shown as it stands", fix)


def wordless(body: Body) -> Iterator[Remark]:
    """``[](https://example.org)``, which nobody sees."""
    for found in _WORDLESS.finditer(body.raw):
        index = max(0, body.text.find("](" + found[1][:10]) - 1)
        what = f"the link to {shortened(found[1])} has no words, so nobody sees it"
        yield Remark(index, what, "write words between [ and ]")
