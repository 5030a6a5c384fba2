"""Who may see a preview: a browser on this machine that nobody else sent here. Pages learn to reload by themselves.

A page of another site comes with a foreign Host when its name is made to lead to this machine (DNS rebinding); else its
requests say so in Sec-Fetch-Site; and no script of another site may read an answer.
"""

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

LOOPBACK = "127.0.0.1"
POLICY = "default-src 'self' 'unsafe-inline'; frame-ancestors 'self'; base-uri 'none'; form-action 'self'"
OWN = (
    ("Cache-Control", "no-store"),
    ("Content-Security-Policy", POLICY),
    ("Cross-Origin-Resource-Policy", "same-origin"),
    ("X-Robots-Tag", "noindex"),
)
_REPLACED = frozenset({name.lower() for name, _ in OWN} | {"etag", "last-modified", "content-length", "vary"})
_OTHERS = "access-control-"  # what is for the scripts of other sites begins so
_UNASKED = ("HTTP_ACCEPT_ENCODING", "HTTP_IF_", "HTTP_RANGE")  # what the names of those fields begin with
_BAR = (
    b'<p style="position:fixed;bottom:0;right:0;margin:0;padding:.5rem .8rem;z-index:9;background:#ffc445;color:#000">'
    b'Preview. <a style="color:#000" href="/_preview/">All updates</a></p><script src="/_preview/reload.js"></script>'
)


class Gate:
    """A WSGI application that lets the officer's own browser through to another one, at a port of this machine."""

    def __init__(self, application: "WSGIApplication", port: int) -> None:
        self._application = application
        self._host = f"{LOOPBACK}:{port}"

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        """Refuse, or answer with a whole body that nobody keeps."""
        if not self._is_own(environ):
            body = f"This is a preview for one person. Open http://{self._host}/\n".encode()
            start_response("403 Forbidden", [("Content-Type", "text/plain; charset=utf-8"), *OWN])
            return [body]
        for name in [name for name in environ if name.startswith(_UNASKED)]:
            del environ[name]
        told: list[Any] = []

        def tell(status: str, headers: list[tuple[str, str]], *_: Any) -> Callable[[bytes], object]:
            told[:] = status, headers
            return lambda _octets: None

        body = b"".join(self._application(environ, tell))
        kept = [pair for pair in told[1] if not (name := pair[0].lower()).startswith(_OTHERS) and name not in _REPLACED]
        if dict(kept).get("Content-Type", "").startswith("text/html"):
            body = body.replace(b"</body>", _BAR + b"</body>", 1)
        start_response(told[0], [*kept, *OWN])
        return [body]

    def _is_own(self, environ: "WSGIEnvironment") -> bool:
        if environ.get("HTTP_HOST") != self._host:
            return False
        is_typed = environ.get("HTTP_SEC_FETCH_MODE") == "navigate" and environ.get("HTTP_SEC_FETCH_DEST") == "document"
        return is_typed or environ.get("HTTP_SEC_FETCH_SITE", "none") in ("none", "same-origin")
