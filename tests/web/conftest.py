"""The service behind both doors, started once for all tests that only ask it."""

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.harness.client import Client
from tests.harness.folder import publish_site
from tests.harness.service import DOORS, Service, serving


@pytest.fixture(scope="session")
def publication(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return publish_site(tmp_path_factory.mktemp("site"))


@pytest.fixture(scope="session")
def services(publication: Path) -> Iterator[dict[str, Service]]:
    with ExitStack() as stack:
        started = {door: stack.enter_context(serving(publication, door)) for door in DOORS}
        for service in started.values():
            service.wait_until_dated()
        yield started


@pytest.fixture(scope="session")
def doors(services: dict[str, Service]) -> dict[str, Client]:
    return {door: service.client for door, service in services.items()}


@pytest.fixture(params=DOORS)
def client(request: pytest.FixtureRequest, doors: dict[str, Client]) -> Client:
    return doors[request.param]
