"""nginx and Apache as they come with Debian, each in a folder of its own."""

from pathlib import Path

from tests.harness.judges import find_program
from tests.harness.program import Program, free_port, listen

NGINX = """
daemon off;
worker_processes 1;
user root;
pid {folder}/pid;
error_log stderr;
events {{}}
http {{
    access_log off;
    sendfile on;
    gzip on;
    include /etc/nginx/mime.types;
    default_type application/octet-stream;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    {around}
    server {{
        listen 127.0.0.1:{port};
        {server}
    }}
}}
"""
APACHE = """
ServerRoot {folder}
ServerName news.example.org
PidFile {folder}/pid
DefaultRuntimeDir {folder}
Listen 127.0.0.1:{port}
User nobody
Group nogroup
ErrorLog {folder}/error.log
{modules}
TypesConfig /etc/mime.types
{server}
"""
MODULES = (
    *("mpm_event", "alias", "authn_core", "authz_core", "autoindex", "deflate", "dir", "env", "filter", "headers"),
    *("mime", "negotiation", "proxy", "proxy_http", "reqtimeout", "rewrite", "setenvif"),
)
MODULE_FOLDER = Path("/usr/lib/apache2/modules")


def nginx(folder: Path, server: str, around: str = "") -> Program:
    """An nginx with these lines in its ``server`` block, and those ``around`` it."""
    program = find_program("nginx", package="nginx")
    conf = folder / "nginx.conf"
    with listen() as listener:
        address = listener.getsockname()
        conf.write_text(NGINX.format(folder=folder, port=address[1], server=server, around=around))
        inherited = {"NGINX": f"{listener.fileno()};"}  # how nginx hands its sockets to its successor
        return Program([program, "-c", str(conf), "-e", "stderr"], folder / "log", address, inherited, listener)


def apache(folder: Path, server: str) -> Program:
    """An Apache with these lines in its configuration."""
    program = find_program("apache2", package="apache2")
    modules = "\n".join(f"LoadModule {name}_module {MODULE_FOLDER}/mod_{name}.so" for name in MODULES)
    port = free_port()
    conf = folder / "apache.conf"
    conf.write_text(APACHE.format(folder=folder, port=port, modules=modules, server=server))
    return Program([program, "-X", "-f", str(conf)], folder / "log", ("127.0.0.1", port), {})
