"""What the head of a request says of what follows it, and whose host it names: the same at every door."""

import re
from typing import Any

from gunicorn.http.errors import InvalidHeader

PLAIN_METHODS = frozenset(("GET", "HEAD", "OPTIONS"))
# uri-host [":" port] (RFC 9110 section 7.2, RFC 3986 section 3.2.2); a registered name may be empty
HOST = re.compile(
    r"(?:\[[0-9A-Fa-f:.]+\]|\[v[0-9A-Fa-f]+\.[\w.~!$&'()*+,;=:-]+\]|(?:[\w.~!$&'()*+,;=-]|%[0-9A-Fa-f]{2})*)(?::\d*)?",
    re.ASCII,
)


def is_plain(request: Any) -> bool:
    """Whether the head of ``request`` is all there is to it, and another request may safely follow (RFC 9112 6)."""
    return request.method in PLAIN_METHODS and not any(
        name == "TRANSFER-ENCODING" or (name == "CONTENT-LENGTH" and value != "0") for name, value in request.headers
    )


def wants_only_an_answer(request: Any) -> bool:
    """Whether ``request`` is plain and asks nothing of the connection itself."""
    return is_plain(request) and not any(name in ("EXPECT", "UPGRADE") for name, _ in request.headers)


def require_host(request: Any) -> None:
    """Refuse a request without the Host that HTTP/1.1 demands, or with one that is none (RFC 9112 section 3.2)."""
    hosts = [value for name, value in request.headers if name == "HOST"]  # the parser lets no second one pass
    if not all(map(HOST.fullmatch, hosts)) or (not hosts and request.version >= (1, 1)):
        raise InvalidHeader("HOST", req=request)


def pre_request(_worker: Any, request: Any) -> None:
    """Close after anything but a plain request: what follows an unread body need not be one. A hook of gunicorn.

    RFC 9112 section 11.2. The worker class, which knows this hook, judges as it does.
    """
    require_host(request)
    if not is_plain(request):
        request.force_close()
