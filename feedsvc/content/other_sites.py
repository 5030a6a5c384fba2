"""What ``site.yaml`` says of other sites: who may show our pages, and whom our changes are announced to."""

from urllib.parse import urlsplit

from feedsvc.addresses import site_address, web_address
from feedsvc.errors import BadValueError, shortened

LOOPBACK = ("localhost", "127.0.0.1", "::1")


def read_embedding_site(text: str) -> str:
    """The origin of a site that may show updates in frames, as a Content-Security-Policy writes it."""
    scheme, wild, host = text.partition("://*.")
    address = urlsplit(site_address(f"{scheme}://{host}" if wild else text))
    origin = f"{address.scheme}://{'*.' if wild else ''}{address.netloc}"
    if address.path != "/":
        raise BadValueError(f"{shortened(text)} is a page, not a site", f"write {origin}")
    return origin


def read_hub(text: str) -> str:
    """The address of a WebSub hub: what it is told must not be changed on the way."""
    address = web_address(text)
    parts = urlsplit(address)
    if parts.fragment or "#" in address:
        what = f"{shortened(text)} names a part of a page, which no hub is"
        raise BadValueError(what, "write it without # and the rest")
    if parts.scheme != "https" and parts.hostname not in LOOPBACK:
        raise BadValueError(f"{shortened(text)} is not safe on the way", f"write https://{address.partition('://')[2]}")
    return address
