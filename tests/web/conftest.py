"""The service behind both doors, started once for all tests that only ask it."""

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.service import DOORS, Client, publish_site, run_service


@pytest.fixture(scope="session")
def publication(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return publish_site(tmp_path_factory.mktemp("site"))


@pytest.fixture(scope="session")
def doors(publication: Path) -> Iterator[dict[str, Client]]:
    with ExitStack() as servers:
        yield {name: servers.enter_context(run_service(publication, name)) for name in DOORS}


@pytest.fixture(params=DOORS)
def client(request: pytest.FixtureRequest, doors: dict[str, Client]) -> Client:
    return doors[request.param]
