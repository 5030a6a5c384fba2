"""What looks like a link and is none, so that readers see brackets and an address."""

import re
from collections.abc import Iterator

from feedsvc.content.new_update import make_slug
from feedsvc.content.notes.written import Body, Remark
from feedsvc.errors import shortened

_ADDRESS = r"(?:https?://|www\.|mailto:|tel:|files/|/)"
_SPACED = re.compile(r"(!?)\[([^\[\]]{1,200})\]\(([^()<>\n]*(?:\([^()\n]*\)[^()<>\n]*)*)\)")
_TITLED = re.compile(r"\s*\S+\s+(?:\"[^\"]*\"|'[^']*'|\([^()]*\))\s*|\s*\S*\s*")
_APART = re.compile(rf"(!?\[[^\[\]\n]+\])[ \t]+(\({_ADDRESS}[^()\s]*\))")
_SWAPPED = re.compile(rf"\(([^()\n]+)\)\[({_ADDRESS}[^\[\]\s]*)\]")
_WIKI = re.compile(r"(!?)\[\[([^\[\]\n|]+)(?:\|([^\[\]\n]+))?\]\]")
_UNCLOSED = re.compile(rf"\[([^\[\]\n]+)\]\(({_ADDRESS}[^()\s]*)(?=[^()\n]*$)", re.MULTILINE)
_NAMED = re.compile(r"\[([^\[\]\n]+)\]\[([^\[\]\n^]*)\]")
_WORDLESS = re.compile(r'<a href="([^"]*)"[^>]*>\s*</a>')
_NUMBER = re.compile(r"[^0-9+]+")


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


def apart(body: Body) -> Iterator[Remark]:
    """``[a steward] (https://example.org)``."""
    for found in body.find(_APART):
        yield Remark(
            found.start(), "a space stands before the bracket, so no link is made", f"write {found[1]}{found[2]}"
        )


def swapped(body: Body) -> Iterator[Remark]:
    """``(the contract)[https://example.org]``."""
    for found in body.find(_SWAPPED):
        what = "the brackets are the other way round, so no link is made"
        yield Remark(found.start(), what, f"write [{found[1]}]({found[2]})")


def wiki(body: Body) -> Iterator[Remark]:
    """``[[masks are back]]`` and ``![[photo.png]]``."""
    for found in body.find(_WIKI):
        name, words = found[2].strip(), (found[3] or found[2]).strip()
        if found[1]:
            fix = f"write ![what it shows](<files/{name}>)"
        else:
            fix = f"write [{words}](/updates/{make_slug(name)}/), with the address of that page"
        yield Remark(found.start(), f"{found[0]} is shown as it stands", fix)


def unclosed(body: Body) -> Iterator[Remark]:
    """``[the form](https://example.org/form`` without its bracket."""
    for found in body.find(_UNCLOSED):
        address = found[2].rstrip(".,;")
        yield Remark(found.start(), "the link has no closing bracket", f"write [{found[1]}]({address})")


def undefined(body: Body) -> Iterator[Remark]:
    """``[the form][form]`` when no line says what ``[form]`` is."""
    for found in body.find(_NAMED):
        if found[0] in body.shown:
            what = f"no line says where {found[0]} leads, so no link is made"
            fix = f"write the address behind the words, as in [{found[1]}](https://example.org/page)"
            yield Remark(found.start(), what, fix)


def wordless(body: Body) -> Iterator[Remark]:
    """``[](https://example.org)``, which nobody sees."""
    for found in _WORDLESS.finditer(body.raw):
        index = max(0, body.text.find("](" + found[1][:10]) - 1)
        yield Remark(
            index, f"the link to {shortened(found[1])} has no words, so nobody sees it", "write words between [ and ]"
        )
