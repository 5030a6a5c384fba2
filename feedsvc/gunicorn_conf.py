"""gunicorn, configured for the feed service: ``gunicorn -c python:feedsvc.gunicorn_conf feedsvc.wsgi:app``.

``python -m feedsvc.server`` is that command behind a look at the settings.

Each setting has its reason beside it; what is not here stays as gunicorn ships it. Sockets handed over by systemd
(``LISTEN_FDS``) take the place of ``bind``; gunicorn sees to that.
"""

from pathlib import Path
from typing import Any

from feedsvc.logs import configure_logs
from feedsvc.publishing.supervisor import publish_once, supervise
from feedsvc.server_settings import check_addresses, read_server_settings
from feedsvc.settings import SettingsError, check_content, check_publication, read_settings
from feedsvc.web import request_head

try:
    _settings = read_settings()
    _server = read_server_settings()
except SettingsError as error:
    raise SystemExit(str(error)) from None  # one line instead of a traceback

bind = [_server.bind]
workers = _server.workers  # one a core: a second one gains nothing, because a worker waits for nobody
worker_class = "feedsvc.web.worker.FeedWorker"
threads = 4  # for what the loop does not answer: readiness, metrics, methods other than GET, HEAD and OPTIONS
worker_connections = 20_000  # some hundred octets each while idle

timeout = 30  # a worker that stands still so long is replaced
graceful_timeout = 8  # hosts kill ten seconds after asking
keepalive = 75  # longer than the 60 seconds of usual load balancers, so that it is they who hang up

logger_class = "feedsvc.web.server_log.ServerLog"
errorlog = "-"
accesslog = None  # a line per request costs a tenth to a half of the request; the proxy in front keeps a log
control_socket_disable = True  # two services of one user would fight for it, and a read-only home has no place for it
worker_tmp_dir = "/dev/shm" if Path("/dev/shm").is_dir() else None  # the heartbeat never waits for a disk  # noqa: S108
sendfile = False  # slower than octets at hand at the size of feeds
preload_app = False  # a reload brings up new code and settings

http_parser = "python"  # the C parser, where it is installed, waits for the end of some heads that this one refuses
limit_request_line = 4094
limit_request_fields = 100
limit_request_field_size = 8190
forwarder_headers = ""  # no field of a request may set SCRIPT_NAME or PATH_INFO
pre_request = request_head.pre_request  # our worker class does it by itself; this is for threads and for -k gthread


def on_starting(server: Any) -> None:
    """Publish before the first worker answers, so that nobody is told to come back later."""
    try:
        check_content(_settings.content)
        check_publication(_settings.publication)
        check_addresses(server.cfg.address)
    except SettingsError as error:
        raise SystemExit(str(error)) from None
    configure_logs(_settings.log)  # for the master, and by inheritance for every worker
    if _settings.publisher:
        publish_once()


def post_worker_init(worker: Any) -> None:
    """Stand for election: one worker of all keeps the publishing process alive."""
    worker.supervisor = supervise(_settings)


def worker_exit(_server: Any, worker: Any) -> None:
    """Leave the publishing process to another worker; this one may have died before it stood for election."""
    supervisor = getattr(worker, "supervisor", None)
    if supervisor is not None:
        supervisor.stop()
