"""The preview as a WSGI application: the site of a private publication, and beside it the desk with every update."""

from collections.abc import Callable
from datetime import datetime
from importlib.resources import files

from feedsvc.pages.desk import desk_page, proof_page
from feedsvc.previewing.desk import Desk
from feedsvc.previewing.gate import Gate
from feedsvc.settings import Settings
from feedsvc.web.app import FeedApp, create_app

Answer = tuple[bytes, int, dict[str, str]]
HTML = {"Content-Type": "text/html; charset=utf-8"}
SCRIPT = files("feedsvc.previewing").joinpath("reload.js").read_bytes()


def make_preview(settings: Settings, port: int, now: Callable[[], datetime]) -> FeedApp:
    """The application, for a publication that was published once."""
    app, desk = create_app(settings), Desk(settings)

    def show_all() -> Answer:
        return desk_page(desk.site, *desk.items(now())), 200, HTML

    def show_proof(file: str) -> Answer:
        proof = desk.proof(file, now())
        if proof is None:
            return b"No update has that file.\n", 404, {"Content-Type": "text/plain; charset=utf-8"}
        return proof_page(desk.site, proof), 200, HTML

    app.add_url_rule("/_preview/", "desk", show_all)
    app.add_url_rule("/_preview/<file>/", "proof", show_proof)
    app.add_url_rule("/_preview/now", "now", lambda: (desk.token(), 200, {"Content-Type": "text/plain"}))
    app.add_url_rule("/_preview/reload.js", "reload", lambda: (SCRIPT, 200, {"Content-Type": "text/javascript"}))
    app.wsgi_app = Gate(app.wsgi_app, port)  # type: ignore[method-assign]  # as Flask says to
    return app
