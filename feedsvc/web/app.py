"""The Flask application: documents are answered before Flask's routing, Flask answers the rest."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from flask import Flask, Response
from werkzeug.exceptions import HTTPException, InternalServerError

from feedsvc import urls
from feedsvc.publication.reader import StoreError
from feedsvc.settings import Settings, clock, read_settings
from feedsvc.web import headers
from feedsvc.web.health import health
from feedsvc.web.responder import Responder

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

RETRY_SECONDS = "5"


class FeedApp(Flask):
    """A Flask application whose ``responder`` answers for every published document."""

    def __init__(self, settings: Settings) -> None:
        super().__init__("feedsvc", static_folder=None, instance_path=str(settings.publication.parent.absolute()))
        self.settings = settings
        self.responder = Responder(settings.publication, clock)

    def wsgi_app(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        """Answer a document at once; anything else goes Flask's way."""
        try:
            answer = self.responder.answer(environ)
        except StoreError:
            answer = None  # Flask's way says so, and still tells of health
        if answer is None:
            return super().wsgi_app(environ, start_response)
        start_response(answer.status, list(answer.headers))
        return (answer.body,)


def create_app(settings: Settings | None = None) -> FeedApp:
    """The service as a WSGI application, over the publication that the settings name (default: the environment's)."""
    app = FeedApp(settings or read_settings())
    app.register_blueprint(health(app.responder))
    app.register_error_handler(HTTPException, lambda fault: _explain(app, fault))
    app.after_request(_harden)
    return app


def _explain(app: FeedApp, fault: HTTPException) -> Response:
    """Any refusal in the site's own words, without an echo of the request."""
    if fault.code == 404:
        return _not_found(app)
    if isinstance(fault, InternalServerError):
        app.logger.error("a request failed", exc_info=fault.original_exception)
    response = Response(f"{fault.code} {fault.name}\n", fault.code, mimetype="text/plain")
    for name, value in fault.get_headers():
        if name in ("Allow", "Location"):
            response.headers[name] = value
    return response


def _not_found(app: FeedApp) -> Response:
    try:
        page = app.responder.document(urls.NOT_FOUND)
    except StoreError:
        response = Response("The updates are being published. Please try again in a moment.\n", 503)
        response.mimetype = "text/plain"
        response.headers["Retry-After"] = RETRY_SECONDS
        return response
    if page is None:
        return Response("404 Not Found\n", 404, mimetype="text/plain")
    response = Response(page.variants.identity, 404, mimetype=page.media_type)
    fields: dict[str, Any] = dict((*headers.full_headers(page), *headers.kept_headers(page, None), *headers.OPEN))
    response.headers.update(fields)
    return response


def _harden(response: Response) -> Response:
    """The fields that every answer carries, where the view has not said otherwise."""
    for name, value in headers.PLAIN:
        response.headers.setdefault(name, value)
    return response
