"""The Flask application: documents are answered before Flask's routing, Flask answers the rest."""

import os
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from flask import Flask, Response
from flask.cli import NoAppException
from werkzeug.exceptions import HTTPException

from feedsvc.publication import headers
from feedsvc.publication.condition import Condition, examine
from feedsvc.publication.memory import memory_path
from feedsvc.publication.outbox import read_outbox
from feedsvc.publishing.supervisor import supervise
from feedsvc.settings import Settings, SettingsError, clock, read_settings
from feedsvc.web.counts import OTHER, cell, counts_folder
from feedsvc.web.health import readyz
from feedsvc.web.responder import Responder

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment


class NoAppError(NoAppException, SettingsError):
    """There is no application for want of settings that can be meant; ``flask run`` says so in a line."""

    def show(self, file: Any = None) -> None:
        """Print it without the usage of the command, in which nothing is wrong."""
        self.ctx = None
        super().show(file)


class FeedApp(Flask):
    """A Flask application whose ``responder`` answers for every published document."""

    def __init__(self, settings: Settings) -> None:
        super().__init__("feedsvc", static_folder=None, instance_path=str(settings.publication.parent.absolute()))
        self.settings = settings
        self.responder = Responder(settings.publication, clock, self._is_routed)
        self._elector = 0  # the process that last stood for election: none before the first request, nor after a fork
        self.url_map.merge_slashes = False  # no redirect to where the request's Host says we are

    def wsgi_app(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        """Answer a document at once; anything else goes Flask's way."""
        self.stand_for_election()
        answer = self.responder.answer(environ)
        if answer is None:
            environ["PATH_INFO"] = self.responder.own_path(environ["PATH_INFO"])
            return super().wsgi_app(environ, start_response)
        self.responder.counts[cell(answer.kind, answer.status)] += 1
        start_response(answer.status, list(answer.headers))
        return (bytes(answer.body),)

    def _is_routed(self, path: str) -> bool:
        """Whether a view has to do with a path of a WSGI environ, be it to refuse the method or to redirect."""
        routes, path = self.url_map.bind(""), path.encode("latin-1").decode(errors="replace")
        return routes.test(path) or bool(routes.allowed_methods(path))

    def stand_for_election(self) -> None:
        """Keep the publishing process if no other process does; once in each process, and never before a fork."""
        if self._elector != os.getpid():
            self._elector = os.getpid()
            supervise(self.settings)

    def look(self) -> Condition:
        """The condition of the publication now."""
        return examine(self.settings.publication, self.responder.reader, clock())

    def log_exception(self, exc_info: Any) -> None:
        """Log a failure with its traceback and nothing of the request, which could forge lines."""
        self.logger.error("a request failed", exc_info=exc_info)


def create_app(settings: Settings | None = None) -> FeedApp:
    """The service as a WSGI application, over the publication that the settings name (default: the environment's).

    From its first request on it keeps a publishing process, if no other process of the service does; with settings of
    your own it does so only where they say ``publisher=True``.

    Raises:
        SettingsError: the environment holds a setting that cannot be meant.
    """
    try:
        app = FeedApp(settings or read_settings())
    except SettingsError as error:
        raise NoAppError(str(error)) from None
    app.add_url_rule("/readyz", "readyz", lambda: readyz(app.look()))
    app.register_error_handler(HTTPException, _explain)
    app.after_request(lambda response: _finish(app, response))
    if app.settings.metrics:
        _show_metrics(app)
    return app


def _show_metrics(app: FeedApp) -> None:
    try:
        from feedsvc.web.metrics import metrics  # noqa: PLC0415  # an extra
    except ImportError:
        app.logger.warning("there is no /metrics: FEEDSVC_METRICS needs the package prometheus-client; install it")
        return
    counts, memory = counts_folder(app.settings.publication), memory_path(app.settings.publication)
    app.add_url_rule("/metrics", "metrics", lambda: metrics(app.look(), counts, read_outbox(memory), clock()))


def _explain(fault: HTTPException) -> Response:
    """Any refusal in the site's own words, without an echo of the request."""
    response = Response(f"{fault.code} {fault.name}\n", fault.code, mimetype="text/plain")
    response.headers.update({name: value for name, value in fault.get_headers() if name == "Allow"})
    return response


def _finish(app: FeedApp, response: Response) -> Response:
    """The fields that every answer carries, where the view has not said otherwise; Allow in one order everywhere."""
    if "Allow" in response.headers:
        response.headers["Allow"] = ", ".join(sorted(response.headers["Allow"].split(", ")))
    for name, value in headers.PLAIN:
        response.headers.setdefault(name, value)
    app.responder.counts[cell(OTHER, response.status)] += 1
    return response
