"""Links that lead to nothing: into this site where no page is, or where another site or a telephone was meant."""

import html
import re
from collections.abc import Iterator
from typing import NamedTuple
from urllib.parse import unquote, urlsplit

from feedsvc.errors import shortened

_HREF = re.compile(r'<a href="([^"]*)"')
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
_HOST = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,24}(?::[0-9]+)?", re.IGNORECASE)
_PHONE = re.compile(r"\+?[0-9(][0-9 ().\u00a0/-]{5,20}[0-9]")
_SOURCE = re.compile(r"(?:.*/)?(?:[0-9]{4}-[0-9]{2}-[0-9]{2}-)?([A-Za-z0-9-]+)\.ya?ml", re.IGNORECASE)
_SLIP = re.compile(r"h?t?tps?[:;/]/*(?P<rest>[^/\s]+\..*)", re.IGNORECASE)
_FILE_ENDINGS = ("html", "htm", "php", "aspx", "asp", "xml", "json", "yaml", "yml", "md", "txt")
KNOWN_ANCHORS = frozenset({"", "main", "subscribe"})


class Lead(NamedTuple):
    """A link that leads nowhere: as written, what is wrong, what to write; void once a document is at ``unless``."""

    address: str
    what: str
    fix: str
    unless: str = ""


def leads(raw: str, base_url: str) -> Iterator[Lead]:
    """The links of a text that lead into this site and to nothing there."""
    for found in _HREF.finditer(raw):
        address = html.unescape(found[1])
        if (not _SCHEME.match(address) or address.startswith(base_url)) and (lead := follow(address, base_url)):
            yield lead


def follow(address: str, base_url: str) -> Lead | None:
    """What is wrong with an address of this site, or what will be while no document is there."""
    plain = unquote(address)
    if address.startswith(base_url):
        path = address.removeprefix(base_url)
    elif lead := _elsewhere(plain, address):
        return lead
    else:
        path = address
    parts = urlsplit(path.lstrip("/"))
    inside = "/".join(part for part in parts.path.split("/") if part not in ("", ".", ".."))
    if inside.startswith("files/"):
        return None
    if parts.fragment not in KNOWN_ANCHORS and not parts.fragment.startswith("fn-"):
        what = f"the page has no place called #{parts.fragment} to lead to"
        return Lead(address, what, f"write {address.partition('#')[0] or '/'} without it")
    is_page = "." not in inside.rpartition("/")[2]
    target = f"/{inside}/" if inside and is_page else f"/{inside}"
    what = f"no page of this site is at {shortened(plain)}"
    return Lead(address, what, "write the address of a page, with https:// before it if it is elsewhere", target)


def _elsewhere(plain: str, address: str) -> Lead | None:
    """A telephone number, another site, or a source file, written as if it were a path of this site."""
    first = re.split(r"[/?#]", plain, maxsplit=1)[0]
    if _PHONE.fullmatch(plain):
        number = re.sub(r"[^0-9+]+", "-", plain).strip("-")
        return Lead(address, f"the number {shortened(plain)} leads to a page of this site", f"write tel:{number}")
    if slip := _SLIP.fullmatch(plain):
        return Lead(address, f"{shortened(plain)} leads to a page of this site", f"write https://{slip['rest']}")
    if source := _SOURCE.fullmatch(plain):
        return Lead(address, f"{shortened(plain)} is a source, not a page", f"write /updates/{source[1].lower()}/")
    if _HOST.fullmatch(first) and first.rpartition(".")[2].lower() not in _FILE_ENDINGS:
        return Lead(address, f"{shortened(plain)} leads to a page of this site", f"write https://{address}")
    return None
