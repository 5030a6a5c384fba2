"""A row of ``kinds`` as header fields: what a document tells caches, browsers and the sites that embed it."""

from itertools import starmap

from feedsvc.kinds import CLOSED_POLICY, DAY, KINDS, MOVED, YEAR, Kind
from feedsvc.publication.rows import Stored

Headers = tuple[tuple[str, str], ...]

HTML = "text/html"
ALLOW = "GET, HEAD, OPTIONS"
EXPOSED = "ETag, Last-Modified, Link"
TARGETED = ("CDN-Cache-Control", "Surrogate-Control")  # of which each cache that can be told knows one
ALL_KEY = "all"  # what caches know every document by that may change
PATH_KEY_AT_MOST = 1_000  # characters: no document has a longer path
PERMISSIONS = "camera=(), geolocation=(), microphone=(), payment=(), usb=()"


def cache_control(kind: Kind, seconds_left: int | None) -> str:
    """Cache-Control (RFC 9111 section 5.2.2), cut so that no cache shows an update that has expired.

    ``seconds_left`` is the time until the first of those shown does, None when none does. What waits for its time
    cuts nothing: nobody is to see when it comes.
    """
    if kind.is_immutable:
        return f"max-age={YEAR}, immutable" + (", no-transform" if kind.is_exact else "")
    left = YEAR if seconds_left is None or kind.is_fixed else max(0, seconds_left)
    private, shared = min(kind.max_age, left), min(kind.shared_max_age, left)
    fresh = f"max-age={private}, s-maxage={shared}"
    stale = min(kind.stale, left - max(private, shared))
    return f"{fresh}, stale-while-revalidate={stale}, stale-if-error={DAY}"


# How long after an answer some cache may still give it: the expiry it must know of.
HORIZON = max(max(kind.max_age, kind.shared_max_age) + kind.stale for kind in KINDS if not kind.is_fixed)

NO_GUESSING: Headers = (("X-Content-Type-Options", "nosniff"),)
ALWAYS: Headers = (  # but in a 304: who holds the document holds these, too
    *NO_GUESSING,
    ("Referrer-Policy", "no-referrer"),
    ("Permissions-Policy", PERMISSIONS),
    ("Cross-Origin-Resource-Policy", "cross-origin"),
)
OPEN: Headers = (("Access-Control-Allow-Origin", "*"), ("Access-Control-Expose-Headers", EXPOSED))
MOVED_FIELDS: Headers = (("Cache-Control", f"max-age={MOVED.max_age}"), *OPEN, *ALWAYS)
# of the way from a feed to its page, for people who open it in a browser
VISIT_FIELDS: Headers = (("Cache-Control", "no-store"), ("Vary", "Sec-Fetch-Dest"), *OPEN, *ALWAYS)
PREFLIGHT: Headers = (
    ("Allow", ALLOW),
    ("Access-Control-Allow-Origin", "*"),
    ("Access-Control-Allow-Methods", ALLOW),
    ("Access-Control-Allow-Headers", "Cache-Control, If-Modified-Since, If-None-Match, Range"),
    ("Access-Control-Max-Age", str(DAY)),
    *ALWAYS,
)
PLAIN: Headers = (("Cache-Control", "no-store"), ("Content-Security-Policy", CLOSED_POLICY), *ALWAYS)


def has_keys(document: Stored) -> bool:
    """Whether caches can be told of it, and need to be."""
    return ALL_KEY in document.tags and not document.kind.is_fixed


def keys_of(*keys: str) -> Headers:
    """What caches know an answer by, each in the field that it reads."""
    return (("Surrogate-Key", " ".join(keys)), ("Cache-Tag", ",".join(keys)))


def with_path(fields: Headers, path: str) -> Headers:
    """The fields of what is said in the place of a document, by whose path caches are to know it."""
    known = dict(fields).get("Surrogate-Key", ALL_KEY).split()
    named = dict(keys_of(*dict.fromkeys((*known, (path or "/")[:PATH_KEY_AT_MOST]))))
    return (*((name, value) for name, value in fields if name not in named), *named.items())


def vary(document: Stored) -> str:
    """What chooses between the answers at this address (RFC 9110 section 12.5.5)."""
    return "Accept-Encoding, Sec-Fetch-Dest" if document.page_path else "Accept-Encoding"


def kept_headers(document: Stored, seconds_left: int | None, cdn_age: int = 0) -> Headers:
    """The fields of a 200 that a 304 repeats (RFC 9110 section 15.4.5), and those that browsers check on any answer.

    ``cdn_age`` is for how long a cache may keep the document that is told when it changes: never in ``s-maxage``, which
    the proxy of a hospital would obey without being told anything (RFC 9213).
    """
    kind, targeted = document.kind, TARGETED if cdn_age and has_keys(document) else ()
    return (
        ("Cache-Control", cache_control(kind, seconds_left)),
        *((name, f"max-age={cdn_age}, stale-if-error={DAY}") for name in targeted),
        ("Vary", vary(document)),
        *(OPEN if kind.is_open else ()),
        *NO_GUESSING,
    )


def full_headers(document: Stored) -> Headers:
    """The fields that describe the document itself, beside those of ``kept_headers``."""
    kind, keys = document.kind, (*document.tags, document.path) if has_keys(document) else document.tags
    optional = {
        "Link": ", ".join(starmap(link, document.links)),
        "Accept-Ranges": "bytes" if kind.has_ranges else "",
        **dict(keys_of(*keys)),
    }
    return (
        ("Content-Type", content_type(document.media_type)),
        ("Content-Security-Policy", document.policy or kind.policy),
        *((("Cross-Origin-Opener-Policy", "same-origin"),) if document.media_type == HTML else ()),
        # a page that demands this of itself demands it of what it frames
        *((("Cross-Origin-Embedder-Policy", "require-corp"),) if kind.is_framed else ()),
        *(field for field in ALWAYS if field not in NO_GUESSING),
        *((name, value) for name, value in optional.items() if value),
    )


def link(rel: str, url: str, media_type: str) -> str:
    """A value of Link (RFC 8288)."""
    return f'<{url}>; rel="{rel}"' + (f'; type="{media_type}"' if media_type else "")


def content_type(media_type: str) -> str:
    """The media type, with the charset where it is text."""
    is_text = media_type.startswith(("text/", "application/rss", "application/atom", "application/feed"))
    return f"{media_type}; charset=utf-8" if is_text else media_type
