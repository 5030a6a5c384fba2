"""Request heads, read by gunicorn's own parser from memory.

A head is everything up to and including the empty line. The parser is the one that reads sockets in the stock workers,
so it refuses here what it refuses there, with the same words.
"""

from types import SimpleNamespace
from typing import Any

from gunicorn.http.message import Request
from gunicorn.http.unreader import IterUnreader

END = b"\r\n\r\n"
PLAIN_METHODS = frozenset(("GET", "HEAD", "OPTIONS"))
TAKES_MORE_THAN_A_HEAD = frozenset(("EXPECT", "TRANSFER-ENCODING", "UPGRADE"))


class FixedSettings(SimpleNamespace):
    """A gunicorn configuration as plain attributes.

    The parser and ``wsgi.create`` ask for dozens of settings per request; gunicorn computes each on every access, which
    is nearly half of the time that reading a head takes. Settings do not change while a worker lives.
    """

    @classmethod
    def of(cls, cfg: Any) -> "FixedSettings":
        """The settings of ``cfg``, and what ``cfg`` derives from them for the parser."""
        return cls(
            **{name: setting.get() for name, setting in cfg.settings.items()},
            is_ssl=cfg.is_ssl,
            forwarded_allow_networks=cfg.forwarded_allow_networks,
        )


def read_head(settings: FixedSettings, octets: bytes, client: Any) -> Any:
    """The request that begins with ``octets``, as gunicorn's parser sees it.

    Raises:
        NoMoreData: the head is not finished, and well-formed so far.
        Exception: whatever else the parser refuses it with; ``Worker.handle_error`` knows how to answer.
    """
    return Request(settings, IterUnreader((octets,)), client)


def has_body(request: Any) -> bool:
    """Whether octets other than another request may follow the head (RFC 9112 section 6)."""
    return any(
        name == "TRANSFER-ENCODING" or (name == "CONTENT-LENGTH" and value != "0") for name, value in request.headers
    )


def is_plain(request: Any) -> bool:
    """Whether the head of ``request`` is all there is to it, and another request may safely follow."""
    return request.method in PLAIN_METHODS and not has_body(request)


def wants_only_an_answer(request: Any) -> bool:
    """Whether ``request`` is plain and asks nothing of the connection itself."""
    return is_plain(request) and not any(name in TAKES_MORE_THAN_A_HEAD for name, _ in request.headers)
