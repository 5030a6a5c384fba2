"""The exported directory behind hosts of files: what nginx and Apache say of it by the rules that the export writes."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from feedsvc.exporting.directory import export_directory
from feedsvc.publication.reader import Reader
from tests.harness.program import Program
from tests.harness.web_servers import apache, nginx
from tests.web.promises import PROMISES, Host, host_of, publish_everything

PREFIX = "/news"
SERVERS = {
    "nginx": lambda folder, root, export: nginx(folder, f"root {root}; include {export}/_nginx.conf;"),
    "apache": lambda folder, root, _: apache(
        folder, f"DocumentRoot {root}\n<Directory {root}>\nAllowOverride All\nRequire all granted\n</Directory>"
    ),
}
CODINGS = {"nginx": ("gzip",), "apache": ("gzip", "br")}


@pytest.fixture(scope="module", params=["", PREFIX], ids=["at the root", "below a path"])
def site(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """A publication, and where on its host the site lies."""
    return publish_everything(tmp_path_factory.mktemp("site"), request.param), request.param


@pytest.fixture(scope="module", params=sorted(SERVERS))
def host(request: pytest.FixtureRequest, site: tuple[Path, str]) -> Iterator[Host]:
    """A server over the exported directory, apart from pytest's folders: it reads as nobody, who may not go there."""
    publication, prefix = site
    serve: Callable[[Path, Path, Path], Program] = SERVERS[request.param]
    with TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)
        export = folder / "public" / prefix.strip("/")
        with Reader(publication) as reader:
            export_directory(reader, export)
        for path in export.rglob("*"):
            os.utime(path, (path.stat().st_mtime - 3600,) * 2)  # Apache does not trust the date of what is new
        with serve(folder, folder / "public", export) as program:
            yield host_of(program.client, publication, prefix, CODINGS[request.param])


@pytest.mark.parametrize("promise", PROMISES, ids=lambda promise: promise.__name__)
def test_a_host_of_files_promises_what_the_service_does(host: Host, promise: Callable[[Host], None]) -> None:
    promise(host)


@pytest.mark.parametrize("name", ["_headers", "_redirects", "_nginx.conf", ".htaccess", ".feedsvc-export.json"])
def test_what_hosts_read_is_for_nobody_else(host: Host, name: str) -> None:
    assert host.ask(f"/{name}").status in (403, 404)
