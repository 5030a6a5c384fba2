"""The stylesheet and the scripts: small files whose names carry the digest of their bytes, so they never go stale."""

import base64
import functools
import hashlib
from dataclasses import dataclass
from importlib.resources import files

from feedsvc import urls
from feedsvc.model import Site

STYLE = "style.css"
SCRIPT = "copy.js"
MIXING = "mixes.js"
EMBED_STYLE = "embed.css"
EMBED_SCRIPT = "embed.js"
BUILDER_SCRIPT = "builder.js"
SEARCH_SCRIPT = "search.js"
POSTER_STYLE = "poster.css"
ELEMENT = "embed-1.js"
_NAMES = (STYLE, SCRIPT, MIXING, EMBED_STYLE, EMBED_SCRIPT, BUILDER_SCRIPT, SEARCH_SCRIPT, POSTER_STYLE)
_MEDIA_TYPES = {"css": "text/css", "js": "text/javascript"}
_DIGEST_LENGTH = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Asset:
    """An immutable file that pages load; it lives at ``urls.asset_path(name_with_digest)``."""

    name_with_digest: str
    media_type: str
    body: bytes


def assets() -> tuple[Asset, ...]:
    """Every file that pages load besides the site's own artwork, in a fixed order."""
    return tuple(_find_assets().values())


def asset_href(site: Site, name: str) -> str:
    """What a page writes to load the asset whose source file is ``name``."""
    return urls.href(site, urls.asset_path(_find_assets()[name].name_with_digest))


@functools.cache
def element_script() -> bytes:
    """The script that other sites load. Its address is for good, and so are its bytes: a change is another file."""
    return files("feedsvc.pages").joinpath("static", ELEMENT).read_bytes()


@functools.cache
def element_integrity() -> str:
    """What a page writes to load that script and no other (Subresource Integrity)."""
    return "sha384-" + base64.b64encode(hashlib.sha384(element_script()).digest()).decode()


@functools.cache
def _find_assets() -> dict[str, Asset]:
    return {name: _read(name) for name in _NAMES}


def _read(name: str) -> Asset:
    body = files("feedsvc.pages").joinpath("static", name).read_bytes()
    stem, _, ending = name.rpartition(".")
    digest = hashlib.sha256(body).hexdigest()[:_DIGEST_LENGTH]
    return Asset(name_with_digest=f"{stem}.{digest}.{ending}", media_type=_MEDIA_TYPES[ending], body=body)
