"""Where a link leads: an absolute address, or what is wrong with it."""

import re
from urllib.parse import quote, unquote

from feedsvc import urls
from feedsvc.addresses import KEPT, check_signs, web_address
from feedsvc.content.files import File, Files
from feedsvc.content.media_types import MEDIA_TYPES
from feedsvc.errors import BadValueError, cut, shortened

_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*):")
_SPACE = re.compile(r"\s")
# nearly every address of the web: nothing in it needs a second look
_ORDINARY = re.compile(
    r"https?://(?:(?!xn--)[A-Za-z0-9-]+\.)+(?!xn--)[A-Za-z]{2,60}(?:[/?#][A-Za-z0-9/._~%:=&?#+,;@!$-]*)?"
)
_TAIL = re.compile(r"[?#]")


def resolve(text: str, base_url: str, files: Files, schemes: frozenset[str]) -> tuple[str, File | None]:
    """The absolute URL of a link, and the file of the site that it leads to; BadValueError when it cannot be followed.

    A relative link counts from the site's root, with or without a slash before it.
    """
    if _ORDINARY.fullmatch(text) and "https" in schemes:
        return text, None
    address = with_scheme(text, schemes)
    return (address, None) if address else _relative(text, base_url, files)


def with_scheme(text: str, schemes: frozenset[str]) -> str | None:
    """The address that begins with one of the schemes; None for one that begins with none at all."""
    if _SPACE.search(text) or not text:
        what = f"the link {shortened(text)} is not one address"
        raise BadValueError(what, "write it without spaces (%20 stands for one)")
    check_signs(text)
    scheme = _SCHEME.match(text)
    if scheme is None:
        return None
    name = scheme[1].lower()
    if name not in schemes:
        allowed = ", ".join(sorted(f"{allowed}:" for allowed in schemes))
        raise BadValueError(f"the link {shortened(text)} begins with {name}:", f"use {allowed} or a path of this site")
    if name not in ("http", "https") and text.startswith("//", scheme.end()):
        rest = text[scheme.end() :].lstrip("/")
        raise BadValueError(f"the link {shortened(text)} holds // after {name}:", f"write {name}:{cut(rest, 100)}")
    return web_address(text) if name in ("http", "https") else quote(text, safe=KEPT)


def _relative(text: str, base_url: str, files: Files) -> tuple[str, File | None]:
    """A link without a scheme: a file, or a page of this site."""
    if text.startswith(("//", "\\", "/\\")):
        raise BadValueError(f"the link {shortened(text)} has no scheme", f"write https://{text.lstrip('/' + chr(92))}")
    if text.startswith("#"):
        raise BadValueError(f"the link {shortened(text)} leads to a place inside a page", "write the address of a page")
    if text.lower().startswith("www."):
        raise BadValueError(f"the link {shortened(text)} has no scheme", f"write https://{text}")
    if "@" in text and "/" not in text:
        raise BadValueError(f"the link {shortened(text)} has no scheme", f"write mailto:{text}")
    path = _TAIL.split(text, maxsplit=1)[0]
    tail = quote(text[len(path) :], safe=KEPT)
    name = file_name(text)
    if name is not None:
        file = files.attachment(name)
        return urls.absolute(base_url, urls.file_path(name)) + tail, file
    inside = _without_dots(path)
    if "." + inside.rpartition(".")[2].lower() in MEDIA_TYPES:
        bare = unquote(inside.rpartition("/")[2])
        what = f"the link {shortened(text)} leads to no page of this site"
        raise BadValueError(what, f"write files/{bare} for a file")
    return urls.absolute(base_url, quote(inside, safe=KEPT)) + tail, None


def file_name(text: str) -> str | None:
    """The name below ``content/files`` that a relative link leads to; None when it leads elsewhere."""
    inside = _without_dots(_TAIL.split(text, maxsplit=1)[0])
    return unquote(inside.removeprefix("files/")) if inside.startswith("files/") else None


def _without_dots(path: str) -> str:
    """The path from the site's root without ``.`` and ``..``, which cannot lead above the root."""
    parts: list[str] = []
    for part in path.split("/"):
        if part == "..":
            del parts[-1:]
        elif part not in ("", "."):
            parts.append(part)
    return "/".join(parts) + ("/" if parts and path.endswith(("/", "/.", "/..")) else "")
