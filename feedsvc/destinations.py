"""Which caches the surroundings want to be told of changes. What is wrong is said without repeating it.

For in the place of an address people write secrets, too.
"""

from contextlib import suppress

from feedsvc.addresses import web_address
from feedsvc.errors import BadValueError

CACHES_AT_ADDRESSES, CACHES_OF_ACCOUNTS = ("varnish", "webhook"), ("fastly", "cloudflare")
KNOWN_CACHES = (
    *(f"{kind} https://cache.example.org/" for kind in CACHES_AT_ADDRESSES),
    *(f"{kind} and the id of your service there" for kind in CACHES_OF_ACCOUNTS),
)
_FIX = f"write one of: {'; '.join(KNOWN_CACHES)}; several with commas between, and secrets into FEEDSVC_PURGE_TOKEN"


def check_caches(text: str) -> str:
    """The kind of each cache and where it is, with commas between; BadValueError for anything else."""
    return ", ".join(map(_check_cache, text.split(",")))


def caches(places: str, tokens: str) -> list[tuple[str, str]]:
    """Each cache of such a text with its secret: that at its place among the tokens, or the only one there is."""
    named = places.split(", ") if places else []
    secrets = tokens.split(" ")
    return list(zip(named, secrets * len(named) if len(secrets) == 1 else secrets, strict=False))


def check_tokens(text: str) -> str:
    """Secrets as a request can carry them, with spaces between; BadValueError for anything else."""
    if text.isascii() and text.isprintable():
        return text
    raise BadValueError("it holds signs that no request can carry", "write it as it was given to you")


def _check_cache(text: str) -> str:
    kind, _, place = (part.strip() for part in text.strip().partition(" "))
    if kind in CACHES_AT_ADDRESSES:
        with suppress(BadValueError):
            return f"{kind} {web_address(place)}"
    elif kind in CACHES_OF_ACCOUNTS and place.isascii() and place.isalnum():
        return f"{kind} {place}"
    is_known = kind in (*CACHES_AT_ADDRESSES, *CACHES_OF_ACCOUNTS)
    what = f"what stands behind {kind} is not where one is" if is_known else "no such cache is known"
    raise BadValueError(what, _FIX)
