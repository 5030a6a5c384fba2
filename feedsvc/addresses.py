"""What a web address is: one rule for those that people write, in content as in the surroundings.

An address that a reader would take for another one is refused. Making addresses is for ``urls``.
"""

import re
import unicodedata
from ipaddress import AddressValueError, IPv4Address, IPv6Address
from urllib.parse import SplitResult, quote, unquote, urlsplit

from feedsvc.errors import BadValueError, cut, shortened

KEPT = "%/:=&?~#+!$,;'@()*[]"  # what an address may hold as it is
# signs that are taken for one that says where the host of an address ends
LOOK_ALIKES = str.maketrans(
    {
        **dict.fromkeys("\\\uff3c\ufe68\u29f5\u29f9\u2216\u2044\u2215\uff0f\u29f8\u27cb\u2571", "/"),
        **dict.fromkeys("\uff1a\ufe55\u2236\ua789\u02f8", ":"),
        **dict.fromkeys("\uff0e\u3002\uff61\u2024\ufe52", "."),
        **dict.fromkeys("\uff20\ufe6b", "@"),
        **dict.fromkeys("\uff1f\ufe56", "?"),
        **dict.fromkeys("\uff03\ufe5f", "#"),
    }
)
_AUTHORITY = re.compile(r"(?P<scheme>[A-Za-z][A-Za-z0-9+.-]*:)?(?P<slashes>/*)(?P<host>[^/?#]*)")
_HTTP = re.compile(r"https?[^a-z0-9]", re.IGNORECASE)
_LABEL = re.compile(r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?")
_NETLOC = re.compile(r"(?:[^\[\]:]+|\[[^\[\]]+\])(?::[0-9]+)?")
_NUMBER = re.compile(r"[0-9]+|0x[0-9a-f]*")
_BRACKETS_OR_MARKUP = re.compile(r"[<>\"`{}|^\\]")
_IN_PATH = "/:@!$&'()*+,;=-._~"  # RFC 3986 section 3.3
_LOOKING_LIKE_LATIN = ("LATIN", "GREEK", "CYRILLIC", "ARMENIAN", "CHEROKEE")
_IN_FULL = "write it in full such as https://example.org/page"


def web_address(text: str) -> str:
    """An http(s) address as every format can carry it; BadValueError when it is none, or looks like another one."""
    if not _HTTP.match(text):
        raise BadValueError(f"{shortened(text)} is not a web address", _IN_FULL)
    check_signs(text)
    parts = _split(text)
    _check_host(text, parts)
    return quote(text, safe=KEPT)


def site_address(text: str) -> str:
    """The public address of a site, with its final slash; BadValueError when no site can be there."""
    sample = "write one such as https://news.example.org/"
    what = f"{shortened(text)} is not the address of a site"
    if not text.startswith(("http://", "https://")) or "?" in text or "#" in text or _BRACKETS_OR_MARKUP.search(text):
        raise BadValueError(what, sample)
    web_address(text)
    parts = urlsplit(text)
    if "//" in parts.path or {".", ".."} & {unquote(segment) for segment in parts.path.split("/")}:
        raise BadValueError(what, sample)
    path = quote(unquote(parts.path), safe=_IN_PATH)
    return f"{parts.scheme}://{parts.netloc}{path.removesuffix('/')}/"


def check_signs(text: str) -> None:
    """BadValueError when a sign cannot be seen, or only looks like one of those that end a host."""
    unseen = next((sign for sign in text if not sign.isprintable() or sign.isspace()), None)
    if unseen is not None:
        what = "a space" if unseen == " " else f"the sign U+{ord(unseen):04X}, which nobody sees"
        raise BadValueError(f"{shortened(text)} holds {what}", "write it without")
    found = _AUTHORITY.match(text)
    host = unquote(found["host"]) if found else ""
    if found and (meant := host.translate(LOOK_ALIKES)) != host:
        sign = next(sign for sign in host if ord(sign) in LOOK_ALIKES)
        what = f"{shortened(text)} holds {unicodedata.name(sign).lower()} (U+{ord(sign):04X})"
        rest = text[found.end() :]
        raise BadValueError(what, f"write {cut((found['scheme'] or '') + found['slashes'] + meant + rest, 100)}")


def _split(text: str) -> SplitResult:
    """The parts of an address whose host and port can be read."""
    try:
        parts = urlsplit(text)
        _ = parts.port
    except ValueError:
        raise BadValueError(f"{shortened(text)} is not a web address", _IN_FULL) from None
    again = re.sub(r"(?i)^https?:/*(?=https?(:|//))", "", text)
    if again != text:
        meant = re.sub(r"(?i)^(https?):?/*", r"\1://", again)
        raise BadValueError(f"{shortened(text)} says {parts.scheme}: twice", f"write {cut(meant, 100)}")
    if not parts.netloc and parts.path.strip("/"):
        meant = f"{parts.scheme}://{parts.path.lstrip('/')}"
        raise BadValueError(f"{shortened(text)} lacks // before its host", f"write {cut(meant, 100)}")
    return parts


def _check_host(text: str, parts: SplitResult) -> None:
    """The host is one that a reader recognises as it stands."""
    host = parts.hostname or ""
    before, at, behind = parts.netloc.rpartition("@")
    if at:
        what = f"{shortened(text)} leads to {shortened(behind)}, not to {shortened(before)}"
        raise BadValueError(what, f"write {_with_host(text, parts, behind)} if it is to lead there")
    if not (plain := unquote(host)).isascii():
        raise BadValueError(*_foreign(text, parts, plain))
    if "%" in host:
        meant = _with_host(text, parts, plain.rpartition("@")[2])
        raise BadValueError(f"the host of {shortened(text)} is written with %", f"write {meant}")
    known = _decoded(host)
    if known is None or not _is_host(host) or parts.port == 0 or not _NETLOC.fullmatch(parts.netloc):
        raise BadValueError(f"{shortened(text)} is not a web address", _IN_FULL)
    if _is_mixed(known):
        raise BadValueError(*_mixed(text))


def _is_host(host: str) -> bool:
    """Whether it is a name, or an IP address in its usual form (RFC 3986 section 3.2.2)."""
    try:
        if ":" in host:
            return bool(IPv6Address(host))
        labels = host.removesuffix(".").split(".")
        if _NUMBER.fullmatch(labels[-1]):  # browsers take 3232235777 and 0x7f.1 for IP addresses
            return bool(IPv4Address(host))
    except AddressValueError:
        return False
    return len(host) <= 253 and all(map(_LABEL.fullmatch, labels))


def _foreign(text: str, parts: SplitResult, host: str) -> tuple[str, str]:
    """What and fix for a host with other letters than a to z."""
    if _is_mixed(host):
        return _mixed(text)
    try:
        plain = host.encode("idna").decode()
    except UnicodeError:
        return f"{shortened(text)} is not a web address", _IN_FULL
    what = f"the host of {shortened(text)} has other letters than a to z"
    return what, f"write {_with_host(text, parts, plain)}"


def _with_host(text: str, parts: SplitResult, host: str) -> str:
    """The address with another host, as far as a message has room for it."""
    return cut(text.replace(parts.netloc, host, 1), 100)


def _mixed(text: str) -> tuple[str, str]:
    return f"the host of {shortened(text)} has letters that only look like a to z", "type it anew"


def _is_mixed(host: str) -> bool:
    """Whether a label has letters of two scripts that look alike."""
    return any(len(_scripts(label)) > 1 for label in host.split("."))


def _scripts(label: str) -> set[str]:
    """The scripts with letters in the label that look like Latin ones."""
    words = {unicodedata.name(sign, "").partition(" ")[0] for sign in label if sign.isalpha()}
    return words.intersection(_LOOKING_LIKE_LATIN)


def _decoded(host: str) -> str | None:
    """The host as browsers may show it; None when a label is encoded (RFC 3492) in a way that nobody can read."""
    try:
        labels = [label[4:].encode().decode("punycode") if label[:4] == "xn--" else label for label in host.split(".")]
    except UnicodeError:
        return None
    known = ".".join(labels)
    return known if known.isprintable() else None
