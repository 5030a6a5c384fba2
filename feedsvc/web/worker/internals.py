"""What the loop uses of gunicorn beyond what gunicorn documents; a test pins the parameters, too.

Heads are read by gunicorn's own parser from memory, so they are refused here as the stock workers refuse them, with the
same words. A head is everything up to and including the empty line.
"""

from types import SimpleNamespace
from typing import Any

import gunicorn
from gunicorn import http, util
from gunicorn.http import errors, wsgi
from gunicorn.http.message import HeaderPolicy, Request
from gunicorn.http.unreader import IterUnreader
from gunicorn.workers import gthread

RELEASE = 27  # of gunicorn, to which the range in pyproject.toml belongs
USED: dict[Any, tuple[str, ...]] = {
    http: ("get_parser",),
    util: ("http_date",),
    wsgi: ("create",),
    errors: ("LimitRequestHeaders", "NoMoreData"),
    HeaderPolicy: ("_peer_is_trusted_proxy",),
    IterUnreader: ("take_buffered", "unread"),
    gthread: ("STOP_KEEPALIVE_LINGER", "TConn"),
    gthread.PollableMethodQueue: ("defer", "fileno", "run_callbacks"),
    gthread.ThreadWorker: ("handle", "handle_error", "is_parent_alive", "notify"),
}
KEPT = ("alive", "cfg", "log", "max_requests", "method_queue", "nr", "poller", "sockets", "tpool", "worker_connections")


def missing(worker: Any) -> list[str]:
    """What this gunicorn has not that the loop relies on."""
    release = gunicorn.version_info[0]
    return [
        *([f"it is release {release}, not {RELEASE}"] if release != RELEASE else []),
        *(f"{owner.__name__}.{name}" for owner, names in USED.items() for name in names if not hasattr(owner, name)),
        *(f"worker.{name}" for name in KEPT if not hasattr(worker, name)),
    ]


class FixedSettings(SimpleNamespace):
    """A gunicorn configuration as plain attributes.

    The parser and ``wsgi.create`` ask for dozens of settings per request; gunicorn computes each on every access, which
    is nearly half of the time that reading a head takes. Settings do not change while a worker lives.
    """

    def __init__(self, cfg: Any) -> None:
        derived = {"is_ssl": cfg.is_ssl, "forwarded_allow_networks": cfg.forwarded_allow_networks}
        super().__init__(**{name: setting.get() for name, setting in cfg.settings.items()}, **derived)


def read_head(settings: FixedSettings, octets: bytes, client: Any) -> Any:
    """The request that begins with ``octets``, as gunicorn's parser sees it.

    Raises:
        NoMoreData: the head is not finished, and well-formed so far.
        Exception: whatever else the parser refuses it with; ``Worker.handle_error`` knows how to answer.
    """
    return Request(settings, IterUnreader((octets,)), client)


def is_trusted(settings: FixedSettings, client: Any) -> bool:
    """Whether what ``client`` says of the scheme is believed, and may be a contradiction for the parser to refuse."""
    return bool(HeaderPolicy._peer_is_trusted_proxy(SimpleNamespace(cfg=settings, peer_addr=client)))  # noqa: SLF001 # its rule
