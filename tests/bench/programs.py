"""The programs that benchmarks start: ours on the command line, gunicorn with each application, nginx on an export."""

import getpass
import os
import sys
from pathlib import Path

from tests.bench.measure import HOST

OURS = (sys.executable, "-m", "feedsvc")
GUNICORN = (sys.executable, "-m", "gunicorn")
BASE_URL = "http://bench.example/"
THREADS = "4"  # as many as our own configuration gives to what its loop does not answer
CONNECTIONS = "20000"

NGINX = """
daemon off; worker_processes 1; worker_rlimit_nofile 30000; pid {home}/nginx.pid; error_log {home}/nginx.log;
{user}
events {{ worker_connections 20000; use epoll; multi_accept on; }}
http {{
  access_log off; server_tokens off;
  keepalive_requests 1000000000; keepalive_timeout 75s; tcp_nodelay on; tcp_nopush off; sendfile off;
  output_buffers 1 128k; postpone_output 0;
  open_file_cache max=1000 inactive=600s; open_file_cache_valid 600s;
  gzip_static on; gzip_vary on;
  client_body_temp_path {home}/b; proxy_temp_path {home}/p; fastcgi_temp_path {home}/f;
  uwsgi_temp_path {home}/u; scgi_temp_path {home}/s;
  server {{
    listen {host}:{port} backlog=2048; root {root};
    types {{ application/atom+xml xml; }}
    add_header Cache-Control "public, max-age=300";
    add_header X-Content-Type-Options nosniff;
    add_header Access-Control-Allow-Origin "*";
  }}
}}
"""


def surroundings(content: Path, publication: Path) -> dict[str, str]:
    """The environment of our programs; the server has one worker, as every other one here."""
    return {
        "FEEDSVC_CONTENT": str(content),
        "FEEDSVC_PUBLICATION": str(publication),
        "FEEDSVC_BASE_URL": BASE_URL,
        "WEB_CONCURRENCY": "1",
    }


def shipped(port: int) -> list[str]:
    """Our service as its users start it, on another port."""
    return [*GUNICORN, "-c", "python:feedsvc.gunicorn_conf", "-b", f"{HOST}:{port}", "feedsvc.wsgi:app"]


def threaded(app: str, port: int) -> list[str]:
    """Any application under gunicorn's stock threaded worker."""
    workers = ("-k", "gthread", "-w", "1", "--threads", THREADS, "--worker-connections", CONNECTIONS)
    return [*GUNICORN, *workers, "--keep-alive", "75", "--no-control-socket", "-b", f"{HOST}:{port}", app]


def nginx(home: Path, root: Path, port: int) -> list[str]:
    """An nginx with one worker and everything open that it can keep open; its files lie in ``home``."""
    home.mkdir()
    user = f"user {getpass.getuser()};" if os.geteuid() == 0 else ""
    text = NGINX.format(home=home, root=root, host=HOST, port=port, user=user)
    (home / "nginx.conf").write_text(text, "utf-8")
    return ["nginx", "-e", str(home / "nginx.log"), "-c", str(home / "nginx.conf")]
