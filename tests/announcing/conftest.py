"""Somebody to tell, started once for all tests of a module."""

from collections.abc import Iterator

import pytest

from tests.announcing.peer import Peer, run_peer


@pytest.fixture(scope="module")
def server() -> Iterator[Peer]:
    with run_peer() as running:
        yield running


@pytest.fixture
def peer(server: Peer) -> Peer:
    server.heard.clear()
    server.answers.clear()
    return server
