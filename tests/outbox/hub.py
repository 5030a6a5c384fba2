"""A hub of Flask-WebSub whose tasks run at once: ``python hub.py PORT FOLDER``, where that package is installed."""

import sys
from pathlib import Path

from celery import Celery
from flask import Flask
from flask_websub.hub import Hub, SQLite3HubStorage

port, folder = int(sys.argv[1]), Path(sys.argv[2])
celery = Celery("hub")
celery.conf.update(task_always_eager=True)
hub = Hub(SQLite3HubStorage(str(folder / "hub.db")), celery, MAX_ATTEMPTS=2, REQUEST_TIMEOUT=10)
app = Flask("hub")
app.config["PUBLISH_SUPPORTED"] = True
app.register_blueprint(hub.build_blueprint(url_prefix="/hub"))
app.run("127.0.0.1", port, threaded=True)
