"""The WSGI entry point: ``gunicorn feedsvc.wsgi:app``."""

from feedsvc.web.app import create_app

app = create_app()
