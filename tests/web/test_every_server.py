"""What the service promises, whatever runs it and whatever stands in front of it: the recipes that are shipped."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.harness.program import ROOT, Program
from tests.harness.service import serving
from tests.harness.web_servers import apache, nginx
from tests.test_other_servers import Server
from tests.web.promises import PROMISES, Host, host_of, publish_everything

RECIPES = ROOT / "feedsvc" / "recipes"
AROUND = re.compile(r"server \{|\}|    listen |    server_name |</?VirtualHost|    ServerName ")  # of a host of its own
PATH = "/news"
SERVERS = {
    "worker": "",
    "wsgi": "",
    "waitress": "",
    "flask run": "",
    "waitress that mounts it at a path": PATH,
}
FRONTS = {
    f"{server}-{form}": prefix
    for server in ("nginx", "apache")
    for form, prefix in (("host", ""), ("path", PATH), ("path-taken-off", PATH))
}


@pytest.fixture(scope="module")
def publications(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """A site at the root of its host, and one below a path."""
    return {prefix: publish_everything(tmp_path_factory.mktemp("site"), prefix) for prefix in ("", PATH)}


@pytest.fixture(scope="module")
def services(publications: dict[str, Path]) -> Iterator[dict[str, Program]]:
    """A service over each, for servers to stand in front of."""
    with serving(publications[""]) as whole, serving(publications[PATH]) as part:
        whole.wait_until_dated()
        part.wait_until_dated(f"{PATH}/")
        yield {"": whole, PATH: part}


@pytest.fixture(scope="module", params=[*SERVERS, *FRONTS])
def host(
    request: pytest.FixtureRequest,
    publications: dict[str, Path],
    services: dict[str, Program],
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Host]:
    name = request.param
    prefix = (SERVERS | FRONTS)[name]
    folder = tmp_path_factory.mktemp("server")
    if name in FRONTS:
        program = in_front(name, folder, services[prefix].port)
    elif name in ("worker", "wsgi"):
        program = serving(publications[prefix], name)
    else:
        program = Server(publications[prefix].parent, name, folder / "log", FEEDSVC_PUBLISHER="off")
    with program:
        yield host_of(program.client, publications[prefix], prefix)


def in_front(name: str, folder: Path, port: int) -> Program:
    """A server with one of the recipes, in front of a service at that port; where it listens is said by the harness."""
    recipe = (RECIPES / f"{name}.conf").read_text().replace("127.0.0.1:8000", f"127.0.0.1:{port}")
    lines = [line for line in recipe.splitlines() if not (name.endswith("host") and AROUND.match(line))]
    return (nginx if name.startswith("nginx") else apache)(folder, "\n".join(lines))


@pytest.mark.parametrize("promise", PROMISES, ids=lambda promise: promise.__name__)
def test_it_is_kept_everywhere(host: Host, promise: Callable[[Host], None]) -> None:
    promise(host)


def test_a_monitor_asks_below_the_path_of_the_site(host: Host) -> None:
    for path, words in (("/healthz", b'"ok"'), ("/readyz", b'"degraded"')):  # nobody publishes here
        answer = host.ask(path)
        assert (answer.status, answer["Content-Type"]) == (200, "application/json")
        assert words in answer.body
        assert host.ask(path, "Content-Length: 0", method="POST").status == 405
