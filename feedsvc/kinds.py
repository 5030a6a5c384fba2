"""The kinds of documents: a row says what caches, browsers, counters and hosts are to know of every document of a kind.

Header rules, counters, codings, the export and a table of the README are read from here. A document's own fields
(``model.Document``) say the rest.
"""

from dataclasses import dataclass, replace

HOUR = 3_600
DAY = 24 * HOUR
YEAR = 365 * DAY

CLOSED_POLICY = "default-src 'none'; frame-ancestors 'none'; sandbox"
_OWN = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'"
_END = "base-uri 'none'; form-action"
# connect-src for the search, and for PageSpeed Insights, which asks for robots.txt from within a page
PAGE_POLICY = f"{_OWN}; connect-src 'self'; manifest-src 'self'; {_END} 'self'; frame-ancestors 'none'"
# who may show it in a frame stands in the document's own policy
EMBED_POLICY = f"{_OWN}; {_END} 'none'"
BUILDER_POLICY = (
    f"{_OWN}; connect-src 'self'; frame-src 'self'; manifest-src 'self'; {_END} 'none'; frame-ancestors 'none'"
)
FILE_POLICY = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'"

BROTLI_QUICK = 5  # the best level gains a tenth and costs sixty times as much
BROTLI_BEST = 11
GZIP = 6  # of libdeflate: smaller than zlib's best in less than half its time
GZIP_QUICK = 1  # a sixteenth more octets in a quarter of the time: for what is made often and asked for seldom


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """A row of the table. Times are seconds; ``policy`` is a Content-Security-Policy.

    ``max_age`` is for browsers and feed readers, ``shared_max_age`` for caches that many share; ``stale`` is how long
    either may still show what it has while it asks anew. ``brotli`` is the level of that coding; None for none.
    ``gzip`` is the level of the other. ``status`` is that of an answer with the document. ``is_open`` says whether
    pages of any site may read it (CORS), ``is_fixed`` that no scheduled change alters it, ``is_immutable`` that nothing
    does, ``has_ranges`` that a part of it may be asked for, ``is_bulky`` that no other document may be forgotten for
    it, ``is_framed`` that other sites show it inside their pages, ``is_exact`` that no cache may change its octets,
    whose digest other sites compare.
    """

    name: str
    max_age: int
    shared_max_age: int
    stale: int
    policy: str
    brotli: int | None
    gzip: int = GZIP
    status: int = 200
    is_open: bool = False
    is_fixed: bool = False
    is_immutable: bool = False
    has_ranges: bool = False
    is_bulky: bool = False
    is_framed: bool = False
    is_exact: bool = False

    @property
    def leads_on(self) -> bool:
        """Whether it only says where something else is."""
        return 300 <= self.status < 400


FEED = Kind(
    name="feed", max_age=600, shared_max_age=300, stale=60, policy=CLOSED_POLICY, brotli=BROTLI_QUICK, is_open=True
)
PAGE = Kind(name="page", max_age=300, shared_max_age=300, stale=60, policy=PAGE_POLICY, brotli=BROTLI_QUICK)
# they are many and each is asked for seldom: a sixth of a publish would save 300 octets of each
UPDATE = replace(PAGE, name="update", brotli=None)
ASSET = Kind(
    name="asset",
    max_age=YEAR,
    shared_max_age=YEAR,
    stale=0,
    policy=CLOSED_POLICY,
    brotli=BROTLI_BEST,  # made once per release
    is_fixed=True,
    is_immutable=True,
)
ATTACHMENT = replace(FEED, name="attachment", max_age=HOUR, policy=FILE_POLICY, has_ranges=True)
ICON = Kind(name="icon", max_age=DAY, shared_max_age=DAY, stale=DAY, policy=CLOSED_POLICY, brotli=None, is_fixed=True)
OPML = replace(FEED, name="opml")
ERROR = replace(PAGE, name="error", max_age=60, shared_max_age=60, stale=0, status=404)
PICTURE = replace(ASSET, name="picture", brotli=BROTLI_QUICK, is_open=True, has_ranges=True, is_bulky=True)
MOVED = replace(ICON, name="moved", max_age=HOUR, shared_max_age=HOUR, stale=0, status=301, is_open=True)
# these, too, are many, and each is asked for seldom
MIXED_PAGE = replace(PAGE, name="mixed-page", brotli=None, gzip=GZIP_QUICK)
MIXED_FEED = replace(FEED, name="mixed-feed", brotli=None, gzip=GZIP_QUICK)
CALENDAR = replace(FEED, name="calendar", brotli=None)  # there is one for every place and many an update
GONE = replace(PAGE, name="gone", stale=0, brotli=None, status=410)
EMBED = replace(UPDATE, name="embed", policy=EMBED_POLICY, gzip=GZIP_QUICK, is_open=True, is_framed=True)
BUILDER = replace(PAGE, name="builder", policy=BUILDER_POLICY)
SCRIPT = replace(ASSET, name="script", is_open=True, is_exact=True)
OEMBED = replace(FEED, name="oembed", max_age=300, brotli=None)
ARCHIVE_PAGE = replace(PAGE, name="archive-page", brotli=None, gzip=GZIP_QUICK)
# kept no longer than a feed: what is withdrawn must go from it
ARCHIVE = replace(FEED, name="archive", brotli=None, gzip=GZIP_QUICK)
SITEMAP = replace(OPML, name="sitemap", brotli=None, is_open=False)  # and what else is for search engines alone
SUBSCRIBE = replace(PAGE, name="subscribe", brotli=None, is_fixed=True)
SEARCH = replace(PAGE, name="search")
SEARCH_INDEX = replace(OPML, name="search-index", max_age=300, brotli=None, is_open=False)
POSTER = replace(PAGE, name="poster", brotli=None)
GONE_FEED = replace(FEED, name="gone-feed", brotli=None, status=410, is_fixed=True)  # its last entry says why
RESTING = replace(MOVED, name="resting", status=302, is_fixed=False)  # for the time being
# A new one is added last, for counters keep the place of each.

KINDS = tuple(row for row in [*globals().values()] if isinstance(row, Kind))  # every row above, in order
BY_NAME = {kind.name: kind for kind in KINDS}
