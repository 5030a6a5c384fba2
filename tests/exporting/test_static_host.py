"""The exported directory behind a static host: what an nginx says of it, against what the service says."""

import gzip
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from feedsvc.exporting.directory import export_directory
from feedsvc.publication.reader import Reader
from feedsvc.web.responder import Responder
from tests.harness.client import Client
from tests.harness.folder import FLYER, publish_site
from tests.harness.program import Program, listen
from tests.web.published import Clock, asked

NGINX = shutil.which("nginx", path="/usr/sbin:/usr/local/sbin:/usr/bin:/usr/local/bin")
NGINX_CONF = """
daemon off;
worker_processes 1;
user root;
pid {folder}/pid;
error_log stderr;
events {{}}
http {{
    access_log off;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    server {{
        listen 127.0.0.1:{port};
        root {root};
        gzip_static on;
        error_page 404 /404.html;
        absolute_redirect off;
    }}
}}
"""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return publish_site(tmp_path_factory.mktemp("site"))


@pytest.fixture(scope="module")
def static_host(site: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    """An nginx over the exported directory."""
    if NGINX is None:
        pytest.skip("nginx is not installed")
    folder = tmp_path_factory.mktemp("nginx")
    reader = Reader(site)
    export_directory(reader, folder / "public")
    reader.close()
    conf = folder / "nginx.conf"
    with listen() as listener:
        address = listener.getsockname()
        conf.write_text(NGINX_CONF.format(folder=folder, root=folder / "public", port=address[1]))
        command = [NGINX, "-c", str(conf), "-e", "stderr"]
        inherited = {"NGINX": f"{listener.fileno()};"}  # how nginx hands its sockets to its successor
        host = Program(command, folder / "log", address, inherited, listener)
    with host:
        yield host.client


def documents(publication: Path) -> list[str]:
    reader = Reader(publication)
    try:
        return [document.path for document in reader.every() if document.kind.status == 200]
    finally:
        reader.close()


def test_a_static_host_serves_the_same_bodies(site: Path, static_host: Client) -> None:
    responder = Responder(site, Clock())
    for path in documents(site):
        whole = static_host.ask(path)
        assert (whole.status, whole.body) == (200, asked(responder, path).body)
        assert static_host.ask(path, method="HEAD")["Content-Length"] == str(len(whole.body))
        packed = static_host.ask(path, "Accept-Encoding: gzip")
        unpack: Callable[[bytes], bytes] = gzip.decompress if packed.every("Content-Encoding") == ["gzip"] else bytes
        assert unpack(packed.body) == whole.body
    assert static_host.ask("/covid/rss.xml", "Accept-Encoding: gzip")["Content-Encoding"] == "gzip"


def test_a_static_host_revalidates(site: Path, static_host: Client) -> None:
    for path in documents(site):
        whole = static_host.ask(path)
        assert static_host.ask(path, f"If-None-Match: {whole['ETag']}").status == 304
        assert static_host.ask(path, f"If-Modified-Since: {whole['Last-Modified']}").status == 304
        assert static_host.ask(path, 'If-None-Match: "other"').status == 200


def test_a_static_host_gives_parts(static_host: Client) -> None:
    response = static_host.ask("/files/flyer.pdf", "Range: bytes=5-9")
    assert (response.status, response.body) == (206, FLYER[5:10])


def test_a_static_host_shows_the_page_for_what_is_not_there(site: Path, static_host: Client) -> None:
    page = asked(Responder(site, Clock()), "/no/such/page")
    response = static_host.ask("/no/such/page")
    assert (response.status, response.body) == (404, page.body)


def test_a_static_host_leads_to_the_place_with_its_slash(static_host: Client) -> None:
    assert static_host.ask("/covid")["Location"] == "/covid/"
