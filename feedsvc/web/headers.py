"""The header table: what each kind of document says about itself, to caches, browsers and the sites that embed it."""

from dataclasses import dataclass

from feedsvc.publication.reader import Stored

Headers = tuple[tuple[str, str], ...]

ALLOW = "GET, HEAD, OPTIONS"
EXPOSED = "ETag, Last-Modified, Link"
DAY = 86_400
YEAR = 31_536_000

CLOSED_POLICY = "default-src 'none'; frame-ancestors 'none'; sandbox"
PAGE_POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; "
    "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
FILE_POLICY = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'"
PERMISSIONS = "camera=(), geolocation=(), microphone=(), payment=(), usb=()"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """A row of the table. Times are seconds.

    ``is_open`` says whether pages of any site may read it (CORS), ``is_fixed`` that no scheduled change alters it.
    """

    max_age: int
    shared_max_age: int
    stale: int
    policy: str
    is_open: bool = False
    is_fixed: bool = False
    is_immutable: bool = False
    has_ranges: bool = False

    def cache_control(self, seconds_left: int | None) -> str:
        """Cache-Control (RFC 9111 section 5.2.2), cut so that no cache shows an update that has expired.

        ``seconds_left`` is the time until the first of those shown does, None when none does. What waits for its time
        cuts nothing: nobody is to see when it comes.
        """
        if self.is_immutable:
            return f"public, max-age={YEAR}, immutable"
        left = YEAR if seconds_left is None or self.is_fixed else max(0, seconds_left)
        private, shared = min(self.max_age, left), min(self.shared_max_age, left)
        fields = [
            "public",
            f"max-age={private}",
            f"s-maxage={shared}",
            f"stale-while-revalidate={min(self.stale, left - max(private, shared))}",
            f"stale-if-error={DAY}",
        ]
        return ", ".join(fields)

    @property
    def horizon(self) -> int:
        """How long after an answer some cache may still give it: the expiry it must know of."""
        return 0 if self.is_fixed else max(self.max_age, self.shared_max_age) + self.stale


RULES = {
    "feed": Rule(max_age=600, shared_max_age=300, stale=60, policy=CLOSED_POLICY, is_open=True),
    "opml": Rule(max_age=600, shared_max_age=300, stale=60, policy=CLOSED_POLICY, is_open=True),
    "page": Rule(max_age=300, shared_max_age=300, stale=60, policy=PAGE_POLICY),
    "update": Rule(max_age=300, shared_max_age=300, stale=60, policy=PAGE_POLICY),
    "error": Rule(max_age=60, shared_max_age=60, stale=0, policy=PAGE_POLICY),
    "icon": Rule(max_age=DAY, shared_max_age=DAY, stale=DAY, policy=CLOSED_POLICY, is_fixed=True),
    "asset": Rule(max_age=YEAR, shared_max_age=YEAR, stale=0, policy=CLOSED_POLICY, is_fixed=True, is_immutable=True),
    "picture": Rule(
        max_age=YEAR,
        shared_max_age=YEAR,
        stale=0,
        policy=CLOSED_POLICY,
        is_open=True,
        is_fixed=True,
        is_immutable=True,
        has_ranges=True,
    ),
    "moved": Rule(max_age=3600, shared_max_age=3600, stale=0, policy=CLOSED_POLICY, is_open=True, is_fixed=True),
    "attachment": Rule(max_age=3600, shared_max_age=300, stale=60, policy=FILE_POLICY, is_open=True, has_ranges=True),
}
HORIZON = max(rule.horizon for rule in RULES.values())

NO_GUESSING: Headers = (("X-Content-Type-Options", "nosniff"),)
ALWAYS: Headers = (  # but in a 304: who holds the document holds these, too
    *NO_GUESSING,
    ("Referrer-Policy", "no-referrer"),
    ("Permissions-Policy", PERMISSIONS),
    ("Cross-Origin-Resource-Policy", "cross-origin"),
)
OPEN: Headers = (("Access-Control-Allow-Origin", "*"), ("Access-Control-Expose-Headers", EXPOSED))
PREFLIGHT: Headers = (
    ("Allow", ALLOW),
    ("Access-Control-Allow-Origin", "*"),
    ("Access-Control-Allow-Methods", ALLOW),
    ("Access-Control-Allow-Headers", "Cache-Control, If-Modified-Since, If-None-Match, Range"),
    ("Access-Control-Max-Age", str(DAY)),
    *ALWAYS,
)
PLAIN: Headers = (("Cache-Control", "no-store"), ("Content-Security-Policy", CLOSED_POLICY), *ALWAYS)


def vary(document: Stored) -> str:
    """What chooses between the answers at this address (RFC 9110 section 12.5.5)."""
    return "Accept-Encoding, Sec-Fetch-Dest" if document.page_path else "Accept-Encoding"


def kept_headers(document: Stored, seconds_left: int | None) -> Headers:
    """The fields of a 200 that a 304 repeats (RFC 9110 section 15.4.5), and those that browsers check on any answer."""
    rule = RULES[document.kind]
    return (
        ("Cache-Control", rule.cache_control(seconds_left)),
        ("Vary", vary(document)),
        *(OPEN if rule.is_open else ()),
        *NO_GUESSING,
    )


def full_headers(document: Stored) -> Headers:
    """The fields that describe the document itself, beside those of ``kept_headers``."""
    rule = RULES[document.kind]
    links = ", ".join(f'<{url}>; rel="{rel}"; type="{media_type}"' for rel, url, media_type in document.links)
    return (
        ("Content-Type", content_type(document.media_type)),
        ("Content-Security-Policy", rule.policy),
        *(field for field in ALWAYS if field not in NO_GUESSING),
        *((("Link", links),) if links else ()),
        *((("Accept-Ranges", "bytes"),) if rule.has_ranges else ()),
        *(
            (("Surrogate-Key", " ".join(document.tags)), ("Cache-Tag", ",".join(document.tags)))
            if document.tags
            else ()
        ),
    )


def content_type(media_type: str) -> str:
    """The media type, with the charset where it is text."""
    is_text = media_type.startswith(("text/", "application/rss", "application/atom", "application/feed"))
    return f"{media_type}; charset=utf-8" if is_text else media_type
